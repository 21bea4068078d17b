//! Mutex groups: the instances of invariants, with the reachable atoms that they cover.

use super::{Invariant, Part};
use crate::hash;
use crate::lang::pddl::model::{ObjectId, PredicateId};
use crate::step::{Budget, Progress, Stepper};

/// Atoms looked at per unit of work.
const ATOMS_PER_UNIT: u64 = 16;

/// No instance.
const NONE: u32 = u32::MAX;

/// Reachable atoms of the predicates that actions change, each once, indexed from 0. Every such atom of
/// the initial state must be among them; weights would be wrong without it.
pub trait Atoms {
    /// How many there are.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Predicate and arguments of one.
    fn atom(&self, index: u32) -> (PredicateId, &[ObjectId]);
    /// Whether it is true in the initial state.
    fn is_initial(&self, index: u32) -> bool;
}

/// Sets of indices, each ascending, one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Default for Groups {
    fn default() -> Self {
        Self { starts: vec![0], members: Vec::new() }
    }
}

impl Groups {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The group at `index`, below [`len`](Self::len).
    pub fn at(&self, index: usize) -> &[u32] {
        &self.members[self.starts[index] as usize..self.starts[index + 1] as usize]
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.len()).map(|index| self.at(index))
    }

    /// Members of all groups together.
    pub fn total(&self) -> usize {
        self.members.len()
    }

    /// Adds a group.
    pub fn push(&mut self, members: impl IntoIterator<Item = u32>) {
        self.members.extend(members);
        self.starts.push(self.members.len() as u32);
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> u64 {
        (self.starts.len() as u64 + self.members.len() as u64) * 4
    }
}

/// An instance of an invariant. What it is bound to can be read off its first atom.
#[derive(Clone, Copy, Debug)]
struct Instance {
    invariant: u32,
    first_atom: u32,
    first_part: u32,
    size: u32,
    /// Atoms that are true initially, up to 2.
    weight: u32,
}

/// Finds the mutex groups of two members and more: per instance of initial weight at most 1, the atoms
/// that it covers. Of equal groups, the first is kept. O(atoms × invariants of a predicate).
pub struct Instantiation<'a, A> {
    invariants: &'a [Invariant],
    atoms: &'a A,
    /// Per predicate, parts of it: invariant and part.
    parts: Vec<Vec<(u32, u32)>>,
    instances: Vec<Instance>,
    /// Open addressing: instances by invariant and bound objects.
    table: Vec<u32>,
    /// Instance per atom and part of its predicate, in order.
    covering: Vec<u32>,
    next: usize,
}

impl<'a, A: Atoms> Instantiation<'a, A> {
    /// An instantiation that has not begun.
    pub fn new(invariants: &'a [Invariant], atoms: &'a A) -> Self {
        let mut parts: Vec<Vec<(u32, u32)>> = Vec::new();
        for (index, invariant) in invariants.iter().enumerate() {
            for (number, part) in invariant.parts.iter().enumerate() {
                let predicate = part.predicate.0 as usize;
                parts.resize(parts.len().max(predicate + 1), Vec::new());
                parts[predicate].push((index as u32, number as u32));
            }
        }
        let (instances, covering) = (Vec::new(), Vec::new());
        Self { invariants, atoms, parts, instances, table: vec![NONE; 64], covering, next: 0 }
    }

    fn parts_of(&self, predicate: PredicateId) -> &[(u32, u32)] {
        self.parts.get(predicate.0 as usize).map_or(&[], |parts| parts)
    }

    fn part(&self, invariant: u32, part: u32) -> &'a Part {
        &self.invariants[invariant as usize].parts[part as usize]
    }

    /// Finds the instances that cover an atom; answers how many.
    fn cover(&mut self, index: u32) -> usize {
        let atoms = self.atoms;
        let (predicate, arguments) = atoms.atom(index);
        let weight = u32::from(atoms.is_initial(index));
        let count = self.parts_of(predicate).len();
        for number in 0..count {
            let (invariant, part) = self.parts_of(predicate)[number];
            let slot = self.slot(invariant, part, arguments);
            if self.table[slot] == NONE {
                self.table[slot] = self.instances.len() as u32;
                let (first_atom, first_part) = (index, part);
                self.instances.push(Instance { invariant, first_atom, first_part, size: 0, weight: 0 });
            }
            let id = self.table[slot];
            let instance = &mut self.instances[id as usize];
            instance.size += 1;
            instance.weight = (instance.weight + weight).min(2);
            self.covering.push(id);
            if self.instances.len() * 2 > self.table.len() {
                self.grow();
            }
        }
        count
    }

    /// Where in the table the instance is, or would be.
    fn slot(&self, invariant: u32, part: u32, arguments: &[ObjectId]) -> usize {
        let positions = &self.part(invariant, part).parameters;
        let bound = |&position: &usize| u64::from(arguments[position].0);
        let hash = positions.iter().map(bound).fold(hash::mix(0, invariant.into()), hash::mix);
        let mask = self.table.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let Some(instance) = self.instances.get(self.table[slot] as usize) else { return slot };
            if instance.invariant == invariant {
                let (_, its) = self.atoms.atom(instance.first_atom);
                let its_positions = &self.part(invariant, instance.first_part).parameters;
                let mut pairs = positions.iter().zip(its_positions);
                if pairs.all(|(&position, &its_position)| arguments[position] == its[its_position]) {
                    return slot;
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self) {
        self.table = vec![NONE; self.table.len() * 2];
        for id in 0..self.instances.len() {
            let Instance { invariant, first_atom, first_part, .. } = self.instances[id];
            let atoms = self.atoms;
            let slot = self.slot(invariant, first_part, atoms.atom(first_atom).1);
            self.table[slot] = id as u32;
        }
    }

    /// The groups, by instance. O(covered atoms).
    fn finish(&self) -> Groups {
        let is_group = |instance: &Instance| instance.size > 1 && instance.weight < 2;
        // Where the next member of each instance's group goes.
        let mut ends = Vec::with_capacity(self.instances.len());
        let mut starts = vec![0];
        let mut total = 0;
        for instance in &self.instances {
            ends.push(if is_group(instance) { total } else { NONE });
            if is_group(instance) {
                total += instance.size;
                starts.push(total);
            }
        }
        let mut members = vec![0; total as usize];
        let mut covering = self.covering.iter();
        for index in 0..self.atoms.len() as u32 {
            let count = self.parts_of(self.atoms.atom(index).0).len();
            for &id in covering.by_ref().take(count) {
                let end = &mut ends[id as usize];
                if *end != NONE {
                    members[*end as usize] = index;
                    *end += 1;
                }
            }
        }
        distinct(&Groups { starts, members })
    }
}

/// The groups without repetitions.
fn distinct(groups: &Groups) -> Groups {
    let words = |group: &[u32]| group.iter().fold(group.len() as u64, |hash, &one| hash::mix(hash, one.into()));
    let mut order: Vec<(u64, u32)> = groups.iter().map(words).zip(0..).collect();
    order.sort_unstable();
    let mut is_first = vec![true; groups.len()];
    for run in order.chunk_by(|one, other| one.0 == other.0) {
        for (at, &(_, index)) in run.iter().enumerate() {
            let mut before = run[..at].iter().map(|&(_, other)| other as usize);
            is_first[index as usize] =
                !before.any(|other| is_first[other] && groups.at(other) == groups.at(index as usize));
        }
    }
    let mut kept = Groups::default();
    groups.iter().zip(is_first).filter(|pair| pair.1).for_each(|(group, _)| kept.push(group.iter().copied()));
    kept
}

impl<A: Atoms> Stepper for Instantiation<'_, A> {
    type Output = Groups;

    fn step(&mut self, budget: &mut Budget) -> Progress<Groups> {
        let mut looked_at = 0;
        while !budget.is_spent() {
            if self.next == self.atoms.len() {
                return Progress::Done(self.finish());
            }
            looked_at += 1 + self.cover(self.next as u32) as u64;
            self.next += 1;
            if looked_at >= ATOMS_PER_UNIT {
                budget.spend(looked_at / ATOMS_PER_UNIT);
                looked_at %= ATOMS_PER_UNIT;
            }
        }
        Progress::Pending
    }

    fn memory_bytes(&self) -> u64 {
        let words = self.table.len() + self.covering.len();
        (words * 4 + self.instances.len() * size_of::<Instance>()) as u64
    }
}
