//! The state of a node, and what changed from its parent's.

use leptos::prelude::*;

use crate::lang::goap::model::Value;
use crate::service::{NodeReport, StateRow};
use crate::view::format;

/// The variables or facts of a state, those first that its action changed; all of them where that is asked for.
#[component]
pub fn StateTable(report: NodeReport, all: RwSignal<bool>, is_pddl: bool) -> impl IntoView {
    let action = report.step.as_ref().map(|step| step.action.clone()).unwrap_or_default();
    let is_root = report.parent.is_none();
    let rows = report.state;
    let total = rows.len();
    let changed = rows.iter().filter(|row| row.from != row.to).count();
    let rows = StoredValue::new(rows);
    let shows_all = move || all.get() || is_root;
    let body = move || {
        let rows = rows.get_value().into_iter().filter(|row| shows_all() || row.from != row.to);
        rows.map(|StateRow { name, from, to }| {
            let is_changed = from != to;
            let by = if is_changed { format!("by {action}") } else { String::new() };
            view! {
                <tr class:same=!is_changed>
                    <td class="op" class:wrap=is_pddl>{name}</td>
                    <td>{value(&from, &to, is_pddl)}</td>
                    <td class="r sub">{by}</td>
                </tr>
            }
        })
        .collect_view()
    };
    let (one, many) = if is_pddl { ("fact", "facts") } else { ("variable", "variables") };
    let count = format::plural(total as u64, one, many);
    let sub = if is_root { count } else { format!("{changed} of {count} changed from the parent") };
    view! {
        <div class="h">
            <h2>"State"</h2>
            <span class="sub">{sub}</span>
            <span class="grow"></span>
            <Show when=move || !is_root>
                <button
                    class="btn quiet"
                    type="button"
                    aria-pressed=move || all.get().to_string()
                    on:click=move |_| all.update(|all| *all = !*all)
                >
                    {move || if all.get() { "Only changed".to_owned() } else { format!("All {total}") }}
                </button>
            </Show>
        </div>
        <div class="flush">
            <table>
                <thead class="vh">
                    <tr>
                        <th scope="col">{if is_pddl { "Fact" } else { "Variable" }}</th>
                        <th scope="col">"Value"</th>
                        <th scope="col">"Changed by"</th>
                    </tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

/// A value, and the one before where it changed. An atom of PDDL comes, goes or holds.
fn value(from: &Value, to: &Value, is_pddl: bool) -> AnyView {
    if let (true, Value::Bool(was), Value::Bool(is)) = (is_pddl, from, to) {
        let word = match (was, is) {
            (false, true) => "added",
            (true, false) => "deleted",
            _ => "holds",
        };
        return word.into_any();
    }
    if from == to {
        return to.to_string().into_any();
    }
    view! {
        {from.to_string()}
        <em class="to" aria-label="to">"→"</em>
        {to.to_string()}
    }
    .into_any()
}
