//! The scope over a run, or what to be said where it has no recording.

use std::rc::Rc;

use leptos::prelude::*;

use super::runner::{How, Run};
use super::scope::Scope;
use super::scope::signals::Source;
use super::scope::statistics::Slices;
use super::trace_handle::TraceHandle;
use super::workbench::Workbench;
use crate::search::{Outcome, SearchKind};
use crate::service::Provenance;
use crate::view::{format, plan, words};

/// The scope of one run; a run of its own begins with a scope of its own. Nothing of it is entered before the
/// engine's code is there.
#[inline(never)]
pub fn run_scope(bench: Workbench, number: u64) -> AnyView {
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
        let trace = TraceHandle::new(move |read| {
            run_of().and_then(|run| run.with_trace(|trace| read(trace))).is_some()
        });
        let labels = Rc::new(move |operator: u32| {
            let step = run_of()?.job?.step_of(operator)?;
            Some(plan::label(&step.action, &step.arguments))
        });
        let slices = Rc::new(move || {
            let progress = run_of().map(|run| run.progress);
            let before = progress.as_ref().and_then(|progress| progress.drawn);
            let slices = progress.map(|progress| progress.slices.clone()).unwrap_or_default();
            Slices::new(slices, before.map_or(0, |drawn| drawn.expanded_before))
        });
        let growing = Rc::new(move || run_of().is_some_and(|run| is_growing(&run)));
        let worked = Rc::new(move || wants_thread(&run_of()?));
        let now = Rc::new(move || bench.host.with_value(|host| host.now_ms()));
        let source = Source { trace, labels, slices, growing, worked, now };
        let drawn = Memo::new(move |_| drawn(bench, &bench.run_on_screen()?));
        view! {
            <Scope
                source
                figures=bench.figures
                drawn
                opened=move |again| bench.sheet.open_node(again)
                version=runner.version.into()
                selected=runner.selected
                cursor=runner.cursor
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
    .into_any()
}

/// Whether a run is under way and not paused.
fn is_growing(run: &Run) -> bool {
    run.response.is_none() && !run.progress.paused
}

/// Milliseconds that a run has worked, while it takes all the time that it gets.
fn wants_thread(run: &Run) -> Option<f64> {
    let is_busy = is_growing(run) && run.settings.pace.is_none();
    let job = run.job.as_ref().filter(|_| is_busy)?;
    Some(job.worked().as_secs_f64() * 1e3)
}

/// Which search is drawn, where a run has several.
fn drawn(bench: Workbench, run: &Run) -> Option<String> {
    let progress = &run.progress;
    let drawn = progress.drawn?;
    let engine = run.settings.engine.search;
    let has_several = matches!(engine, SearchKind::Auto | SearchKind::Lama | SearchKind::Ehc);
    if !has_several && drawn.searches < 2 && progress.goals < 2 {
        return None;
    }
    let goal = progress.goal.as_ref().filter(|_| progress.goals > 1);
    let goal = goal.map(|goal| format!(" for “{goal}”")).unwrap_or_default();
    let own = bench.runner.on_screen().and_then(|run| run.with_trace(|trace| trace.now.statistics.expanded));
    let (own, all) = (format::count(own.unwrap_or(0)), format::count(progress.statistics.expanded));
    let which = words::drawn(&drawn.guides, drawn.searches);
    Some(format!("Drawn here{goal}: {which}; {own} of {all} expansions of this run."))
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
        "This is a kept plan: nothing was searched for it."
    } else if is_broken {
        "Nothing was searched: the document has errors."
    } else if was_let_go {
        "The recording of this run was let go to make room for later ones."
    } else if outcome.is_some_and(|outcome| matches!(outcome, Outcome::Solved | Outcome::Unsolvable)) {
        "Nothing was searched: the answer was clear without it."
    } else {
        "Nothing was searched: the run ended before the search began."
    };
    let again = if is_pattern { "Search" } else { "Run again" };
    view! {
        <div class="waiting">
            <p class="say">{text}</p>
            <Show when=move || !is_broken>
                <button class="btn line" type="button" on:click=move |_| bench.run(How::Plain)>
                    {again}
                </button>
            </Show>
        </div>
    }
}
