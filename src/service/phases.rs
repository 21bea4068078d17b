//! The phase that a job is in, and its time of work by phase.

use std::time::Duration;

use tracing::Span;

use super::progress::Phase;
use super::response::PhaseTimes;
use crate::runtime::spans;

/// A job's phases so far.
pub(super) struct Phases {
    /// The one under way.
    pub(super) now: Phase,
    /// Its span, and that of the job. A job that is answered has none, so that they end there.
    pub(super) span: Span,
    pub(super) request: Span,
    /// The job's time of work when it began.
    entered: Duration,
    /// Those before.
    before: PhaseTimes,
}

impl Default for Phases {
    fn default() -> Self {
        Self {
            now: Phase::default(),
            span: Span::none(),
            request: Span::none(),
            entered: Duration::ZERO,
            before: PhaseTimes::default(),
        }
    }
}

impl Phases {
    /// Before the first: the job waits in the queue.
    pub(super) fn new(request: Span) -> Self {
        Self { span: spans::queue(&request), request, ..Self::default() }
    }

    /// Begins a phase, at this time of work; answers whether it is another one than before.
    pub(super) fn enter(&mut self, phase: Phase, worked: Duration) -> bool {
        self.before = self.times(worked);
        self.entered = worked;
        let is_other = std::mem::replace(&mut self.now, phase) != phase;
        if is_other {
            let name = match phase {
                Phase::Queued | Phase::Finished => None,
                Phase::Parse => Some("parse"),
                Phase::Ground => Some("ground"),
                Phase::Search => Some("search"),
                Phase::Validate => Some("validate"),
            };
            self.span = name.map_or_else(Span::none, |name| spans::phase(&self.request, name));
        }
        if phase == Phase::Finished {
            self.request = Span::none();
        }
        is_other
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
