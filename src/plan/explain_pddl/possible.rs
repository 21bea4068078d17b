//! Whether a condition can hold in any state, as far as the reached atoms tell, and whether it holds at the start.

use futures::future::LocalBoxFuture;

use super::Explainer;
use super::scope::{Pattern, Scope};
use crate::lang::pddl::model::{Condition, ConditionKind, Effect, EffectKind, ObjectId, PredicateId, Term};

/// Atoms that count as one.
const ATOMS_PER_PASS: usize = 16;

impl Explainer<'_> {
    pub(super) fn pattern(&self, predicate: PredicateId, arguments: &[Term], scope: &Scope) -> Pattern {
        (predicate, arguments.iter().map(|&term| scope.value(term)).collect())
    }

    /// Whether an atom of the pattern is reached; with `initially`, whether one holds at the start.
    async fn has_match(&self, (predicate, wanted): &Pattern, initially: bool) -> bool {
        for atoms in self.reached.of(*predicate).chunks(ATOMS_PER_PASS) {
            self.pace.pass().await;
            let fits = |(arguments, is_initial): &(Vec<ObjectId>, bool)| {
                (*is_initial || !initially)
                    && wanted.iter().zip(arguments).all(|(wanted, own)| wanted.is_none_or(|one| one == *own))
            };
            if atoms.iter().any(fits) {
                return true;
            }
        }
        false
    }

    /// Whether a condition can hold in some state, taken by itself.
    pub(super) fn is_possible<'s>(
        &'s self,
        condition: &'s Condition,
        scope: &'s Scope,
    ) -> LocalBoxFuture<'s, bool> {
        let are_same = |left: &Term, right: &Term| Some(scope.value(*left)? == scope.value(*right)?);
        Box::pin(async move {
            self.pace.pass().await;
            match &condition.kind {
                ConditionKind::Atom(predicate, arguments) => {
                    self.has_match(&self.pattern(*predicate, arguments, scope), false).await
                }
                ConditionKind::Equal(left, right) => are_same(left, right) != Some(false),
                ConditionKind::Not(inner) => match &inner.kind {
                    ConditionKind::Equal(left, right) => are_same(left, right) != Some(true),
                    ConditionKind::Atom(predicate, arguments) => {
                        let pattern = self.pattern(*predicate, arguments, scope);
                        let is_bound = pattern.1.iter().all(Option::is_some);
                        !is_bound || !self.is_static(*predicate) || !self.has_match(&pattern, true).await
                    }
                    _ => true,
                },
                ConditionKind::And(parts) | ConditionKind::Or(parts) => {
                    let decides = matches!(condition.kind, ConditionKind::Or(_));
                    for part in parts {
                        if self.is_possible(part, scope).await == decides {
                            return decides;
                        }
                    }
                    !decides
                }
                ConditionKind::Exists(quantified) => {
                    self.is_possible(&quantified.body, &scope.open(quantified)).await
                }
                ConditionKind::Compare(..) | ConditionKind::Imply(_) | ConditionKind::Forall(_) => true,
            }
        })
    }

    pub(super) fn holds_initially<'s>(
        &'s self,
        condition: &'s Condition,
        scope: &'s Scope,
    ) -> LocalBoxFuture<'s, bool> {
        Box::pin(async move {
            self.pace.pass().await;
            match &condition.kind {
                ConditionKind::Atom(predicate, arguments) => {
                    self.has_match(&self.pattern(*predicate, arguments, scope), true).await
                }
                ConditionKind::Not(inner) if matches!(inner.kind, ConditionKind::Atom(..)) => {
                    !self.holds_initially(inner, scope).await
                }
                ConditionKind::And(parts) | ConditionKind::Or(parts) => {
                    let decides = matches!(condition.kind, ConditionKind::Or(_));
                    for part in parts {
                        if self.holds_initially(part, scope).await == decides {
                            return decides;
                        }
                    }
                    !decides
                }
                _ => false,
            }
        })
    }

    /// Whether nothing changes the predicate.
    pub(super) fn is_static(&self, predicate: PredicateId) -> bool {
        self.model.predicates[predicate.0 as usize].stratum.is_none()
            && !self.model.actions.iter().any(|action| changes(&action.effects, predicate))
    }
}

fn changes(effects: &[Effect], predicate: PredicateId) -> bool {
    effects.iter().any(|effect| match &effect.kind {
        EffectKind::Add(own, _) | EffectKind::Delete(own, _) => *own == predicate,
        EffectKind::Forall(quantified) => changes(&quantified.body, predicate),
        EffectKind::When(_, effects) => changes(effects, predicate),
        EffectKind::Change(_) => false,
    })
}
