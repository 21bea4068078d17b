//! What the services of a process count: how requests ended, how long they waited, how their work was cut up.
//!
//! A request is counted once, when it has ended. Everything is bounded, however long a process runs.

use std::array;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tracing::Span;

use super::answered::Answer;
use super::response::{Provenance, Response};
use crate::runtime::{Histogram, SliceLog, spans};
use crate::search::Outcome;

/// Stretches of time of [`Recent`].
pub const STRETCHES: usize = 60;
/// Their length: together they are ten minutes.
pub const STRETCH: Duration = Duration::from_secs(10);

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With a plan.
    Solved,
    /// With a compiled task, which was all that was asked for.
    Compiled,
    /// With the proof that there is no plan.
    Unsolvable,
    /// Without a claim, as the search ran out of states.
    Exhausted,
    /// At its time limit or deadline.
    TimeLimit,
    /// At its memory limit.
    MemoryLimit,
    /// At a step that would cost less than nothing.
    NegativeCost,
    /// It was cancelled.
    Cancelled,
    /// Its problem has errors.
    Invalid,
    /// Its problem asks for what is not supported.
    Unsupported,
    /// It was turned away: the queue was full.
    Busy,
    /// The service shut down.
    ShutDown,
    /// The planner failed.
    Fault,
}

impl End {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Self; 13] = [
        Self::Solved,
        Self::Compiled,
        Self::Unsolvable,
        Self::Exhausted,
        Self::TimeLimit,
        Self::MemoryLimit,
        Self::NegativeCost,
        Self::Cancelled,
        Self::Invalid,
        Self::Unsupported,
        Self::Busy,
        Self::ShutDown,
        Self::Fault,
    ];

    /// Its name in metrics and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::Compiled => "compiled",
            Self::Unsolvable => "unsolvable",
            Self::Exhausted => "exhausted",
            Self::TimeLimit => "time_limit",
            Self::MemoryLimit => "memory_limit",
            Self::NegativeCost => "negative_cost",
            Self::Cancelled => "cancelled",
            Self::Invalid => "invalid",
            Self::Unsupported => "unsupported",
            Self::Busy => "busy",
            Self::ShutDown => "shut_down",
            Self::Fault => "fault",
        }
    }

    /// How the request ended that was answered with `response`.
    pub(super) fn of(response: &Response) -> Self {
        match response.answer() {
            Answer::Planned(_) => Self::Solved,
            Answer::Compiled(_) => Self::Compiled,
            Answer::NoPlan(outcome) => match outcome {
                Outcome::Solved | Outcome::Fault => Self::Fault,
                Outcome::Unsolvable => Self::Unsolvable,
                Outcome::Exhausted => Self::Exhausted,
                Outcome::TimeLimit => Self::TimeLimit,
                Outcome::MemoryLimit => Self::MemoryLimit,
                Outcome::NegativeCost => Self::NegativeCost,
                Outcome::Cancelled => Self::Cancelled,
            },
            Answer::Invalid(_) => Self::Invalid,
            Answer::Unsupported(_) => Self::Unsupported,
            Answer::ShutDown => Self::ShutDown,
            Answer::Fault(_) => Self::Fault,
        }
    }
}

/// Tells whoever listens that a request has ended, and with which causes if the planner failed.
pub(super) fn tell(request: &Span, response: &Response) {
    spans::answered(request, End::of(response).name());
    if let Answer::Fault(fault) = response.answer() {
        request.in_scope(|| spans::failed(&fault));
    }
}

/// What was counted so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    ends: [u64; End::ALL.len()],
    /// Time from the submission of a request until its work began, of those whose work began.
    pub waits: Histogram,
    /// Lengths of the slices of all requests that have ended.
    pub slices: Histogram,
    /// Answers of the last ten minutes.
    pub recent: Recent,
}

impl Totals {
    /// Requests that ended in this way.
    pub fn ended(&self, end: End) -> u64 {
        self.ends[end as usize]
    }

    /// Requests that were answered: all but those that were turned away.
    pub fn answered(&self) -> u64 {
        self.ends.iter().sum::<u64>() - self.ended(End::Busy)
    }
}

/// Answers by when they came, over the last ten minutes.
#[derive(Clone, Debug, PartialEq)]
pub struct Recent {
    stretches: [Stretch; STRETCHES],
    /// The number of the latest stretch, since the clock's origin.
    latest: u64,
}

/// Answers of ten seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// All of them.
    pub answers: u32,
    /// Those for which something was kept: a plan, the plan of a similar problem, or the compiled task.
    pub from_caches: u32,
}

impl Default for Recent {
    fn default() -> Self {
        Self { stretches: [Stretch::default(); STRETCHES], latest: 0 }
    }
}

impl Recent {
    fn add(&mut self, now: Duration, is_from_cache: bool) {
        let number = number(now);
        if number > self.latest {
            let first = (self.latest + 1).max(number.saturating_sub(STRETCHES as u64 - 1));
            (first..=number).for_each(|gone| *self.at(gone) = Stretch::default());
            self.latest = number;
        } else if number + STRETCHES as u64 <= self.latest {
            return;
        }
        let stretch = self.at(number);
        stretch.answers = stretch.answers.saturating_add(1);
        stretch.from_caches = stretch.from_caches.saturating_add(u32::from(is_from_cache));
    }

    fn at(&mut self, number: u64) -> &mut Stretch {
        &mut self.stretches[(number % STRETCHES as u64) as usize]
    }

    /// The last ten minutes at `now`, oldest first; the last stretch is the one under way.
    pub fn until(&self, now: Duration) -> [Stretch; STRETCHES] {
        let newest = number(now).max(self.latest);
        array::from_fn(|at| {
            let age = (STRETCHES - 1 - at) as u64;
            let number = newest
                .checked_sub(age)
                .filter(|&number| number <= self.latest && number + STRETCHES as u64 > self.latest);
            number
                .map_or_else(Stretch::default, |number| self.stretches[(number % STRETCHES as u64) as usize])
        })
    }
}

fn number(now: Duration) -> u64 {
    now.as_secs() / STRETCH.as_secs()
}

/// Counts. Clones count together, on any thread; their clocks must have one origin.
#[derive(Clone, Debug, Default)]
pub struct Meters {
    totals: Arc<Mutex<Totals>>,
}

impl Meters {
    /// What was counted so far.
    pub fn totals(&self) -> Totals {
        self.lock().clone()
    }

    /// A request was turned away.
    pub fn count_busy(&self) {
        self.lock().ends[End::Busy as usize] += 1;
    }

    /// A request has ended, `waited` after its submission if its work began at all.
    pub(super) fn count(
        &self,
        response: &Response,
        waited: Option<Duration>,
        slices: &SliceLog,
        now: Duration,
    ) {
        let is_from_cache = response.compiled_hit
            || response.repair.is_some()
            || matches!(response.provenance, Provenance::Pattern { .. });
        let end = End::of(response);
        let mut totals = self.lock();
        totals.ends[end as usize] += 1;
        if let Some(waited) = waited {
            totals.waits.add(waited);
        }
        totals.slices.merge(&slices.lengths);
        totals.recent.add(now, is_from_cache);
    }

    fn lock(&self) -> MutexGuard<'_, Totals> {
        // Additions cannot leave it half done, so a poisoned lock is still consistent.
        self.totals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_counted_in_the_order_of_their_list() {
        assert!(End::ALL.iter().enumerate().all(|(at, end)| *end as usize == at));
    }

    #[test]
    fn the_last_ten_minutes_move_on_and_forget() {
        let at = Duration::from_secs;
        let mut recent = Recent::default();
        recent.add(at(3), false);
        recent.add(at(9), true);
        recent.add(at(12), true);
        let seen = recent.until(at(15));
        assert_eq!(seen[STRETCHES - 2], Stretch { answers: 2, from_caches: 1 });
        assert_eq!(seen[STRETCHES - 1], Stretch { answers: 1, from_caches: 1 });
        // Nothing came for a while: what there was is further back.
        let later = recent.until(at(595));
        assert_eq!((later[0].answers, later[1].answers), (2, 1));
        assert_eq!(recent.until(at(605))[0].answers, 1);
        assert!(recent.until(at(2_000)).iter().all(|stretch| stretch.answers == 0));
        // What comes next does not stand in what was left of an older round.
        recent.add(at(1_000), false);
        let all: u32 = recent.until(at(1_000)).iter().map(|stretch| stretch.answers).sum();
        assert_eq!(all, 1);
        // Another thread's answer that was on its way still finds its stretch; one that is too old has none.
        recent.add(at(995), false);
        recent.add(at(300), false);
        assert_eq!(recent.until(at(1_000))[STRETCHES - 2].answers, 1);
        let all: u32 = recent.until(at(1_000)).iter().map(|stretch| stretch.answers).sum();
        assert_eq!(all, 2);
    }
}
