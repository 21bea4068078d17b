//! How a job's owner controls it: cancel, pause, step, pace. For one thread; shared by reference count.

use std::cell::Cell;
use std::future::Future;

use super::watch::Watch;

/// Most single steps that may wait.
const STEPS_MAX: u32 = 1_000;
/// Slowest pace: one expansion in ten seconds.
const PACE_MIN: f64 = 0.1;

/// The controls of one job.
#[derive(Debug, Default)]
pub struct Control {
    is_cancelled: Cell<bool>,
    is_paused: Cell<bool>,
    steps: Cell<u32>,
    pace: Cell<Option<f64>>,
    changes: Watch<u64>,
}

impl Control {
    /// Controls that let the work run, at this pace and perhaps paused.
    pub fn new(pace: Option<f64>, is_paused: bool) -> Self {
        let control = Self::default();
        control.is_paused.set(is_paused);
        control.set_pace(pace);
        control
    }

    /// Ends the work for good.
    pub fn cancel(&self) {
        self.is_cancelled.set(true);
        self.announce();
    }

    /// Holds the work and drops the single steps that wait.
    pub fn pause(&self) {
        self.is_paused.set(true);
        self.steps.set(0);
        self.announce();
    }

    /// Lets the work run.
    pub fn resume(&self) {
        self.is_paused.set(false);
        self.announce();
    }

    /// Pauses, then lets one more expansion run.
    pub fn step(&self) {
        self.is_paused.set(true);
        self.steps.set((self.steps.get() + 1).min(STEPS_MAX));
        self.announce();
    }

    /// Sets the pace in expansions a second; `None`, or a number that is not positive, means full speed.
    pub fn set_pace(&self, pace: Option<f64>) {
        self.pace.set(pace.filter(|pace| pace.is_finite() && *pace > 0.0).map(|pace| pace.max(PACE_MIN)));
        self.announce();
    }

    /// Whether the work was ended.
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.get()
    }

    /// Whether the work is held.
    pub fn is_paused(&self) -> bool {
        self.is_paused.get()
    }

    pub(super) fn pace(&self) -> Option<f64> {
        self.pace.get()
    }

    /// Single steps that were asked for and have not been taken.
    pub(super) fn steps(&self) -> u32 {
        self.steps.get()
    }

    pub(super) fn take_steps(&self, taken: u64) {
        self.steps.set(u64::from(self.steps.get()).saturating_sub(taken) as u32);
    }

    /// Resolves once the work was ended.
    pub async fn cancelled(&self) {
        while !self.is_cancelled() {
            self.changed().await;
        }
    }

    /// Resolves at the next call of any method that changes something.
    pub(super) fn changed(&self) -> impl Future<Output = ()> + '_ {
        let seen = self.changes.with(|changes| *changes);
        self.changes.until(move |changes| (*changes != seen).then_some(()))
    }

    /// Resolves once the work is held.
    pub async fn paused(&self) {
        while !self.is_paused() {
            self.changed().await;
        }
    }

    fn announce(&self) {
        self.changes.update(|changes| *changes += 1);
    }
}
