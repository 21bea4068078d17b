//! The runs of the open document, newest first; each can be put on screen again.

use leptos::prelude::*;

use super::super::outcome::Badge;
use super::super::outdated::is_of;
use super::super::runner::Run;
use super::Workbench;
use crate::search::Outcome;
use crate::view::{format, words};

/// The tab.
#[component]
pub fn RunsPanel(bench: Workbench) -> impl IntoView {
    // A row stays the same element while its figures change, so that a press which begins on it also ends on it.
    let numbers = Memo::new(move |_| {
        let open = bench.shelf.open.get();
        bench.shelf.problem.with(|now| {
            bench.runner.runs.with(|runs| {
                let of_document = runs.iter().filter(|run| Some(&run.document) == open.as_ref());
                let (these, earlier): (Vec<&Run>, Vec<&Run>) = of_document.partition(|run| is_of(run, now));
                [these, earlier].map(|runs| runs.iter().map(|run| run.number).collect::<Vec<_>>())
            })
        })
    });
    let these = Memo::new(move |_| numbers.with(|numbers| numbers[0].clone()));
    let earlier = Memo::new(move |_| numbers.with(|numbers| numbers[1].clone()));
    let is_empty = move || these.with(Vec::is_empty) && earlier.with(Vec::is_empty);
    let statement = move || {
        let count = these.with(Vec::len) as u64;
        format!("{} of this text", format::plural(count, "run", "runs"))
    };
    view! {
        <Show when=move || !is_empty() fallback=nothing>
            <p class="say">{statement}</p>
            <p>"= marks a cost proven optimal. The latest 20 are kept until the page is closed."</p>
            <Show when=move || !these.with(Vec::is_empty)>
                <Table bench numbers=these />
            </Show>
            <Show when=move || !earlier.with(Vec::is_empty)>
                <div class="h">
                    <h2>"Of earlier texts"</h2>
                    <span class="sub">"not to be compared with those of this text"</span>
                </div>
                <Table bench numbers=earlier />
            </Show>
        </Show>
    }
}

#[component]
fn Table(bench: Workbench, numbers: Memo<Vec<u64>>) -> impl IntoView {
    view! {
        <div class="flush">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Engine"</th>
                        <th scope="col">"Outcome"</th>
                        <th scope="col" class="r">
                            "Cost"
                        </th>
                        <th scope="col" class="r">
                            "Expanded"
                        </th>
                        <th scope="col" class="r">
                            "ms"
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || numbers.get() key=|number| *number let:number>
                        <Row bench number />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

fn nothing() -> impl IntoView {
    view! {
        <p class="say">"No runs yet."</p>
        <p>
            "Each run of this text is listed here, with its engine, its outcome and what it cost. Change the engine and run again to compare."
        </p>
    }
}

#[component]
fn Row(bench: Workbench, number: u64) -> impl IntoView {
    let of = move |read: fn(&Run) -> String| {
        bench.runner.runs.with(|runs| runs.iter().find(|run| run.number == number).map(read))
    };
    let ending = Memo::new(move |_| {
        bench.runner.runs.with(|runs| runs.iter().find(|run| run.number == number).map(Ending::of))
    });
    let is_shown = move || bench.number.get() == Some(number);
    view! {
        <tr class:sel=is_shown class="press" on:click=move |_| bench.runner.show(number)>
            <td class="wrap">
                <button type="button" aria-pressed=move || is_shown().to_string()>
                    {move || of(finder)}
                </button>
            </td>
            <td>{move || ending.get().map(badge)}</td>
            <td class="r">{move || of(cost)}</td>
            <td class="r">{move || of(expanded)}</td>
            <td class="r">{move || of(milliseconds)}</td>
        </tr>
    }
}

/// How far a run is.
#[derive(Clone, Copy, PartialEq)]
enum Ending {
    UnderWay,
    Errors,
    Unsupported,
    Outcome(Outcome),
}

impl Ending {
    fn of(run: &Run) -> Self {
        match run.response.as_ref().map(|response| (response.outcome, response.is_unsupported)) {
            None => Self::UnderWay,
            Some((None, true)) => Self::Unsupported,
            Some((None, false)) => Self::Errors,
            Some((Some(outcome), _)) => Self::Outcome(outcome),
        }
    }
}

fn badge(ending: Ending) -> AnyView {
    match ending {
        Ending::UnderWay => view! { <Badge outcome=None /> }.into_any(),
        Ending::Errors => "Errors".into_any(),
        Ending::Unsupported => "Not supported".into_any(),
        Ending::Outcome(outcome) => view! { <Badge outcome=Some(outcome) /> }.into_any(),
    }
}

/// Who found the plan: a kept one is never listed under an engine that did not find it.
fn finder(run: &Run) -> String {
    match run.kept_from() {
        Some(engine) => format!("Kept plan ({})", words::finder(&engine)),
        None => words::engine(&run.settings.engine),
    }
}

fn cost(run: &Run) -> String {
    let response = run.response.as_deref();
    let paid = response.and_then(|response| response.plan.as_ref().map(|plan| (plan.cost, response.optimal)));
    paid.map_or_else(
        || "–".to_owned(),
        |(cost, optimal)| format!("{}{}", format::cost(cost), if optimal { " =" } else { "" }),
    )
}

fn expanded(run: &Run) -> String {
    if run.kept_from().is_some() {
        return "–".to_owned();
    }
    let statistics = run.response.as_ref().map_or(run.progress.statistics, |response| response.statistics);
    format::count(statistics.expanded)
}

fn milliseconds(run: &Run) -> String {
    if run.kept_from().is_some() {
        return "–".to_owned();
    }
    let time = run.response.as_ref().map_or(run.progress.worked, |response| response.phases.search);
    format!("{:.1}", time.as_secs_f64() * 1_000.0)
}
