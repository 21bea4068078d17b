//! What a view puts into the columns and the bar.

use leptos::prelude::*;

use super::super::workbench::Workbench;
use super::{Mode, batch, bench, system};

/// The middle column below the tabs, for a view that is not the search.
#[component]
pub fn Middle(bench: Workbench) -> impl IntoView {
    of_mode(bench, |bench, mode| match mode {
        Mode::Search => None,
        Mode::Batch => Some(batch::middle(bench)),
        Mode::Bench => Some(bench::middle(bench)),
        Mode::System => Some(system::middle(bench)),
    })
}

/// The left column, for a view that brings its own.
#[component]
pub fn Left(bench: Workbench) -> impl IntoView {
    of_mode(bench, |bench, mode| match mode {
        Mode::Search | Mode::System => None,
        Mode::Batch => Some(batch::left(bench)),
        Mode::Bench => Some(bench::left(bench)),
    })
}

/// The right column, for a view that brings its own.
#[component]
pub fn Right(bench: Workbench) -> impl IntoView {
    of_mode(bench, |bench, mode| match mode {
        Mode::Search | Mode::System => None,
        Mode::Batch => Some(batch::right(bench)),
        Mode::Bench => Some(bench::right(bench)),
    })
}

/// The settings in the bar, for a view that brings its own.
#[component]
pub fn Cells(bench: Workbench) -> impl IntoView {
    of_mode(bench, |bench, mode| match mode {
        Mode::Search | Mode::System => None,
        Mode::Batch => Some(batch::cells(bench)),
        Mode::Bench => Some(bench::cells(bench)),
    })
}

/// What the open view shows at a place. Nothing of a view is entered before the engine's code is there.
fn of_mode(bench: Workbench, show: fn(Workbench, Mode) -> Option<AnyView>) -> impl IntoView {
    let mode = Memo::new(move |_| bench.sheet.mode.get());
    move || match (mode.get(), bench.has_engine.get()) {
        (Mode::Search, _) => None,
        (mode, true) => show(bench, mode),
        (_, false) => {
            Some(view! { <p class="say waiting">"The planner's code is on its way."</p> }.into_any())
        }
    }
}

/// Takes files that were dropped, where the open view has a use for them; says whether it did.
pub fn take(workbench: Workbench, list: Option<&web_sys::FileList>) -> bool {
    let is_bench = workbench.sheet.mode.get_untracked() == Mode::Bench;
    if is_bench && workbench.has_engine.get_untracked() {
        bench::take(workbench, list.cloned());
    }
    is_bench
}
