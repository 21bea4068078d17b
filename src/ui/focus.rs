//! Where the keyboard's focus goes when the page changes under it, and the link that leads past the bar.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::workbench::Workbench;

/// What takes the arrow keys of the scope.
const TREE: &str = "#scope .outline";
/// The first example of the gallery.
const FIRST_EXAMPLE: &str = "#scope .ex button";
const SCOPE: &str = "#scope";

/// The first thing that Tab reaches: it leads to where the work is.
#[component]
pub fn SkipLink(bench: Workbench) -> impl IntoView {
    let word = move || if bench.browsing.get() { "Skip to the examples" } else { "Skip to the scope" };
    let go = move |event: ev::MouseEvent| {
        event.prevent_default();
        into_scope();
    };
    view! {
        <a class="skip" href=SCOPE on:click=go>
            {word}
        </a>
    }
}

/// Gives the focus to what the scope shows: the tree, the first example, or the pane where there is neither.
pub fn into_scope() {
    let found = [TREE, FIRST_EXAMPLE, SCOPE].into_iter().find_map(element);
    if let Some(found) = found {
        // An element that cannot have the focus leaves it where it is.
        let _ = found.focus();
    }
}

/// Hands an arrow key that the pane itself was pressed with on to the tree.
pub fn hand_on(event: &ev::KeyboardEvent) {
    let is_own = event.target() == event.current_target();
    if is_own && event.key().starts_with("Arrow") && element(TREE).is_some() {
        event.prevent_default();
        into_scope();
    }
}

/// Where a key leads from place `at` in a row of `count` tabs: arrow keys, Home and End walk it.
pub fn walked(at: usize, count: usize, key: &str) -> Option<usize> {
    match key {
        "ArrowRight" => Some((at + 1) % count),
        "ArrowLeft" => Some((at + count - 1) % count),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    }
}

fn element(selector: &str) -> Option<web_sys::HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}
