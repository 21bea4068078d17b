//! Evaluations that can pause: on large tasks one of them takes longer than a frame.

use super::EDGES_PER_UNIT;
use crate::step::{Budget, Progress};

/// A heuristic that works on one evaluation in pieces, and counts the edges of the relaxation that it looks at.
pub(super) trait Pausing {
    /// Forgets an evaluation that has begun and is not over.
    fn abandon(&mut self);

    /// Works on the evaluation of a state while `edges` may be looked at, which it takes off; the estimate at the
    /// end, `None` for a dead end. It must be called with the same state until then.
    fn work(&mut self, state: &[u64], edges: &mut u64) -> Progress<Option<i64>>;
}

/// The estimate for a state, without a pause.
pub(super) fn whole(heuristic: &mut impl Pausing, state: &[u64]) -> Option<i64> {
    heuristic.abandon();
    loop {
        let mut edges = u64::MAX;
        if let Progress::Done(estimate) = heuristic.work(state, &mut edges) {
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
    let mut edges = allowed;
    let progress = heuristic.work(state, &mut edges);
    budget.spend((allowed - edges).div_ceil(EDGES_PER_UNIT as u64));
    progress
}
