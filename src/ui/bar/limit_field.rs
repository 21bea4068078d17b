//! A field for a limit. What does not read stays as it was typed, with the reason below it.

use leptos::prelude::*;

/// A field over a draft: the text of the value in force, until something else is typed.
#[component]
pub fn LimitField(
    /// What it is called.
    caption: &'static str,
    /// Distinguishes the field in the bar from that in the dialog, for ids.
    place: &'static str,
    /// What is being typed.
    draft: RwSignal<Option<String>>,
    /// The value in force, as text.
    #[prop(into)]
    value: Signal<String>,
    /// Takes a text that reads into force, or says what is wrong with it.
    apply: fn(super::Workbench, &str) -> Result<(), String>,
    /// Says what is wrong with a text.
    check: fn(&str) -> Option<String>,
    /// What it belongs to.
    bench: super::Workbench,
) -> impl IntoView {
    let error = Memo::new(move |_| draft.with(|draft| draft.as_deref().and_then(check)));
    let id = format!("{place}-{}-error", caption.replace(' ', "-").to_lowercase());
    let described = id.clone();
    let typed = move |event| {
        let text = event_target_value(&event);
        // The reason is derived from the draft; a value is in force only where it reads.
        let _ = apply(bench, &text);
        draft.set(Some(text));
    };
    let left = move |_| {
        if error.with(Option::is_none) {
            draft.set(None);
        }
    };
    view! {
        <label class="cell field" class:bad=move || error.with(Option::is_some)>
            <span class="cap">{caption}</span>
            <input
                class="val num"
                autocomplete="off"
                spellcheck="false"
                prop:value=move || draft.get().unwrap_or_else(|| value.get())
                aria-invalid=move || error.with(Option::is_some).to_string()
                aria-describedby=move || error.with(Option::is_some).then(|| described.clone())
                on:input=typed
                on:blur=left
            />
            <span class="reason" id=id role="status" hidden=move || error.with(Option::is_none)>
                {move || error.get()}
            </span>
        </label>
    }
}
