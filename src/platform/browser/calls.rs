//! What all calls from JavaScript have in common: they wait for the engine, submit a request, tell of its progress,
//! and can be aborted.

use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::future::{Either, select};
use js_sys::Function;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::AbortSignal;

use super::arrival;
use super::options::{Call, named_error};
use super::time::TimerSleep;
use crate::diagnostic::SourceMap;
use crate::runtime::{Sleep, Watch};
use crate::service::{Busy, Job, ProgressEntry, Request, Response, ResultReport};

/// Time between two calls of a progress callback.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// Submits a call and waits for its result.
///
/// # Errors
/// A `BusyError` where the queue is full.
pub async fn answered(
    call: Call,
    sources: &SourceMap,
    submit: impl FnOnce(Request) -> Result<Job, Busy>,
) -> Result<JsValue, JsValue> {
    let job = submit(call.request).map_err(|busy| named_error("BusyError", &busy.to_string()))?;
    let cancelled = job.clone();
    let abort = call.signal.map(|signal| Abort::new(signal, move || cancelled.cancel()));
    let response = finished(&job, call.on_progress).await;
    drop(abort);
    to_js(&ResultReport::from_response(&response, sources))
}

/// Waits for the engine's code, unless the signal is aborted first: without the engine there is no result
/// to resolve with.
///
/// # Errors
/// A `LoadError` where the code did not load, an `AbortError` where it was aborted before.
pub async fn engine_arrived(signal: Option<AbortSignal>) -> Result<(), JsValue> {
    let gate = arrival::gate();
    let aborted = Rc::new(Watch::new(false));
    let told = Rc::clone(&aborted);
    let _abort = signal.map(|signal| Abort::new(signal, move || told.update(|aborted| *aborted = true)));
    let gave_up = aborted.until(|aborted| aborted.then_some(()));
    match select(pin!(gate.settled()), gave_up).await {
        Either::Left((settled, _)) => {
            settled.map_err(|reason| named_error("LoadError", &format!("the engine did not load: {reason}")))
        }
        Either::Right(_) => Err(named_error("AbortError", "cancelled before the engine had loaded")),
    }
}

/// Waits for the response and calls back meanwhile.
async fn finished(job: &Job, mut on_progress: Option<Function>) -> Rc<Response> {
    let mut finished = Box::pin(job.finished());
    while let Some(callback) = &on_progress {
        match select(finished, TimerSleep.sleep(PROGRESS_INTERVAL)).await {
            Either::Left((response, _)) => return response,
            Either::Right(((), rest)) => finished = rest,
        }
        let called = to_js(&ProgressEntry::from(&job.progress()))
            .and_then(|progress| callback.call1(&JsValue::UNDEFINED, &progress));
        if let Err(error) = called {
            web_sys::console::error_2(&"planscope: on_progress threw and is not called again".into(), &error);
            on_progress = None;
        }
    }
    finished.await
}

/// Calls back when the signal is aborted, until it is dropped.
pub struct Abort {
    signal: AbortSignal,
    listener: Closure<dyn FnMut()>,
}

impl Abort {
    /// Listens; calls back at once where it is aborted already.
    pub fn new(signal: AbortSignal, on_abort: impl Fn() + 'static) -> Self {
        if signal.aborted() {
            on_abort();
        }
        let listener = Closure::<dyn FnMut()>::new(on_abort);
        let _ = signal.add_event_listener_with_callback("abort", listener.as_ref().unchecked_ref());
        Self { signal, listener }
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = self.signal.remove_event_listener_with_callback("abort", listener);
    }
}

/// A value in the shape of its JSON.
///
/// # Errors
/// Where JavaScript refuses it.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
