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
/// Operators applied per unit of work.
const APPLIED_PER_UNIT: usize = 4;

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
    /// The plan without that operator, as far as it is replayed.
    trial: Option<Trial>,
    scratch: Vec<u64>,
}

/// A plan without one of its operators and without the later ones that depend on it.
struct Trial {
    /// The next operator of the whole plan.
    next: usize,
    state: Vec<u64>,
    /// The operators from the one that was left out on.
    rest: Vec<OperatorId>,
    /// The cost of the plan; `None` where it is too large to be counted.
    cost: Option<i64>,
}

impl ActionElimination {
    pub(super) fn new(task: &Arc<Task>, instance: &Instance, finished: Finished) -> Self {
        let (at, spent) =
            if finished.plan.len() > LENGTH_MAX { (finished.plan.len(), finished.cost) } else { (0, 0) };
        Self {
            task: Arc::clone(task),
            before: instance.initial.clone(),
            scratch: instance.initial.clone(),
            instance: instance.clone(),
            finished,
            at,
            spent,
            trial: None,
        }
    }

    /// The plan, as short as it is by now.
    pub(super) fn plan(&self) -> Finished {
        self.finished.clone()
    }

    /// Replays some more operators of a trial; whether it is complete.
    fn replay(&mut self, trial: &mut Trial) -> bool {
        let Self { task, finished, scratch, .. } = self;
        for &id in finished.plan[trial.next..].iter().take(APPLIED_PER_UNIT) {
            trial.next += 1;
            if let Some(own) = apply(task, id, &mut trial.state, scratch) {
                trial.rest.push(id);
                trial.cost = trial.cost.and_then(|cost| cost.checked_add(own));
            }
        }
        trial.next == finished.plan.len()
    }

    /// Takes a complete trial where it reaches the goal and costs no more; otherwise keeps the operator that it
    /// left out, and goes on to the next one. Every operator of a plan applies: `false` where this one does not.
    fn judge(&mut self, trial: Trial) -> bool {
        let Self { task, finished, scratch, .. } = self;
        if let Some(cost) = trial.cost.filter(|&cost| cost <= finished.cost)
            && self.instance.goal.holds(&task.layout, &trial.state)
        {
            finished.plan.truncate(self.at);
            finished.plan.extend(trial.rest);
            finished.cost = cost;
            return true;
        }
        let Some(own) = apply(task, finished.plan[self.at], &mut self.before, scratch) else { return false };
        self.spent += own;
        self.at += 1;
        true
    }
}

/// Applies an operator where its precondition holds; answers its cost.
pub(super) fn apply(
    task: &Task,
    id: OperatorId,
    state: &mut Vec<u64>,
    scratch: &mut Vec<u64>,
) -> Option<i64> {
    let operator = &task.operators[id.0 as usize];
    if !operator.precondition.holds(&task.layout, state) {
        return None;
    }
    let cost = task.apply(operator, state, scratch)?;
    std::mem::swap(state, scratch);
    task.derive(state);
    Some(cost)
}

impl Stepper for ActionElimination {
    type Output = Finished;

    /// A few operators a unit.
    fn step(&mut self, budget: &mut Budget) -> Progress<Finished> {
        while self.at < self.finished.plan.len() {
            if budget.is_spent() {
                return Progress::Pending;
            }
            budget.spend(1);
            let mut trial = self.trial.take().unwrap_or_else(|| Trial {
                next: self.at + 1,
                state: self.before.clone(),
                rest: Vec::new(),
                cost: Some(self.spent),
            });
            if !self.replay(&mut trial) {
                self.trial = Some(trial);
            } else if !self.judge(trial) {
                break;
            }
        }
        if self.at == self.finished.plan.len() {
            // The search summed the cost before some states on the path got cheaper paths.
            self.finished.cost = self.spent;
        }
        Progress::Done(self.finished.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::super::finished::SearchEnd;
    use super::super::tests::switches;
    use super::*;

    #[test]
    fn a_plan_is_shortened_in_small_pieces_to_the_same_one_however_these_are_cut() {
        let (task, instance) = switches(60);
        // Every operator but the first comes twice.
        let plan: Vec<OperatorId> = (0..60).chain(1..60).map(OperatorId).collect();
        let finished = Finished { end: SearchEnd::Solved, plan, cost: 119 };
        let shortened = |units| {
            let mut elimination = ActionElimination::new(&task, &instance, finished.clone());
            let mut slices = 0;
            loop {
                slices += 1;
                if let Progress::Done(shorter) = elimination.step(&mut Budget::units(units)) {
                    return (shorter, slices);
                }
            }
        };
        let (whole, slices) = shortened(u64::MAX);
        assert_eq!((whole.plan.len(), whole.cost, slices), (60, 60, 1));
        let (cut, slices) = shortened(1);
        assert_eq!(cut, whole);
        assert!(slices > 60 * 60 / 2 / APPLIED_PER_UNIT, "{slices} slices");
    }
}
