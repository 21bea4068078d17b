//! A round: work that is repeated, and its time.

use std::hint::black_box;
use std::time::Duration;

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::runtime::{Pacing, Slices};
use crate::step::{Budget, Progress, Stepper};

/// The event loop has its turn after so much work.
pub(super) const SLICE: Duration = Duration::from_millis(5);

/// What came of a round.
pub(super) struct Round {
    /// Seconds for one repetition, or bytes.
    pub(super) figure: f64,
    /// How long the round took, as it counts.
    pub(super) took: Duration,
}

impl Round {
    /// A round of so many repetitions.
    pub(super) fn of(took: Duration, repetitions: u64) -> Self {
        Self { figure: took.as_secs_f64() / repetitions.max(1) as f64, took }
    }
}

/// What can be repeated in rounds. It fails with a reason, for people.
pub(super) trait Rounds {
    /// One round of so many repetitions.
    fn round(&mut self, repetitions: u64) -> LocalBoxFuture<'_, Result<Round, String>>;
}

/// Work on this thread, in slices: only the slices count.
pub(super) struct Stepped<F, C> {
    pub(super) pacing: Pacing,
    /// Begins a repetition; that counts too.
    pub(super) begin: F,
    /// Whether a repetition came to what it has to.
    pub(super) is_right: C,
}

impl<S: Stepper, F: Fn() -> S, C: Fn(&S::Output) -> bool> Rounds for Stepped<F, C> {
    fn round(&mut self, repetitions: u64) -> LocalBoxFuture<'_, Result<Round, String>> {
        async move {
            let clock = &*self.pacing.clock;
            let (mut slices, mut took) = (Slices::default(), Duration::ZERO);
            let mut begun = clock.now();
            for _ in 0..repetitions {
                let mut work = (self.begin)();
                loop {
                    let mut budget = slices.budget();
                    let before = clock.now();
                    let progress = work.step(&mut budget);
                    let now = clock.now();
                    slices.adapt(budget, now.saturating_sub(before));
                    if let Progress::Done(output) = progress {
                        if !(self.is_right)(&output) {
                            return Err("it did not come to what it has to".to_owned());
                        }
                        drop(black_box(output));
                        break;
                    }
                    took += pause(&self.pacing, &mut begun, SLICE).await;
                }
                drop(work);
                took += pause(&self.pacing, &mut begun, SLICE).await;
            }
            took += clock.now().saturating_sub(begun);
            Ok(Round::of(took, repetitions))
        }
        .boxed_local()
    }
}

/// Lets the event loop have its turn where work has gone on for `slice` since `begun`, and answers how long the work
/// was; else zero.
pub(super) async fn pause(pacing: &Pacing, begun: &mut Duration, slice: Duration) -> Duration {
    let worked = pacing.clock.now().saturating_sub(*begun);
    if worked < slice {
        return Duration::ZERO;
    }
    pacing.yielder.yield_now().await;
    *begun = pacing.clock.now();
    worked
}

/// Work that is done in one go as a stepper.
pub(super) struct Once<F>(pub(super) F);

impl<T, F: FnMut() -> T> Stepper for Once<F> {
    type Output = T;

    fn step(&mut self, budget: &mut Budget) -> Progress<T> {
        budget.spend(1);
        Progress::Done((self.0)())
    }
}
