//! The legend, which is also the filter, and what the tree is coloured by.

use leptos::prelude::*;

use super::super::icon::Icon;
use super::painter::Desk;
use crate::view::format::count;
use crate::view::ledger::{Shape, StatusCounts};
use crate::view::palette::ColourBy;

/// An entry: its mark, its name, and its number.
struct Entry {
    shape: Shape,
    icon: &'static str,
    label: &'static str,
    number: fn(&StatusCounts) -> u64,
}

const ENTRIES: [Entry; 5] = [
    Entry { shape: Shape::Expanded, icon: "n-closed", label: "Expanded", number: |counts| counts.expanded },
    Entry { shape: Shape::Open, icon: "n-open", label: "Open", number: |counts| counts.open },
    Entry { shape: Shape::Reopened, icon: "n-reopened", label: "Reopened", number: |counts| counts.reopened },
    Entry { shape: Shape::DeadEnd, icon: "n-dead", label: "Dead end", number: |counts| counts.dead_ends },
    Entry { shape: Shape::Duplicate, icon: "n-dup", label: "Duplicate", number: |counts| counts.duplicates },
];

/// The row over the tree.
#[component]
pub fn Legend(desk: Desk) -> impl IntoView {
    let many = Memo::new(move |_| desk.facts.with(|facts| facts.nodes >= 5_000));
    let low = Memo::new(move |_| desk.facts.with(|facts| facts.low.clone()));
    let high = Memo::new(move |_| desk.facts.with(|facts| facts.high.clone()));
    view! {
        <div class="legend" class:many=move || many.get() role="group" aria-label="Legend and filter">
            <div class="chips">
                {ENTRIES.into_iter().map(|entry| view! { <Chip desk entry /> }).collect_view()}
            </div>
            <span class="grow"></span>
            <label class="colourby">
                <span class="vh">"Colour by"</span>
                <select
                    prop:value=move || desk.by.get().label()
                    on:change=move |event| {
                        let label = event_target_value(&event);
                        let by = ColourBy::ALL.into_iter().find(|by| by.label() == label);
                        desk.by.set(by.unwrap_or_default());
                    }
                >
                    {ColourBy::ALL.into_iter().map(|by| view! { <option value=by.label()>{by.label()}</option> }).collect_view()}
                </select>
            </label>
            <div class="ramp">
                <span class="rl num">{move || low.get()}</span>
                <canvas node_ref=desk.canvases.ramp aria-hidden="true"></canvas>
                <span class="rl num">{move || high.get()}</span>
            </div>
        </div>
    }
}

#[component]
fn Chip(desk: Desk, entry: Entry) -> impl IntoView {
    let Entry { shape, icon, label, number } = entry;
    let shown = move || !desk.hidden.get().contains(shape);
    let number = Memo::new(move |_| desk.facts.with(|facts| number(&facts.counts)));
    view! {
        <button
            class="chip"
            type="button"
            aria-pressed=move || shown().to_string()
            title=move || if shown() { format!("Hide: {label}") } else { format!("Show: {label}") }
            on:click=move |_| desk.hidden.update(|hidden| *hidden = hidden.toggled(shape))
        >
            <Icon name=icon class="n" />
            <span class="lab">{label}</span>
            <span class="num">{move || count(number.get())}</span>
        </button>
    }
}
