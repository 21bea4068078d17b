//! A running or finished request, as its caller holds it.
//!
//! A job is a cheap handle (reference-counted, one thread). Dropping every handle cancels it.

use std::rc::{Rc, Weak};
use std::time::Duration;

use super::events::{Event, Events};
use super::job_state::JobCore;
use super::node::NodeReport;
use super::progress::ProgressReport;
use super::response::Response;
use crate::lang::plan::Step;
use crate::runtime::Control;
use crate::trace::Trace;

/// A handle to a job. Dropping every clone cancels the job.
#[derive(Clone)]
pub struct Job {
    core: Rc<JobCore>,
    guard: Rc<CancelOnDrop>,
}

/// A handle that does not keep its job from being cancelled.
#[derive(Clone)]
pub struct WeakJob {
    core: Weak<JobCore>,
    guard: Weak<CancelOnDrop>,
}

impl WeakJob {
    /// The job, while somebody else holds it.
    pub fn upgrade(&self) -> Option<Job> {
        Some(Job { core: self.core.upgrade()?, guard: self.guard.upgrade()? })
    }
}

struct CancelOnDrop(Rc<JobCore>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.control.cancel();
    }
}

impl Job {
    pub(super) fn new(core: Rc<JobCore>) -> Self {
        Self { guard: Rc::new(CancelOnDrop(Rc::clone(&core))), core }
    }

    /// A handle that does not keep the job from being cancelled.
    pub fn downgrade(&self) -> WeakJob {
        WeakJob { core: Rc::downgrade(&self.core), guard: Rc::downgrade(&self.guard) }
    }

    /// Numbers the jobs of a service, from 1.
    pub fn id(&self) -> u64 {
        self.core.id
    }

    /// Cancels the job: it ends as cancelled within a slice.
    pub fn cancel(&self) {
        self.core.control.cancel();
    }

    /// Pauses the job after the current slice.
    pub fn pause(&self) {
        self.hold(Control::pause);
    }

    /// Lets a paused job go on.
    pub fn resume(&self) {
        self.hold(Control::resume);
    }

    /// One expansion, then paused again. Pauses a running job first.
    pub fn step(&self) {
        self.hold(Control::step);
    }

    /// What happens to the job, from its beginning; see [`Event`]. The stream does not keep the job from being
    /// cancelled.
    pub fn events(&self) -> Events {
        Rc::clone(&self.core.events).read()
    }

    /// Changes the controls, and says so where that holds the job or lets it go on.
    fn hold(&self, change: impl FnOnce(&Control)) {
        let control = &self.core.control;
        let was_paused = control.is_paused();
        change(control);
        if control.is_paused() != was_paused {
            self.core.events.add(if was_paused { Event::Resumed } else { Event::Paused });
        }
    }

    /// Expansions a second to watch; `None` for full speed.
    pub fn set_pace(&self, expansions_per_second: Option<f64>) {
        self.core.control.set_pace(expansions_per_second);
    }

    /// A snapshot. O(slices kept).
    pub fn progress(&self) -> ProgressReport {
        self.core.progress()
    }

    /// Time of work so far: the sum of all slices.
    pub fn worked(&self) -> Duration {
        self.core.meter.worked()
    }

    /// The response, once it is there.
    pub fn response(&self) -> Option<Rc<Response>> {
        self.core.response()
    }

    /// Waits for the response.
    pub async fn finished(&self) -> Rc<Response> {
        self.core.answered().await
    }

    /// Calls `look` with the recording of the search on show; `None` where there is none. The closure must not call
    /// back into the job.
    pub fn with_trace<R>(&self, look: impl FnOnce(&Trace) -> R) -> Option<R> {
        let search = self.core.shown()?;
        let search = search.try_borrow().ok()?;
        search.trace().map(look)
    }

    /// The name of an operator in the recording, as a step; `None` where it is not known.
    pub fn step_of(&self, operator: u32) -> Option<Step> {
        self.core.shown()?.try_borrow().ok()?.step_of(operator)
    }

    /// Opens a node of the recording as it was after `time` expansions, or as it is now. Replays the way to it
    /// on the source model: O(depth + actions + recorded arrivals).
    ///
    /// A GOAP document may have thousands of bindings that the validator has to try for that, so it goes in slices
    /// and yields between them.
    pub async fn inspect(&self, node: u32, time: Option<u32>) -> Option<NodeReport> {
        super::inspect::inspect(&self.core, node, time).await
    }
}
