//! Found plans in memory, by key; those that were not used lately are dropped first.
//!
//! [`HashPatternCache`] is for one thread. A platform with threads has its own cache behind the same trait,
//! with the same tests (`laws`) and the same [`Recency`]. The order of a hash map never reaches a result.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::recency::{Recency, Seen};
use super::{CacheCounters, CacheLimits};
use crate::plan::pattern::{Pattern, PatternKey, Uses};

/// The limits used by default.
pub const DEFAULT_LIMITS: CacheLimits = CacheLimits { items: 4_096, bytes: 8 << 20 };

/// Patterns in memory. All calls are short, and none of them waits.
pub trait PatternCache {
    /// The pattern kept under `key`; it counts as used most recently.
    fn get(&self, key: &PatternKey) -> Option<Pattern>;

    /// Keeps a pattern in place of any other under its key that it is better than, unless it is larger than the
    /// cache. Answers whether no other stays in its place.
    fn put(&self, pattern: Pattern) -> bool;

    /// Counts uses of what is kept under `key`, if there is something.
    fn count(&self, key: &PatternKey, uses: &Uses);

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

    fn put(&self, pattern: Pattern) -> bool {
        (**self).put(pattern)
    }

    fn count(&self, key: &PatternKey, uses: &Uses) {
        (**self).count(key, uses);
    }

    fn remove(&self, key: &PatternKey) {
        (**self).remove(key);
    }

    fn counters(&self) -> CacheCounters {
        (**self).counters()
    }
}

/// A pattern cache for one thread. Every call is O(1) amortised.
#[derive(Debug)]
pub struct HashPatternCache {
    limits: CacheLimits,
    inner: RefCell<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    entries: HashMap<PatternKey, Kept>,
    recency: Recency<PatternKey>,
    tick: u64,
    counters: CacheCounters,
}

#[derive(Debug)]
struct Kept {
    pattern: Pattern,
    bytes: u64,
    /// The tick of its place in the queue, and of its last use.
    place: u64,
    used: u64,
}

impl HashPatternCache {
    /// An empty cache.
    pub fn new(limits: CacheLimits) -> Self {
        Self { limits, inner: RefCell::default() }
    }
}

impl Default for HashPatternCache {
    fn default() -> Self {
        Self::new(DEFAULT_LIMITS)
    }
}

impl PatternCache for HashPatternCache {
    fn get(&self, key: &PatternKey) -> Option<Pattern> {
        let inner = &mut *self.inner.borrow_mut();
        let Some(kept) = inner.entries.get_mut(key) else {
            inner.counters.misses += 1;
            return None;
        };
        inner.counters.hits += 1;
        inner.tick += 1;
        kept.used = inner.tick;
        Some(kept.pattern.clone())
    }

    fn put(&self, pattern: Pattern) -> bool {
        let bytes = pattern.memory_bytes();
        let inner = &mut *self.inner.borrow_mut();
        let is_kept = inner.put(pattern, bytes, self.limits);
        inner.make_room(self.limits);
        is_kept
    }

    fn count(&self, key: &PatternKey, uses: &Uses) {
        let inner = &mut *self.inner.borrow_mut();
        if let Some(kept) = inner.entries.get_mut(key) {
            inner.tick += 1;
            kept.used = inner.tick;
            kept.pattern.count(uses);
        }
    }

    fn remove(&self, key: &PatternKey) {
        self.inner.borrow_mut().remove(key);
    }

    fn counters(&self) -> CacheCounters {
        let inner = self.inner.borrow();
        CacheCounters { items: inner.entries.len() as u64, ..inner.counters }
    }
}

impl Inner {
    fn put(&mut self, pattern: Pattern, bytes: u64, limits: CacheLimits) -> bool {
        self.tick += 1;
        let (key, tick) = (pattern.key, self.tick);
        let fits = bytes <= limits.bytes && limits.items > 0;
        match self.entries.entry(key) {
            Entry::Occupied(other) if !pattern.is_better_than(&other.get().pattern) => return false,
            Entry::Occupied(mut other) if fits => {
                let kept = other.get_mut();
                self.counters.bytes = self.counters.bytes + bytes - kept.bytes;
                *kept = Kept { pattern, bytes, place: kept.place, used: tick };
            }
            Entry::Vacant(vacant) if fits => {
                vacant.insert(Kept { pattern, bytes, place: tick, used: tick });
                self.recency.enter(key, tick);
                self.counters.bytes += bytes;
            }
            Entry::Occupied(_) | Entry::Vacant(_) => {
                self.remove(&key);
                self.counters.refused += 1;
            }
        }
        true
    }

    fn remove(&mut self, key: &PatternKey) {
        if let Some(kept) = self.entries.remove(key) {
            self.counters.bytes -= kept.bytes;
            let entries = &self.entries;
            self.recency.leave(|key, tick| entries.get(key).is_some_and(|kept| kept.place == tick));
        }
    }

    fn make_room(&mut self, limits: CacheLimits) {
        let Self { entries, recency, counters, .. } = self;
        while entries.len() > limits.items || counters.bytes > limits.bytes {
            let is_forgotten = recency.forget_one(|key, tick, may_be_spared| {
                let Entry::Occupied(mut entry) = entries.entry(*key) else { return Seen::Vacant };
                let kept = entry.get_mut();
                if kept.place != tick {
                    return Seen::Vacant;
                }
                if may_be_spared && kept.used > tick {
                    kept.place = kept.used;
                    return Seen::Used(kept.used);
                }
                counters.bytes -= kept.bytes;
                counters.evicted_items += 1;
                counters.evicted_bytes += kept.bytes;
                entry.remove();
                Seen::Forgotten
            });
            if !is_forgotten {
                return;
            }
        }
    }
}

/// What every [`PatternCache`] guarantees, tested on an empty one with the given limits.
#[cfg(test)]
pub(crate) mod laws {
    use super::*;
    use crate::plan::pattern::{Guarantee, Use};

    pub(crate) fn pattern(name: &str) -> Pattern {
        let key = PatternKey::new(name.as_bytes(), b"", b"");
        Pattern::new(key, name.to_owned(), Vec::new(), 1.5, Guarantee::Plan)
    }

    pub(crate) fn hold(make: impl Fn(CacheLimits) -> Box<dyn PatternCache>) {
        keeps_and_counts(&*make(DEFAULT_LIMITS));
        keeps_the_better_plan(&*make(DEFAULT_LIMITS));
        forgets_what_was_not_used(&*make(CacheLimits { items: 16, bytes: 1 << 20 }));
        bounds_bytes(&*make(CacheLimits { items: 1_000, bytes: 4_000 }));
        keeps_nothing(&*make(CacheLimits { items: 0, bytes: 4_000 }));
    }

    fn keeps_and_counts(cache: &dyn PatternCache) {
        let (a, b) = (pattern("a"), pattern("b"));
        cache.put(a.clone());
        assert_eq!(cache.get(&a.key), Some(a.clone()));
        assert_eq!(cache.get(&b.key), None);
        cache.count(&b.key, &Uses::one(Use::Failed, 5.0));
        assert_eq!(cache.counters().items, 1);
        cache.count(&a.key, &Uses::one(Use::Held { saved_ms: 3.0 }, 5.0));
        cache.count(&a.key, &Uses::one(Use::Failed, 6.0));
        let used = Pattern { uses: 2, successes: 1, saved_ms: 3.0, last_used_ms: 6.0, ..a.clone() };
        assert_eq!(cache.get(&a.key), Some(used));
        cache.remove(&a.key);
        assert_eq!(cache.get(&a.key), None);
        let counters = cache.counters();
        assert_eq!((counters.hits, counters.misses, counters.items, counters.bytes), (2, 2, 0, 0));
    }

    fn keeps_the_better_plan(cache: &dyn PatternCache) {
        let at = |cost, guarantee| Pattern { cost, guarantee, ..pattern("a") };
        for (cost, guarantee, is_kept) in [
            (5.0, Guarantee::Plan, true),
            (5.0, Guarantee::Plan, false),
            (6.0, Guarantee::Plan, false),
            (4.0, Guarantee::Plan, true),
            (4.0, Guarantee::Optimal, true),
            (3.0, Guarantee::Plan, false),
        ] {
            assert_eq!(cache.put(at(cost, guarantee)), is_kept, "{cost}, {guarantee:?}");
        }
        let kept = cache.get(&pattern("a").key).unwrap();
        assert_eq!(kept, at(4.0, Guarantee::Optimal));
        assert_eq!((cache.counters().items, cache.counters().bytes), (1, kept.memory_bytes()));
    }

    fn keeps_nothing(cache: &dyn PatternCache) {
        assert!(cache.put(pattern("a")), "nothing better is kept");
        assert_eq!(cache.get(&pattern("a").key), None);
        assert_eq!((cache.counters().items, cache.counters().bytes, cache.counters().refused), (0, 0, 1));
    }

    fn forgets_what_was_not_used(cache: &dyn PatternCache) {
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
