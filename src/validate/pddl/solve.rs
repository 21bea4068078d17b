//! Finds the objects for which a formula holds, by joins over true atoms. All objects of a type are tried only
//! where no atom restricts them.
//!
//! It works through an agenda of formulas: those without open slots are tested, and of the others the one that
//! promises the fewest objects is followed next. Depth of recursion is bounded by slots and nesting.

use std::borrow::Cow;

use futures::future::LocalBoxFuture;

use super::formula::{Formula, Kind, slot};
use super::number::{Numbers, compares};
use super::state::{Facts, atom_key};
use crate::lang::pddl::model::{Model, ObjectId, PredicateId, Term, TypeId};
use crate::step::Pace;

/// A slot that holds nothing yet.
const OPEN: u32 = u32::MAX;

/// Called with the slots of each solution; answers whether the search can end.
pub(super) type Found<'f> = dyn FnMut(&[u32]) -> bool + 'f;

/// The state and the derived atoms that a question is asked of.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub model: &'a Model,
    pub facts: &'a Facts,
    /// Of the derived predicates.
    pub derived: &'a Facts,
    pub numbers: Numbers<'a>,
}

impl<'a> View<'a> {
    /// Where atoms of a predicate stand.
    pub fn table(&self, predicate: PredicateId) -> &'a Facts {
        let is_derived = self.model.predicates[predicate.0 as usize].stratum.is_some();
        if is_derived { self.derived } else { self.facts }
    }
}

/// Looks for objects.
pub(super) struct Solver<'a> {
    view: View<'a>,
    pace: &'a Pace,
    types: &'a [&'a [TypeId]],
    slots: Vec<u32>,
}

impl<'a> Solver<'a> {
    /// A search over slots of these types, of which the first hold `bound`.
    pub fn new(view: View<'a>, pace: &'a Pace, types: &'a [&'a [TypeId]], bound: &[ObjectId]) -> Self {
        let mut slots: Vec<u32> = bound.iter().map(|one| one.0).collect();
        slots.resize(types.len().max(bound.len()), OPEN);
        Self { view, pace, types, slots }
    }

    /// Whether the formula holds for some objects in its open slots.
    pub async fn holds(&mut self, formula: &Formula) -> bool {
        self.solve(&[formula], &mut |_| true).await
    }

    /// Goes through the solutions of all of `agenda`; whether one of them was enough. The same solution may
    /// come up more than once. All slots are as before afterwards.
    pub fn solve<'s>(
        &'s mut self,
        agenda: &'s [&'s Formula],
        found: &'s mut Found<'_>,
    ) -> LocalBoxFuture<'s, bool> {
        Box::pin(async move {
            self.pace.pass().await;
            let mut open = Vec::with_capacity(agenda.len());
            for formula in agenda {
                if !self.admit(formula, &mut open).await {
                    return false;
                }
            }
            let costs = open.iter().enumerate().map(|(at, formula)| (self.promise(formula), at));
            let Some((_, at)) = costs.min() else { return found(&self.slots) };
            let next = open.swap_remove(at);
            match &next.kind {
                Kind::Is(slot) => {
                    let types = self.types[*slot as usize];
                    for object in objects(self.view.model, types).iter() {
                        self.slots[*slot as usize] = object.0;
                        let enough = self.solve(&open, found).await;
                        self.slots[*slot as usize] = OPEN;
                        if enough {
                            return true;
                        }
                    }
                    false
                }
                Kind::Atom(true, predicate, terms) => self.follow(*predicate, terms, &open, found).await,
                Kind::Equal(true, left, right) => {
                    let (unknown, known) =
                        if self.object(*left) == OPEN { (left, right) } else { (right, left) };
                    let row = [self.object(*known)];
                    self.place(std::slice::from_ref(unknown), &row, &open, found).await
                }
                Kind::Any(parts) => {
                    for part in parts {
                        open.push(part);
                        let enough = self.solve(&open, found).await;
                        open.pop();
                        if enough {
                            return true;
                        }
                    }
                    false
                }
                // Other formulas have open slots only as long as the types of these slots are on the agenda.
                _ => false,
            }
        })
    }

    /// Tests what can be tested and puts the rest on `open`, conjunctions taken apart.
    async fn admit<'f>(&mut self, formula: &'f Formula, open: &mut Vec<&'f Formula>) -> bool {
        let mut stack = vec![formula];
        while let Some(formula) = stack.pop() {
            if formula.free.iter().all(|&slot| self.slots[slot as usize] != OPEN) {
                if !self.test(formula).await {
                    return false;
                }
                continue;
            }
            match &formula.kind {
                Kind::All(parts) => stack.extend(parts.iter().rev()),
                Kind::Some(_, body) => stack.push(body),
                _ => open.push(formula),
            }
        }
        true
    }

    /// Whether a formula without open slots holds.
    async fn test(&mut self, formula: &Formula) -> bool {
        if formula.searches { self.search(formula).await } else { self.is_so(formula) }
    }

    /// Whether a formula with quantifiers holds.
    fn search<'s>(&'s mut self, formula: &'s Formula) -> LocalBoxFuture<'s, bool> {
        Box::pin(async move {
            match &formula.kind {
                Kind::Some(_, body) => self.holds(body).await,
                Kind::None(_, body) => !self.holds(body).await,
                Kind::All(parts) | Kind::Any(parts) => {
                    let decides = matches!(formula.kind, Kind::Any(_));
                    for part in parts {
                        if self.test(part).await == decides {
                            return decides;
                        }
                    }
                    !decides
                }
                _ => self.is_so(formula),
            }
        })
    }

    /// Whether a formula without quantifiers holds.
    fn is_so(&self, formula: &Formula) -> bool {
        match &formula.kind {
            Kind::Is(slot) => {
                fits(self.view.model, ObjectId(self.slots[*slot as usize]), self.types[*slot as usize])
            }
            Kind::Atom(holds, predicate, terms) => {
                let key = atom_key(*predicate, terms.iter().map(|&term| self.object(term)));
                self.view.table(*predicate).contains(&key) == *holds
            }
            Kind::Equal(holds, left, right) => (self.object(*left) == self.object(*right)) == *holds,
            Kind::Compare { holds, lenient, comparator, sides } => {
                let object = |term| self.object(term);
                let side = |at: usize| self.view.numbers.value(&sides[at], &object);
                match (side(0), side(1)) {
                    (Ok(left), Ok(right)) => compares(*comparator, left, right) == *holds,
                    _ => *lenient,
                }
            }
            Kind::All(parts) => parts.iter().all(|part| self.is_so(part)),
            Kind::Any(parts) => parts.iter().any(|part| self.is_so(part)),
            // These are searched (see `search`).
            Kind::Some(..) | Kind::None(..) => false,
        }
    }

    /// Goes through the rows of an atom that agree with what is known.
    async fn follow(
        &mut self,
        predicate: PredicateId,
        terms: &[Term],
        open: &[&Formula],
        found: &mut Found<'_>,
    ) -> bool {
        let known: Vec<Option<u32>> =
            terms.iter().map(|&term| Some(self.object(term)).filter(|&word| word != OPEN)).collect();
        let (turn, rows) = self.view.table(predicate).matching(predicate, &known);
        let mut turned = terms.to_vec();
        turned.rotate_left(turn);
        for row in rows {
            self.pace.pass().await;
            if self.place(&turned, row, open, found).await {
                return true;
            }
        }
        false
    }

    /// Solves `agenda` with the terms standing for the objects of `row`; false where they cannot.
    pub async fn place(
        &mut self,
        terms: &[Term],
        row: &[u32],
        agenda: &[&Formula],
        found: &mut Found<'_>,
    ) -> bool {
        let mut written: Vec<u32> = Vec::new();
        let agrees = terms.iter().zip(row).all(|(&term, &object)| {
            if let (OPEN, Some(slot)) = (self.object(term), slot(term)) {
                self.slots[slot as usize] = object;
                written.push(slot);
            }
            self.object(term) == object
        });
        let enough = agrees && self.solve(agenda, found).await;
        written.into_iter().for_each(|slot| self.slots[slot as usize] = OPEN);
        enough
    }

    /// An estimate of how many objects or rows a formula leads to; the maximum where it leads nowhere yet.
    fn promise(&self, formula: &Formula) -> usize {
        match &formula.kind {
            Kind::Is(slot) => {
                let types = self.types[*slot as usize];
                types.iter().map(|one| self.view.model.types[one.0 as usize].objects.len()).sum()
            }
            Kind::Atom(true, predicate, terms) => {
                let known: Vec<Option<u32>> =
                    terms.iter().map(|&term| Some(self.object(term)).filter(|&word| word != OPEN)).collect();
                let table = self.view.table(*predicate);
                let (_, leading) = table.best_rotation(*predicate, &known);
                table.count(*predicate) >> (3 * leading).min(63)
            }
            Kind::Equal(true, left, right) => {
                let is_led = self.object(*left) != OPEN || self.object(*right) != OPEN;
                if is_led { 1 } else { usize::MAX }
            }
            Kind::All(parts) => parts.iter().map(|part| self.promise(part)).min().unwrap_or(1),
            Kind::Any(parts) => {
                parts.iter().fold(0, |sum: usize, part| sum.saturating_add(self.promise(part)))
            }
            Kind::Some(_, body) => self.promise(body),
            Kind::Atom(..) | Kind::Equal(..) | Kind::Compare { .. } | Kind::None(..) => usize::MAX,
        }
    }

    fn object(&self, term: Term) -> u32 {
        match term {
            Term::Variable(slot) => self.slots[slot as usize],
            Term::Object(object) => object.0,
        }
    }
}

/// The objects of any of these types, ascending.
pub(super) fn objects<'m>(model: &'m Model, types: &[TypeId]) -> Cow<'m, [ObjectId]> {
    match types {
        [one] => Cow::Borrowed(&model.types[one.0 as usize].objects),
        _ => Cow::Owned(model.objects_of(types)),
    }
}

/// Whether an object is of one of these types.
pub(super) fn fits(model: &Model, object: ObjectId, types: &[TypeId]) -> bool {
    types.iter().any(|one| model.types[one.0 as usize].objects.binary_search(&object).is_ok())
}
