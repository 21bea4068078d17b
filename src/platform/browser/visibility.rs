//! Whether the page can be seen. Timers of a hidden page are aligned to a second and later to a
//! minute, so whoever waits for one has to know.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Document, VisibilityState};

use super::globals::window;

const EVENT: &str = "visibilitychange";

/// Calls its callback with whether the page is visible, at every change, until it is dropped.
pub struct Visibility {
    document: Document,
    listener: Closure<dyn FnMut()>,
}

/// Listens; `None` where there is no document, as in a worker.
pub fn on_visibility(mut callback: impl FnMut(bool) + 'static) -> Option<Visibility> {
    let document = window()?.document()?;
    let seen = document.clone();
    let listener =
        Closure::<dyn FnMut()>::new(move || callback(seen.visibility_state() == VisibilityState::Visible));
    document.add_event_listener_with_callback(EVENT, listener.as_ref().unchecked_ref()).ok()?;
    Some(Visibility { document, listener })
}

impl Drop for Visibility {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = self.document.remove_event_listener_with_callback(EVENT, listener);
    }
}
