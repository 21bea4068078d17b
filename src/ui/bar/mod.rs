//! The bar: document, engine, run, application; each segment over its own column.

pub mod app_keys;
pub mod document_cell;
pub mod document_panel;
pub mod engine_cells;
pub mod limit_field;
pub mod number_cell;
pub mod run_keys;

use leptos::prelude::*;

use self::app_keys::AppKeys;
use self::document_cell::DocumentCell;
use self::engine_cells::EngineCells;
use self::run_keys::RunKeys;
use super::icon::Icon;
use super::modes::Cells;
use super::workbench::Workbench;

/// The bar.
#[component]
pub fn Bar(bench: Workbench) -> impl IntoView {
    let is_search = Memo::new(move |_| bench.sheet.mode.get().sides().is_none());
    view! {
        <header class="bar">
            <div class="bar-doc">
                <span class="brand">
                    <Icon name="mark" class="mark" />
                    <span class="word">"Planscope"</span>
                </span>
                <DocumentCell bench />
                <button
                    class="btn quiet gallery"
                    type="button"
                    aria-pressed=move || bench.browsing.get().to_string()
                    disabled=move || bench.shelf.open.with(Option::is_none)
                    on:click=move |_| bench.sheet.gallery.update(|gallery| *gallery = !*gallery)
                >
                    "Gallery"
                </button>
            </div>
            <form class="bar-engine" aria-label=move || if is_search.get() { "Engine" } else { "Settings" } on:submit=move |event| event.prevent_default()>
                <Cells bench />
                <Show when=move || is_search.get()>
                    <EngineCells bench />
                </Show>
            </form>
            <RunKeys bench />
            <AppKeys bench />
        </header>
    }
}
