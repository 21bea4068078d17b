//! Registered states: each distinct state once, dense ids in order of registration.
//!
//! States lie in segments and never move. A probe of the index touches a stored state only where
//! 32 bits of its hash agree, and no insertion moves more than a bounded part of the index, so that
//! no slice of work is long.

use super::column::{Column, OutOfMemory};
use super::index::Index;
use super::{Layout, StateId};
use crate::hash;

/// Registered states of one search.
#[derive(Debug)]
pub struct StateRegistry {
    states: Column<u64>,
    index: Index,
    words: usize,
}

impl StateRegistry {
    /// An empty registry for states of `layout`; stores their dynamic words.
    pub fn new(layout: &Layout) -> Self {
        let words = layout.dynamic_words();
        Self { states: Column::new(words), index: Index::new(), words }
    }

    /// States registered.
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// The dynamic words of a registered state.
    #[inline]
    pub fn state(&self, id: StateId) -> &[u64] {
        self.states.run(id.0 as usize)
    }

    /// The id of `state` (a full state) and whether it was registered just now. O(words) expected.
    ///
    /// # Errors
    /// [`OutOfMemory`] where it would have to grow by more than `room` bytes, where the allocator
    /// refuses, and at 2^32 − 2 states. The registry is as before.
    #[inline]
    pub fn insert(&mut self, state: &[u64], room: u64) -> Result<(StateId, bool), OutOfMemory> {
        let words = &state[..self.words];
        let tag = (hash::words(words) >> 32) as u32;
        let states = &self.states;
        if let Some(id) = self.index.find(tag, |id| states.run(id as usize) == words) {
            return Ok((StateId(id), false));
        }
        let growth = self.states.growth_bytes() + self.index.growth_bytes(tag);
        if growth as u64 > room || self.states.len() >= u32::MAX as usize - 1 {
            return Err(OutOfMemory);
        }
        let id = self.states.len() as u32;
        self.states.reserve()?;
        self.index.insert(tag, id)?;
        self.states.push(words)?;
        Ok((StateId(id), true))
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.states.memory_bytes() + self.index.memory_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::Placement;

    #[test]
    fn each_state_is_registered_once_in_order() {
        let layout = Layout::new(&[(1 << 20, Placement::Dynamic)], &[]);
        let mut registry = StateRegistry::new(&layout);
        for i in 0..10_000u64 {
            assert_eq!(registry.insert(&[i * 7 % 10_000], u64::MAX), Ok((StateId(i as u32), true)));
        }
        assert_eq!(registry.insert(&[7], u64::MAX), Ok((StateId(1), false)));
        assert_eq!(registry.len(), 10_000);
        assert_eq!(registry.state(StateId(2)), [14]);
    }

    #[test]
    fn refuses_to_grow_past_its_room() {
        let layout = Layout::new(&[(1 << 20, Placement::Dynamic)], &[]);
        let mut registry = StateRegistry::new(&layout);
        assert_eq!(registry.insert(&[1], 0), Err(OutOfMemory));
        assert!(registry.is_empty());
    }
}
