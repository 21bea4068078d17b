//! Which bindings were found already.

use super::arena::Arena;
use crate::hash;
use crate::task::{Index, OutOfMemory};

/// Bindings of one length.
#[derive(Debug)]
pub(super) struct Seen {
    runs: Arena,
    places: Vec<u32>,
    index: Index,
    scratch: Vec<u32>,
}

impl Default for Seen {
    fn default() -> Self {
        Self { runs: Arena::default(), places: Vec::new(), index: Index::new(), scratch: Vec::new() }
    }
}

impl Seen {
    /// Adds a binding; answers whether it is new.
    pub(super) fn insert(&mut self, binding: impl Iterator<Item = u32>) -> Result<bool, OutOfMemory> {
        self.scratch.clear();
        self.scratch.extend(binding);
        let hash = self.scratch.iter().fold(17, |hash, &one| hash::mix(hash, u64::from(one)));
        let tag = (hash >> 32) as u32;
        let (runs, places, scratch) = (&self.runs, &self.places, &self.scratch);
        let is_same = |id: u32| runs.run(places[id as usize], scratch.len()) == &scratch[..];
        if self.index.find(tag, is_same).is_some() {
            return Ok(false);
        }
        self.index.insert(tag, self.places.len() as u32)?;
        self.places.push(self.runs.push(&self.scratch)?);
        Ok(true)
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.runs.memory_bytes() + self.places.capacity() * 4 + self.index.memory_bytes()
    }
}
