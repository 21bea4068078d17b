//! What happens when the planner breaks: the console gets the report, the page an event.
//!
//! A panic in wasm traps: the instance can still be called, but its state is torn. So nothing is
//! mended here; the event lets a script outside of the instance keep the document and reload.

use std::panic;
use std::sync::Once;

use wasm_bindgen::prelude::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

use super::globals::window;

/// The event that is dispatched on `window`; its `detail` is the message.
pub const FAULT_EVENT: &str = "planscope-fault";

static HOOK: Once = Once::new();

/// Reports every panic to the console and announces it. Installing it twice does nothing.
pub fn install_panic_hook() {
    HOOK.call_once(|| {
        panic::set_hook(Box::new(|info| {
            console_error_panic_hook::hook(info);
            announce(&info.to_string());
        }));
    });
}

/// Dispatches [`FAULT_EVENT`].
pub fn announce(message: &str) {
    let Some(window) = window() else { return };
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(message));
    if let Ok(event) = CustomEvent::new_with_event_init_dict(FAULT_EVENT, &init) {
        // A listener that throws has had its message.
        let _ = window.dispatch_event(&event);
    }
}
