//! The editor.

use std::rc::Rc;

use leptos::prelude::*;

use crate::diagnostic::{Diagnostic, Fix, Span};

/// A plain text area.
#[component]
pub fn Editor(
    text: Signal<String>,
    revision: Signal<u64>,
    on_change: Rc<dyn Fn(String)>,
    diagnostics: Signal<Vec<Diagnostic>>,
    on_fix: Rc<dyn Fn(Fix)>,
    goto: RwSignal<Option<Span>>,
    names: Signal<Vec<String>>,
    on_run: Rc<dyn Fn()>,
) -> impl IntoView {
    let _ = (revision, diagnostics, on_fix, goto, names, on_run);
    let on_change = StoredValue::new_local(on_change);
    view! {
        <textarea class="editor" aria-label="Problem text" spellcheck="false"
            prop:value=move || text.get()
            on:input=move |event| on_change.with_value(|change| change(event_target_value(&event)))></textarea>
    }
}
