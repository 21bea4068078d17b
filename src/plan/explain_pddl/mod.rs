//! Why there is no plan for a PDDL task, in the model's own words.
//!
//! Works on the lifted model with the atoms that relaxed reachability reaches: an atom that matches none of them
//! can never hold. Each condition is considered by itself, and a variable that is not bound stands for any object.
//! So a condition that is called possible may still be impossible together with others.

mod chain;
mod possible;
mod scope;

use std::rc::Rc;

use futures::future::LocalBoxFuture;

use super::explain::{ConditionReport, Explanation, UnreachablePrecondition};
use crate::lang::pddl::model::{Action, Condition, ConditionKind, ObjectId, PredicateId, Quantified, Term};
use crate::lang::pddl::{Model, text};
use crate::step::{Budget, Pace, Progress, Stepper, poll};
use scope::{ReachedAtoms, Scope};

/// Conditions of a goal that are listed at most.
const CONDITIONS_MAX: usize = 500;
/// Conditions that are taken apart for that at most.
const LOOKED_AT_MAX: usize = 8 * CONDITIONS_MAX;
/// Conditions looked at, or groups of atoms, that cost one unit of a budget.
const PASSES_PER_UNIT: u64 = 8;

struct Explainer<'m> {
    model: &'m Model,
    reached: ReachedAtoms,
    pace: Rc<Pace>,
}

/// Finds out why the goal cannot be reached, as far as relaxed reachability tells.
pub struct Explaining<'m> {
    pace: Rc<Pace>,
    work: LocalBoxFuture<'m, Explanation>,
}

impl<'m> Explaining<'m> {
    /// An explanation that is not begun. `reached` gives the atoms that can be reached when deletions are ignored,
    /// and whether each holds at the start.
    pub fn new(
        model: &'m Model,
        reached: impl Iterator<Item = (PredicateId, Vec<ObjectId>, bool)> + 'm,
        goal: String,
    ) -> Self {
        let pace = Rc::new(Pace::unlimited());
        let work = Box::pin(explain(model, reached, goal, Rc::clone(&pace)));
        Self { pace, work }
    }
}

impl Stepper for Explaining<'_> {
    type Output = Explanation;

    fn step(&mut self, budget: &mut Budget) -> Progress<Explanation> {
        poll(self.work.as_mut(), &self.pace, PASSES_PER_UNIT, budget)
    }
}

async fn explain<'m>(
    model: &'m Model,
    atoms: impl Iterator<Item = (PredicateId, Vec<ObjectId>, bool)> + 'm,
    goal: String,
    pace: Rc<Pace>,
) -> Explanation {
    let mut reached = ReachedAtoms::default();
    for (predicate, arguments, is_initial) in atoms {
        pace.pass().await;
        reached.push(predicate, arguments, is_initial);
    }
    let explainer = Explainer { model, reached, pace };
    let conditions = explainer.conjuncts(vec![(&model.goal, Scope::default())]).await;
    let mut chain = Vec::new();
    if let Some((condition, scope)) = explainer.never(&conditions).await {
        chain = explainer.chain(condition, scope).await;
    }
    let mut reports = Vec::with_capacity(conditions.len());
    for (condition, scope) in &conditions {
        reports.push(explainer.report(condition, scope).await);
    }
    let mut unreachable = Vec::new();
    for action in &model.actions {
        unreachable.extend(explainer.blocked(action).await);
    }
    Explanation { goal, chain, conditions: reports, unreachable, nearest_miss: None }
}

impl<'m> Explainer<'m> {
    /// The parts of conjunctions and the instances of `forall`; only the first, where there are many.
    async fn conjuncts(&self, conditions: Vec<(&'m Condition, Scope)>) -> Vec<(&'m Condition, Scope)> {
        let (mut found, mut looked_at) = (Vec::new(), 0);
        let mut stack = conditions;
        stack.reverse();
        while let Some((condition, scope)) = stack.pop() {
            self.pace.pass().await;
            looked_at += 1;
            if found.len() >= CONDITIONS_MAX || looked_at > LOOKED_AT_MAX {
                break;
            }
            match &condition.kind {
                ConditionKind::And(parts) => {
                    stack.extend(parts.iter().rev().map(|part| (part, scope.clone())));
                }
                ConditionKind::Forall(quantified) => {
                    let bindings = self.bindings(quantified, &scope);
                    stack.extend(bindings.into_iter().rev().map(|scope| (&quantified.body, scope)));
                }
                _ => found.push((condition, scope)),
            }
        }
        found
    }

    /// The first bindings of a quantifier.
    fn bindings(&self, quantified: &Quantified<Condition>, scope: &Scope) -> Vec<Scope> {
        let mut bindings = vec![scope.open(quantified)];
        for (at, parameter) in quantified.parameters.iter().enumerate() {
            let place = quantified.first as usize + at;
            let objects = self.model.objects_of(&parameter.types);
            let bind = |scope: &Scope| {
                let bound = |&object: &ObjectId| {
                    let mut bound = scope.clone();
                    bound.values[place] = Some(object);
                    bound
                };
                objects.iter().take(CONDITIONS_MAX).map(bound).collect::<Vec<_>>()
            };
            bindings = bindings.iter().flat_map(bind).take(CONDITIONS_MAX).collect();
        }
        bindings
    }

    /// The first of these conditions that can never hold.
    async fn never<'c>(
        &self,
        conditions: &'c [(&'m Condition, Scope)],
    ) -> Option<(&'m Condition, &'c Scope)> {
        for (condition, scope) in conditions {
            if !self.is_possible(condition, scope).await {
                return Some((condition, scope));
            }
        }
        None
    }

    async fn report(&self, condition: &Condition, scope: &Scope) -> ConditionReport {
        let first_at = if self.holds_initially(condition, scope).await {
            Some(0)
        } else {
            self.is_possible(condition, scope).await.then_some(1)
        };
        ConditionReport { text: self.text(condition, scope), span: condition.span, first_at }
    }

    /// The first precondition of an action that never holds, whatever its parameters.
    async fn blocked(&self, action: &'m Action) -> Option<UnreachablePrecondition> {
        let parts = self.conjuncts(vec![(&action.precondition, Scope::of(&action.parameters))]).await;
        let (condition, scope) = self.never(&parts).await?;
        Some(UnreachablePrecondition {
            action: action.name.clone(),
            condition: self.text(condition, scope),
            seen: "none that matches".to_owned(),
            span: condition.span,
        })
    }

    /// A condition in PDDL, with objects in place of the variables that are bound.
    fn text(&self, condition: &Condition, scope: &Scope) -> String {
        let mut term = |variable| match scope.value(Term::Variable(variable)) {
            Some(object) => text::object_name(self.model, object).to_owned(),
            None => format!("?{}", scope.names.get(variable as usize).map_or("", String::as_str)),
        };
        text::condition(self.model, condition, &mut term)
    }
}
