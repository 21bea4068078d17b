//! Keys of the application itself: shortcuts and theme.

use leptos::prelude::*;

use super::super::icon::Icon;
use super::super::workbench::Workbench;

/// Shortcuts and theme.
#[component]
pub fn AppKeys(bench: Workbench) -> impl IntoView {
    let theme = bench.theme;
    let label = move || {
        let choice = theme.choice.get();
        format!("Theme: {}. Switch to {}", choice.word(), choice.next().word())
    };
    view! {
        <div class="bar-app">
            <button
                class="btn icon"
                type="button"
                aria-label="Help: words and keys"
                title="What the words mean, and the keys (?)"
                on:click=move |_| bench.sheet.help.set(true)
            >
                <Icon name="i-help" />
            </button>
            <button class="btn icon" type="button" aria-label=label title=label on:click=move |_| theme.turn()>
                <Icon name="i-theme" />
            </button>
        </div>
    }
}
