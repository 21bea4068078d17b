//! What the writer changes in the tables, within a transaction.

use lru::LruCache;
use redb::{ReadableTable, Table, WriteTransaction};

use super::redb_orders::Order;
use super::redb_tables::{DOCUMENTS, Failure, Key, PATTERN_USES, PATTERNS, failure};
use crate::plan::pattern::{Pattern, PatternKey, Uses, is_forgotten};
use crate::store::memory::next_revision;
use crate::store::pattern::{RECORD_BYTES_MAX, RECORDS_MAX};
use crate::store::record::{self, Kind};
use crate::store::{Document, StoreError};

/// Patterns that one transaction forgets at most; those that are left go with the next ones.
const FORGOTTEN_PER_COMMIT: u64 = 256;

/// What became of a change.
pub(super) enum Done {
    /// The pattern is kept, or the better one that is there.
    Kept(Option<Pattern>),
    /// The document is saved, or refused.
    Saved(Result<u64, StoreError>),
    /// What was to go is gone.
    Gone,
}

/// The tables of a transaction.
pub(super) struct Tables<'t> {
    patterns: Table<'t, Key, &'static [u8]>,
    uses: Table<'t, Key, (u64, u64)>,
    documents: Table<'t, &'static str, &'static [u8]>,
}

/// Which patterns there are, in the order of their last use: as in the table of uses, which nobody else changes.
pub(super) struct Index {
    occupants: LruCache<PatternKey, (f64, u64)>,
    bytes: u64,
}

/// What is kept under a key.
enum Found {
    /// Nothing, or what does not read.
    Nothing,
    /// A pattern.
    Pattern(Pattern),
    /// What a later version wrote.
    Later,
}

/// Makes a change.
pub(super) fn apply(
    order: &Order,
    tables: &mut Tables<'_>,
    index: &mut Index,
    now_ms: f64,
) -> Result<Done, Failure> {
    match order {
        Order::Keep { pattern, record, .. } => {
            let better = match tables.found(pattern.key)? {
                Found::Pattern(kept) if !pattern.is_better_than(&kept) && !kept.is_forgotten(now_ms) => {
                    Some(kept)
                }
                Found::Later => None,
                Found::Pattern(_) | Found::Nothing => {
                    tables.put(pattern, record, index)?;
                    None
                }
            };
            Ok(Done::Kept(better))
        }
        Order::Drop { key, only_damaged, .. } => {
            if !only_damaged || matches!(tables.found(*key)?, Found::Nothing) {
                tables.remove(*key)?;
                index.remove(*key);
            }
            Ok(Done::Gone)
        }
        Order::Save { id, revision, record, .. } => {
            let stored = tables.documents.get(id.0.as_str()).map_err(failure)?;
            let stored = stored.map(|stored| Document::from_record(&id.0, stored.value()));
            let stored = match stored {
                Some(Ok(stored)) => Some(stored.revision),
                Some(Err(StoreError::TooNew)) => return Ok(Done::Saved(Err(StoreError::TooNew))),
                // A record that does not read stays until its document is saved.
                Some(Err(_)) | None => None,
            };
            let revision = next_revision(stored, revision - 1);
            if revision.is_ok() {
                tables.documents.insert(id.0.as_str(), record.as_slice()).map_err(failure)?;
            }
            Ok(Done::Saved(revision))
        }
        Order::Delete { id, .. } => {
            tables.documents.remove(id.0.as_str()).map_err(failure)?;
            Ok(Done::Gone)
        }
    }
}

impl<'t> Tables<'t> {
    pub(super) fn open(writing: &'t WriteTransaction) -> Result<Self, Failure> {
        Ok(Self {
            patterns: writing.open_table(PATTERNS).map_err(failure)?,
            uses: writing.open_table(PATTERN_USES).map_err(failure)?,
            documents: writing.open_table(DOCUMENTS).map_err(failure)?,
        })
    }

    /// Counts uses of a pattern, if it is there.
    pub(super) fn count(&mut self, key: PatternKey, uses: &Uses, index: &mut Index) -> Result<(), Failure> {
        let Found::Pattern(mut pattern) = self.found(key)? else { return Ok(()) };
        pattern.count(uses);
        match record::encode(Kind::Pattern, &pattern) {
            Ok(record) => self.put(&pattern, &record, index),
            // What was read can be written.
            Err(_) => Ok(()),
        }
    }

    /// Forgets the patterns that nobody has used for long, and those that are too many. How many they were.
    pub(super) fn forget(&mut self, index: &mut Index, now_ms: f64) -> Result<u64, Failure> {
        let mut forgotten = 0;
        while forgotten < FORGOTTEN_PER_COMMIT
            && let Some(key) = index.pop_surplus(now_ms)
        {
            self.remove(key)?;
            forgotten += 1;
        }
        Ok(forgotten)
    }

    fn found(&self, key: PatternKey) -> Result<Found, Failure> {
        let stored = self.patterns.get(key.as_bytes()).map_err(failure)?;
        let decoded =
            stored.map(|stored| record::decode::<Pattern>(Kind::Pattern, &key.to_string(), stored.value()));
        Ok(match decoded {
            Some(Ok(pattern)) if pattern.key == key => Found::Pattern(pattern),
            Some(Err(StoreError::TooNew)) => Found::Later,
            _ => Found::Nothing,
        })
    }

    fn put(&mut self, pattern: &Pattern, record: &[u8], index: &mut Index) -> Result<(), Failure> {
        let (key, bytes) = (pattern.key.as_bytes(), record.len() as u64);
        self.patterns.insert(key, record).map_err(failure)?;
        self.uses.insert(key, (pattern.last_used_ms.to_bits(), bytes)).map_err(failure)?;
        index.put(pattern.key, pattern.last_used_ms, bytes);
        Ok(())
    }

    fn remove(&mut self, key: PatternKey) -> Result<(), Failure> {
        self.patterns.remove(key.as_bytes()).map_err(failure)?;
        self.uses.remove(key.as_bytes()).map_err(failure)?;
        Ok(())
    }
}

impl Index {
    /// The index of what is there. O(n log n), once for each process.
    pub(super) fn read(tables: &Tables<'_>) -> Result<Self, Failure> {
        let mut occupants = Vec::new();
        for row in tables.uses.iter().map_err(failure)? {
            let (key, uses) = row.map_err(failure)?;
            let (last_used, bytes) = uses.value();
            occupants.push((f64::from_bits(last_used), PatternKey::from_bytes(*key.value()), bytes));
        }
        occupants.sort_by(|one, two| one.0.total_cmp(&two.0).then_with(|| one.1.cmp(&two.1)));
        let mut index = Self { occupants: LruCache::unbounded(), bytes: 0 };
        occupants.into_iter().for_each(|(last_used_ms, key, bytes)| index.put(key, last_used_ms, bytes));
        Ok(index)
    }

    /// How many patterns there are, and how many bytes.
    pub(super) fn holds(&self) -> (u64, u64) {
        (self.occupants.len() as u64, self.bytes)
    }

    fn put(&mut self, key: PatternKey, last_used_ms: f64, bytes: u64) {
        let replaced = self.occupants.put(key, (last_used_ms, bytes));
        self.bytes = self.bytes + bytes - replaced.map_or(0, |(_, bytes)| bytes);
    }

    fn remove(&mut self, key: PatternKey) {
        self.bytes -= self.occupants.pop(&key).map_or(0, |(_, bytes)| bytes);
    }

    /// Takes out the pattern that was not used for the longest time, if it is too old or there are too many.
    fn pop_surplus(&mut self, now_ms: f64) -> Option<PatternKey> {
        let (_, &(last_used_ms, _)) = self.occupants.peek_lru()?;
        let is_over = self.occupants.len() > RECORDS_MAX || self.bytes > RECORD_BYTES_MAX;
        if !is_over && !is_forgotten(last_used_ms, now_ms) {
            return None;
        }
        let (key, (_, bytes)) = self.occupants.pop_lru()?;
        self.bytes -= bytes;
        Some(key)
    }
}
