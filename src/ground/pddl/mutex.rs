//! Decides which atoms become one variable and which atoms exclude each other: the part of grounding that
//! uses [`invariants`](super::invariants).

use std::sync::Arc;

use super::fates::Fate;
use super::invariants::{Atoms, Groups, MutexGroups};
use super::relevance::Relevant;
use super::world::World;
use crate::lang::pddl::Model;
use crate::lang::pddl::model::PredicateId;
use crate::step::{Budget, Progress};

/// Units that the search for invariants may take in any case, and one more for so many operators: a
/// twentieth of what grounding takes, about.
const LIMIT_UNITS: u64 = 20_000;
const OPERATORS_PER_LIMIT_UNIT: u64 = 16;

/// Disjoint mutex groups of the atoms that actions change.
#[derive(Debug)]
pub(super) struct Mutexes {
    /// Atoms that actions change, ascending.
    members: Vec<u32>,
    groups: MutexGroups,
}

/// [`Mutexes::members`] in the world.
struct Members<'a>(&'a World, &'a [u32]);

impl Atoms for Members<'_> {
    fn len(&self) -> usize {
        self.1.len()
    }

    fn atom(&self, index: u32) -> (PredicateId, &[u32]) {
        let (Self(world, members), index) = (self, index as usize);
        (PredicateId(world.atoms.symbol(members[index])), world.atoms.arguments(members[index]))
    }
}

impl Mutexes {
    /// Prepares the search for mutex groups. O(atoms).
    pub(super) fn new(model: Arc<Model>, world: &World, relevant: &Relevant, operators: usize) -> Self {
        let is_counted = |&atom: &u32| {
            let symbol = world.atoms.symbol(atom) as usize;
            let predicate = model.predicates.get(symbol);
            predicate.is_some_and(|predicate| predicate.stratum.is_none())
                && relevant.fates[atom as usize] == Fate::Changes
        };
        let members = (0..world.atoms.len() as u32).filter(is_counted).collect();
        let limit = LIMIT_UNITS + operators as u64 / OPERATORS_PER_LIMIT_UNIT;
        Self { members, groups: MutexGroups::new(model, limit) }
    }

    /// Once they are known, the groups that become variables, each ascending, and all mutex groups.
    pub(super) fn step(&mut self, world: &World, budget: &mut Budget) -> Option<(Vec<Vec<u32>>, Groups)> {
        let Progress::Done(mut covering) = self.groups.step(&Members(world, &self.members), budget) else {
            return None;
        };
        let atoms = |group: &[u32]| group.iter().map(|&member| self.members[member as usize]).collect();
        let groups = covering.groups.iter().map(atoms).collect();
        covering.all.rename(&self.members);
        Some((groups, covering.all))
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.members.len() * 4 + self.groups.memory_bytes() as usize
    }
}
