//! Where the time went: phases, caches, slices, counters.

use leptos::prelude::*;

use super::super::runner::Run;
use super::Workbench;
use super::grounding::grounding;
use super::phases::phases;
use super::slices::slices;
use crate::service::{Provenance, Response};
use crate::trace::Figures;
use crate::view::{format, glossary};

/// The tab.
#[component]
pub fn TimingsPanel(bench: Workbench) -> impl IntoView {
    move || {
        match bench.run_on_screen() {
        Some(run) => show(bench, &run).into_any(),
        None => view! {
            <p class="say">"Nothing measured yet."</p>
            <p>"Run: the time each phase took, the counters of the search and the lengths of its slices appear here."</p>
        }
        .into_any(),
    }
    }
}

fn show(bench: Workbench, run: &Run) -> impl IntoView + use<> {
    let progress = run.progress.clone();
    let (statement, caches) = match run.response.as_deref() {
        Some(response) => {
            (format!("{} of work", format::duration(response.phases.total())), Some(caches(response)))
        }
        None => (format!("{} of work so far", format::duration(progress.worked)), None),
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
            <span class="sub">"of all searches of the run"</span>
        </div>
        {counters(bench, run)}
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
    match response.provenance {
        Provenance::Search => format!("Compiled task: {compiled}."),
        Provenance::Pattern { .. } => "A kept plan: nothing was compiled or searched.".into(),
    }
}

/// A counter: its word, its value in the search that is drawn, and in the whole run.
struct Counter {
    word: &'static str,
    drawn: Option<String>,
    whole: Option<String>,
}

/// The counters of the whole run and, where they differ from it, of what the scope shows.
fn counters(bench: Workbench, run: &Run) -> AnyView {
    let cursor = bench.runner.cursor.get();
    let figures = bench.figures.get();
    let has_recording = run.with_trace(|trace| !trace.is_empty()) == Some(true);
    let searches = run.progress.drawn.map_or(1, |drawn| drawn.searches);
    let has_several = searches > 1 || run.progress.goals > 1;
    let rows = rows(run, &figures, has_several, has_recording);
    if !has_recording || (cursor.is_none() && !has_several) {
        return plain(rows).into_any();
    }
    let drawn = cursor
        .map_or_else(|| "Drawn".to_owned(), |_| format!("At expansion {}", format::count(figures.expanded)));
    let whole = match (has_several, run.response.is_some()) {
        (true, _) => "All searches",
        (false, true) => "At the end",
        (false, false) => "Now",
    };
    columns(rows, drawn, whole).into_any()
}

/// Several searches have no open list and no best h in common.
fn rows(run: &Run, figures: &Figures, has_several: bool, has_recording: bool) -> Vec<Counter> {
    let over = run.response.as_deref();
    let all = over.map_or(run.progress.statistics, |response| response.statistics);
    let time = over.map_or(run.progress.phases.search, |response| response.phases.search);
    let counter = |word, drawn: u64, whole: u64| Counter {
        word,
        drawn: Some(format::count(drawn)),
        whole: Some(format::count(whole)),
    };
    let now = run.with_trace(|trace| Figures::at(trace, None)).unwrap_or_default();
    let best_h = |figures: &Figures| figures.best_h.map(format::cost);
    let open = if has_recording { now.open } else { run.progress.open };
    let open = Some(open).filter(|_| !has_several || !has_recording);
    let whole = |word, text: String| Counter { word, drawn: None, whole: Some(text) };
    let memory = over.map_or(run.progress.memory_bytes, |response| response.peak_memory_bytes);
    vec![
        Counter { drawn: figures.evaluated.map(format::count), ..counter("Evaluated", 0, all.evaluated) },
        counter("Expanded", figures.expanded, all.expanded),
        counter("Generated", figures.generated, all.generated),
        counter("Reopened", figures.reopened, all.reopened),
        counter("Registered", figures.registered, all.registered),
        counter("Dead ends", figures.dead_ends, all.dead_ends),
        Counter {
            word: if over.is_some() { "Open at the end" } else { "Open now" },
            drawn: Some(format::count(figures.open)),
            whole: open.map(format::count),
        },
        Counter { word: "Best h", drawn: best_h(figures), whole: best_h(&now).filter(|_| !has_several) },
        whole("Evaluated a second", format::rate(all.evaluated, time)),
        whole("Expanded a second", format::rate(all.expanded, time)),
        whole(if over.is_some() { "Peak memory" } else { "Memory" }, format::bytes(memory).to_string()),
    ]
}

fn plain(rows: Vec<Counter>) -> impl IntoView {
    let rows = rows.into_iter().filter_map(|row| Some((row.word, row.whole?))).map(|(word, figure)| {
        view! {
            <div title=glossary::meaning(word)>
                <dt>{word}</dt>
                <dd>{figure}</dd>
            </div>
        }
    });
    view! { <dl class="cnt">{rows.collect_view()}</dl> }
}

fn columns(rows: Vec<Counter>, drawn: String, whole: &'static str) -> impl IntoView {
    let dash = |figure: Option<String>| figure.unwrap_or_else(|| "–".into());
    let rows = rows.into_iter().map(|row| {
        view! {
            <tr>
                <td>{row.word.trim_end_matches(" at the end").trim_end_matches(" now").to_owned()}</td>
                <td class="r">{dash(row.drawn)}</td>
                <td class="r">{dash(row.whole)}</td>
            </tr>
        }
    });
    view! {
        <div class="flush">
            <table class="counters">
                <thead>
                    <tr>
                        <th scope="col">"Counter"</th>
                        <th scope="col" class="r">{drawn}</th>
                        <th scope="col" class="r">{whole}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
