//! What a service does now, and what it has done: a snapshot.

use std::time::Duration;

use super::job_state::JobCore;
use super::meters::Totals;
use super::progress::Phase;
use super::queue::Service;
use crate::cache::CacheFigures;
use crate::search::EngineConfig;
use crate::store::StoreFigures;

/// Most requests that a snapshot lists.
pub const REQUESTS_MAX: usize = 100;

/// A service at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceFigures {
    /// When, on the service's clock.
    pub now: Duration,
    /// Time since the service was made.
    pub open: Duration,
    /// Requests that wait in the queue, and how many may.
    pub waiting: usize,
    /// How many may.
    pub capacity: usize,
    /// Requests that are worked on.
    pub in_flight: usize,
    /// How many may be at once.
    pub max_in_flight: usize,
    /// What the services of the process have counted. Slices of the requests below are among them.
    pub totals: Totals,
    /// The requests that are not answered yet, oldest first, [`REQUESTS_MAX`] at most.
    pub requests: Vec<RequestFigures>,
    /// Requests for which that list has no room.
    pub unlisted: usize,
    /// The cache of compiled tasks.
    pub tasks: CacheFigures,
    /// The plans of similar problems.
    pub near: CacheFigures,
}

/// A request that is not answered yet.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestFigures {
    /// Its number, as [`super::Job::id`] has it.
    pub id: u64,
    /// The name of its problem, once that is read; empty where it has none.
    pub name: String,
    /// The engine.
    pub engine: EngineConfig,
    /// What it is doing.
    pub phase: Phase,
    /// Whether it is paused.
    pub is_paused: bool,
    /// Time of work so far.
    pub worked: Duration,
    /// Time since it was submitted.
    pub since: Duration,
    /// Time left until its time limit or deadline; `None` where it has neither.
    pub left: Option<Duration>,
}

/// A service with what is kept beside it, at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SystemFigures {
    /// The service.
    pub service: ServiceFigures,
    /// The cache of kept plans.
    pub patterns: CacheFigures,
    /// The store of documents.
    pub documents_store: StoreFigures,
    /// The store of kept plans.
    pub pattern_store: StoreFigures,
}

impl Service {
    /// What the service does now, and what was counted so far. O(requests under way).
    pub fn figures(&self) -> ServiceFigures {
        let now = self.environment.pacing.clock.now();
        let (tasks, near) = (&self.environment.tasks, &self.environment.near);
        let mut totals = self.ledger.meters.totals();
        let mut jobs = self.ledger.jobs();
        jobs.sort_unstable_by_key(|job| job.id);
        jobs.iter().for_each(|job| job.meter.with_slices(|log| totals.slices.merge(&log.lengths)));
        ServiceFigures {
            now,
            open: now.saturating_sub(self.opened),
            waiting: self.waiting(),
            capacity: self.capacity(),
            in_flight: self.running.taken(),
            max_in_flight: self.running.total(),
            totals,
            requests: jobs.iter().take(REQUESTS_MAX).map(|job| job.figures(now)).collect(),
            unlisted: jobs.len().saturating_sub(REQUESTS_MAX),
            tasks: CacheFigures { counters: tasks.counters(), limits: tasks.limits() },
            near: CacheFigures { counters: near.counters(), limits: near.limits() },
        }
    }
}

impl JobCore {
    /// How it stands at `now`.
    fn figures(&self, now: Duration) -> RequestFigures {
        RequestFigures {
            id: self.id,
            name: self.name(),
            engine: self.engine,
            phase: self.phase(),
            is_paused: self.control.is_paused(),
            worked: self.meter.worked(),
            since: now.saturating_sub(self.submitted),
            left: self.remaining(),
        }
    }
}
