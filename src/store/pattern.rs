//! Patterns as the service asks for them, and as a disk keeps them.
//!
//! [`PatternStore`] is what the service asks: memory and disk together. [`PatternRecords`] is the disk alone.
//! What a disk keeps is bounded as well: [`surplus`] says which patterns it has to drop.

use std::sync::Arc;

use futures::future::LocalBoxFuture;

use super::{StoreError, StoreFigures};
use crate::plan::pattern::{Pattern, PatternKey};

/// Most patterns that a disk keeps.
pub const RECORDS_MAX: usize = 10_000;

/// Most bytes of patterns that a disk keeps: a small part of the least quota a browser grants.
pub const RECORD_BYTES_MAX: u64 = 16 << 20;

/// Patterns, as the service sees them. All futures run on the caller's thread.
pub trait PatternStore {
    /// The pattern kept under `key`.
    fn get(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>>;

    /// Keeps a pattern in place of any other under its key that is no better, and dates it where nobody
    /// has (see [`Pattern::is_better_than`]).
    fn put(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>>;

    /// Counts a use; answers the pattern as it then is, or `None` where there is none.
    fn record_use(
        &self,
        key: PatternKey,
        success: bool,
    ) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>>;

    /// Forgets a pattern; forgetting a missing one is fine.
    fn remove(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>>;
}

/// Patterns on a disk: records in and out. All futures run on the caller's thread.
pub trait PatternRecords {
    /// The pattern kept under `key`. A damaged record is dropped and counts as missing.
    fn read(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>>;

    /// Writes a pattern over any other under its key; forgets old ones where there are too many.
    fn write(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>>;

    /// Writes a pattern of which only the counts of its use have changed. This is cheap because it need not be
    /// durable: it is lost where the process is killed before something else is written.
    fn note_use(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>>;

    /// Drops a pattern.
    fn delete(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>>;

    /// What it has written, where it counts that.
    fn figures(&self) -> StoreFigures {
        StoreFigures::default()
    }
}

/// A disk that is shared, by each of those who share it.
impl<R: PatternRecords + ?Sized> PatternRecords for Arc<R> {
    fn read(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        (**self).read(key)
    }

    fn write(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        (**self).write(pattern)
    }

    fn note_use(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        (**self).note_use(pattern)
    }

    fn delete(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        (**self).delete(key)
    }

    fn figures(&self) -> StoreFigures {
        (**self).figures()
    }
}

/// A pattern on a disk as [`surplus`] sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Occupant {
    /// Its key.
    pub key: PatternKey,
    /// Milliseconds since 1970 of its last use.
    pub last_used_ms: f64,
    /// Bytes on the disk.
    pub bytes: u64,
}

/// The patterns to drop so that the rest keeps within both bounds, least recently used first. O(n log n).
pub fn surplus(mut occupants: Vec<Occupant>, items_max: usize, bytes_max: u64) -> Vec<PatternKey> {
    occupants.sort_by(|a, b| a.last_used_ms.total_cmp(&b.last_used_ms).then_with(|| a.key.cmp(&b.key)));
    let mut items = occupants.len();
    let mut bytes: u64 = occupants.iter().map(|occupant| occupant.bytes).sum();
    let mut gone = Vec::new();
    for occupant in occupants {
        if items <= items_max && bytes <= bytes_max {
            break;
        }
        items -= 1;
        bytes -= occupant.bytes;
        gone.push(occupant.key);
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn occupant(name: &str, last_used_ms: f64, bytes: u64) -> Occupant {
        Occupant { key: PatternKey::new(name.as_bytes(), b"", b""), last_used_ms, bytes }
    }

    #[test]
    fn the_least_recently_used_go_until_both_bounds_hold() {
        let all = vec![occupant("b", 2.0, 10), occupant("a", 1.0, 10), occupant("c", 3.0, 50)];
        let keys: Vec<_> = all.iter().map(|occupant| occupant.key).collect();
        assert_eq!(surplus(all.clone(), 3, 100), []);
        assert_eq!(surplus(all.clone(), 2, 100), [keys[1]]);
        assert_eq!(surplus(all.clone(), 3, 55), [keys[1], keys[0]]);
        assert_eq!(surplus(all, 0, 0), [keys[1], keys[0], keys[2]]);
    }
}
