//! The page's database: opened when needed, opened again when the browser closes it.
//!
//! | store | key | value |
//! |---|---|---|
//! | `documents` | id | record of kind document (`Uint8Array`) |
//! | `patterns` | the key in hexadecimal | record of kind pattern (`Uint8Array`) |
//! | `quarantine` | time and key | what could not be read, as it was |
//! | `meta` | `epoch` | which database this is, drawn when it was made |
//!
//! A later version's database is read and never written. An upgrade elsewhere closes this
//! connection at once.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::time::Duration;

use futures::FutureExt;
use futures::lock::Mutex;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{IdbDatabase, IdbTransaction, IdbVersionChangeEvent};

use super::globals::spawn;
use super::idb::{self, Access, Failure, Opened};
use super::sentinel::Sentinel;
use super::time::{TimerSleep, wall_clock_ms};
use crate::runtime::Sleep;
use crate::store::StoreEvent;

/// The store of documents.
pub const DOCUMENTS: &str = "documents";
/// The store of patterns.
pub const PATTERNS: &str = "patterns";
/// The store of what could not be read.
pub const QUARANTINE: &str = "quarantine";
const META: &str = "meta";
const EPOCH: &str = "epoch";

/// The version of the stores above.
const VERSION: u32 = 1;

/// How often an operation opens a lost connection again before it fails.
const REOPENS_MAX: u32 = 3;

/// How long an upgrade may be blocked before a person is told.
const BLOCKED_PATIENCE: Duration = Duration::from_secs(2);

/// News kept until somebody takes them; older ones are dropped.
const EVENTS_MAX: usize = 64;

/// Makes the requests of a transaction.
type Body<'a> = dyn Fn(&IdbTransaction) -> Result<(), Failure> + 'a;

/// Makes a body of what answers something, which is kept in `made`.
fn keeping<T>(
    made: &RefCell<Option<T>>,
    body: impl Fn(&IdbTransaction) -> Result<T, Failure>,
) -> impl Fn(&IdbTransaction) -> Result<(), Failure> {
    move |transaction| {
        *made.borrow_mut() = Some(body(transaction)?);
        Ok(())
    }
}

/// What a transaction made that is complete.
fn made<T>(made: RefCell<Option<T>>) -> Result<T, Failure> {
    made.into_inner().ok_or_else(|| Failure::new("UnknownError", "the transaction was not begun"))
}

/// The database. Make it with [`Database::new`].
pub struct Database {
    name: String,
    this: Weak<Self>,
    opening: Mutex<()>,
    connection: RefCell<Option<Connection>>,
    /// The epoch of this session's first connection.
    epoch: RefCell<Option<String>>,
    events: RefCell<VecDeque<StoreEvent>>,
    problems: RefCell<Vec<String>>,
    wiped: RefCell<Option<Box<dyn Fn()>>>,
}

struct Connection {
    database: IdbDatabase,
    is_read_only: bool,
    _handlers: [Closure<dyn FnMut(JsValue)>; 2],
}

impl Database {
    /// The database of this name; nothing is opened yet.
    pub fn new(name: &str) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            name: name.to_owned(),
            this: this.clone(),
            opening: Mutex::new(()),
            connection: RefCell::default(),
            epoch: RefCell::default(),
            events: RefCell::default(),
            problems: RefCell::default(),
            wiped: RefCell::default(),
        })
    }

    /// Makes `body`'s requests in one transaction, and answers what `body` did once the transaction
    /// is complete. `body` runs again where the connection was lost; it must not await.
    ///
    /// # Errors
    /// Why it could not be opened or was aborted.
    pub async fn transact<T>(
        &self,
        stores: &[&str],
        access: Access,
        body: impl Fn(&IdbTransaction) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let kept = RefCell::new(None);
        self.run(stores, access, &keeping(&kept, body)).boxed_local().await?;
        made(kept)
    }

    /// [`Self::transact`], once for all bodies.
    async fn run(&self, stores: &[&str], access: Access, body: &Body<'_>) -> Result<(), Failure> {
        let mut reopens = 0;
        loop {
            let database = self.connect(access).await?;
            let Err(failure) = attempt(&database, stores, access, body).await else { return Ok(()) };
            let is_lost = ["InvalidStateError", "AbortError", "UnknownError"];
            if reopens == REOPENS_MAX || !is_lost.contains(&failure.name.as_str()) {
                return Err(failure);
            }
            reopens += 1;
            self.disconnect(&database);
        }
    }

    /// Opens the database where it is not open.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub async fn open(&self) -> Result<(), Failure> {
        self.connect(Access::Read).await.map(|_| ())
    }

    /// Calls `callback` when the storage was wiped while it was open, after it was opened again.
    pub fn on_wiped(&self, callback: impl Fn() + 'static) {
        *self.wiped.borrow_mut() = Some(Box::new(callback));
    }

    /// What is remembered of it in `localStorage`, set to `count` documents.
    pub fn remember(&self, count: u32) {
        if let Some(epoch) = self.epoch.borrow().clone() {
            Sentinel { epoch, count }.write(&self.name);
        }
    }

    /// One document fewer, before it is deleted.
    pub fn remember_one_less(&self) {
        if let Some(sentinel) = Sentinel::read(&self.name) {
            self.remember(sentinel.count.saturating_sub(1));
        }
    }

    /// Keeps news until they are taken.
    pub fn report(&self, event: StoreEvent) {
        let mut events = self.events.borrow_mut();
        if events.len() == EVENTS_MAX {
            events.pop_front();
        }
        events.push_back(event);
    }

    /// News since the last call.
    pub fn take_events(&self) -> Vec<StoreEvent> {
        self.events.take().into()
    }

    /// What was found to be missing from the database since the last call.
    pub fn take_problems(&self) -> Vec<String> {
        self.problems.take()
    }

    async fn connect(&self, access: Access) -> Result<IdbDatabase, Failure> {
        // One caller opens at a time; the next one finds the connection that the first has opened.
        let _turn = self.opening.lock().await;
        if self.connection.borrow().is_none() {
            let (opened, is_read_only) = self.open_any().await?;
            self.watch(&opened.database, is_read_only);
            if let Err(failure) = self.compare(&opened).await {
                self.disconnect(&opened.database);
                return Err(failure);
            }
        }
        let connection = self.connection.borrow();
        match &*connection {
            Some(open) if open.is_read_only && access != Access::Read => {
                Err(Failure::new("VersionError", "the saved data is of a later version"))
            }
            Some(open) => Ok(open.database.clone()),
            None => Err(Failure::new("InvalidStateError", "the database closed while it was opened")),
        }
    }

    /// Opens this version, or a later one to read.
    async fn open_any(&self) -> Result<(Opened, bool), Failure> {
        let still_blocked = Rc::new(Cell::new(true));
        let (waiting, this) = (still_blocked.clone(), self.this.clone());
        let blocked = move || spawn(tell_if_still_blocked(waiting, this));
        let opened = idb::open(&self.name, Some(VERSION), upgrade, blocked).await;
        still_blocked.set(false);
        match opened {
            Err(failure) if failure.is("VersionError") => {
                self.report(StoreEvent::Notice(
                    "the saved work is of a newer version of this page: it can be read and not changed; \
                     reload the page to get the newer version"
                        .to_owned(),
                ));
                Ok((idb::open(&self.name, None, |_, _, _| (), || ()).await?, true))
            }
            opened => Ok((opened?, false)),
        }
    }

    fn watch(&self, database: &IdbDatabase, is_read_only: bool) {
        let handler = |when: fn(&Rc<Self>, JsValue)| {
            let (this, database) = (self.this.clone(), database.clone());
            Closure::<dyn FnMut(JsValue)>::new(move |event| {
                if let Some(this) = this.upgrade() {
                    this.disconnect(&database);
                    when(&this, event);
                }
            })
        };
        let version_change = handler(|this, event| {
            let event: IdbVersionChangeEvent = event.unchecked_into();
            if event.new_version().is_none() {
                this.open_again();
                return;
            }
            let text = "this page was updated in another tab: reload it here too";
            this.report(StoreEvent::Notice(text.to_owned()));
        });
        let close = handler(|this, _| this.open_again());
        database.set_onversionchange(Some(version_change.as_ref().unchecked_ref()));
        database.set_onclose(Some(close.as_ref().unchecked_ref()));
        let connection =
            Connection { database: database.clone(), is_read_only, _handlers: [version_change, close] };
        // The handlers of the previous connection must not be dropped while one of them runs.
        if let Some(before) = self.connection.replace(Some(connection)) {
            retire(before);
        }
    }

    /// Opens a database that the browser closed or deleted, to find out whether its contents are still there.
    fn open_again(self: &Rc<Self>) {
        let this = Rc::clone(self);
        spawn(async move {
            if let Err(failure) = this.open().await {
                let text = format!("the browser closed its storage: {}", failure.message);
                this.report(StoreEvent::Notice(text));
            }
        });
    }

    /// Forgets the connection, where it is still this one.
    fn disconnect(&self, database: &IdbDatabase) {
        let is_this = self.connection.borrow().as_ref().is_some_and(|open| open.database == *database);
        if is_this && let Some(connection) = self.connection.take() {
            retire(connection);
        }
    }

    /// Compares what is there with what was there, in this session and in those before.
    async fn compare(&self, opened: &Opened) -> Result<(), Failure> {
        let read = |transaction: &IdbTransaction| {
            let epoch = idb::store(transaction, META)?.get(&EPOCH.into())?;
            Ok((epoch, idb::store(transaction, DOCUMENTS)?.count()?))
        };
        let kept = RefCell::new(None);
        attempt(&opened.database, &[META, DOCUMENTS], Access::Read, &keeping(&kept, read)).await?;
        let (epoch, count) = made(kept)?;
        let epoch = epoch.result()?.as_string().unwrap_or_default();
        let count = count.result()?.as_f64().unwrap_or_default() as u32;
        let session = self.epoch.replace(Some(epoch.clone()));
        let is_first = session.is_none();
        let remembered = Sentinel::read(&self.name);
        self.remember(count);
        if session.is_some_and(|session| session != epoch) {
            self.report(StoreEvent::Notice(
                "the browser wiped this page's storage while it was open; what is open here is saved \
                 again, everything else is lost"
                    .to_owned(),
            ));
            if let Some(callback) = &*self.wiped.borrow() {
                callback();
            }
        } else if is_first && let Some(loss) = remembered.and_then(|before| before.loss(&epoch, count)) {
            self.problems.borrow_mut().push(loss);
        }
        Ok(())
    }
}

impl Sentinel {
    /// What is missing from a database of this epoch with this many documents.
    fn loss(&self, epoch: &str, count: u32) -> Option<String> {
        let missing = if self.epoch == epoch { self.count.saturating_sub(count) } else { self.count };
        let documents = match missing {
            0 => return None,
            1 => "1 document kept here is gone".to_owned(),
            _ => format!("{missing} documents kept here are gone"),
        };
        Some(format!("the browser lost saved work: {documents}; import what you exported"))
    }
}

async fn attempt(
    database: &IdbDatabase,
    stores: &[&str],
    access: Access,
    body: &Body<'_>,
) -> Result<(), Failure> {
    let transaction = idb::begin(database, stores, access)?;
    match body(&transaction) {
        Ok(()) => idb::completed(&transaction).await,
        Err(failure) => {
            // An error here means that the transaction is already over.
            let _ = transaction.abort();
            Err(failure)
        }
    }
}

/// Makes the stores. A failure aborts the upgrade, and opening fails with it.
fn upgrade(database: &IdbDatabase, transaction: &IdbTransaction, _from: u32) {
    let make = || -> Result<(), JsValue> {
        for name in [DOCUMENTS, PATTERNS, QUARANTINE] {
            database.create_object_store(name)?;
        }
        let epoch = format!("{:x}-{:x}", wall_clock_ms() as u64, (js_sys::Math::random() * 1e15) as u64);
        database.create_object_store(META)?.put_with_key(&epoch.into(), &EPOCH.into())?;
        Ok(())
    };
    if make().is_err() {
        let _ = transaction.abort();
    }
}

async fn tell_if_still_blocked(waiting: Rc<Cell<bool>>, this: Weak<Database>) {
    TimerSleep.sleep(BLOCKED_PATIENCE).await;
    if let (true, Some(this)) = (waiting.get(), this.upgrade()) {
        let text = "another tab of this page holds the saved work: close the other tab";
        this.report(StoreEvent::Notice(text.to_owned()));
    }
}

/// Drops a connection in a task of its own: one of its handlers may be running now.
fn retire(connection: Connection) {
    connection.close();
    spawn(async move { drop(connection) });
}

impl Connection {
    fn close(&self) {
        self.database.set_onversionchange(None);
        self.database.set_onclose(None);
        self.database.close();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}
