//! Evaluations that can pause: on a large task a single evaluation takes longer than a frame.

use super::EDGES_PER_UNIT;
use super::relaxed::Relaxation;
use crate::step::{Budget, Progress};

/// Counts the edges of the relaxation that a piece of an evaluation looks at.
#[derive(Debug)]
pub(super) struct Edges {
    /// How many edges the piece may look at before it pauses.
    allowed: u64,
    looked_at: u64,
}

/// How many edges of the relaxation whole evaluations look at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Edges of the evaluation under way, so far.
    now: u64,
    /// Edges of the last evaluation; 0 before the first.
    last: u64,
}

impl Edges {
    /// Counts edges before they are looked at.
    #[inline]
    pub(super) fn look_at(&mut self, edges: u64) {
        self.looked_at = self.looked_at.saturating_add(edges);
    }

    /// Whether the evaluation has to pause.
    #[inline]
    pub(super) fn are_spent(&self) -> bool {
        self.looked_at >= self.allowed
    }
}

impl Tally {
    /// Units of work of the last evaluation; an estimate before the first.
    pub(super) fn units_or(self, relaxation: &Relaxation) -> u64 {
        if self.last == 0 {
            relaxation.exploration_units()
        } else {
            self.last.div_ceil(EDGES_PER_UNIT as u64)
        }
    }
}

/// A heuristic that evaluates a state in pieces. It counts the edges of the relaxation that it looks at.
pub(super) trait Pausing {
    /// Discards an unfinished evaluation.
    fn abandon(&mut self);

    /// Continues the evaluation of a state and counts in `edges` what it looks at; pending once they are
    /// spent. At the end it answers the estimate, or `None` for a dead end. Until then it must be called with
    /// the same state.
    fn work(&mut self, state: &[u64], edges: &mut Edges) -> Progress<Option<i64>>;

    /// The edges that its evaluations look at.
    fn tally(&mut self) -> &mut Tally;
}

/// Evaluates a state from start to end.
pub(super) fn whole(heuristic: &mut impl Pausing, state: &[u64]) -> Option<i64> {
    heuristic.abandon();
    *heuristic.tally() = Tally::default();
    loop {
        if let Progress::Done(estimate) = within(heuristic, state, &mut Budget::unlimited()) {
            return estimate;
        }
    }
}

/// Continues the evaluation of a state while the budget lasts, and charges its work to the budget.
pub(super) fn within(
    heuristic: &mut impl Pausing,
    state: &[u64],
    budget: &mut Budget,
) -> Progress<Option<i64>> {
    let allowed = budget.units_left().saturating_mul(EDGES_PER_UNIT as u64).max(1);
    let mut edges = Edges { allowed, looked_at: 0 };
    let progress = heuristic.work(state, &mut edges);
    budget.spend(edges.looked_at.div_ceil(EDGES_PER_UNIT as u64));
    let tally = heuristic.tally();
    tally.now = tally.now.saturating_add(edges.looked_at);
    if let Progress::Done(_) = progress {
        tally.last = std::mem::take(&mut tally.now);
    }
    progress
}
