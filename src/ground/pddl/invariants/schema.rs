//! Actions as invariants see them: literals, adds and deletes over numbered variables.
//!
//! Preconditions and the conditions of adds may become weaker here. The condition of a delete must stay
//! exact, so a delete whose condition cannot be expressed in literals is left out. A disjunction becomes
//! alternatives, at most [`ALTERNATIVES`].

use super::terms::{Arg, Domains, OBJECT};
use crate::lang::pddl::model::{
    Action, Condition, ConditionKind, Effect, EffectKind, Model, Parameter, PredicateId, Quantified, Term,
};
use std::ops::Range;

/// Most alternatives of a condition. A disjunction with more of them is taken for true.
const ALTERNATIVES: usize = 32;

/// An atom, an equality of two terms, or the negation of either.
#[derive(Clone, Debug)]
pub(super) struct Literal {
    /// `None` for an equality.
    pub predicate: Option<PredicateId>,
    pub is_positive: bool,
    pub arguments: Vec<Arg>,
}

/// An add or a delete of an atom. It has its own copies of quantified variables.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub predicate: PredicateId,
    pub arguments: Vec<Arg>,
    pub condition: Vec<Literal>,
    pub variables: Range<u32>,
}

/// An action.
#[derive(Debug)]
pub(super) struct Schema {
    /// Indexed by variable: its domain, as an index into [`Domains`].
    pub variables: Vec<u32>,
    /// If the action applies, one of these conjunctions holds.
    pub preconditions: Vec<Vec<Literal>>,
    pub adds: Vec<Change>,
    pub deletes: Vec<Change>,
    /// Most literals that a check can look at: those of all preconditions, and those of the longest
    /// conditions.
    pub literals: usize,
}

/// An alternative of a condition.
#[derive(Clone, Debug)]
struct Conjunction {
    literals: Vec<Literal>,
    /// Whether the literals are equivalent to the condition, not only implied by it.
    is_exact: bool,
}

/// A quantifier or condition around an effect.
#[derive(Clone, Copy)]
enum Scope<'m> {
    Forall(&'m Quantified<Vec<Effect>>),
    When(&'m Condition),
}

/// The schema of an action; `None` where it can never apply. O(size × [`ALTERNATIVES`]).
pub(super) fn schema(model: &Model, action: &Action, domains: &mut Domains) -> Option<Schema> {
    let mut reader = Reader { model, domains, variables: Vec::new(), environment: Vec::new() };
    reader.bind(0, &action.parameters);
    let alternatives = reader.alternatives(&action.precondition, false);
    let preconditions: Vec<_> = alternatives.into_iter().map(|one| one.literals).collect();
    let (mut adds, mut deletes) = (Vec::new(), Vec::new());
    reader.effects(&action.effects, &mut Vec::new(), &mut adds, &mut deletes);
    let longest = |changes: &[Change]| changes.iter().map(|change| change.condition.len()).max().unwrap_or(0);
    let literals = preconditions.iter().map(Vec::len).sum::<usize>() + 2 * longest(&adds) + longest(&deletes);
    let variables = reader.variables;
    (!preconditions.is_empty()).then_some(Schema { variables, preconditions, adds, deletes, literals })
}

struct Reader<'a> {
    model: &'a Model,
    domains: &'a mut Domains,
    variables: Vec<u32>,
    /// Indexed by variable of the model in scope: the variable of the schema that it stands for.
    environment: Vec<Arg>,
}

impl Reader<'_> {
    /// Binds the model's variables from `first` on to new variables of the schema.
    fn bind(&mut self, first: u32, parameters: &[Parameter]) {
        self.environment.truncate(first as usize);
        for parameter in parameters {
            self.environment.push(self.variables.len() as Arg);
            self.variables.push(self.domains.index(self.model, &parameter.types));
        }
    }

    fn arguments(&self, terms: &[Term]) -> Vec<Arg> {
        let term = |term: &Term| match *term {
            Term::Variable(variable) => self.environment[variable as usize],
            Term::Object(object) => object.0 | OBJECT,
        };
        terms.iter().map(term).collect()
    }

    /// Conjunctions of which one holds whenever the condition (or its negation) holds. If there are none, it
    /// never holds.
    fn alternatives(&mut self, condition: &Condition, is_negated: bool) -> Vec<Conjunction> {
        let literal = |predicate, arguments| {
            let literals = vec![Literal { predicate, is_positive: !is_negated, arguments }];
            vec![Conjunction { literals, is_exact: true }]
        };
        match (&condition.kind, is_negated) {
            (ConditionKind::Atom(predicate, terms), _) => literal(Some(*predicate), self.arguments(terms)),
            (ConditionKind::Equal(left, right), _) => literal(None, self.arguments(&[*left, *right])),
            (ConditionKind::Not(inner), _) => self.alternatives(inner, !is_negated),
            (ConditionKind::And(parts), false) | (ConditionKind::Or(parts), true) => {
                let parts: Vec<_> = parts.iter().map(|part| self.alternatives(part, is_negated)).collect();
                every(parts)
            }
            (ConditionKind::Or(parts), false) | (ConditionKind::And(parts), true) => {
                let parts: Vec<_> = parts.iter().map(|part| self.alternatives(part, is_negated)).collect();
                any(parts)
            }
            (ConditionKind::Imply(parts), false) => {
                any([self.alternatives(&parts[0], true), self.alternatives(&parts[1], false)])
            }
            (ConditionKind::Imply(parts), true) => {
                every([self.alternatives(&parts[0], false), self.alternatives(&parts[1], true)])
            }
            (ConditionKind::Exists(inner), false) | (ConditionKind::Forall(inner), true) => {
                self.bind(inner.first, &inner.parameters);
                self.alternatives(&inner.body, is_negated)
            }
            (ConditionKind::Compare(..), _)
            | (ConditionKind::Forall(_), false)
            | (ConditionKind::Exists(_), true) => vec![unknown()],
        }
    }

    fn effects<'m>(
        &mut self,
        effects: &'m [Effect],
        scopes: &mut Vec<Scope<'m>>,
        adds: &mut Vec<Change>,
        deletes: &mut Vec<Change>,
    ) {
        for effect in effects {
            match &effect.kind {
                EffectKind::Add(predicate, terms) => {
                    adds.extend(self.changes(*predicate, terms, scopes).into_iter().map(|change| change.0));
                }
                EffectKind::Delete(predicate, terms) => {
                    let changes = self.changes(*predicate, terms, scopes).into_iter();
                    deletes.extend(changes.filter(|change| change.1).map(|change| change.0));
                }
                EffectKind::Change(_) => {}
                EffectKind::Forall(inner) => {
                    scopes.push(Scope::Forall(inner));
                    self.effects(&inner.body, scopes, adds, deletes);
                    scopes.pop();
                }
                EffectKind::When(condition, inner) => {
                    scopes.push(Scope::When(condition));
                    self.effects(inner, scopes, adds, deletes);
                    scopes.pop();
                }
            }
        }
    }

    /// The changes of an effect inside of `scopes`, one for each alternative of its conditions, and whether
    /// these conditions are exact.
    fn changes(
        &mut self,
        predicate: PredicateId,
        terms: &[Term],
        scopes: &[Scope<'_>],
    ) -> Vec<(Change, bool)> {
        let first = self.variables.len() as u32;
        let mut conditions = Vec::new();
        for scope in scopes {
            match scope {
                Scope::Forall(quantified) => self.bind(quantified.first, &quantified.parameters),
                Scope::When(condition) => conditions.push(self.alternatives(condition, false)),
            }
        }
        let arguments = self.arguments(terms);
        let variables = first..self.variables.len() as u32;
        let change = |one: Conjunction| {
            let (arguments, variables) = (arguments.clone(), variables.clone());
            (Change { predicate, arguments, condition: one.literals, variables }, one.is_exact)
        };
        every(conditions).into_iter().map(change).collect()
    }
}

/// A conjunction for a condition of which nothing is known.
fn unknown() -> Conjunction {
    Conjunction { literals: Vec::new(), is_exact: false }
}

/// The alternatives of a conjunction: the product of its parts' alternatives, at most [`ALTERNATIVES`].
fn every(parts: impl IntoIterator<Item = Vec<Conjunction>>) -> Vec<Conjunction> {
    let mut product = vec![Conjunction { literals: Vec::new(), is_exact: true }];
    for part in parts {
        if product.len() * part.len() > ALTERNATIVES {
            product.iter_mut().for_each(|one| one.is_exact = false);
        } else if let [only] = &part[..] {
            for one in &mut product {
                one.literals.extend_from_slice(&only.literals);
                one.is_exact &= only.is_exact;
            }
        } else {
            let pairs = product.iter().flat_map(|one| part.iter().map(move |other| (one, other)));
            let joined = |(one, other): (&Conjunction, &Conjunction)| Conjunction {
                literals: [&one.literals[..], &other.literals].concat(),
                is_exact: one.is_exact && other.is_exact,
            };
            product = pairs.map(joined).collect();
        }
    }
    product
}

/// The alternatives of a disjunction.
fn any(parts: impl IntoIterator<Item = Vec<Conjunction>>) -> Vec<Conjunction> {
    let all: Vec<Conjunction> = parts.into_iter().flatten().collect();
    if all.len() > ALTERNATIVES { vec![unknown()] } else { all }
}
