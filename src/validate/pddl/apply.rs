//! One step: whether it applies, what it changes, what it costs.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::LocalBoxFuture;

use super::blame::undefined;
use super::formula::{Ask, Formula, Kind, Slots};
use super::number::Numbers;
use super::scope::Scope;
use super::solve::{Solver, fits};
use super::state::{Fluent, State, atom_key, fluent_key};
use super::text;
use super::{Fault, Reason, Validator, Violation};
use crate::diagnostic::Span;
use crate::lang::goap::model::Value;
use crate::lang::letters;
use crate::lang::pddl::model::{
    Action, Assignment, Condition, ConditionKind, Effect, EffectKind, Metric, NumericChange, ObjectId,
    Quantified, Term,
};
use crate::lang::plan::{self, Step};
use crate::step::{Pace, finish};

/// What a step does to the state it was taken in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// What it costs: the change of the metric.
    pub cost: f64,
    /// Atoms that hold from then on and did not before.
    pub(super) added: BTreeSet<Box<[u32]>>,
    /// Atoms that held before and do not from then on.
    pub(super) deleted: BTreeSet<Box<[u32]>>,
    /// Fluents with another value, and that value.
    pub(super) changed: BTreeMap<Fluent, f64>,
}

impl State {
    /// Makes this state the one after a step that was applied in it. O(changes).
    pub fn take(&mut self, applied: &Applied) {
        finish(self.take_at(&Pace::unlimited(), applied));
    }

    pub(super) async fn take_at(&mut self, pace: &Pace, applied: &Applied) {
        self.derived.take();
        for key in &applied.deleted {
            pace.pass().await;
            self.facts.remove(key);
        }
        for key in &applied.added {
            pace.pass().await;
            self.facts.insert(key);
        }
        for (key, &value) in &applied.changed {
            pace.pass().await;
            self.fluents.insert(key.clone(), value);
        }
    }
}

/// The effects that fire, before they are combined into one change of the state.
#[derive(Default)]
pub(super) struct Fired<'m> {
    pub(super) added: BTreeSet<Box<[u32]>>,
    pub(super) deleted: BTreeSet<Box<[u32]>>,
    pub(super) changes: Vec<Change<'m>>,
}

/// A numeric effect with its number.
pub(super) struct Change<'m> {
    pub(super) fluent: Fluent,
    pub(super) assignment: Assignment,
    value: f64,
    /// The effect, for messages.
    effect: &'m NumericChange,
    span: Span,
}

impl<'m> Validator<'m> {
    /// What `step` does in `state`, which stays as it is: [`State::take`] makes the changes.
    ///
    /// # Errors
    /// The first thing that stands in the way.
    pub fn apply(&self, state: &State, step: &Step) -> Result<Applied, Violation> {
        finish(self.apply_at(&Pace::unlimited(), state, step))
    }

    pub(super) async fn apply_at(
        &self,
        pace: &Pace,
        state: &State,
        step: &Step,
    ) -> Result<Applied, Violation> {
        let applied = match self.bind(step) {
            Ok((action, objects)) => self.apply_bound(pace, state, action, objects).await,
            Err(fault) => Err(fault),
        };
        applied.map_err(|(span, reason)| Violation { step: 0, action: plan::pddl_step(step), span, reason })
    }

    pub(super) fn bind(&self, step: &Step) -> Result<(&'m Action, Vec<ObjectId>), Fault> {
        let unknown = || (Span::default(), Reason::UnknownAction { action: step.action.clone() });
        let index = self.actions.get(&*letters::fold(&step.action)).ok_or_else(unknown)?;
        let action = &self.model.actions[*index];
        let (expected, found) = (action.parameters.len(), step.arguments.len());
        if expected != found {
            return Err((action.span, Reason::ArgumentCount { expected, found }));
        }
        let mut objects = Vec::with_capacity(found);
        for (parameter, argument) in action.parameters.iter().zip(&step.arguments) {
            let name = match argument {
                Value::Symbol(name) => letters::fold(name).into_owned(),
                other => other.to_string(),
            };
            let Some(&object) = self.objects.get(name.as_str()) else {
                return Err((parameter.span, Reason::UnknownObject { object: name }));
            };
            if !fits(self.model, object, &parameter.types) {
                let expected = text::types(self.model, &parameter.types);
                let parameter_name = parameter.name.clone();
                let reason = Reason::WrongType { parameter: parameter_name, object: name, expected };
                return Err((parameter.span, reason));
            }
            objects.push(object);
        }
        Ok((action, objects))
    }

    async fn apply_bound(
        &self,
        pace: &Pace,
        state: &State,
        action: &'m Action,
        objects: Vec<ObjectId>,
    ) -> Result<Applied, Fault> {
        let mut scope = Scope::new(&action.parameters, objects);
        self.demand(pace, state, &action.precondition, &mut scope).await?;
        let fired = self.fired(pace, state, action, scope.objects).await?;
        let changed = self.changed(pace, state, &fired.changes).await?;
        let cost = self.metric(state, Some(&changed))? - self.metric(state, None)?;
        let cost = if matches!(self.model.metric, Metric::Steps) { 1.0 } else { cost };
        let Fired { added, deleted, .. } = fired;
        let deleted = keep(pace, deleted, |key| !added.contains(key) && state.facts.contains(key)).await;
        let added = keep(pace, added, |key| !state.facts.contains(key)).await;
        Ok(Applied { cost, added, deleted, changed })
    }

    /// The effects that fire, whether the action applies or not.
    pub(super) async fn fired(
        &self,
        pace: &Pace,
        state: &State,
        action: &'m Action,
        objects: Vec<ObjectId>,
    ) -> Result<Fired<'m>, Fault> {
        let mut scope = Scope::new(&action.parameters, objects);
        let mut fired = Fired::default();
        for effect in &action.effects {
            self.fire(pace, state, effect, &mut scope, &mut fired).await?;
        }
        Ok(fired)
    }

    fn fire<'s>(
        &'s self,
        pace: &'s Pace,
        state: &'s State,
        effect: &'m Effect,
        scope: &'s mut Scope<'m>,
        fired: &'s mut Fired<'m>,
    ) -> LocalBoxFuture<'s, Result<(), Fault>> {
        Box::pin(async move {
            pace.pass().await;
            match &effect.kind {
                EffectKind::Add(predicate, terms) => {
                    fired.added.insert(atom_key(*predicate, terms.iter().map(|&term| scope.object(term))));
                }
                EffectKind::Delete(predicate, terms) => {
                    fired.deleted.insert(atom_key(*predicate, terms.iter().map(|&term| scope.object(term))));
                }
                EffectKind::Change(change) => {
                    let change = self.read(state, change, effect.span, scope)?;
                    fired.changes.push(change);
                }
                EffectKind::When(condition, effects) => {
                    if self.asks(pace, state, condition, &scope.objects, (true, Ask::Strictly)).await {
                        for effect in effects {
                            self.fire(pace, state, effect, scope, fired).await?;
                        }
                    } else if self.asks(pace, state, condition, &scope.objects, (true, Ask::Leniently)).await
                    {
                        return Err(self.blame(pace, state, condition, true, scope).await);
                    }
                }
                EffectKind::Forall(quantified) => {
                    let depth = scope.objects.len();
                    for (binding, at) in self.firings(pace, state, quantified, &scope.objects).await {
                        scope.enter(&quantified.parameters, &binding);
                        let outcome = self.fire(pace, state, &quantified.body[at], scope, fired).await;
                        scope.leave(depth);
                        outcome?;
                    }
                }
            }
            Ok(())
        })
    }

    /// A numeric effect with its number.
    fn read(
        &self,
        state: &State,
        change: &'m NumericChange,
        span: Span,
        scope: &Scope<'m>,
    ) -> Result<Change<'m>, Fault> {
        let fluent = fluent_key(change.function, change.arguments.iter().map(|&term| scope.object(term)));
        let object = |term: Term| scope.object(term);
        let value = Numbers::of(&state.fluents).value(&change.value, &object);
        let value = value.map_err(|fault| undefined(self.model, fault, scope))?;
        Ok(Change { fluent, assignment: change.assignment, value, effect: change, span })
    }

    /// The effects of a `forall` that may fire, each with its objects, in the order of the objects and then of the
    /// text. Left out are bindings for which every condition is false, and bindings whose effects would only delete
    /// atoms that do not hold.
    async fn firings(
        &self,
        pace: &Pace,
        state: &State,
        quantified: &'m Quantified<Vec<Effect>>,
        bound: &[ObjectId],
    ) -> BTreeSet<(Vec<ObjectId>, usize)> {
        let mut found = BTreeSet::new();
        for (at, effect) in quantified.body.iter().enumerate() {
            let mut slots = Slots::bound(bound.len());
            let mut agenda: Vec<Formula> = slots.open(quantified);
            match &effect.kind {
                EffectKind::When(condition, effects) => {
                    let deletes = effects.iter().map(|effect| match &effect.kind {
                        EffectKind::Delete(predicate, terms) => Some(slots.atom(*predicate, terms)),
                        _ => None,
                    });
                    let deletes: Option<Vec<Formula>> = deletes.collect();
                    if let (Some(deletes), false) = (deletes, compares(condition)) {
                        agenda.push(Formula::new(Kind::Any(deletes)));
                    }
                    agenda.push(slots.formula(condition, (true, Ask::Leniently)));
                }
                EffectKind::Delete(predicate, terms) => agenda.push(slots.atom(*predicate, terms)),
                _ => {}
            }
            let agenda: Vec<&Formula> = agenda.iter().collect();
            let own = bound.len()..bound.len() + quantified.parameters.len();
            let view = self.view(pace, state).await;
            let mut note = |slots: &[u32]| {
                found.insert((slots[own.clone()].iter().map(|&word| ObjectId(word)).collect(), at));
                false
            };
            Solver::new(view, pace, &slots.types, bound).solve(&agenda, &mut note).await;
        }
        found
    }

    /// The fluents that end up with another value.
    async fn changed(
        &self,
        pace: &Pace,
        state: &State,
        changes: &[Change<'m>],
    ) -> Result<BTreeMap<Fluent, f64>, Fault> {
        let mut changed: BTreeMap<Fluent, f64> = BTreeMap::new();
        for Change { fluent, assignment, value, effect, span } in changes {
            pace.pass().await;
            let name = || text::key_of_fluent(self.model, fluent);
            let own = changed.get(fluent).or_else(|| state.fluents.get(fluent)).copied();
            let result = match (assignment, own) {
                (Assignment::Assign, _) => *value,
                (_, None) => {
                    let reason = Reason::UndefinedFluent { fluent: name(), binding: Vec::new() };
                    return Err((*span, reason));
                }
                (Assignment::Increase, Some(own)) => own + value,
                (Assignment::Decrease, Some(own)) => own - value,
                (Assignment::ScaleUp, Some(own)) => own * value,
                (Assignment::ScaleDown, Some(_)) if *value == 0.0 => {
                    let expression = format!("(scale-down {} 0)", name());
                    return Err((
                        effect.value.span,
                        Reason::DivisionByZero { expression, binding: Vec::new() },
                    ));
                }
                (Assignment::ScaleDown, Some(own)) => own / value,
            };
            if !result.is_finite() {
                return Err((*span, Reason::NotFinite { fluent: name(), value: result.to_string() }));
            }
            // Minus zero becomes zero, so that equal states have equal bits.
            changed.insert(fluent.clone(), result + 0.0);
        }
        Ok(keep(pace, changed, |(fluent, value)| state.fluents.get(fluent) != Some(value)).await)
    }

    /// The metric; fluents in it that have no value count as 0.
    fn metric(&self, state: &State, changed: Option<&BTreeMap<Fluent, f64>>) -> Result<f64, Fault> {
        let Metric::Minimize(expression) = &self.model.metric else { return Ok(0.0) };
        let numbers = Numbers { before: &state.fluents, changed, missing: Some(0.0) };
        let value = numbers
            .value(expression, &|_| 0)
            .map_err(|fault| undefined(self.model, fault, &Scope::default()))?;
        if value.is_finite() {
            return Ok(value);
        }
        Err((expression.span, Reason::Metric { metric: value.to_string() }))
    }
}

/// The items of a sorted collection that pass a test.
async fn keep<T, C>(pace: &Pace, all: C, is_kept: impl Fn(&T) -> bool) -> C
where
    C: IntoIterator<Item = T> + FromIterator<T>,
{
    let mut kept = Vec::new();
    for one in all {
        pace.pass().await;
        if is_kept(&one) {
            kept.push(one);
        }
    }
    kept.into_iter().collect()
}

/// Whether a condition compares numbers, so that it may be undefined.
fn compares(condition: &Condition) -> bool {
    match &condition.kind {
        ConditionKind::Atom(..) | ConditionKind::Equal(..) => false,
        ConditionKind::Compare(..) => true,
        ConditionKind::Not(part) => compares(part),
        ConditionKind::And(parts) | ConditionKind::Or(parts) => parts.iter().any(compares),
        ConditionKind::Imply(parts) => parts.iter().any(compares),
        ConditionKind::Forall(quantified) | ConditionKind::Exists(quantified) => compares(&quantified.body),
    }
}
