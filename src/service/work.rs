//! A job under way: its request, what is known of its answer, and its methods for working and waiting.
//!
//! The parts of a job (compiling, replaying, kept plans, the searches, the answer) are methods of [`Work`] in
//! files of their own. Each part works and waits through the methods here, so nothing in a job outlasts its
//! cancellation or its deadline.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument;

use super::job_state::JobCore;
use super::keys::Keys;
use super::response::Response;
use super::upkeep::Upkeep;
use super::{Environment, Request};
use crate::runtime::{Bounds, Paced, Stop, drive};
use crate::trace::TraceBudget;

/// A job under way.
pub(super) struct Work<'a> {
    pub(super) environment: &'a Environment,
    pub(super) core: &'a JobCore,
    pub(super) request: &'a Request,
    pub(super) response: Response,
    /// Why and when the driver stopped the job, if there is a plan: the plan is checked all the same.
    pub(super) stopped: Option<(Stop, Duration)>,
    /// Most bytes that grounding held, and the bytes of the compiled task.
    pub(super) grounding_bytes: Cell<u64>,
    pub(super) task_bytes: Cell<u64>,
    /// What all recordings of the job may hold together, where it records.
    pub(super) traces: Option<TraceBudget>,
    /// Changes to the store, made once the job is answered.
    pub(super) upkeep: Vec<Upkeep>,
    /// The keys of the problem of the request.
    pub(super) keys: Arc<Keys>,
}

impl<'a> Work<'a> {
    pub(super) fn new(environment: &'a Environment, core: &'a JobCore, request: &'a Request) -> Self {
        Self {
            environment,
            core,
            request,
            response: Response::empty(),
            stopped: None,
            grounding_bytes: Cell::new(0),
            task_bytes: Cell::new(0),
            traces: request.trace.map(TraceBudget::from),
            upkeep: Vec::new(),
            keys: Arc::default(),
        }
    }

    /// Runs a stepper to its end, within the time that is left.
    pub(super) async fn drive<S: Paced>(&self, stepper: &RefCell<S>) -> Result<S::Output, Stop> {
        self.drive_for(self.core.remaining(), stepper).await
    }

    /// The same for a part of the time that is left.
    pub(super) async fn drive_for<S: Paced>(
        &self,
        time: Option<Duration>,
        stepper: &RefCell<S>,
    ) -> Result<S::Output, Stop> {
        let core = self.core;
        let driven = drive(&core.turns, &core.control, &core.meter, core.allowed(time), stepper);
        driven.instrument(core.phase_span()).await
    }

    /// Waits for something that is not the job's own work, and no longer than the job may take.
    pub(super) async fn wait<T>(&self, wait: impl Future<Output = T>) -> Result<T, Stop> {
        let core = self.core;
        let pacing = &self.environment.pacing;
        let allowed = core.allowed(core.remaining());
        Bounds::new(pacing, &core.control, &core.meter, allowed).race(wait).await
    }

    /// Time of work since it stood at `mark`.
    pub(super) fn worked_since(&self, mark: Duration) -> Duration {
        self.core.meter.worked().saturating_sub(mark)
    }
}
