//! The phase that a job is in, and its time of work by phase.

use std::time::Duration;

use super::progress::Phase;
use super::response::PhaseTimes;

/// A job's phases so far.
#[derive(Default)]
pub(super) struct Phases {
    /// The one under way.
    pub(super) now: Phase,
    /// The job's time of work when it began.
    entered: Duration,
    /// Those before.
    before: PhaseTimes,
}

impl Phases {
    /// Begins a phase, at this time of work; answers whether it is another one than before.
    pub(super) fn enter(&mut self, phase: Phase, worked: Duration) -> bool {
        self.before = self.times(worked);
        self.entered = worked;
        std::mem::replace(&mut self.now, phase) != phase
    }

    /// Time by phase at this time of work, the phase under way included.
    pub(super) fn times(&self, worked: Duration) -> PhaseTimes {
        let mut times = self.before;
        let so_far = worked.saturating_sub(self.entered);
        match self.now {
            Phase::Parse => times.parse += so_far,
            Phase::Ground => times.ground += so_far,
            Phase::Search => times.search += so_far,
            Phase::Validate => times.validate += so_far,
            Phase::Queued | Phase::Finished => {}
        }
        times
    }
}
