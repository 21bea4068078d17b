//! The heuristics of a search: set up one after the other, then asked together.

use crate::heuristic::{Heuristic, LandmarkCounts, Preparation};
use crate::step::{Budget, Progress};
use crate::task::{OperatorId, OutOfMemory, StateId};

/// The h of a dead end, and of what is not known.
pub(super) const DEAD_END: i64 = i64::MAX;

/// Units of work of a piece of setting up: less than a millisecond.
const PIECE_UNITS: u64 = 500;

/// A heuristic and what the search knows of it.
pub(super) struct Evaluator {
    pub(super) heuristic: Box<dyn Heuristic>,
    /// The least estimate so far.
    pub(super) best: i64,
    /// The latest estimate.
    pub(super) h: i64,
    /// The first one, which is of the initial state; `None` as long as there is none, and where that is a dead
    /// end.
    initial: Option<i64>,
}

/// How a heuristic began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeuristicStart {
    /// Its estimate of the initial state, in what it measures; `None` where it has none.
    pub initial_h: Option<i64>,
    /// Its landmarks, where it counts some.
    pub landmarks: Option<LandmarkCounts>,
}

/// All heuristics of a search.
pub(super) struct Evaluators {
    /// Still to be set up, the next one last.
    left: Vec<Preparation>,
    ready: Vec<Evaluator>,
    preparing_bytes: u64,
    /// How many have answered for the state that is being evaluated.
    asked: usize,
    /// Units of work of setting up and of all evaluations.
    work: u64,
}

impl Evaluators {
    pub(super) fn new(mut heuristics: Vec<Preparation>) -> Self {
        heuristics.reverse();
        Self { left: heuristics, ready: Vec::new(), preparing_bytes: 0, asked: 0, work: 0 }
    }

    /// Does one piece of the setting up that is left; answers whether all are ready. Pieces are as large as they
    /// are whatever is left of the budget, which pays for them: so what they come to, and what they count as
    /// work, does not depend on how the search is sliced.
    ///
    /// # Errors
    /// [`OutOfMemory`] where all together would take more than `limit` bytes.
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

    /// Asks every heuristic for a registered state; the first one's estimate, `None` for a dead end. While it
    /// is pending, the budget is spent; to be called again with the same.
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

    /// Gives back those that are ready, in their order.
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
