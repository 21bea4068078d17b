//! Compiled tasks by content hash. Each is loaded once; the least recently used ones are dropped first.
//!
//! The first caller that asks for a missing key gets a [`Ticket`] and loads the value; callers that ask in
//! the meantime wait for it. If a ticket is dropped without a value (an error, a cancelled job), the next
//! caller gets to load it, so a failure is never handed to others. Values are handles (`V: Clone`), and the
//! loader says how many bytes they hold. The cache can be shared between threads.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::channel::oneshot;
use lru::LruCache;

use super::{CacheCounters, CacheLimits};

/// The limits that a service uses by default: enough for the tasks of a session's documents.
pub const DEFAULT_LIMITS: CacheLimits = CacheLimits { items: 64, bytes: 128 << 20 };

/// A handle to a cache; clones share it.
pub struct TaskCache<K, V> {
    shared: Arc<Mutex<Shared<K, V>>>,
}

struct Shared<K, V> {
    limits: CacheLimits,
    kept: LruCache<K, Kept<V>>,
    loading: HashMap<K, Vec<oneshot::Sender<V>>>,
    counters: CacheCounters,
}

struct Kept<V> {
    value: V,
    bytes: u64,
}

/// The answer to a claim.
pub enum Claim<K: Hash + Eq + Clone, V: Clone> {
    /// The value is in the cache.
    Hit(V),
    /// The value is missing and nobody is loading it: the caller has to.
    Load(Ticket<K, V>),
}

/// The right and duty to load a value. Dropping it without a value passes the right on.
pub struct Ticket<K: Hash + Eq + Clone, V: Clone> {
    cache: TaskCache<K, V>,
    key: K,
}

enum Found<V> {
    Hit(V),
    Wait(oneshot::Receiver<V>),
    Load,
}

impl<K: Hash + Eq + Clone, V: Clone> TaskCache<K, V> {
    /// An empty cache.
    pub fn new(limits: CacheLimits) -> Self {
        let shared = Shared {
            limits,
            kept: LruCache::unbounded(),
            loading: HashMap::new(),
            counters: CacheCounters::default(),
        };
        Self { shared: Arc::new(Mutex::new(shared)) }
    }

    /// The value of `key`, or the right to load it; waits while another loads it.
    pub async fn claim(&self, key: K) -> Claim<K, V> {
        let mut waited = false;
        loop {
            let found = self.lock().find(&key, waited);
            match found {
                Found::Hit(value) => return Claim::Hit(value),
                Found::Load => return Claim::Load(Ticket { cache: self.clone(), key }),
                Found::Wait(receiver) => {
                    waited = true;
                    if let Ok(value) = receiver.await {
                        self.lock().count_joined();
                        return Claim::Hit(value);
                    }
                }
            }
        }
    }

    /// The value of `key`, if it is there; nobody is waited for.
    pub fn find(&self, key: &K) -> Option<V> {
        self.lock().look(key)
    }

    /// Keeps a value that was loaded without a ticket, or whose ticket was passed on.
    pub fn keep(&self, key: &K, value: &V, bytes: u64) {
        let waiting = self.lock().fill(key, value, bytes);
        for sender in waiting {
            // A waiter that gave up does not need the value.
            let _ = sender.send(value.clone());
        }
    }

    /// What it has done.
    pub fn counters(&self) -> CacheCounters {
        let shared = self.lock();
        CacheCounters { items: shared.kept.len() as u64, ..shared.counters }
    }

    /// What it may hold.
    pub fn limits(&self) -> CacheLimits {
        self.lock().limits
    }

    /// Forgets every value; loads under way go on.
    pub fn clear(&self) {
        let mut shared = self.lock();
        shared.kept.clear();
        shared.counters.bytes = 0;
    }

    fn lock(&self) -> MutexGuard<'_, Shared<K, V>> {
        // Under the lock, only `clone` and `eq` of a caller can run, so a poisoned lock is still consistent.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> Clone for TaskCache<K, V> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<K, V> fmt::Debug for TaskCache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskCache").finish_non_exhaustive()
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Ticket<K, V> {
    /// Keeps the value, which takes `bytes`, and hands it to everybody who waits. A value larger
    /// than the whole cache is handed out but not kept.
    pub fn fill(self, value: V, bytes: u64) {
        self.cache.keep(&self.key, &value, bytes);
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Drop for Ticket<K, V> {
    fn drop(&mut self) {
        // Dropping the senders wakes the waiters, the first of which takes over. After `fill` the
        // entry is gone already, and nobody else can have made one while this ticket lived.
        let waiting = self.cache.lock().loading.remove(&self.key);
        drop(waiting);
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Shared<K, V> {
    fn find(&mut self, key: &K, waited: bool) -> Found<V> {
        if let Some(kept) = self.kept.get(key) {
            self.counters.hits += 1;
            self.counters.joined += u64::from(waited);
            return Found::Hit(kept.value.clone());
        }
        if let Some(waiting) = self.loading.get_mut(key) {
            let (sender, receiver) = oneshot::channel();
            waiting.push(sender);
            return Found::Wait(receiver);
        }
        self.counters.misses += 1;
        self.loading.insert(key.clone(), Vec::new());
        Found::Load
    }

    fn look(&mut self, key: &K) -> Option<V> {
        let found = self.kept.get(key).map(|kept| kept.value.clone());
        self.counters.hits += u64::from(found.is_some());
        self.counters.misses += u64::from(found.is_none());
        found
    }

    fn count_joined(&mut self) {
        self.counters.hits += 1;
        self.counters.joined += 1;
    }

    fn fill(&mut self, key: &K, value: &V, bytes: u64) -> Vec<oneshot::Sender<V>> {
        if bytes > self.limits.bytes || self.limits.items == 0 {
            self.counters.refused += 1;
        } else {
            let replaced = self.kept.put(key.clone(), Kept { value: value.clone(), bytes });
            self.counters.bytes += bytes;
            self.counters.bytes -= replaced.map_or(0, |kept| kept.bytes);
            self.evict();
        }
        // The entry is emptied here; dropping the ticket removes it.
        self.loading.get_mut(key).map(std::mem::take).unwrap_or_default()
    }

    fn evict(&mut self) {
        while self.kept.len() > self.limits.items || self.counters.bytes > self.limits.bytes {
            let Some((_, kept)) = self.kept.pop_lru() else { return };
            self.counters.bytes -= kept.bytes;
            self.counters.evicted_items += 1;
            self.counters.evicted_bytes += kept.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures::executor::{LocalPool, block_on};
    use futures::future::pending;
    use futures::task::LocalSpawnExt;

    use super::*;

    type Cache = TaskCache<u32, u32>;

    impl Cache {
        /// The value of `key`, from the cache or from `load`, which answers the value and its bytes; the flag says
        /// whether it was there.
        async fn get_or_load<E>(
            &self,
            key: u32,
            load: impl AsyncFnOnce() -> Result<(u32, u64), E>,
        ) -> Result<(u32, bool), E> {
            match self.claim(key).await {
                Claim::Hit(value) => Ok((value, true)),
                Claim::Load(ticket) => {
                    let (value, bytes) = load().await?;
                    ticket.fill(value, bytes);
                    Ok((value, false))
                }
            }
        }
    }

    fn cache(items: usize, bytes: u64) -> Cache {
        TaskCache::new(CacheLimits { items, bytes })
    }

    fn load(cache: &Cache, key: u32, bytes: u64) -> bool {
        block_on(cache.get_or_load(key, async || Ok::<_, ()>((key * 10, bytes)))).unwrap().1
    }

    #[test]
    fn the_second_lookup_is_a_hit() {
        let cache = cache(2, 100);
        assert!(!load(&cache, 1, 10));
        assert!(load(&cache, 1, 10));
        let counters = cache.counters();
        assert_eq!((counters.hits, counters.misses, counters.items, counters.bytes), (1, 1, 1, 10));
    }

    #[test]
    fn the_least_recently_used_goes_when_there_are_too_many() {
        let cache = cache(2, 100);
        for key in [1, 2, 1, 3] {
            load(&cache, key, 10);
        }
        assert!(load(&cache, 1, 10));
        assert!(!load(&cache, 2, 10));
        assert_eq!(cache.counters().evicted_items, 2);
    }

    #[test]
    fn bytes_are_bounded_and_what_never_fits_is_refused() {
        let cache = cache(10, 100);
        for key in 1..=5 {
            load(&cache, key, 40);
        }
        assert_eq!((cache.counters().items, cache.counters().bytes), (2, 80));
        assert_eq!(cache.counters().evicted_bytes, 120);
        assert!(!load(&cache, 9, 101));
        assert!(!load(&cache, 9, 101));
        assert_eq!((cache.counters().refused, cache.counters().items), (2, 2));
    }

    #[test]
    fn what_is_found_counts_as_used() {
        let cache = cache(2, 100);
        cache.keep(&1, &10, 1);
        cache.keep(&2, &20, 1);
        assert_eq!((cache.find(&1), cache.find(&3)), (Some(10), None));
        cache.keep(&3, &30, 1);
        assert_eq!((cache.find(&1), cache.find(&2)), (Some(10), None));
        assert_eq!((cache.counters().hits, cache.counters().misses), (2, 2));
    }

    #[test]
    fn a_second_request_waits_for_the_first_load() {
        let (cache, loads) = (cache(2, 100), Cell::new(0));
        let (go, gate) = oneshot::channel::<()>();
        let first = cache.get_or_load(1, async || {
            loads.set(loads.get() + 1);
            let _ = gate.await;
            Ok::<_, ()>((7, 1))
        });
        let second = cache.get_or_load(1, async || {
            loads.set(loads.get() + 1);
            Ok::<_, ()>((8, 1))
        });
        let release = async {
            let _ = go.send(());
        };
        let (first, second, ()) = block_on(async { futures::join!(first, second, release) });
        assert_eq!((first, second, loads.get()), (Ok((7, false)), Ok((7, true)), 1));
        assert_eq!(cache.counters().joined, 1);
    }

    #[test]
    fn a_failed_load_lets_the_next_one_try() {
        let cache = cache(2, 100);
        let (go, gate) = oneshot::channel::<()>();
        let first = cache.get_or_load(1, async || {
            let _ = gate.await;
            Err("broken")
        });
        let second = cache.get_or_load(1, async || Ok::<_, &str>((8, 1)));
        let release = async {
            let _ = go.send(());
        };
        let (first, second, ()) = block_on(async { futures::join!(first, second, release) });
        assert_eq!((first, second), (Err("broken"), Ok((8, false))));
    }

    #[test]
    fn a_cancelled_load_lets_exactly_one_waiter_try() {
        let cache = cache(2, 100);
        let mut pool = LocalPool::new();
        let owner = cache.clone();
        let first = async move {
            let _: Result<_, ()> = owner.get_or_load(1, async || pending().await).await;
        };
        let first = pool.spawner().spawn_local_with_handle(first).unwrap();
        pool.run_until_stalled();
        let mut rest = Vec::new();
        for _ in 0..3 {
            let cache = cache.clone();
            let wait = async move { cache.get_or_load(1, async || Ok::<_, ()>((5, 1))).await };
            rest.push(pool.spawner().spawn_local_with_handle(wait).unwrap());
        }
        pool.run_until_stalled();
        drop(first);
        let answers = pool.run_until(futures::future::join_all(rest));
        assert_eq!(answers.iter().filter(|answer| **answer == Ok((5, false))).count(), 1);
        assert_eq!(answers.iter().filter(|answer| **answer == Ok((5, true))).count(), 2);
        assert_eq!(cache.counters().misses, 2);
    }
}
