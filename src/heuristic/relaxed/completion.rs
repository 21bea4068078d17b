//! What a relaxation lacks once it is put together: it drops additions of what no operator and no goal needs, since
//! no estimate asks for them, and learns which operators need a proposition. In bounded pieces.

use super::super::EDGES_PER_UNIT;
use super::rows::ITEMS_PER_PIECE;
use super::{Relaxation, Rows, Transposing};
use crate::step::Budget;

/// Bytes per proposition.
const BYTES_EACH: usize = 9;

/// A relaxation on the way to its use.
#[derive(Debug)]
pub(in crate::heuristic) struct Completion {
    /// Per proposition whether it is needed.
    is_needed: Vec<bool>,
    /// How many preconditions were looked at.
    marked: usize,
    /// The additions that stay, of the operators so far.
    adds: Rows,
    /// Whether those are all.
    is_pruned: bool,
    needed_by: Transposing,
    /// Bytes that it and the relaxation come to hold at most.
    bytes: usize,
}

impl Completion {
    /// Not begun.
    pub(in crate::heuristic) fn new(relaxation: &Relaxation) -> Self {
        let mut is_needed = vec![false; relaxation.propositions];
        relaxation.goal.iter().for_each(|&needed| is_needed[needed as usize] = true);
        let needed_by = Transposing::new(relaxation.propositions);
        let own = relaxation.row_bytes() + is_needed.len() * BYTES_EACH;
        let bytes = relaxation.memory_bytes() + own;
        Self { is_needed, marked: 0, adds: Rows::default(), is_pruned: false, needed_by, bytes }
    }

    /// Works on, always with the same relaxation; answers whether it is complete.
    pub(in crate::heuristic) fn step(&mut self, relaxation: &mut Relaxation, budget: &mut Budget) -> bool {
        while !self.is_pruned {
            if budget.is_spent() {
                return false;
            }
            budget.spend((ITEMS_PER_PIECE / EDGES_PER_UNIT) as u64);
            self.prune(relaxation);
        }
        let found = self.needed_by.step(&relaxation.preconditions, budget);
        found.map(|found| relaxation.needed_by = found).is_some()
    }

    /// Marks the next preconditions, or goes through the additions of the next operators.
    fn prune(&mut self, relaxation: &mut Relaxation) {
        let needed = relaxation.preconditions.items();
        if self.marked < needed.len() {
            let to = needed.len().min(self.marked + ITEMS_PER_PIECE);
            needed[self.marked..to].iter().for_each(|&needed| self.is_needed[needed as usize] = true);
            self.marked = to;
            return;
        }
        let mut looked_at = 0;
        while self.adds.count() < relaxation.operators() && looked_at < ITEMS_PER_PIECE {
            let row = relaxation.adds.row(self.adds.count());
            looked_at += 1 + row.len();
            self.adds.push(row.iter().copied().filter(|&added| self.is_needed[added as usize]));
        }
        if self.adds.count() == relaxation.operators() {
            relaxation.adds = std::mem::take(&mut self.adds);
            self.is_pruned = true;
        }
    }

    /// Bytes that it and the relaxation come to hold at most: the same however far it is.
    pub(in crate::heuristic) fn memory_bytes(&self) -> usize {
        self.bytes
    }
}
