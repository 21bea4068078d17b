//! `validate`: whether a plan holds on the source model, what it costs, and what is wrong with it.

use std::sync::Arc;

use anyhow::Result;
use serde::Serialize;

use super::config::ValidateConfig;
use super::input::{Language, Source};
use super::render::{self, Page};
use super::{Exit, Host};
use crate::diagnostic::{Diagnostic, SourceMap, Span};
use crate::lang::plan::{self, PlanFile, Step};
use crate::lang::{goap, pddl};
use crate::plan::cost_text;
use crate::service::CheckReport;
use crate::service::RangeReport;
use crate::service::response::DiagnosticReport;
use crate::step;
use crate::validate::{self, Reason, Violation};

/// Code of what is wrong with a plan.
const VIOLATED: &str = "VA001";
/// Code of a plan whose bytes are not UTF-8; it is read all the same.
const NOT_UTF8: &str = "CL003";
/// Code of a goal that the document does not have.
const UNKNOWN_GOAL: &str = "GP302";
/// Claimed and real costs that differ by more than this share differ.
const COST_TOLERANCE: f64 = 1e-6;

/// What became of a plan.
struct Outcome {
    /// The goal that was reached or missed, by name; GOAP alone has names.
    goal: Option<String>,
    /// Its cost.
    verdict: Result<f64, Violation>,
}

/// Why a plan could not be looked at.
struct Refused {
    findings: Vec<Diagnostic>,
    exit: Exit,
}

/// The shape of `validate --json`.
#[derive(Serialize)]
struct Report {
    /// Null where the files could not be read as a problem and a plan.
    valid: Option<bool>,
    /// The goal that was reached or missed, where it has a name.
    goal: Option<String>,
    cost: Option<f64>,
    /// What the plan file says that it costs.
    claimed_cost: Option<f64>,
    length: usize,
    violation: Option<ViolationReport>,
    diagnostics: Vec<DiagnosticReport>,
}

/// What is wrong with a plan.
#[derive(Serialize)]
struct ViolationReport {
    /// The step, from 1; null where the goal does not hold in the end.
    step: Option<usize>,
    action: Option<String>,
    message: String,
    reason: Reason,
    /// Where the condition stands that is not met; null where there is none.
    at: Option<Place>,
    /// Where the step stands in the plan; null for the goal.
    plan_at: Option<Place>,
}

/// A place in a file.
#[derive(Serialize)]
struct Place {
    /// Null in a GOAP document.
    file: Option<String>,
    range: RangeReport,
}

/// Validates a plan.
///
/// # Errors
/// Where standard output cannot be written.
pub fn run(host: &dyn Host, config: &ValidateConfig) -> Result<Exit> {
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
    let plan = match source.language {
        Language::Goap => plan::read(&file.text),
        Language::Pddl => plan::read_pddl(&file.text),
    };
    source.push(file, NOT_UTF8);
    if !config.json {
        source.print_remarks(host);
    }
    let plan = moved(plan, source.sources.files().last().map_or(0, |file| file.start));
    let outcome = judge(&source, &plan, config);
    if config.json {
        render::print_json(host, &report(&source, &plan, &outcome))?;
    } else {
        print(host, &source, &plan, &outcome)?;
    }
    Ok(match outcome {
        Ok(Outcome { verdict: Ok(_), .. }) => Exit::Done,
        Ok(_) => Exit::InvalidPlan,
        Err(refused) => refused.exit,
    })
}

/// The plan file with its spans moved by `start`, so that they count through the texts before it.
fn moved(mut plan: PlanFile, start: u32) -> PlanFile {
    let moved = |span: Span| Span { start: span.start + start, end: span.end + start };
    plan.spans.iter_mut().for_each(|span| *span = moved(*span));
    plan.diagnostics.iter_mut().for_each(|finding| finding.span = moved(finding.span));
    plan
}

fn judge(source: &Source, plan: &PlanFile, config: &ValidateConfig) -> Result<Outcome, Refused> {
    let text = |index: usize| Arc::clone(&source.sources.files()[index].text);
    match source.language {
        Language::Goap => {
            let parsed = goap::parse(&text(0));
            let model = parsed.model.ok_or_else(|| Refused::by(parsed.diagnostics, Exit::InputError))?;
            readable(plan)?;
            judge_goap(&model, &plan.steps, config.goal.as_deref())
        }
        Language::Pddl => {
            let parse = pddl::Parse::with_limit(text(0), text(1), config.input.pddl_bytes_max());
            let parsed = step::run(parse);
            let is_unsupported = parsed.verdict() == pddl::Verdict::Unsupported;
            let exit = if is_unsupported { Exit::Unsupported } else { Exit::InputError };
            let model = parsed.model.ok_or_else(|| Refused::by(parsed.diagnostics, exit))?;
            readable(plan)?;
            let verdict = validate::pddl::replay_timed(&model, &plan.steps, &plan.times);
            let verdict = verdict.map(|replay| replay.total);
            Ok(Outcome { goal: None, verdict })
        }
    }
}

fn readable(plan: &PlanFile) -> Result<(), Refused> {
    if plan.diagnostics.is_empty() {
        return Ok(());
    }
    Err(Refused::by(plan.diagnostics.clone(), Exit::InputError))
}

/// Judges the plan for the goal that is named, or for the most urgent goal that it reaches.
fn judge_goap(model: &goap::Model, steps: &[Step], named: Option<&str>) -> Result<Outcome, Refused> {
    let mut goals: Vec<&goap::model::Goal> =
        model.goals.iter().filter(|goal| named.is_none_or(|name| goal.name == name)).collect();
    goals.sort_by_key(|goal| !goal.priority);
    let initial = validate::Validator::new(model).initial();
    let replay = validate::replay(model, initial, &goap::model::Condition::All(Vec::new()), steps);
    let mut missed = None;
    for goal in goals {
        let verdict = reaches(model, goal, &replay, steps.len());
        let outcome = Outcome { goal: Some(goal.name.clone()), verdict };
        if outcome.verdict.is_ok() {
            return Ok(outcome);
        }
        missed.get_or_insert(outcome);
    }
    missed.ok_or_else(|| {
        let message = format!("there is no goal called {:?}", named.unwrap_or_default());
        Refused::by(vec![Diagnostic::error(UNKNOWN_GOAL, Span::default(), message)], Exit::InputError)
    })
}

/// The cost of a plan of `length` steps, given its replay, where its end reaches a goal.
fn reaches(
    model: &goap::Model,
    goal: &goap::model::Goal,
    replay: &Result<validate::Replay, Violation>,
    length: usize,
) -> Result<f64, Violation> {
    let replay = replay.as_ref().map_err(Violation::clone)?;
    let reached = validate::Validator::new(model).holds(&replay.end, &goal.conditions);
    reached.map_err(|violation| Violation { step: length, ..violation })?;
    Ok(replay.total)
}

impl Refused {
    /// A refusal that shows the errors among `findings`.
    fn by(findings: Vec<Diagnostic>, exit: Exit) -> Self {
        Self { findings: findings.into_iter().filter(Diagnostic::is_error).collect(), exit }
    }
}

fn print(
    host: &dyn Host,
    source: &Source,
    plan: &PlanFile,
    outcome: &Result<Outcome, Refused>,
) -> Result<()> {
    let name = source.sources.files().last().map_or("", |file| file.name.as_str());
    let name = render::harmless(name);
    match outcome {
        Err(refused) => {
            let page = Page::new(&source.sources, render::stderr_style(host));
            let text: String = refused.findings.iter().map(|finding| page.diagnostic(finding)).collect();
            host.write_stderr(&text);
        }
        Ok(Outcome { verdict: Ok(cost), .. }) => {
            if let Some(claimed) = plan.cost.filter(|claimed| differ(*claimed, *cost)) {
                host.write_stderr(&format!("note: {name} claims a cost of {}\n", cost_text(claimed)));
            }
            let count = plan.steps.len();
            let steps = if count == 1 { "1 step".to_owned() } else { format!("{count} steps") };
            host.write_stdout(&format!("{name}: valid, {steps}, cost = {}\n", cost_text(*cost)))?;
        }
        Ok(Outcome { verdict: Err(violation), .. }) => {
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

fn report(source: &Source, plan: &PlanFile, outcome: &Result<Outcome, Refused>) -> Report {
    let mut sources = source.report_sources();
    let known = sources.files().len();
    for file in source.sources.files().iter().skip(known) {
        sources = sources.with(file.name.clone(), Arc::clone(&file.text));
    }
    let refused = outcome.as_ref().err().map_or(&[][..], |refused| &refused.findings);
    let diagnostics = CheckReport::new(&source.with_remarks(refused), &sources).diagnostics;
    let outcome = outcome.as_ref().ok();
    let verdict = outcome.map(|outcome| &outcome.verdict);
    let violation = verdict.and_then(|verdict| verdict.as_ref().err());
    Report {
        valid: verdict.map(Result::is_ok),
        goal: outcome.and_then(|outcome| outcome.goal.clone()),
        cost: verdict.and_then(|verdict| verdict.as_ref().ok().copied()),
        claimed_cost: plan.cost,
        length: plan.steps.len(),
        violation: violation.map(|violation| ViolationReport::new(violation, plan, &sources)),
        diagnostics,
    }
}

impl ViolationReport {
    fn new(violation: &Violation, plan: &PlanFile, sources: &SourceMap) -> Self {
        let is_step = !violation.action.is_empty();
        Self {
            step: is_step.then_some(violation.step + 1),
            action: is_step.then(|| violation.action.clone()),
            message: violation.to_string(),
            reason: violation.reason.clone(),
            at: Some(violation.span)
                .filter(|span| *span != Span::default())
                .and_then(|span| place(span, sources)),
            plan_at: plan.spans.get(violation.step).and_then(|&span| place(span, sources)),
        }
    }
}

fn place(span: Span, sources: &SourceMap) -> Option<Place> {
    let finding = Diagnostic::note(VIOLATED, span, "");
    let report = CheckReport::new(&[finding], sources).diagnostics.pop()?;
    Some(Place { file: report.file, range: report.range })
}
