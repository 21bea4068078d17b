//! Registered states: each distinct state once, dense ids in order of registration.
//!
//! States lie in segments and never move. The index is open addressing over `u64` entries (32
//! bits of hash as a tag, 32 bits of id), at most half full, so a probe touches a stored state
//! only where the tag agrees.

use super::column::{Column, OutOfMemory};
use super::{Layout, StateId};
use crate::hash;

const EMPTY: u64 = u64::MAX;
const FIRST_SLOTS: usize = 256;

/// Registered states of one search.
#[derive(Debug)]
pub struct StateRegistry {
    states: Column<u64>,
    slots: Vec<u64>,
    words: usize,
}

impl StateRegistry {
    /// An empty registry for states of `layout`; stores their dynamic words.
    pub fn new(layout: &Layout) -> Self {
        let words = layout.dynamic_words();
        Self { states: Column::new(words), slots: vec![EMPTY; FIRST_SLOTS], words }
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
        let hash = hash::words(words);
        let tag = hash & 0xFFFF_FFFF_0000_0000;
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let entry = self.slots[slot];
            if entry == EMPTY {
                break;
            }
            if entry & 0xFFFF_FFFF_0000_0000 == tag && self.states.run(entry as u32 as usize) == words {
                return Ok((StateId(entry as u32), false));
            }
            slot = (slot + 1) & mask;
        }
        if self.growth_bytes() as u64 > room || self.states.len() >= u32::MAX as usize - 1 {
            return Err(OutOfMemory);
        }
        let id = self.states.len() as u32;
        self.states.push(words)?;
        self.slots[slot] = tag | u64::from(id);
        if self.is_crowded() {
            self.rehash()?;
        }
        Ok((StateId(id), true))
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.states.memory_bytes() + self.slots.capacity() * 8
    }

    /// Bytes that the next insertion may allocate; the new index stands beside the old for a while.
    fn growth_bytes(&self) -> usize {
        let index = if (self.states.len() + 1) * 2 > self.slots.len() { self.slots.len() * 16 } else { 0 };
        self.states.growth_bytes() + index
    }

    fn is_crowded(&self) -> bool {
        self.states.len() * 2 > self.slots.len()
    }

    #[cold]
    fn rehash(&mut self) -> Result<(), OutOfMemory> {
        let size = self.slots.len() * 2;
        let mut slots = Vec::new();
        slots.try_reserve_exact(size).map_err(|_| OutOfMemory)?;
        slots.resize(size, EMPTY);
        let mask = size - 1;
        for id in 0..self.states.len() {
            let hash = hash::words(self.states.run(id));
            let mut slot = hash as usize & mask;
            while slots[slot] != EMPTY {
                slot = (slot + 1) & mask;
            }
            slots[slot] = (hash & 0xFFFF_FFFF_0000_0000) | id as u64;
        }
        self.slots = slots;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_is_registered_once_in_order() {
        let layout = Layout::new(&[(1 << 20, false)], &[]);
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
        let layout = Layout::new(&[(1 << 20, false)], &[]);
        let mut registry = StateRegistry::new(&layout);
        assert_eq!(registry.insert(&[1], 0), Err(OutOfMemory));
        assert!(registry.is_empty());
    }
}
