//! Action elimination (Nakhost & Müller 2010): leaves out operators that a plan can do without.
//!
//! For each operator of the plan in turn: take it away together with all later ones that then do not
//! apply; where the rest still reaches the goal and costs no more, the rest is the plan. Such sets of
//! operators are redundant; finding the best ones is NP-hard, and this takes those that come first.
//! O(length²) operators are applied.

use std::sync::Arc;

use super::finished::Finished;
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Instance, OperatorId, Task};

/// Longer plans are left as they are: the time is quadratic.
const LENGTH_MAX: usize = 5_000;

/// Shortens one plan.
pub(super) struct ActionElimination {
    task: Arc<Task>,
    instance: Instance,
    finished: Finished,
    /// The operator that is tried next.
    at: usize,
    /// The state in which that operator is applied, and the cost of the plan up to there.
    before: Vec<u64>,
    spent: i64,
}

impl ActionElimination {
    pub(super) fn new(task: &Arc<Task>, instance: &Instance, finished: Finished) -> Self {
        let (at, spent) =
            if finished.plan.len() > LENGTH_MAX { (finished.plan.len(), finished.cost) } else { (0, 0) };
        Self {
            task: Arc::clone(task),
            before: instance.initial.clone(),
            instance: instance.clone(),
            finished,
            at,
            spent,
        }
    }

    /// Applies an operator where its precondition holds; answers its cost.
    fn apply(&self, id: OperatorId, state: &mut Vec<u64>, scratch: &mut Vec<u64>) -> Option<i64> {
        let operator = &self.task.operators[id.0 as usize];
        if !operator.precondition.holds(&self.task.layout, state) {
            return None;
        }
        let cost = self.task.apply(operator, state, scratch)?;
        std::mem::swap(state, scratch);
        self.task.derive(state);
        Some(cost)
    }

    /// The plan without the operator at `at` and without the later operators that depend on it; `None` where the
    /// rest does not reach the goal, or costs more.
    fn without(&self, at: usize) -> Option<(Vec<OperatorId>, i64)> {
        let (mut state, mut scratch) = (self.before.clone(), self.before.clone());
        let mut plan = self.finished.plan[..at].to_vec();
        let mut cost = self.spent;
        for &id in &self.finished.plan[at + 1..] {
            if let Some(own) = self.apply(id, &mut state, &mut scratch) {
                plan.push(id);
                cost = cost.checked_add(own)?;
            }
        }
        let is_plan = self.instance.goal.holds(&self.task.layout, &state);
        (is_plan && cost <= self.finished.cost).then_some((plan, cost))
    }
}

impl Stepper for ActionElimination {
    type Output = Finished;

    fn step(&mut self, budget: &mut Budget) -> Progress<Finished> {
        while let Some(&id) = self.finished.plan.get(self.at) {
            if budget.is_spent() {
                return Progress::Pending;
            }
            budget.spend(1 + self.finished.plan.len() as u64 / 4);
            if let Some((plan, cost)) = self.without(self.at) {
                (self.finished.plan, self.finished.cost) = (plan, cost);
                continue;
            }
            let mut state = self.before.clone();
            let mut scratch = state.clone();
            // It is a plan: every operator applies.
            let Some(own) = self.apply(id, &mut state, &mut scratch) else { break };
            self.spent += own;
            self.before = state;
            self.at += 1;
        }
        if self.at == self.finished.plan.len() {
            // The search summed the cost before some states on the path got cheaper paths.
            self.finished.cost = self.spent;
        }
        Progress::Done(self.finished.clone())
    }
}
