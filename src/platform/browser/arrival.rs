//! The engine's code, where the page fetches it after its first paint.
//!
//! The release build of the page comes in two modules of WebAssembly; the start script's element names the
//! second. That script fetches it and says here how that went. Any other build is in one piece, and its
//! gate is open from the start.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::CustomEvent;

use super::globals::window;
use crate::service::{EngineCode, Gate};

/// The start script's element.
const SCRIPT: &str = "start";
/// Its attribute that names the second module.
const ATTRIBUTE: &str = "data-engine";
/// The event on `window` that says how fetching went; its `detail` is what went wrong, or empty.
const ARRIVAL: &str = "planscope-engine";
/// The event on `window` that asks for another try.
const WANTED: &str = "planscope-engine-wanted";

thread_local! {
    static GATE: Rc<Gate> = Rc::default();
}

/// The gate before the engine's code.
pub fn gate() -> Rc<Gate> {
    GATE.with(Rc::clone)
}

/// Closes the gate where the code comes later, and listens for it.
pub fn listen() {
    let Some(window) = window() else { return };
    let script = window.document().and_then(|document| document.get_element_by_id(SCRIPT));
    if !script.is_some_and(|script| script.has_attribute(ATTRIBUTE)) {
        return;
    }
    gate().set(EngineCode::Coming);
    let heard = Closure::<dyn FnMut(CustomEvent)>::new(|event: CustomEvent| {
        gate().set(match event.detail().as_string() {
            Some(problem) if !problem.is_empty() => EngineCode::Missing(problem),
            _ => EngineCode::Here,
        });
    });
    // A window does not refuse listeners; without this one, the page would wait for ever.
    let _ = window.add_event_listener_with_callback(ARRIVAL, heard.into_js_value().unchecked_ref());
}

/// Asks for another try, where one failed.
pub fn fetch_again() {
    let Some(window) = window() else { return };
    if !matches!(gate().code(), EngineCode::Missing(_)) {
        return;
    }
    gate().set(EngineCode::Coming);
    if let Ok(wanted) = CustomEvent::new(WANTED) {
        // Where the event cannot be sent, the page goes on waiting.
        let _ = window.dispatch_event(&wanted);
    }
}
