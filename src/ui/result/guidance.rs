//! What guides the search at a node: the queues that it takes turns in, and the landmarks still to come.

use leptos::prelude::*;

use crate::service::{EstimateReport, GuidanceReport, LandmarkReport, NodeReport};
use crate::view::format;

/// The tables below a node's actions; a sentence where the task is too large to say.
#[component]
pub fn Guidance(report: NodeReport) -> impl IntoView {
    let Some(mut guidance) = report.guidance else {
        return view! {
            <p class="sub">"Queues and landmarks are not shown for a task with so many operators."</p>
        }
        .into_any();
    };
    let landmarks = guidance.landmarks.take();
    let is_plain = guidance.estimates.len() < 2 && !guidance.has_preferred_queues && !guidance.draws;
    view! {
        {(!is_plain).then(|| queue_table(guidance))}
        {landmarks.map(landmark_list)}
    }
    .into_any()
}

fn queue_table(guidance: GuidanceReport) -> impl IntoView {
    let GuidanceReport { estimates, alternates, has_preferred_queues, draws, .. } = guidance;
    let row = move |EstimateReport { heuristic, estimate }: EstimateReport| {
        let estimate = format::cost_or_infinite(estimate);
        let name = if alternates { format!("By {heuristic}: all successors") } else { heuristic.to_string() };
        view! {
            <tr>
                <td>{name}</td>
                <td class="r">{estimate.clone()}</td>
            </tr>
            {has_preferred_queues
                .then(|| {
                    view! {
                        <tr>
                            <td>{format!("By {heuristic}: successors by preferred operators")}</td>
                            <td class="r">{estimate}</td>
                        </tr>
                    }
                })}
        }
    };
    let (title, sub) = if alternates {
        ("Queues", "they take turns; the least estimate goes first in each")
    } else {
        ("Estimates", "the greatest counts")
    };
    view! {
        <div class="h">
            <h2>{title}</h2>
            <span class="sub">{sub}</span>
        </div>
        <div class="flush">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{if alternates { "Queue" } else { "Heuristic" }}</th>
                        <th scope="col" class="r">"Estimate here"</th>
                    </tr>
                </thead>
                <tbody>
                    {estimates.into_iter().map(row).collect_view()}
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
