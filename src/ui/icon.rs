//! Icons of the sprite, always beside words or a label.

use leptos::prelude::*;

/// The shapes; one file, part of the page.
const SPRITE: &str = include_str!("../../www/icons/sprite.svg");

/// The sprite that [`Icon`] refers to; once on the page.
#[component]
pub fn Sprite() -> impl IntoView {
    view! { <div class="sprite" aria-hidden="true" inner_html=SPRITE></div> }
}

/// A shape of the sprite.
#[component]
pub fn Icon(
    /// Its id.
    name: &'static str,
    /// `i` for controls, `n` for nodes, `o` for outcomes.
    #[prop(default = "i")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg class=class aria-hidden="true">
            <use_ href=format!("#{name}")></use_>
        </svg>
    }
}
