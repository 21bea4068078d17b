//! Time on Tokio: the monotonic clock, timers, and yielding to the runtime.

#![expect(clippy::disallowed_methods, reason = "this is where the native clock and timers are")]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::runtime::{Clock, Sleep, Yield};

/// The monotonic clock; its origin is its making.
#[derive(Clone, Copy, Debug)]
pub struct WallClock(Instant);

impl Default for WallClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for WallClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Tokio's timers. Must be used inside a Tokio runtime.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioSleep;

impl Sleep for TokioSleep {
    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        async move { tokio::time::sleep(duration).await }.boxed_local()
    }
}

/// Lets the runtime's other tasks, timers and signals have their turn.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioYield;

impl Yield for TokioYield {
    fn yield_now(&self) -> LocalBoxFuture<'static, ()> {
        tokio::task::yield_now().boxed_local()
    }
}

/// Milliseconds since 1970.
pub fn wall_clock_ms() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |elapsed| elapsed.as_millis() as f64)
}
