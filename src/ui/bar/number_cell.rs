//! A choice of a number, in the bar.

use leptos::prelude::*;

/// A cell with some numbers to choose from.
#[component]
pub fn NumberCell(
    /// What it is called.
    caption: &'static str,
    /// The numbers.
    choices: &'static [usize],
    /// The one that is chosen.
    chosen: RwSignal<usize>,
    /// Whether it cannot be changed now.
    #[prop(into)]
    is_fixed: Signal<bool>,
) -> impl IntoView {
    let choose = move |event| {
        if let Ok(number) = event_target_value(&event).parse() {
            chosen.set(number);
        }
    };
    view! {
        <label class="cell">
            <span class="cap">{caption}</span>
            <select class="val" disabled=move || is_fixed.get() on:change=choose>
                {choices
                    .iter()
                    .map(|&number| {
                        view! {
                            <option value=number prop:selected=move || chosen.get() == number>
                                {number}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}
