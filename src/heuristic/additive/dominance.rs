//! Finds dominated effects of relaxed operators.
//!
//! An operator's effect is dominated if another operator has the same effect, needs a proper subset of its
//! preconditions, and costs no more. Leaving dominated effects out does not change hadd, and it improves
//! relaxed plans: of two operators that support a proposition at equal cost, a relaxed plan never takes the
//! one that needs more. Fast Downward does the same.
//!
//! LM-cut needs the dominated effects: there, one operator can pay for several of its effects at once.

use super::super::EDGES_PER_UNIT;
use super::super::cost::OperatorCosts;
use super::super::relaxed::{NONE, Relaxation, Rows, Transposing};
use crate::step::Budget;

/// Achievers that are listed or tested in one piece of work.
const PIECE: usize = 64;
/// Each achiever is compared with at most this many others, so a dominated effect may be missed.
const TESTS_PER_ACHIEVER: usize = 256;

/// The search for dominated effects, proposition by proposition.
#[derive(Debug)]
pub(in crate::heuristic) struct Dominance {
    /// Proposition to the relaxed operators that add it: its achievers.
    achievers: Rows,
    /// These while they are being listed.
    listing: Option<Transposing>,
    proposition: usize,
    /// How many achievers of the present proposition have been listed, and how many tested.
    listed: usize,
    tested: usize,
    /// Indexed by precondition: the last achiever that was listed under it, as its place in the row; [`NONE`]
    /// if there is none. Each achiever is listed under its rarest precondition.
    last: Vec<u32>,
    /// Indexed by achiever's place: the precondition that it is listed under, and the achiever listed there
    /// before it; [`NONE`] if there is none.
    lists: Vec<(u32, u32)>,
    /// The least cost of the achievers without preconditions.
    free: i64,
    /// The dominated effects found so far: relaxed operator and proposition.
    dominated: Vec<(u32, u32)>,
}

impl Dominance {
    /// Not begun, over a relaxation with `needed_by`. O(propositions).
    pub(in crate::heuristic) fn new(relaxation: &Relaxation) -> Self {
        Self {
            achievers: Rows::default(),
            listing: Some(Transposing::new(relaxation.propositions)),
            proposition: 0,
            listed: 0,
            tested: 0,
            last: Vec::new(),
            lists: Vec::new(),
            free: i64::MAX,
            dominated: Vec::new(),
        }
    }

    /// Continues the search, always with the same relaxation and costs. Answers whether all propositions are
    /// done.
    pub(in crate::heuristic) fn step(
        &mut self,
        relaxation: &Relaxation,
        costs: &OperatorCosts,
        budget: &mut Budget,
    ) -> bool {
        if let Some(listing) = &mut self.listing {
            let Some(achievers) = listing.step(&relaxation.adds, budget) else { return false };
            (self.achievers, self.listing) = (achievers, None);
            self.last = vec![NONE; relaxation.propositions];
        }
        let mut edges = 0;
        while self.proposition < relaxation.propositions {
            if budget.is_spent() {
                return false;
            }
            edges += 1 + self.advance(relaxation, costs);
            budget.spend((edges / EDGES_PER_UNIT) as u64);
            edges %= EDGES_PER_UNIT;
        }
        true
    }

    /// The relaxation without the effects that were found. O(effects).
    pub(in crate::heuristic) fn removed_from(&self, mut relaxation: Relaxation) -> Relaxation {
        if self.dominated.is_empty() {
            return relaxation;
        }
        let dominated = Rows::new(relaxation.operators(), self.dominated.iter().copied());
        let mut adds = Rows::default();
        for operator in 0..relaxation.operators() {
            let gone = dominated.row(operator);
            adds.push(
                relaxation
                    .adds
                    .row(operator)
                    .iter()
                    .copied()
                    .filter(|added| gone.binary_search(added).is_err()),
            );
        }
        relaxation.adds = adds;
        relaxation
    }

    /// Bytes held.
    pub(in crate::heuristic) fn memory_bytes(&self) -> usize {
        let lists = self.lists.capacity() + self.dominated.capacity();
        let listing = self.listing.as_ref().map_or(0, Transposing::memory_bytes);
        listing + self.achievers.memory_bytes() + self.last.len() * 4 + lists * 8
    }

    /// Lists or tests some achievers of the present proposition, or moves to the next proposition. Answers
    /// how many edges were looked at.
    fn advance(&mut self, relaxation: &Relaxation, costs: &OperatorCosts) -> usize {
        let row = self.achievers.row(self.proposition);
        if self.listed < row.len() {
            let needs = |&achiever: &u32| relaxation.preconditions.row(achiever as usize).len();
            let first = row.first().map_or(0, needs);
            if self.listed == 0 && row.iter().all(|achiever| needs(achiever) == first) {
                self.proposition += 1;
                return row.len();
            }
            return self.list(relaxation, costs);
        }
        if self.tested < row.len() {
            return self.test(relaxation, costs);
        }
        for &(precondition, _) in self.lists.iter().filter(|list| list.0 != NONE) {
            self.last[precondition as usize] = NONE;
        }
        self.lists.clear();
        (self.listed, self.tested, self.free) = (0, 0, i64::MAX);
        self.proposition += 1;
        row.len()
    }

    /// Lists some achievers. An achiever whose cost depends on the state is not listed, so it dominates
    /// nothing.
    fn list(&mut self, relaxation: &Relaxation, costs: &OperatorCosts) -> usize {
        let row = self.achievers.row(self.proposition);
        let to = row.len().min(self.listed + PIECE);
        let mut edges = 0;
        for (place, &achiever) in (self.listed as u32..).zip(&row[self.listed..to]) {
            let preconditions = relaxation.preconditions.row(achiever as usize);
            edges += 1 + preconditions.len();
            let (cost, varies) = cost_of(achiever, relaxation, costs);
            let rarest =
                preconditions.iter().min_by_key(|&&needed| relaxation.needed_by.range(needed as usize).len());
            match rarest {
                Some(&rarest) if !varies => {
                    let before = std::mem::replace(&mut self.last[rarest as usize], place);
                    self.lists.push((rarest, before));
                }
                _ => self.lists.push((NONE, NONE)),
            }
            if rarest.is_none() && !varies {
                self.free = self.free.min(cost);
            }
        }
        self.listed = to;
        edges
    }

    /// The achievers that are listed under a precondition, by their places in the row.
    fn listed_under(&self, needed: u32) -> impl Iterator<Item = u32> {
        let present = |place: u32| (place != NONE).then_some(place);
        let before = move |&place: &u32| present(self.lists[place as usize].1);
        std::iter::successors(present(self.last[needed as usize]), before)
    }

    /// Tests whether some achievers are dominated.
    fn test(&mut self, relaxation: &Relaxation, costs: &OperatorCosts) -> usize {
        let row = self.achievers.row(self.proposition);
        let to = row.len().min(self.tested + PIECE);
        let mut edges = 0;
        for &achiever in &row[self.tested..to] {
            if self.is_dominated(achiever, relaxation, costs, &mut edges) {
                self.dominated.push((achiever, self.proposition as u32));
            }
        }
        self.tested = to;
        edges
    }

    /// Whether another achiever of the proposition needs fewer preconditions and costs no more. Adds the
    /// edges that were looked at to `edges`.
    fn is_dominated(
        &self,
        achiever: u32,
        relaxation: &Relaxation,
        costs: &OperatorCosts,
        edges: &mut usize,
    ) -> bool {
        let row = self.achievers.row(self.proposition);
        let preconditions = relaxation.preconditions.row(achiever as usize);
        let (cost, _) = cost_of(achiever, relaxation, costs);
        *edges += 1 + preconditions.len();
        if !preconditions.is_empty() && self.free <= cost {
            return true;
        }
        let others = preconditions.iter().flat_map(|&needed| self.listed_under(needed));
        others.take(TESTS_PER_ACHIEVER).any(|place| {
            let other = row[place as usize];
            let fewer = relaxation.preconditions.row(other as usize);
            *edges += fewer.len();
            fewer.len() < preconditions.len()
                && cost_of(other, relaxation, costs).0 <= cost
                && is_subset(fewer, preconditions)
        })
    }
}

/// The least cost of a relaxed operator, and whether its cost depends on the state.
fn cost_of(operator: u32, relaxation: &Relaxation, costs: &OperatorCosts) -> (i64, bool) {
    match relaxation.source[operator as usize] {
        NONE => (0, false),
        source => (costs.least[source as usize], costs.varying.binary_search(&source).is_ok()),
    }
}

/// Whether all of `few` are in `many`, both ascending.
fn is_subset(few: &[u32], many: &[u32]) -> bool {
    let mut many = many.iter();
    few.iter().all(|one| many.by_ref().any(|other| other == one))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dominated effects of three operators that add proposition 4: after 0 and 1, after 0, and after 0, 1 and 2.
    fn found(least: [i64; 3], varying: Vec<u32>, units: u64) -> Vec<(u32, u32)> {
        let mut relaxation = Relaxation { propositions: 5, source: vec![0, 1, 2], ..Relaxation::default() };
        for (needed, added) in [(&[0, 1][..], &[4][..]), (&[0], &[4]), (&[0, 1, 2], &[3, 4])] {
            relaxation.preconditions.push(needed.iter().copied());
            relaxation.adds.push(added.iter().copied());
        }
        let relaxation = relaxation.inverted();
        let costs = OperatorCosts { least: least.to_vec(), varying };
        let mut dominance = Dominance::new(&relaxation);
        while !dominance.step(&relaxation, &costs, &mut Budget::units(units)) {}
        let without = dominance.removed_from(relaxation);
        assert_eq!(without.adds.row(2)[0], 3, "nothing else adds it");
        dominance.dominated
    }

    #[test]
    fn of_operators_with_one_effect_those_that_need_more_and_cost_no_less_are_dominated() {
        assert_eq!(found([1, 1, 1], Vec::new(), u64::MAX), [(0, 4), (2, 4)]);
        assert_eq!(found([1, 2, 1], Vec::new(), u64::MAX), [(2, 4)], "by the first one, as cheap");
        assert_eq!(found([3, 2, 1], Vec::new(), u64::MAX), [(0, 4)]);
        assert_eq!(found([1, 1, 1], vec![1], u64::MAX), [(2, 4)], "the second one may cost more");
        assert_eq!(found([1, 1, 1], Vec::new(), 1), [(0, 4), (2, 4)], "however it is cut");
    }
}
