//! A whole plan: one step after the other, or by times.

use std::rc::Rc;

use futures::future::LocalBoxFuture;

use super::super::{Sum, replayed};
use super::happening::Happening;
use super::{Applied, State, Validator, Violation, text};
use crate::lang::goap::model::Value;
use crate::lang::pddl::Model;
use crate::lang::plan::Step;
use crate::step::{Budget, Pace, Progress, Stepper, finish, poll, run};

/// A plan that holds.
pub type Replay = replayed::Replay<State, Change>;

/// What a step of a plan does.
pub type ReplayedStep = replayed::ReplayedStep<Change>;

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

/// Passes of the validator per unit of work.
const PASSES_PER_UNIT: u64 = 16;

/// Replays a plan.
pub struct Replaying<'m> {
    pace: Rc<Pace>,
    work: LocalBoxFuture<'m, Result<Replay, Violation>>,
}

impl<'m> Replaying<'m> {
    /// Replays `plan` from the initial state of `model`.
    pub fn new(model: &'m Model, plan: Vec<Step>) -> Self {
        Self::timed(model, plan, Vec::new())
    }

    /// The same, where steps of equal times happen together. `times` ascends, one for each step; where it is
    /// empty, each step happens by itself.
    pub fn timed(model: &'m Model, plan: Vec<Step>, times: Vec<f64>) -> Self {
        let pace = Rc::new(Pace::unlimited());
        let work = Box::pin(go_through(model, plan, times, Rc::clone(&pace)));
        Self { pace, work }
    }
}

async fn go_through(
    model: &Model,
    plan: Vec<Step>,
    times: Vec<f64>,
    pace: Rc<Pace>,
) -> Result<Replay, Violation> {
    let validator = Validator::new(model);
    let mut state = validator.initial();
    let mut steps = Vec::with_capacity(plan.len());
    let mut sum = Sum::default();
    while steps.len() < plan.len() {
        let happening = Happening::new(steps.len()..end_of(steps.len(), &times));
        let all = happening.happen(&pace, &validator, &state, &plan).await?;
        let mut changes = Vec::with_capacity(all.len());
        for applied in &all {
            changes.push(validator.changes_at(&pace, &state, applied).await);
        }
        for (applied, changes) in all.into_iter().zip(changes) {
            state.take_at(&pace, &applied).await;
            sum.add(applied.cost);
            steps.push(ReplayedStep { cost: applied.cost, total: sum.value(), changes });
        }
    }
    let end = validator.reaches_at(&pace, &state).await;
    end.map_err(|violation| Violation { step: plan.len(), ..violation })?;
    Ok(Replay { steps, end: state, total: sum.value() })
}

/// The end of the happening that begins with the step `at`.
fn end_of(at: usize, times: &[f64]) -> usize {
    let Some(&time) = times.get(at) else { return at + 1 };
    at + times[at..].iter().take_while(|other| other.total_cmp(&time).is_eq()).count()
}

impl Validator<'_> {
    /// What a step that was applied in `state` changes, in words.
    pub fn changes(&self, state: &State, applied: &Applied) -> Vec<Change> {
        finish(self.changes_at(&Pace::unlimited(), state, applied))
    }

    async fn changes_at(&self, pace: &Pace, state: &State, applied: &Applied) -> Vec<Change> {
        let Applied { deleted, added, changed, .. } = applied;
        let mut changes = Vec::with_capacity(deleted.len() + added.len() + changed.len());
        let deleted = deleted.iter().map(|key| (key, false));
        for (key, holds) in deleted.chain(added.iter().map(|key| (key, true))) {
            pace.pass().await;
            changes.push(Change {
                name: text::key_of_atom(self.model, key),
                from: Some(Value::Bool(!holds)),
                to: Value::Bool(holds),
            });
        }
        for (key, &value) in changed {
            pace.pass().await;
            changes.push(Change {
                name: text::key_of_fluent(self.model, key),
                from: state.fluents.get(key).copied().map(Value::Float),
                to: Value::Float(value),
            });
        }
        changes
    }
}

impl Stepper for Replaying<'_> {
    type Output = Result<Replay, Violation>;

    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output> {
        poll(self.work.as_mut(), &self.pace, PASSES_PER_UNIT, budget)
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
