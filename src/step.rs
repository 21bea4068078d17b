//! Work in bounded steps: the contract between everything that can take long and the driver.
//!
//! A stepper does a bounded amount of work per call. Work is counted in units; a unit takes about as long as
//! generating a successor in a search. A stepper never reads a clock, never sleeps and never does I/O: the
//! driver in `runtime` owns time. How the work is cut into steps must not change its result.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// What a stepper may spend before it has to return.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    units: u64,
    expansions: u64,
    /// Units of work that were done beyond the budget.
    overrun: u64,
}

impl Budget {
    /// `units` of work, any number of expansions.
    pub fn units(units: u64) -> Self {
        Self { units, expansions: u64::MAX, overrun: 0 }
    }

    /// No limit: the work runs to its end.
    pub fn unlimited() -> Self {
        Self::units(u64::MAX)
    }

    /// This budget with at most `expansions` expansions, for stepping and watching.
    #[must_use]
    pub fn with_expansions(mut self, expansions: u64) -> Self {
        self.expansions = expansions;
        self
    }

    /// Takes `units` off the budget; if they are more than what is left, the budget is empty.
    pub fn spend(&mut self, units: u64) {
        let (left, is_more) = self.units.overflowing_sub(units);
        if is_more {
            self.overrun = self.overrun.saturating_add(units - self.units);
        }
        self.units = if is_more { 0 } else { left };
    }

    /// Takes one expansion off the budget.
    pub fn spend_expansion(&mut self) {
        self.expansions = self.expansions.saturating_sub(1);
    }

    /// Whether the stepper has to return. A stepper checks it before each piece of work.
    pub fn is_spent(&self) -> bool {
        self.units == 0
    }

    /// Whether no further expansion may begin.
    pub fn has_no_expansions(&self) -> bool {
        self.expansions == 0
    }

    /// Units left.
    pub fn units_left(&self) -> u64 {
        self.units
    }

    /// Units of work that were done beyond the budget.
    pub fn overrun(&self) -> u64 {
        self.overrun
    }

    /// Expansions left.
    pub fn expansions_left(&self) -> u64 {
        self.expansions
    }
}

/// The result of one call of [`Stepper::step`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Progress<T> {
    /// The budget ran out before the work did; call again.
    Pending,
    /// The work is done. The stepper must not be called again.
    Done(T),
}

/// Work that is done in bounded steps.
pub trait Stepper {
    /// The result of the whole work.
    type Output;

    /// Works until it is done or `budget` is spent. Always makes progress when the budget is not
    /// spent on entry.
    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output>;

    /// Bytes that the work holds now in arenas that grow with it. They are for display only: the stepper
    /// checks its memory limit itself.
    fn memory_bytes(&self) -> u64 {
        0
    }
}

/// Runs a stepper to its end in one go. For tests, benches and work known to be small.
pub fn run<S: Stepper>(mut stepper: S) -> S::Output {
    loop {
        if let Progress::Done(output) = stepper.step(&mut Budget::unlimited()) {
            return output;
        }
    }
}

/// An allowance of passes for work that is written as `async` functions; a pass is one bounded piece of it.
///
/// Recursive walks over formulas and atoms are written this way: the compiler turns them into state machines
/// that can stop between any two passes and resume later. Such work waits for nothing but its next allowance,
/// so it needs no asynchronous runtime.
#[derive(Debug)]
pub struct Pace {
    left: Cell<u64>,
}

impl Pace {
    /// An allowance that never runs out: the work does not pause.
    pub fn unlimited() -> Self {
        Self { left: Cell::new(u64::MAX) }
    }

    fn allow(&self, passes: u64) {
        self.left.set(passes);
    }

    /// Takes one pass from the allowance. Where none is left, the work pauses here until [`poll`] resumes it.
    pub async fn pass(&self) {
        poll_fn(|_| match self.left.get() {
            0 => Poll::Pending,
            left => {
                self.left.set(left - 1);
                Poll::Ready(())
            }
        })
        .await;
    }
}

/// Resumes `work` until it is done or has used up its allowance, which is `per_unit` passes for each unit of
/// `budget`. What it used is taken from `budget`, and at least one unit.
pub fn poll<F: Future + ?Sized>(
    work: Pin<&mut F>,
    pace: &Pace,
    per_unit: u64,
    budget: &mut Budget,
) -> Progress<F::Output> {
    let passes = budget.units_left().saturating_mul(per_unit);
    pace.allow(passes);
    let end = work.poll(&mut Context::from_waker(Waker::noop()));
    budget.spend((passes - pace.left.get()).div_ceil(per_unit).max(1));
    match end {
        Poll::Ready(output) => Progress::Done(output),
        Poll::Pending => Progress::Pending,
    }
}

/// Runs work whose [`Pace`] is unlimited to its end and returns its result.
pub fn finish<F: Future>(work: F) -> F::Output {
    let mut work = pin!(work);
    loop {
        if let Poll::Ready(output) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}
