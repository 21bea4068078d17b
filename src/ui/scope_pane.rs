//! The centre: figures of the run above the scope, or what to do where there is no run.

use std::rc::Rc;

use leptos::prelude::*;

use super::focus;
use super::icon::Icon;
use super::outcome;
use super::readout::Readout;
use super::runner::How;
use super::scope::Scope;
use super::trace_handle::TraceHandle;
use super::workbench::Workbench;
use crate::search::Outcome;
use crate::service::Provenance;
use crate::view::plan;

/// The centre pane.
#[component]
pub fn ScopePane(bench: Workbench) -> impl IntoView {
    view! {
        <section class="pane scope" id="scope" aria-label="Scope" tabindex="-1" on:keydown=move |event| focus::hand_on(&event)>
            <Show
                when=move || !bench.browsing.get()
                fallback=move || view! { <super::gallery_view::GalleryView bench /> }
            >
                <Readout bench />
                {move || bench.number.get().map(|number| view! { <RunScope bench number /> })}
                <Show when=move || bench.number.get().is_none()>
                    <Waiting bench />
                </Show>
            </Show>
        </section>
    }
}

/// The scope of one run; a run of its own begins with a scope of its own.
#[component]
fn RunScope(bench: Workbench, number: u64) -> impl IntoView {
    let runner = bench.runner;
    let run_of =
        move || runner.runs.with_untracked(|runs| runs.iter().find(|run| run.number == number).cloned());
    let has_recording = Memo::new(move |_| {
        runner.runs.with(|runs| {
            let run = runs.iter().find(|run| run.number == number);
            run.is_some_and(|run| {
                run.job.is_some()
                    && (run.response.is_none() || run.with_trace(|trace| !trace.is_empty()) == Some(true))
            })
        })
    });
    let scope = move || {
        let trace = TraceHandle::new(move |look| {
            run_of().and_then(|run| run.with_trace(|trace| look(trace))).is_some()
        });
        let labels = Rc::new(move |operator: u32| {
            let step = run_of()?.job?.step_of(operator)?;
            Some(plan::label(&step.action, &step.arguments))
        });
        let slices = Rc::new(move || run_of().map(|run| run.progress.slices.clone()).unwrap_or_default());
        view! {
            <Scope
                trace
                version=runner.version.into()
                selected=runner.selected
                cursor=runner.cursor
                labels
                slices
                running=bench.running.into()
                theme_version=bench.theme.version.into()
            />
        }
    };
    view! {
        <Show when=move || has_recording.get() fallback=move || view! { <NoRecording bench number /> }>
            {scope()}
        </Show>
    }
}

/// A run without a recording: an answer from a pattern, a broken document, or one let go.
#[component]
fn NoRecording(bench: Workbench, number: u64) -> impl IntoView {
    let run = bench.runner.runs.with_untracked(|runs| runs.iter().find(|run| run.number == number).cloned());
    let response = run.as_ref().and_then(|run| run.response.clone());
    let is_pattern =
        response.as_ref().is_some_and(|response| matches!(response.provenance, Provenance::Pattern { .. }));
    let is_broken = response.as_ref().is_some_and(|response| response.outcome.is_none());
    let outcome = response.as_ref().and_then(|response| response.outcome);
    let was_let_go = run.is_some_and(|run| run.job.is_none());
    let is_unsupported = response.as_ref().is_some_and(|response| response.is_unsupported);
    let text = if is_unsupported {
        "Nothing was searched: the problem asks for what is not supported."
    } else if is_pattern {
        "Nothing was searched: a kept plan still holds."
    } else if is_broken {
        "Nothing was searched: the document has errors."
    } else if was_let_go {
        "The recording of this run was let go to make room for later ones."
    } else if outcome.is_some_and(|outcome| matches!(outcome, Outcome::Solved | Outcome::Unsolvable)) {
        "Nothing was searched: the answer was clear without it."
    } else {
        "Nothing was searched: the run ended before the search began."
    };
    let again = if is_pattern { "Search anyway" } else { "Run again" };
    let how = if is_pattern { How::SearchAnyway } else { How::Plain };
    view! {
        <div class="waiting">
            <p class="say">{text}</p>
            <Show when=move || !is_broken>
                <button class="btn line" type="button" on:click=move |_| bench.run(how)>
                    {again}
                </button>
            </Show>
        </div>
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
