//! Where the time went: phases, caches, slices, counters.

use std::time::Duration;

use leptos::prelude::*;

use super::super::runner::Run;
use super::Workbench;
use super::grounding::grounding;
use super::phases::phases;
use super::slices::slices;
use crate::search::Statistics;
use crate::service::{Provenance, Response};
use crate::view::{format, glossary};

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
    let (statement, caches, statistics, peak, time) = match run.response.as_deref() {
        Some(response) => (
            format!("{} of work", format::duration(response.phases.total())),
            Some(caches(response)),
            response.statistics,
            response.peak_memory_bytes,
            response.phases.search,
        ),
        None => (
            format!("{} of work so far", format::duration(progress.worked)),
            None,
            progress.statistics,
            progress.memory_bytes,
            progress.phases.search,
        ),
    };
    let times = run.response.as_ref().map_or(progress.phases, |response| response.phases);
    let ended = run.response.as_ref().and_then(|response| response.grounding.as_ref());
    let ground = ended.or(progress.grounding.as_ref());
    let parts = ground.map(|ground| ground.phases.as_slice()).unwrap_or_default();
    let dropped = run.with_trace(|trace| trace.dropped_nodes).filter(|dropped| *dropped > 0);
    view! {
        <p class="say">{statement}</p>
        <p>{waited(run)}</p>
        {phases(&times, parts, run.problem.is_pddl())}
        {ground.map(grounding)}
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
            <div title=glossary::meaning(word)>
                <dt>{word}</dt>
                <dd>{figure}</dd>
            </div>
        }
    });
    view! { <dl class="cnt">{rows.collect_view()}</dl> }
}
