//! What can be done with a plan: copy and export.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use super::super::files;
use super::super::popup::Popup;
use super::super::runner::Run;
use super::super::tasks::Tasks;
use crate::plan::Plan;
use crate::service::{Problem, Response, ResultReport};

/// Copies the plan as the text of a plan file.
#[component]
pub fn CopyPlan(response: StoredValue<Rc<Response>, LocalStorage>) -> impl IntoView {
    view! { <Copy text=move |()| plan_file(response) word="Copy plan" /> }
}

fn plan_file(response: StoredValue<Rc<Response>, LocalStorage>) -> String {
    response.with_value(|response| response.plan.as_ref().map(Plan::text).unwrap_or_default())
}

/// The result in the shape of the command line's `--json`. A function apart, of the engine's half.
#[inline(never)]
fn json(response: &Response, problem: &Problem) -> String {
    // Every value of a report has a JSON form.
    serde_json::to_string_pretty(&ResultReport::from_response(response, &problem.sources()))
        .unwrap_or_default()
}

/// Saves the plan, or the whole result.
#[component]
pub fn Export(
    run: StoredValue<Run, LocalStorage>,
    response: StoredValue<Rc<Response>, LocalStorage>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let stem = move || {
        response.with_value(|response| {
            let name = Some(response.name.clone()).filter(|name| !name.is_empty());
            name.or_else(|| response.goal.clone()).unwrap_or_else(|| "plan".into())
        })
    };
    let save_plan = move |_| {
        files::download(&files::file_name(&stem(), ".plan"), &plan_file(response));
        open.set(false);
    };
    let save_result = move |_| {
        let text = response.with_value(|response| run.with_value(|run| json(response, &run.problem)));
        files::download(&files::file_name(&stem(), ".result.json"), &text);
        open.set(false);
    };
    view! {
        <Popup id="export" label="Export" open class="btn quiet" trigger=|| "Export…">
            <button class="btn quiet" type="button" on:click=save_plan>
                "Plan file"
            </button>
            <button class="btn quiet" type="button" on:click=save_result>
                "Result as JSON"
            </button>
        </Popup>
    }
}

/// A button that copies a text and says so.
#[component]
pub fn Copy(
    /// The text.
    #[prop(into)]
    text: Callback<(), String>,
    /// What the button says.
    word: &'static str,
) -> impl IntoView {
    let said = RwSignal::new(None::<&'static str>);
    let tasks = Tasks::of_owner();
    let copy = move |_| {
        let text = text.run(());
        tasks.run(async move {
            let done = files::copy(&text).await;
            said.set(Some(if done { "Copied" } else { "The browser refused: use Export" }));
            set_timeout(
                move || {
                    said.try_set(None);
                },
                Duration::from_secs(2),
            );
        });
    };
    view! {
        <button class="btn line" type="button" aria-live="polite" on:click=copy>
            {move || said.get().unwrap_or(word)}
        </button>
    }
}
