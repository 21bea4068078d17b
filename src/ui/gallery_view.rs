//! The gallery as it is shown.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::gallery::{Example, GROUPS};
use super::icon::Icon;
use super::sheet::Pane;
use super::tasks::Tasks;
use super::workbench::Workbench;

/// The gallery, and on a first visit what this is.
#[component]
pub fn GalleryView(bench: Workbench) -> impl IntoView {
    let has_document = move || bench.shelf.open.with(Option::is_some);
    view! {
        <div class="first">
            <header>
                <h1>"Write a planning problem." <br /> "Watch it being solved."</h1>
                <p>
                    "Pick an example and press Run. The search runs in this tab, and every state it visits can be opened."
                </p>
                <Show when=has_document>
                    <button class="btn line" type="button" on:click=move |_| bench.sheet.gallery.set(false)>
                        {move || format!("Back to “{}”", bench.shelf.name.get())}
                    </button>
                </Show>
            </header>
            <div class="ex">
                {GROUPS
                    .into_iter()
                    .map(|group| {
                        view! {
                            <section>
                                <h2>{group.name}</h2>
                                <ul>
                                    {group
                                        .examples
                                        .iter()
                                        .map(|example| view! { <Entry bench example=*example /> })
                                        .collect_view()}
                                </ul>
                            </section>
                        }
                    })
                    .collect_view()}
            </div>
        </div>
    }
}

#[component]
fn Entry(bench: Workbench, example: Example) -> impl IntoView {
    let tasks = Tasks::of_owner();
    view! {
        <li>
            <button type="button" on:click=move |_| tasks.run(open(bench, example))>
                <span>
                    <b>{example.name}</b>
                    <span class="shows">{example.shows}</span>
                </span>
                <span class="go" aria-hidden="true">
                    <Icon name="i-step" />
                </span>
            </button>
        </li>
    }
}

/// Fetches an example and opens it.
async fn open(bench: Workbench, example: Example) {
    match fetched(example.file).await {
        Some(text) => show(bench, example, text),
        None => bench.shelf.tell(format!(
            "{} could not be loaded: the page's files are out of reach. Try again when they are back.",
            example.name
        )),
    }
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

/// Opens an example's text: the document that it became before, where its text is still the same.
fn show(bench: Workbench, example: Example, text: String) {
    let shelf = bench.shelf;
    let same = shelf.documents.with_untracked(|documents| {
        let is_same = |kept: &&crate::store::Document| kept.name == example.name && kept.text == text;
        documents.iter().find(is_same).map(|kept| kept.id.clone())
    });
    match same {
        Some(id) => shelf.open(&id),
        None => shelf.create(example.name.into(), text),
    }
    bench.sheet.gallery.set(false);
    bench.sheet.left_result.set(false);
    bench.sheet.pane.set(Pane::Problem);
}
