//! What the queue hands to who runs the jobs: submissions, and how far the service is on its way to its end.

use std::rc::Rc;
use std::time::Duration;

use super::Request;
use super::job_state::JobCore;
use super::response::Response;
use crate::runtime::{Acquire, Permit};

/// How far a service is on its way to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closing {
    /// It takes requests.
    #[default]
    No,
    /// It answers what it has taken, until this time on the clock.
    Draining(Duration),
    /// It cancels what is left.
    Over,
    /// Nothing runs any more.
    Ended,
}

/// A job that waits, its request, and its place in the queue, which it has until its turn has come.
pub(super) struct Submission {
    pub(super) job: Unanswered,
    pub(super) request: Request,
    pub(super) place: Permit,
    /// Its turn to run.
    pub(super) turn: Acquire,
}

/// A job that is answered in any case: where nobody else has, it says that the service shut down.
pub(super) struct Unanswered(pub(super) Rc<JobCore>);

impl Drop for Unanswered {
    fn drop(&mut self) {
        if self.0.response().is_none() {
            self.0.finish(Response::shut_down());
        }
    }
}

impl Closing {
    /// When the draining ends, if it is under way.
    pub(super) fn drains_until(self) -> Option<Duration> {
        if let Self::Draining(until) = self { Some(until) } else { None }
    }
}
