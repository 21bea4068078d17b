//! Outcomes as glyph and word, the same wherever they are shown.

use leptos::prelude::*;

use super::icon::Icon;
use crate::search::Outcome;
use crate::view::words;

/// The shape of an outcome; `None` stands for a search under way.
pub fn glyph(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        None => "o-running",
        Some(Outcome::Solved) => "o-solved",
        Some(Outcome::Unsolvable) => "o-unsolvable",
        Some(Outcome::Exhausted) => "o-exhausted",
        Some(Outcome::TimeLimit) => "o-time",
        Some(Outcome::MemoryLimit) => "o-memory",
        Some(Outcome::Cancelled) => "o-cancelled",
        Some(Outcome::Fault) => "i-error",
    }
}

/// An outcome in a line of text or a cell of a table.
#[component]
pub fn Badge(
    /// The outcome; `None` while the search is under way.
    outcome: Option<Outcome>,
) -> impl IntoView {
    let shape = glyph(outcome);
    view! {
        <span class=format!("badge {shape}")>
            <Icon name=shape class="o" />
            {outcome.map_or("Searching", words::outcome)}
        </span>
    }
}
