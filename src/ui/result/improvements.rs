//! The plans of an anytime engine as they come: cost over time.

use leptos::prelude::*;

use crate::service::PlanReport;
use crate::view::format;

/// Plans that are listed: the latest.
const MOST: usize = 12;

/// A table of the plans so far, the latest and cheapest first; nothing where there is none.
pub(super) fn improvements(plans: &[PlanReport]) -> Option<impl IntoView + use<>> {
    if plans.is_empty() {
        return None;
    }
    let rows = plans.iter().rev().take(MOST).map(|plan| {
        view! {
            <tr>
                <td class="r">{format::cost(plan.cost)}</td>
                <td class="r">{plan.length}</td>
                <td class="r">{format::count(plan.expanded)}</td>
                <td class="r">{format::millis(plan.ms).to_string()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    Some(view! {
        <div class="h">
            <h2>"Plans found"</h2>
            <span class="sub">"the latest first, each cheaper than the one below it"</span>
        </div>
        <div class="flush">
            <table>
                <thead>
                    <tr>
                        <th scope="col" class="r">"Cost"</th>
                        <th scope="col" class="r">"Steps"</th>
                        <th scope="col" class="r">"Expanded"</th>
                        <th scope="col" class="r">"Time"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    })
}
