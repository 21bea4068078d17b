//! The pattern cache that threads share: a `DashMap` in which each entry has the tick of its last use.
//!
//! Making room reads all entries, so it removes more than it has to, down to seven eighths of the limit. Only
//! writes make room, lookups never do.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use dashmap::DashMap;

use crate::cache::{CacheCounters, CacheLimits, PatternCache, patterns};
use crate::plan::pattern::{Pattern, PatternKey};

/// A pattern cache for many threads.
#[derive(Debug)]
pub struct DashPatternCache {
    limits: CacheLimits,
    entries: DashMap<PatternKey, Entry>,
    tick: AtomicU64,
    bytes: AtomicU64,
    hits: AtomicU64,
    misses: AtomicU64,
    evicted_items: AtomicU64,
    evicted_bytes: AtomicU64,
    refused: AtomicU64,
}

#[derive(Debug)]
struct Entry {
    pattern: Pattern,
    bytes: u64,
    tick: u64,
}

impl DashPatternCache {
    /// An empty cache.
    pub fn new(limits: CacheLimits) -> Self {
        Self {
            limits,
            entries: DashMap::new(),
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

    fn is_over(&self, limits: CacheLimits) -> bool {
        self.entries.len() > limits.items || self.bytes.load(Relaxed) > limits.bytes
    }

    /// Forgets the least recently used down to seven eighths of both bounds.
    fn evict(&self) {
        let target = CacheLimits {
            items: self.limits.items - self.limits.items / 8,
            bytes: self.limits.bytes / 8 * 7,
        };
        let mut oldest: Vec<_> = self.entries.iter().map(|entry| (entry.tick, *entry.key())).collect();
        oldest.sort_unstable();
        for (tick, key) in oldest {
            if !self.is_over(target) {
                return;
            }
            // Another thread may have used the entry since it was listed; then it is no longer the oldest.
            if let Some((_, entry)) = self.entries.remove_if(&key, |_, entry| entry.tick == tick) {
                self.bytes.fetch_sub(entry.bytes, Relaxed);
                self.evicted_items.fetch_add(1, Relaxed);
                self.evicted_bytes.fetch_add(entry.bytes, Relaxed);
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
        let found = self.entries.get_mut(key).map(|mut entry| {
            entry.tick = self.next_tick();
            entry.pattern.clone()
        });
        let counter = if found.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Relaxed);
        found
    }

    fn put(&self, pattern: Pattern) {
        let (key, bytes) = (pattern.key, pattern.memory_bytes());
        if bytes > self.limits.bytes || self.limits.items == 0 {
            self.remove(&key);
            self.refused.fetch_add(1, Relaxed);
            return;
        }
        // Counted before other threads can see the entry, so that no removal brings the sum below zero.
        self.bytes.fetch_add(bytes, Relaxed);
        if let Some(replaced) = self.entries.insert(key, Entry { pattern, bytes, tick: self.next_tick() }) {
            self.bytes.fetch_sub(replaced.bytes, Relaxed);
        }
        if self.is_over(self.limits) {
            self.evict();
        }
    }

    fn record_use(&self, key: &PatternKey, success: bool, now_ms: f64) -> Option<Pattern> {
        let mut entry = self.entries.get_mut(key)?;
        entry.tick = self.next_tick();
        entry.pattern.count_use(success, now_ms);
        Some(entry.pattern.clone())
    }

    fn remove(&self, key: &PatternKey) {
        if let Some((_, entry)) = self.entries.remove(key) {
            self.bytes.fetch_sub(entry.bytes, Relaxed);
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
