//! The keys of the page; [`super::help`] lists them.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::modes::Press;
use super::workbench::Workbench;

/// Listens to the keys of the page for as long as it is there.
pub fn listen(bench: Workbench) {
    let listener = window_event_listener(ev::keydown, move |event| {
        if !event.default_prevented() && heed(bench, &event) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn heed(bench: Workbench, event: &ev::KeyboardEvent) -> bool {
    if bench.sheet.help.get_untracked() || bench.sheet.engine.get_untracked() {
        return false;
    }
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_in = |selector: &str| {
        target.as_ref().is_some_and(|target| matches!(target.closest(selector), Ok(Some(_))))
    };
    let types =
        is_in("input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable=true]");
    let is_running = || untrack(move || bench.drive().running);
    let command = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        "Enter" if command => bench.press(Press::Run),
        "F8" => super::problem::next_diagnostic(bench),
        // Where one types, Escape closes what stands over the text, and leads out of the editor.
        "Escape" if is_running() && !types => bench.press(Press::Cancel),
        _ if types || command || event.alt_key() => return false,
        " " if is_running() && !is_in("button, a, summary, [role=tab]") => {
            bench.press(Press::Pause);
        }
        "." if untrack(move || bench.drive().steps) => bench.press(Press::Step),
        "?" => {
            bench.sheet.help_keys.set(true);
            bench.sheet.help.set(true);
        }
        _ => return false,
    }
    true
}
