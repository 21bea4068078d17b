//! Time, waiting and yielding, as small traits that platforms implement.

use std::time::Duration;

use futures::future::LocalBoxFuture;

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
