//! A plan: what it costs, how strong the claim is, where it comes from, its steps.

use std::rc::Rc;

use leptos::prelude::*;

use super::super::prose::prose;
use super::super::runner::{How, Run};
use super::Workbench;
use super::actions::{CopyPlan, Export};
use super::goals::Goals;
use super::improvements::improvements;
use super::steps::Steps;
use super::why::sentence;
use crate::service::{Provenance, Response};
use crate::view::visible::visible;
use crate::view::{format, words};

/// The panel of a plan.
#[component]
pub fn SolvedPanel(
    bench: Workbench,
    run: StoredValue<Run, LocalStorage>,
    response: StoredValue<Rc<Response>, LocalStorage>,
) -> impl IntoView {
    let response_now = response.get_value();
    let Some(plan) = response_now.plan.clone() else { return ().into_any() };
    let is_empty = plan.steps.is_empty();
    let statement = if is_empty {
        "Nothing to do: the goal holds at the start.".to_owned()
    } else {
        let steps = format::plural(plan.steps.len() as u64, "step", "steps");
        format!("{steps}, cost {}", format::cost(plan.cost))
    };
    let is_pddl = run.with_value(|run| run.problem.is_pddl());
    let goal = response_now.goal.as_ref().filter(|_| !is_pddl);
    let goal = goal.map(|goal| format!("Reaches “{}”. ", visible(goal)));
    let engine = run.with_value(|run| words::engine(&run.settings.engine));
    let from = provenance(&response_now.provenance, &engine);
    let can_prove = !response_now.optimal;
    view! {
        <p class="say">{statement}</p>
        <p>{goal} {prose(&sentence(&response_now.optimality))}</p>
        <p class="sub">{from}</p>
        {improvements(&response_now.improvements)}
        <div class="acts">
            <CopyPlan response />
            <Show when=move || can_prove>
                <button
                    class="btn line"
                    type="button"
                    title="Runs again with A* and hmax, which never overestimates"
                    disabled=move || bench.blocked.with(Option::is_some)
                    on:click=move |_| bench.run(How::ProveOptimal)
                >
                    "Prove optimal"
                </button>
            </Show>
            <Export run response />
        </div>
        {(!is_empty).then(|| view! { <Steps bench run response /> })}
        <Goals response />
    }
    .into_any()
}

fn provenance(from: &Provenance, engine: &str) -> String {
    match from {
        Provenance::Search => format!("Found by {engine}; checked by replay on the document."),
        Provenance::Pattern { engine, .. } => {
            let finder = words::finder(engine);
            format!("Kept from {finder}; checked by replay on the document. Nothing was searched.")
        }
    }
}
