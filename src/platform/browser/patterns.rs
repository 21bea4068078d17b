//! Patterns in `IndexedDB`: relaxed, bounded, and the first to go when the storage is full.
//!
//! Uses of patterns are collected, and written in one transaction: a few seconds after the first of them, when the
//! page has nothing else to do, or at once when it is hidden. Those of a page that is killed before are lost.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{LocalBoxFuture, select};
use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{IdbKeyRange, IdbTransaction, Storage};

use super::database::{Database, PATTERNS};
use super::globals::{global, spawn};
use super::idb::{self, Access, Failure};
use super::time::{TimerSleep, wall_clock_ms};
use super::visibility::{Visibility, on_visibility};
use super::yielder::ChannelYield;
use crate::plan::pattern::{Pattern, PatternKey, Uses};
use crate::runtime::{Sleep, Yield};
use crate::store::pattern::{Occupant, RECORD_BYTES_MAX, RECORDS_MAX, surplus};
use crate::store::record::{self, Kind};
use crate::store::{PatternRecords, StoreError, StoreFigures, StoreMeter};

/// Writes between two checks of what the patterns take.
const WRITES_PER_TRIM: u32 = 64;

/// Patterns that a check reads between two yields.
const PATTERNS_PER_SLICE: usize = 16;

/// Patterns whose uses are collected; those of further ones are not counted.
const NOTED_MAX: usize = 256;

/// How long uses are collected, and how long the page may then be busy before they are written all the same.
const USES_WAIT: Duration = Duration::from_secs(5);
const IDLE_WAIT: Duration = Duration::from_secs(2);

/// Where `localStorage` counts the writes of all sessions.
const WRITES: &str = "planscope.pattern-writes";

/// Patterns of this browser.
pub struct IdbPatterns {
    inner: Rc<Inner>,
}

struct Inner {
    database: Rc<Database>,
    yielder: ChannelYield,
    /// Writes of this session, where those of all cannot be counted.
    writes: Cell<u32>,
    /// Uses that are not written yet.
    noted: RefCell<Noted>,
    /// Why the last uses were not written.
    failed: RefCell<Option<StoreError>>,
    /// Listens for the page being hidden, from the first use on.
    hidden: OnceCell<Option<Visibility>>,
    meter: StoreMeter,
}

/// Uses of patterns, and how often one was noted.
#[derive(Default)]
struct Noted {
    uses: BTreeMap<PatternKey, Uses>,
    notes: u64,
}

impl IdbPatterns {
    /// Patterns in `database`.
    pub fn new(database: Rc<Database>) -> Self {
        Self {
            inner: Rc::new(Inner {
                database,
                yielder: ChannelYield::new(),
                writes: Cell::new(0),
                noted: RefCell::default(),
                failed: RefCell::default(),
                hidden: OnceCell::new(),
                meter: StoreMeter::default(),
            }),
        }
    }
}

impl Inner {
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

    async fn keep(&self, pattern: Pattern) -> Result<Option<Pattern>, StoreError> {
        self.meter.announce();
        let kept = self.keep_with_room(pattern).await;
        match kept {
            Ok(_) => self.meter.count_batch(1, wall_clock_ms()),
            Err(_) => self.meter.count_lost(1),
        }
        kept
    }

    async fn keep_with_room(&self, pattern: Pattern) -> Result<Option<Pattern>, StoreError> {
        let bytes = record::encode(Kind::Pattern, &pattern)?;
        let mut kept = self.keep_once(&pattern, &bytes).await;
        if matches!(&kept, Err(failure) if failure.is_quota()) {
            let clear = |transaction: &IdbTransaction| Ok(idb::store(transaction, PATTERNS)?.clear()?);
            self.database.transact(&[PATTERNS], Access::WriteRelaxed, clear).await?;
            kept = self.keep_once(&pattern, &bytes).await;
        }
        let better = kept?;
        self.trim_if_due().await?;
        Ok(better)
    }

    /// Writes unless a better one is there, which is the answer: both in one transaction.
    async fn keep_once(&self, pattern: &Pattern, bytes: &[u8]) -> Result<Option<Pattern>, Failure> {
        let body = |transaction: &IdbTransaction| {
            let better = Rc::new(RefCell::new(None));
            let (id, value) = (pattern.key.to_string(), Uint8Array::from(bytes));
            let store = idb::store(transaction, PATTERNS)?;
            let stored = store.get(&id.as_str().into())?;
            let (pattern, answer) = (pattern.clone(), Rc::clone(&better));
            idb::then(&stored, move |stored| {
                match decode(&id, &stored) {
                    Ok(kept) if kept.key == pattern.key && !pattern.is_better_than(&kept) => {
                        *answer.borrow_mut() = Some(kept);
                    }
                    Err(StoreError::TooNew) => {}
                    Ok(_) | Err(_) => {
                        store.put_with_key(&value, &id.into())?;
                    }
                }
                Ok(())
            });
            Ok(better)
        };
        let better = self.database.transact(&[PATTERNS], Access::WriteRelaxed, body).boxed_local().await?;
        Ok(better.take())
    }

    fn note_use(self: &Rc<Self>, key: PatternKey, uses: &Uses) {
        let mut noted = self.noted.borrow_mut();
        self.meter.announce();
        if noted.uses.len() == NOTED_MAX && !noted.uses.contains_key(&key) {
            self.meter.count_lost(1);
            return;
        }
        let is_first = noted.uses.is_empty();
        noted.notes += 1;
        noted.uses.entry(key).or_default().add(uses);
        if !is_first {
            return;
        }
        let this = Rc::downgrade(self);
        spawn(async move {
            TimerSleep.sleep(USES_WAIT).await;
            idle().await;
            if let Some(this) = this.upgrade() {
                this.write_uses().await;
            }
        });
        self.hidden.get_or_init(|| {
            let this = Rc::downgrade(self);
            on_visibility(move |is_visible| {
                if let Some(this) = this.upgrade().filter(|_| !is_visible) {
                    spawn(async move { this.write_uses().await });
                }
            })
        });
    }

    /// Writes the uses that were collected, in one transaction.
    async fn write_uses(&self) {
        let Noted { uses: noted, notes } = self.noted.take();
        if noted.is_empty() {
            return;
        }
        let count = |transaction: &IdbTransaction| {
            let store = idb::store(transaction, PATTERNS)?;
            for (key, uses) in &noted {
                let (id, uses, store) = (key.to_string(), *uses, store.clone());
                let stored = store.get(&id.as_str().into())?;
                idb::then(&stored, move |stored| {
                    if let Ok(mut pattern) = decode(&id, &stored) {
                        pattern.count(&uses);
                        if let Ok(bytes) = record::encode(Kind::Pattern, &pattern) {
                            store.put_with_key(&Uint8Array::from(bytes.as_slice()), &id.into())?;
                        }
                    }
                    Ok(())
                });
            }
            Ok(())
        };
        let written = self.database.transact(&[PATTERNS], Access::WriteRelaxed, count).boxed_local().await;
        match written {
            Ok(()) => self.meter.count_batch(notes, wall_clock_ms()),
            Err(_) => self.meter.count_lost(notes),
        }
        let written = match written {
            Ok(()) => self.trim_if_due().await,
            // What cannot be counted is not worth the room that others need.
            Err(failure) if failure.is_quota() => Ok(()),
            Err(failure) => Err(failure.into()),
        };
        if let Err(error) = written {
            *self.failed.borrow_mut() = Some(error);
        }
    }

    async fn trim_if_due(&self) -> Result<(), StoreError> {
        if self.count_write().is_multiple_of(WRITES_PER_TRIM) {
            self.trim().boxed_local().await
        } else {
            Ok(())
        }
    }

    async fn list_after(&self, after: Option<PatternKey>, most: usize) -> Result<Vec<Pattern>, StoreError> {
        let mut after = after.map(|key| key.to_string());
        loop {
            let (patterns, last) = self.list_some(after, most.min(u32::MAX as usize) as u32).await?;
            // Where none of them reads, there may be others behind them.
            if !patterns.is_empty() || last.is_none() {
                return Ok(patterns);
            }
            after = last;
        }
    }

    /// The patterns among the next records, and the key of the last of these.
    async fn list_some(
        &self,
        after: Option<String>,
        most: u32,
    ) -> Result<(Vec<Pattern>, Option<String>), StoreError> {
        let list = |transaction: &IdbTransaction| {
            let store = idb::store(transaction, PATTERNS)?;
            let range = match &after {
                Some(key) => IdbKeyRange::lower_bound_with_open(&key.as_str().into(), true)?.into(),
                None => JsValue::UNDEFINED,
            };
            let keys = store.get_all_keys_with_key_and_limit(&range, most)?;
            Ok((keys, store.get_all_with_key_and_limit(&range, most)?))
        };
        let (keys, values) = self.database.transact(&[PATTERNS], Access::Read, list).await?;
        let keys = Array::from(&keys.result().map_err(Failure::from)?);
        let values = Array::from(&values.result().map_err(Failure::from)?);
        let read = |(key, value): (JsValue, JsValue)| decode(&key.as_string()?, &value).ok();
        let patterns = keys.iter().zip(values.iter()).filter_map(read).collect();
        let last = keys.length().checked_sub(1).and_then(|last| keys.get(last).as_string());
        Ok((patterns, last))
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
        gone.extend(
            surplus(occupants, RECORDS_MAX, RECORD_BYTES_MAX, wall_clock_ms())
                .iter()
                .map(PatternKey::to_string),
        );
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
        self.inner.read(key).boxed_local()
    }

    fn keep(&self, pattern: Pattern) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        self.inner.keep(pattern).boxed_local()
    }

    fn note_use(&self, key: PatternKey, uses: Uses) -> Result<(), StoreError> {
        self.inner.note_use(key, &uses);
        self.inner.failed.take().map_or(Ok(()), Err)
    }

    fn delete(&self, key: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        async move { self.inner.delete(&[key.to_string()]).await }.boxed_local()
    }

    fn list_after(
        &self,
        after: Option<PatternKey>,
        most: usize,
    ) -> LocalBoxFuture<'_, Result<Vec<Pattern>, StoreError>> {
        self.inner.list_after(after, most).boxed_local()
    }

    fn figures(&self) -> StoreFigures {
        self.inner.meter.figures()
    }
}

/// Resolves when the browser has nothing else to do, or after a while; at once where it does not say.
async fn idle() {
    let request = Reflect::get(&js_sys::global(), &"requestIdleCallback".into());
    let Some(request) = request.ok().and_then(|request| request.dyn_into::<Function>().ok()) else { return };
    let (sender, idle) = oneshot::channel::<()>();
    let callback = Closure::once_into_js(move || drop(sender));
    if request.call1(&JsValue::UNDEFINED, &callback).is_ok() {
        select(idle, pin!(TimerSleep.sleep(IDLE_WAIT))).await;
    }
}

fn decode(id: &str, value: &JsValue) -> Result<Pattern, StoreError> {
    match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => record::decode(Kind::Pattern, id, &bytes.to_vec()),
        None => Err(StoreError::Damaged { key: id.to_owned(), detail: "it is not a record".to_owned() }),
    }
}
