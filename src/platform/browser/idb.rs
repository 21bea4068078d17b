//! `IndexedDB` as promises, without its traps.
//!
//! A write counts when its transaction is *complete*: a request's `success` comes before the quota
//! is checked. What an abort means stands in `transaction.error`. A transaction commits by itself
//! when its task ends, so nothing here awaits inside one: requests are made in one go, later ones
//! from the `success` callback of an earlier one.

use std::cell::RefCell;

use futures::channel::oneshot;
use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbVersionChangeEvent,
};

use super::globals::{global, spawn};
use crate::store::StoreError;

#[wasm_bindgen]
extern "C" {
    /// `IDBDatabase` with the third argument of `transaction`.
    type DurableDatabase;

    #[wasm_bindgen(method, catch, js_name = transaction)]
    fn transaction(
        this: &DurableDatabase,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

/// What `IndexedDB` failed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exception's name, for instance `QuotaExceededError`.
    pub name: String,
    /// What it says.
    pub message: String,
}

/// What a transaction may do, and when it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read.
    Read,
    /// Write, complete when it is on the disk: for what a person made.
    WriteStrict,
    /// Write, complete when the system has it: for caches.
    WriteRelaxed,
}

/// An open database.
#[derive(Debug)]
pub struct Opened {
    /// The connection.
    pub database: IdbDatabase,
    /// Whether it was made just now.
    pub is_new: bool,
}

impl Failure {
    /// A failure of our own making.
    pub fn new(name: &str, message: &str) -> Self {
        Self { name: name.to_owned(), message: message.to_owned() }
    }

    /// Whether the exception is of this name.
    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// Whether there was no room.
    pub fn is_quota(&self) -> bool {
        self.is("QuotaExceededError")
    }
}

impl From<JsValue> for Failure {
    fn from(value: JsValue) -> Self {
        let text = |key: &str| Reflect::get(&value, &key.into()).ok().and_then(|text| text.as_string());
        let name = text("name").unwrap_or_else(|| "Error".to_owned());
        Self { name, message: text("message").unwrap_or_else(|| format!("{value:?}")) }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        let detail = format!("{}: {}", failure.name, failure.message);
        match failure.name.as_str() {
            "QuotaExceededError" => Self::Full { detail },
            "VersionError" => Self::TooNew,
            _ => Self::Unavailable { detail },
        }
    }
}

/// The browser's factory.
///
/// # Errors
/// Where the browser has none, or forbids it.
pub fn factory() -> Result<IdbFactory, Failure> {
    let missing = || Failure::new("NotSupportedError", "this browser has no IndexedDB here");
    global("indexedDB").ok_or_else(missing)
}

/// Opens a database; without a version, whatever version is there. `upgrade` makes the stores
/// from the old version (0: none); `blocked` hears that another tab holds an older version.
///
/// # Errors
/// Whatever opening failed with; `VersionError` where a later version is there.
pub async fn open(
    name: &str,
    version: Option<u32>,
    upgrade: impl FnOnce(&IdbDatabase, &IdbTransaction, u32) + 'static,
    blocked: impl FnOnce() + 'static,
) -> Result<Opened, Failure> {
    let factory = factory()?;
    let request = match version {
        Some(version) => factory.open_with_u32(name, version)?,
        None => factory.open(name)?,
    };
    let (sender, receiver) = oneshot::channel();
    // Runs as a task of its own, so that a caller that gives up leaves no open connection behind.
    spawn(async move {
        let opened = opened(&request, upgrade, blocked).await;
        if let Err(Ok(unwanted)) = sender.send(opened) {
            unwanted.database.close();
        }
    });
    receiver.await.unwrap_or_else(|_| Err(Failure::new("AbortError", "opening was given up")))
}

async fn opened(
    request: &IdbOpenDbRequest,
    upgrade: impl FnOnce(&IdbDatabase, &IdbTransaction, u32) + 'static,
    blocked: impl FnOnce() + 'static,
) -> Result<Opened, Failure> {
    let is_new = std::rc::Rc::new(std::cell::Cell::new(false));
    let (made, upgrading) = (is_new.clone(), request.clone());
    let upgrade = Closure::once(move |event: IdbVersionChangeEvent| {
        let database = upgrading.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok());
        if let (Some(database), Some(transaction)) = (database, upgrading.transaction()) {
            made.set(event.old_version() == 0.0);
            upgrade(&database, &transaction, event.old_version() as u32);
        }
    });
    let blocked = Closure::once(blocked);
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    request.set_onblocked(Some(blocked.as_ref().unchecked_ref()));
    let settled = settled(request).await;
    request.set_onupgradeneeded(None);
    request.set_onblocked(None);
    settled?;
    let database = request.result()?.dyn_into::<IdbDatabase>()?;
    Ok(Opened { database, is_new: is_new.get() })
}

async fn settled(request: &IdbRequest) -> Result<(), Failure> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    if JsFuture::from(promise).await.is_ok() {
        return Ok(());
    }
    Err(match request.error() {
        Ok(Some(error)) => JsValue::from(error).into(),
        Ok(None) => Failure::new("UnknownError", "the request failed without a reason"),
        Err(error) => error.into(),
    })
}

/// Begins a transaction. Its requests have to be made before the current task ends.
///
/// # Errors
/// `InvalidStateError` where the connection is closed.
pub fn begin(database: &IdbDatabase, stores: &[&str], access: Access) -> Result<IdbTransaction, Failure> {
    let (mode, durability) = match access {
        Access::Read => ("readonly", "default"),
        Access::WriteStrict => ("readwrite", "strict"),
        Access::WriteRelaxed => ("readwrite", "relaxed"),
    };
    let names: Array = stores.iter().map(|&name| JsValue::from_str(name)).collect();
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    Ok(database.unchecked_ref::<DurableDatabase>().transaction(&names, mode, &options)?)
}

/// Waits until the transaction is complete. Must be polled in the task that began it.
///
/// # Errors
/// Why it was aborted.
pub async fn completed(transaction: &IdbTransaction) -> Result<(), Failure> {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    if JsFuture::from(promise).await.is_ok() {
        return Ok(());
    }
    Err(transaction.error().map_or_else(
        || Failure::new("AbortError", "the transaction was aborted"),
        |error| JsValue::from(error).into(),
    ))
}

/// A store of the transaction.
///
/// # Errors
/// Where the transaction does not cover it.
pub fn store(transaction: &IdbTransaction, name: &str) -> Result<IdbObjectStore, Failure> {
    Ok(transaction.object_store(name)?)
}

/// Calls `next` with the request's result, inside the transaction. A failure aborts the transaction, and the
/// abort loses the error of `next`: [`completed`] does not know it, so `next` records it itself.
pub fn then(request: &IdbRequest, next: impl FnOnce(JsValue) -> Result<(), Failure> + 'static) {
    let next = RefCell::new(Some(next));
    let answered = request.clone();
    let callback = Closure::once_into_js(move || {
        let result = answered.result().map_err(Failure::from);
        let next = next.borrow_mut().take();
        if let (Ok(result), Some(next)) = (result, next)
            && next(result).is_err()
            && let Some(transaction) = answered.transaction()
        {
            // An error here means that the transaction is already over.
            let _ = transaction.abort();
        }
    });
    request.set_onsuccess(Some(callback.unchecked_ref()));
}
