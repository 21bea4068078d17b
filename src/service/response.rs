//! What a caller gets back: everything that is known when a job ends.

use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::fault::FaultCause;
use super::grounding::GroundReport;
use super::offer::Offer;
use super::places::RangeReport;
use super::race_report::RaceReport;
use super::refused::RefusedStep;
use super::repaired::RepairReport;
use super::subject::Subject;
use super::verdict::GoalReport;
use super::why::{ExplanationReport, GoalEntry};
use crate::diagnostic::Diagnostic;
use crate::heuristic::LandmarkCounts;
use crate::lang::goap::model::Value;
use crate::plan::{Explanation, Plan};
use crate::runtime::Stop;
use crate::search::{Outcome, Statistics};

/// The answer to a request. There is exactly one for each.
#[derive(Clone, Debug)]
pub struct Response {
    /// The number of the request, as [`super::Job::id`] has it.
    pub id: u64,
    /// How it ended; `None` where the document has errors (see `diagnostics`).
    pub outcome: Option<Outcome>,
    /// What the outcome means here, in one sentence, for instance "proven: every state seen".
    pub message: String,
    /// The goal planned for, by name.
    pub goal: Option<String>,
    /// The plan, where there is one; it has passed the validator.
    pub plan: Option<Plan>,
    /// Whether the plan is proven optimal in its metric (for the goal planned for).
    pub optimal: bool,
    /// Why it is or is not called optimal, in one sentence.
    pub optimality: String,
    /// Wall time of work by phase.
    pub phases: PhaseTimes,
    /// Counters, summed over the goals searched.
    pub statistics: Statistics,
    /// Most bytes held at once by the search.
    pub peak_memory_bytes: u64,
    /// The step that would cost less than nothing, where the search ended at one.
    pub refused: Option<RefusedStep>,
    /// The plans that an anytime engine found, each cheaper than the one before.
    pub improvements: Vec<PlanReport>,
    /// How the heuristics of the search that is shown began, in the order of their queues.
    pub heuristics: Vec<HeuristicReport>,
    /// The result of grounding, for PDDL.
    pub grounding: Option<GroundReport>,
    /// The model and its compiled task, where the request goes no further.
    pub compiled: Option<Subject>,
    /// Where the answer comes from.
    pub provenance: Provenance,
    /// A plan kept before that is better than this answer.
    pub offer: Option<Rc<Offer>>,
    /// The plan of a similar problem that was repaired to be this answer.
    pub repair: Option<RepairReport>,
    /// Whether the compiled task was in the cache.
    pub compiled_hit: bool,
    /// Findings about the document.
    pub diagnostics: Vec<Diagnostic>,
    /// Each goal of the document and what became of it, in the order considered.
    pub goals: Vec<GoalReport>,
    /// Why there is no plan, for the goal that was asked for first.
    pub explanation: Option<Explanation>,
    /// The problem's name; empty where it has none.
    pub name: String,
    /// Actions of the model.
    pub actions: usize,
    /// Whether what keeps it from being planned for is that it asks for what is not supported.
    pub is_unsupported: bool,
    /// Whether it was cancelled, or not started, because the service shut down.
    pub is_shut_down: bool,
    /// What failed, where the outcome is a fault.
    pub fault: Option<FaultCause>,
}

/// A plan on the way to a better one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanReport {
    /// Its metric, as the search adds it up.
    pub cost: f64,
    /// Its steps.
    pub length: usize,
    /// Expansions until then.
    pub expanded: u64,
    /// Milliseconds of work until it was first seen.
    pub ms: f64,
}

/// How a heuristic began.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HeuristicReport {
    /// Its name, as it is asked for.
    pub name: &'static str,
    /// Its estimate of the initial state, in operators where the search does not go by cost; null where that
    /// is a dead end, or where the search ended before.
    pub initial_h: Option<f64>,
    /// Its landmarks and their orders by kind, where it counts some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landmarks: Option<LandmarkCounts>,
}

impl Response {
    /// An answer that says nothing yet.
    pub(super) fn empty() -> Self {
        Self {
            id: 0,
            outcome: None,
            message: String::new(),
            goal: None,
            plan: None,
            optimal: false,
            optimality: String::new(),
            phases: PhaseTimes::default(),
            statistics: Statistics::default(),
            peak_memory_bytes: 0,
            refused: None,
            improvements: Vec::new(),
            heuristics: Vec::new(),
            grounding: None,
            compiled: None,
            provenance: Provenance::Search,
            offer: None,
            repair: None,
            compiled_hit: false,
            diagnostics: Vec::new(),
            goals: Vec::new(),
            explanation: None,
            name: String::new(),
            actions: 0,
            is_unsupported: false,
            is_shut_down: false,
            fault: None,
        }
    }

    /// An answer without a plan to a request for which nothing was done.
    pub(super) fn ended(outcome: Outcome) -> Self {
        let mut response = Self::empty();
        response.set_outcome(outcome);
        response
    }

    /// The answer to a request in which the planner failed.
    pub(super) fn failed(cause: FaultCause) -> Self {
        Self { fault: Some(cause), ..Self::ended(Outcome::Fault) }
    }

    /// The answer to a request that was stopped before it was started.
    pub(super) fn not_started(stop: Stop) -> Self {
        let mut response = Self::ended(outcome_of_stop(stop));
        if stop == Stop::TimeLimit {
            response.message =
                "the deadline passed while the request waited: it was not started, and there is \
                                no claim either way"
                    .into();
        }
        response
    }

    /// The answer to a request that a service that shut down did not start.
    pub(super) fn shut_down() -> Self {
        let message = "the planner shut down before the request was started: no claim either way".into();
        Self { message, is_shut_down: true, ..Self::ended(Outcome::Cancelled) }
    }

    /// The same answer of a job that was cancelled because the service shut down. A plan that was found stays.
    pub(super) fn cut_short(mut self) -> Self {
        if self.outcome == Some(Outcome::Cancelled) {
            self.message = "the planner shut down before the run had ended: no claim either way".into();
            self.is_shut_down = true;
        }
        self
    }

    /// Ends it without a plan.
    pub(super) fn set_outcome(&mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
        self.message = match outcome {
            Outcome::Solved => "a plan was found",
            Outcome::Unsolvable => "proven: there is no plan",
            Outcome::Exhausted => "the search ran out of states, but paths were cut off: no claim either way",
            Outcome::TimeLimit => "the time limit was reached: no claim either way",
            Outcome::MemoryLimit => "the memory limit was reached: no claim either way",
            Outcome::NegativeCost => "a step would cost less than nothing: no claim either way",
            Outcome::Cancelled => "the run was cancelled: no claim either way",
            Outcome::Fault => {
                "the planner failed, which is a fault of the planner and not of the document: try another \
                 engine, and report what was run"
            }
        }
        .into();
        if let (Outcome::NegativeCost, Some(refused)) = (outcome, &self.refused) {
            self.message = refused.message();
        }
    }

    /// The validator did not accept the plan that was found: it is not shown.
    pub(super) fn reject(&mut self) {
        self.outcome = Some(Outcome::Fault);
        self.fault = Some(FaultCause::PlanRejected);
        self.message =
            "a plan was found that does not hold on the document, and is not shown; this is a fault \
                        of the planner: try another engine, and report what was run"
                .into();
    }
}

/// Wall time of work by phase; pauses and pacing are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PhaseTimes {
    /// Text to checked model.
    pub parse: Duration,
    /// Model to compiled task; zero on a cache hit.
    pub ground: Duration,
    /// Search, heuristic set-up included.
    pub search: Duration,
    /// Replay of the plan on the source model.
    pub validate: Duration,
}

impl PhaseTimes {
    /// Their sum.
    pub fn total(&self) -> Duration {
        self.parse + self.ground + self.search + self.validate
    }
}

/// Where an answer comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "lowercase")]
pub enum Provenance {
    /// A search.
    #[default]
    Search,
    /// A kept pattern, replayed against this request's state.
    Pattern {
        /// The engine that found it, in words.
        engine: String,
        /// Times it was used, this one included.
        uses: u32,
        /// Times its replay held.
        successes: u32,
    },
}

/// The stable shape of a result on the command line (`--json`) and in JavaScript.
#[derive(Clone, Debug, Serialize)]
pub struct ResultReport {
    /// `solved`, `unsolvable`, `exhausted`, `time_limit`, `memory_limit`, `negative_cost`, `cancelled`, `fault`; null
    /// where the document has errors.
    pub outcome: Option<Outcome>,
    /// One sentence about the outcome.
    pub message: String,
    /// The goal planned for.
    pub goal: Option<String>,
    /// The steps; null without a plan.
    pub plan: Option<Vec<StepReport>>,
    /// The plan's metric.
    pub cost: Option<f64>,
    /// The plan's steps.
    pub length: Option<usize>,
    /// Whether the plan is proven optimal.
    pub optimal: bool,
    /// Milliseconds of work by phase.
    pub phases: PhaseReport,
    /// Counters.
    pub statistics: Statistics,
    /// Most bytes held at once.
    pub peak_memory_bytes: u64,
    /// The step that would cost less than nothing, where the search ended at one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<RefusedStep>,
    /// The plans of an anytime engine, each cheaper than the one before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub improvements: Vec<PlanReport>,
    /// The plan of a similar problem that was repaired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair: Option<RepairReport>,
    /// How each heuristic began.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub heuristics: Vec<HeuristicReport>,
    /// The result of grounding, for PDDL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grounding: Option<GroundReport>,
    /// Where the answer comes from.
    pub provenance: Provenance,
    /// A plan kept before that is better than this answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<KeptReport>,
    /// What became of each engine, where several raced.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub race: Vec<RaceReport>,
    /// Each goal of the document and what became of it, in the order considered.
    pub goals: Vec<GoalEntry>,
    /// Why there is no plan for the goal that was asked for first, where that is proven.
    pub explanation: Option<ExplanationReport>,
    /// Findings about the document.
    pub diagnostics: Vec<DiagnosticReport>,
}

/// A kept plan in a [`ResultReport`].
#[derive(Clone, Debug, Serialize)]
pub struct KeptReport {
    /// Its metric.
    pub cost: f64,
    /// Its steps.
    pub length: usize,
    /// Whether it was proven optimal when it was found.
    pub optimal: bool,
    /// The engine that found it, in words.
    pub engine: String,
}

/// A step in a [`ResultReport`].
#[derive(Clone, Debug, Serialize)]
pub struct StepReport {
    /// The action's name.
    pub action: String,
    /// Arguments in declared order.
    pub args: Vec<Value>,
    /// Its metric.
    pub cost: f64,
}

/// Phases in a [`ResultReport`], in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PhaseReport {
    /// Text to checked model.
    pub parse_ms: f64,
    /// Model to task.
    pub ground_ms: f64,
    /// Search.
    pub search_ms: f64,
    /// Replay on the source model.
    pub validate_ms: f64,
    /// Their sum.
    pub total_ms: f64,
}

/// A diagnostic in reports: positions count from 1.
#[derive(Clone, Debug, Serialize)]
pub struct DiagnosticReport {
    /// `error`, `warning` or `note`.
    pub severity: crate::diagnostic::Severity,
    /// Stable code.
    pub code: String,
    /// The finding.
    pub message: String,
    /// The file it is about, where the problem has more than one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where.
    pub range: RangeReport,
    /// The way out.
    pub help: Option<String>,
}

/// The outcome of a job that was stopped.
pub(super) fn outcome_of_stop(stop: Stop) -> Outcome {
    match stop {
        Stop::Cancelled => Outcome::Cancelled,
        Stop::TimeLimit => Outcome::TimeLimit,
    }
}
