//! An old plan on a task that has changed: it is followed as far as it holds.

use std::sync::Arc;

use super::action_elimination::{ActionElimination, apply};
use super::finished::{Finished, SearchEnd};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Instance, OperatorId, Task};

/// Operators applied per unit of work.
const APPLIED_PER_UNIT: usize = 4;

/// Conditions of the goal that are looked at per unit of work.
const PARTS_PER_UNIT: usize = 256;

/// Where an old plan leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retraced {
    /// To the goal: with the operators that still apply, without those that are not needed.
    Reached(Finished),
    /// Not to the goal: the beginning that leads furthest.
    Prefix(Prefix),
}

/// The beginning of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// Its operators.
    pub operators: Vec<OperatorId>,
    /// What they cost, in units of the task.
    pub cost: i64,
    /// The state after them, with its derived and its static words.
    pub state: Vec<u64>,
}

/// The best beginning of what was followed.
struct Best {
    length: usize,
    cost: i64,
    state: Vec<u64>,
    /// Conditions of the goal that do not hold there.
    unmet: usize,
}

/// Follows a plan: operators that do not apply are passed over. Where that reaches the goal, action elimination
/// shortens what was followed. Otherwise the state with the fewest conditions of the goal unmet counts, and of equal
/// ones that before the first operator that did not apply. O(length), and O(length²) to shorten.
pub struct Retrace {
    task: Arc<Task>,
    instance: Instance,
    plan: Vec<OperatorId>,
    /// The operator that is tried next.
    at: usize,
    followed: Prefix,
    best: Best,
    has_passed_over: bool,
    scratch: Vec<u64>,
    elimination: Option<ActionElimination>,
}

impl Retrace {
    /// A plan of the task, from the instance's own initial state.
    pub fn new(task: &Arc<Task>, instance: Instance, plan: Vec<OperatorId>) -> Self {
        let mut state = instance.initial.clone();
        task.derive(&mut state);
        let is_reached = instance.goal.holds(&task.layout, &state);
        let nothing = || Finished { end: SearchEnd::Solved, plan: Vec::new(), cost: 0 };
        Self {
            task: Arc::clone(task),
            plan,
            at: 0,
            best: Best {
                length: 0,
                cost: 0,
                unmet: instance.goal.unmet(&task.layout, &state),
                state: state.clone(),
            },
            scratch: state.clone(),
            followed: Prefix { operators: Vec::new(), cost: 0, state },
            has_passed_over: false,
            elimination: is_reached.then(|| ActionElimination::new(task, &instance, nothing())),
            instance,
        }
    }

    /// Tries the next operator; answers the plan where it reaches the goal.
    fn follow(&mut self) -> Option<Finished> {
        let id = self.plan[self.at];
        self.at += 1;
        let followed = &mut self.followed;
        let applied = apply(&self.task, id, &mut followed.state, &mut self.scratch);
        let Some(cost) = applied.and_then(|own| followed.cost.checked_add(own)) else {
            self.has_passed_over = true;
            return None;
        };
        followed.cost = cost;
        followed.operators.push(id);
        let unmet = self.instance.goal.unmet(&self.task.layout, &followed.state);
        if self.instance.goal.holds(&self.task.layout, &followed.state) {
            let plan = followed.operators.clone();
            return Some(Finished { end: SearchEnd::Solved, plan, cost });
        }
        let best = &mut self.best;
        let is_best = if self.has_passed_over { unmet < best.unmet } else { unmet <= best.unmet };
        if is_best {
            (best.length, best.cost, best.unmet) = (followed.operators.len(), cost, unmet);
            best.state.clone_from(&followed.state);
        }
        None
    }

    /// The best beginning.
    fn best(&mut self) -> Prefix {
        let Best { length, cost, state, .. } = &mut self.best;
        let mut operators = std::mem::take(&mut self.followed.operators);
        operators.truncate(*length);
        Prefix { operators, cost: *cost, state: std::mem::take(state) }
    }
}

impl Stepper for Retrace {
    type Output = Retraced;

    fn step(&mut self, budget: &mut Budget) -> Progress<Retraced> {
        loop {
            if let Some(elimination) = &mut self.elimination {
                return match elimination.step(budget) {
                    Progress::Pending => Progress::Pending,
                    Progress::Done(finished) => Progress::Done(Retraced::Reached(finished)),
                };
            }
            if budget.is_spent() {
                return Progress::Pending;
            }
            budget.spend(1 + (self.instance.goal.parts() * APPLIED_PER_UNIT / PARTS_PER_UNIT) as u64);
            for _ in 0..APPLIED_PER_UNIT {
                if self.at == self.plan.len() {
                    return Progress::Done(Retraced::Prefix(self.best()));
                }
                if let Some(finished) = self.follow() {
                    self.elimination = Some(ActionElimination::new(&self.task, &self.instance, finished));
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::switches;
    use super::*;

    fn retraced(task: &Arc<Task>, instance: &Instance, plan: Vec<u32>, units: u64) -> Retraced {
        let plan = plan.into_iter().map(OperatorId).collect();
        let mut retrace = Retrace::new(task, instance.clone(), plan);
        loop {
            if let Progress::Done(retraced) = retrace.step(&mut Budget::units(units)) {
                return retraced;
            }
        }
    }

    #[test]
    fn a_plan_that_still_leads_to_the_goal_loses_what_it_does_not_need() {
        let (task, instance) = switches(8);
        // Some operators come twice.
        for units in [1, u64::MAX] {
            let Retraced::Reached(finished) = retraced(&task, &instance, (0..8).chain(1..5).collect(), units)
            else {
                panic!("it reaches the goal")
            };
            assert_eq!((finished.plan.len(), finished.cost), (8, 8));
        }
    }

    #[test]
    fn a_plan_that_ends_early_is_followed_to_its_end() {
        let (task, instance) = switches(8);
        for units in [1, u64::MAX] {
            let Retraced::Prefix(prefix) = retraced(&task, &instance, vec![0, 1, 2], units) else {
                panic!("it does not reach the goal")
            };
            assert_eq!(prefix.operators, [0, 1, 2].map(OperatorId));
            assert_eq!(prefix.cost, 3);
            let left = Instance { initial: prefix.state, ..instance.clone() };
            let rest = retraced(&task, &left, (3..8).collect(), units);
            assert!(matches!(rest, Retraced::Reached(finished) if finished.plan.len() == 5));
        }
    }
}
