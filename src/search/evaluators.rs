//! The heuristics of a search: set up one after the other, then asked together.

use crate::heuristic::{Heuristic, LandmarkCounts, Preparation};
use crate::step::{Budget, Progress};
use crate::task::{OperatorId, OutOfMemory, StateId};

/// Stands for h where the state is a dead end or h is not known.
pub(super) const DEAD_END: i64 = i64::MAX;

/// Units of work of a piece of setting up: less than a millisecond.
const PIECE_UNITS: u64 = 500;

/// A heuristic and what the search knows of it.
pub(super) struct Evaluator {
    pub(super) heuristic: Box<dyn Heuristic>,
    /// Its least estimate so far.
    pub(super) best: i64,
    /// Its latest estimate.
    pub(super) h: i64,
    /// Its estimate of the initial state, which is evaluated first; `None` before that, and where the initial state
    /// is a dead end.
    initial: Option<i64>,
}

/// How a heuristic began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeuristicStart {
    /// Its estimate of the initial state, in the unit of its measure; `None` for a dead end.
    pub initial_h: Option<i64>,
    /// How many landmarks and orders it found, if it is a landmark heuristic.
    pub landmarks: Option<LandmarkCounts>,
}

/// All heuristics of a search.
pub(super) struct Evaluators {
    /// Heuristics that are still to be set up; the last one is next.
    left: Vec<Preparation>,
    ready: Vec<Evaluator>,
    preparing_bytes: u64,
    /// How many heuristics have answered for the state that is being evaluated.
    asked: usize,
    /// Units of work of setting up and of all evaluations.
    work: u64,
}

impl Evaluators {
    pub(super) fn new(mut heuristics: Vec<Preparation>) -> Self {
        heuristics.reverse();
        Self { left: heuristics, ready: Vec::new(), preparing_bytes: 0, asked: 0, work: 0 }
    }

    /// Does one piece of the set-up that is left; answers whether all heuristics are ready. The size of a
    /// piece does not depend on the budget, which pays for it. So the result, and the work that it counts as,
    /// do not depend on how the search is sliced.
    ///
    /// # Errors
    /// [`OutOfMemory`] where all heuristics together would take more than `limit` bytes.
    pub(super) fn prepare(&mut self, budget: &mut Budget, limit: u64) -> Result<bool, OutOfMemory> {
        let Some(preparation) = self.left.last_mut() else { return Ok(true) };
        let ready: u64 = self.ready.iter().map(|evaluator| evaluator.heuristic.memory_bytes()).sum();
        let mut piece = Budget::units(PIECE_UNITS);
        let stepped = preparation.step(&mut piece, limit.saturating_sub(ready));
        self.preparing_bytes = preparation.memory_bytes();
        let spent = PIECE_UNITS - piece.units_left() + piece.overrun();
        self.work += spent;
        budget.spend(spent.max(1));
        stepped?;
        if let Some(Preparation::Ready(heuristic)) =
            self.left.pop_if(|preparation| matches!(preparation, Preparation::Ready(_)))
        {
            self.preparing_bytes = 0;
            self.ready.push(Evaluator { heuristic, best: DEAD_END, h: DEAD_END, initial: None });
        }
        Ok(self.left.is_empty())
    }

    /// Evaluates a registered state with every heuristic. Answers the estimate of the first heuristic, or `None` where
    /// any of them proves a dead end. Where the budget runs out, the answer is pending, and the caller has to call
    /// again with the same state.
    #[inline]
    pub(super) fn evaluate(
        &mut self,
        node: StateId,
        from: Option<(StateId, OperatorId)>,
        state: &[u64],
        budget: &mut Budget,
    ) -> Progress<Option<i64>> {
        while let Some(evaluator) = self.ready.get_mut(self.asked) {
            let Progress::Done(h) = evaluator.heuristic.proceed(node, from, state, budget) else {
                return Progress::Pending;
            };
            self.work += evaluator.heuristic.evaluation_units();
            let Some(h) = h else {
                self.asked = 0;
                return Progress::Done(None);
            };
            evaluator.h = h;
            evaluator.initial = evaluator.initial.or(Some(h));
            self.asked += 1;
        }
        self.asked = 0;
        Progress::Done(self.ready.first().map(|evaluator| evaluator.h))
    }

    /// The greatest of the latest estimates.
    pub(super) fn highest(&self) -> i64 {
        self.ready.iter().map(|evaluator| evaluator.h).max().unwrap_or(DEAD_END)
    }

    /// Whether any heuristic prefers operators.
    pub(super) fn have_preferred(&self) -> bool {
        self.ready.iter().any(|evaluator| evaluator.heuristic.has_preferred())
    }

    /// The operators that any heuristic prefers in the state that was evaluated last, ascending, each once.
    pub(super) fn list_preferred(&self, operators: &mut Vec<OperatorId>) {
        operators.clear();
        for evaluator in &self.ready {
            operators.extend_from_slice(evaluator.heuristic.preferred());
        }
        operators.sort_unstable();
        operators.dedup();
    }

    /// Notes the latest estimates; answers whether any heuristic had never given one as low.
    pub(super) fn note_progress(&mut self) -> bool {
        let mut is_progress = false;
        for evaluator in &mut self.ready {
            is_progress |= evaluator.h < evaluator.best;
            evaluator.best = evaluator.best.min(evaluator.h);
        }
        is_progress
    }

    /// About the units of work of setting up and of all evaluations; the same however they were sliced.
    pub(super) fn work(&self) -> u64 {
        self.work
    }

    /// Hands over the heuristics that are set up, in their order.
    pub(super) fn into_heuristics(self) -> Vec<Box<dyn Heuristic>> {
        self.ready.into_iter().map(|evaluator| evaluator.heuristic).collect()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Evaluator> {
        self.ready.iter()
    }

    /// How each of them began.
    pub(super) fn starts(&self) -> Vec<HeuristicStart> {
        let start = |evaluator: &Evaluator| HeuristicStart {
            initial_h: evaluator.initial,
            landmarks: evaluator.heuristic.landmark_counts(),
        };
        self.ready.iter().map(start).collect()
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> u64 {
        self.ready.iter().map(|evaluator| evaluator.heuristic.memory_bytes()).sum::<u64>()
            + self.preparing_bytes
    }
}
