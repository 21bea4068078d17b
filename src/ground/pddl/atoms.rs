//! Ground atoms, each once: from a symbol and its arguments to a dense id.
//!
//! Also used for numeric fluents, with functions as symbols.

use super::arena::Arena;
use crate::hash;
use crate::task::{Column, Index, OutOfMemory};

/// Interned atoms. Ids count from 0 in the order of interning.
#[derive(Debug)]
pub(super) struct AtomTable {
    arities: Vec<u32>,
    runs: Arena,
    starts: Column<u32>,
    index: Index,
    scratch: Vec<u32>,
}

#[inline]
fn tag(symbol: u32, arguments: &[u32]) -> u32 {
    let mut hash = u64::from(symbol);
    for &argument in arguments {
        hash = hash::mix(hash, u64::from(argument));
    }
    (hash::mix(hash, 1) >> 32) as u32
}

impl AtomTable {
    /// No atoms; `arities` is indexed by symbol.
    pub(super) fn new(arities: Vec<u32>) -> Self {
        let (runs, starts) = (Arena::default(), Column::new(1));
        Self { arities, runs, starts, index: Index::new(), scratch: Vec::new() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The symbol of an atom.
    #[inline]
    pub(super) fn symbol(&self, atom: u32) -> u32 {
        self.runs.at(*self.starts.at(atom as usize))
    }

    /// The arguments of an atom.
    #[inline]
    pub(super) fn arguments(&self, atom: u32) -> &[u32] {
        let start = *self.starts.at(atom as usize);
        let arity = self.arities[self.runs.at(start) as usize];
        &self.runs.run(start, 1 + arity as usize)[1..]
    }

    /// The id of an atom that is there.
    #[inline]
    pub(super) fn find(&self, symbol: u32, arguments: &[u32]) -> Option<u32> {
        self.find_tag(tag(symbol, arguments), symbol, arguments)
    }

    #[inline]
    fn find_tag(&self, tag: u32, symbol: u32, arguments: &[u32]) -> Option<u32> {
        self.index.find(tag, |id| {
            let start = *self.starts.at(id as usize);
            self.runs.at(start) == symbol && self.runs.run(start, 1 + arguments.len())[1..] == *arguments
        })
    }

    /// The id of an atom, which is added where it is not there. Answers whether it was.
    pub(super) fn intern(&mut self, symbol: u32, arguments: &[u32]) -> Result<(u32, bool), OutOfMemory> {
        let tag = tag(symbol, arguments);
        if let Some(id) = self.find_tag(tag, symbol, arguments) {
            return Ok((id, false));
        }
        self.scratch.clear();
        self.scratch.push(symbol);
        self.scratch.extend_from_slice(arguments);
        let id = self.starts.len() as u32;
        let start = self.runs.push(&self.scratch)?;
        self.index.insert(tag, id)?;
        self.starts.push(&[start])?;
        Ok((id, true))
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.runs.memory_bytes() + self.starts.memory_bytes() + self.index.memory_bytes()
    }
}
