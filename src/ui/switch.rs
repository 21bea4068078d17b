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
                "Problem"
            </button>
            {Tab::ALL
                .into_iter()
                .map(|tab| {
                    view! {
                        <button
                            type="button"
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
