//! Bounds of a job's waits: a wait ends when the job is cancelled or its time is over.
//!
//! Whatever a job waits for (a cache that another job fills, a store, the event loop) is raced against both
//! here, so no wait outlasts the job. Time during which the job is paused does not count.

use std::future::{Future, pending};
use std::pin::pin;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, select};

use super::{Control, Meter, Pacing};

/// Why the driver stopped before the stepper was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Somebody cancelled it.
    Cancelled,
    /// The deadline passed.
    TimeLimit,
}

/// The bounds of one stretch of a job's work.
pub struct Bounds<'a> {
    pacing: &'a Pacing,
    control: &'a Control,
    meter: &'a Meter,
    started: Duration,
    waited_before: Duration,
    remaining: Option<Duration>,
    /// The timer of the deadline. It is set at the first wait, and again after a pause has moved the
    /// deadline.
    timer: Option<LocalBoxFuture<'static, ()>>,
}

impl<'a> Bounds<'a> {
    /// Bounds that begin now; `remaining` is the time left, `None` for no limit.
    pub fn new(
        pacing: &'a Pacing,
        control: &'a Control,
        meter: &'a Meter,
        remaining: Option<Duration>,
    ) -> Self {
        let started = pacing.clock.now();
        let waited_before = meter.waited(started);
        Self { pacing, control, meter, started, waited_before, remaining, timer: None }
    }

    /// Whether the work may go on at `now`.
    ///
    /// # Errors
    /// [`Stop`] where it was cancelled or its time is over.
    pub fn check(&self, now: Duration) -> Result<(), Stop> {
        if self.control.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        if self.left(now) == Some(Duration::ZERO) { Err(Stop::TimeLimit) } else { Ok(()) }
    }

    /// Waits for `wait`, and no longer than the bounds allow.
    ///
    /// # Errors
    /// [`Stop`] where it was cancelled or its time is over first; `wait` is dropped then.
    pub async fn race<T>(&mut self, wait: impl Future<Output = T>) -> Result<T, Stop> {
        match select(pin!(wait), pin!(self.ended())).await {
            Either::Left((output, _)) => Ok(output),
            Either::Right((stop, _)) => Err(stop),
        }
    }

    /// Resolves once it was cancelled or its time is over.
    async fn ended(&mut self) -> Stop {
        loop {
            let now = self.pacing.clock.now();
            if let Err(stop) = self.check(now) {
                return stop;
            }
            let held = self.control.is_paused().then(|| Held::new(self.pacing, self.meter));
            let changed = pin!(self.control.changed());
            let is_over = matches!(select(changed, self.timer(now)).await, Either::Right(_));
            drop(held);
            if is_over {
                self.timer = None;
            }
        }
    }

    /// Time left at `now`.
    fn left(&self, now: Duration) -> Option<Duration> {
        let waited = self.meter.waited(now).saturating_sub(self.waited_before);
        let used = now.saturating_sub(self.started).saturating_sub(waited);
        self.remaining.map(|remaining| remaining.saturating_sub(used))
    }

    /// Wakes the wait when the time may be over; never while the job is paused.
    fn timer(&mut self, now: Duration) -> LocalBoxFuture<'_, ()> {
        let Some(left) = self.left(now).filter(|_| !self.control.is_paused()) else {
            return pending().boxed_local();
        };
        let sleep = &self.pacing.sleep;
        self.timer.get_or_insert_with(|| sleep.sleep(left)).boxed_local()
    }
}

/// Time that does not count, until it is dropped.
struct Held<'a> {
    pacing: &'a Pacing,
    meter: &'a Meter,
}

impl<'a> Held<'a> {
    fn new(pacing: &'a Pacing, meter: &'a Meter) -> Self {
        meter.begin_wait(pacing.clock.now());
        Self { pacing, meter }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.meter.end_wait(self.pacing.clock.now());
    }
}
