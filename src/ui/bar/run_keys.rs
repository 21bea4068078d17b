//! Run, Pause, Step and Cancel.

use leptos::prelude::*;

use super::super::icon::Icon;
use super::super::modes::Press;
use super::super::workbench::Workbench;

/// The four keys.
#[component]
pub fn RunKeys(bench: Workbench) -> impl IntoView {
    let drive = Memo::new(move |_| bench.drive());
    let is_blocked = move || drive.with(|drive| drive.blocked.is_some());
    let is_paused = move || drive.with(|drive| drive.paused);
    let is_idle = move || drive.with(|drive| !drive.running);
    let has_no_steps = move || drive.with(|drive| !drive.steps);
    view! {
        <div class="bar-run" role="group" aria-label="Run">
            <button
                class="key run"
                type="button"
                disabled=is_blocked
                title=move || drive.with(|drive| drive.blocked.clone())
                on:click=move |_| bench.press(Press::Run)
            >
                <span class="key-l">
                    <Icon name="i-run" />
                    "Run"
                </span>
                <kbd>"Ctrl ↵"</kbd>
            </button>
            <button
                class="key"
                type="button"
                disabled=is_idle
                on:click=move |_| bench.press(Press::Pause)
            >
                <span class="key-l">
                    {move || if is_paused() {
                        view! { <Icon name="i-run" /> }
                    } else {
                        view! { <Icon name="i-pause" /> }
                    }}
                    {move || if is_paused() { "Resume" } else { "Pause" }}
                </span>
                <kbd>"Space"</kbd>
            </button>
            <button class="key" type="button" disabled=has_no_steps on:click=move |_| bench.press(Press::Step)>
                <span class="key-l">
                    <Icon name="i-step" />
                    "Step"
                </span>
                <kbd>"."</kbd>
            </button>
            <button
                class="key"
                type="button"
                disabled=is_idle
                on:click=move |_| bench.press(Press::Cancel)
            >
                <span class="key-l">
                    <Icon name="i-stop" />
                    "Cancel"
                </span>
                <kbd>"Esc"</kbd>
            </button>
        </div>
    }
}
