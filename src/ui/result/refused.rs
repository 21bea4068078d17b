//! The step at which a search ended because it would cost less than nothing: what it is, and the state there.

use leptos::prelude::*;

use crate::service::RefusedStep;
use crate::view::format;
use crate::view::visible::visible;

/// Most lines of each list; a state can have thousands of atoms.
const MOST_LINES: usize = 200;

/// The step, the way to it, and the state before it.
#[component]
pub fn Refused(step: RefusedStep) -> impl IntoView {
    let RefusedStep { step, cost, after, atoms, values } = step;
    let before = match after.len() {
        0 => "It is the first step: the state is the initial one.".to_owned(),
        steps => format!("It would follow {}.", format::plural(steps as u64, "step", "steps")),
    };
    let values = values.iter().map(|(name, value)| format!("{name} = {}", format::cost(*value)));
    let state: Vec<String> = values.chain(atoms).collect();
    view! {
        <div class="h">
            <h2>"The step"</h2>
            <span class="sub">{format!("cost {}", format::cost(cost))}</span>
        </div>
        <p>
            <code>{visible(&step).into_owned()}</code>
            ". "
            {before}
            " No step may cost less than nothing: change its effect on the total, or the values that it reads."
        </p>
        {(!after.is_empty()).then(|| lines("The steps before it", after))}
        {lines("The state there", state)}
    }
}

/// A list under a heading.
fn lines(heading: &'static str, all: Vec<String>) -> impl IntoView {
    let left_out = all.len().saturating_sub(MOST_LINES);
    let count = format::count(all.len() as u64);
    let items = all.into_iter().take(MOST_LINES).map(|line| {
        view! { <li><code>{visible(&line).into_owned()}</code></li> }
    });
    view! {
        <div class="h">
            <h2>{heading}</h2>
            <span class="sub">{count}</span>
        </div>
        <ol class="lines">{items.collect_view()}</ol>
        {(left_out > 0).then(|| view! { <p class="sub">{format!("{} more are not listed.", format::count(left_out as u64))}</p> })}
    }
}
