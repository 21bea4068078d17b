//! The open list: a priority queue of small entries under a key of two parts.
//!
//! Small keys lie in buckets: a vector indexed by the first part, and in it one indexed by the second part. Keys
//! that are too large for the buckets lie in a sorted map. Among entries of equal key, the list is first-in
//! first-out or last-in first-out. An entry is not removed when its node is closed or reopened: the search skips
//! stale entries when it pops them.

use std::collections::BTreeMap;

use super::alternation::Waiting;
use super::policy::Key;
use crate::task::OutOfMemory;

/// How many first parts have buckets: those from 0 on, or, where the first key pushed is larger, those from that key
/// on.
const LEVELS: i64 = 1 << 16;
/// Second parts below this have buckets.
const WIDTH: i64 = 1 << 10;

/// Bytes of an entry of the sorted map.
const FAR_BYTES: usize = 64;

/// Entries with equal keys.
#[derive(Debug)]
struct Bucket<T> {
    items: Vec<T>,
    head: usize,
}

impl<T> Default for Bucket<T> {
    fn default() -> Self {
        Self { items: Vec::new(), head: 0 }
    }
}

/// Buckets of one first part, indexed by second part.
#[derive(Debug)]
struct Level<T> {
    buckets: Vec<Bucket<T>>,
    at: usize,
    len: usize,
}

impl<T> Default for Level<T> {
    fn default() -> Self {
        Self { buckets: Vec::new(), at: 0, len: 0 }
    }
}

/// The open list.
#[derive(Debug)]
pub(super) struct OpenList<T = u32> {
    is_lifo: bool,
    base: Option<i64>,
    levels: Vec<Level<T>>,
    at: usize,
    in_levels: usize,
    far: BTreeMap<Key, Bucket<T>>,
    in_far: usize,
    bytes: usize,
}

impl<T: Copy> Bucket<T> {
    /// Adds an entry; answers the bytes that the bucket grew by.
    #[inline]
    fn push(&mut self, item: T, room: u64) -> Result<usize, OutOfMemory> {
        let needed = self.items.len() + 1;
        let grown = grow(&mut self.items, needed, room)?;
        self.items.push(item);
        Ok(grown)
    }

    #[inline]
    fn pop(&mut self, is_lifo: bool) -> Option<T> {
        if is_lifo {
            return self.items.pop();
        }
        let item = *self.items.get(self.head)?;
        self.head += 1;
        if self.head == self.items.len() {
            self.items.clear();
            self.head = 0;
        } else if self.head >= 4096 && self.head * 2 > self.items.len() {
            self.items.drain(..self.head);
            self.head = 0;
        }
        Some(item)
    }

    /// The entry that would be popped next.
    #[inline]
    fn front(&mut self, is_lifo: bool) -> Option<&mut T> {
        if is_lifo { self.items.last_mut() } else { self.items.get_mut(self.head) }
    }

    fn is_empty(&self) -> bool {
        self.head == self.items.len()
    }
}

impl<T: Copy> OpenList<T> {
    pub(super) fn new(is_lifo: bool) -> Self {
        let (levels, far) = (Vec::new(), BTreeMap::new());
        Self { is_lifo, base: None, levels, at: 0, in_levels: 0, far, in_far: 0, bytes: 0 }
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// [`OutOfMemory`] where it would have to grow by more than `room` bytes, or where the allocator
    /// refuses. What it grows by is taken off `room`.
    #[inline]
    pub(super) fn push(&mut self, key: Key, item: T, room: &mut u64) -> Result<(), OutOfMemory> {
        let before = self.bytes;
        self.insert(key, item, *room)?;
        *room = room.saturating_sub(self.bytes.saturating_sub(before) as u64);
        Ok(())
    }

    #[inline]
    fn insert(&mut self, key: Key, item: T, room: u64) -> Result<(), OutOfMemory> {
        let base = *self.base.get_or_insert(if (0..LEVELS).contains(&key.0) { 0 } else { key.0 });
        let level = key.0.wrapping_sub(base);
        if !(0..LEVELS).contains(&level) || !(0..WIDTH).contains(&key.1) {
            return self.push_far(key, item, room);
        }
        let (index, second) = (level as usize, key.1 as usize);
        let before = self.bytes;
        if index >= self.levels.len() {
            self.bytes += grow(&mut self.levels, index + 1, room)?;
            self.levels.resize_with(index + 1, Level::default);
        }
        let level = &mut self.levels[index];
        if second >= level.buckets.len() {
            let room = room.saturating_sub((self.bytes - before) as u64);
            self.bytes += grow(&mut level.buckets, second + 1, room)?;
            level.buckets.resize_with(second + 1, Bucket::default);
        }
        let room = room.saturating_sub((self.bytes - before) as u64);
        self.bytes += level.buckets[second].push(item, room)?;
        level.at = if level.len == 0 { second } else { level.at.min(second) };
        level.len += 1;
        self.at = if self.in_levels == 0 { index } else { self.at.min(index) };
        self.in_levels += 1;
        Ok(())
    }

    fn push_far(&mut self, key: Key, item: T, room: u64) -> Result<(), OutOfMemory> {
        let bucket = self.far.entry(key).or_insert_with(|| {
            self.bytes += FAR_BYTES;
            Bucket::default()
        });
        self.bytes += bucket.push(item, room.saturating_sub(FAR_BYTES as u64))?;
        self.in_far += 1;
        Ok(())
    }

    /// Removes the entry with the least key; among equal keys the first or the last pushed.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<T> {
        let near = self.nearest();
        match (near, self.far.first_key_value()) {
            (None, None) => None,
            (Some(near), Some((&far, _))) if far < near => self.pop_far(far),
            (Some(_), _) => self.pop_near(),
            (None, Some((&far, _))) => self.pop_far(far),
        }
    }

    /// The entry that would be popped next, to be changed in place.
    #[inline]
    pub(super) fn front(&mut self) -> Option<&mut T> {
        let near = self.nearest();
        match (near, self.far.first_key_value()) {
            (None, None) => None,
            (near, Some((&far, _))) if near.is_none_or(|near| far < near) => {
                self.far.get_mut(&far)?.front(self.is_lifo)
            }
            _ => {
                let level = &mut self.levels[self.at];
                level.buckets[level.at].front(self.is_lifo)
            }
        }
    }

    #[inline]
    fn nearest(&mut self) -> Option<Key> {
        if self.in_levels == 0 {
            return None;
        }
        while self.levels[self.at].len == 0 {
            self.at += 1;
        }
        let level = &mut self.levels[self.at];
        while level.buckets[level.at].is_empty() {
            level.at += 1;
        }
        Some((self.base.unwrap_or(0) + self.at as i64, level.at as i64))
    }

    #[inline]
    fn pop_near(&mut self) -> Option<T> {
        let level = &mut self.levels[self.at];
        level.len -= 1;
        self.in_levels -= 1;
        level.buckets[level.at].pop(self.is_lifo)
    }

    fn pop_far(&mut self, key: Key) -> Option<T> {
        let bucket = self.far.get_mut(&key)?;
        let item = bucket.pop(self.is_lifo);
        self.in_far -= 1;
        if bucket.is_empty() {
            self.bytes = self.bytes.saturating_sub(bucket.items.capacity() * size_of::<T>() + FAR_BYTES);
            self.far.remove(&key);
        }
        item
    }
}

impl<T: Copy> Waiting for OpenList<T> {
    fn len(&self) -> usize {
        self.in_levels + self.in_far
    }

    fn memory_bytes(&self) -> usize {
        self.bytes
    }
}

/// Makes room for `needed` items in all, and at least doubles the capacity. Answers the bytes that the vector grew
/// by.
#[inline]
fn grow<T>(items: &mut Vec<T>, needed: usize, room: u64) -> Result<usize, OutOfMemory> {
    let capacity = items.capacity();
    if needed <= capacity {
        return Ok(0);
    }
    let additional = needed.max(capacity * 2).max(4) - items.len();
    // Old and new stand side by side for a while.
    if (items.len() + additional) as u64 * size_of::<T>() as u64 > room {
        return Err(OutOfMemory);
    }
    items.try_reserve_exact(additional).map_err(|_| OutOfMemory)?;
    Ok((items.capacity() - capacity) * size_of::<T>())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::hash::SplitMix64;

    fn drained(is_lifo: bool, keys: &[Key]) -> Vec<u32> {
        let (mut open, mut room) = (OpenList::new(is_lifo), u64::MAX);
        for (id, &key) in (0u32..).zip(keys) {
            open.push(key, id, &mut room).expect("room");
        }
        std::iter::from_fn(|| open.pop()).collect()
    }

    #[test]
    fn equal_keys_leave_in_the_order_asked_for() {
        let keys = [(3, 1), (3, 0), (3, 1), (2, 9), (1 << 40, 0), (-5, 0), (3, 1 << 30)];
        assert_eq!(drained(false, &keys), [5, 3, 1, 0, 2, 6, 4]);
        assert_eq!(drained(true, &keys), [5, 3, 1, 2, 0, 6, 4]);
    }

    #[test]
    fn agrees_with_a_sorted_map_under_mixed_pushes_and_pops() {
        let mut random = SplitMix64::new(1);
        let (mut open, mut room) = (OpenList::new(false), u64::MAX);
        let mut model: BTreeSet<(Key, u32)> = BTreeSet::new();
        for id in 0..20_000u32 {
            let far = if random.below(10) == 0 { 1 << 20 } else { 1 };
            let key = ((random.below(50) * far) as i64 - 20, random.below(3) as i64);
            open.push(key, id, &mut room).expect("room");
            model.insert((key, id));
            if random.below(3) > 0 {
                let expected = model.pop_first().map(|(_, id)| id);
                assert_eq!(open.pop(), expected);
            }
        }
        assert_eq!(open.len(), model.len());
    }
}
