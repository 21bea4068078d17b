//! The runs of the open document, newest first; each can be put on screen again.

use leptos::prelude::*;

use super::super::outcome::Badge;
use super::super::runner::Run;
use super::Workbench;
use crate::view::{format, words};

/// The tab.
#[component]
pub fn RunsPanel(bench: Workbench) -> impl IntoView {
    let runs = move || {
        let open = bench.shelf.open.get();
        bench.runner.runs.with(|runs| {
            runs.iter().filter(|run| Some(&run.document) == open.as_ref()).cloned().collect::<Vec<_>>()
        })
    };
    move || {
        let runs = runs();
        if runs.is_empty() {
            return view! {
                <p class="say">"No runs yet."</p>
                <p>"Each run of this problem is listed here, with its engine, its outcome and what it cost. Change the engine and run again to compare."</p>
            }
            .into_any();
        }
        let statement = format!("{} of this problem", format::plural(runs.len() as u64, "run", "runs"));
        view! {
            <p class="say">{statement}</p>
            <p>"= marks a cost proven optimal. The latest 20 are kept until the page is closed."</p>
            <div class="flush">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Engine"</th>
                            <th scope="col">"Outcome"</th>
                            <th scope="col" class="r">"Cost"</th>
                            <th scope="col" class="r">"Expanded"</th>
                            <th scope="col" class="r">"ms"</th>
                        </tr>
                    </thead>
                    <tbody>{runs.into_iter().map(|run| view! { <Row bench run /> }).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Row(bench: Workbench, run: Run) -> impl IntoView {
    let number = run.number;
    let is_shown = move || bench.number.get() == Some(number);
    let response = run.response.as_deref();
    let statistics = response.map_or(run.progress.statistics, |response| response.statistics);
    let time = response.map_or(run.progress.worked, |response| response.phases.search);
    let cost = response.and_then(|response| response.plan.as_ref().map(|plan| (plan.cost, response.optimal)));
    let cost = cost.map_or_else(
        || "–".to_owned(),
        |(cost, optimal)| format!("{}{}", format::cost(cost), if optimal { " =" } else { "" }),
    );
    let outcome = match response {
        Some(response) => match response.outcome {
            Some(outcome) => view! { <Badge outcome=Some(outcome) /> }.into_any(),
            None => "Errors".into_any(),
        },
        None => view! { <Badge outcome=None /> }.into_any(),
    };
    view! {
        <tr class:sel=is_shown class="press" on:click=move |_| bench.runner.show(number)>
            <td class="wrap">
                <button type="button" aria-pressed=move || is_shown().to_string()>
                    {words::engine(&run.settings.engine)}
                </button>
            </td>
            <td>{outcome}</td>
            <td class="r">{cost}</td>
            <td class="r">{format::count(statistics.expanded)}</td>
            <td class="r">{format!("{:.1}", time.as_secs_f64() * 1_000.0)}</td>
        </tr>
    }
}
