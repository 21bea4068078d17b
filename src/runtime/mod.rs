//! Who owns time: the driver, and the small traits that a platform implements for it.
//!
//! A stepper never knows how long it takes. The driver hands out budgets, measures each slice,
//! adapts the units per slice, checks cancellation, pause and deadline between slices, and yields.
//! Whatever a job waits for besides is raced against its cancellation and deadline by [`Bounds`].
//! The same driver serves browsers, Tokio and the virtual clock of the tests ([`sim`]).

mod bounds;
mod control;
mod driver;
pub mod histogram;
mod meter;
mod permits;
mod shares;
pub mod sim;
mod slices;
pub mod spans;
mod watch;

use std::rc::Rc;
use std::time::Duration;

use futures::future::LocalBoxFuture;

pub use bounds::{Allowed, Bounds, Stop};
pub use control::Control;
pub use driver::{Paced, drive};
pub use histogram::Histogram;
pub use meter::{Meter, SliceLog};
pub use permits::{Acquire, Permit, Permits};
pub use shares::{Share, Shares};
pub use slices::{Slices, in_slices};
pub use watch::Watch;

/// Monotonic time.
pub trait Clock {
    /// Time since an arbitrary origin.
    fn now(&self) -> Duration;
}

/// Waiting.
pub trait Sleep {
    /// Resolves after at least `duration`.
    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()>;
}

/// Giving the thread back to its event loop (a macrotask in browsers).
pub trait Yield {
    /// Resolves when the event loop has had its turn.
    fn yield_now(&self) -> LocalBoxFuture<'static, ()>;
}

/// The platform's time, as the driver needs it.
#[derive(Clone)]
pub struct Pacing {
    /// Monotonic time.
    pub clock: Rc<dyn Clock>,
    /// Waiting.
    pub sleep: Rc<dyn Sleep>,
    /// Yielding.
    pub yielder: Rc<dyn Yield>,
}
