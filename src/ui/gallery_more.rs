//! More problems of an example's kind: of any size that it says, and another one with every press.

use leptos::prelude::*;

use super::gallery::Example;
use super::gallery_open::{domain, show};
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
    // What was typed, where it is no size that can be made.
    let wrong = RwSignal::new(false);
    let choose = move |event| match event_target_value(&event).trim().parse::<u32>() {
        Ok(wanted) if (least..=most).contains(&wanted) => {
            wrong.set(false);
            size.set(wanted);
        }
        _ => wrong.set(true),
    };
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if wrong.get_untracked() {
            return;
        }
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
        <form class="more" novalidate on:submit=make>
            <input
                class="num"
                class:wrong=move || wrong.get()
                type="number"
                min=least
                max=most
                aria-label=label
                aria-invalid=move || wrong.get().to_string()
                prop:value=size.get_untracked()
                on:input=choose
            />
            <span class="sub" class:err=move || wrong.get()>
                {format!("{least} to {most} {}", generator.size_label())}
            </span>
            <button class="btn line" type="submit" disabled=move || wrong.get()>
                {move || format!("Generate with {}", size.get())}
                <span class="vh">{format!(" {}, {}", generator.size_label(), example.name)}</span>
            </button>
        </form>
    }
}
