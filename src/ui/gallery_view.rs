//! The gallery as it is shown.

use leptos::prelude::*;

use super::gallery::{Example, GROUPS};
use super::gallery_more::More;
use super::gallery_open::open;
use super::growing_tree::GrowingTree;
use super::icon::Icon;
use super::tasks::Tasks;
use super::workbench::Workbench;

/// What is shown of the gallery, and whether it is in PDDL.
const FILTERS: [(&str, Option<bool>); 3] = [("All", None), ("GOAP", Some(false)), ("PDDL", Some(true))];

/// The gallery, and on a first visit what this is.
#[component]
pub fn GalleryView(bench: Workbench) -> impl IntoView {
    let has_document = move || bench.shelf.open.with(Option::is_some);
    let filter = bench.sheet.language;
    view! {
        <div class="first">
            <header>
                <h1>"Write a planning problem." <br /> "Watch it being solved."</h1>
                <p>
                    "Pick an example and press Run. The search runs in this tab, and every state it visits can be opened."
                </p>
                <button
                    class="btn line"
                    type="button"
                    on:click=move |_| {
                        bench.sheet.help_keys.set(false);
                        bench.sheet.help.set(true);
                    }
                >
                    "What is planning? The words in a minute"
                </button>
                <GrowingTree />
                <Show when=has_document>
                    <button class="btn line" type="button" on:click=move |_| bench.sheet.gallery.set(false)>
                        {move || format!("Back to “{}”", bench.shelf.name.get())}
                    </button>
                </Show>
                <div class="filter" role="group" aria-label="Language of the examples">
                    {FILTERS
                        .into_iter()
                        .map(|(word, own)| {
                            view! {
                                <button
                                    type="button"
                                    aria-pressed=move || (filter.get() == own).to_string()
                                    on:click=move |_| filter.set(own)
                                >
                                    {word}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </header>
            <div class="ex">
                {GROUPS
                    .into_iter()
                    .map(|group| {
                        let entry = |example: &Example| {
                            view! { <Entry bench example=*example is_pddl=group.is_pddl /> }
                        };
                        view! {
                            <section hidden=move || filter.get().is_some_and(|own| own != group.is_pddl)>
                                <h2>{group.name}</h2>
                                <ul>{group.examples.iter().map(entry).collect_view()}</ul>
                            </section>
                        }
                    })
                    .collect_view()}
            </div>
        </div>
    }
}

#[component]
fn Entry(bench: Workbench, example: Example, is_pddl: bool) -> impl IntoView {
    let tasks = Tasks::of_owner();
    let generator = example.generator().filter(|_| is_pddl);
    view! {
        <li>
            <button type="button" on:click=move |_| tasks.run(open(bench, example, is_pddl))>
                <span>
                    <b>{example.name}</b>
                    <span class="shows">{example.shows}</span>
                </span>
                <span class="go" aria-hidden="true">
                    <Icon name="i-step" />
                </span>
            </button>
            {generator.map(|generator| view! { <More bench example generator /> })}
        </li>
    }
}
