//! The result: four tabs over the run on screen.

pub mod actions;
pub mod goals;
pub mod grounding;
mod guidance;
pub mod improvements;
pub mod limits;
pub mod node;
mod offer;
mod outdated;
pub mod phases;
pub mod plan;
mod refused;
pub mod runs;
pub mod searching;
pub mod slices;
pub mod solved;
mod state_table;
pub mod steps;
pub mod timings;
pub mod why;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use self::node::NodePanel;
use self::outdated::Note;
use self::plan::PlanPanel;
use self::runs::RunsPanel;
use self::timings::TimingsPanel;
use super::focus::walked;
use super::modes;
use super::sheet::Tab;
use super::workbench::Workbench;
use crate::view::format;

/// The right pane.
#[component]
pub fn ResultPane(bench: Workbench) -> impl IntoView {
    let tab = bench.sheet.tab;
    let is_others = Memo::new(move |_| bench.sheet.mode.get().sides().is_some());
    let label = move || bench.sheet.mode.get().sides().map_or("Result", |[_, right]| right);
    view! {
        <section class="pane result" id="result" aria-label=label hidden=move || bench.browsing.get()>
          <modes::Right bench />
          <div class="own" hidden=move || is_others.get()>
            <div class="tabs" role="tablist" aria-label="Result" on:keydown=move |event| walk(bench, &event)>
                {Tab::ALL.into_iter().map(|own| view! { <TabKey bench own /> }).collect_view()}
            </div>
            <Note bench />
            {Tab::ALL
                .into_iter()
                .map(|own| {
                    view! {
                        <div
                            class="panel"
                            role="tabpanel"
                            id=format!("p-{}", own.key())
                            aria-labelledby=format!("t-{}", own.key())
                            tabindex="0"
                            hidden=move || tab.get() != own
                        >
                            {move || (tab.get() == own && !bench.browsing.get() && !is_others.get() && bench.has_engine.get()).then(|| panel(bench, own))}
                        </div>
                    }
                })
                .collect_view()}
          </div>
        </section>
    }
}

/// What a tab shows. Nothing of it is entered before the engine's code is there.
#[inline(never)]
fn panel(bench: Workbench, tab: Tab) -> AnyView {
    match tab {
        Tab::Plan => view! { <PlanPanel bench /> }.into_any(),
        Tab::Node => view! { <NodePanel bench /> }.into_any(),
        Tab::Timings => view! { <TimingsPanel bench /> }.into_any(),
        Tab::Runs => view! { <RunsPanel bench /> }.into_any(),
    }
}

#[component]
fn TabKey(bench: Workbench, own: Tab) -> impl IntoView {
    let tab = bench.sheet.tab;
    let is_own = move || tab.get() == own;
    view! {
        <button
            role="tab"
            type="button"
            id=format!("t-{}", own.key())
            aria-controls=format!("p-{}", own.key())
            aria-selected=move || is_own().to_string()
            tabindex=move || if is_own() { "0" } else { "-1" }
            on:click=move |_| tab.set(own)
        >
            {own.word()}
            {(own == Tab::Runs).then(|| view! { <span class="count">{move || count(bench)}</span> })}
        </button>
    }
}

fn count(bench: Workbench) -> Option<String> {
    let open = bench.shelf.open.get();
    let runs =
        bench.runner.runs.with(|runs| runs.iter().filter(|run| Some(&run.document) == open.as_ref()).count());
    (runs > 0).then(|| format::count(runs as u64))
}

/// Arrow keys, Home and End walk the tabs.
fn walk(bench: Workbench, event: &ev::KeyboardEvent) {
    let at = Tab::ALL.iter().position(|tab| *tab == bench.sheet.tab.get_untracked()).unwrap_or(0);
    let Some(to) = walked(at, Tab::ALL.len(), &event.key()) else { return };
    event.prevent_default();
    bench.sheet.tab.set(Tab::ALL[to]);
    let key = document().get_element_by_id(&format!("t-{}", Tab::ALL[to].key()));
    if let Some(key) = key.and_then(|key| key.dyn_into::<web_sys::HtmlElement>().ok()) {
        // The tab is on the page: it has just been walked from.
        let _ = key.focus();
    }
}
