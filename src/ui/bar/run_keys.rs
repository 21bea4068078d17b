//! Run, Pause, Step and Cancel.

use leptos::prelude::*;

use super::super::icon::Icon;
use super::super::runner::How;
use super::super::workbench::Workbench;

/// The four keys.
#[component]
pub fn RunKeys(bench: Workbench) -> impl IntoView {
    let is_blocked = move || bench.blocked.with(Option::is_some);
    let has_no_document = move || bench.shelf.open.with(Option::is_none);
    view! {
        <div class="bar-run" role="group" aria-label="Run">
            <button
                class="key run"
                type="button"
                disabled=is_blocked
                title=move || bench.blocked.get()
                on:click=move |_| bench.run(How::Plain)
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
                disabled=move || !bench.running.get()
                on:click=move |_| bench.runner.pause_or_resume()
            >
                <span class="key-l">
                    {move || if bench.paused.get() {
                        view! { <Icon name="i-run" /> }
                    } else {
                        view! { <Icon name="i-pause" /> }
                    }}
                    {move || if bench.paused.get() { "Resume" } else { "Pause" }}
                </span>
                <kbd>"Space"</kbd>
            </button>
            <button class="key" type="button" disabled=has_no_document on:click=move |_| bench.step()>
                <span class="key-l">
                    <Icon name="i-step" />
                    "Step"
                </span>
                <kbd>"."</kbd>
            </button>
            <button
                class="key"
                type="button"
                disabled=move || !bench.running.get()
                on:click=move |_| bench.runner.cancel()
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
