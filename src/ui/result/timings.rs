//! Where the time went: phases, caches, slices, counters.

use std::time::Duration;

use leptos::prelude::*;

use super::super::runner::Run;
use super::Workbench;
use super::slices::slices;
use crate::search::Statistics;
use crate::service::{Provenance, Response};
use crate::view::format;

/// The tab.
#[component]
pub fn TimingsPanel(bench: Workbench) -> impl IntoView {
    move || {
        match bench.run_on_screen() {
        Some(run) => show(&run).into_any(),
        None => view! {
            <p class="say">"Nothing measured yet."</p>
            <p>"Run: the time each phase took, the counters of the search and the lengths of its slices appear here."</p>
        }
        .into_any(),
    }
    }
}

fn show(run: &Run) -> impl IntoView + use<> {
    let progress = run.progress.clone();
    let (statement, phases, caches, statistics, peak, time) = match run.response.as_deref() {
        Some(response) => (
            format!("{} of work", format::duration(response.phases.total())),
            Some(gantt(response)),
            Some(caches(response)),
            response.statistics,
            response.peak_memory_bytes,
            response.phases.search,
        ),
        None => (
            format!("{} of work so far", format::duration(progress.worked)),
            None,
            None,
            progress.statistics,
            progress.memory_bytes,
            progress.worked,
        ),
    };
    let dropped = run.with_trace(|trace| trace.dropped_nodes).filter(|dropped| *dropped > 0);
    view! {
        <p class="say">{statement}</p>
        <p>{waited(run)}</p>
        {phases}
        {caches.map(|text| view! { <p>{text}</p> })}
        {slices(&progress.slices)}
        <div class="h">
            <h2>"Counters"</h2>
            <span class="sub">"summed over the goals searched"</span>
        </div>
        {counters(&statistics, peak, time, run.response.is_some(), progress.open)}
        {dropped
            .map(|dropped| {
                view! { <p class="sub">{format!("The recording was full: {} are not in the scope.", format::plural(dropped, "node", "nodes"))}</p> }
            })}
    }
}

fn waited(run: &Run) -> String {
    let over = run.response.is_some();
    match run.settings.pace {
        Some(pace) => format!(
            "Watched at {} a second it {} {}; the waiting is not counted.",
            format::plural(pace as u64, "expansion", "expansions"),
            if over { "took" } else { "has taken" },
            format::seconds(run.progress.elapsed),
        ),
        None => format!(
            "{} from the press of Run; the page kept the rest of the time.",
            format::duration(run.progress.elapsed)
        ),
    }
}

fn caches(response: &Response) -> String {
    let compiled = if response.compiled_hit { "taken from the cache" } else { "not in the cache, kept now" };
    let pattern = match response.provenance {
        Provenance::Search => "none answered",
        Provenance::Pattern { .. } => "one answered",
    };
    format!("Compiled task: {compiled}. Kept pattern: {pattern}.")
}

fn gantt(response: &Response) -> impl IntoView + use<> {
    let phases = response.phases;
    let total = phases.total().as_secs_f64().max(f64::MIN_POSITIVE);
    let rows = [
        ("Parse", phases.parse),
        ("Compile", phases.ground),
        ("Search", phases.search),
        ("Replay plan", phases.validate),
    ];
    let mut begun = Duration::ZERO;
    let rows = rows.map(|(word, length)| {
        let start = begun.as_secs_f64() / total * 100.0;
        begun += length;
        (word, start, length.as_secs_f64() / total * 100.0, length)
    });
    view! {
        <div class="h">
            <h2>"Phases"</h2>
            <span class="sub">"milliseconds of work, one after the other"</span>
        </div>
        <div class="gantt">{rows.into_iter().map(|(word, start, width, length)| bar(word, start, width, length)).collect_view()}</div>
    }
}

fn bar(word: &'static str, start: f64, width: f64, length: Duration) -> impl IntoView {
    let class = if word == "Search" { "big" } else { "" };
    let lines = [0, 25, 50, 75, 100].map(|at| {
        let x = format!("{at}%");
        view! { <line x1=x.clone() x2=x y1="0" y2="26"></line> }
    });
    let x = format!("{}%", start.min(99.2));
    let width = format!("{}%", if length.is_zero() { 0.0 } else { width.max(0.8) });
    view! {
        <span>{word}</span>
        <span>
            <svg aria-hidden="true">
                {lines.into_iter().collect_view()}
                <rect class=class x=x y="8" width=width height="10"></rect>
            </svg>
        </span>
        <span class="num">{format!("{:.2}", length.as_secs_f64() * 1_000.0)}</span>
    }
}

fn counters(
    statistics: &Statistics,
    peak: u64,
    time: Duration,
    over: bool,
    open: u64,
) -> impl IntoView + use<> {
    let mut rows = vec![
        ("Evaluated", format::count(statistics.evaluated)),
        ("Expanded", format::count(statistics.expanded)),
        ("Generated", format::count(statistics.generated)),
        ("Reopened", format::count(statistics.reopened)),
        ("Registered", format::count(statistics.registered)),
        ("Dead ends", format::count(statistics.dead_ends)),
        (if over { "Open at the end" } else { "Open now" }, format::count(open)),
        ("Evaluated a second", format::rate(statistics.evaluated, time)),
        ("Expanded a second", format::rate(statistics.expanded, time)),
    ];
    rows.push((if over { "Peak memory" } else { "Memory" }, format::bytes(peak).to_string()));
    let rows = rows.into_iter().map(|(word, figure)| {
        view! {
            <div>
                <dt>{word}</dt>
                <dd>{figure}</dd>
            </div>
        }
    });
    view! { <dl class="cnt">{rows.collect_view()}</dl> }
}
