//! What a phone has under the thumb: transport and views.

use leptos::prelude::*;

use super::bar::engine_cells::EngineCells;
use super::dialog::Dialog;
use super::icon::Icon;
use super::readout::doing;
use super::runner::How;
use super::sheet::Pane;
use super::workbench::Workbench;
use crate::view::{format, glossary, limits, words};

/// Engine summary, Step, Cancel, Run or Pause.
#[component]
pub fn Transport(bench: Workbench) -> impl IntoView {
    let engine = move || {
        bench.shelf.settings.with(|kept| {
            format!("{}, {}", words::engine(&kept.engine), limits::time_text(kept.limits.timeout))
        })
    };
    let status = move || match bench.run_on_screen() {
        Some(run) if run.response.is_none() => {
            format!("{}, {}", doing(&run), format::seconds(run.progress.worked))
        }
        _ => "Engine".into(),
    };
    let is_dead = move || !bench.running.get() && bench.blocked.with(Option::is_some);
    let press = move |_| {
        if bench.running.get_untracked() {
            bench.runner.pause_or_resume();
        } else {
            bench.run(How::Plain);
        }
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
                disabled=move || bench.shelf.open.with(Option::is_none)
                on:click=move |_| bench.step()
            >
                <Icon name="i-step" />
            </button>
            <Show when=move || bench.running.get()>
                <button class="btn icon big" type="button" aria-label="Cancel" on:click=move |_| bench.runner.cancel()>
                    <Icon name="i-stop" />
                </button>
            </Show>
            <button class="key run" type="button" disabled=is_dead on:click=press>
                <span class="key-l">
                    {move || if bench.running.get() && !bench.paused.get() {
                        view! { <Icon name="i-pause" /> }
                    } else {
                        view! { <Icon name="i-run" /> }
                    }}
                    {move || match (bench.running.get(), bench.paused.get()) {
                        (true, true) => "Resume",
                        (true, false) => "Pause",
                        _ => "Run",
                    }}
                </span>
            </button>
        </section>
        <Dialog open=bench.sheet.engine title="Engine">
            <form class="engine-form" on:submit=move |event| event.prevent_default()>
                <EngineCells bench place="dialog" />
                <p class="sub">{move || said(bench)}</p>
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
    let views = [
        (Pane::Problem, "i-doc", "Problem"),
        (Pane::Scope, "i-tree", "Scope"),
        (Pane::Result, "i-list", "Result"),
    ];
    view! {
        <nav class="m-tabs" aria-label="Views">
            {views
                .into_iter()
                .map(|(pane, shape, word)| {
                    view! {
                        <button
                            type="button"
                            aria-current=move || is_pane(pane).then_some("true")
                            disabled=move || pane != Pane::Problem && !has_document()
                            on:click=move |_| go(pane)
                        >
                            <Icon name=shape />
                            {word}
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
