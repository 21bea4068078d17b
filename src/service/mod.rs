//! Requests in, responses out: a bounded queue of jobs on one thread.
//!
//! [`Service::new`] answers the service and the future that runs its jobs; the platform spawns
//! that future and nothing else. A request waits in the queue, runs beside at most
//! `max_in_flight − 1` others and is answered exactly once, whatever happens to it: a shutdown included.

mod answer;
pub mod answered;
mod attempts;
mod compiling;
pub mod events;
mod explaining;
pub mod fault;
mod features;
pub mod figures;
pub mod gate;
mod goal_search;
mod goals;
mod grounding;
mod guidance;
mod inspect;
pub mod job;
mod job_state;
mod kept;
mod keys;
mod ledger;
pub mod meters;
pub mod node;
pub mod observed;
pub mod offer;
pub mod options;
pub mod patterns;
mod phases;
mod places;
pub mod progress;
mod queue;
pub mod race;
pub mod race_report;
mod read;
mod refused;
mod repair;
mod repaired;
mod replay;
pub mod report;
pub mod request;
mod respond;
pub mod response;
mod running;
pub mod session;
pub mod settings;
mod side_by_side;
mod subject;
mod submission;
mod upkeep;
pub mod validation;
mod verdict;
mod way;
mod why;
mod work;

use std::any::Any;
use std::rc::Rc;

use crate::cache::tasks::DEFAULT_LIMITS;
use crate::cache::{NearPlans, TaskCache};
use crate::hash::ContentHash;
use crate::runtime::Pacing;
use crate::store::PatternStore;

pub use answered::Answer;
pub use events::{Event, Events};
pub use fault::{Fault, FaultCause};
pub use figures::{RequestFigures, ServiceFigures, SystemFigures};
pub use gate::{EngineCode, Gate};
pub use grounding::{GroundPhase, GroundReport};
pub use job::{Job, WeakJob};
pub use meters::{End, Meters, Recent, Stretch, Totals};
pub use node::{
    Became, EstimateReport, GuidanceReport, LandmarkReport, NodeReport, OperatorReport, StateRow,
};
pub use observed::ObserveError;
pub use offer::Offer;
pub use options::{OptionError, Options};
pub use patterns::LayeredPatterns;
pub use places::RangeReport;
pub use progress::{DrawnReport, Phase, ProgressEntry, ProgressReport, SliceReport};
pub use queue::{Busy, Service};
pub use race::{Race, RacePolicy, RaceResult, RaceRun};
pub use race_report::RaceReport;
pub use read::ReadProblems;
pub use refused::RefusedStep;
pub use repaired::RepairReport;
pub use report::CheckReport;
pub use request::{GoalPolicy, KeptPlans, Limits, Problem, Request, Until};
pub use response::{HeuristicReport, PhaseTimes, PlanReport, Provenance, Response, ResultReport};
pub use session::Session;
pub use settings::{ResultSummary, Settings};
pub use subject::{Compiled, Opened, Subject};
pub use verdict::{GoalReport, GoalVerdict};
pub use why::{
    ConditionEntry, ExplanationReport, FixEntry, GoalEntry, LinkEntry, NearestMissEntry, PlaceEntry,
    UnreachableEntry, Verdict,
};

/// Compiled tasks, shared by the services of a process.
pub type Tasks = TaskCache<ContentHash, Compiled>;

/// What a service needs of its platform.
#[derive(Clone)]
pub struct Environment {
    /// Time.
    pub pacing: Pacing,
    /// Plans that were found before.
    pub patterns: Rc<dyn PatternStore>,
    /// Compiled tasks.
    pub tasks: Tasks,
    /// Problems that were read, where a text is likely to come again.
    pub read: Option<ReadProblems>,
    /// Plans of similar problems.
    pub near: NearPlans,
    /// What is counted.
    pub meters: Meters,
    /// Whether the engine's code is there.
    pub gate: Rc<Gate>,
    /// Takes what is large and no longer needed. To take millions of small pieces apart takes long, and a job that
    /// was cancelled shall not wait for that.
    pub discard: fn(Box<dyn Any + Send>),
}

impl Environment {
    /// An environment with a task cache of its own, whose gate is open.
    pub fn new(pacing: Pacing, patterns: Rc<dyn PatternStore>) -> Self {
        Self {
            pacing,
            patterns,
            tasks: TaskCache::new(DEFAULT_LIMITS),
            near: NearPlans::default(),
            meters: Meters::default(),
            gate: Rc::default(),
            read: None,
            discard: drop,
        }
    }
}

/// Bounds of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceConfig {
    /// Requests that may wait.
    pub queue: usize,
    /// Jobs that run side by side.
    pub max_in_flight: usize,
}

impl Default for ServiceConfig {
    fn default() -> Self {
        Self { queue: 64, max_in_flight: 4 }
    }
}
