//! Everything that this browser keeps, as one file: written, and read back.

use leptos::prelude::*;

use super::files;
use super::shelf::Saved;
use super::tasks::Tasks;
use super::workbench::Workbench;
use crate::store::Restored;
use crate::store::archive::{BYTES_MAX, EXTENSION};
use crate::view::format::plural;

/// Whether a file is an export of everything, by its name.
pub fn is_export(file: &web_sys::File) -> bool {
    file.name().to_lowercase().ends_with(EXTENSION)
}

/// A button that hands everything out as a file.
#[component]
pub fn ExportAll(bench: Workbench) -> impl IntoView {
    let tasks = Tasks::of_owner();
    let shelf = bench.shelf;
    // What was typed a moment ago is on its way to the store, and belongs into the file.
    let is_settled = move || shelf.saved.with(|saved| *saved != Saved::Soon);
    let export = move |_| {
        if shelf.saved.with_untracked(|saved| matches!(saved, Saved::No(_))) {
            let name = shelf.name.get_untracked();
            shelf.tell(format!(
                "“{name}” is not saved, and is in the file as it was before. Export it by itself."
            ));
        }
        tasks.run(async move {
            match bench.host.get_value().export_all().await {
                Ok(exported) => {
                    files::download_bytes(&["planscope", EXTENSION].concat(), &exported.bytes);
                    let left_out = |problem| shelf.tell(format!("Not in the file: {problem}."));
                    exported.problems.into_iter().for_each(left_out);
                }
                Err(why) => shelf.tell(format!("Nothing was exported: {why}.")),
            }
        });
    };
    view! {
        <button
            class="btn line"
            type="button"
            title="All documents with their results, and the plans that are kept. Planscope opens the file in any browser, and natively."
            disabled=move || !bench.has_engine.get() || !is_settled()
            on:click=export
        >
            "Export everything"
        </button>
    }
}

/// Puts the contents of an export beside what is kept here, and says what has become of it.
pub async fn restore(bench: Workbench, file: &web_sys::File) {
    let name = ["“", &file.name(), "”"].concat();
    if !bench.has_engine.get_untracked() {
        bench
            .shelf
            .tell(format!("{name} was not read: the planner's code is on its way. Try again in a moment."));
        return;
    }
    let bytes = match files::read_bytes(file, BYTES_MAX).await {
        Ok(bytes) => bytes,
        Err(why) => {
            bench.shelf.tell(why);
            return;
        }
    };
    match bench.host.get_value().import_all(bytes).await {
        Ok(restored) => {
            bench.shelf.refresh();
            bench.shelf.tell(sentence(&name, &restored));
            restored.problems.into_iter().for_each(|problem| bench.shelf.tell(format!("{name}: {problem}.")));
        }
        Err(why) => bench.shelf.tell(format!("{name} was not imported: {why}.")),
    }
}

fn sentence(name: &str, restored: &Restored) -> String {
    let documents = plural(restored.documents as u64, "document", "documents");
    let plans = plural(restored.patterns as u64, "kept plan", "kept plans");
    let mut text = format!("{documents} and {plans} imported from {name}.");
    if restored.known > 0 {
        text +=
            &format!(" {} there already.", plural(restored.known as u64, "document was", "documents were"));
    }
    if restored.copies > 0 {
        let copies = plural(restored.copies as u64, "document differs", "documents differ");
        text += &format!(" {copies} from what is kept here, and stand beside it.");
    }
    text
}
