//! Patterns in `IndexedDB`: relaxed, bounded, and the first to go when the storage is full.

use std::cell::Cell;
use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use web_sys::{IdbTransaction, Storage};

use super::database::{Database, PATTERNS};
use super::globals::global;
use super::idb::{self, Access, Failure};
use super::time::wall_clock_ms;
use super::yielder::ChannelYield;
use crate::plan::pattern::{Pattern, PatternKey};
use crate::runtime::Yield;
use crate::store::pattern::{Occupant, RECORD_BYTES_MAX, RECORDS_MAX, surplus};
use crate::store::record::{self, Kind};
use crate::store::{PatternRecords, StoreError, StoreFigures, StoreMeter};

/// Writes between two checks of what the patterns take.
const WRITES_PER_TRIM: u32 = 64;

/// Patterns that a check reads between two yields.
const PATTERNS_PER_SLICE: usize = 16;

/// Where `localStorage` counts the writes of all sessions.
const WRITES: &str = "planscope.pattern-writes";

/// Patterns of this browser.
pub struct IdbPatterns {
    database: Rc<Database>,
    yielder: ChannelYield,
    /// Writes of this session, where those of all cannot be counted.
    writes: Cell<u32>,
    meter: StoreMeter,
}

impl IdbPatterns {
    /// Patterns in `database`.
    pub fn new(database: Rc<Database>) -> Self {
        Self { database, yielder: ChannelYield::new(), writes: Cell::new(0), meter: StoreMeter::default() }
    }

    async fn read(&self, key: PatternKey) -> Result<Option<Pattern>, StoreError> {
        let id = key.to_string();
        let get =
            |transaction: &IdbTransaction| Ok(idb::store(transaction, PATTERNS)?.get(&id.as_str().into())?);
        let request = self.database.transact(&[PATTERNS], Access::Read, get).await?;
        let value = request.result().map_err(Failure::from)?;
        if value.is_undefined() {
            return Ok(None);
        }
        match decode(&id, &value) {
            Ok(pattern) if pattern.key == key => Ok(Some(pattern)),
            Err(StoreError::TooNew) => Ok(None),
            Ok(_) | Err(_) => self.delete(&[id]).await.map(|()| None),
        }
    }

    async fn write(&self, pattern: Pattern) -> Result<(), StoreError> {
        self.meter.announce();
        let written = self.write_record(pattern).await;
        match written {
            Ok(()) => self.meter.count_batch(1, wall_clock_ms()),
            Err(_) => self.meter.count_lost(1),
        }
        written
    }

    async fn write_record(&self, pattern: Pattern) -> Result<(), StoreError> {
        let bytes = record::encode(Kind::Pattern, &pattern)?;
        let id = pattern.key.to_string();
        let put = |transaction: &IdbTransaction| {
            let value: JsValue = Uint8Array::from(bytes.as_slice()).into();
            Ok(idb::store(transaction, PATTERNS)?.put_with_key(&value, &id.as_str().into())?)
        };
        let written = self.database.transact(&[PATTERNS], Access::WriteRelaxed, put).await;
        if matches!(&written, Err(failure) if failure.is_quota()) {
            let clear = |transaction: &IdbTransaction| Ok(idb::store(transaction, PATTERNS)?.clear()?);
            self.database.transact(&[PATTERNS], Access::WriteRelaxed, clear).await?;
            self.database.transact(&[PATTERNS], Access::WriteRelaxed, put).await?;
        } else {
            written?;
        }
        if self.count_write().is_multiple_of(WRITES_PER_TRIM) { self.trim().await } else { Ok(()) }
    }

    async fn delete(&self, ids: &[String]) -> Result<(), StoreError> {
        let delete = |transaction: &IdbTransaction| {
            let store = idb::store(transaction, PATTERNS)?;
            for id in ids {
                store.delete(&id.as_str().into())?;
            }
            Ok(())
        };
        Ok(self.database.transact(&[PATTERNS], Access::WriteRelaxed, delete).await?)
    }

    /// Forgets what is beyond the bounds, and what does not read. A few patterns are read at a time, so
    /// that the page lives on meanwhile.
    async fn trim(&self) -> Result<(), StoreError> {
        let list = |transaction: &IdbTransaction| Ok(idb::store(transaction, PATTERNS)?.get_all_keys()?);
        let keys = self.database.transact(&[PATTERNS], Access::Read, list).await?;
        let keys = Array::from(&keys.result().map_err(Failure::from)?);
        let ids: Vec<String> = keys.iter().filter_map(|key| key.as_string()).collect();
        let (mut occupants, mut gone) = (Vec::new(), Vec::new());
        for slice in ids.chunks(PATTERNS_PER_SLICE) {
            let read = |transaction: &IdbTransaction| {
                let store = idb::store(transaction, PATTERNS)?;
                let requests = slice.iter().map(|id| Ok(store.get(&id.as_str().into())?));
                requests.collect::<Result<Vec<_>, Failure>>()
            };
            let requests = self.database.transact(&[PATTERNS], Access::Read, read).await?;
            for (id, request) in slice.iter().zip(requests) {
                let value = request.result().map_err(Failure::from)?;
                let bytes = value.dyn_ref::<Uint8Array>().map_or(0, Uint8Array::length).into();
                match decode(id, &value) {
                    Ok(Pattern { key, last_used_ms, .. }) => {
                        occupants.push(Occupant { key, last_used_ms, bytes });
                    }
                    Err(StoreError::TooNew) => {}
                    Err(_) => gone.push(id.clone()),
                }
            }
            self.yielder.yield_now().await;
        }
        gone.extend(surplus(occupants, RECORDS_MAX, RECORD_BYTES_MAX).iter().map(PatternKey::to_string));
        if gone.is_empty() { Ok(()) } else { self.delete(&gone).await }
    }

    /// Counts a write; answers how many there have been, in all sessions together where that can be kept.
    fn count_write(&self) -> u32 {
        let storage: Option<Storage> = global("localStorage");
        let known = storage.as_ref().and_then(|storage| storage.get_item(WRITES).ok().flatten());
        let known = known.and_then(|text| text.parse().ok()).unwrap_or_else(|| self.writes.get());
        let writes = known.wrapping_add(1);
        self.writes.set(writes);
        if let Some(storage) = storage {
            // Where `localStorage` has no room, this session counts for itself.
            let _ = storage.set_item(WRITES, &writes.to_string());
        }
        writes
    }
}

impl PatternRecords for IdbPatterns {
    fn read(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        self.read(key).boxed_local()
    }

    fn write(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.write(pattern).boxed_local()
    }

    fn note_use(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.write(pattern).boxed_local()
    }

    fn delete(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        async move { self.delete(&[key.to_string()]).await }.boxed_local()
    }

    fn figures(&self) -> StoreFigures {
        self.meter.figures()
    }
}

fn decode(id: &str, value: &JsValue) -> Result<Pattern, StoreError> {
    match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => record::decode(Kind::Pattern, id, &bytes.to_vec()),
        None => Err(StoreError::Damaged { key: id.to_owned(), detail: "it is not a record".to_owned() }),
    }
}
