//! The document: its name, what of it is saved, and the panel of all documents.

use leptos::prelude::*;

use super::super::icon::Icon;
use super::super::popup::Popup;
use super::super::shelf::{Saved, Shelf};
use super::Workbench;
use super::document_panel::DocumentPanel;

/// The cell of the document.
#[component]
pub fn DocumentCell(bench: Workbench) -> impl IntoView {
    let shelf = bench.shelf;
    let open = RwSignal::new(false);
    let failed = move || shelf.saved.with(|saved| matches!(saved, Saved::No(_)));
    let trigger = move || {
        view! {
            <span class="cap">
                <span class="saved" class:failed=failed title=move || saved_words(shelf)>
                    <span class="trunc">{move || saved_words(shelf)}</span>
                </span>
            </span>
            <span class="val">
                <span class="trunc">{move || name(shelf)}</span>
                <Icon name="i-down" />
            </span>
        }
    };
    view! {
        <Popup id="documents" label="Documents" open class="cell doc" trigger>
            <DocumentPanel bench open />
        </Popup>
    }
}

fn name(shelf: Shelf) -> String {
    if shelf.open.with(Option::is_some) { shelf.name.get() } else { "No document".into() }
}

fn saved_words(shelf: Shelf) -> String {
    match shelf.saved.get() {
        Saved::Nothing => "Nothing to save yet".into(),
        Saved::Yes if shelf.is_persistent.get() => "Saved in this browser".into(),
        Saved::Yes => "Kept until this tab closes".into(),
        Saved::Soon => "Saving…".into(),
        Saved::No(why) => format!("Not saved: {why}"),
    }
}
