//! The JavaScript API: `solve`, `check` and `session`, as exports of the package and as `window.planscope`.
//!
//! A promise is rejected for what the caller did wrong (a `TypeError`) and for a full queue (an
//! error named `BusyError`). How a run ended is a result, a cancelled one included. What a
//! progress callback throws goes to the console once, and the run goes on without it.

use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, select};
use js_sys::{Function, Object, Promise, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use web_sys::AbortSignal;

use super::arrival;
use super::engine::Engine;
use super::options::{Call, named_error, problem_of};
use super::session::session;
use super::time::TimerSleep;
use super::yielder::pacing;
use crate::diagnostic::SourceMap;
use crate::ground::goap::Check;
use crate::lang::pddl;
use crate::runtime::{Sleep, Watch, in_slices};
use crate::search::Statistics;
use crate::service::{
    Busy, CheckReport, GroundReport, Job, Phase, Problem, ProgressReport, Request, Response, ResultReport,
};

/// Time between two calls of a progress callback.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// Plans for a problem.
///
/// # Errors
/// A `TypeError` for wrong arguments, a `BusyError` where too many runs wait, a `LoadError` where the
/// engine did not load, an `AbortError` where it was cancelled before it had.
#[wasm_bindgen(skip_typescript)]
pub async fn solve(problem: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    // What is no signal is refused once the options are read.
    let signal = Reflect::get(&options, &"signal".into()).ok().and_then(|signal| signal.dyn_into().ok());
    engine_arrived(signal).await?;
    // Behind a pointer, so that it is a function apart, of the engine's module.
    planned(problem, options).boxed_local().await
}

/// [`solve`], once the engine is there.
async fn planned(problem: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let call = Call::new(Request::new(problem_of(&problem, false)?), &options)?;
    let sources = call.request.problem.sources();
    answered(call, &sources, |request| Engine::shared().submit(request)).await
}

/// Submits a call and waits for its result.
///
/// # Errors
/// A `BusyError` where the queue is full.
pub(super) async fn answered(
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

/// Reports on a document without planning.
///
/// # Errors
/// A `TypeError` for wrong arguments, a `LoadError` where the engine did not load.
#[wasm_bindgen(skip_typescript)]
pub async fn check(problem: JsValue) -> Result<JsValue, JsValue> {
    engine_arrived(None).await?;
    checked(problem).boxed_local().await
}

/// [`check`], once the engine is there.
async fn checked(problem: JsValue) -> Result<JsValue, JsValue> {
    let problem = problem_of(&problem, true)?;
    let findings = match &problem {
        Problem::Goap { text } => in_slices(&pacing(), Check::new(Arc::clone(text))).await.diagnostics,
        Problem::Pddl { domain, problem } if problem.is_empty() => {
            in_slices(&pacing(), pddl::Parse::domain(Arc::clone(domain))).await.diagnostics
        }
        Problem::Pddl { domain, problem } => {
            in_slices(&pacing(), pddl::Parse::new(Arc::clone(domain), Arc::clone(problem))).await.diagnostics
        }
    };
    to_js(&CheckReport::new(&findings, &problem.sources()))
}

/// Waits for the engine's code, unless the signal is aborted first: without the engine there is no result
/// to resolve with.
///
/// # Errors
/// A `LoadError` where the code did not load, an `AbortError` where it was aborted before.
pub(super) async fn engine_arrived(signal: Option<AbortSignal>) -> Result<(), JsValue> {
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

/// Makes `window.planscope = { solve, check, session }`.
///
/// # Errors
/// Where the global object refuses it.
pub fn publish() -> Result<(), JsValue> {
    let solve = Closure::<dyn Fn(JsValue, JsValue) -> Promise>::new(|problem, options| {
        future_to_promise(solve(problem, options))
    });
    let check = Closure::<dyn Fn(JsValue) -> Promise>::new(|problem| future_to_promise(check(problem)));
    let session = Closure::<dyn Fn(JsValue, JsValue) -> Promise>::new(|problem, options| {
        future_to_promise(async { session(problem, options).await.map(JsValue::from) })
    });
    let planscope = Object::new();
    Reflect::set(&planscope, &"solve".into(), &solve.into_js_value())?;
    Reflect::set(&planscope, &"check".into(), &check.into_js_value())?;
    Reflect::set(&planscope, &"session".into(), &session.into_js_value())?;
    Reflect::set(&js_sys::global(), &"planscope".into(), &planscope)?;
    Ok(())
}

/// Waits for the response and calls back meanwhile.
async fn finished(job: &Job, mut on_progress: Option<Function>) -> Rc<Response> {
    let mut finished = Box::pin(job.finished());
    while let Some(callback) = &on_progress {
        match select(finished, TimerSleep.sleep(PROGRESS_INTERVAL)).await {
            Either::Left((response, _)) => return response,
            Either::Right(((), rest)) => finished = rest,
        }
        let called = to_js(&ProgressEvent::new(&job.progress()))
            .and_then(|progress| callback.call1(&JsValue::UNDEFINED, &progress));
        if let Err(error) = called {
            web_sys::console::error_2(&"planscope: on_progress threw and is not called again".into(), &error);
            on_progress = None;
        }
    }
    finished.await
}

/// What a progress callback gets.
#[derive(Serialize)]
struct ProgressEvent {
    phase: &'static str,
    elapsed_ms: f64,
    worked_ms: f64,
    timeout_ms: Option<f64>,
    statistics: Statistics,
    best_h: Option<f64>,
    open: u64,
    memory_bytes: u64,
    memory_limit_bytes: u64,
    goal: Option<String>,
    grounding: Option<GroundReport>,
}

impl ProgressEvent {
    fn new(report: &ProgressReport) -> Self {
        let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
        Self {
            phase: match report.phase {
                Phase::Queued => "queued",
                Phase::Parse => "parse",
                Phase::Ground => "ground",
                Phase::Search => "search",
                Phase::Validate => "validate",
                Phase::Finished => "finished",
            },
            elapsed_ms: ms(report.elapsed),
            worked_ms: ms(report.worked),
            timeout_ms: report.timeout.map(ms),
            statistics: report.statistics,
            best_h: report.best_h,
            open: report.open,
            memory_bytes: report.memory_bytes,
            memory_limit_bytes: report.memory_limit_bytes,
            goal: report.goal.clone(),
            grounding: report.grounding.clone(),
        }
    }
}

/// Calls back when the signal is aborted, until it is dropped.
struct Abort {
    signal: AbortSignal,
    listener: Closure<dyn FnMut()>,
}

impl Abort {
    fn new(signal: AbortSignal, on_abort: impl Fn() + 'static) -> Self {
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
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
