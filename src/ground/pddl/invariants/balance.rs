//! Whether an action can raise the weight of an invariant's instance from at most 1 to more than 1.

use super::implied::Known;
use super::schema::{Change, Literal, Schema};
use super::terms::{Arg, Domains, Renaming};
use super::{Invariant, Part};
use crate::lang::pddl::model::{Model, PredicateId};

/// Most comparisons of literals in one check; an invariant that needs more is given up.
const CHECK_MAX: usize = 1 << 22;

/// Most parts of one predicate that are tried to repair an invariant.
const FITS_MAX: usize = 64;

/// The result of a check.
#[derive(Debug)]
pub(super) enum Verdict {
    /// The action keeps the weight at 1 or below.
    Kept,
    /// The action may add two atoms of one instance. No repair is possible.
    TooHeavy,
    /// The action may add an atom and delete none, or delete one that it adds again. Each of these invariants
    /// has one more part, which counts an atom that is deleted or true in that case.
    Unbalanced(Vec<Invariant>),
}

/// Checks invariants against schemas.
#[derive(Debug)]
pub(super) struct Checker {
    pub domains: Domains,
    /// Indexed by predicate: whether an action changes it, so that an invariant may count it.
    pub is_countable: Vec<bool>,
    known: Known,
    /// How many conjunctions have been looked at so far.
    pub work: u64,
}

impl Checker {
    pub(super) fn new(predicates: usize) -> Self {
        let is_countable = vec![false; predicates];
        Self { domains: Domains::default(), is_countable, known: Known::default(), work: 0 }
    }

    /// Checks whether the action keeps the weight of all instances of the invariant.
    pub(super) fn check(&mut self, model: &Model, schema: &Schema, invariant: &Invariant) -> Verdict {
        let adds = schema.adds.iter().filter_map(|add| Some((add, invariant.part(add.predicate)?)));
        let adds: Vec<(&Change, &Part)> = adds.collect();
        if adds.is_empty() {
            return Verdict::Kept;
        }
        if adds.len().pow(2).saturating_mul(schema.literals.pow(2)) > CHECK_MAX {
            return Verdict::TooHeavy;
        }
        for precondition in &schema.preconditions {
            for (index, &one) in adds.iter().enumerate() {
                let other = if one.0.variables.is_empty() { index + 1 } else { index };
                for &other in &adds[other..] {
                    match self.weigh(schema, precondition, invariant, [one, other]) {
                        Verdict::Kept => {}
                        verdict => return verdict,
                    }
                }
            }
            for &add in &adds {
                if !self.is_balanced(model, schema, precondition, invariant, add) {
                    return Verdict::Unbalanced(self.repairs(schema, invariant, add));
                }
            }
        }
        Verdict::Kept
    }

    /// Checks whether two adds may make different atoms of one instance true. If both atoms were false
    /// before, no repair is possible. Otherwise one of them was true, is deleted and added again.
    fn weigh(
        &mut self,
        schema: &Schema,
        precondition: &[Literal],
        invariant: &Invariant,
        [one, other]: [(&Change, &Part); 2],
    ) -> Verdict {
        if self.may_add_both(schema, precondition, invariant, [one, other], None) {
            return Verdict::TooHeavy;
        }
        for pair in [[one, other], [other, one]] {
            for delete in schema.deletes.iter().filter(|delete| delete.predicate == pair[1].0.predicate) {
                if self.may_add_both(schema, precondition, invariant, pair, Some(delete)) {
                    return Verdict::Unbalanced(self.exclusions(invariant, one));
                }
            }
        }
        Verdict::Kept
    }

    /// Whether both adds may happen in one instance. The atom of the first add was false before. The atom of
    /// the second add was false too; or, with `deleted`, it was true and `deleted` deletes it.
    fn may_add_both(
        &mut self,
        schema: &Schema,
        precondition: &[Literal],
        invariant: &Invariant,
        [(one, part), (other, other_part)]: [(&Change, &Part); 2],
        deleted: Option<&Change>,
    ) -> bool {
        self.work += 1;
        let (known, domains) = (&mut self.known, &self.domains);
        known.reset(&schema.variables);
        let second = known.equalities.rename(&other.variables);
        let third = deleted.map_or(Renaming::NONE, |delete| known.equalities.rename(&delete.variables));
        let its = other_part.parameters.iter().map(|&position| second.apply(other.arguments[position]));
        let mut same: Vec<(Arg, Arg)> = terms(one, part).into_iter().zip(its).collect();
        if let Some(delete) = deleted {
            let pairs = other.arguments.iter().zip(&delete.arguments);
            same.extend(pairs.map(|(&left, &right)| (second.apply(left), third.apply(right))));
        }
        let conditions = [
            (precondition, &Renaming::NONE),
            (&one.condition[..], &Renaming::NONE),
            (&other.condition[..], &second),
            (deleted.map_or(&[][..], |delete| &delete.condition), &third),
        ];
        let can_be = same.iter().all(|&(left, right)| known.equalities.unite(domains, left, right))
            && conditions.iter().all(|(literals, renaming)| known.equate(domains, literals, renaming));
        let mut pairs = one.arguments.iter().zip(&other.arguments);
        let is_one_atom = one.predicate == other.predicate
            && pairs.all(|(&left, &right)| known.equalities.are_same(left, second.apply(right)));
        if !can_be || is_one_atom {
            return false;
        }
        for (literals, renaming) in conditions {
            known.assume(literals, renaming);
        }
        known.push(Some(one.predicate), false, &one.arguments, &Renaming::NONE);
        known.push(Some(other.predicate), deleted.is_some(), &other.arguments, &second);
        !known.is_contradictory() && !known.weighs_two(domains, invariant, &terms(one, part))
    }

    /// Whether an add that makes an atom true is balanced: an atom of the same instance that was true is
    /// deleted, or every other true atom of the instance is deleted. Leaves the facts known in such a state
    /// in `known`.
    fn is_balanced(
        &mut self,
        model: &Model,
        schema: &Schema,
        precondition: &[Literal],
        invariant: &Invariant,
        (add, part): (&Change, &Part),
    ) -> bool {
        self.work += 1;
        let (known, domains) = (&mut self.known, &self.domains);
        known.reset(&schema.variables);
        let conditions = [precondition, &add.condition];
        if !conditions.iter().all(|literals| known.equate(domains, literals, &Renaming::NONE)) {
            return true;
        }
        conditions.iter().for_each(|literals| known.assume(literals, &Renaming::NONE));
        known.push(Some(add.predicate), false, &add.arguments, &Renaming::NONE);
        if known.is_contradictory() || known.weighs_two(domains, invariant, &terms(add, part)) {
            return true;
        }
        let is_balanced = schema.deletes.iter().any(|delete| {
            let its = invariant.part(delete.predicate);
            its.is_some_and(|its| {
                self.work += 1;
                known.implies_delete(domains, delete, instance(add, part, its))
            })
        });
        is_balanced || self.is_cleared(model, schema, invariant, (add, part))
    }

    /// Whether every true atom of the add's instance is deleted, except the atom of the add.
    fn is_cleared(
        &mut self,
        model: &Model,
        schema: &Schema,
        invariant: &Invariant,
        (add, part): (&Change, &Part),
    ) -> bool {
        schema.deletes.iter().any(|delete| !delete.variables.is_empty())
            && invariant.parts.iter().all(|its| {
                if its.predicate == add.predicate && its.counted.is_none() {
                    return true;
                }
                let mark = self.known.mark();
                let is_cleared = self.is_part_cleared(model, schema, its, (add, part));
                self.known.forget(mark);
                is_cleared
            })
    }

    fn is_part_cleared(
        &mut self,
        model: &Model,
        schema: &Schema,
        its: &Part,
        (add, part): (&Change, &Part),
    ) -> bool {
        let (known, domains) = (&mut self.known, &mut self.domains);
        let mut arguments: Vec<Arg> = vec![0; its.parameters.len() + usize::from(its.counted.is_some())];
        for (position, term) in instance(add, part, its) {
            arguments[position] = term;
        }
        if let Some(counted) = its.counted {
            let parameter = &model.predicates[its.predicate.0 as usize].parameters[counted];
            arguments[counted] = known.equalities.fresh(domains.index(model, &parameter.types));
            if its.predicate == add.predicate {
                known.push(None, false, &[arguments[counted], add.arguments[counted]], &Renaming::NONE);
            }
        }
        known.push(Some(its.predicate), true, &arguments, &Renaming::NONE);
        known.is_contradictory()
            || schema.deletes.iter().filter(|delete| delete.predicate == its.predicate).any(|delete| {
                self.work += 1;
                known.implies_delete(domains, delete, arguments.iter().copied().enumerate())
            })
    }

    /// The invariants with one more part, which counts an atom that is known to be true in the add's
    /// instance. To be called after [`may_add_both`](Self::may_add_both).
    fn exclusions(&mut self, invariant: &Invariant, (add, part): (&Change, &Part)) -> Vec<Invariant> {
        let mut parts = Vec::new();
        let terms: Vec<Arg> =
            terms(add, part).into_iter().map(|term| self.known.equalities.find(term)).collect();
        for (predicate, arguments) in self.known.true_atoms() {
            if self.is_countable[predicate.0 as usize] && invariant.part(predicate).is_none() {
                let fits = |position: usize, term| arguments[position] == term;
                fit((predicate, arguments.len()), &terms, &fits, &mut Vec::new(), &mut parts);
            }
        }
        self.work += parts.len() as u64;
        parts.into_iter().map(|its| invariant.with(its)).collect()
    }

    /// The invariants with one more part, which counts an atom that is deleted together with the add. To be
    /// called after [`is_balanced`](Self::is_balanced).
    fn repairs(
        &mut self,
        schema: &Schema,
        invariant: &Invariant,
        (add, part): (&Change, &Part),
    ) -> Vec<Invariant> {
        let mut repairs = Vec::new();
        let terms = terms(add, part);
        let others = schema.deletes.iter().filter(|delete| invariant.part(delete.predicate).is_none());
        for delete in others {
            let mut parts = Vec::new();
            let fits = |position: usize, term| {
                let argument = delete.arguments[position];
                argument == term || delete.variables.contains(&argument)
            };
            fit((delete.predicate, delete.arguments.len()), &terms, &fits, &mut Vec::new(), &mut parts);
            for its in parts {
                self.work += 1;
                if self.known.implies_delete(&self.domains, delete, instance(add, part, &its)) {
                    repairs.push(invariant.with(its));
                }
            }
        }
        repairs
    }
}

/// The values of the parameters in the instance that covers an add.
fn terms(add: &Change, part: &Part) -> Vec<Arg> {
    part.parameters.iter().map(|&position| add.arguments[position]).collect()
}

/// The argument positions of the parameters in another part, with their values in the instance that covers an
/// add.
fn instance<'a>(add: &'a Change, part: &'a Part, its: &'a Part) -> impl Iterator<Item = (usize, Arg)> {
    part.parameters.iter().zip(&its.parameters).map(|(&own, &position)| (position, add.arguments[own]))
}

/// The parts of a predicate that cover an atom in the instance with these terms. Each term has a position of
/// its own where it fits; at most one position is left over, and counted.
fn fit(
    (predicate, arity): (PredicateId, usize),
    terms: &[Arg],
    fits: &impl Fn(usize, Arg) -> bool,
    taken: &mut Vec<usize>,
    parts: &mut Vec<Part>,
) {
    if parts.len() == FITS_MAX || arity < terms.len() || arity > terms.len() + 1 {
        return;
    }
    let Some(&term) = terms.get(taken.len()) else {
        let counted = (0..arity).find(|position| !taken.contains(position));
        parts.push(Part { predicate, parameters: taken.clone(), counted });
        return;
    };
    for position in 0..arity {
        if fits(position, term) && !taken.contains(&position) {
            taken.push(position);
            fit((predicate, arity), terms, fits, taken, parts);
            taken.pop();
        }
    }
}

/// The invariants with a single part of a predicate: all positions are parameters, or all but one, which is
/// counted.
pub(super) fn simple(predicate: PredicateId, arity: usize) -> impl Iterator<Item = Invariant> {
    let counted = std::iter::once(None).chain((0..arity).map(Some));
    counted.map(move |counted| {
        let parameters = (0..arity).filter(|&position| Some(position) != counted).collect();
        Invariant { parts: vec![Part { predicate, parameters, counted }] }
    })
}
