//! Messages as they are shown: what stands in backticks is code, and what is not seen has its number.

use leptos::prelude::*;

use crate::view::visible::visible;

/// A message with its code set as code.
pub fn prose(text: &str) -> impl IntoView + use<> {
    // Pieces at odd places stood between backticks.
    let text = visible(text);
    let pieces = text.split('`').map(str::to_owned).enumerate().map(|(at, piece)| {
        if at % 2 == 1 { view! { <code>{piece}</code> }.into_any() } else { piece.into_any() }
    });
    pieces.collect_view()
}
