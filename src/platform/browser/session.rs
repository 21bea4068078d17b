//! Sessions in JavaScript: one compiled problem, planned for from states that change.

use std::cell::RefCell;

use futures::FutureExt;
use js_sys::Reflect;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::calls::{answered, engine_arrived, to_js};
use super::engine::Engine;
use super::options::{Call, named_error, problem_of, type_error};
use crate::diagnostic::SourceMap;
use crate::lang::goap::model::Value as Argument;
use crate::lang::plan::Step;
use crate::service::{self, Request, ResultReport};

/// A problem with a present state, as JavaScript holds it.
#[wasm_bindgen(skip_typescript)]
pub struct Session {
    opened: RefCell<service::Session>,
    sources: SourceMap,
}

/// Reads and compiles a problem once, to plan for it many times. The options are those of `solve`.
///
/// # Errors
/// As [`solve`](super::api::solve), and an `InputError` with the result as `result` where the problem has errors or a
/// limit was reached.
#[wasm_bindgen(skip_typescript)]
pub async fn session(problem: JsValue, options: JsValue) -> Result<Session, JsValue> {
    engine_arrived(None).await?;
    // Behind a pointer, so that it is a function apart, of the engine's module.
    opened(problem, options).boxed_local().await
}

async fn opened(problem: JsValue, options: JsValue) -> Result<Session, JsValue> {
    let call = Call::new(Request::new(problem_of(&problem, false)?), &options)?;
    let sources = call.request.problem.sources();
    match Engine::shared().open(call.request).await {
        Ok(opened) => Ok(Session { opened: RefCell::new(opened), sources }),
        Err(response) => {
            let error = named_error("InputError", &response.message);
            let result = to_js(&ResultReport::from_response(&response, &sources))?;
            Reflect::set(&error, &"result".into(), &result)?;
            Err(error)
        }
    }
}

/// A step as JavaScript gives it: as it stands in a result.
#[derive(Deserialize)]
struct GivenStep {
    action: String,
    #[serde(default)]
    args: Vec<Argument>,
}

/// The answer of `check`.
#[derive(Serialize)]
struct Checked {
    valid: bool,
    cost: Option<f64>,
    /// Index of the step that does not hold; the number of steps where the goal does not hold in the end.
    step: Option<usize>,
    reason: Option<String>,
}

#[wasm_bindgen]
impl Session {
    /// The present state: an object of facts.
    ///
    /// # Errors
    /// None that a caller can cause.
    #[wasm_bindgen(skip_typescript)]
    pub fn state(&self) -> Result<JsValue, JsValue> {
        stated(&self.opened.borrow())
    }

    /// Writes what was seen into the present state, all of it or nothing.
    ///
    /// # Errors
    /// A `TypeError` that names the first fact that the problem cannot have.
    #[wasm_bindgen(skip_typescript)]
    pub fn observe(&self, facts: JsValue) -> Result<(), JsValue> {
        observed(&mut self.opened.borrow_mut(), facts)
    }

    /// A session of the same problem with a state of its own.
    #[wasm_bindgen(skip_typescript)]
    pub fn fork(&self) -> Self {
        Self { opened: self.opened.clone(), sources: self.sources.clone() }
    }

    /// Plans from the present state. With options, those count in place of the session's.
    ///
    /// # Errors
    /// As [`solve`](super::api::solve).
    #[wasm_bindgen(skip_typescript)]
    pub async fn plan(&self, options: JsValue) -> Result<JsValue, JsValue> {
        let opened = self.opened.borrow().clone();
        planned(opened, self.sources.clone(), options).boxed_local().await
    }

    /// Whether a plan holds from the present state, without a search.
    ///
    /// # Errors
    /// A `TypeError` where the plan is no list of steps or the goal is not known.
    #[wasm_bindgen(skip_typescript)]
    pub async fn check(&self, plan: JsValue, goal: Option<String>) -> Result<JsValue, JsValue> {
        let opened = self.opened.borrow().clone();
        checked(opened, plan, goal).boxed_local().await
    }
}

/// [`Session::state`], as a function apart, of the engine's module.
#[inline(never)]
fn stated(opened: &service::Session) -> Result<JsValue, JsValue> {
    to_js(&opened.state())
}

/// [`Session::observe`], as a function apart, of the engine's module.
#[inline(never)]
fn observed(opened: &mut service::Session, facts: JsValue) -> Result<(), JsValue> {
    let expected = "facts must be an object, for instance { wood: 3 }";
    let facts: Map<String, Value> =
        serde_wasm_bindgen::from_value(facts).map_err(|_| type_error(expected))?;
    opened.observe(&facts).map_err(|error| type_error(&error.to_string()))
}

/// [`Session::plan`], as a function apart, of the engine's module.
async fn planned(opened: service::Session, sources: SourceMap, options: JsValue) -> Result<JsValue, JsValue> {
    let request = opened.request().clone();
    let call = if options.is_undefined() || options.is_null() {
        Call { request, signal: None, on_progress: None }
    } else {
        Call::new(Request::new(request.problem), &options)?
    };
    answered(call, &sources, |request| opened.plan_as(request)).await
}

/// [`Session::check`], as a function apart, of the engine's module.
async fn checked(opened: service::Session, plan: JsValue, goal: Option<String>) -> Result<JsValue, JsValue> {
    let expected = "the plan must be a list of steps { action, args }";
    let steps: Vec<GivenStep> = serde_wasm_bindgen::from_value(plan).map_err(|_| type_error(expected))?;
    let steps = steps.into_iter().map(|GivenStep { action, args }| Step { action, arguments: args });
    match opened.check(steps.collect(), goal.as_deref()).await {
        Ok(plan) => to_js(&Checked { valid: true, cost: Some(plan.cost), step: None, reason: None }),
        Err(Some(violation)) => {
            let reason = Some(violation.reason.to_string());
            to_js(&Checked { valid: false, cost: None, step: Some(violation.step), reason })
        }
        Err(None) => Err(type_error(&format!("there is no goal called {:?}", goal.unwrap_or_default()))),
    }
}
