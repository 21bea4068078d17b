//! The row of tabs above the middle column.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::super::workbench::Workbench;
use super::Mode;

/// The row.
#[component]
pub fn ModeTabs(bench: Workbench) -> impl IntoView {
    view! {
        <div class="tabs modes stay" role="tablist" aria-label="Views" on:keydown=move |event| walk(bench, &event)>
            {Mode::ALL
                .into_iter()
                .map(|own| {
                    let is_own = move || bench.sheet.mode.get() == own;
                    view! {
                        <button
                            role="tab"
                            type="button"
                            id=format!("v-{}", own.key())
                            class:apart=own.is_apart()
                            aria-selected=move || is_own().to_string()
                            tabindex=move || if is_own() { "0" } else { "-1" }
                            on:click=move |_| bench.sheet.mode.set(own)
                        >
                            {own.word()}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// Arrow keys, Home and End walk the tabs.
fn walk(bench: Workbench, event: &ev::KeyboardEvent) {
    let at = Mode::ALL.iter().position(|mode| *mode == bench.sheet.mode.get_untracked()).unwrap_or(0);
    let Some(to) = super::super::focus::walked(at, Mode::ALL.len(), &event.key()) else { return };
    event.prevent_default();
    bench.sheet.mode.set(Mode::ALL[to]);
    let key = document().get_element_by_id(&format!("v-{}", Mode::ALL[to].key()));
    if let Some(key) = key.and_then(|key| key.dyn_into::<web_sys::HtmlElement>().ok()) {
        // The tab is on the page: it has just been walked from.
        let _ = key.focus();
    }
}
