//! Requests in, responses out: a bounded queue of jobs on one thread.
//!
//! [`Service::new`] answers the service and the future that runs its jobs; the platform spawns
//! that future and nothing else. A request waits in the queue, runs beside at most
//! `max_in_flight − 1` others and is answered exactly once, whatever happens to it.

mod answer;
mod attempts;
pub mod gate;
mod goal_search;
mod goals;
mod grounding;
mod guidance;
mod inspect;
pub mod job;
pub mod node;
pub mod options;
pub mod patterns;
mod places;
mod replay;
pub mod report;
pub mod request;
pub mod response;
pub mod settings;
mod side_by_side;
mod subject;
mod verdict;
mod why;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::rc::Rc;

use futures::channel::mpsc;
use futures::future::{Either, select};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt, select_biased};

use crate::cache::TaskCache;
use crate::cache::tasks::DEFAULT_LIMITS;
use crate::hash::ContentHash;
use crate::runtime::Pacing;
use crate::store::PatternStore;

pub use gate::{EngineCode, Gate};
pub use grounding::{GroundPhase, GroundReport};
use job::JobCore;
pub use job::{DrawnReport, Job, Phase, ProgressReport, SliceReport, WeakJob};
pub use node::{
    Became, EstimateReport, GuidanceReport, LandmarkReport, NodeReport, OperatorReport, StateRow,
};
pub use options::{OptionError, Options};
pub use patterns::LayeredPatterns;
pub use places::RangeReport;
pub use report::CheckReport;
pub use request::{GoalPolicy, Limits, Problem, Request, Until};
pub use response::{PhaseTimes, PlanReport, Provenance, Response, ResultReport};
pub use settings::{ResultSummary, Settings};
pub use subject::Compiled;
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
    /// Whether the engine's code is there.
    pub gate: Rc<Gate>,
}

impl Environment {
    /// An environment with a task cache of its own, whose gate is open.
    pub fn new(pacing: Pacing, patterns: Rc<dyn PatternStore>) -> Self {
        Self { pacing, patterns, tasks: TaskCache::new(DEFAULT_LIMITS), gate: Rc::default() }
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

/// The queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the planner is busy; try again when a run has ended")]
pub struct Busy;

/// A job that waits, and what it was asked.
type Submission = (Rc<JobCore>, Request);

/// A handle to the service. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    queue: Rc<RefCell<mpsc::Sender<Submission>>>,
    next_id: Rc<Cell<u64>>,
    environment: Environment,
}

impl Service {
    /// A service, and the future that runs its jobs; it ends when every handle is gone and every
    /// job is answered.
    pub fn new(environment: Environment, config: ServiceConfig) -> (Self, impl Future<Output = ()>) {
        // A channel holds one more than its buffer for each sender: so there is one, which is shared.
        let (queue, requests) = mpsc::channel(config.queue.saturating_sub(1));
        let running = run(environment.clone(), config.max_in_flight.max(1), requests);
        let queue = Rc::new(RefCell::new(queue));
        (Self { queue, next_id: Rc::new(Cell::new(1)), environment }, running)
    }

    /// Puts a request into the queue.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    pub fn submit(&self, request: Request) -> Result<Job, Busy> {
        let id = self.next_id.get();
        let core = Rc::new(JobCore::new(id, &request, Rc::clone(&self.environment.pacing.clock)));
        self.queue.borrow_mut().try_send((Rc::clone(&core), request)).map_err(|_| Busy)?;
        self.next_id.set(id + 1);
        Ok(Job::new(core))
    }

    /// The cache of compiled tasks.
    pub fn tasks(&self) -> &Tasks {
        &self.environment.tasks
    }
}

async fn run(environment: Environment, max_in_flight: usize, mut requests: mpsc::Receiver<Submission>) {
    let mut jobs = FuturesUnordered::new();
    let mut is_open = true;
    while is_open || !jobs.is_empty() {
        if !is_open || jobs.len() == max_in_flight {
            jobs.next().await;
            continue;
        }
        select_biased! {
            request = requests.next() => match request {
                Some((core, request)) => jobs.push(serve(environment.clone(), core, request)),
                None => is_open = false,
            },
            () = jobs.select_next_some() => {}
        }
    }
}

/// Answers one request; a panic in it becomes an answer too, where panics can be caught. Before the
/// engine's code is there, a request can only be cancelled.
async fn serve(environment: Environment, core: Rc<JobCore>, request: Request) {
    let (opened, cancelled) = (pin!(environment.gate.opened()), pin!(core.control.cancelled()));
    if let Either::Right(_) = select(opened, cancelled).await {
        return core.finish(Response::cancelled());
    }
    let answer = AssertUnwindSafe(answer::answer(&environment, &core, &request)).catch_unwind().await;
    core.finish(answer.unwrap_or_else(|_| Response::failed()));
}
