//! The page: Leptos components, one a file, over a small [`Host`].
//!
//! The page never imports the platform: what it needs of it stands in [`Host`].

use std::rc::Rc;

pub use crate::service::Busy;
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
