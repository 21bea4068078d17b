//! Relaxed reachability from the initial state, without ever reaching some excluded facts.

use super::rules::Rules;
use crate::step::Budget;

/// Propositions and their uses that are looked at per unit of work.
const LOOKED_AT_PER_UNIT: usize = 64;
/// An operator with this number of unmet preconditions is never applied: it is more than there can be.
const EXCLUDED: u32 = u32::MAX / 2;

/// Explores once for each landmark, in the same memory.
#[derive(Debug)]
pub(super) struct Exploration {
    unmet_at_first: Vec<u32>,
    unmet: Vec<u32>,
    reached: Vec<bool>,
    queue: Vec<u32>,
    /// The place of the next proposition in the queue.
    at: usize,
    excluded: Vec<u32>,
}

impl Exploration {
    pub(super) fn new(rules: &Rules) -> Self {
        let unmet_at_first = rules.relaxation.unmet_counts();
        Self {
            unmet: unmet_at_first.clone(),
            unmet_at_first,
            reached: vec![false; rules.relaxation.propositions],
            queue: Vec::new(),
            at: 0,
            excluded: Vec::new(),
        }
    }

    /// Starts over. An operator is not applied if it makes an excluded fact true whenever it is applied;
    /// other operators lose the effects that add one. O(operators + propositions).
    pub(super) fn start(&mut self, rules: &Rules, excluded: &[u32]) {
        self.unmet.copy_from_slice(&self.unmet_at_first);
        self.reached.fill(false);
        self.queue.clear();
        self.at = 0;
        self.excluded.clear();
        self.excluded.extend_from_slice(excluded);
        for &fact in excluded {
            // An excluded fact counts as reached here, so it is never queued; `run` resets it at the end.
            self.reached[fact as usize] = true;
            for (relaxed, is_certain) in rules.adders(fact) {
                if is_certain {
                    self.unmet[rules.relaxed(rules.achiever(relaxed))].fill(EXCLUDED);
                }
            }
        }
        for &proposition in rules.initial.iter().chain(&rules.initial_atoms) {
            self.reach(proposition);
        }
        for &relaxed in &rules.relaxation.free {
            if self.unmet[relaxed as usize] == 0 {
                self.fire(rules, relaxed as usize);
            }
        }
    }

    /// Continues the exploration; answers whether it is complete.
    pub(super) fn run(&mut self, rules: &Rules, budget: &mut Budget) -> bool {
        let mut looked_at = 0;
        while let Some(&proposition) = self.queue.get(self.at) {
            if looked_at >= LOOKED_AT_PER_UNIT {
                budget.spend((looked_at / LOOKED_AT_PER_UNIT) as u64);
                looked_at %= LOOKED_AT_PER_UNIT;
                if budget.is_spent() {
                    return false;
                }
            }
            self.at += 1;
            let uses = rules.relaxation.needed_by.row(proposition as usize);
            looked_at += 1 + uses.len();
            for &relaxed in uses {
                self.unmet[relaxed as usize] -= 1;
                if self.unmet[relaxed as usize] == 0 {
                    self.fire(rules, relaxed as usize);
                }
            }
        }
        budget.spend(1);
        for &fact in &self.excluded {
            self.reached[fact as usize] = false;
        }
        true
    }

    /// Indexed by proposition: whether it was reached.
    pub(super) fn reached(&self) -> &[bool] {
        &self.reached
    }

    /// Whether all preconditions of a relaxed operator were reached.
    pub(super) fn is_applicable(&self, rules: &Rules, relaxed: usize) -> bool {
        rules.relaxation.preconditions.row(relaxed).iter().all(|&needed| self.reached[needed as usize])
    }

    #[inline]
    fn reach(&mut self, proposition: u32) {
        let reached = &mut self.reached[proposition as usize];
        if !*reached {
            *reached = true;
            self.queue.push(proposition);
        }
    }

    #[inline]
    fn fire(&mut self, rules: &Rules, relaxed: usize) {
        for &proposition in rules.relaxation.adds.row(relaxed) {
            self.reach(proposition);
        }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.unmet.len() * 8 + self.reached.len() * 5
    }
}
