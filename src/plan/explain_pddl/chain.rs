//! From a condition that never holds down to what is missing: each link asks what could make it true, and why that
//! does not happen.

use std::collections::HashSet;

use super::Explainer;
use super::scope::{Pattern, Scope};
use crate::diagnostic::Span;
use crate::lang::pddl::model::{Condition, ConditionKind, Effect, EffectKind, PredicateId, Term};
use crate::plan::explain::Link;

/// Links followed at most.
const CHAIN_MAX: usize = 24;

/// Something that could make an atom true.
struct Producer<'m> {
    name: String,
    condition: Vec<&'m Condition>,
    scope: Scope,
}

impl<'m> Explainer<'m> {
    /// From a condition that never holds down to what is missing.
    pub(super) async fn chain(&self, condition: &'m Condition, scope: &Scope) -> Vec<Link> {
        let mut chain = Vec::new();
        let mut seen: HashSet<Pattern> = HashSet::new();
        let mut asked = "is asked for by the goal".to_owned();
        let mut now = (condition, scope.clone());
        while chain.len() < CHAIN_MAX {
            let (condition, scope) = &now;
            let text = self.text(condition, scope);
            let ConditionKind::Atom(predicate, arguments) = &condition.kind else {
                chain.push(link(
                    text,
                    format!("{asked}. No state that can be reached satisfies it."),
                    condition.span,
                    true,
                ));
                break;
            };
            let pattern = self.pattern(*predicate, arguments, scope);
            let producers = self.producers(&pattern);
            let is_known = !seen.insert(pattern);
            let (cause, next) = if is_known {
                ("What could make it true waits for itself".to_owned(), None)
            } else {
                self.cause(*predicate, &producers).await
            };
            chain.push(link(text, format!("{asked}. {cause}."), condition.span, next.is_none()));
            let Some((name, condition, scope)) = next else { break };
            asked = format!("is needed by {name}");
            now = (condition, scope);
        }
        chain
    }

    /// Why none of the producers works, and the condition of one of them that never holds.
    async fn cause(
        &self,
        predicate: PredicateId,
        producers: &[Producer<'m>],
    ) -> (String, Option<(String, &'m Condition, Scope)>) {
        let mut names: Vec<&str> = producers.iter().map(|producer| producer.name.as_str()).collect();
        names.dedup();
        if names.is_empty() {
            let name = &self.model.predicates[predicate.0 as usize].name;
            let maker = if self.is_static(predicate) { "no action changes" } else { "no action adds such a" };
            return (format!("It does not hold at the start, and {maker} {name}"), None);
        }
        for producer in producers {
            let conditions = producer.condition.iter().map(|&part| (part, producer.scope.clone()));
            let parts = self.conjuncts(conditions.collect()).await;
            if let Some((condition, scope)) = self.never(&parts).await {
                let cause = format!("Only {} could make it true", names.join(", "));
                return (cause, Some((producer.name.clone(), condition, scope.clone())));
            }
        }
        (format!("The conditions of {} never hold at once", names.join(" or of ")), None)
    }

    /// Actions and rules that could make an atom of the pattern true, with what the pattern binds.
    fn producers(&self, pattern: &Pattern) -> Vec<Producer<'m>> {
        let mut producers = Vec::new();
        for axiom in self.model.axioms.iter().filter(|axiom| axiom.predicate == pattern.0) {
            let mut scope = Scope::of(&axiom.parameters);
            let variables = (0..axiom.parameters.len() as u32).map(Term::Variable);
            let terms: Vec<Term> = variables.collect();
            if self.bind(pattern, &terms, &mut scope) {
                let name = format!("the rule of {}", self.model.predicates[pattern.0.0 as usize].name);
                producers.push(Producer { name, condition: vec![&axiom.condition], scope });
            }
        }
        for action in &self.model.actions {
            let scope = Scope::of(&action.parameters);
            let conditions = vec![&action.precondition];
            self.adders(&action.name, &action.effects, pattern, &scope, &conditions, &mut producers);
        }
        producers
    }

    fn adders(
        &self,
        name: &str,
        effects: &'m [Effect],
        pattern: &Pattern,
        scope: &Scope,
        conditions: &[&'m Condition],
        out: &mut Vec<Producer<'m>>,
    ) {
        for effect in effects {
            match &effect.kind {
                EffectKind::Add(predicate, arguments) if *predicate == pattern.0 => {
                    let mut scope = scope.clone();
                    if self.bind(pattern, arguments, &mut scope) {
                        out.push(Producer { name: name.to_owned(), condition: conditions.to_vec(), scope });
                    }
                }
                EffectKind::Forall(quantified) => {
                    let inner = scope.open(quantified);
                    self.adders(name, &quantified.body, pattern, &inner, conditions, out);
                }
                EffectKind::When(condition, effects) => {
                    let mut conditions = conditions.to_vec();
                    conditions.push(condition);
                    self.adders(name, effects, pattern, scope, &conditions, out);
                }
                _ => {}
            }
        }
    }

    /// Binds variables so that the terms are of the pattern; `false` where they cannot be.
    fn bind(&self, pattern: &Pattern, terms: &[Term], scope: &mut Scope) -> bool {
        pattern.1.iter().zip(terms).all(|(&wanted, &term)| {
            let Some(wanted) = wanted else { return true };
            match (scope.value(term), term) {
                (Some(own), _) => own == wanted,
                (None, Term::Variable(variable)) => {
                    scope.values[variable as usize] = Some(wanted);
                    true
                }
                (None, Term::Object(_)) => false,
            }
        })
    }
}

fn link(condition: String, reason: String, span: Span, is_root: bool) -> Link {
    Link { condition, reason, span, is_root }
}
