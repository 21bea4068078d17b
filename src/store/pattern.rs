//! Patterns as the service asks for them, and as a disk keeps them.
//!
//! [`PatternStore`] is what the service asks: memory and disk together. [`PatternRecords`] is the disk alone.
//! What a disk keeps is bounded as well: [`surplus`] says which patterns it has to drop.

use std::sync::Arc;

use futures::future::LocalBoxFuture;

use super::{StoreError, StoreFigures};
use crate::plan::pattern::{Pattern, PatternKey, Use, Uses, is_forgotten};

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

    /// Counts a use of the pattern kept under `key`, if there is one. Nothing waits for a disk.
    fn record_use(&self, key: PatternKey, used: Use) -> LocalBoxFuture<'_, Result<(), StoreError>>;

    /// Forgets a pattern; forgetting a missing one is fine.
    fn remove(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>>;
}

/// Patterns on a disk: records in and out. All futures run on the caller's thread. What is written and what is
/// dropped is acknowledged when it is on the disk as far as the platform promises.
pub trait PatternRecords {
    /// The pattern kept under `key`. A damaged record is dropped and counts as missing; a later version's record
    /// counts as missing and stays.
    fn read(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>>;

    /// Writes a pattern over any other under its key that it is better than; forgets others where there are too many,
    /// or nobody has used them for long. Answers the pattern that stays in its place, if there is one.
    fn keep(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>>;

    /// Counts uses of the pattern kept under `key`, if there is one. They are collected and written in batches: those
    /// since the last batch are lost where the process is killed.
    ///
    /// # Errors
    /// Why an earlier batch was not written; told once.
    fn note_use(&self, key: PatternKey, uses: Uses) -> Result<(), StoreError>;

    /// Drops a pattern.
    fn delete(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>>;

    /// The patterns after a key, or from the first one, in the order of their keys: as many as are asked for where
    /// there are so many. What does not read is left out.
    fn list_after(
        &self,
        after: Option<PatternKey>,
        most: usize,
    ) -> LocalBoxFuture<'_, Result<Vec<Pattern>, StoreError>>;

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

    fn keep(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        (**self).keep(pattern)
    }

    fn note_use(&self, key: PatternKey, uses: Uses) -> Result<(), StoreError> {
        (**self).note_use(key, uses)
    }

    fn delete(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        (**self).delete(key)
    }

    fn list_after(
        &self,
        after: Option<PatternKey>,
        most: usize,
    ) -> LocalBoxFuture<'_, Result<Vec<Pattern>, StoreError>> {
        (**self).list_after(after, most)
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

/// The patterns to drop, least recently used first: those that nobody has used for long, and as many others as it
/// takes for the rest to keep within both bounds. O(n log n).
pub fn surplus(
    mut occupants: Vec<Occupant>,
    items_max: usize,
    bytes_max: u64,
    now_ms: f64,
) -> Vec<PatternKey> {
    occupants.sort_by(|a, b| a.last_used_ms.total_cmp(&b.last_used_ms).then_with(|| a.key.cmp(&b.key)));
    let mut items = occupants.len();
    let mut bytes: u64 = occupants.iter().map(|occupant| occupant.bytes).sum();
    let mut gone = Vec::new();
    for occupant in occupants {
        if items <= items_max && bytes <= bytes_max && !is_forgotten(occupant.last_used_ms, now_ms) {
            // Those after it were used later; what has no date comes first, and is not old.
            if occupant.last_used_ms > 0.0 {
                break;
            }
            continue;
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
    use crate::plan::pattern::UNUSED_MS_MAX;

    fn occupant(name: &str, last_used_ms: f64, bytes: u64) -> Occupant {
        Occupant { key: PatternKey::new(name.as_bytes(), b"", b""), last_used_ms, bytes }
    }

    #[test]
    fn the_least_recently_used_go_until_both_bounds_hold() {
        let all = vec![occupant("b", 2.0, 10), occupant("a", 1.0, 10), occupant("c", 3.0, 50)];
        let keys: Vec<_> = all.iter().map(|occupant| occupant.key).collect();
        assert_eq!(surplus(all.clone(), 3, 100, 9.0), []);
        assert_eq!(surplus(all.clone(), 2, 100, 9.0), [keys[1]]);
        assert_eq!(surplus(all.clone(), 3, 55, 9.0), [keys[1], keys[0]]);
        assert_eq!(surplus(all, 0, 0, 9.0), [keys[1], keys[0], keys[2]]);
    }

    #[test]
    fn what_nobody_has_used_for_thirty_days_goes_and_what_has_no_date_stays() {
        let all = vec![occupant("undated", 0.0, 10), occupant("old", 1e12, 10), occupant("new", 1.1e12, 10)];
        let old = all[1].key;
        assert_eq!(surplus(all.clone(), 3, 100, 1e12 + UNUSED_MS_MAX), []);
        assert_eq!(surplus(all, 3, 100, 1e12 + UNUSED_MS_MAX + 1.0), [old]);
    }
}
