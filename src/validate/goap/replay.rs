//! A whole plan, step by step.

use crate::lang::goap::Model;
use crate::lang::goap::model::Condition;
use crate::lang::plan::Step;
use crate::step::{Budget, Progress, Stepper, run};

use super::super::{Sum, Violation, replayed};
use super::{Change, State, Validator};

/// A plan that holds.
pub type Replay = replayed::Replay<State, Change>;

/// What a step of a plan does.
pub type ReplayedStep = replayed::ReplayedStep<Change>;

/// Replays a plan, one step of it per unit.
#[derive(Clone, Debug)]
pub struct Replaying<'m> {
    validator: Validator<'m>,
    goal: &'m Condition,
    plan: Vec<Step>,
    done: Vec<ReplayedStep>,
    state: State,
    sum: Sum,
}

impl<'m> Replaying<'m> {
    /// Replays `plan` from `initial`; `goal` has to hold in the end.
    pub fn new(model: &'m Model, initial: State, goal: &'m Condition, plan: Vec<Step>) -> Self {
        let validator = Validator::new(model);
        Self { validator, goal, plan, done: Vec::new(), state: initial, sum: Sum::default() }
    }

    fn advance(&mut self) -> Option<Result<Replay, Violation>> {
        let at = self.done.len();
        let locate = |violation: Violation| Violation { step: at, ..violation };
        let Some(step) = self.plan.get(at) else {
            let end = self.validator.holds(&self.state, self.goal).map_err(locate);
            return Some(end.map(|()| Replay {
                steps: std::mem::take(&mut self.done),
                end: self.state.clone(),
                total: self.sum.value(),
            }));
        };
        match self.validator.apply(&self.state, step) {
            Ok(applied) => {
                self.state = applied.state;
                self.sum.add(applied.metric);
                let total = self.sum.value();
                self.done.push(ReplayedStep { cost: applied.metric, total, changes: applied.changes });
                None
            }
            Err(violation) => Some(Err(locate(violation))),
        }
    }
}

impl Stepper for Replaying<'_> {
    type Output = Result<Replay, Violation>;

    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output> {
        while !budget.is_spent() {
            budget.spend(1);
            if let Some(outcome) = self.advance() {
                return Progress::Done(outcome);
            }
        }
        Progress::Pending
    }
}

/// Replays `plan` from `initial` in one go; `goal` has to hold in the end.
///
/// # Errors
/// The first thing that is wrong with the plan.
pub fn replay(model: &Model, initial: State, goal: &Condition, plan: &[Step]) -> Result<Replay, Violation> {
    run(Replaying::new(model, initial, goal, plan.to_vec()))
}
