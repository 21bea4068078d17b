//! What is said once, in a calm line below the bar: storage, refusals, a new version.

use leptos::prelude::*;

use super::workbench::Workbench;
use crate::service::EngineCode;

/// With this event the start script says that a new version waits.
const UPDATE: &str = "planscope-update";
/// With this one it is told that the new version may take over; it reloads the page then.
const ACCEPTED: &str = "planscope-update-accepted";

/// The lines; nothing where there is nothing to say.
#[component]
pub fn Notices(bench: Workbench) -> impl IntoView {
    let has_update = RwSignal::new(false);
    let listener = window_event_listener_untyped(UPDATE, move |_| has_update.set(true));
    on_cleanup(move || listener.remove());
    let reload = move |_| {
        bench.shelf.save_now();
        if let Ok(accepted) = web_sys::CustomEvent::new(ACCEPTED) {
            // Where nobody hears it, the old version goes on working.
            let _ = window().dispatch_event(&accepted);
        }
    };
    let problems = bench.shelf.problems;
    view! {
        <div class="notices" role="status">
            <Show when=move || has_update.get()>
                <p class="notice">
                    <span>"A new version is ready."</span>
                    <button class="btn line" type="button" on:click=reload>
                        "Reload"
                    </button>
                </p>
            </Show>
            {move || {
                let EngineCode::Missing(reason) = bench.engine.get() else { return None };
                let again = move |_| bench.host.with_value(|host| host.fetch_engine());
                Some(
                    view! {
                        <p class="notice">
                            <span>{format!("The planner did not load ({reason}). You can go on writing; runs wait for it.")}</span>
                            <button class="btn line" type="button" on:click=again>
                                "Try again"
                            </button>
                        </p>
                    },
                )
            }}
            <For each=move || problems.get() key=Clone::clone let:problem>
                <p class="notice">
                    <span>{problem.clone()}</span>
                    <button
                        class="btn quiet"
                        type="button"
                        on:click={
                            let gone = problem.clone();
                            move |_| problems.update(|all| all.retain(|kept| *kept != gone))
                        }
                    >
                        "Close"
                    </button>
                </p>
            </For>
            {move || {
                bench
                    .runner
                    .notice
                    .get()
                    .map(|text| {
                        view! {
                            <p class="notice">
                                <span>{text}</span>
                                <button class="btn quiet" type="button" on:click=move |_| bench.runner.notice.set(None)>
                                    "Close"
                                </button>
                            </p>
                        }
                    })
            }}
            {move || bench.shelf.replaced.get().map(|replaced| view! {
                <p class="notice">
                    <span>{replaced.what}</span>
                    <button class="btn line" type="button" on:click=move |_| bench.shelf.undo_replace()>
                        "Undo"
                    </button>
                    <button class="btn quiet" type="button" on:click=move |_| bench.shelf.replaced.set(None)>
                        "Close"
                    </button>
                </p>
            })}
            <Show when=move || bench.shelf.deleted.with(Option::is_some)>
                <p class="notice">
                    <span>
                        {move || bench.shelf.deleted.with(|gone| gone.as_ref().map(|gone| format!("Deleted “{}”.", gone.name)))}
                    </span>
                    <button class="btn line" type="button" on:click=move |_| bench.shelf.undo_delete()>
                        "Undo"
                    </button>
                    <button class="btn quiet" type="button" on:click=move |_| bench.shelf.deleted.set(None)>
                        "Close"
                    </button>
                </p>
            </Show>
        </div>
    }
}
