//! The goals of the document and what became of each.

use std::rc::Rc;

use leptos::prelude::*;

use super::super::icon::Icon;
use super::super::outcome::Badge;
use crate::service::{GoalReport, GoalVerdict, Response};
use crate::view::format;
use crate::view::visible::visible;

/// The table of goals; nothing where the one goal there is was planned for.
#[component]
pub fn Goals(response: StoredValue<Rc<Response>, LocalStorage>) -> impl IntoView {
    let goals = response.with_value(|response| response.goals.clone());
    (goals.len() > 1).then(|| {
        view! {
            <div class="h">
                <h2>"Goals considered"</h2>
                <span class="sub">"in this order"</span>
            </div>
            <div class="flush">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Goal"</th>
                            <th scope="col" class="r">"Priority"</th>
                            <th scope="col">"What became of it"</th>
                        </tr>
                    </thead>
                    <tbody>{goals.iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        }
    })
}

fn row(goal: &GoalReport) -> impl IntoView + use<> {
    let is_chosen = matches!(goal.verdict, GoalVerdict::Planned { chosen: true, .. });
    view! {
        <tr class:sel=is_chosen>
            <td class="wrap">{visible(&goal.name).into_owned()}</td>
            <td class="r">{goal.priority}</td>
            <td class="wrap">{verdict(&goal.verdict)}</td>
        </tr>
    }
}

fn verdict(verdict: &GoalVerdict) -> AnyView {
    match *verdict {
        GoalVerdict::NotCandidate => "Its “when” does not hold at the start".into_any(),
        GoalVerdict::NotTried => "Not tried: one before it was planned for".into_any(),
        GoalVerdict::Planned { cost, chosen: false } => {
            format!("A plan of cost {}, passed over", format::cost(cost)).into_any()
        }
        GoalVerdict::Planned { cost, chosen: true } => view! {
            <span class="badge o-solved">
                <Icon name="o-solved" class="o" />
                {format!("Planned, cost {}", format::cost(cost))}
            </span>
        }
        .into_any(),
        GoalVerdict::Failed(outcome) => view! { <Badge outcome=Some(outcome) /> }.into_any(),
    }
}
