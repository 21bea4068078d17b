//! The note over a result that is old: what has changed, and the ways back and on.

use leptos::prelude::*;

use super::super::outdated::Outdated;
use super::super::runner::How;
use super::Workbench;
use crate::service::Settings;

/// The note over a result that is old; nothing where it is not.
#[component]
pub fn Note(bench: Workbench) -> impl IntoView {
    let text = move || {
        let outdated = bench.outdated.get()?;
        Some(outdated.sentence(bench.run_on_screen()?.response.is_none()))
    };
    let other_text =
        Memo::new(move |_| bench.outdated.with(|old| old.as_ref().is_some_and(Outdated::is_of_other_text)));
    let other_settings = Memo::new(move |_| {
        bench.outdated.with(|old| old.as_ref().is_some_and(|old| old.engine.is_some() || old.goals))
    });
    let back_to_text = move |_| {
        if let Some(run) = bench.runner.on_screen_untracked() {
            bench.shelf.set_problem(run.problem);
        }
    };
    let back_to_settings = move |_| {
        if let Some(run) = bench.runner.on_screen_untracked() {
            let now = bench.shelf.settings.get_untracked();
            let Settings { engine, goals, .. } = run.asked;
            bench.shelf.set_settings(Settings { engine, goals, ..now });
        }
    };
    view! {
        <Show when=move || bench.outdated.with(Option::is_some)>
            <div class="outdated" role="note">
                <p>{text}</p>
                <div class="acts">
                    <Show when=move || other_text.get()>
                        <button class="btn line" type="button" on:click=back_to_text>
                            "Back to its text"
                        </button>
                    </Show>
                    <Show when=move || other_settings.get()>
                        <button class="btn line" type="button" on:click=back_to_settings>
                            "Back to its engine and goals"
                        </button>
                    </Show>
                    <button
                        class="btn line"
                        type="button"
                        disabled=move || bench.blocked.with(Option::is_some)
                        on:click=move |_| bench.run(How::Plain)
                    >
                        "Run as it is now"
                    </button>
                </div>
            </div>
        </Show>
    }
}
