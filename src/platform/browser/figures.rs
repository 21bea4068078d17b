//! What the planner of this page does and keeps, for whoever shows it.

use std::rc::Rc;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbTransaction, StorageManager};

use super::database::{DOCUMENTS, PATTERNS};
use super::engine::Engine;
use super::globals::global;
use super::idb::{self, Access};
use crate::cache::CacheFigures;
use crate::cache::patterns::DEFAULT_LIMITS;
use crate::service::SystemFigures;
use crate::store::{PatternRecords, StorageRoom};

/// What goes on now, and what was counted since the page was opened.
pub fn figures(engine: &Engine) -> SystemFigures {
    SystemFigures {
        service: engine.service.figures(),
        patterns: CacheFigures { counters: engine.patterns.cache().counters(), limits: DEFAULT_LIMITS },
        documents_store: engine.documents.figures(),
        pattern_store: engine.disk.figures(),
    }
}

/// How much is kept in this browser. Asks the database and the browser, each of which may have no answer.
pub fn storage(engine: Rc<Engine>) -> LocalBoxFuture<'static, StorageRoom> {
    async move {
        let count = |transaction: &IdbTransaction| {
            let documents = idb::store(transaction, DOCUMENTS)?.count()?;
            Ok([documents, idb::store(transaction, PATTERNS)?.count()?])
        };
        let counted = engine.database.transact(&[DOCUMENTS, PATTERNS], Access::Read, count).await.ok();
        let number = |at: usize| counted.as_ref()?[at].result().ok()?.as_f64().map(|count| count as u64);
        let estimate = estimate().await;
        let bytes = |name: &str| {
            let value = Reflect::get(estimate.as_ref()?, &name.into()).ok()?;
            value.as_f64().map(|bytes| bytes as u64)
        };
        StorageRoom { documents: number(0), patterns: number(1), used: bytes("usage"), quota: bytes("quota") }
    }
    .boxed_local()
}

/// What the browser says of the storage of this origin.
async fn estimate() -> Option<JsValue> {
    let navigator: JsValue = global("navigator")?;
    let storage = Reflect::get(&navigator, &"storage".into()).ok().filter(JsValue::is_object)?;
    let promise = storage.unchecked_ref::<StorageManager>().estimate().ok()?;
    JsFuture::from(promise).await.ok()
}
