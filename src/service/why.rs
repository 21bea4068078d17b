//! What became of each goal, and why there is no plan for it, in the shape of reports.

use serde::Serialize;

use super::places::{Places, RangeReport};
use super::verdict::{GoalReport, GoalVerdict};
use crate::diagnostic::{Fix, Span};
use crate::plan::Explanation;
use crate::search::Outcome;

/// A goal in a [`ResultReport`](super::ResultReport).
#[derive(Clone, Debug, Serialize)]
pub struct GoalEntry {
    /// Its name.
    pub name: String,
    /// Its priority.
    pub priority: i64,
    /// What became of it.
    pub verdict: Verdict,
    /// How its search ended, where it failed.
    pub outcome: Option<Outcome>,
    /// What its plan costs, where one was found.
    pub cost: Option<f64>,
    /// Why it cannot be reached, where that is proven and explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<ExplanationReport>,
}

/// What became of a goal, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its `when` does not hold at the start.
    NotCandidate,
    /// A goal before it was planned for, or the run ended first.
    NotTried,
    /// The plan that is returned is for it.
    Planned,
    /// A plan was found, and the one for another goal is cheaper.
    PassedOver,
    /// Its search ended without a plan.
    Failed,
}

/// Why there is no plan for a goal.
#[derive(Clone, Debug, Serialize)]
pub struct ExplanationReport {
    /// The goal; empty for PDDL.
    pub goal: String,
    /// Each condition of it.
    pub conditions: Vec<ConditionEntry>,
    /// From a condition that is never true down to the cause; empty where each can be met by itself.
    pub chain: Vec<LinkEntry>,
    /// Actions that never apply, and what is in their way.
    pub unreachable: Vec<UnreachableEntry>,
    /// The effect that comes nearest to a remedy.
    pub nearest_miss: Option<NearestMissEntry>,
}

/// A place in a report.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceEntry {
    /// The file, where the problem has more than one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where in it.
    pub range: RangeReport,
}

/// A condition of a goal.
#[derive(Clone, Debug, Serialize)]
pub struct ConditionEntry {
    /// As a person reads it.
    pub text: String,
    /// The layer of relaxed reachability at which it first holds, 0 being the start; null: never.
    pub first_at: Option<u32>,
    /// Where it stands.
    #[serde(flatten)]
    pub at: PlaceEntry,
}

/// A link of the chain.
#[derive(Clone, Debug, Serialize)]
pub struct LinkEntry {
    /// The condition.
    pub condition: String,
    /// Who asks for it and what could make it true.
    pub reason: String,
    /// Whether the cause stands here.
    pub is_root: bool,
    /// Where it is asked for.
    #[serde(flatten)]
    pub at: PlaceEntry,
}

/// A precondition that never becomes true.
#[derive(Clone, Debug, Serialize)]
pub struct UnreachableEntry {
    /// The action.
    pub action: String,
    /// The condition.
    pub condition: String,
    /// The nearest values seen.
    pub seen: String,
    /// Where the condition stands.
    #[serde(flatten)]
    pub at: PlaceEntry,
}

/// The effect that comes nearest to a remedy.
#[derive(Clone, Debug, Serialize)]
pub struct NearestMissEntry {
    /// What it does and what would help.
    pub text: String,
    /// Where it does that.
    #[serde(flatten)]
    pub at: PlaceEntry,
    /// The edit that would fix it.
    pub fix: Option<FixEntry>,
}

/// An edit.
#[derive(Clone, Debug, Serialize)]
pub struct FixEntry {
    /// What it does.
    pub label: String,
    /// The text to put there.
    pub replacement: String,
    /// What to replace; empty to insert.
    #[serde(flatten)]
    pub at: PlaceEntry,
}

impl GoalEntry {
    pub(super) fn new(goal: &GoalReport, places: &Places<'_>) -> Self {
        let (verdict, outcome, cost) = match goal.verdict {
            GoalVerdict::NotCandidate => (Verdict::NotCandidate, None, None),
            GoalVerdict::NotTried => (Verdict::NotTried, None, None),
            GoalVerdict::Planned { cost, chosen: true } => (Verdict::Planned, None, Some(cost)),
            GoalVerdict::Planned { cost, chosen: false } => (Verdict::PassedOver, None, Some(cost)),
            GoalVerdict::Failed(outcome) => (Verdict::Failed, Some(outcome), None),
        };
        // The cost of a plan that the validator did not accept is no number.
        let cost = cost.filter(|cost| cost.is_finite());
        let explanation = goal.explanation.as_ref().map(|why| ExplanationReport::new(why, places));
        Self { name: goal.name.clone(), priority: goal.priority, verdict, outcome, cost, explanation }
    }
}

impl ExplanationReport {
    pub(super) fn new(explanation: &Explanation, places: &Places<'_>) -> Self {
        let at = |span: Span| {
            let (file, range) = places.locate(span);
            PlaceEntry { file, range }
        };
        let fix = |fix: &Fix| FixEntry {
            label: fix.label.clone(),
            replacement: fix.replacement.clone(),
            at: at(fix.span),
        };
        let Explanation { goal, conditions, chain, unreachable, nearest_miss } = explanation;
        let conditions = conditions.iter().map(|condition| ConditionEntry {
            text: condition.text.clone(),
            first_at: condition.first_at,
            at: at(condition.span),
        });
        let chain = chain.iter().map(|link| LinkEntry {
            condition: link.condition.clone(),
            reason: link.reason.clone(),
            is_root: link.is_root,
            at: at(link.span),
        });
        let unreachable = unreachable.iter().map(|blocked| UnreachableEntry {
            action: blocked.action.clone(),
            condition: blocked.condition.clone(),
            seen: blocked.seen.clone(),
            at: at(blocked.span),
        });
        Self {
            goal: goal.clone(),
            conditions: conditions.collect(),
            chain: chain.collect(),
            unreachable: unreachable.collect(),
            nearest_miss: nearest_miss.as_ref().map(|miss| NearestMissEntry {
                text: miss.text.clone(),
                at: at(miss.span),
                fix: miss.fix.as_ref().map(fix),
            }),
        }
    }
}
