//! The switch of the left column where there are two: the problem, or a tab of the result.

use leptos::prelude::*;

use super::sheet::{Pane, Tab};
use super::workbench::Workbench;

/// The switch.
#[component]
pub fn Switch(bench: Workbench) -> impl IntoView {
    let sheet = bench.sheet;
    let is_problem = move || !sheet.left_result.get();
    let is_tab = move |tab: Tab| sheet.left_result.get() && sheet.tab.get() == tab;
    let sides = Memo::new(move |_| bench.sheet.mode.get().sides());
    let is_others = move || sides.get().is_some();
    view! {
        <nav class="switch" aria-label="Left column" hidden=move || bench.browsing.get()>
            <button
                type="button"
                aria-current=move || is_problem().then_some("true")
                on:click=move |_| {
                    sheet.left_result.set(false);
                    sheet.pane.set(Pane::Problem);
                }
            >
                {move || sides.get().map_or("Problem", |[left, _]| left)}
            </button>
            <button
                type="button"
                hidden=move || !is_others()
                aria-current=move || sheet.left_result.get().then_some("true")
                on:click=move |_| {
                    sheet.left_result.set(true);
                    sheet.pane.set(Pane::Result);
                }
            >
                {move || sides.get().map(|[_, right]| right)}
            </button>
            {Tab::ALL
                .into_iter()
                .map(|tab| {
                    view! {
                        <button
                            type="button"
                            hidden=is_others
                            aria-current=move || is_tab(tab).then_some("true")
                            on:click=move |_| sheet.show_tab(tab)
                        >
                            {tab.word()}
                        </button>
                    }
                })
                .collect_view()}
        </nav>
    }
}
