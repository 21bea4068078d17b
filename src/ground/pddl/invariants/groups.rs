//! Mutex groups: the instances of invariants, with the reachable atoms that they cover.

use super::{Invariant, Part};
use crate::hash;
use crate::lang::pddl::model::{Model, ObjectId, PredicateId};
use crate::step::{Budget, Progress};
use std::sync::Arc;

/// Atoms that are looked at per unit of work.
const ATOMS_PER_UNIT: u64 = 16;

/// No instance.
const NONE: u32 = u32::MAX;

/// The reachable atoms, each once, indexed from 0. Atoms of predicates that no action changes are in no
/// group.
pub trait Atoms {
    /// How many atoms there are.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The predicate of an atom, and its arguments as indices of objects.
    fn atom(&self, index: u32) -> (PredicateId, &[u32]);
}

/// Arguments of a reachable atom, or of one of the model.
#[derive(Clone, Copy)]
enum Arguments<'a> {
    Indices(&'a [u32]),
    Objects(&'a [ObjectId]),
}

impl Arguments<'_> {
    #[inline]
    fn at(self, position: usize) -> u32 {
        match self {
            Self::Indices(indices) => indices[position],
            Self::Objects(objects) => objects[position].0,
        }
    }
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

    /// Replaces each member `m` by `names[m]`. The names must be ascending.
    pub fn rename(&mut self, names: &[u32]) {
        self.members.iter_mut().for_each(|member| *member = names[*member as usize]);
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

/// An instance of an invariant. Its parameters' values can be read from its first atom, which is an initial
/// or a reachable one.
#[derive(Clone, Copy, Debug)]
struct Instance {
    invariant: u32,
    is_initial: bool,
    first_atom: u32,
    first_part: u32,
    size: u32,
    /// How many of its atoms are true initially; counted up to 2.
    weight: u32,
}

/// Finds the mutex groups with at least two members: for each instance with an initial weight of at most 1,
/// the reachable atoms that it covers. Weights are those of the model's initial state, whatever atoms are
/// given. Of equal groups only the first is kept. O(atoms × invariants of a predicate).
#[derive(Debug)]
pub struct Instantiation {
    model: Arc<Model>,
    invariants: Vec<Invariant>,
    /// Indexed by predicate: the parts that count it, as invariant and index of the part.
    parts: Vec<Vec<(u32, u32)>>,
    instances: Vec<Instance>,
    /// Hash table with open addressing: finds an instance by its invariant and its bound objects.
    table: Vec<u32>,
    /// The instance of each reachable atom, for each part of its predicate, in order.
    covering: Vec<u32>,
    /// How many initial atoms, and after them reachable atoms, have been counted.
    next: usize,
}

impl Instantiation {
    /// Prepares an instantiation.
    pub fn new(model: Arc<Model>, invariants: Vec<Invariant>) -> Self {
        let mut parts: Vec<Vec<(u32, u32)>> = vec![Vec::new(); model.predicates.len()];
        for (index, invariant) in invariants.iter().enumerate() {
            for (number, part) in invariant.parts.iter().enumerate() {
                parts[part.predicate.0 as usize].push((index as u32, number as u32));
            }
        }
        let (instances, covering) = (Vec::new(), Vec::new());
        Self { model, invariants, parts, instances, table: vec![NONE; 64], covering, next: 0 }
    }

    /// Continues while the budget lasts, always with the same atoms. Done with the groups.
    pub fn step(&mut self, atoms: &impl Atoms, budget: &mut Budget) -> Progress<Groups> {
        let mut looked_at = 0;
        let model = Arc::clone(&self.model);
        let initial = model.atoms.len();
        while !budget.is_spent() {
            if self.next == initial + atoms.len() {
                return Progress::Done(self.finish(atoms));
            }
            looked_at += 1 + if self.next < initial {
                self.count(&model, atoms, self.next as u32, true)
            } else {
                self.count(&model, atoms, (self.next - initial) as u32, false)
            };
            self.next += 1;
            if looked_at >= ATOMS_PER_UNIT {
                budget.spend(looked_at / ATOMS_PER_UNIT);
                looked_at %= ATOMS_PER_UNIT;
            }
        }
        Progress::Pending
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> u64 {
        let words = self.table.len() + self.covering.len();
        (words * 4 + self.instances.len() * size_of::<Instance>()) as u64
    }

    fn part(&self, invariant: u32, part: u32) -> &Part {
        &self.invariants[invariant as usize].parts[part as usize]
    }

    /// Adds the atom to the instances that cover it; answers how many there are.
    fn count(&mut self, model: &Model, atoms: &impl Atoms, index: u32, is_initial: bool) -> u64 {
        let (predicate, arguments) = atom(model, atoms, index, is_initial);
        let parts = self.parts[predicate.0 as usize].len();
        for number in 0..parts {
            let (invariant, part) = self.parts[predicate.0 as usize][number];
            let slot = self.slot(model, atoms, (invariant, part), arguments);
            if self.table[slot] == NONE {
                self.table[slot] = self.instances.len() as u32;
                let (first_atom, first_part) = (index, part);
                self.instances.push(Instance {
                    invariant,
                    is_initial,
                    first_atom,
                    first_part,
                    size: 0,
                    weight: 0,
                });
            }
            let id = self.table[slot];
            let instance = &mut self.instances[id as usize];
            if is_initial {
                instance.weight = (instance.weight + 1).min(2);
            } else {
                instance.size += 1;
                self.covering.push(id);
            }
            if self.instances.len() * 2 > self.table.len() {
                self.grow(model, atoms);
            }
        }
        parts as u64
    }

    /// The place in the table where the instance is, or where it would be entered.
    fn slot(
        &self,
        model: &Model,
        atoms: &impl Atoms,
        (invariant, part): (u32, u32),
        arguments: Arguments<'_>,
    ) -> usize {
        let positions = &self.part(invariant, part).parameters;
        let bound = |&position: &usize| u64::from(arguments.at(position));
        let hash = positions.iter().map(bound).fold(hash::mix(0, invariant.into()), hash::mix);
        let mask = self.table.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let Some(instance) = self.instances.get(self.table[slot] as usize) else { return slot };
            if instance.invariant == invariant {
                let (_, its) = atom(model, atoms, instance.first_atom, instance.is_initial);
                let its_positions = &self.part(invariant, instance.first_part).parameters;
                let mut pairs = positions.iter().zip(its_positions);
                if pairs.all(|(&position, &its_position)| arguments.at(position) == its.at(its_position)) {
                    return slot;
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self, model: &Model, atoms: &impl Atoms) {
        self.table = vec![NONE; self.table.len() * 2];
        for id in 0..self.instances.len() {
            let Instance { invariant, is_initial, first_atom, first_part, .. } = self.instances[id];
            let (_, arguments) = atom(model, atoms, first_atom, is_initial);
            let slot = self.slot(model, atoms, (invariant, first_part), arguments);
            self.table[slot] = id as u32;
        }
    }

    /// Builds the groups, in order of instance. O(covered atoms).
    fn finish(&self, atoms: &impl Atoms) -> Groups {
        let is_group = |instance: &Instance| instance.size > 1 && instance.weight < 2;
        // Where the next member of each instance's group is written.
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
        for index in 0..atoms.len() as u32 {
            let count = self.parts[atoms.atom(index).0.0 as usize].len();
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

/// The atom at `index`, of the initial state or a reachable one.
#[inline]
fn atom<'a>(
    model: &'a Model,
    atoms: &'a impl Atoms,
    index: u32,
    is_initial: bool,
) -> (PredicateId, Arguments<'a>) {
    if is_initial {
        let (predicate, arguments, _) = model.atoms.at(index as usize);
        (predicate, Arguments::Objects(arguments))
    } else {
        let (predicate, arguments) = atoms.atom(index);
        (predicate, Arguments::Indices(arguments))
    }
}

/// The groups, each once.
fn distinct(groups: &Groups) -> Groups {
    let words =
        |group: &[u32]| group.iter().fold(group.len() as u64, |hash, &one| hash::mix(hash, one.into()));
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
