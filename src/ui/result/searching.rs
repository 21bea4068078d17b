//! While a search is under way: how far it is, and the path to the closest state so far.

use leptos::prelude::*;

use super::super::runner::Run;
use super::Workbench;
use super::grounding::grounding;
use super::improvements::improvements;
use super::phases::phases;
use crate::service::{Phase, ProgressReport};
use crate::trace::{NONE, Trace};
use crate::view::{format, plan, words};

/// Steps of the closest path that are shown: its end.
const MOST_STEPS: usize = 30;

/// The panel of a search under way.
#[component]
pub fn SearchingPanel(bench: Workbench) -> impl IntoView {
    let statement = move || bench.run_on_screen().map(|run| statement(&run.progress));
    let text = move || bench.run_on_screen().map(|run| so_far(bench, &run));
    let what_next = move || {
        let has_plan = !bench.run_on_screen()?.progress.improvements.is_empty();
        Some(if has_plan {
            "Cancel, and the time limit, keep the best plan so far."
        } else {
            "The plan appears here as soon as one is found; pausing loses nothing."
        })
    };
    let ground = move || {
        let run = bench.run_on_screen().filter(|run| run.progress.phase == Phase::Ground)?;
        let report = run.progress.grounding.as_ref()?;
        Some(view! {
            {phases(&run.progress.phases, &report.phases, true)}
            {grounding(report)}
        })
    };
    // The table is made anew only where another state comes closest.
    let nearest = Memo::new(move |_| bench.figures.with(|figures| figures.best).map(|record| record.node));
    let table = move || {
        let run = nearest.get().filter(|node| *node > 0).zip(bench.runner.on_screen_untracked());
        run.map(|(node, run)| path(bench, &run, node))
    };
    view! {
        <p class="say">{statement}</p>
        <p>{text} " " {what_next}</p>
        {ground}
        {move || improvements(&bench.run_on_screen()?.progress.improvements)}
        {table}
    }
}

fn statement(progress: &ProgressReport) -> String {
    if let Some(best) = progress.improvements.last() {
        return format!("A plan of cost {}; looking for a better one.", format::cost(best.cost));
    }
    let text = match progress.phase {
        Phase::Parse => "Reading the problem.",
        Phase::Ground => "Grounding.",
        Phase::Validate | Phase::Finished => "Checking the plan.",
        Phase::Queued | Phase::Search => "No plan yet.",
    };
    text.to_owned()
}

fn so_far(bench: Workbench, run: &Run) -> String {
    if run.progress.phase == Phase::Ground {
        return "Actions become operators, and facts become variables.".into();
    }
    if run.progress.phase == Phase::Queued {
        return "The run begins when the engine has loaded and the runs before it are over.".into();
    }
    let engine = &run.settings.engine;
    let cursor = bench.runner.cursor.get();
    match bench.figures.with(|figures| figures.best_h) {
        Some(best) if engine.search.looks_at_h() => {
            let heuristic = match run.progress.drawn {
                Some(drawn) => words::heuristic(drawn.guides.heuristics.first()),
                None => words::shown_heuristic(engine),
            };
            let when = match cursor {
                Some(at) => format!("The closest state after {} expansions", format::count(u64::from(at))),
                None => "The closest state so far".to_owned(),
            };
            format!("{when} is {} from the goal by {heuristic}.", format::cost(best))
        }
        _ => "The search is under way.".to_owned(),
    }
}

fn path(bench: Workbench, run: &Run, node: u32) -> impl IntoView + use<> {
    let rows = run.with_trace(|trace| rows(trace, node)).unwrap_or_default();
    let depth = rows.last().map_or(0, |row| row.depth);
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let step = run.job.as_ref().and_then(|job| job.step_of(row.operator));
            (row, step.map(|step| plan::label(&step.action, &step.arguments)))
        })
        .collect();
    view! {
        <div class="h">
            <h2>"Closest so far"</h2>
            <span class="sub">{format!("node {node}, depth {depth}")}</span>
        </div>
        <div class="flush">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Step"</th>
                        <th scope="col">"Action"</th>
                        <th scope="col" class="r">"h"</th>
                        <th scope="col" class="r">"Total"</th>
                    </tr>
                </thead>
                <tbody>
                    {rows
                        .into_iter()
                        .map(|(row, label)| {
                            view! {
                                <tr class="press" on:click=move |_| bench.runner.selected.set(Some(row.node))>
                                    <td class="ix">{row.depth}</td>
                                    <td class="op wrap">{label}</td>
                                    <td class="r">{format::cost_or_infinite(row.h)}</td>
                                    <td class="r">{format::cost(row.g)}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

struct PathRow {
    node: u32,
    operator: u32,
    depth: u32,
    h: Option<f64>,
    g: f64,
}

fn rows(trace: &Trace, end: u32) -> Vec<PathRow> {
    let mut rows = Vec::new();
    let mut node = end;
    while node != NONE && rows.len() < MOST_STEPS {
        let at = node as usize;
        let Some(&parent) = trace.parent.get(at) else { break };
        if parent == NONE {
            break;
        }
        rows.push(PathRow {
            node,
            operator: trace.operator[at],
            depth: trace.depth[at],
            h: trace.h_value(trace.h[at]),
            g: trace.g_value(node, None),
        });
        node = parent;
    }
    rows.reverse();
    rows
}
