//! What JavaScript hands in, read with care: it may be anything.

use js_sys::{Error, Function, Reflect, TypeError};
use serde_json::{Map, Value};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use web_sys::AbortSignal;

use crate::service::{Options, Problem, Request};

/// Options that are read here because they are objects of the browser and not data.
const OBJECTS: [&str; 2] = ["signal", "on_progress"];

/// A call for a plan, read.
pub struct Call {
    /// The request.
    pub request: Request,
    /// Cancels it.
    pub signal: Option<AbortSignal>,
    /// Hears of its progress.
    pub on_progress: Option<Function>,
}

impl Call {
    /// Reads the options of a call for the problem of `request`.
    ///
    /// # Errors
    /// A `TypeError` that names what is wrong.
    pub fn new(request: Request, options: &JsValue) -> Result<Self, JsValue> {
        let given = entries(options)?;
        let mut data = Map::new();
        for (name, value) in given {
            let value = if OBJECTS.contains(&name.as_str()) { Value::Null } else { json(&name, value)? };
            data.insert(name, value);
        }
        let read = Options::from_json(&data, &OBJECTS).map_err(|error| type_error(&error.to_string()))?;
        Ok(Self {
            request: read.apply(request),
            signal: object(options, "signal", "an AbortSignal")?,
            on_progress: object(options, "on_progress", "a function")?,
        })
    }
}

/// The problem of `{ goap: text }` or `{ domain: text, problem: text }`; where `allows_domain`, the problem
/// may be left out.
///
/// # Errors
/// A `TypeError` for anything else.
pub fn problem_of(problem: &JsValue, allows_domain: bool) -> Result<Problem, JsValue> {
    let expected = "the problem must be an object { goap: text } or { domain: text, problem: text }";
    if !problem.is_object() {
        return Err(type_error(expected));
    }
    let (mut goap, mut domain, mut task) = (None, None, None);
    for (name, value) in entries(problem)? {
        let place = match name.as_str() {
            "goap" => &mut goap,
            "domain" => &mut domain,
            "problem" => &mut task,
            _ => return Err(type_error(&format!("unknown kind of problem {name:?}: {expected}"))),
        };
        *place = Some(value.as_string().ok_or_else(|| type_error(expected))?);
    }
    match (goap, domain, task) {
        (Some(text), None, None) => Ok(Problem::Goap { text: text.into() }),
        (None, Some(domain), Some(problem)) => {
            Ok(Problem::Pddl { domain: domain.into(), problem: problem.into() })
        }
        (None, Some(domain), None) if allows_domain => {
            Ok(Problem::Pddl { domain: domain.into(), problem: "".into() })
        }
        _ => Err(type_error(expected)),
    }
}

/// An error of the planner's own, with a name.
pub fn named_error(name: &str, message: &str) -> JsValue {
    let error = Error::new(message);
    error.set_name(name);
    error.into()
}

/// The object's own properties whose values are not undefined, in order.
///
/// # Errors
/// A `TypeError` for what is no object.
pub fn entries(options: &JsValue) -> Result<Vec<(String, JsValue)>, JsValue> {
    if options.is_undefined() || options.is_null() {
        return Ok(Vec::new());
    }
    if !options.is_object() {
        return Err(type_error("options must be an object"));
    }
    // Any object may be handed in, a proxy among them: what its traps throw is the caller's answer.
    let names = Reflect::own_keys(options)?;
    let mut entries = Vec::new();
    for name in names.iter().filter_map(|name| name.as_string()) {
        let value = Reflect::get(options, &name.as_str().into())?;
        if !value.is_undefined() {
            entries.push((name, value));
        }
    }
    Ok(entries)
}

/// A value as data. Infinity becomes null, which is how JSON has it.
fn json(name: &str, value: JsValue) -> Result<Value, JsValue> {
    let refuse = || type_error(&format!("option {name:?} must be a number, a text, a truth value or null"));
    if value.as_f64().is_some_and(f64::is_nan) || value.is_object() || value.is_function() {
        return Err(refuse());
    }
    serde_wasm_bindgen::from_value(value).map_err(|_| refuse())
}

/// An option that is an object of the browser; `None` where it is not given.
///
/// # Errors
/// A `TypeError` where it is something else.
pub fn object<T: JsCast>(options: &JsValue, name: &str, expected: &str) -> Result<Option<T>, JsValue> {
    if !options.is_object() {
        return Ok(None);
    }
    let value = Reflect::get(options, &name.into())?;
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let found = value.dyn_into().map(Some);
    found.map_err(|_| type_error(&format!("option {name:?} must be {expected}")))
}

/// A `TypeError`.
pub fn type_error(message: &str) -> JsValue {
    TypeError::new(message).into()
}
