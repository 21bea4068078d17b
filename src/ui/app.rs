//! The page, put together.

use std::rc::Rc;

use leptos::prelude::*;

use super::Host;
use super::bar::Bar;
use super::dividers::{Columns, Divider, Side};
use super::focus::SkipLink;
use super::help::Help;
use super::history;
use super::icon::Sprite;
use super::import;
use super::keys;
use super::live::Live;
use super::notices::Notices;
use super::phone::{Transport, Views};
use super::problem::ProblemPane;
use super::result::ResultPane;
use super::scope_pane::ScopePane;
use super::sheet::Pane;
use super::switch::Switch;
use super::workbench::Workbench;

/// The page.
#[component]
pub fn App(
    /// The platform.
    host: Rc<dyn Host>,
) -> impl IntoView {
    let bench = Workbench::new(host);
    keys::listen(bench);
    history::follow(bench);
    let is_dropping = import::listen(bench);
    let sheet = bench.sheet;
    let columns = Columns::restored();
    let mode = move || match (bench.shelf.loaded.get(), bench.browsing.get()) {
        (false, _) => "loading",
        (true, true) => "gallery",
        (true, false) => "work",
    };
    let heading = move || {
        if bench.browsing.get() {
            "Begin a planning problem".to_owned()
        } else {
            format!("{}, a planning problem", bench.shelf.name.get())
        }
    };
    view! {
        <Sprite />
        <SkipLink bench />
        <div
            class="app"
            data-mode=mode
            data-drop=move || is_dropping.get().to_string()
            data-pane=move || sheet.pane.get().key()
            data-left=move || if sheet.left_result.get() { "result" } else { "problem" }
            style:--left=move || columns.width(Side::Left)
            style:--right=move || columns.width(Side::Right)
            data-running=move || (bench.running.get() && !bench.paused.get()).to_string()
        >
            <div class="top">
                <Bar bench />
                <Notices bench />
            </div>
            <Switch bench />
            <main class="panes">
                // The gallery brings its own, but for a phone that shows the other pane.
                <Show when=move || !bench.browsing.get() || sheet.pane.get() == Pane::Problem>
                    <h1 class="vh">{heading}</h1>
                </Show>
                <ProblemPane bench />
                <ScopePane bench />
                <ResultPane bench />
                <Divider columns side=Side::Left />
                <Show when=move || !bench.browsing.get()>
                    <Divider columns side=Side::Right />
                </Show>
            </main>
            <Transport bench />
            <Views bench />
            <Live bench />
        </div>
        <Help bench />
    }
}
