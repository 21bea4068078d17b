//! Examples are fetched when they are opened, and become documents.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::focus;
use super::gallery::Example;
use super::sheet::Pane;
use super::workbench::Workbench;
use crate::service::{Problem, Settings};

/// Fetches an example and opens it.
pub async fn open(bench: Workbench, example: Example, is_pddl: bool) {
    let problem = load(example, is_pddl).await;
    show(bench, example, example.name.to_owned(), problem);
}

/// The texts of an example; `None` where the page's files are out of reach.
pub async fn load(example: Example, is_pddl: bool) -> Option<Problem> {
    if is_pddl {
        let domain = domain(example).await;
        let problem = fetched(&["./examples/pddl/", example.file, ".problem.pddl"].concat()).await;
        domain
            .zip(problem)
            .map(|(domain, problem)| Problem::Pddl { domain: domain.into(), problem: problem.into() })
    } else {
        let text = fetched(&["./examples/", example.file, ".goap.json"].concat()).await;
        text.map(|text| Problem::Goap { text: text.into() })
    }
}

/// The domain of an example.
pub async fn domain(example: Example) -> Option<String> {
    fetched(&["./examples/pddl/", example.file, ".domain.pddl"].concat()).await
}

/// The text of a file beside the page.
pub async fn fetched(file: &str) -> Option<String> {
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
        None => shelf.create_with(name, &problem, &Settings::of_example()),
    }
    bench.sheet.gallery.set(false);
    bench.sheet.left_result.set(false);
    bench.sheet.pane.set(Pane::Problem);
    // The entry that had the focus is gone with the gallery.
    request_animation_frame(focus::into_scope);
}
