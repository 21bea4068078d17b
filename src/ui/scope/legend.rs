//! The legend, which is also the filter, and what the tree is coloured by.
//!
//! Every mark of the tree has its word and its number here, however wide the pane is. Cells have one width, so
//! that the rows they take depend on the pane alone and the tree never moves while figures grow.

use leptos::prelude::*;

use super::super::icon::Icon;
use super::signals::ScopeSignals;
use crate::trace::Figures;
use crate::view::format::count;
use crate::view::ledger::Shape;
use crate::view::palette::ColourBy;

/// An entry: its mark, its name, its number, and what it means.
#[derive(Clone, Copy)]
struct Entry {
    shape: Shape,
    icon: &'static str,
    label: &'static str,
    number: fn(&Figures) -> u64,
    means: &'static str,
}

const ENTRIES: [Entry; 6] = [
    Entry {
        shape: Shape::Expanded,
        icon: "n-closed",
        label: "Expanded",
        number: |figures| figures.expanded,
        means: "how often the successors of a state were generated",
    },
    Entry {
        shape: Shape::Open,
        icon: "n-open",
        label: "Open",
        number: |figures| figures.open,
        means: "entries that wait in the open list",
    },
    Entry {
        shape: Shape::Reopened,
        icon: "n-reopened",
        label: "Reopened",
        number: |figures| figures.reopened,
        means: "how often an expanded state went back into the open list on a cheaper path",
    },
    Entry {
        shape: Shape::DeadEnd,
        icon: "n-dead",
        label: "Dead end",
        number: |figures| figures.dead_ends,
        means: "states that the heuristic proved to be dead ends",
    },
    Entry {
        shape: Shape::Duplicate,
        icon: "n-dup",
        label: "Duplicate",
        number: |figures| figures.duplicates,
        means: "successors that led to a state known before",
    },
    Entry {
        shape: Shape::Goal,
        icon: "n-goal",
        label: "Goal",
        number: |figures| figures.goals,
        means: "the state that satisfies the goal, at the end of the plan",
    },
];

/// The rows over the tree.
#[component]
pub fn Legend(signals: ScopeSignals) -> impl IntoView {
    let low = Memo::new(move |_| signals.statistics.with(|statistics| statistics.low.clone()));
    let high = Memo::new(move |_| signals.statistics.with(|statistics| statistics.high.clone()));
    let folded = Memo::new(move |_| signals.statistics.with(|statistics| statistics.folded));
    view! {
        <div class="legend" role="group" aria-label="Legend and filter">
            <div class="chips">
                {ENTRIES
                    .into_iter()
                    .map(|entry| {
                        let Entry { shape, icon, label, number, means } = entry;
                        let number = Memo::new(move |_| signals.figures.with(number));
                        view! { <Chip signals shape icon label means number /> }
                    })
                    .collect_view()}
                <Chip
                    signals
                    shape=Shape::Fold
                    icon="n-fold"
                    label="Folded"
                    means="states of subtrees too small to draw at this zoom"
                    number=folded
                />
                <PathKey signals />
            </div>
            <div class="colours">
                <label class="colourby">
                    <span class="cap">"Colour by"</span>
                    <select
                        prop:value=move || signals.by.get().label()
                        on:change=move |event| {
                            let label = event_target_value(&event);
                            let by = ColourBy::ALL.into_iter().find(|by| by.label() == label);
                            signals.by.set(by.unwrap_or_default());
                        }
                    >
                        {ColourBy::ALL.into_iter().map(|by| view! { <option value=by.label()>{by.label()}</option> }).collect_view()}
                    </select>
                </label>
                <div class="ramp">
                    <span class="rl num">{move || low.get()}</span>
                    <canvas node_ref=signals.canvases.ramp aria-hidden="true"></canvas>
                    <span class="rl num">{move || high.get()}</span>
                </div>
            </div>
        </div>
    }
}

#[component]
fn Chip(
    signals: ScopeSignals,
    shape: Shape,
    icon: &'static str,
    label: &'static str,
    means: &'static str,
    number: Memo<u64>,
) -> impl IntoView {
    let shown = move || !signals.hidden.get().contains(shape);
    view! {
        <button
            class="chip"
            type="button"
            aria-pressed=move || shown().to_string()
            title=move || {
                let does = if shown() { "Press to hide" } else { "Press to show" };
                format!("{label}, {}: {means}. {does}.", count(number.get()))
            }
            on:click=move |_| signals.hidden.update(|hidden| *hidden = hidden.toggled(shape))
        >
            <Icon name=icon class="n" />
            <span class="lab">{label}</span>
            <span class="num">{move || compact(number.get())}</span>
        </button>
    }
}

/// A count that fits its cell: from a million on with three decimals; the title has all digits.
fn compact(value: u64) -> String {
    if value < 1_000_000 { count(value) } else { format!("{:.3}M", value as f64 / 1e6) }
}

/// The line through the tree: the plan, or the way to the state with the least h.
#[component]
fn PathKey(signals: ScopeSignals) -> impl IntoView {
    let is_plan = Memo::new(move |_| signals.statistics.with(|statistics| statistics.is_plan));
    view! {
        <span
            class="chip key-line"
            title=move || if is_plan.get() { "The path of the plan" } else { "The path to the state with the least h so far" }
        >
            <svg class="n" viewBox="0 0 14 14" aria-hidden="true">
                <line x1="0" y1="7" x2="14" y2="7" stroke-dasharray=move || if is_plan.get() { "none" } else { "3 3" }></line>
            </svg>
            <span class="lab">{move || if is_plan.get() { "Plan" } else { "Best so far" }}</span>
        </span>
    }
}
