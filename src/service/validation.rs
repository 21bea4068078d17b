//! Whether a plan holds on the source model, what it costs, and what is wrong with it: what `validate` says, on the
//! command line and over HTTP.

use serde::Serialize;

use super::places::{Places, RangeReport};
use super::response::DiagnosticReport;
use crate::diagnostic::{Diagnostic, SourceMap, Span};
use crate::lang::plan::{self, PlanFile};
use crate::lang::{goap, pddl};
use crate::runtime::{Pacing, in_slices};
use crate::step::{self, Stepper};
use crate::validate::{self, Reason, Violation};

/// Code of a goal that the document does not have.
const UNKNOWN_GOAL: &str = "GP302";

/// What became of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The goal that was reached or missed, by name; GOAP alone has names.
    pub goal: Option<String>,
    /// Its cost.
    pub verdict: Result<f64, Violation>,
}

/// Why a plan could not be looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Unreadable {
    /// The errors in the problem or in the plan.
    pub findings: Vec<Diagnostic>,
    /// Whether the problem asks for what is not supported.
    pub is_unsupported: bool,
}

/// The shape of `validate --json`.
#[derive(Clone, Debug, Serialize)]
pub struct ValidationReport {
    /// Null where the texts could not be read as a problem and a plan.
    pub valid: Option<bool>,
    /// The goal that was reached or missed, where it has a name.
    pub goal: Option<String>,
    /// The plan's metric, where it holds.
    pub cost: Option<f64>,
    /// What the plan says that it costs.
    pub claimed_cost: Option<f64>,
    /// Its steps.
    pub length: usize,
    /// The first thing that is wrong with it.
    pub violation: Option<ViolationReport>,
    /// Findings about the texts.
    pub diagnostics: Vec<DiagnosticReport>,
}

/// What is wrong with a plan.
#[derive(Clone, Debug, Serialize)]
pub struct ViolationReport {
    /// The step, from 1; null where the goal does not hold in the end.
    pub step: Option<usize>,
    /// The step as text.
    pub action: Option<String>,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What is wrong.
    pub reason: Reason,
    /// Where the condition stands that is not met; null where there is none.
    pub at: Option<TextPlace>,
    /// Where the step stands in the plan; null for the goal.
    pub plan_at: Option<TextPlace>,
}

/// A place in a text.
#[derive(Clone, Debug, Serialize)]
pub struct TextPlace {
    /// Null in a GOAP document.
    pub file: Option<String>,
    /// The characters.
    pub range: RangeReport,
}

/// Reads a plan whose text stands behind those of its problem: its spans begin at `start`.
pub fn read_plan(text: &str, is_pddl: bool, start: u32) -> PlanFile {
    let mut plan = if is_pddl { plan::read_pddl(text) } else { plan::read(text) };
    let moved = |span: Span| Span { start: span.start + start, end: span.end + start };
    plan.spans.iter_mut().for_each(|span| *span = moved(*span));
    plan.diagnostics.iter_mut().for_each(|finding| finding.span = moved(finding.span));
    plan
}

/// Judges a plan for the goal that is named, or for the most urgent goal that it reaches. Replays in slices where there
/// is a `pacing`, and at once otherwise.
///
/// # Errors
/// [`Unreadable`] where the document or the plan has errors, or where there is no such goal.
pub async fn judge_goap(
    parsed: goap::Parsed,
    plan: &PlanFile,
    named: Option<&str>,
    pacing: Option<&Pacing>,
) -> Result<Judged, Unreadable> {
    let model = parsed.model.ok_or_else(|| Unreadable::by(parsed.diagnostics, false))?;
    readable(plan)?;
    let mut goals: Vec<&goap::model::Goal> =
        model.goals.iter().filter(|goal| named.is_none_or(|name| goal.name == name)).collect();
    goals.sort_by_key(|goal| !goal.priority);
    let initial = validate::State::initial(&model);
    let anywhere = goap::model::Condition::All(Vec::new());
    let replaying = validate::Replaying::new(&model, initial, &anywhere, plan.steps.clone());
    let replay = replayed(replaying, pacing).await;
    let mut missed = None;
    for goal in goals {
        let verdict = reaches(&model, goal, &replay, plan.steps.len());
        let judged = Judged { goal: Some(goal.name.clone()), verdict };
        if judged.verdict.is_ok() {
            return Ok(judged);
        }
        missed.get_or_insert(judged);
    }
    missed.ok_or_else(|| {
        let message = format!("there is no goal called {:?}", named.unwrap_or_default());
        Unreadable::by(vec![Diagnostic::error(UNKNOWN_GOAL, Span::default(), message)], false)
    })
}

/// Judges a plan for a PDDL problem. Replays in slices where there is a `pacing`, and at once otherwise.
///
/// # Errors
/// [`Unreadable`] where the problem or the plan has errors.
pub async fn judge_pddl(
    parsed: pddl::Parsed,
    plan: &PlanFile,
    pacing: Option<&Pacing>,
) -> Result<Judged, Unreadable> {
    let is_unsupported = parsed.verdict() == pddl::Verdict::Unsupported;
    let model = parsed.model.ok_or_else(|| Unreadable::by(parsed.diagnostics, is_unsupported))?;
    readable(plan)?;
    let replaying = validate::pddl::Replaying::timed(&model, plan.steps.clone(), plan.times.clone());
    let verdict = replayed(replaying, pacing).await;
    Ok(Judged { goal: None, verdict: verdict.map(|replay| replay.total) })
}

async fn replayed<S: Stepper>(replaying: S, pacing: Option<&Pacing>) -> S::Output {
    match pacing {
        Some(pacing) => in_slices(pacing, replaying).await,
        None => step::run(replaying),
    }
}

fn readable(plan: &PlanFile) -> Result<(), Unreadable> {
    if plan.diagnostics.is_empty() {
        return Ok(());
    }
    Err(Unreadable::by(plan.diagnostics.clone(), false))
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

impl Unreadable {
    /// Shows the errors among `findings`.
    fn by(findings: Vec<Diagnostic>, is_unsupported: bool) -> Self {
        Self { findings: findings.into_iter().filter(Diagnostic::is_error).collect(), is_unsupported }
    }
}

impl ValidationReport {
    /// The report about a plan, the last text of `sources`, with findings that were worded before.
    pub fn new(
        plan: &PlanFile,
        judged: Option<&Judged>,
        sources: &SourceMap,
        diagnostics: Vec<DiagnosticReport>,
    ) -> Self {
        let violation = judged.and_then(|judged| judged.verdict.as_ref().err());
        Self {
            valid: judged.map(|judged| judged.verdict.is_ok()),
            goal: judged.and_then(|judged| judged.goal.clone()),
            cost: judged.and_then(|judged| judged.verdict.as_ref().ok().copied()),
            claimed_cost: plan.cost,
            length: plan.steps.len(),
            violation: violation.map(|violation| ViolationReport::new(violation, plan, sources)),
            diagnostics,
        }
    }
}

impl ViolationReport {
    fn new(violation: &Violation, plan: &PlanFile, sources: &SourceMap) -> Self {
        let is_step = !violation.action.is_empty();
        let places = Places::new(sources);
        let place = |span: Span| {
            let (file, range) = places.locate(span);
            TextPlace { file, range }
        };
        Self {
            step: is_step.then_some(violation.step + 1),
            action: is_step.then(|| violation.action.clone()),
            message: violation.to_string(),
            reason: violation.reason.clone(),
            at: Some(violation.span).filter(|span| *span != Span::default()).map(place),
            plan_at: plan.spans.get(violation.step).copied().map(place),
        }
    }
}
