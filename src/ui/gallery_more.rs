//! More problems of an example's kind: of any size, and another one with every press.

use leptos::prelude::*;

use super::gallery::Example;
use super::gallery_view::{domain, show};
use super::tasks::Tasks;
use super::workbench::Workbench;
use crate::examples::Generator;
use crate::service::Problem;

/// Seeds are drawn below this, so that they are short enough to be told.
const SEEDS: u64 = 10_000;

/// The size, and a button that makes a problem of it.
#[component]
pub fn More(bench: Workbench, example: Example, generator: Generator) -> impl IntoView {
    let tasks = Tasks::of_owner();
    let size = RwSignal::new(generator.default_size());
    let sizes = generator.sizes();
    let (least, most) = (*sizes.start(), *sizes.end());
    let label = format!("{}: {}", example.name, generator.size_label());
    let choose = move |event| {
        if let Ok(wanted) = event_target_value(&event).parse::<u32>() {
            size.set(wanted.clamp(least, most));
        }
    };
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let size = size.get_untracked();
        let (gate, seed) = bench.host.with_value(|host| (host.gate(), host.random() % SEEDS));
        tasks.run(async move {
            gate.opened().await;
            let name = format!("{}, {size} {}, no. {seed}", example.name, generator.size_label());
            let problem = domain(example).await.map(|domain| Problem::Pddl {
                domain: domain.into(),
                problem: generator.problem(size, seed).into(),
            });
            show(bench, example, name, problem);
        });
    };
    view! {
        <form class="more" on:submit=make>
            <input
                class="num"
                type="number"
                min=least
                max=most
                title=format!("{least} to {most}")
                aria-label=label
                prop:value=move || size.get()
                on:change=choose
            />
            <span class="sub">{generator.size_label()}</span>
            <button class="btn line" type="submit">
                "Another one"
                <span class="vh">{format!(" of {}", example.name)}</span>
            </button>
        </form>
    }
}
