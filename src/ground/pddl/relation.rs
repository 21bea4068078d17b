//! Indexes the reached atoms of one symbol by their arguments at some positions.

use super::atoms::AtomTable;
use super::world::{NONE, World};
use crate::hash;
use crate::task::{Column, Index, OutOfMemory};

/// An index: from the arguments at `positions` to a chain of atoms, the latest first.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) positions: Vec<u32>,
    /// Positions with the domains that their arguments must lie in; atoms with other arguments are left out.
    pub(super) within: Vec<(u32, u32)>,
    /// Heads of chains, by object (one position) or by group.
    heads: Vec<u32>,
    /// From the key's hash to a group, for two positions and more.
    groups: Index,
    /// Atom and next entry.
    entries: Column<u32>,
}

fn tag(key: impl Iterator<Item = u32>) -> u32 {
    (key.fold(3, |hash, one| hash::mix(hash, u64::from(one))) >> 32) as u32
}

impl Relation {
    pub(super) fn new(positions: Vec<u32>, within: Vec<(u32, u32)>, objects: usize) -> Self {
        let heads = match positions.len() {
            0 => 1,
            1 => objects,
            _ => 0,
        };
        let (heads, groups, entries) = (vec![NONE; heads], Index::new(), Column::new(2));
        Self { positions, within, heads, groups, entries }
    }

    /// Adds an atom, where it belongs here.
    pub(super) fn insert(&mut self, world: &World, atom: u32) -> Result<(), OutOfMemory> {
        let atoms = &world.atoms;
        let arguments = atoms.arguments(atom);
        let lies_in =
            |&(at, domain): &(u32, u32)| world.lifted.domains.contains(domain, arguments[at as usize]);
        if !self.within.iter().all(lies_in) {
            return Ok(());
        }
        let head = match self.positions.len() {
            0 => 0,
            1 => arguments[self.positions[0] as usize] as usize,
            _ => self.group(atoms, arguments)?,
        };
        let entry = self.entries.len() as u32;
        self.entries.push(&[atom, self.heads[head]])?;
        self.heads[head] = entry;
        Ok(())
    }

    fn group(&mut self, atoms: &AtomTable, arguments: &[u32]) -> Result<usize, OutOfMemory> {
        let tag = tag(self.positions.iter().map(|&position| arguments[position as usize]));
        let found = self.groups.find(tag, |group| {
            let other = atoms.arguments(*self.entries.at(self.heads[group as usize] as usize));
            self.positions.iter().all(|&position| other[position as usize] == arguments[position as usize])
        });
        if let Some(group) = found {
            return Ok(group as usize);
        }
        let group = self.heads.len();
        self.groups.insert(tag, group as u32)?;
        self.heads.push(NONE);
        Ok(group)
    }

    /// The first entry under a key, or [`NONE`].
    #[inline]
    pub(super) fn first(&self, atoms: &AtomTable, key: &[u32]) -> u32 {
        match key {
            [] => self.heads[0],
            [object] => self.heads[*object as usize],
            _ => {
                let found = self.groups.find(tag(key.iter().copied()), |group| {
                    let other = atoms.arguments(*self.entries.at(self.heads[group as usize] as usize));
                    self.positions.iter().zip(key).all(|(&position, &one)| other[position as usize] == one)
                });
                found.map_or(NONE, |group| self.heads[group as usize])
            }
        }
    }

    /// The atom of an entry, and the next entry of its chain.
    #[inline]
    pub(super) fn entry(&self, entry: u32) -> (u32, u32) {
        let run = self.entries.run(entry as usize);
        (run[0], run[1])
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.heads.capacity() * 4 + self.groups.memory_bytes() + self.entries.memory_bytes()
    }
}
