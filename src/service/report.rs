//! Responses and diagnostics in the stable shape of `--json` and of JavaScript.
//!
//! The command line and the JavaScript API share these conversions, so that they cannot differ.

use std::time::Duration;

use serde::Serialize;

use super::places::Places;
use super::response::{
    DiagnosticReport, KeptReport, PhaseReport, PhaseTimes, Response, ResultReport, StepReport,
};
use super::why::{ExplanationReport, GoalEntry};
use super::{Offer, Provenance};
use crate::diagnostic::{Diagnostic, SourceMap};
use crate::plan::PlanStep;
use crate::search::Statistics;

/// The findings about a document: the shape of `check --json`.
#[derive(Clone, Debug, Serialize)]
pub struct CheckReport {
    /// In the order in which they were found.
    pub diagnostics: Vec<DiagnosticReport>,
}

impl CheckReport {
    /// The report of findings about the texts of `sources`.
    pub fn new(diagnostics: &[Diagnostic], sources: &SourceMap) -> Self {
        Self::at(diagnostics, &Places::new(sources))
    }

    fn at(diagnostics: &[Diagnostic], places: &Places<'_>) -> Self {
        let report = |finding| DiagnosticReport::new(finding, places);
        Self { diagnostics: diagnostics.iter().map(report).collect() }
    }
}

impl DiagnosticReport {
    fn new(diagnostic: &Diagnostic, places: &Places<'_>) -> Self {
        let (file, range) = places.locate(diagnostic.span);
        Self {
            severity: diagnostic.severity,
            code: diagnostic.code.clone(),
            message: diagnostic.message.clone(),
            file,
            range,
            help: diagnostic.help.clone(),
        }
    }
}

impl ResultReport {
    /// The report of a response to a request about `sources`.
    pub fn from_response(response: &Response, sources: &SourceMap) -> Self {
        let plan = response.plan.as_ref();
        let places = Places::new(sources);
        let explanation = response.explanation.as_ref().map(|why| ExplanationReport::new(why, &places));
        Self {
            outcome: response.outcome,
            message: response.message.clone(),
            goal: response.goal.clone(),
            plan: plan.map(|plan| plan.steps.iter().map(StepReport::new).collect()),
            cost: plan.map(|plan| plan.cost),
            length: plan.map(|plan| plan.steps.len()),
            optimal: response.optimal,
            phases: PhaseReport::from(response.phases),
            statistics: response.statistics,
            peak_memory_bytes: response.peak_memory_bytes,
            refused: response.refused.clone(),
            improvements: response.improvements.clone(),
            repair: response.repair,
            heuristics: response.heuristics.clone(),
            grounding: response.grounding.clone(),
            provenance: response.provenance.clone(),
            kept: response.offer.as_deref().map(KeptReport::new),
            race: Vec::new(),
            goals: response.goals.iter().map(|goal| GoalEntry::new(goal, &places)).collect(),
            explanation,
            diagnostics: CheckReport::at(&response.diagnostics, &places).diagnostics,
        }
    }

    /// The report of a request that was refused before anything ran.
    pub fn refused(message: String, diagnostics: Vec<DiagnosticReport>) -> Self {
        Self {
            outcome: None,
            message,
            goal: None,
            plan: None,
            cost: None,
            length: None,
            optimal: false,
            phases: PhaseReport::from(PhaseTimes::default()),
            statistics: Statistics::default(),
            peak_memory_bytes: 0,
            refused: None,
            improvements: Vec::new(),
            repair: None,
            heuristics: Vec::new(),
            grounding: None,
            provenance: Provenance::Search,
            kept: None,
            race: Vec::new(),
            goals: Vec::new(),
            explanation: None,
            diagnostics,
        }
    }
}

impl KeptReport {
    fn new(offer: &Offer) -> Self {
        Self {
            cost: offer.plan.cost,
            length: offer.plan.steps.len(),
            optimal: offer.optimal,
            engine: offer.engine.clone(),
        }
    }
}

impl StepReport {
    fn new(step: &PlanStep) -> Self {
        Self { action: step.action.clone(), args: step.arguments.clone(), cost: step.cost }
    }
}

impl From<PhaseTimes> for PhaseReport {
    fn from(phases: PhaseTimes) -> Self {
        Self {
            parse_ms: milliseconds(phases.parse),
            ground_ms: milliseconds(phases.ground),
            search_ms: milliseconds(phases.search),
            validate_ms: milliseconds(phases.validate),
            total_ms: milliseconds(phases.total()),
        }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_nanos() as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    #[test]
    fn ranges_count_from_one_in_characters() {
        let found = Diagnostic::error("GP001", Span::new(4, 5), "no").with_help("yes");
        let report = CheckReport::new(&[found], &SourceMap::new().with("", "ö\n\nx"));
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"diagnostics": [{
                "severity": "error", "code": "GP001", "message": "no", "help": "yes",
                "range": {"start": {"line": 3, "column": 1}, "end": {"line": 3, "column": 2}}
            }]})
        );
    }

    #[test]
    fn a_refused_request_has_the_shape_of_a_result() {
        let json = serde_json::to_value(ResultReport::refused("no file".to_owned(), Vec::new())).unwrap();
        assert_eq!(json["outcome"], serde_json::Value::Null);
        assert_eq!(json["phases"]["total_ms"], 0.0);
        assert_eq!(json["provenance"]["source"], "search");
    }
}
