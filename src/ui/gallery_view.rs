//! The gallery as it is shown.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::focus;
use super::gallery::{Example, GROUPS};
use super::gallery_more::More;
use super::growing_tree::GrowingTree;
use super::icon::Icon;
use super::sheet::Pane;
use super::tasks::Tasks;
use super::workbench::Workbench;
use crate::service::Problem;

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

/// Fetches an example and opens it.
async fn open(bench: Workbench, example: Example, is_pddl: bool) {
    let problem = if is_pddl {
        let domain = domain(example).await;
        let problem = fetched(&["./examples/pddl/", example.file, ".problem.pddl"].concat()).await;
        domain
            .zip(problem)
            .map(|(domain, problem)| Problem::Pddl { domain: domain.into(), problem: problem.into() })
    } else {
        let text = fetched(&["./examples/", example.file, ".goap.json"].concat()).await;
        text.map(|text| Problem::Goap { text: text.into() })
    };
    show(bench, example, example.name.to_owned(), problem);
}

/// The domain of an example.
pub async fn domain(example: Example) -> Option<String> {
    fetched(&["./examples/pddl/", example.file, ".domain.pddl"].concat()).await
}

/// The text of a file beside the page.
async fn fetched(file: &str) -> Option<String> {
    let answer = JsFuture::from(window().fetch_with_str(file)).await.ok()?;
    let answer: web_sys::Response = answer.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

/// Opens the texts of an example: the document that they became before, where they are still the same.
pub fn show(bench: Workbench, example: Example, name: String, problem: Option<Problem>) {
    let shelf = bench.shelf;
    let Some(problem) = problem else {
        shelf.tell(format!(
            "{} could not be loaded: the page's files are out of reach. Try again when they are back.",
            example.name
        ));
        return;
    };
    let same = shelf.documents.with_untracked(|documents| {
        let is_same =
            |kept: &&crate::store::Document| kept.name == name && super::shelf::problem_of(kept) == problem;
        documents.iter().find(is_same).map(|kept| kept.id.clone())
    });
    match same {
        Some(id) => shelf.open(&id),
        None => shelf.create(name, &problem),
    }
    bench.sheet.gallery.set(false);
    bench.sheet.left_result.set(false);
    bench.sheet.pane.set(Pane::Problem);
    // The entry that had the focus is gone with the gallery.
    request_animation_frame(focus::into_scope);
}
