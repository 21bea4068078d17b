//! The page: Leptos components, one a file, over a small [`Host`].
//!
//! The page never imports the platform: what it needs of it stands in [`Host`].

pub mod scope;
pub mod trace_handle;

use std::rc::Rc;

use crate::service::{Job, Request};
use crate::store::Documents;

/// What the page needs of its platform.
pub trait Host {
    /// Puts a request into the service's queue.
    ///
    /// # Errors
    /// [`Busy`] where the queue is full.
    fn submit(&self, request: Request) -> Result<Job, Busy>;

    /// The documents kept in this browser.
    fn documents(&self) -> Rc<dyn Documents>;

    /// Milliseconds on a monotonic clock.
    fn now_ms(&self) -> f64;

    /// Milliseconds since 1970.
    fn wall_clock_ms(&self) -> f64;

    /// 64 random bits, for ids.
    fn random(&self) -> u64;
}

/// The queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the planner is busy; try again when a run has ended")]
pub struct Busy;
