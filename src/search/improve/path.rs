//! A plan with the states along its path.

use crate::task::{OperatorId, Task};

/// A plan whose states are computed step by step.
#[derive(Default)]
pub(super) struct Path {
    pub(super) steps: Vec<OperatorId>,
    /// Full states, one after the other; at the end one more than steps.
    states: Vec<u64>,
    /// Indexed by state: the cost of the plan up to there.
    spent: Vec<i64>,
}

impl Path {
    /// A path none of whose states are known.
    pub(super) fn new(steps: Vec<OperatorId>) -> Self {
        Self { steps, ..Self::default() }
    }

    /// The same path, with the initial state known.
    pub(super) fn from(mut self, initial: &[u64]) -> Self {
        (self.states, self.spent) = (initial.to_vec(), vec![0]);
        self
    }

    /// Whether the initial state is known.
    pub(super) fn has_begun(&self) -> bool {
        !self.spent.is_empty()
    }

    /// The next step to be applied; `None` at the end.
    pub(super) fn next(&self) -> Option<OperatorId> {
        self.steps.get(self.spent.len().checked_sub(1)?).copied()
    }

    /// Applies the next step and appends the state after it; `false` where the operator does not apply. `scratch` is
    /// a full state with the right static words.
    pub(super) fn advance(&mut self, task: &Task, id: OperatorId, scratch: &mut [u64]) -> bool {
        let (layout, operator) = (&task.layout, &task.operators[id.0 as usize]);
        let at = self.spent.len() - 1;
        let state = self.state(at, task);
        if !operator.precondition.holds(layout, state) {
            return false;
        }
        scratch.copy_from_slice(state);
        let Some(cost) = task.apply(operator, state, scratch) else { return false };
        let Some(spent) = self.spent[at].checked_add(cost) else { return false };
        task.derive(scratch);
        self.states.extend_from_slice(scratch);
        self.spent.push(spent);
        true
    }

    /// The full state before a step, or after the last one.
    pub(super) fn state(&self, step: usize, task: &Task) -> &[u64] {
        let words = task.layout.words();
        &self.states[step * words..][..words]
    }

    /// The cost of the steps of a window.
    pub(super) fn cost_of(&self, from: usize, until: usize) -> i64 {
        self.spent[until] - self.spent[from]
    }

    /// The cost of the steps that have been applied so far.
    pub(super) fn cost(&self) -> i64 {
        self.spent.last().copied().unwrap_or(0)
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> u64 {
        (self.states.capacity() + self.spent.capacity()) as u64 * 8 + self.steps.capacity() as u64 * 4
    }
}
