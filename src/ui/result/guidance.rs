//! What guides the search at a node: the queues that it takes turns in, and the landmarks still to come.

use leptos::prelude::*;

use crate::service::{GuidanceReport, LandmarkReport, NodeReport, QueueReport};
use crate::view::format;

/// The tables below a node's actions; a sentence where the task is too large to say.
#[component]
pub fn Guidance(report: NodeReport) -> impl IntoView {
    let Some(GuidanceReport { queues, draws, landmarks }) = report.guidance else {
        return view! {
            <p class="sub">"Queues and landmarks are not shown for a task with so many operators."</p>
        }
        .into_any();
    };
    let alternates = queues.len() > 1 || queues.iter().any(|queue| queue.is_preferring) || draws;
    view! {
        {alternates.then(|| queue_table(queues, draws))}
        {landmarks.map(landmark_list)}
    }
    .into_any()
}

fn queue_table(queues: Vec<QueueReport>, draws: bool) -> impl IntoView {
    let row = |QueueReport { heuristic, estimate, is_preferring }: QueueReport| {
        let estimate = format::cost_or_infinite(estimate);
        let name = heuristic.to_string();
        view! {
            <tr>
                <td>{format!("By {name}: all successors")}</td>
                <td class="r">{estimate.clone()}</td>
            </tr>
            {is_preferring
                .then(|| {
                    view! {
                        <tr>
                            <td>{format!("By {name}: successors by preferred operators")}</td>
                            <td class="r">{estimate}</td>
                        </tr>
                    }
                })}
        }
    };
    view! {
        <div class="h">
            <h2>"Queues"</h2>
            <span class="sub">"they take turns; the least estimate goes first in each"</span>
        </div>
        <div class="flush">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Queue"</th>
                        <th scope="col" class="r">"Estimate here"</th>
                    </tr>
                </thead>
                <tbody>
                    {queues.into_iter().map(row).collect_view()}
                    {draws
                        .then(|| {
                            view! {
                                <tr>
                                    <td>"At random, the closer ones more often"</td>
                                    <td class="r">"–"</td>
                                </tr>
                            }
                        })}
                </tbody>
            </table>
        </div>
    }
}

fn landmark_list(report: LandmarkReport) -> impl IntoView {
    let LandmarkReport { total, future, again, named } = report;
    let count = format!("{future} of {total} still to be reached");
    let again = (again > 0).then(|| format!(", {again} of them again"));
    let more = future.saturating_sub(named.len());
    view! {
        <div class="h">
            <h2>"Landmarks"</h2>
            <span class="sub">{count} {again}</span>
        </div>
        <ul class="mono">
            {named.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}
            {(more > 0).then(|| view! { <li class="sub">{format!("and {more} more")}</li> })}
        </ul>
    }
}
