//! Why there is no plan for a PDDL task, in the model's own words.
//!
//! Works on the lifted model with the atoms that relaxed reachability reaches: what no atom of them matches
//! can never hold. A condition is looked at by itself, with variables that are not bound standing for any
//! object, so that what is called possible may still be impossible together with the rest.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use futures::future::LocalBoxFuture;

use super::explain::{ConditionReport, Explanation, Link, UnreachablePrecondition};
use crate::diagnostic::Span;
use crate::lang::pddl::Model;
use crate::lang::pddl::model::{
    Condition, ConditionKind, Effect, EffectKind, ObjectId, Parameter, PredicateId, Quantified, Term,
};
use crate::step::{Budget, Pace, Progress, Stepper, poll};

/// Conditions of a goal that are listed at most.
const CONDITIONS_MAX: usize = 500;
/// Conditions that are taken apart for that at most.
const LOOKED_AT_MAX: usize = 8 * CONDITIONS_MAX;
/// Atoms, and other pieces of about that size, that count as one.
const ATOMS_PER_PASS: usize = 16;
const PASSES_PER_UNIT: u64 = 8;
/// Links followed at most.
const CHAIN_MAX: usize = 24;

/// Atoms that can be reached when deletions are ignored.
#[derive(Debug, Default)]
struct ReachedAtoms {
    by_predicate: HashMap<PredicateId, Vec<(Vec<ObjectId>, bool)>>,
}

impl ReachedAtoms {
    /// Adds an atom; `is_initial`: it holds at the start.
    fn push(&mut self, predicate: PredicateId, arguments: Vec<ObjectId>, is_initial: bool) {
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
    reached: ReachedAtoms,
    pace: Rc<Pace>,
}

/// Finds out why the goal cannot be reached, as far as relaxed reachability tells.
pub struct Explaining<'m> {
    pace: Rc<Pace>,
    work: LocalBoxFuture<'m, Explanation>,
}

impl<'m> Explaining<'m> {
    /// Not begun; `reached` are the atoms that can be reached when deletions are ignored, and whether each holds
    /// at the start.
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
    /// The parts of conjunctions, `forall` taken apart; the first ones, where there are many.
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

    fn pattern(&self, predicate: PredicateId, arguments: &[Term], scope: &Scope) -> Pattern {
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
    fn is_possible<'s>(&'s self, condition: &'s Condition, scope: &'s Scope) -> LocalBoxFuture<'s, bool> {
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

    fn holds_initially<'s>(&'s self, condition: &'s Condition, scope: &'s Scope) -> LocalBoxFuture<'s, bool> {
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
    fn is_static(&self, predicate: PredicateId) -> bool {
        self.model.predicates[predicate.0 as usize].stratum.is_none()
            && !self.model.actions.iter().any(|action| changes(&action.effects, predicate))
    }

    async fn report(&self, condition: &Condition, scope: &Scope) -> ConditionReport {
        let first_at = if self.holds_initially(condition, scope).await {
            Some(0)
        } else {
            self.is_possible(condition, scope).await.then_some(1)
        };
        ConditionReport { text: self.text(condition, scope), span: condition.span, first_at }
    }

    /// From a condition that never holds down to what is missing.
    async fn chain(&self, condition: &'m Condition, scope: &Scope) -> Vec<Link> {
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

    /// The first precondition of an action that never holds, whatever its parameters.
    async fn blocked(&self, action: &'m crate::lang::pddl::model::Action) -> Option<UnreachablePrecondition> {
        let parts = self.conjuncts(vec![(&action.precondition, Scope::of(&action.parameters))]).await;
        let (condition, scope) = self.never(&parts).await?;
        Some(UnreachablePrecondition {
            action: action.name.clone(),
            condition: self.text(condition, scope),
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
