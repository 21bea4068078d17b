//! Bounded memory of work done: compiled tasks and found plans.
//!
//! Every cache here is bounded in items and in bytes, forgets what was not used lately, and
//! counts what it forgot. Nothing here reads a clock or touches a disk; persistence is `store`'s.
//!
//! Compiled tasks are few and stand in the `lru` crate. Patterns are many, and natively threads share them: both of
//! their caches take what to forget from [`recency`], by ticks, so that a lookup moves nothing. `benches/caches.rs`
//! measures them beside the `lru` crate and `quick_cache`. Hits among a million requests for 100,000 keys by Zipf's
//! law (0.9):
//!
//! | patterns | `lru` | ours | `quick_cache` |
//! |---|---|---|---|
//! | 256 | 22.5 % | 23.5 % | 34.9 % |
//! | 256, with scans | 16.4 % | 17.3 % | 28.0 % |
//! | 4,096 | 49.2 % | 50.3 % | 58.5 % |
//!
//! In a loop that is a fourth larger than the cache, recency finds nothing, and `quick_cache` 60 %. So where far more
//! plans are asked for than memory holds, `quick_cache` would find more of them. Recency stays for now because it
//! bounds items and bytes at once, a pattern is compared and counted in its place under one lock, one policy serves
//! threads and the browser, and what memory forgets the disk still has: a miss costs a read, not a search.

pub mod near;
pub mod patterns;
pub mod recency;
pub mod tasks;

pub use near::{NearPlan, NearPlans};
pub use patterns::{HashPatternCache, PatternCache};
pub use tasks::{Claim, TaskCache, Ticket};

/// The limits of a cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheLimits {
    /// Most items.
    pub items: usize,
    /// Most bytes of all items together, as their owners count them.
    pub bytes: u64,
}

/// A cache at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheFigures {
    /// What it has done, and what it holds.
    pub counters: CacheCounters,
    /// What it may hold.
    pub limits: CacheLimits,
}

/// Counters of a cache since it was made. All are totals, except the last two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheCounters {
    /// Lookups that found something, including those that waited for another caller's load.
    pub hits: u64,
    /// Lookups that found nothing.
    pub misses: u64,
    /// Hits that waited for another caller's load.
    pub joined: u64,
    /// Items forgotten to make room.
    pub evicted_items: u64,
    /// Their bytes.
    pub evicted_bytes: u64,
    /// Items that were not kept: larger than the whole cache.
    pub refused: u64,
    /// Items held now.
    pub items: u64,
    /// Bytes held now.
    pub bytes: u64,
}
