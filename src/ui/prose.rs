//! Messages as they are shown: what stands in backticks is code.

use leptos::prelude::*;

/// A message with its code set as code.
pub fn prose(text: &str) -> impl IntoView + use<> {
    // Pieces at odd places stood between backticks.
    let pieces = text.split('`').map(str::to_owned).enumerate().map(|(at, piece)| {
        if at % 2 == 1 { view! { <code>{piece}</code> }.into_any() } else { piece.into_any() }
    });
    pieces.collect_view()
}
