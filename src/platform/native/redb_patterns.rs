//! Patterns on a disk.

use futures::FutureExt;
use futures::future::{LocalBoxFuture, ready};
use redb::{Database, Durability, ReadableDatabase, ReadableTable};

use super::redb_store::{Failure, PATTERN_USES, PATTERNS, RedbStore, failure};
use crate::plan::pattern::{Pattern, PatternKey};
use crate::store::pattern::{Occupant, RECORD_BYTES_MAX, RECORDS_MAX, surplus};
use crate::store::record::{self, Kind};
use crate::store::{PatternRecords, StoreError};

/// Writes between two checks of what the patterns take.
const WRITES_PER_TRIM: u32 = 64;

impl PatternRecords for RedbStore {
    fn read(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        ready(read(self, key)).boxed_local()
    }

    fn write(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        ready(write(self, &pattern, Durability::Immediate)).boxed_local()
    }

    fn note_use(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        ready(write(self, &pattern, Durability::None)).boxed_local()
    }

    fn delete(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        ready(self.with(|database| delete(database, &[key]))).boxed_local()
    }
}

fn read(store: &RedbStore, key: PatternKey) -> Result<Option<Pattern>, StoreError> {
    let bytes = store.with(|database| {
        let reading = database.begin_read().map_err(failure)?;
        let table = reading.open_table(PATTERNS).map_err(failure)?;
        let row = table.get(key.as_bytes()).map_err(failure)?;
        Ok(row.map(|record| record.value().to_vec()))
    })?;
    let Some(bytes) = bytes else { return Ok(None) };
    match record::decode::<Pattern>(Kind::Pattern, &key.to_string(), &bytes) {
        Ok(pattern) if pattern.key == key => Ok(Some(pattern)),
        // A later version's record is not ours to drop.
        Err(StoreError::TooNew) => Ok(None),
        Ok(_) | Err(_) => store.with(|database| delete(database, &[key])).map(|()| None),
    }
}

fn write(store: &RedbStore, pattern: &Pattern, durability: Durability) -> Result<(), StoreError> {
    let bytes = record::encode(Kind::Pattern, pattern)?;
    let key = pattern.key.as_bytes();
    let uses = (pattern.last_used_ms.to_bits(), bytes.len() as u64);
    let is_due = store.count_write().is_multiple_of(WRITES_PER_TRIM);
    let gone = store.with(|database| {
        let mut writing = database.begin_write().map_err(failure)?;
        writing.set_durability(durability).map_err(failure)?;
        {
            let mut patterns = writing.open_table(PATTERNS).map_err(failure)?;
            patterns.insert(key, bytes.as_slice()).map_err(failure)?;
            let mut table = writing.open_table(PATTERN_USES).map_err(failure)?;
            table.insert(key, uses).map_err(failure)?;
        }
        writing.commit().map_err(failure)?;
        if is_due { surplus_of(database) } else { Ok(Vec::new()) }
    })?;
    if gone.is_empty() { Ok(()) } else { store.with(|database| delete(database, &gone)) }
}

fn surplus_of(database: &Database) -> Result<Vec<PatternKey>, Failure> {
    let reading = database.begin_read().map_err(failure)?;
    let table = reading.open_table(PATTERN_USES).map_err(failure)?;
    let mut occupants = Vec::new();
    for row in table.iter().map_err(failure)? {
        let (key, uses) = row.map_err(failure)?;
        let (last_used, bytes) = uses.value();
        let key = PatternKey::from_bytes(*key.value());
        occupants.push(Occupant { key, last_used_ms: f64::from_bits(last_used), bytes });
    }
    Ok(surplus(occupants, RECORDS_MAX, RECORD_BYTES_MAX))
}

fn delete(database: &Database, keys: &[PatternKey]) -> Result<(), Failure> {
    let writing = database.begin_write().map_err(failure)?;
    {
        let mut patterns = writing.open_table(PATTERNS).map_err(failure)?;
        let mut uses = writing.open_table(PATTERN_USES).map_err(failure)?;
        for key in keys {
            patterns.remove(key.as_bytes()).map_err(failure)?;
            uses.remove(key.as_bytes()).map_err(failure)?;
        }
    }
    writing.commit().map_err(failure)
}
