//! The plans of an anytime engine as they come: cost over time.

use leptos::prelude::*;

use crate::service::PlanReport;
use crate::view::format;

/// Plans that are listed: the latest.
const MOST: usize = 12;

/// A table of the plans so far, the cheapest first; nothing where there are fewer than two.
pub(super) fn improvements(plans: &[PlanReport]) -> Option<impl IntoView + use<>> {
    if plans.len() < 2 {
        return None;
    }
    let rows = plans.iter().rev().take(MOST).map(|plan| {
        view! {
            <tr>
                <td class="num">{format::cost(plan.cost)}</td>
                <td class="num">{plan.length}</td>
                <td class="num">{format::count(plan.expanded)}</td>
                <td class="num">{format::millis(plan.ms).to_string()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    Some(view! {
        <table aria-label="Better and better plans">
            <thead>
                <tr>
                    <th scope="col">"Cost"</th>
                    <th scope="col">"Steps"</th>
                    <th scope="col">"Expanded"</th>
                    <th scope="col">"Time"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    })
}
