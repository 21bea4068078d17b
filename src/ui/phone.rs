//! What a phone has under the thumb: transport and views.

use leptos::prelude::*;

use super::bar::engine_cells::EngineCells;
use super::dialog::Dialog;
use super::icon::Icon;
use super::modes::{Cells, Mode, Press};
use super::readout::doing;
use super::sheet::Pane;
use super::workbench::Workbench;
use crate::view::{format, glossary, limits, words};

/// Engine summary, Step, Cancel, Run or Pause.
#[component]
pub fn Transport(bench: Workbench) -> impl IntoView {
    let is_search = Memo::new(move |_| bench.sheet.mode.get().sides().is_none());
    let engine = move || match bench.sheet.mode.get() {
        Mode::Batch | Mode::Bench => "Settings".to_owned(),
        Mode::Search | Mode::System => bench.shelf.settings.with(|kept| {
            format!("{}, {}", words::engine(&kept.engine), limits::time_text(kept.limits.timeout))
        }),
    };
    let status = move || match bench.run_on_screen() {
        _ if !is_search.get() => bench.sheet.mode.get().word().into(),
        Some(run) if run.response.is_none() => {
            format!("{}, {}", doing(&run), format::seconds(run.progress.worked))
        }
        _ => "Engine".into(),
    };
    let drive = Memo::new(move |_| bench.drive());
    let is_running = move || drive.with(|drive| drive.running);
    let is_dead = move || drive.with(|drive| !drive.running && drive.blocked.is_some());
    let press = move |_| {
        bench.press(if drive.with_untracked(|drive| drive.running) { Press::Pause } else { Press::Run });
    };
    view! {
        <section class="m-run" aria-label="Run" hidden=move || bench.browsing.get()>
            <button class="m-engine" type="button" on:click=move |_| bench.sheet.engine.set(true)>
                <span class="cap">{status}</span>
                <span class="trunc">{engine}</span>
            </button>
            <button
                class="btn icon big"
                type="button"
                aria-label="Step"
                disabled=move || drive.with(|drive| !drive.steps)
                on:click=move |_| bench.press(Press::Step)
            >
                <Icon name="i-step" />
            </button>
            <Show when=is_running>
                <button class="btn icon big" type="button" aria-label="Cancel" on:click=move |_| bench.press(Press::Cancel)>
                    <Icon name="i-stop" />
                </button>
            </Show>
            <button class="key run" type="button" disabled=is_dead on:click=press>
                <span class="key-l">
                    {move || if drive.with(|drive| drive.running && !drive.paused) {
                        view! { <Icon name="i-pause" /> }
                    } else {
                        view! { <Icon name="i-run" /> }
                    }}
                    {move || match drive.with(|drive| (drive.running, drive.paused)) {
                        (true, true) => "Resume",
                        (true, false) => "Pause",
                        _ => "Run",
                    }}
                </span>
            </button>
        </section>
        <Dialog open=bench.sheet.engine title="Settings">
            <form class="engine-form" on:submit=move |event| event.prevent_default()>
                <Cells bench />
                <Show when=move || is_search.get()>
                    <EngineCells bench place="dialog" />
                    <p class="sub">{move || said(bench)}</p>
                </Show>
            </form>
        </Dialog>
    }
}

/// What the engine chosen does: a phone has no hints to hover for.
fn said(bench: Workbench) -> String {
    let engine = bench.shelf.settings.with(|kept| kept.engine);
    let search = glossary::search(engine.search);
    if engine.search.uses_heuristic() {
        [
            search,
            " ",
            words::heuristic(engine.heuristic.first()),
            ": ",
            glossary::heuristic(engine.heuristic.first()),
        ]
        .concat()
    } else {
        search.to_owned()
    }
}

/// The views at the foot.
#[component]
pub fn Views(bench: Workbench) -> impl IntoView {
    let sheet = bench.sheet;
    let is_gallery = move || bench.browsing.get() && sheet.pane.get() != Pane::Problem;
    let is_pane =
        move |pane: Pane| sheet.pane.get() == pane && (!bench.browsing.get() || pane == Pane::Problem);
    let has_document = move || bench.shelf.open.with(Option::is_some);
    let go = move |pane: Pane| {
        if bench.shelf.open.with_untracked(Option::is_some) {
            sheet.gallery.set(false);
        }
        sheet.pane.set(pane);
    };
    let views = [(Pane::Problem, "i-doc"), (Pane::Scope, "i-tree"), (Pane::Result, "i-list")];
    let word = move |pane: Pane| match (bench.sheet.mode.get(), pane) {
        (mode, Pane::Scope) if mode != Mode::Search => mode.word(),
        (_, Pane::Scope) => "Scope",
        (mode, Pane::Problem) => mode.sides().map_or("Problem", |[left, _]| left),
        (mode, Pane::Result) => mode.sides().map_or("Result", |[_, right]| right),
    };
    view! {
        <nav class="m-tabs" aria-label="Views">
            {views
                .into_iter()
                .map(|(pane, shape)| {
                    view! {
                        <button
                            type="button"
                            aria-current=move || is_pane(pane).then_some("true")
                            disabled=move || pane != Pane::Problem && !has_document()
                            on:click=move |_| go(pane)
                        >
                            <Icon name=shape />
                            {move || word(pane)}
                        </button>
                    }
                })
                .collect_view()}
            <button
                type="button"
                aria-current=move || is_gallery().then_some("true")
                on:click=move |_| {
                    sheet.gallery.set(true);
                    sheet.pane.set(Pane::Scope);
                }
            >
                <Icon name="i-grid" />
                "Gallery"
            </button>
        </nav>
    }
}
