//! Bounds of a job's waits: a wait ends when the job is cancelled or its time is over.
//!
//! Whatever a job waits for (a cache that another job fills, a store, the event loop) is raced against both
//! here, so no wait outlasts the job. Time during which the job is paused counts for its deadline on the clock, and
//! not for its time of work.

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

/// How long something may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Time from now, without the time that it is held by a pause or by its pace; `None` for no limit.
    pub time: Option<Duration>,
    /// When it has to end on the clock, held or not; `None` for no limit.
    pub until: Option<Duration>,
}

impl From<Option<Duration>> for Allowed {
    /// A time, and no end on the clock.
    fn from(time: Option<Duration>) -> Self {
        Self { time, until: None }
    }
}

/// The bounds of one stretch of a job's work.
pub struct Bounds<'a> {
    pacing: &'a Pacing,
    control: &'a Control,
    meter: &'a Meter,
    started: Duration,
    waited_before: Duration,
    allowed: Allowed,
    /// The timer of the end, and whether the job was paused when it was set. It is set at the first wait, and again
    /// after a pause has moved the end.
    timer: Option<(bool, LocalBoxFuture<'static, ()>)>,
}

impl<'a> Bounds<'a> {
    /// Bounds that begin now.
    pub fn new(
        pacing: &'a Pacing,
        control: &'a Control,
        meter: &'a Meter,
        allowed: impl Into<Allowed>,
    ) -> Self {
        let started = pacing.clock.now();
        let waited_before = meter.waited(started);
        Self { pacing, control, meter, started, waited_before, allowed: allowed.into(), timer: None }
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

    /// Resolves when the end on the clock has come, if there is one.
    pub(super) async fn overdue(&self) {
        match self.allowed.until {
            Some(until) => self.pacing.sleep.sleep(until.saturating_sub(self.pacing.clock.now())).await,
            None => pending().await,
        }
    }

    /// Time left at `now`, were it to go on from here without a pause.
    fn left(&self, now: Duration) -> Option<Duration> {
        let waited = self.meter.waited(now).saturating_sub(self.waited_before);
        let used = now.saturating_sub(self.started).saturating_sub(waited);
        let of_time = self.allowed.time.map(|time| time.saturating_sub(used));
        of_time.into_iter().chain(self.left_on_clock(now)).min()
    }

    fn left_on_clock(&self, now: Duration) -> Option<Duration> {
        self.allowed.until.map(|until| until.saturating_sub(now))
    }

    /// Wakes the wait when the time may be over; while the job is paused, only its end on the clock comes nearer.
    fn timer(&mut self, now: Duration) -> LocalBoxFuture<'_, ()> {
        let is_paused = self.control.is_paused();
        let left = if is_paused { self.left_on_clock(now) } else { self.left(now) };
        let Some(left) = left else { return pending().boxed_local() };
        let sleep = &self.pacing.sleep;
        let timer = self.timer.take().filter(|(was_paused, _)| *was_paused == is_paused);
        let timer = timer.unwrap_or_else(|| (is_paused, sleep.sleep(left)));
        (&mut self.timer.insert(timer).1).boxed_local()
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
