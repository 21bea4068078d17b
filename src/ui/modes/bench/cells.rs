//! The settings of the bench, in the bar.

use leptos::prelude::*;

use super::super::super::bar::number_cell::NumberCell;
use super::Measuring;
use super::run::KINDS;

/// Choices of how many rounds there are.
const ROUNDS: [usize; 5] = [5, 10, 20, 50, 100];

/// The cells.
pub fn cells(measuring: Measuring) -> AnyView {
    let runs = move || measuring.standing.with(Option::is_some);
    view! {
        <label class="cell">
            <span class="cap">"Workloads"</span>
            <select
                class="val"
                disabled=runs
                on:change=move |event| {
                    let word = event_target_value(&event);
                    if let Some((_, kind)) = KINDS.iter().find(|(own, _)| *own == word) {
                        measuring.kind.set(*kind);
                    }
                }
            >
                {KINDS
                    .into_iter()
                    .map(|(word, kind)| {
                        view! { <option prop:selected=move || measuring.kind.get() == kind>{word}</option> }
                    })
                    .collect_view()}
            </select>
        </label>
        <NumberCell caption="Rounds" choices=&ROUNDS chosen=measuring.rounds is_fixed=Signal::derive(runs) />
    }
    .into_any()
}
