//! The index of the registry: extendible hashing (Fagin et al. 1979), so that it never moves as a
//! whole. A table grows to [`TABLE_SLOTS`] and then splits in two; what one insertion may move is
//! bounded, whatever the number of states.
//!
//! An entry is 32 bits of hash (the tag) and 32 bits of id. The tag alone says where the entry belongs: its high
//! bits choose the table, its low bits the slot. So the index grows without reading a state.

use super::column::OutOfMemory;

const EMPTY: u64 = u64::MAX;
/// Slots of the first table, for small searches.
const FIRST_SLOTS: usize = 256;
/// Slots of a full-grown table; a power of two, at most 2^16.
const TABLE_SLOTS: usize = 1 << 15;
/// High bits of the tag that can choose a table. They never choose a slot.
const DEPTH_MAX: u32 = 32 - TABLE_SLOTS.ilog2();

/// One table of open addressing, at most half full.
#[derive(Debug)]
struct Table {
    slots: Vec<u64>,
    len: usize,
    /// High bits of the tag that all its entries share.
    depth: u32,
}

/// Finds the ids that have a tag.
#[derive(Debug)]
pub(crate) struct Index {
    /// Indexed by the tag's first `depth` bits: the table.
    directory: Vec<u32>,
    depth: u32,
    tables: Vec<Table>,
    bytes: usize,
}

impl Index {
    pub(crate) fn new() -> Self {
        let table = Table { slots: vec![EMPTY; FIRST_SLOTS], len: 0, depth: 0 };
        Self { directory: vec![0], depth: 0, tables: vec![table], bytes: FIRST_SLOTS * 8 }
    }

    /// Bytes held.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.bytes
    }

    /// The id with this tag for which `is_same` holds.
    #[inline]
    pub(crate) fn find(&self, tag: u32, mut is_same: impl FnMut(u32) -> bool) -> Option<u32> {
        let table = &self.tables[self.table_of(tag)];
        let mask = table.slots.len() - 1;
        let mut slot = tag as usize & mask;
        loop {
            let entry = table.slots[slot];
            if entry == EMPTY {
                return None;
            }
            if (entry >> 32) as u32 == tag && is_same(entry as u32) {
                return Some(entry as u32);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Bytes that [`insert`](Self::insert) may allocate for this tag.
    #[inline]
    pub(crate) fn growth_bytes(&self, tag: u32) -> usize {
        let table = &self.tables[self.table_of(tag)];
        if !table.is_crowded() {
            return 0;
        }
        let directory = if table.depth == self.depth { self.directory.len() * 8 } else { 0 };
        table.slots.len() * 16 + directory
    }

    /// Adds an id that is not in the index yet. Moves at most the entries of one table.
    ///
    /// # Errors
    /// [`OutOfMemory`] where the allocator refuses, or where tags no longer tell tables apart; the
    /// index is as before.
    #[inline]
    pub(crate) fn insert(&mut self, tag: u32, id: u32) -> Result<(), OutOfMemory> {
        while self.tables[self.table_of(tag)].is_crowded() {
            self.grow(tag)?;
        }
        let table = self.table_of(tag);
        self.tables[table].place(u64::from(tag) << 32 | u64::from(id));
        Ok(())
    }

    #[inline]
    fn table_of(&self, tag: u32) -> usize {
        // At depth 0 the shift is by all 32 bits, for which 64-bit arithmetic is needed.
        self.directory[(u64::from(tag) >> (32 - self.depth)) as usize] as usize
    }

    #[cold]
    fn grow(&mut self, tag: u32) -> Result<(), OutOfMemory> {
        let at = self.table_of(tag);
        let size = self.tables[at].slots.len();
        if size < TABLE_SLOTS {
            let mut larger = Table::new(size * 2, self.tables[at].depth)?;
            self.tables[at].entries().for_each(|entry| larger.place(entry));
            self.tables[at] = larger;
            self.bytes += size * 8;
            return Ok(());
        }
        self.split(at)
    }

    /// Splits a full-grown table by the next bit of its tags.
    fn split(&mut self, at: usize) -> Result<(), OutOfMemory> {
        let depth = self.tables[at].depth;
        if depth == DEPTH_MAX {
            return Err(OutOfMemory);
        }
        let mut zero = Table::new(TABLE_SLOTS, depth + 1)?;
        let mut one = Table::new(TABLE_SLOTS, depth + 1)?;
        if depth == self.depth {
            self.double_directory()?;
        }
        for entry in self.tables[at].entries() {
            let bit = entry >> (63 - depth) & 1;
            if bit == 0 { zero.place(entry) } else { one.place(entry) }
        }
        let new = self.tables.len() as u32;
        let bit = 1usize << (self.depth - depth - 1);
        for (prefix, table) in self.directory.iter_mut().enumerate() {
            if *table == at as u32 && prefix & bit != 0 {
                *table = new;
            }
        }
        self.tables[at] = zero;
        self.tables.push(one);
        self.bytes += TABLE_SLOTS * 8;
        Ok(())
    }

    fn double_directory(&mut self) -> Result<(), OutOfMemory> {
        let mut directory = Vec::new();
        directory.try_reserve_exact(self.directory.len() * 2).map_err(|_| OutOfMemory)?;
        directory.extend(self.directory.iter().flat_map(|&table| [table, table]));
        self.bytes += self.directory.len() * 4;
        self.directory = directory;
        self.depth += 1;
        Ok(())
    }
}

impl Table {
    fn new(size: usize, depth: u32) -> Result<Self, OutOfMemory> {
        let mut slots = Vec::new();
        slots.try_reserve_exact(size).map_err(|_| OutOfMemory)?;
        slots.resize(size, EMPTY);
        Ok(Self { slots, len: 0, depth })
    }

    #[inline]
    fn is_crowded(&self) -> bool {
        (self.len + 1) * 2 > self.slots.len()
    }

    fn entries(&self) -> impl Iterator<Item = u64> + '_ {
        self.slots.iter().copied().filter(|&entry| entry != EMPTY)
    }

    #[inline]
    fn place(&mut self, entry: u64) {
        let mask = self.slots.len() - 1;
        let mut slot = (entry >> 32) as usize & mask;
        while self.slots[slot] != EMPTY {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = entry;
        self.len += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::SplitMix64;

    #[test]
    fn every_entry_is_found_again_after_many_splits() {
        let mut index = Index::new();
        let mut random = SplitMix64::new(3);
        let tags: Vec<u32> = (0..300_000).map(|_| random.next_u64() as u32).collect();
        for (id, &tag) in tags.iter().enumerate() {
            let grows = index.growth_bytes(tag);
            let before = index.memory_bytes();
            index.insert(tag, id as u32).expect("room");
            assert!(index.memory_bytes() - before <= grows);
        }
        for (id, &tag) in tags.iter().enumerate() {
            assert_eq!(index.find(tag, |found| found == id as u32), Some(id as u32));
        }
        assert!(index.tables.len() > 8);
        assert!(index.tables.iter().all(|table| table.slots.len() <= TABLE_SLOTS));
    }

    #[test]
    fn refuses_when_tags_cannot_be_told_apart() {
        let mut index = Index::new();
        let refused = (0..TABLE_SLOTS as u32).find(|&id| index.insert(7, id).is_err());
        assert_eq!(refused, Some(TABLE_SLOTS as u32 / 2));
        assert_eq!(index.find(7, |id| id == 12), Some(12));
    }
}
