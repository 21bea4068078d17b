//! The browser's history: what is in view is an entry of it, so that Back leads to the document or the gallery
//! that was in view before, and does not leave the page at once.
//!
//! An entry holds the id of a document, or nothing for the gallery. The address stays as it is.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::workbench::Workbench;
use crate::store::DocumentId;

/// Keeps the history and the page together.
pub fn follow(bench: Workbench) {
    let entry = StoredValue::new(None::<Option<DocumentId>>);
    let in_view = Memo::new(move |_| {
        let open = bench.shelf.open.get();
        bench.shelf.loaded.get().then(|| open.filter(|_| !bench.browsing.get()))
    });
    Effect::new(move |_| {
        let Some(now) = in_view.get() else { return };
        let before = entry.get_value();
        if before.as_ref() != Some(&now) {
            write(before.is_none(), now.as_ref());
            entry.set_value(Some(now));
        }
    });
    let back = window_event_listener_untyped("popstate", move |event| {
        let state = js_sys::Reflect::get(&event, &"state".into()).ok();
        let wanted = state.and_then(|state| state.as_string()).filter(|id| !id.is_empty()).map(DocumentId);
        entry.set_value(Some(wanted.clone()));
        go_to(bench, wanted.as_ref());
    });
    on_cleanup(move || back.remove());
}

/// Brings the document, or the gallery, of an entry into view. A document that was deleted stays gone.
fn go_to(bench: Workbench, wanted: Option<&DocumentId>) {
    if let Some(id) = wanted {
        bench.shelf.open(id);
    }
    bench.sheet.gallery.set(wanted.is_none());
}

/// Writes what is in view into the entry that there is, or into another one.
fn write(is_first: bool, now: Option<&DocumentId>) {
    let state = JsValue::from_str(now.map_or("", |id| id.0.as_str()));
    let Ok(history) = window().history() else { return };
    // A browser that refuses goes on without: Back then leaves the page.
    let _ = if is_first {
        history.replace_state_with_url(&state, "", None)
    } else {
        history.push_state_with_url(&state, "", None)
    };
}
