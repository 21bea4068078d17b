//! A result as JSON, in the stable shape of [`ResultReport`].

use crate::diagnostic::LineIndex;
use crate::service::response::{DiagnosticReport, PhaseReport, RangeReport, StepReport};
use crate::service::{Response, ResultReport};

/// The result of a run of `text`, as JSON.
pub fn json(response: &Response, text: &str) -> String {
    serde_json::to_string_pretty(&report(response, text)).unwrap_or_default()
}

fn report(response: &Response, text: &str) -> ResultReport {
    let lines = LineIndex::new(text);
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1_000.0;
    let phases = &response.phases;
    let plan = response.plan.as_ref();
    let diagnostics = response.diagnostics.iter().map(|finding| DiagnosticReport {
        severity: finding.severity,
        code: finding.code.clone(),
        message: finding.message.clone(),
        range: RangeReport {
            start: lines.position(finding.span.start),
            end: lines.position(finding.span.end),
        },
        help: finding.help.clone(),
    });
    let steps = plan.map(|plan| {
        let step = |step: &crate::plan::PlanStep| StepReport {
            action: step.action.clone(),
            args: step.arguments.clone(),
            cost: step.cost,
        };
        plan.steps.iter().map(step).collect::<Vec<_>>()
    });
    ResultReport {
        outcome: response.outcome,
        message: response.message.clone(),
        goal: response.goal.clone(),
        length: steps.as_ref().map(Vec::len),
        plan: steps,
        cost: plan.map(|plan| plan.cost),
        optimal: response.optimal,
        phases: PhaseReport {
            parse_ms: ms(phases.parse),
            ground_ms: ms(phases.ground),
            search_ms: ms(phases.search),
            validate_ms: ms(phases.validate),
            total_ms: ms(phases.total()),
        },
        statistics: response.statistics,
        peak_memory_bytes: response.peak_memory_bytes,
        provenance: response.provenance,
        diagnostics: diagnostics.collect(),
    }
}
