//! The plan, or why there is none yet, or why there is none.

use leptos::prelude::*;

use super::super::check::{self, Found};
use super::super::problem::diagnostics::Finding;
use super::super::runner::How;
use super::Workbench;
use super::limits::LimitPanel;
use super::offer::Offered;
use super::searching::SearchingPanel;
use super::solved::SolvedPanel;
use super::why::UnsolvablePanel;
use crate::search::Outcome;
use crate::service::ResultSummary;
use crate::view::{format, words};

/// What the panel is about; while it stays, the panel stays.
#[derive(Clone, Copy, PartialEq)]
enum Subject {
    Nothing,
    Kept,
    Broken,
    UnderWay(u64),
    Over(u64),
}

/// The tab.
#[component]
pub fn PlanPanel(bench: Workbench) -> impl IntoView {
    let subject = Memo::new(move |_| match bench.run_on_screen() {
        Some(run) if run.response.is_some() => Subject::Over(run.number),
        Some(run) => Subject::UnderWay(run.number),
        None if bench.checked.with(|checked| checked.errors()) > 0 => Subject::Broken,
        None if bench.shelf.last_result.with(Option::is_some) => Subject::Kept,
        None => Subject::Nothing,
    });
    let panel = move || match subject.get() {
        Subject::Nothing => view! { <Nothing /> }.into_any(),
        Subject::Kept => view! { <Kept bench /> }.into_any(),
        Subject::Broken => view! {
            {move || {
                let found = bench.checked.with(|checked| checked.found.clone());
                view! { <Broken bench found is_unsupported=false /> }
            }}
        }
        .into_any(),
        Subject::UnderWay(_) => view! { <SearchingPanel bench /> }.into_any(),
        Subject::Over(_) => over(bench),
    };
    view! {
        <Offered bench />
        {panel}
    }
}

fn over(bench: Workbench) -> AnyView {
    let Some(run) = bench.runner.on_screen_untracked() else { return ().into_any() };
    let Some(response) = run.response.clone() else { return ().into_any() };
    let run = StoredValue::new_local(run);
    let response = StoredValue::new_local(response);
    match response.with_value(|response| response.outcome) {
        None => {
            let (found, is_unsupported) =
                response.with_value(|response| (response.diagnostics.clone(), response.is_unsupported));
            let found = run.with_value(|run| check::found(&run.problem, found));
            view! { <Broken bench found is_unsupported /> }.into_any()
        }
        Some(Outcome::Solved) => view! { <SolvedPanel bench run response /> }.into_any(),
        Some(Outcome::Unsolvable) => view! { <UnsolvablePanel bench run response /> }.into_any(),
        Some(outcome) => view! { <LimitPanel bench run response outcome /> }.into_any(),
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <p class="say">"No plan yet."</p>
        <p>
            "Press Run. The plan appears here step by step, with what each step changes; where there is no plan, the reason."
        </p>
    }
}

/// A document with errors, or one that asks for what is not supported.
#[component]
fn Broken(bench: Workbench, found: Vec<Found>, is_unsupported: bool) -> impl IntoView {
    let errors: Vec<Found> = found.into_iter().filter(|found| found.diagnostic.is_error()).collect();
    let is_single = errors.len() == 1;
    let (statement, hint) = if is_unsupported {
        let hint = "It is read and checked; planning for it needs what stands here to be left out.";
        ("This problem asks for what is not supported.".to_owned(), hint)
    } else {
        let count = format::plural(errors.len() as u64, "error", "errors");
        let hint = if is_single {
            "It can be planned for once that is mended."
        } else {
            "It can be planned for once they are mended. Each goes to its place."
        };
        (format!("This document has {count}."), hint)
    };
    let first = errors.first().cloned();
    view! {
        <p class="say">{statement}</p>
        <p>{hint}</p>
        {first.map(|first| view! { <FirstAid bench first is_single /> })}
        <ul class="problems flush">
            {errors.into_iter().map(|found| view! { <Finding bench found /> }).collect_view()}
        </ul>
    }
}

/// What to do about the first error.
#[component]
fn FirstAid(bench: Workbench, first: Found, is_single: bool) -> impl IntoView {
    let (span, go_to) = (first.diagnostic.span, first.place.go_to());
    let fix = first.diagnostic.fix.map(|fix| {
        let label = if is_single { format!("{} and run", fix.label) } else { fix.label.clone() };
        let mend = move |_| {
            bench.apply(&fix);
            if is_single {
                bench.run(How::Plain);
            }
        };
        view! {
            <button class="btn line" type="button" on:click=mend>
                {label}
            </button>
        }
    });
    view! {
        <div class="acts">
            <button class="btn line" type="button" on:click=move |_| bench.go_to(span)>
                {go_to}
            </button>
            {fix}
        </div>
    }
}

/// The last result of an earlier visit.
#[component]
fn Kept(bench: Workbench) -> impl IntoView {
    move || bench.shelf.last_result.get().map(kept)
}

fn kept(last: ResultSummary) -> impl IntoView {
    let steps = format::plural(last.plan.len() as u64, "step", "steps");
    let statement = match last.cost {
        Some(cost) => format!("{steps}, cost {}", format::cost(cost)),
        None => words::outcome(last.outcome).to_owned(),
    };
    let claim = if last.optimal { "Proven optimal. " } else { "" };
    view! {
        <p class="say">{statement}</p>
        <p>{claim} "From the last run in this browser; what was changed after it is not in it. Run again to see what each step changes and how it was found."</p>
        <Show when={
            let has_plan = !last.plan.is_empty();
            move || has_plan
        }>
            <div class="flush">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Step"</th>
                            <th scope="col">"Action"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {last
                            .plan
                            .iter()
                            .enumerate()
                            .map(|(at, step)| {
                                view! {
                                    <tr>
                                        <td class="ix">{at + 1}</td>
                                        <td class="op wrap">{step.clone()}</td>
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </Show>
    }
}
