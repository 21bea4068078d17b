//! Evaluations that can pause: on large tasks one of them takes longer than a frame.

use super::EDGES_PER_UNIT;
use super::relaxed::Relaxation;
use crate::step::{Budget, Progress};

/// The edges of the relaxation that a piece of an evaluation looks at.
#[derive(Debug)]
pub(super) struct Edges {
    /// How many it may look at.
    allowed: u64,
    looked_at: u64,
}

/// How many edges of the relaxation evaluations look at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Those of the evaluation that is under way.
    now: u64,
    /// Those of the last evaluation.
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

/// A heuristic that works on one evaluation in pieces, and counts the edges of the relaxation that it looks at.
pub(super) trait Pausing {
    /// Forgets an evaluation that has begun and is not over.
    fn abandon(&mut self);

    /// Works on the evaluation of a state while `edges` may be looked at, which it takes off; the estimate at the
    /// end, `None` for a dead end. It must be called with the same state until then.
    fn work(&mut self, state: &[u64], edges: &mut Edges) -> Progress<Option<i64>>;

    /// What its evaluations look at.
    fn tally(&mut self) -> &mut Tally;
}

/// The estimate for a state, without a pause.
pub(super) fn whole(heuristic: &mut impl Pausing, state: &[u64]) -> Option<i64> {
    heuristic.abandon();
    *heuristic.tally() = Tally::default();
    loop {
        if let Progress::Done(estimate) = within(heuristic, state, &mut Budget::unlimited()) {
            return estimate;
        }
    }
}

/// Works on the evaluation of a state while the budget lasts, and pays for it.
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
