//! A whole plan: one step after the other, or by times.

use super::super::Sum;
use super::happening::Happening;
use super::{Applied, State, Validator, Violation, text};
use crate::lang::goap::model::Value;
use crate::lang::pddl::Model;
use crate::lang::plan::Step;
use crate::step::{Budget, Progress, Stepper, run};

/// A plan that holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// What each step does, in order.
    pub steps: Vec<ReplayedStep>,
    /// The state in the end.
    pub end: State,
    /// What the plan costs.
    pub total: f64,
}

/// What a step of a plan does.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayedStep {
    /// What it costs.
    pub cost: f64,
    /// What the plan costs up to and with it.
    pub total: f64,
    /// What it changes: atoms that it deletes, atoms that it adds, fluents.
    pub changes: Vec<Change>,
}

/// An atom or a fluent that a step changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// `(on a b)` or `(fuel t)`.
    pub name: String,
    /// Whether the atom held, or the fluent's number; `None` where it had none.
    pub from: Option<Value>,
    /// Whether the atom holds, or the fluent's number.
    pub to: Value,
}

/// Replays a plan, one look at one step of it per unit.
#[derive(Clone, Debug)]
pub struct Replaying<'m> {
    validator: Validator<'m>,
    plan: Vec<Step>,
    /// For each step, when it happens; empty where each is a happening of its own.
    times: Vec<f64>,
    current: Option<Happening>,
    done: Vec<ReplayedStep>,
    state: State,
    sum: Sum,
}

impl<'m> Replaying<'m> {
    /// Replays `plan` from the initial state of `model`.
    pub fn new(model: &'m Model, plan: Vec<Step>) -> Self {
        Self::timed(model, plan, Vec::new())
    }

    /// The same, where steps of equal times happen together. `times` ascends, one for each step; where it is
    /// empty, each step happens by itself.
    pub fn timed(model: &'m Model, plan: Vec<Step>, times: Vec<f64>) -> Self {
        let validator = Validator::new(model);
        let state = validator.initial();
        Self { validator, plan, times, current: None, done: Vec::new(), state, sum: Sum::default() }
    }

    /// Looks at one step; what came of the plan where that was all.
    fn advance(&mut self) -> Option<Result<Replay, Violation>> {
        let at = self.done.len();
        if at == self.plan.len() {
            let end = self.validator.reaches(&self.state);
            let end = end.map_err(|violation| Violation { step: at, ..violation });
            return Some(end.map(|()| Replay {
                steps: std::mem::take(&mut self.done),
                end: std::mem::take(&mut self.state),
                total: self.sum.value(),
            }));
        }
        let mut happening = self.current.take().unwrap_or_else(|| Happening::new(at..self.end_of(at)));
        match happening.advance(&self.validator, &self.state, &self.plan) {
            Ok(true) => self.take(happening.finish(&self.state)),
            Ok(false) => self.current = Some(happening),
            Err(violation) => return Some(Err(violation)),
        }
        None
    }

    /// The end of the happening that begins with this step.
    fn end_of(&self, at: usize) -> usize {
        let Some(&time) = self.times.get(at) else { return at + 1 };
        at + self.times[at..].iter().take_while(|other| other.total_cmp(&time).is_eq()).count()
    }

    /// Makes what steps do so.
    fn take(&mut self, all: Vec<Applied>) {
        let changes: Vec<_> = all.iter().map(|one| self.validator.changes(&self.state, one)).collect();
        for (applied, changes) in all.into_iter().zip(changes) {
            self.state.take(&applied);
            self.sum.add(applied.cost);
            self.done.push(ReplayedStep { cost: applied.cost, total: self.sum.value(), changes });
        }
    }
}

impl Validator<'_> {
    /// What a step that was applied in `state` changes, in words.
    pub fn changes(&self, state: &State, applied: &Applied) -> Vec<Change> {
        let atom = |key: &[u32], holds: bool| Change {
            name: text::key_of_atom(self.model, key),
            from: Some(Value::Bool(!holds)),
            to: Value::Bool(holds),
        };
        let mut changes: Vec<Change> = applied.deleted.iter().map(|key| atom(key, false)).collect();
        changes.extend(applied.added.iter().map(|key| atom(key, true)));
        changes.extend(applied.changed.iter().map(|(key, &value)| Change {
            name: text::key_of_fluent(self.model, key),
            from: state.fluents.get(key).copied().map(Value::Float),
            to: Value::Float(value),
        }));
        changes
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

/// Replays `plan` in one go.
///
/// # Errors
/// The first thing that is wrong with the plan.
pub fn replay(model: &Model, plan: &[Step]) -> Result<Replay, Violation> {
    run(Replaying::new(model, plan.to_vec()))
}

/// Replays `plan` by the times of its steps, as [`Replaying::timed`] has them, in one go.
///
/// # Errors
/// The first thing that is wrong with the plan.
pub fn replay_timed(model: &Model, plan: &[Step], times: &[f64]) -> Result<Replay, Violation> {
    run(Replaying::timed(model, plan.to_vec(), times.to_vec()))
}
