//! States: the atoms that hold and the values of fluents, with indices that find them by a part of their objects.
//!
//! A key is a row of words, the id first and then the objects. So all atoms of a predicate stand together, and
//! among them those with the same first objects. Predicates that conditions search through are kept once more for
//! each further position, with the objects rotated, so that any one known object leads to its rows.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::lang::pddl::model::{FunctionId, ObjectId, PredicateId};

/// Rotations kept at most, by the bits of a key that tell them apart.
const ROTATIONS_MAX: usize = 8;

/// A fluent: the function and its objects.
pub(super) type Fluent = Box<[u32]>;

/// The atoms that hold, and the values of fluents. Derived atoms are computed when they are asked for.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub(super) facts: Facts,
    pub(super) fluents: BTreeMap<Fluent, f64>,
    pub(super) derived: OnceCell<Facts>,
}

impl State {
    /// Whether an atom of a predicate that is not derived holds.
    pub fn contains(&self, predicate: PredicateId, arguments: &[ObjectId]) -> bool {
        self.facts.contains(&atom_key(predicate, arguments.iter().map(|one| one.0)))
    }

    /// The number of a fluent; `None` where it has none.
    pub fn value(&self, function: FunctionId, arguments: &[ObjectId]) -> Option<f64> {
        self.fluents.get(&fluent_key(function, arguments.iter().map(|one| one.0))).copied()
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.facts.rows == other.facts.rows && self.fluents == other.fluents
    }
}

/// Atoms, by [`atom_key`].
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    rows: BTreeSet<Box<[u32]>>,
    /// Rows of each predicate.
    counts: Vec<u32>,
    /// Which predicates are kept rotated too.
    searched: Vec<bool>,
}

impl Facts {
    /// No atoms; `searched` is indexed by predicate.
    pub fn new(searched: &[bool]) -> Self {
        Self { rows: BTreeSet::new(), counts: vec![0; searched.len()], searched: searched.to_vec() }
    }

    pub fn contains(&self, key: &[u32]) -> bool {
        self.rows.contains(key)
    }

    /// Rows of a predicate.
    pub fn count(&self, predicate: PredicateId) -> usize {
        self.counts[predicate.0 as usize] as usize
    }

    /// Adds an atom; whether it is new.
    pub fn insert(&mut self, key: &[u32]) -> bool {
        let predicate = predicate_of(key).0 as usize;
        let is_new = self.rows.insert(key.into());
        if is_new {
            self.counts[predicate] += 1;
            for turn in 1..self.rotations(predicate, key.len() - 1) {
                self.rows.insert(rotated(key, turn));
            }
        }
        is_new
    }

    /// Takes an atom away; whether it was there.
    pub fn remove(&mut self, key: &[u32]) -> bool {
        let predicate = predicate_of(key).0 as usize;
        let was_there = self.rows.remove(key);
        if was_there {
            self.counts[predicate] -= 1;
            for turn in 1..self.rotations(predicate, key.len() - 1) {
                self.rows.remove(&rotated(key, turn));
            }
        }
        was_there
    }

    fn rotations(&self, predicate: usize, arity: usize) -> usize {
        if self.searched[predicate] { arity.min(ROTATIONS_MAX) } else { 1 }
    }

    /// The rotation in which most objects are known up front, and how many.
    pub fn best_rotation(&self, predicate: PredicateId, known: &[Option<u32>]) -> (usize, usize) {
        let leading = |turn: usize| {
            let ahead = known[turn..].iter().chain(&known[..turn]);
            ahead.take_while(|word| word.is_some()).count()
        };
        let mut best = (0, leading(0));
        for turn in 1..self.rotations(predicate.0 as usize, known.len()) {
            let count = leading(turn);
            if count > best.1 {
                best = (turn, count);
            }
        }
        best
    }

    /// The rows that agree with what is known, in one of the rotations: `(turn, objects)`, where the object at
    /// position `p` of the predicate stands at `p - turn`, around the end. Known objects at later positions still
    /// have to be compared.
    pub fn matching(
        &self,
        predicate: PredicateId,
        known: &[Option<u32>],
    ) -> (usize, impl Iterator<Item = &[u32]>) {
        let (turn, count) = self.best_rotation(predicate, known);
        let mut prefix = vec![predicate.0 << 3 | turn as u32];
        prefix.extend((0..count).filter_map(|at| known[(at + turn) % known.len()]));
        let rows = self.rows.range::<[u32], _>((Bound::Included(&prefix[..]), Bound::Unbounded));
        let rows = rows.take_while(move |row| row.starts_with(&prefix)).map(|row| &row[1..]);
        (turn, rows)
    }
}

/// The key of an atom: the predicate with three bits for its rotation, then its objects.
pub(super) fn atom_key(predicate: PredicateId, arguments: impl Iterator<Item = u32>) -> Box<[u32]> {
    std::iter::once(predicate.0 << 3).chain(arguments).collect()
}

/// The predicate of a key.
pub(super) fn predicate_of(key: &[u32]) -> PredicateId {
    PredicateId(key[0] >> 3)
}

/// The key of a fluent.
pub(super) fn fluent_key(function: FunctionId, arguments: impl Iterator<Item = u32>) -> Fluent {
    std::iter::once(function.0).chain(arguments).collect()
}

fn rotated(key: &[u32], turn: usize) -> Box<[u32]> {
    let mut row: Box<[u32]> = key.into();
    row[0] |= turn as u32;
    row[1..].rotate_left(turn);
    row
}
