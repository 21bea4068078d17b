//! The pattern cache that threads share: a `DashMap`, with the queue that tells what to forget beside it.
//!
//! A lookup locks a part of the map for reading, and writes a tick. Only what adds or removes an entry takes the lock
//! of the queue. Whoever holds that lock may lock a part of the map, and nobody the other way round.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;

use crate::cache::recency::{Recency, Seen};
use crate::cache::{CacheCounters, CacheLimits, PatternCache, patterns};
use crate::plan::pattern::{Pattern, PatternKey, Uses};

/// A pattern cache for many threads. Every call is O(1) amortised.
#[derive(Debug)]
pub struct DashPatternCache {
    limits: CacheLimits,
    entries: DashMap<PatternKey, Kept>,
    recency: Mutex<Recency<PatternKey>>,
    tick: AtomicU64,
    bytes: AtomicU64,
    hits: AtomicU64,
    misses: AtomicU64,
    evicted_items: AtomicU64,
    evicted_bytes: AtomicU64,
    refused: AtomicU64,
}

#[derive(Debug)]
struct Kept {
    pattern: Pattern,
    bytes: u64,
    /// The tick of its place in the queue.
    place: u64,
    used: AtomicU64,
}

impl DashPatternCache {
    /// An empty cache.
    pub fn new(limits: CacheLimits) -> Self {
        Self {
            limits,
            entries: DashMap::new(),
            recency: Mutex::default(),
            tick: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            evicted_items: AtomicU64::new(0),
            evicted_bytes: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    fn next_tick(&self) -> u64 {
        self.tick.fetch_add(1, Relaxed)
    }

    fn queue(&self) -> MutexGuard<'_, Recency<PatternKey>> {
        self.recency.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_over(&self) -> bool {
        self.entries.len() > self.limits.items || self.bytes.load(Relaxed) > self.limits.bytes
    }

    fn make_room(&self) {
        while self.is_over() {
            let is_forgotten = self.queue().forget_one(|key, tick, may_be_spared| {
                let goes =
                    |kept: &Kept| kept.place == tick && !(may_be_spared && kept.used.load(Relaxed) > tick);
                if let Some((_, kept)) = self.entries.remove_if(key, |_, kept| goes(kept)) {
                    self.bytes.fetch_sub(kept.bytes, Relaxed);
                    self.evicted_items.fetch_add(1, Relaxed);
                    self.evicted_bytes.fetch_add(kept.bytes, Relaxed);
                    return Seen::Forgotten;
                }
                match self.entries.get_mut(key) {
                    Some(mut kept) if kept.place == tick => {
                        kept.place = kept.used.load(Relaxed);
                        Seen::Used(kept.place)
                    }
                    _ => Seen::Vacant,
                }
            });
            if !is_forgotten {
                // Another thread has added an entry, and gives it its place and makes room after this.
                return;
            }
        }
    }
}

impl Default for DashPatternCache {
    fn default() -> Self {
        Self::new(patterns::DEFAULT_LIMITS)
    }
}

impl PatternCache for DashPatternCache {
    fn get(&self, key: &PatternKey) -> Option<Pattern> {
        let found = self.entries.get(key).map(|kept| {
            kept.used.store(self.next_tick(), Relaxed);
            kept.pattern.clone()
        });
        let counter = if found.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Relaxed);
        found
    }

    fn put(&self, pattern: Pattern) -> bool {
        let (key, bytes, tick) = (pattern.key, pattern.memory_bytes(), self.next_tick());
        let fits = bytes <= self.limits.bytes && self.limits.items > 0;
        match self.entries.entry(key) {
            Entry::Occupied(other) if !pattern.is_better_than(&other.get().pattern) => return false,
            Entry::Occupied(mut other) if fits => {
                let kept = other.get_mut();
                self.bytes.fetch_add(bytes, Relaxed);
                self.bytes.fetch_sub(kept.bytes, Relaxed);
                *kept = Kept { pattern, bytes, place: kept.place, used: AtomicU64::new(tick) };
            }
            Entry::Vacant(vacant) if fits => {
                // Counted before other threads can see the entry, so that no removal brings the sum below zero.
                self.bytes.fetch_add(bytes, Relaxed);
                let added = vacant.insert(Kept { pattern, bytes, place: tick, used: AtomicU64::new(tick) });
                drop(added);
                self.queue().enter(key, tick);
            }
            entry => {
                drop(entry);
                self.remove(&key);
                self.refused.fetch_add(1, Relaxed);
            }
        }
        self.make_room();
        true
    }

    fn count(&self, key: &PatternKey, uses: &Uses) {
        if let Some(mut kept) = self.entries.get_mut(key) {
            kept.used.store(self.next_tick(), Relaxed);
            kept.pattern.count(uses);
        }
    }

    fn remove(&self, key: &PatternKey) {
        if let Some((_, kept)) = self.entries.remove(key) {
            self.bytes.fetch_sub(kept.bytes, Relaxed);
            let is_there =
                |key: &PatternKey, tick| self.entries.get(key).is_some_and(|kept| kept.place == tick);
            self.queue().leave(is_there);
        }
    }

    fn counters(&self) -> CacheCounters {
        CacheCounters {
            hits: self.hits.load(Relaxed),
            misses: self.misses.load(Relaxed),
            joined: 0,
            evicted_items: self.evicted_items.load(Relaxed),
            evicted_bytes: self.evicted_bytes.load(Relaxed),
            refused: self.refused.load(Relaxed),
            items: self.entries.len() as u64,
            bytes: self.bytes.load(Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::cache::patterns::laws;

    #[test]
    fn the_laws_of_a_pattern_cache_hold() {
        laws::hold(|limits| Box::new(DashPatternCache::new(limits)));
    }

    #[test]
    fn bounds_hold_when_threads_share_it() {
        let cache = DashPatternCache::new(CacheLimits { items: 32, bytes: 1 << 20 });
        thread::scope(|scope| {
            for thread in 0..4 {
                let cache = &cache;
                scope.spawn(move || {
                    for i in 0..500 {
                        cache.put(laws::pattern(&format!("{thread}-{i}")));
                    }
                });
            }
        });
        let counters = cache.counters();
        assert!(counters.items <= 32, "{counters:?}");
        assert_eq!(counters.items + counters.evicted_items, 2_000);
        let one = laws::pattern("0-0").memory_bytes();
        assert!((counters.items * one..counters.items * (one + 4)).contains(&counters.bytes));
    }
}
