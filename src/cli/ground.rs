//! `ground`: what a PDDL task grounds to, and how long that takes.

use std::fmt::Write;

use anyhow::Result;
use serde::Serialize;

use super::config::GroundConfig;
use super::files::Files;
use super::plan::{explain, watch};
use super::render;
use super::{Exit, Host, Storage};
use crate::ground::sas;
use crate::lang;
use crate::service::response::DiagnosticReport;
use crate::service::{CheckReport, GroundReport, KeptPlans, Limits, Request, Response, Subject, Until};

/// The shape of `ground --json`.
#[derive(Serialize)]
struct Report {
    message: String,
    parse_ms: f64,
    ground_ms: f64,
    /// Whether the goal can be reached when deletions are ignored; null where there is no task.
    goal_reached: Option<bool>,
    #[serde(flatten)]
    grounding: Option<GroundReport>,
    /// Bytes of the task; null where there is none.
    memory_bytes: Option<u64>,
    /// Most bytes that grounding held.
    peak_memory_bytes: u64,
    diagnostics: Vec<DiagnosticReport>,
}

/// Grounds the task.
///
/// # Errors
/// Where standard output or the file asked for cannot be written.
pub async fn run(host: &dyn Host, config: &GroundConfig) -> Result<Exit> {
    let source = match config.input.read_pddl(host) {
        Ok(source) => source,
        Err(refusal) => return refusal.print(host, config.json, false),
    };
    if !config.json {
        source.print_remarks(host);
    }
    let problem = match source.problem() {
        Ok(problem) => problem,
        Err(refusal) => return refusal.print(host, config.json, false),
    };
    let limits = Limits { timeout: config.timeout, memory_bytes: config.memory_bytes };
    let request = Request { limits, kept: KeptPlans::Ignore, until: Until::Ground, ..Request::new(problem) };
    let job = host.submit(request, &Storage::Memory)?;
    let response = watch(host, &job).await;
    let report = Report {
        message: response.message.clone(),
        parse_ms: response.phases.parse.as_secs_f64() * 1e3,
        ground_ms: response.phases.ground.as_secs_f64() * 1e3,
        goal_reached: goal_reached(&response),
        grounding: response.grounding.clone(),
        memory_bytes: match &response.compiled {
            Some(Subject::Pddl(_, compiled)) => Some(compiled.memory_bytes()),
            _ => None,
        },
        peak_memory_bytes: response.peak_memory_bytes,
        diagnostics: CheckReport::new(&source.with_remarks(&response.diagnostics), &source.report_sources())
            .diagnostics,
    };
    let mut files = Files::default();
    let refused = match &config.sas {
        Some(path) => write_sas(host, &response, path, &mut files),
        None => None,
    };
    if config.json {
        render::print_json(host, &report)?;
    } else {
        explain(host, &response, &source);
        host.write_stdout(&text(&report))?;
    }
    if let Some(why) = refused {
        host.write_stderr(&format!("error: {}\n", render::harmless(&why)));
        return Ok(Exit::Unsupported);
    }
    let exit = match response.outcome {
        _ if response.is_unsupported => Exit::Unsupported,
        None if response.grounding.is_some() => Exit::Done,
        outcome => Exit::from(outcome),
    };
    Ok(files.finish(host, exit))
}

fn goal_reached(response: &Response) -> Option<bool> {
    match &response.compiled {
        Some(Subject::Pddl(_, compiled)) => Some(!compiled.instance.goal.is_false),
        _ => None,
    }
}

/// Writes the task as SAS+; answers why it cannot be written so.
fn write_sas(
    host: &dyn Host,
    response: &Response,
    path: &std::path::Path,
    files: &mut Files,
) -> Option<String> {
    let Some(Subject::Pddl(model, compiled)) = &response.compiled else { return None };
    let fact = |fact| sas::fact_name(&compiled.fact_name(model, fact));
    let operator = |id| {
        let step = compiled.step(model, id);
        step.map_or_else(String::new, |step| lang::plan::step(&step).replace(['(', ')'], ""))
    };
    let names = sas::Names { fact: &fact, operator: &operator };
    let mut text = String::new();
    match sas::write(&compiled.task, &compiled.instance, &[], names, &mut text) {
        Ok(_) => {
            files.write(host, path, "the task", &text);
            None
        }
        Err(error) => Some(error.to_string()),
    }
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    let Some(grounding) = &report.grounding else { return text };
    let counts = &grounding.counts;
    for (count, what) in [
        (counts.atoms, "atoms"),
        (counts.static_facts, "static facts"),
        (counts.operators, "operators"),
        (counts.axioms, "axioms"),
        (counts.variables, "variables"),
        (counts.mutex_groups, "mutex groups"),
        (counts.facts, "facts"),
        (counts.slots, "numeric slots"),
    ] {
        let _ = writeln!(text, "{count:>10} {what}");
    }
    if report.goal_reached == Some(false) {
        text += "relaxed reachability does not reach the goal: the task is proven unsolvable\n";
    }
    let _ = writeln!(text, "{:>10.2} ms parse", report.parse_ms);
    for phase in &grounding.phases {
        let _ = writeln!(text, "{:>10.2} ms {}", phase.ms, phase.name);
    }
    let _ = writeln!(text, "{:>10.2} ms ground", report.ground_ms);
    text
}
