//! A monotone priority queue for the explorations: buckets for small keys, a heap above them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Keys below this have a bucket each.
const BUCKETS: usize = 1024;

/// Entries in order of key; within a bucket, last in first out. A key that is pushed must not be smaller than
/// the last one popped.
#[derive(Debug, Default)]
pub(super) struct MonotoneQueue {
    buckets: Vec<Vec<u32>>,
    at: usize,
    in_buckets: usize,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
}

impl MonotoneQueue {
    #[inline]
    pub(super) fn push(&mut self, key: i64, entry: u32) {
        debug_assert!(key >= 0);
        if (key as u64) < BUCKETS as u64 {
            let key = key as usize;
            if key >= self.buckets.len() {
                self.buckets.resize_with(key + 1, Vec::new);
            }
            self.buckets[key].push(entry);
            self.in_buckets += 1;
        } else {
            self.heap.push(Reverse((key, entry)));
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<(i64, u32)> {
        if self.in_buckets == 0 {
            return self.heap.pop().map(|Reverse(entry)| entry);
        }
        loop {
            if let Some(entry) = self.buckets[self.at].pop() {
                self.in_buckets -= 1;
                return Some((self.at as i64, entry));
            }
            self.at += 1;
        }
    }

    /// Empties it; keeps the memory.
    #[inline]
    pub(super) fn clear(&mut self) {
        if self.in_buckets > 0 {
            let at = self.at.min(self.buckets.len());
            self.buckets[at..].iter_mut().for_each(Vec::clear);
        }
        self.at = 0;
        self.in_buckets = 0;
        self.heap.clear();
    }
}
