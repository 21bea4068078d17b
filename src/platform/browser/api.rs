//! The JavaScript API: `solve`, `check` and `session`, as exports of the package and as `window.planscope`, which has
//! `bench` too: what it measures lies beside the page.
//!
//! A promise is rejected for what the caller did wrong (a `TypeError`) and for a full queue (an
//! error named `BusyError`). How a run ended is a result, a cancelled one included. What a
//! progress callback throws goes to the console once, and the run goes on without it.

use std::sync::Arc;

use futures::FutureExt;
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use web_sys::AbortSignal;

use super::bench::measured;
use super::calls::{answered, engine_arrived, to_js};
use super::engine::Engine;
use super::options::{Call, problem_of};
use super::session::session;
use super::yielder::pacing;
use crate::ground::goap::Check;
use crate::lang::pddl;
use crate::runtime::in_slices;
use crate::service::{CheckReport, Problem, Request};

/// Plans for a problem.
///
/// # Errors
/// A `TypeError` for wrong arguments, a `BusyError` where too many runs wait, a `LoadError` where the
/// engine did not load, an `AbortError` where it was cancelled before it had.
#[wasm_bindgen(skip_typescript)]
pub async fn solve(problem: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    engine_arrived(signal_of(&options)).await?;
    // Behind a pointer, so that it is a function apart, of the engine's module.
    planned(problem, options).boxed_local().await
}

/// [`solve`], once the engine is there.
async fn planned(problem: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let call = Call::new(Request::new(problem_of(&problem, false)?), &options)?;
    let sources = call.request.problem.sources();
    answered(call, &sources, |request| Engine::shared().submit(request)).await
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

/// Measures: `bench({ rounds, only, on_progress, signal })`. The result is what `planscope bench --json` prints; an
/// aborted one has what was measured by then.
///
/// # Errors
/// A `TypeError` for wrong options, a `LoadError` where the engine did not load, an `AbortError` where it was aborted
/// before it had.
async fn bench(options: JsValue) -> Result<JsValue, JsValue> {
    engine_arrived(signal_of(&options)).await?;
    measured(options).boxed_local().await
}

/// The signal among options. What is no signal is refused once the options are read.
fn signal_of(options: &JsValue) -> Option<AbortSignal> {
    Reflect::get(options, &"signal".into()).ok()?.dyn_into().ok()
}

/// Makes `window.planscope = { solve, check, session, bench }`.
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
    let bench = Closure::<dyn Fn(JsValue) -> Promise>::new(|options| future_to_promise(bench(options)));
    let planscope = Object::new();
    Reflect::set(&planscope, &"solve".into(), &solve.into_js_value())?;
    Reflect::set(&planscope, &"check".into(), &check.into_js_value())?;
    Reflect::set(&planscope, &"session".into(), &session.into_js_value())?;
    Reflect::set(&planscope, &"bench".into(), &bench.into_js_value())?;
    Reflect::set(&js_sys::global(), &"planscope".into(), &planscope)?;
    Ok(())
}
