//! Patterns on a disk.

use std::ops::Bound;

use futures::FutureExt;
use futures::future::{LocalBoxFuture, ready};
use redb::ReadableDatabase;

use super::redb_disk::Disk;
use super::redb_orders::Order;
use super::redb_store::RedbStore;
use super::redb_tables::{PATTERNS, failure};
use crate::plan::pattern::{Pattern, PatternKey, Uses};
use crate::store::pattern::RECORD_BYTES_MAX;
use crate::store::record::{self, Kind};
use crate::store::{PatternRecords, StoreError, StoreFigures};

/// Bytes of records that are listed at once, but for the last of them.
const LISTED_BYTES: usize = 4 << 20;

impl PatternRecords for RedbStore {
    fn read(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        read(self, key).boxed_local()
    }

    fn keep(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        keep(self, pattern).boxed_local()
    }

    fn note_use(&self, key: PatternKey, uses: Uses) -> Result<(), StoreError> {
        self.disk.meter.announce();
        self.disk.noted.add(key, &uses)
    }

    fn delete(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.ask(move |reply| Order::Drop { key, only_damaged: false, reply }).boxed_local()
    }

    fn list_after(
        &self,
        after: Option<PatternKey>,
        most: usize,
    ) -> LocalBoxFuture<'_, Result<Vec<Pattern>, StoreError>> {
        ready(list(&self.disk, after, most)).boxed_local()
    }

    fn figures(&self) -> StoreFigures {
        self.disk.meter.figures()
    }
}

async fn read(store: &RedbStore, key: PatternKey) -> Result<Option<Pattern>, StoreError> {
    let bytes = store.disk.with("reading a pattern", |database| {
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
        Ok(_) | Err(_) => {
            store.ask(|reply| Order::Drop { key, only_damaged: true, reply }).await.map(|()| None)
        }
    }
}

async fn keep(store: &RedbStore, pattern: Pattern) -> Result<Option<Pattern>, StoreError> {
    let record = record::encode(Kind::Pattern, &pattern)?;
    if record.len() as u64 > RECORD_BYTES_MAX {
        // All others together would have to make room for it.
        return Ok(None);
    }
    store.ask(|reply| Order::Keep { pattern, record, reply }).await
}

fn list(disk: &Disk, after: Option<PatternKey>, most: usize) -> Result<Vec<Pattern>, StoreError> {
    let records = disk.with("listing patterns", |database| {
        let reading = database.begin_read().map_err(failure)?;
        let table = reading.open_table(PATTERNS).map_err(failure)?;
        let from = after.as_ref().map_or(Bound::Unbounded, |key| Bound::Excluded(key.as_bytes()));
        let (mut records, mut bytes) = (Vec::new(), 0);
        let mut rows = table.range::<&[u8; 48]>((from, Bound::Unbounded)).map_err(failure)?;
        while records.len() < most
            && bytes < LISTED_BYTES
            && let Some(row) = rows.next()
        {
            let (key, record) = row.map_err(failure)?;
            let key = PatternKey::from_bytes(*key.value());
            if let Ok(pattern) = record::decode::<Pattern>(Kind::Pattern, "", record.value())
                && pattern.key == key
            {
                bytes += record.value().len();
                records.push(pattern);
            }
        }
        Ok(records)
    })?;
    Ok(records)
}
