//! Documents in `IndexedDB`: acknowledged when they are on the disk.
//!
//! The revision is checked inside the transaction that writes, so two tabs cannot overwrite each
//! other unseen. A record that does not read is set aside and reported, and the others load. Where
//! the browser has no storage, documents live in memory and the listing says so.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, select};
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbRequest, IdbTransaction, StorageManager};

use super::database::{DOCUMENTS, Database, PATTERNS, QUARANTINE};
use super::globals::{global, spawn};
use super::idb::{self, Access, Failure};
use super::news::{Item, News};
use super::time::{TimerSleep, wall_clock_ms};
use crate::runtime::Sleep;
use crate::store::memory::{MemoryDocuments, newest_first, next_revision};
use crate::store::{
    Document, DocumentId, Documents, Listing, StoreError, StoreEvent, StoreFigures, StoreMeter,
};

/// How long the page waits for the browser's storage before it works in memory.
const PATIENCE: Duration = Duration::from_secs(3);

/// Records set aside that are kept; older ones go.
const QUARANTINE_MAX: u32 = 64;

/// Documents of this browser.
pub struct IdbDocuments {
    inner: Rc<Inner>,
}

struct Inner {
    database: Rc<Database>,
    memory: MemoryDocuments,
    /// Whether there is a database; `None` before it is known.
    is_persistent: Cell<Option<bool>>,
    news: Option<News>,
    /// What this tab saved last, to be saved again when the storage is wiped.
    last: RefCell<Option<Document>>,
    asked_to_persist: Cell<bool>,
    meter: StoreMeter,
}

/// What became of a save inside its transaction.
#[derive(Default)]
struct Written {
    refused: Option<StoreError>,
    count: u32,
}

impl IdbDocuments {
    /// Documents in `database`, with news to and from other tabs over the channel `name`.
    pub fn new(database: Rc<Database>, name: &str) -> Self {
        let heard = Rc::clone(&database);
        let news = News::open(name, move |item| {
            heard.report(match item {
                Item::Saved(id) => StoreEvent::ChangedElsewhere(id),
                Item::Deleted(id) => StoreEvent::DeletedElsewhere(id),
            });
        });
        let inner = Rc::new(Inner {
            database,
            memory: MemoryDocuments::default(),
            is_persistent: Cell::new(None),
            news,
            last: RefCell::default(),
            asked_to_persist: Cell::new(false),
            meter: StoreMeter::default(),
        });
        let again = Rc::downgrade(&inner);
        inner.database.on_wiped(move || {
            if let Some(inner) = again.upgrade() {
                spawn(async move { inner.rewrite().await });
            }
        });
        Self { inner }
    }

    /// What was written since the page was opened.
    pub fn figures(&self) -> StoreFigures {
        self.inner.meter.figures()
    }
}

impl Documents for IdbDocuments {
    fn list(&self) -> LocalBoxFuture<'_, Result<Listing, StoreError>> {
        self.inner.list().boxed_local()
    }

    fn save(&self, document: Document) -> LocalBoxFuture<'_, Result<u64, StoreError>> {
        self.inner.save(document).boxed_local()
    }

    fn delete(&self, id: DocumentId) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.inner.delete(id).boxed_local()
    }

    fn take_events(&self) -> Vec<StoreEvent> {
        self.inner.database.take_events()
    }
}

impl Inner {
    /// Whether documents go into the database. Decided once: a session that began in memory stays
    /// there, so that nothing is half here and half there.
    async fn is_persistent(&self) -> bool {
        match self.is_persistent.get() {
            Some(known) => known,
            // Behind a pointer, so that whoever asks does not have the code for opening once more.
            None => self.open().boxed_local().await,
        }
    }

    async fn open(&self) -> bool {
        let opened = match select(pin!(self.database.open()), TimerSleep.sleep(PATIENCE)).await {
            Either::Left((opened, _)) => opened,
            Either::Right(_) => {
                spawn(tell_when_it_answers(Rc::clone(&self.database)));
                Err(Failure::new("TimeoutError", "the browser's storage does not answer"))
            }
        };
        if let (Err(failure), None) = (&opened, self.is_persistent.get()) {
            let text = format!("documents are kept only until this page closes: {}", failure.message);
            self.database.report(StoreEvent::Notice(text));
        }
        let known = self.is_persistent.get().unwrap_or(opened.is_ok());
        self.is_persistent.set(Some(known));
        known
    }

    async fn list(&self) -> Result<Listing, StoreError> {
        if !self.is_persistent().await {
            return self.memory.list().await;
        }
        let read = |transaction: &IdbTransaction| {
            let store = idb::store(transaction, DOCUMENTS)?;
            Ok((store.get_all_keys()?, store.get_all()?))
        };
        let (keys, values) = self.database.transact(&[DOCUMENTS], Access::Read, read).await?;
        let (keys, values) = (array(&keys)?, array(&values)?);
        let mut listing = Listing { is_persistent: true, ..Listing::default() };
        for (key, value) in keys.iter().zip(values.iter()) {
            let id = key.as_string().unwrap_or_default();
            match decode(&id, &value) {
                Ok(document) => listing.documents.push(document),
                Err(error) => {
                    listing.problems.push(format!("a document could not be read: {error}"));
                    if error != StoreError::TooNew {
                        self.quarantine(id).boxed_local().await?;
                    }
                }
            }
        }
        listing.problems.extend(self.database.take_problems());
        newest_first(&mut listing.documents);
        Ok(listing)
    }

    async fn save(&self, document: Document) -> Result<u64, StoreError> {
        if !self.is_persistent().await {
            return self.memory.save(document).await;
        }
        let revision = next_revision(None, document.revision)?;
        let document = Document { revision, ..document };
        let bytes = document.to_record()?;
        self.meter.announce();
        let mut written = self.write(&document, &bytes).await;
        if matches!(&written, Err(failure) if failure.is_quota()) {
            self.forget_patterns().await;
            written = self.write(&document, &bytes).await;
        }
        match &written {
            Ok(Written { refused: None, .. }) => self.meter.count_batch(1, wall_clock_ms()),
            _ => self.meter.count_lost(1),
        }
        let written = written?;
        if let Some(error) = written.refused {
            return Err(error);
        }
        self.database.remember(written.count);
        if let Some(news) = &self.news {
            news.tell(&Item::Saved(document.id.clone()));
        }
        *self.last.borrow_mut() = Some(document);
        if !self.asked_to_persist.replace(true) {
            ask_to_persist();
        }
        Ok(revision)
    }

    /// Writes unless a newer revision is there: both in one transaction. Boxed, since it is called in three places.
    fn write<'a>(
        &'a self,
        document: &'a Document,
        bytes: &'a [u8],
    ) -> LocalBoxFuture<'a, Result<Written, Failure>> {
        self.write_once(document, bytes).boxed_local()
    }

    async fn write_once(&self, document: &Document, bytes: &[u8]) -> Result<Written, Failure> {
        let both = [DOCUMENTS, QUARANTINE];
        let body = |transaction: &IdbTransaction| {
            let written = Rc::new(RefCell::new(Written::default()));
            let value: JsValue = Uint8Array::from(bytes).into();
            let (id, read_at) = (document.id.0.clone(), document.revision - 1);
            let (answer, transaction) = (Rc::clone(&written), transaction.clone());
            let stored = idb::store(&transaction, DOCUMENTS)?.get(&id.as_str().into())?;
            idb::then(&stored, move |stored| match admit(&transaction, &id, &stored, read_at) {
                Ok(()) => put(&transaction, &id, &value, answer),
                Err(error) => {
                    answer.borrow_mut().refused = Some(error);
                    Ok(())
                }
            });
            Ok(written)
        };
        let written = self.database.transact(&both, Access::WriteStrict, body).await?;
        Ok(written.take())
    }

    async fn delete(&self, id: DocumentId) -> Result<(), StoreError> {
        if !self.is_persistent().await {
            return self.memory.delete(id).await;
        }
        self.database.remember_one_less();
        let delete = |transaction: &IdbTransaction| {
            let store = idb::store(transaction, DOCUMENTS)?;
            store.delete(&id.0.as_str().into())?;
            Ok(store.count()?)
        };
        let count = self.database.transact(&[DOCUMENTS], Access::WriteStrict, delete).await?;
        self.database.remember(number(&count));
        let is_last = self.last.borrow().as_ref().is_some_and(|last| last.id == id);
        if is_last {
            *self.last.borrow_mut() = None;
        }
        if let Some(news) = &self.news {
            news.tell(&Item::Deleted(id));
        }
        Ok(())
    }

    /// Sets a record aside, where it is still unreadable.
    async fn quarantine(&self, id: String) -> Result<(), StoreError> {
        let both = [DOCUMENTS, QUARANTINE];
        let body = |transaction: &IdbTransaction| {
            let stored = idb::store(transaction, DOCUMENTS)?.get(&id.as_str().into())?;
            let (id, transaction) = (id.clone(), transaction.clone());
            idb::then(&stored, move |value| {
                if value.is_undefined() || decode(&id, &value).is_ok() {
                    return Ok(());
                }
                set_aside(&transaction, &id, &value)?;
                idb::store(&transaction, DOCUMENTS)?.delete(&id.as_str().into())?;
                Ok(())
            });
            Ok(())
        };
        // The record is in quarantine and not lost, so the sentinel must not expect it any more.
        self.database.remember_one_less();
        self.database.transact(&both, Access::WriteStrict, body).await?;
        let count = |transaction: &IdbTransaction| Ok(idb::store(transaction, DOCUMENTS)?.count()?);
        let count = self.database.transact(&[DOCUMENTS], Access::Read, count).await?;
        self.database.remember(number(&count));
        self.trim_quarantine().await;
        Ok(())
    }

    /// Drops the oldest of too many. Keys begin with the time, so the first are the oldest.
    async fn trim_quarantine(&self) {
        let body = |transaction: &IdbTransaction| {
            let store = idb::store(transaction, QUARANTINE)?;
            let keys = store.get_all_keys()?;
            idb::then(&keys, move |keys| {
                let keys = Array::from(&keys);
                for key in keys.iter().take(keys.length().saturating_sub(QUARANTINE_MAX) as usize) {
                    store.delete(&key)?;
                }
                Ok(())
            });
            Ok(())
        };
        // Records that could not be dropped take room and do no other harm.
        let _ = self.database.transact(&[QUARANTINE], Access::WriteRelaxed, body).await;
    }

    async fn forget_patterns(&self) {
        let clear = |transaction: &IdbTransaction| Ok(idb::store(transaction, PATTERNS)?.clear()?);
        // The second attempt to save shows whether this made room.
        let _ = self.database.transact(&[PATTERNS], Access::WriteRelaxed, clear).await;
    }

    /// Saves again what this tab saved last, into a storage that was wiped.
    async fn rewrite(&self) {
        let Some(document) = self.last.borrow().clone() else { return };
        if let Ok(bytes) = document.to_record()
            && let Ok(Written { refused: None, count }) = self.write(&document, &bytes).await
        {
            self.database.remember(count);
        }
    }
}

/// Says so where a storage that was given up answers after all.
async fn tell_when_it_answers(database: Rc<Database>) {
    if database.open().await.is_ok() {
        let text = "the browser's storage answers now: export what you wrote here, then reload the page to get \
                    the saved documents";
        database.report(StoreEvent::Notice(text.to_owned()));
    }
}

/// Whether a document that was read at `read_at` may take the place of what is stored.
fn admit(transaction: &IdbTransaction, id: &str, stored: &JsValue, read_at: u64) -> Result<(), StoreError> {
    if stored.is_undefined() {
        return Ok(());
    }
    match decode(id, stored) {
        Ok(stored) => next_revision(Some(stored.revision), read_at).map(|_| ()),
        Err(StoreError::TooNew) => Err(StoreError::TooNew),
        Err(_) => Ok(set_aside(transaction, id, stored)?),
    }
}

fn put(
    transaction: &IdbTransaction,
    id: &str,
    value: &JsValue,
    answer: Rc<RefCell<Written>>,
) -> Result<(), Failure> {
    let store = idb::store(transaction, DOCUMENTS)?;
    store.put_with_key(value, &id.into())?;
    idb::then(&store.count()?, move |count| {
        answer.borrow_mut().count = count.as_f64().unwrap_or_default() as u32;
        Ok(())
    });
    Ok(())
}

fn set_aside(transaction: &IdbTransaction, id: &str, value: &JsValue) -> Result<(), Failure> {
    let key = format!("{:015.0} {id}", wall_clock_ms());
    idb::store(transaction, QUARANTINE)?.put_with_key(value, &key.into())?;
    Ok(())
}

fn decode(id: &str, value: &JsValue) -> Result<Document, StoreError> {
    match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => Document::from_record(id, &bytes.to_vec()),
        None => Err(StoreError::Damaged { key: id.to_owned(), detail: "it is not a record".to_owned() }),
    }
}

fn array(request: &IdbRequest) -> Result<Array, Failure> {
    Ok(Array::from(&request.result()?))
}

fn number(request: &IdbRequest) -> u32 {
    request.result().ok().and_then(|value| value.as_f64()).unwrap_or_default() as u32
}

/// Asks the browser not to evict this page's storage. It may refuse, and need not say so.
fn ask_to_persist() {
    let storage =
        global("navigator").and_then(|navigator: JsValue| Reflect::get(&navigator, &"storage".into()).ok());
    if let Some(storage) = storage.filter(JsValue::is_object)
        && let Ok(promise) = storage.unchecked_ref::<StorageManager>().persist()
    {
        spawn(async move {
            let _ = JsFuture::from(promise).await;
        });
    }
}
