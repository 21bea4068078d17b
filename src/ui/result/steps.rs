//! The steps of a plan: what each changes, the running total, the state after the one selected.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use super::super::runner::Run;
use super::Workbench;
use crate::lang::goap::model::Value;
use crate::plan::{Change, Plan};
use crate::service::Response;
use crate::view::{format, plan};

/// Rows that are drawn in one task, and how long the next ones wait.
const ROWS_AT_ONCE: usize = 30;
const PAUSE: Duration = Duration::from_millis(30);
/// Rows that are drawn by themselves; more are asked for.
const ROWS: usize = 300;

/// How many rows are there, and how many are to be there.
#[derive(Clone, Copy)]
struct Rows {
    steps: usize,
    drawn: RwSignal<usize>,
    wanted: RwSignal<usize>,
}

impl Rows {
    fn new(steps: usize) -> Self {
        let rows = Self {
            steps,
            drawn: RwSignal::new(ROWS_AT_ONCE.min(steps)),
            wanted: RwSignal::new(ROWS.min(steps)),
        };
        rows.draw_later();
        rows
    }

    /// Wants at least so many.
    fn want(self, rows: usize) {
        if rows > self.wanted.get_untracked() {
            self.wanted.set(rows.min(self.steps));
            self.draw_later();
        }
    }

    fn draw_later(self) {
        set_timeout(
            move || {
                // The table may be gone by now.
                let (Some(drawn), Some(wanted)) =
                    (self.drawn.try_get_untracked(), self.wanted.try_get_untracked())
                else {
                    return;
                };
                if drawn < wanted {
                    self.drawn.set((drawn + ROWS_AT_ONCE).min(wanted));
                    self.draw_later();
                }
            },
            PAUSE,
        );
    }
}

/// The table of steps. A step and its node in the scope are selected together.
#[component]
pub fn Steps(
    bench: Workbench,
    run: StoredValue<Run, LocalStorage>,
    response: StoredValue<Rc<Response>, LocalStorage>,
) -> impl IntoView {
    let node_of = move |step: usize| {
        run.with_value(|run| run.with_trace(|trace| trace.plan.get(step + 1).copied())).flatten()
    };
    let steps = response.with_value(|response| response.plan.as_ref().map_or(0, |plan| plan.steps.len()));
    let chosen = RwSignal::new(None::<usize>);
    // The scope's selection decides where the plan's path is recorded; the table's own elsewhere.
    let current = Memo::new(move |_| match bench.runner.selected.get() {
        Some(node) => run
            .with_value(|run| run.with_trace(|trace| trace.plan.iter().position(|own| *own == node)))
            .flatten()
            .and_then(|at| at.checked_sub(1)),
        None => chosen.get(),
    });
    let rows = Rows::new(steps);
    Effect::new(move |_| current.get().into_iter().for_each(|step| rows.want(step + 1)));
    let left = move || steps.saturating_sub(rows.wanted.get());
    let choose = move |step: usize| {
        let is_open = current.get_untracked() == Some(step);
        chosen.set(if is_open { None } else { Some(step) });
        bench.runner.selected.set(if is_open { None } else { node_of(step) });
    };
    view! {
        <div class="flush">
            <table class="steps">
                <thead>
                    <tr>
                        <th scope="col">"Step"</th>
                        <th scope="col">"Action"</th>
                        <th scope="col">"What changes"</th>
                        <th scope="col" class="r">"Total"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || 0..rows.drawn.get() key=|step| *step let:step>
                        <Row response step current choose />
                    </For>
                </tbody>
            </table>
        </div>
        <Show when=move || { left() > 0 }>
            <p>
                <button class="btn line" type="button" on:click=move |_| rows.want(rows.wanted.get() + ROWS)>
                    {move || format!("{} more steps", format::count(left() as u64))}
                </button>
            </p>
        </Show>
    }
}

#[component]
fn Row(
    response: StoredValue<Rc<Response>, LocalStorage>,
    step: usize,
    current: Memo<Option<usize>>,
    #[prop(into)] choose: Callback<usize>,
) -> impl IntoView {
    let is_current = Memo::new(move |_| current.get() == Some(step));
    let (label, total, changed) = response.with_value(|response| {
        let own = response.plan.as_ref().and_then(|plan| plan.steps.get(step));
        let names = response.plan.as_ref().map_or(&[][..], |plan| &plan.variables);
        let changed = own.map(|own| changes(names, &own.changes));
        (own.map(plan::step_label), own.map(|own| format::cost(own.total)), changed)
    });
    view! {
        <tr class:sel=move || is_current.get() class="press" on:click=move |_| choose.run(step)>
            <td class="ix">{step + 1}</td>
            <td class="op wrap">
                <button type="button" aria-expanded=move || is_current.get().to_string()>
                    {label}
                </button>
            </td>
            <td>{changed}</td>
            <td class="r">{total}</td>
        </tr>
        {move || is_current.get().then(|| response.with_value(|response| detail(response, step)))}
    }
}

fn detail(response: &Response, step: usize) -> impl IntoView + use<> {
    let plan = response.plan.as_ref();
    let state = plan.map(|plan| state(plan, step));
    view! {
        <tr class="detail">
            <td colspan="4">
                <span class="cap">{format!("State after step {}", step + 1)}</span>
                <dl class="state">{state}</dl>
            </td>
        </tr>
    }
}

fn state(plan: &Plan, step: usize) -> impl IntoView + use<> {
    let touched = |variable| plan.steps[step].changes.iter().any(|change| change.variable == variable);
    let is_atom = |variable: usize| plan.variables.get(variable).is_some_and(|name| name.starts_with('('));
    plan::state_after(plan, step + 1)
        .into_iter()
        .enumerate()
        // Of the atoms of PDDL those are listed that hold.
        .filter(|(variable, value)| !is_atom(*variable) || *value != Value::Bool(false))
        .map(|(variable, value)| {
            view! {
                <div class:touched=touched(variable)>
                    <dt>{plan.variables.get(variable).cloned()}</dt>
                    <dd>{(!is_atom(variable) || value != Value::Bool(true)).then(|| value.to_string())}</dd>
                </div>
            }
        })
        .collect_view()
}

/// A change as `wood 1 → 2`; of an atom of PDDL as `+ (on a b)`.
fn changed(name: String, change: &Change) -> AnyView {
    if let (true, Value::Bool(is)) = (name.starts_with('('), &change.to) {
        let (sign, word) = if *is { ("+ ", "added: ") } else { ("− ", "deleted: ") };
        return view! {
            <span class="vh">{word}</span>
            <span aria-hidden="true">{sign}</span>
            <i>{name}</i>
        }
        .into_any();
    }
    view! {
        <i>{name}</i>
        " "
        {change.from.to_string()}
        <em aria-label="to">"→"</em>
        {change.to.to_string()}
    }
    .into_any()
}

/// Changes, one beside the other.
fn changes(names: &[String], changes: &[Change]) -> impl IntoView + use<> {
    let changes = changes
        .iter()
        .map(|change| {
            view! {
                <span>
                    {changed(names.get(change.variable).cloned().unwrap_or_default(), change)}
                </span>
            }
        })
        .collect_view();
    view! { <div class="chg">{changes}</div> }
}
