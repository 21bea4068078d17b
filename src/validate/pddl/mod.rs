//! Replays plans on a lifted PDDL model.
//!
//! A state is changed in place by what a step does, so that a step costs what it touches and not what the
//! state holds. Conditions with quantifiers and rules of derived predicates are answered by joins over what
//! is true. Nothing is grounded.
//!
//! Conditions have three values here, as everywhere: a condition that reads a fluent without a value, or
//! divides by zero, is undefined. Preconditions, goals and rules require true. If the `when` or the number of
//! an effect is undefined, the action does not apply. All conditions and numbers are read in the state before
//! the step, and adding wins over deleting. Changes of one fluent are applied in the order of the text (of
//! `forall`, in the order of the objects), each to the result of the one before.

mod apply;
mod blame;
mod derive;
mod formula;
mod happening;
mod number;
mod replay;
mod scope;
mod solve;
mod state;
mod text;
mod touch;

pub use apply::Applied;
pub use replay::{Change, Replay, ReplayedStep, Replaying, replay, replay_timed};
pub use state::State;

use std::collections::HashMap;

use super::{Binding, Reason, Violation};
use crate::diagnostic::Span;
use crate::lang::pddl::Model;
use crate::lang::pddl::model::{Condition, ConditionKind, Effect, EffectKind, ObjectId};
use crate::step::{Pace, finish};
use apply::Fired;
use derive::Rules;
use formula::{Ask, Slots};
use number::Numbers;
use scope::Scope;
use solve::{Solver, View};
use state::{Facts, atom_key, fluent_key};

/// What is wrong and where; the step is added by the caller.
type Fault = (Span, Reason);

/// Interprets one model.
#[derive(Clone, Debug)]
pub struct Validator<'m> {
    model: &'m Model,
    actions: HashMap<&'m str, usize>,
    objects: HashMap<&'m str, ObjectId>,
    rules: Rules<'m>,
    /// Predicates that conditions search through, which need an index.
    searched: Vec<bool>,
    /// What is derived where nothing is.
    nothing: Facts,
}

impl<'m> Validator<'m> {
    /// An interpreter of `model`. O(domain + objects).
    pub fn new(model: &'m Model) -> Self {
        let actions = model.actions.iter().enumerate().map(|(at, one)| (one.name.as_str(), at)).collect();
        let objects = model.objects.iter().enumerate();
        let objects = objects.map(|(at, one)| (one.name.as_str(), ObjectId(at as u32))).collect();
        let searched = searched(model);
        let nothing = Facts::new(&searched);
        Self { model, actions, objects, rules: Rules::new(model), searched, nothing }
    }

    /// The model.
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// The initial state. O(initial atoms).
    pub fn initial(&self) -> State {
        let mut facts = Facts::new(&self.searched);
        for (predicate, arguments, _) in self.model.atoms.iter() {
            facts.insert(&atom_key(predicate, arguments.iter().map(|one| one.0)));
        }
        let values = self.model.values.iter();
        let values = values.map(|(function, arguments, value, _)| {
            (fluent_key(function, arguments.iter().map(|one| one.0)), value)
        });
        let total_cost =
            self.model.total_cost().map(|function| (fluent_key(function, std::iter::empty()), 0.0));
        let fluents = total_cost.into_iter().chain(values).collect();
        State { facts, fluents, ..State::default() }
    }

    /// Whether `condition` is true in `state` with its variables 0, 1, … standing for `objects`.
    pub fn holds(&self, state: &State, condition: &Condition, objects: &[ObjectId]) -> bool {
        finish(self.asks(&Pace::unlimited(), state, condition, objects, (true, Ask::Strictly)))
    }

    /// Whether the goal is true in `state`.
    ///
    /// # Errors
    /// The smallest part of it that is not.
    pub fn reaches(&self, state: &State) -> Result<(), Violation> {
        finish(self.reaches_at(&Pace::unlimited(), state))
    }

    async fn reaches_at(&self, pace: &Pace, state: &State) -> Result<(), Violation> {
        let fault = |(span, reason)| Violation { step: 0, action: String::new(), span, reason };
        self.demand(pace, state, &self.model.goal, &mut Scope::default()).await.map_err(fault)
    }

    /// Whether the condition is as the question asks: true or false, either strictly or at least not the opposite.
    async fn asks(
        &self,
        pace: &Pace,
        state: &State,
        condition: &Condition,
        objects: &[ObjectId],
        question: (bool, Ask),
    ) -> bool {
        let mut slots = Slots::bound(objects.len());
        let formula = slots.formula(condition, question);
        let view = self.view(pace, state).await;
        Solver::new(view, pace, &slots.types, objects).holds(&formula).await
    }

    async fn view<'s>(&'s self, pace: &Pace, state: &'s State) -> View<'s> {
        let derived = match state.derived.get() {
            _ if self.rules.is_empty() => &self.nothing,
            Some(known) => known,
            None => {
                let derived = self.rules.derive(self.model, state, &self.searched, pace).await;
                state.derived.get_or_init(|| derived)
            }
        };
        View { model: self.model, facts: &state.facts, derived, numbers: Numbers::of(&state.fluents) }
    }
}

/// The predicates that occur in conditions or are deleted under a quantifier, or stand in a rule, indexed by predicate.
fn searched(model: &Model) -> Vec<bool> {
    let mut marks = vec![false; model.predicates.len()];
    for action in &model.actions {
        mark(&action.precondition, false, &mut marks);
        action.effects.iter().for_each(|effect| mark_effect(effect, false, &mut marks));
    }
    model.axioms.iter().for_each(|axiom| mark(&axiom.condition, true, &mut marks));
    mark(&model.goal, false, &mut marks);
    marks
}

fn mark(condition: &Condition, is_searched: bool, marks: &mut [bool]) {
    match &condition.kind {
        ConditionKind::Atom(predicate, _) => marks[predicate.0 as usize] |= is_searched,
        ConditionKind::Equal(..) | ConditionKind::Compare(..) => {}
        ConditionKind::Not(part) => mark(part, is_searched, marks),
        ConditionKind::And(parts) | ConditionKind::Or(parts) => {
            parts.iter().for_each(|part| mark(part, is_searched, marks));
        }
        ConditionKind::Imply(parts) => parts.iter().for_each(|part| mark(part, is_searched, marks)),
        ConditionKind::Forall(quantified) | ConditionKind::Exists(quantified) => {
            mark(&quantified.body, true, marks);
        }
    }
}

fn mark_effect(effect: &Effect, is_searched: bool, marks: &mut [bool]) {
    match &effect.kind {
        EffectKind::Delete(predicate, _) => marks[predicate.0 as usize] |= is_searched,
        EffectKind::Add(..) | EffectKind::Change(_) => {}
        EffectKind::Forall(quantified) => {
            quantified.body.iter().for_each(|effect| mark_effect(effect, true, marks));
        }
        EffectKind::When(condition, effects) => {
            mark(condition, is_searched, marks);
            effects.iter().for_each(|effect| mark_effect(effect, is_searched, marks));
        }
    }
}
