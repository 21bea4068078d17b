//! Found plans in memory, by key; the least recently used ones are dropped first.
//!
//! [`HashPatternCache`] is for one thread. A platform with threads has its own cache behind the same trait,
//! with the same tests (`laws`). The order of a hash map never reaches a result.

use std::cell::RefCell;
use std::sync::Arc;

use lru::LruCache;

use super::{CacheCounters, CacheLimits};
use crate::plan::pattern::{Pattern, PatternKey};

/// The limits used by default.
pub const DEFAULT_LIMITS: CacheLimits = CacheLimits { items: 4_096, bytes: 8 << 20 };

/// Patterns in memory. All calls are short, and none of them waits.
pub trait PatternCache {
    /// The pattern kept under `key`; it counts as used most recently.
    fn get(&self, key: &PatternKey) -> Option<Pattern>;

    /// Keeps a pattern in place of any other under its key, unless it is larger than the cache.
    fn put(&self, pattern: Pattern);

    /// Counts a use at `now_ms`; answers the updated pattern.
    fn record_use(&self, key: &PatternKey, success: bool, now_ms: f64) -> Option<Pattern>;

    /// Forgets a pattern.
    fn remove(&self, key: &PatternKey);

    /// What it has done.
    fn counters(&self) -> CacheCounters;
}

/// A cache that is shared, by each of those who share it.
impl<C: PatternCache + ?Sized> PatternCache for Arc<C> {
    fn get(&self, key: &PatternKey) -> Option<Pattern> {
        (**self).get(key)
    }

    fn put(&self, pattern: Pattern) {
        (**self).put(pattern);
    }

    fn record_use(&self, key: &PatternKey, success: bool, now_ms: f64) -> Option<Pattern> {
        (**self).record_use(key, success, now_ms)
    }

    fn remove(&self, key: &PatternKey) {
        (**self).remove(key);
    }

    fn counters(&self) -> CacheCounters {
        (**self).counters()
    }
}

/// A pattern cache for one thread. Every call is O(1), not counting the patterns that it drops.
#[derive(Debug)]
pub struct HashPatternCache {
    limits: CacheLimits,
    inner: RefCell<Inner>,
}

#[derive(Debug)]
struct Inner {
    kept: LruCache<PatternKey, Kept>,
    counters: CacheCounters,
}

#[derive(Debug)]
struct Kept {
    pattern: Pattern,
    bytes: u64,
}

impl HashPatternCache {
    /// An empty cache.
    pub fn new(limits: CacheLimits) -> Self {
        let (kept, counters) = (LruCache::unbounded(), CacheCounters::default());
        Self { limits, inner: RefCell::new(Inner { kept, counters }) }
    }
}

impl Default for HashPatternCache {
    fn default() -> Self {
        Self::new(DEFAULT_LIMITS)
    }
}

impl PatternCache for HashPatternCache {
    fn get(&self, key: &PatternKey) -> Option<Pattern> {
        let mut inner = self.inner.borrow_mut();
        let found = inner.kept.get(key).map(|kept| kept.pattern.clone());
        inner.counters.hits += u64::from(found.is_some());
        inner.counters.misses += u64::from(found.is_none());
        found
    }

    fn put(&self, pattern: Pattern) {
        let (key, bytes) = (pattern.key, pattern.memory_bytes());
        let mut inner = self.inner.borrow_mut();
        if bytes > self.limits.bytes || self.limits.items == 0 {
            inner.remove(&key);
            inner.counters.refused += 1;
            return;
        }
        let replaced = inner.kept.put(key, Kept { pattern, bytes });
        inner.counters.bytes += bytes;
        inner.counters.bytes -= replaced.map_or(0, |kept| kept.bytes);
        inner.evict(self.limits);
    }

    fn record_use(&self, key: &PatternKey, success: bool, now_ms: f64) -> Option<Pattern> {
        let mut inner = self.inner.borrow_mut();
        let kept = inner.kept.get_mut(key)?;
        kept.pattern.count_use(success, now_ms);
        Some(kept.pattern.clone())
    }

    fn remove(&self, key: &PatternKey) {
        self.inner.borrow_mut().remove(key);
    }

    fn counters(&self) -> CacheCounters {
        let inner = self.inner.borrow();
        CacheCounters { items: inner.kept.len() as u64, ..inner.counters }
    }
}

impl Inner {
    fn remove(&mut self, key: &PatternKey) {
        let removed = self.kept.pop(key);
        self.counters.bytes -= removed.map_or(0, |kept| kept.bytes);
    }

    fn evict(&mut self, limits: CacheLimits) {
        while self.kept.len() > limits.items || self.counters.bytes > limits.bytes {
            let Some((_, oldest)) = self.kept.pop_lru() else { return };
            self.counters.bytes -= oldest.bytes;
            self.counters.evicted_items += 1;
            self.counters.evicted_bytes += oldest.bytes;
        }
    }
}

/// What every [`PatternCache`] guarantees, tested on an empty one with the given limits. A cache may drop a
/// little more than it has to, in the order of last use.
#[cfg(test)]
pub(crate) mod laws {
    use super::*;
    use crate::plan::pattern::Guarantee;

    pub(crate) fn pattern(name: &str) -> Pattern {
        let key = PatternKey::new(name.as_bytes(), b"", b"");
        Pattern::new(key, name.to_owned(), Vec::new(), 1.5, Guarantee::Plan)
    }

    pub(crate) fn hold(make: impl Fn(CacheLimits) -> Box<dyn PatternCache>) {
        keeps_and_counts(&*make(DEFAULT_LIMITS));
        forgets_the_least_recently_used(&*make(CacheLimits { items: 16, bytes: 1 << 20 }));
        bounds_bytes(&*make(CacheLimits { items: 1_000, bytes: 4_000 }));
    }

    fn keeps_and_counts(cache: &dyn PatternCache) {
        let (a, b) = (pattern("a"), pattern("b"));
        cache.put(a.clone());
        assert_eq!(cache.get(&a.key), Some(a.clone()));
        assert_eq!(cache.get(&b.key), None);
        assert_eq!(cache.record_use(&b.key, true, 5.0), None);
        cache.record_use(&a.key, true, 5.0);
        let used = cache.record_use(&a.key, false, 6.0).unwrap();
        assert_eq!((used.uses, used.successes), (2, 1));
        assert_eq!(cache.get(&a.key), Some(used));
        cache.remove(&a.key);
        assert_eq!(cache.get(&a.key), None);
        let counters = cache.counters();
        assert_eq!((counters.hits, counters.misses, counters.items, counters.bytes), (2, 2, 0, 0));
    }

    fn forgets_the_least_recently_used(cache: &dyn PatternCache) {
        let favourite = pattern("favourite");
        cache.put(favourite.clone());
        for i in 0..100 {
            cache.put(pattern(&i.to_string()));
            assert!(cache.get(&favourite.key).is_some(), "after {i}");
        }
        assert!(cache.counters().items <= 16);
        assert!(cache.get(&pattern("99").key).is_some());
        assert_eq!(cache.get(&pattern("0").key), None);
        assert_eq!(cache.counters().items + cache.counters().evicted_items, 101);
    }

    fn bounds_bytes(cache: &dyn PatternCache) {
        for i in 0..100 {
            cache.put(pattern(&format!("p{i}")));
            cache.put(pattern(&format!("p{i}")));
        }
        assert!(cache.counters().bytes <= 4_000);
        assert!(cache.counters().items > 4);
        cache.put(pattern(&"long".repeat(2_000)));
        assert_eq!(cache.counters().refused, 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_laws_of_a_pattern_cache_hold() {
        laws::hold(|limits| Box::new(HashPatternCache::new(limits)));
    }
}
