//! Removes operators that mutex groups rule out: those that need or add two atoms of one group. Then it
//! removes atoms that only such operators add, operators that need one of these atoms, and so on.

use super::draft::{Draft, Drafts};
use super::fates::Fate;
use super::lifted::Class;
use super::relevance::Relevant;
use super::world::{NONE, World};
use crate::step::Budget;

/// Operators looked at per unit of work.
const OPERATORS_PER_UNIT: usize = 16;
/// Most rounds; after them, what is left is kept.
const ROUNDS: usize = 8;

/// Leaves out operators and atoms until nothing changes.
#[derive(Debug)]
pub(super) struct Prune {
    groups: Vec<Vec<u32>>,
    /// Indexed by atom: its group, or [`NONE`].
    group_of: Vec<u32>,
    /// Indexed by atom: how many operators add it.
    adders: Vec<u32>,
    /// Indexed by group: the `stamp` of the last list in which an atom of it was seen.
    stamps: Vec<u32>,
    stamp: u32,
    round: usize,
    next: usize,
    has_changed: bool,
}

impl Prune {
    /// Prepares the removal; the mutex groups must be disjoint. O(atoms).
    pub(super) fn new(world: &World, groups: Vec<Vec<u32>>) -> Self {
        let mut group_of = vec![NONE; world.atoms.len()];
        for (id, group) in (0u32..).zip(&groups) {
            group.iter().for_each(|&atom| group_of[atom as usize] = id);
        }
        let (adders, stamps) = (vec![0; group_of.len()], vec![0; groups.len()]);
        Self { groups, group_of, adders, stamps, stamp: 0, round: 0, next: 0, has_changed: false }
    }

    /// Continues while the budget lasts. At the end it answers the groups without the removed atoms.
    pub(super) fn step(
        &mut self,
        world: &World,
        drafts: &Drafts,
        relevant: &mut Relevant,
        budget: &mut Budget,
    ) -> Option<Vec<Vec<u32>>> {
        loop {
            while self.next < drafts.len() {
                if budget.is_spent() {
                    return None;
                }
                budget.spend(1);
                let end = (self.next + OPERATORS_PER_UNIT).min(drafts.len());
                for id in self.next..end {
                    if relevant.operators[id] {
                        self.operator(drafts, relevant, id);
                    }
                }
                self.next = end;
            }
            self.next = 0;
            self.round += 1;
            let is_over = !self.has_changed || self.round == ROUNDS || !self.settle(world, relevant);
            self.has_changed = false;
            if is_over {
                let is_left = |&atom: &u32| relevant.fates[atom as usize] == Fate::Changes;
                self.groups.iter_mut().for_each(|group| group.retain(is_left));
                self.groups.retain(|group| group.len() > 1);
                return Some(std::mem::take(&mut self.groups));
            }
        }
    }

    fn operator(&mut self, drafts: &Drafts, relevant: &mut Relevant, id: usize) {
        let draft = drafts.operator(id);
        if self.is_ruled_out(drafts, relevant, draft) {
            relevant.operators[id] = false;
            self.has_changed = true;
            return;
        }
        let atoms = drafts.atoms(draft);
        atoms.adds.iter().for_each(|&atom| self.adders[atom as usize] += 1);
        for block in drafts.extra(draft).map_or(&[][..], |extra| &extra.blocks) {
            block.adds.iter().for_each(|&atom| self.adders[atom as usize] += 1);
        }
    }

    fn is_ruled_out(&mut self, drafts: &Drafts, relevant: &Relevant, draft: Draft) -> bool {
        let atoms = drafts.atoms(draft);
        if self.round > 0 {
            return atoms.holds.iter().any(|&atom| relevant.fates[atom as usize] == Fate::False);
        }
        self.clash(atoms.holds) || self.clash(atoms.adds)
    }

    /// Whether two atoms are of one group.
    fn clash(&mut self, atoms: &[u32]) -> bool {
        self.stamp += 1;
        let (stamps, stamp) = (&mut self.stamps, self.stamp);
        let groups = atoms.iter().map(|&atom| self.group_of[atom as usize]).filter(|&group| group != NONE);
        groups.into_iter().any(|group| std::mem::replace(&mut stamps[group as usize], stamp) == stamp)
    }

    /// Removes atoms that no operator adds any more; answers whether there are any.
    fn settle(&mut self, world: &World, relevant: &mut Relevant) -> bool {
        let mut has_changed = false;
        for (atom, fate) in relevant.fates.iter_mut().enumerate() {
            let is_initial = (world.order(atom as u32) as usize) < world.initials;
            let is_left = *fate != Fate::Changes || is_initial || self.adders[atom] > 0;
            if !is_left && world.lifted.classes[world.atoms.symbol(atom as u32) as usize] == Class::Fluent {
                *fate = Fate::False;
                has_changed = true;
            }
        }
        self.adders.fill(0);
        has_changed
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let groups = self.groups.iter().map(|group| 24 + group.len() * 4).sum::<usize>();
        (self.group_of.len() + self.adders.len() + self.stamps.len()) * 4 + groups
    }
}
