//! `validate`: whether a plan holds on the source model, what it costs, and what is wrong with it.

use std::sync::Arc;

use anyhow::Result;

use super::config::ValidateConfig;
use super::input::{Language, Source};
use super::render::{self, Page};
use super::{Exit, Host};
use crate::diagnostic::{Diagnostic, SourceFile, Span};
use crate::lang::plan::PlanFile;
use crate::lang::{goap, pddl};
use crate::plan::cost_text;
use crate::service::CheckReport;
use crate::service::validation::{Judged, Unreadable, ValidationReport, judge_goap, judge_pddl, read_plan};
use crate::step;
use crate::validate::{Reason, Violation};

/// Code of what is wrong with a plan.
const VIOLATED: &str = "VA001";
/// Code of a plan whose bytes are not UTF-8; it is read all the same.
const NOT_UTF8: &str = "CL003";
/// Claimed and real costs that differ by more than this share differ.
const COST_TOLERANCE: f64 = 1e-6;

/// Validates a plan.
///
/// # Errors
/// Where standard output cannot be written.
pub async fn run(host: &dyn Host, config: &ValidateConfig) -> Result<Exit> {
    let mut source = match config.input.read(host) {
        Ok(source) => source,
        Err(refusal) => return refusal.print(host, config.json, true),
    };
    if let Err(refusal) = source.problem() {
        return refusal.print(host, config.json, true);
    }
    let file = match config.input.read_beside(host, &config.plan) {
        Ok(file) => file,
        Err(refusal) => return refusal.print(host, config.json, true),
    };
    source.push(file, NOT_UTF8);
    if !config.json {
        source.print_remarks(host);
    }
    let is_pddl = source.language == Language::Pddl;
    let read = |file: &SourceFile| read_plan(&file.text, is_pddl, file.start);
    let plan = source.sources.files().last().map(read).unwrap_or_default();
    let outcome = judge(&source, &plan, config).await;
    if config.json {
        render::print_json(host, &report(&source, &plan, &outcome))?;
    } else {
        print(host, &source, &plan, &outcome)?;
    }
    Ok(match outcome {
        Ok(Judged { verdict: Ok(_), .. }) => Exit::Done,
        Ok(_) => Exit::InvalidPlan,
        Err(Unreadable { is_unsupported: true, .. }) => Exit::Unsupported,
        Err(_) => Exit::InputError,
    })
}

async fn judge(source: &Source, plan: &PlanFile, config: &ValidateConfig) -> Result<Judged, Unreadable> {
    let text = |index: usize| Arc::clone(&source.sources.files()[index].text);
    match source.language {
        Language::Goap => judge_goap(goap::parse(&text(0)), plan, config.goal.as_deref(), None).await,
        Language::Pddl => {
            let parse = pddl::Parse::with_limit(text(0), text(1), config.input.pddl_bytes_max());
            judge_pddl(step::run(parse), plan, None).await
        }
    }
}

fn print(
    host: &dyn Host,
    source: &Source,
    plan: &PlanFile,
    outcome: &Result<Judged, Unreadable>,
) -> Result<()> {
    let name = source.sources.files().last().map_or("", |file| file.name.as_str());
    let name = render::harmless(name);
    match outcome {
        Err(refused) => {
            let page = Page::new(&source.sources, render::stderr_style(host));
            let text: String = refused.findings.iter().map(|finding| page.diagnostic(finding)).collect();
            host.write_stderr(&text);
        }
        Ok(Judged { verdict: Ok(cost), .. }) => {
            if let Some(claimed) = plan.cost.filter(|claimed| differ(*claimed, *cost)) {
                host.write_stderr(&format!("note: {name} claims a cost of {}\n", cost_text(claimed)));
            }
            let count = plan.steps.len();
            let steps = if count == 1 { "1 step".to_owned() } else { format!("{count} steps") };
            host.write_stdout(&format!("{name}: valid, {steps}, cost = {}\n", cost_text(*cost)))?;
        }
        Ok(Judged { verdict: Err(violation), .. }) => {
            let page = Page::new(&source.sources, render::stdout_style(host));
            let mut text = String::new();
            for finding in findings(violation, plan) {
                text += &page.diagnostic(&finding);
            }
            host.write_stdout(&format!("{text}{name}: not valid\n"))?;
        }
    }
    Ok(())
}

fn differ(claimed: f64, cost: f64) -> bool {
    (claimed - cost).abs() > COST_TOLERANCE * cost.abs().max(1.0)
}

/// The findings about a violation: the condition that is not met, and a note at the step of the plan. Where the
/// condition has no place in a file, one finding at the step says both.
fn findings(violation: &Violation, plan: &PlanFile) -> Vec<Diagnostic> {
    let step = plan.spans.get(violation.step).copied();
    let has_place = violation.span != Span::default();
    let main = if has_place { violation.span } else { step.unwrap_or_default() };
    let mut all = vec![Diagnostic::error(VIOLATED, main, violation.to_string())];
    if let Some(span) = step.filter(|_| has_place) {
        all.push(Diagnostic::note(VIOLATED, span, "this is the step"));
    }
    if let Reason::Interferes { other, .. } = violation.reason
        && let Some(&span) = plan.spans.get(other)
    {
        all.push(Diagnostic::note(VIOLATED, span, "this is the other one"));
    }
    all
}

fn report(source: &Source, plan: &PlanFile, outcome: &Result<Judged, Unreadable>) -> ValidationReport {
    let mut sources = source.report_sources();
    let known = sources.files().len();
    for file in source.sources.files().iter().skip(known) {
        sources = sources.with(file.name.clone(), Arc::clone(&file.text));
    }
    let refused = outcome.as_ref().err().map_or(&[][..], |refused| &refused.findings);
    let diagnostics = CheckReport::new(&source.with_remarks(refused), &sources).diagnostics;
    ValidationReport::new(plan, outcome.as_ref().ok(), &sources, diagnostics)
}
