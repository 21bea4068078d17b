//! The heuristics of a search: set up one after the other, then asked together.

use crate::heuristic::{Heuristic, Preparation};
use crate::step::{Budget, Progress};
use crate::task::{OperatorId, OutOfMemory, StateId};

/// The h of a dead end, and of what is not known.
pub(super) const DEAD_END: i64 = i64::MAX;

/// A heuristic and what the search knows of it.
pub(super) struct Evaluator {
    pub(super) heuristic: Box<dyn Heuristic>,
    /// The least estimate so far.
    pub(super) best: i64,
    /// The latest estimate.
    pub(super) h: i64,
}

/// All heuristics of a search.
pub(super) struct Evaluators {
    /// Still to be set up, the next one last.
    left: Vec<Preparation>,
    ready: Vec<Evaluator>,
    preparing_bytes: u64,
    /// How many have answered for the state that is being evaluated.
    asked: usize,
    /// Units of work of all evaluations.
    work: u64,
}

impl Evaluators {
    pub(super) fn new(mut heuristics: Vec<Preparation>) -> Self {
        heuristics.reverse();
        Self { left: heuristics, ready: Vec::new(), preparing_bytes: 0, asked: 0, work: 0 }
    }

    /// Sets up what is left while the budget lasts; answers whether all are ready.
    ///
    /// # Errors
    /// [`OutOfMemory`] where all together would take more than `limit` bytes.
    pub(super) fn prepare(&mut self, budget: &mut Budget, limit: u64) -> Result<bool, OutOfMemory> {
        while let Some(preparation) = self.left.last_mut() {
            if budget.is_spent() {
                return Ok(false);
            }
            let ready: u64 = self.ready.iter().map(|evaluator| evaluator.heuristic.memory_bytes()).sum();
            let stepped = preparation.step(budget, limit.saturating_sub(ready));
            self.preparing_bytes = preparation.memory_bytes();
            stepped?;
            if matches!(preparation, Preparation::Building(_)) {
                return Ok(false);
            }
            if let Some(Preparation::Ready(heuristic)) = self.left.pop() {
                self.preparing_bytes = 0;
                self.ready.push(Evaluator { heuristic, best: DEAD_END, h: DEAD_END });
            }
        }
        Ok(true)
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
            self.asked += 1;
        }
        self.asked = 0;
        Progress::Done(self.ready.first().map(|evaluator| evaluator.h))
    }

    /// The greatest of the latest estimates.
    pub(super) fn highest(&self) -> i64 {
        self.ready.iter().map(|evaluator| evaluator.h).max().unwrap_or(DEAD_END)
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

    /// About the units of work of all evaluations; the same however they were sliced.
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

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Evaluator> {
        self.ready.iter_mut()
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> u64 {
        self.ready.iter().map(|evaluator| evaluator.heuristic.memory_bytes()).sum::<u64>()
            + self.preparing_bytes
    }
}
