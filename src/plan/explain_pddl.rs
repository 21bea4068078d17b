//! Why there is no plan for a PDDL task, in the model's own words.
//!
//! Works on the lifted model with the atoms that relaxed reachability reaches: what no atom of them matches
//! can never hold. A condition is looked at by itself, with variables that are not bound standing for any
//! object, so that what is called possible may still be impossible together with the rest.

use std::collections::{HashMap, HashSet};

use super::explain::{ConditionReport, Explanation, Link, UnreachablePrecondition};
use crate::diagnostic::Span;
use crate::lang::pddl::Model;
use crate::lang::pddl::model::{
    Condition, ConditionKind, Effect, EffectKind, ObjectId, Parameter, PredicateId, Quantified, Term,
};

/// Conditions of a goal that are listed at most.
const CONDITIONS_MAX: usize = 500;
/// Links followed at most.
const CHAIN_MAX: usize = 24;

/// Atoms that can be reached when deletions are ignored.
#[derive(Debug, Default)]
pub struct ReachedAtoms {
    by_predicate: HashMap<PredicateId, Vec<(Vec<ObjectId>, bool)>>,
}

impl ReachedAtoms {
    /// Adds an atom; `is_initial`: it holds at the start.
    pub fn push(&mut self, predicate: PredicateId, arguments: Vec<ObjectId>, is_initial: bool) {
        self.by_predicate.entry(predicate).or_default().push((arguments, is_initial));
    }

    fn of(&self, predicate: PredicateId) -> &[(Vec<ObjectId>, bool)] {
        self.by_predicate.get(&predicate).map_or(&[], Vec::as_slice)
    }
}

/// An atom in which objects may be missing.
type Pattern = (PredicateId, Vec<Option<ObjectId>>);

/// Values of the variables in scope, and their names.
#[derive(Clone, Default)]
struct Scope {
    values: Vec<Option<ObjectId>>,
    names: Vec<String>,
}

impl Scope {
    fn of(parameters: &[Parameter]) -> Self {
        let names = parameters.iter().map(|parameter| parameter.name.clone()).collect();
        Self { values: vec![None; parameters.len()], names }
    }

    fn open<T>(&self, quantified: &Quantified<T>) -> Self {
        let mut inner = self.clone();
        inner.values.truncate(quantified.first as usize);
        inner.names.truncate(quantified.first as usize);
        inner.values.extend(quantified.parameters.iter().map(|_| None));
        inner.names.extend(quantified.parameters.iter().map(|parameter| parameter.name.clone()));
        inner
    }

    fn value(&self, term: Term) -> Option<ObjectId> {
        match term {
            Term::Object(object) => Some(object),
            Term::Variable(variable) => self.values.get(variable as usize).copied().flatten(),
        }
    }
}

/// Something that could make an atom true.
struct Producer<'m> {
    name: String,
    condition: Vec<&'m Condition>,
    scope: Scope,
}

struct Explainer<'m> {
    model: &'m Model,
    reached: &'m ReachedAtoms,
}

/// Why the goal cannot be reached, as far as relaxed reachability tells.
pub fn explain(model: &Model, reached: &ReachedAtoms, goal: &str) -> Explanation {
    let explainer = Explainer { model, reached };
    let mut conditions = Vec::new();
    explainer.conjuncts(&model.goal, &Scope::default(), &mut conditions);
    let never = conditions.iter().find(|(condition, scope)| !explainer.is_possible(condition, scope));
    Explanation {
        goal: goal.to_owned(),
        chain: never.map_or(Vec::new(), |(condition, scope)| explainer.chain(condition, scope)),
        conditions: conditions.iter().map(|(condition, scope)| explainer.report(condition, scope)).collect(),
        unreachable: model.actions.iter().filter_map(|action| explainer.blocked(action)).collect(),
        nearest_miss: None,
    }
}

impl<'m> Explainer<'m> {
    /// The parts of a conjunction, `forall` taken apart.
    fn conjuncts(&self, condition: &'m Condition, scope: &Scope, out: &mut Vec<(&'m Condition, Scope)>) {
        if out.len() >= CONDITIONS_MAX {
            return;
        }
        match &condition.kind {
            ConditionKind::And(parts) => parts.iter().for_each(|part| self.conjuncts(part, scope, out)),
            ConditionKind::Forall(quantified) => {
                let mut bindings = vec![scope.open(quantified)];
                for (at, parameter) in quantified.parameters.iter().enumerate() {
                    let place = quantified.first as usize + at;
                    let objects = self.model.objects_of(&parameter.types);
                    let bind = |scope: &Scope| {
                        let scope = scope.clone();
                        objects
                            .iter()
                            .map(move |&object| {
                                let mut bound = scope.clone();
                                bound.values[place] = Some(object);
                                bound
                            })
                            .collect::<Vec<_>>()
                    };
                    bindings = bindings.iter().flat_map(bind).take(CONDITIONS_MAX).collect();
                }
                bindings.iter().for_each(|scope| self.conjuncts(&quantified.body, scope, out));
            }
            _ => out.push((condition, scope.clone())),
        }
    }

    fn pattern(&self, predicate: PredicateId, arguments: &[Term], scope: &Scope) -> Pattern {
        (predicate, arguments.iter().map(|&term| scope.value(term)).collect())
    }

    fn matches<'a>(&'a self, (predicate, wanted): &'a Pattern) -> impl Iterator<Item = bool> + 'a {
        let fits = |arguments: &[ObjectId]| {
            wanted.iter().zip(arguments).all(|(wanted, own)| wanted.is_none_or(|wanted| wanted == *own))
        };
        let atoms = self.reached.of(*predicate).iter();
        atoms.filter(move |(arguments, _)| fits(arguments)).map(|&(_, is_initial)| is_initial)
    }

    /// Whether a condition can hold in some state, taken by itself.
    fn is_possible(&self, condition: &Condition, scope: &Scope) -> bool {
        match &condition.kind {
            ConditionKind::Atom(predicate, arguments) => {
                self.matches(&self.pattern(*predicate, arguments, scope)).next().is_some()
            }
            ConditionKind::Equal(left, right) => match (scope.value(*left), scope.value(*right)) {
                (Some(left), Some(right)) => left == right,
                _ => true,
            },
            ConditionKind::Not(inner) => match &inner.kind {
                ConditionKind::Equal(left, right) => match (scope.value(*left), scope.value(*right)) {
                    (Some(left), Some(right)) => left != right,
                    _ => true,
                },
                ConditionKind::Atom(predicate, arguments) => {
                    let pattern = self.pattern(*predicate, arguments, scope);
                    let is_bound = pattern.1.iter().all(Option::is_some);
                    !is_bound || !self.is_static(*predicate) || !self.matches(&pattern).any(|initial| initial)
                }
                _ => true,
            },
            ConditionKind::And(parts) => parts.iter().all(|part| self.is_possible(part, scope)),
            ConditionKind::Or(parts) => parts.iter().any(|part| self.is_possible(part, scope)),
            ConditionKind::Exists(quantified) => self.is_possible(&quantified.body, &scope.open(quantified)),
            ConditionKind::Compare(..) | ConditionKind::Imply(_) | ConditionKind::Forall(_) => true,
        }
    }

    fn holds_initially(&self, condition: &Condition, scope: &Scope) -> bool {
        match &condition.kind {
            ConditionKind::Atom(predicate, arguments) => {
                self.matches(&self.pattern(*predicate, arguments, scope)).any(|initial| initial)
            }
            ConditionKind::Not(inner) if matches!(inner.kind, ConditionKind::Atom(..)) => {
                !self.holds_initially(inner, scope)
            }
            ConditionKind::And(parts) => parts.iter().all(|part| self.holds_initially(part, scope)),
            ConditionKind::Or(parts) => parts.iter().any(|part| self.holds_initially(part, scope)),
            _ => false,
        }
    }

    /// Whether nothing changes the predicate.
    fn is_static(&self, predicate: PredicateId) -> bool {
        self.model.predicates[predicate.0 as usize].stratum.is_none()
            && !self.model.actions.iter().any(|action| changes(&action.effects, predicate))
    }

    fn report(&self, condition: &Condition, scope: &Scope) -> ConditionReport {
        let first_at = if self.holds_initially(condition, scope) {
            Some(0)
        } else {
            self.is_possible(condition, scope).then_some(1)
        };
        ConditionReport { text: self.text(condition, scope), span: condition.span, first_at }
    }

    /// From a condition that never holds down to what is missing.
    fn chain(&self, condition: &'m Condition, scope: &Scope) -> Vec<Link> {
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
                self.cause(*predicate, &producers)
            };
            chain.push(link(text, format!("{asked}. {cause}."), condition.span, next.is_none()));
            let Some((name, condition, scope)) = next else { break };
            asked = format!("is needed by {name}");
            now = (condition, scope);
        }
        chain
    }

    /// Why none of the producers works, and the condition of one of them that never holds.
    fn cause(
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
            let mut parts = Vec::new();
            producer.condition.iter().for_each(|part| self.conjuncts(part, &producer.scope, &mut parts));
            let never = parts.into_iter().find(|(condition, scope)| !self.is_possible(condition, scope));
            if let Some((condition, scope)) = never {
                let cause = format!("Only {} could make it true", names.join(", "));
                return (cause, Some((producer.name.clone(), condition, scope)));
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

    /// The first precondition of an action that never holds, whatever its parameters.
    fn blocked(&self, action: &'m crate::lang::pddl::model::Action) -> Option<UnreachablePrecondition> {
        let mut parts = Vec::new();
        self.conjuncts(&action.precondition, &Scope::of(&action.parameters), &mut parts);
        let (condition, scope) =
            parts.into_iter().find(|(condition, scope)| !self.is_possible(condition, scope))?;
        Some(UnreachablePrecondition {
            action: action.name.clone(),
            condition: self.text(condition, &scope),
            seen: "none that matches".to_owned(),
            span: condition.span,
        })
    }

    fn text(&self, condition: &Condition, scope: &Scope) -> String {
        let list = |word: &str, parts: &[Condition]| {
            let parts: Vec<String> = parts.iter().map(|part| self.text(part, scope)).collect();
            format!("({word} {})", parts.join(" "))
        };
        match &condition.kind {
            ConditionKind::Atom(predicate, arguments) => {
                let mut words = vec![self.model.predicates[predicate.0 as usize].name.clone()];
                words.extend(arguments.iter().map(|&term| self.term(term, scope)));
                format!("({})", words.join(" "))
            }
            ConditionKind::Equal(left, right) => {
                format!("(= {} {})", self.term(*left, scope), self.term(*right, scope))
            }
            ConditionKind::Compare(..) => "a numeric condition".to_owned(),
            ConditionKind::Not(inner) => format!("(not {})", self.text(inner, scope)),
            ConditionKind::And(parts) => list("and", parts),
            ConditionKind::Or(parts) => list("or", parts),
            ConditionKind::Imply(parts) => list("imply", &**parts),
            ConditionKind::Forall(quantified) => {
                format!("(forall … {})", self.text(&quantified.body, &scope.open(quantified)))
            }
            ConditionKind::Exists(quantified) => {
                format!("(exists … {})", self.text(&quantified.body, &scope.open(quantified)))
            }
        }
    }

    fn term(&self, term: Term, scope: &Scope) -> String {
        match (scope.value(term), term) {
            (Some(object), _) => self.model.objects[object.0 as usize].name.clone(),
            (None, Term::Variable(variable)) => {
                let name = scope.names.get(variable as usize).map_or("", String::as_str);
                format!("?{name}")
            }
            (None, Term::Object(_)) => String::new(),
        }
    }
}

fn link(condition: String, reason: String, span: Span, is_root: bool) -> Link {
    Link { condition, reason, span, is_root }
}

fn changes(effects: &[Effect], predicate: PredicateId) -> bool {
    effects.iter().any(|effect| match &effect.kind {
        EffectKind::Add(own, _) | EffectKind::Delete(own, _) => *own == predicate,
        EffectKind::Forall(quantified) => changes(&quantified.body, predicate),
        EffectKind::When(_, effects) => changes(effects, predicate),
        EffectKind::Change(_) => false,
    })
}
