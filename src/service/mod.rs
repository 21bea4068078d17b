//! Requests in, responses out: a bounded queue of jobs on one thread.
//!
//! [`Service::new`] answers the service and the future that runs its jobs; the platform spawns
//! that future and nothing else. A request waits in the queue, runs beside at most
//! `max_in_flight − 1` others and is answered exactly once, whatever happens to it.

mod answer;
mod attempts;
mod compiling;
mod explaining;
pub mod gate;
mod goal_search;
mod goals;
mod grounding;
mod guidance;
mod inspect;
pub mod job;
mod job_state;
mod kept;
pub mod node;
pub mod offer;
pub mod options;
pub mod patterns;
mod places;
pub mod progress;
mod refused;
mod replay;
pub mod report;
pub mod request;
pub mod response;
pub mod settings;
mod side_by_side;
mod subject;
mod upkeep;
mod verdict;
mod way;
mod why;
mod work;

use std::any::Any;
use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::channel::mpsc;
use futures::future::{Either, select};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt, select_biased};

use crate::cache::TaskCache;
use crate::cache::tasks::DEFAULT_LIMITS;
use crate::hash::ContentHash;
use crate::runtime::{Pacing, Watch};
use crate::search::Outcome;
use crate::store::PatternStore;

pub use gate::{EngineCode, Gate};
pub use grounding::{GroundPhase, GroundReport};
pub use job::{Job, WeakJob};
use job_state::JobCore;
pub use node::{
    Became, EstimateReport, GuidanceReport, LandmarkReport, NodeReport, OperatorReport, StateRow,
};
pub use offer::Offer;
pub use options::{OptionError, Options};
pub use patterns::LayeredPatterns;
pub use places::RangeReport;
pub use progress::{DrawnReport, Phase, ProgressReport, SliceReport};
pub use refused::RefusedStep;
pub use report::CheckReport;
pub use request::{GoalPolicy, KeptPlans, Limits, Problem, Request, Until};
pub use response::{HeuristicReport, PhaseTimes, PlanReport, Provenance, Response, ResultReport};
pub use settings::{ResultSummary, Settings};
pub use subject::{Compiled, Subject};
use upkeep::Upkeep;
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
    /// Takes what is large and no longer needed. To take millions of small pieces apart takes long, and a job that
    /// was cancelled shall not wait for that.
    pub discard: fn(Box<dyn Any + Send>),
}

impl Environment {
    /// An environment with a task cache of its own, whose gate is open.
    pub fn new(pacing: Pacing, patterns: Rc<dyn PatternStore>) -> Self {
        Self { pacing, patterns, tasks: TaskCache::new(DEFAULT_LIMITS), gate: Rc::default(), discard: drop }
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

/// Jobs whose changes to the store may be under way at once. Where a store does not answer, the changes of later
/// jobs are dropped, which costs a search later.
const UPKEEP_MAX: usize = 64;

/// How long a service that ends waits for the changes to its store.
const UPKEEP_PATIENCE: Duration = Duration::from_secs(2);

/// A job that waits, its request, and its place in the queue.
type Submission = (Rc<JobCore>, Request, QueuePlace);

/// A place in the queue, given back when this is dropped.
struct QueuePlace(Rc<Cell<usize>>);

impl Drop for QueuePlace {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// The right to run, of which `max_in_flight` exist; returned when this is dropped.
struct RunningPlace<'a>(&'a Watch<usize>);

impl<'a> RunningPlace<'a> {
    /// Waits for a place. Places are given in the order of asking.
    async fn next(free: &'a Watch<usize>) -> Self {
        free.until(|free| (*free > 0).then_some(())).await;
        free.update(|free| *free -= 1);
        Self(free)
    }
}

impl Drop for RunningPlace<'_> {
    fn drop(&mut self) {
        self.0.update(|free| *free += 1);
    }
}

/// A handle to the service. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    queue: mpsc::UnboundedSender<Submission>,
    queue_max: usize,
    waiting: Rc<Cell<usize>>,
    next_id: Rc<Cell<u64>>,
    environment: Environment,
}

impl Service {
    /// A service, and the future that runs its jobs; it ends when every handle is gone and every
    /// job is answered.
    pub fn new(environment: Environment, config: ServiceConfig) -> (Self, impl Future<Output = ()>) {
        // The places in the queue bound the channel.
        let (queue, requests) = mpsc::unbounded();
        let running = run(environment.clone(), config.max_in_flight.max(1), requests);
        let service = Self {
            queue,
            queue_max: config.queue.max(1),
            waiting: Rc::default(),
            next_id: Rc::new(Cell::new(1)),
            environment,
        };
        (service, running)
    }

    /// Puts a request into the queue.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    pub fn submit(&self, request: Request) -> Result<Job, Busy> {
        if self.waiting.get() >= self.queue_max {
            return Err(Busy);
        }
        let id = self.next_id.get();
        let core = Rc::new(JobCore::new(id, &request, self.environment.pacing.clone()));
        self.waiting.set(self.waiting.get() + 1);
        let place = QueuePlace(Rc::clone(&self.waiting));
        self.queue.unbounded_send((Rc::clone(&core), request, place)).map_err(|_| Busy)?;
        self.next_id.set(id + 1);
        Ok(Job::new(core))
    }

    /// The cache of compiled tasks.
    pub fn tasks(&self) -> &Tasks {
        &self.environment.tasks
    }
}

async fn run(
    environment: Environment,
    max_in_flight: usize,
    mut requests: mpsc::UnboundedReceiver<Submission>,
) {
    let free = Watch::new(max_in_flight);
    let mut jobs = FuturesUnordered::new();
    let mut upkeep = FuturesUnordered::new();
    let mut is_open = true;
    while is_open || !jobs.is_empty() {
        select_biased! {
            request = requests.next() => match request {
                Some(submission) => jobs.push(serve(&environment, &free, submission)),
                None => is_open = false,
            },
            changes = jobs.select_next_some() => if !changes.is_empty() && upkeep.len() < UPKEEP_MAX {
                upkeep.push(keep_up(&environment, changes));
            },
            () = upkeep.select_next_some() => {}
        }
    }
    if !upkeep.is_empty() {
        let changes = upkeep.collect::<Vec<()>>();
        select(changes, environment.pacing.sleep.sleep(UPKEEP_PATIENCE)).await;
    }
}

/// Answers one request; a panic in it becomes an answer too, where panics can be caught. While a request waits
/// for the engine's code or for a place to run, it can be cancelled, and its deadline does not count.
async fn serve(
    environment: &Environment,
    free: &Watch<usize>,
    (core, request, place): Submission,
) -> Vec<Upkeep> {
    let begun = async {
        environment.gate.opened().await;
        RunningPlace::next(free).await
    };
    let running = match select(pin!(begun), pin!(core.control.cancelled())).await {
        Either::Left((running, _)) => running,
        Either::Right(_) => {
            core.finish(Response::ended(Outcome::Cancelled));
            return Vec::new();
        }
    };
    drop(place);
    let answer = AssertUnwindSafe(answer::answer(environment, &core, &request)).catch_unwind().await;
    let (response, upkeep) = answer.unwrap_or_else(|_| (Response::ended(Outcome::Fault), Vec::new()));
    drop(running);
    core.finish(response);
    upkeep
}

/// Makes the changes to the store that a job has asked for.
async fn keep_up(environment: &Environment, changes: Vec<Upkeep>) {
    for change in changes {
        change.apply(&*environment.patterns).await;
    }
}
