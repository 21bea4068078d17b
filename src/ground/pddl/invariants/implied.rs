//! What is known in a state where an action applies, and what follows from it.
//!
//! The reasoning is syntactic: a literal follows only if it is among the known literals. A contradiction or a
//! conclusion for different objects remains valid if variables stand for the same object.

use super::Invariant;
use super::schema::{Change, Literal};
use super::terms::{Arg, Domains, Equalities, Renaming};
use crate::lang::pddl::model::PredicateId;
use std::cell::Cell;

/// Most literals that one proof tries. If that is not enough, nothing follows.
const PROOF_MAX: u32 = 4096;

/// A term that is not bound yet.
const UNBOUND: Arg = Arg::MAX;

/// Literals that are known to hold, and equalities between terms.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub equalities: Equalities,
    literals: Vec<Fact>,
    arguments: Vec<Arg>,
}

/// A known literal. Its arguments lie in `Known::arguments`, each replaced by the term that represents its
/// class.
#[derive(Clone, Copy, Debug)]
struct Fact {
    predicate: Option<PredicateId>,
    is_positive: bool,
    start: usize,
    end: usize,
}

impl Known {
    /// Forgets everything. The variables of the new state have these domains.
    pub(super) fn reset(&mut self, variables: &[u32]) {
        self.equalities.reset(variables);
        self.literals.clear();
        self.arguments.clear();
    }

    /// Makes the positive equalities among these literals hold; answers `false` if that is impossible. To be
    /// called before [`assume`](Self::assume).
    pub(super) fn equate(&mut self, domains: &Domains, literals: &[Literal], renaming: &Renaming) -> bool {
        literals.iter().all(|literal| {
            let is_equality = literal.predicate.is_none() && literal.is_positive;
            !is_equality || {
                let [left, right] = [0, 1].map(|side| renaming.apply(literal.arguments[side]));
                self.equalities.unite(domains, left, right)
            }
        })
    }

    /// Adds these literals, except positive equalities.
    pub(super) fn assume(&mut self, literals: &[Literal], renaming: &Renaming) {
        for literal in literals {
            if literal.predicate.is_some() || !literal.is_positive {
                self.push(literal.predicate, literal.is_positive, &literal.arguments, renaming);
            }
        }
    }

    /// Adds an atom or an equality, or its negation.
    pub(super) fn push(
        &mut self,
        predicate: Option<PredicateId>,
        is_positive: bool,
        arguments: &[Arg],
        renaming: &Renaming,
    ) {
        let start = self.arguments.len();
        let found = arguments.iter().map(|&term| self.equalities.find(renaming.apply(term)));
        self.arguments.extend(found);
        self.literals.push(Fact { predicate, is_positive, start, end: self.arguments.len() });
    }

    /// How many literals are known; [`forget`](Self::forget) goes back to such a mark.
    pub(super) fn mark(&self) -> usize {
        self.literals.len()
    }

    /// Forgets all literals from `mark` on.
    pub(super) fn forget(&mut self, mark: usize) {
        self.literals.truncate(mark);
        self.arguments.truncate(self.literals.last().map_or(0, |last| last.end));
    }

    fn terms(&self, fact: Fact) -> &[Arg] {
        &self.arguments[fact.start..fact.end]
    }

    /// The atoms that are known to hold, with the terms that represent their arguments.
    pub(super) fn true_atoms(&self) -> impl Iterator<Item = (PredicateId, &[Arg])> {
        let holding = self.literals.iter().filter(|fact| fact.is_positive);
        holding.filter_map(|&fact| Some((fact.predicate?, self.terms(fact))))
    }

    /// Whether the known literals contradict each other.
    pub(super) fn is_contradictory(&self) -> bool {
        self.literals.iter().enumerate().any(|(index, &one)| match one.predicate {
            None => self.terms(one)[0] == self.terms(one)[1],
            Some(_) => self.literals[..index].iter().any(|&other| {
                one.predicate == other.predicate
                    && one.is_positive != other.is_positive
                    && self.terms(one) == self.terms(other)
            }),
        })
    }

    /// Whether two different atoms are known to be true in the instance with these parameters.
    pub(super) fn weighs_two(&self, domains: &Domains, invariant: &Invariant, instance: &[Arg]) -> bool {
        let mut first: Option<(PredicateId, Option<Arg>)> = None;
        let covered = self.true_atoms().filter_map(|(id, terms)| Some((terms, invariant.part(id)?)));
        covered.into_iter().any(|(terms, part)| {
            let mut places = part.parameters.iter().zip(instance);
            if !places.all(|(&position, &term)| terms[position] == self.equalities.find(term)) {
                return false;
            }
            let own = (part.predicate, part.counted.map(|position| terms[position]));
            let (predicate, counted) = *first.get_or_insert(own);
            predicate != own.0
                || matches!((counted, own.1), (Some(left), Some(right)) if self.differ(domains, left, right))
        })
    }

    /// Whether two terms are certainly different objects.
    fn differ(&self, domains: &Domains, left: Arg, right: Arg) -> bool {
        let said = |&fact: &Fact| {
            let is_inequality = fact.predicate.is_none() && !fact.is_positive;
            let terms = self.terms(fact);
            is_inequality && (*terms == [left, right] || *terms == [right, left])
        };
        !self.equalities.may_be_same(domains, left, right) || self.literals.iter().any(said)
    }

    /// Whether it follows that `delete` deletes a true atom that has the given terms at the given positions,
    /// for some binding of the delete's variables.
    pub(super) fn implies_delete(
        &self,
        domains: &Domains,
        delete: &Change,
        places: impl Iterator<Item = (usize, Arg)>,
    ) -> bool {
        let proof = Proof { known: self, domains, delete, tries: Cell::new(0) };
        let mut bound = vec![UNBOUND; delete.variables.len()];
        for (position, term) in places {
            let term = self.equalities.find(term);
            if !proof.binds(delete.arguments[position], term, &mut bound) {
                return false;
            }
        }
        proof.holds(0, bound)
    }
}

/// A proof that a delete happens.
struct Proof<'a> {
    known: &'a Known,
    domains: &'a Domains,
    delete: &'a Change,
    tries: Cell<u32>,
}

impl Proof<'_> {
    /// Binds a term of the delete to a known term; answers `false` if that is impossible.
    fn binds(&self, pattern: Arg, term: Arg, bound: &mut [Arg]) -> bool {
        if !self.delete.variables.contains(&pattern) {
            return self.known.equalities.find(pattern) == term;
        }
        let slot = &mut bound[(pattern - self.delete.variables.start) as usize];
        if *slot != UNBOUND {
            return *slot == term;
        }
        *slot = term;
        self.known.equalities.is_within(self.domains, term, self.known.equalities.domain(pattern))
    }

    /// The known term that a term of the delete stands for; `None` if it is not bound.
    fn term(&self, pattern: Arg, bound: &[Arg]) -> Option<Arg> {
        if !self.delete.variables.contains(&pattern) {
            return Some(self.known.equalities.find(pattern));
        }
        let term = bound[(pattern - self.delete.variables.start) as usize];
        (term != UNBOUND).then_some(term)
    }

    /// Whether the literals from `next` on follow under an extension of this binding: first the deleted atom,
    /// then the literals of the condition, and equalities at the end.
    fn holds(&self, next: usize, bound: Vec<Arg>) -> bool {
        let (predicate, is_positive, arguments) = match next.checked_sub(1) {
            None => (Some(self.delete.predicate), true, &self.delete.arguments),
            Some(index) => match self.delete.condition.get(index) {
                Some(literal) => (literal.predicate, literal.is_positive, &literal.arguments),
                None => return self.equalities_hold(bound),
            },
        };
        if predicate.is_none() {
            return self.holds(next + 1, bound);
        }
        self.known.literals.iter().any(|&fact| {
            let is_like = fact.predicate == predicate && fact.is_positive == is_positive;
            if !is_like || self.tries.get() == PROOF_MAX {
                return false;
            }
            self.tries.set(self.tries.get() + 1);
            let mut extended = bound.clone();
            let mut pairs = arguments.iter().zip(self.known.terms(fact));
            pairs.all(|(&pattern, &term)| self.binds(pattern, term, &mut extended))
                && self.holds(next + 1, extended)
        })
    }

    fn equalities_hold(&self, mut bound: Vec<Arg>) -> bool {
        let equalities = || self.delete.condition.iter().filter(|literal| literal.predicate.is_none());
        for literal in equalities().filter(|literal| literal.is_positive) {
            let [left, right] = [literal.arguments[0], literal.arguments[1]];
            let is_bound = match (self.term(left, &bound), self.term(right, &bound)) {
                (Some(left), _) => self.binds(right, left, &mut bound),
                (None, Some(right)) => self.binds(left, right, &mut bound),
                (None, None) => left == right,
            };
            if !is_bound {
                return false;
            }
        }
        let are_apart = equalities().filter(|literal| !literal.is_positive).all(|literal| {
            let terms = [0, 1].map(|side| self.term(literal.arguments[side], &bound));
            matches!(terms, [Some(left), Some(right)] if self.known.differ(self.domains, left, right))
        });
        let equal = &self.known.equalities;
        let open = self.delete.variables.clone().zip(&bound).filter(|pair| *pair.1 == UNBOUND);
        are_apart && open.into_iter().all(|(variable, _)| !self.domains.is_empty(equal.domain(variable)))
    }
}
