//! The centre: the open view; of the search, figures of the run above its scope, or what to do where there is no run.

use leptos::prelude::*;

use super::focus;
use super::icon::Icon;
use super::modes::{self, Mode, ModeTabs};
use super::outcome;
use super::readout::Readout;
use super::run_scope::run_scope;
use super::workbench::Workbench;

/// The centre pane.
#[component]
pub fn ScopePane(bench: Workbench) -> impl IntoView {
    let label = move || match bench.sheet.mode.get() {
        Mode::Search => "Scope",
        mode => mode.word(),
    };
    view! {
        <section class="pane scope" id="scope" aria-label=label tabindex="-1" on:keydown=move |event| focus::hand_on(&event)>
            <Show
                when=move || !bench.browsing.get()
                fallback=move || view! { <super::gallery_view::GalleryView bench /> }
            >
                <ModeTabs bench />
                <modes::Middle bench />
                <div class="own" hidden=move || bench.sheet.mode.get() != Mode::Search>
                <Readout bench />
                {move || bench.number.get().filter(|_| bench.has_engine.get()).map(|number| run_scope(bench, number))}
                <Show when=move || bench.number.get().is_none() || !bench.has_engine.get()>
                    <Waiting bench />
                </Show>
                </div>
            </Show>
        </section>
    }
}

/// Before the first run.
#[component]
fn Waiting(bench: Workbench) -> impl IntoView {
    let errors = move || bench.checked.with(|checked| checked.errors());
    let last = move || bench.shelf.last_result.get();
    view! {
        <div class="waiting">
            <Icon name=outcome::glyph(None) class="o" />
            <p class="say">
                {move || if errors() > 0 { "The search tree grows here once the document has no errors." } else { "Press Run: the search tree grows here." }}
            </p>
            <Show when=move || errors() == 0>
                <p>"Or press Step to watch it grow one expansion at a time. Every state can be opened."</p>
            </Show>
            <Show when=move || last().is_some()>
                <p>"The figures above are of the last run in this browser; its recording was not kept."</p>
            </Show>
        </div>
    }
}
