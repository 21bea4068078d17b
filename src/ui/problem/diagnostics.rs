//! The list of findings; each goes to its place.

use leptos::prelude::*;

use super::super::check::{CheckProgress, Found};
use super::super::icon::Icon;
use super::super::prose::prose;
use super::Workbench;
use crate::diagnostic::Severity;
use crate::view::format;

/// The list below the editor.
#[component]
pub fn Diagnostics(bench: Workbench) -> impl IntoView {
    let found = move || bench.checked.with(|checked| checked.found.clone());
    let count = Memo::new(move |_| bench.checked.with(|checked| checked.found.len()));
    view! {
        <div class="problems" class:clean=move || count.get() == 0>
            <div class="pane-head low">
                <h2>"Diagnostics"</h2>
                <span class="count">{move || format::count(count.get() as u64)}</span>
                <span class="grow"></span>
                <Show
                    when=move || count.get() != 0
                    fallback=move || view! { <span class="sub">{move || nothing(bench)}</span> }
                >
                    <kbd>"F8"</kbd>
                    <span class="sub">"next"</span>
                </Show>
            </div>
            <ul>
                {move || found().into_iter().map(|found| view! { <Finding bench found /> }).collect_view()}
            </ul>
        </div>
    }
}

/// What stands in place of findings.
fn nothing(bench: Workbench) -> &'static str {
    match bench.checked.with(|checked| checked.progress) {
        CheckProgress::Done => "Nothing to report",
        CheckProgress::Reading => "Reading…",
        CheckProgress::Waiting => "Over 4 MiB: checked when it is run",
    }
}

/// One finding.
#[component]
pub fn Finding(bench: Workbench, found: Found) -> impl IntoView {
    let Found { diagnostic: finding, place } = found;
    let span = finding.span;
    let (shape, class, word) = match finding.severity {
        Severity::Error => ("i-error", "err", "Error: "),
        Severity::Warning => ("i-warn", "warn", "Warning: "),
        Severity::Note => ("i-info", "note", "Note: "),
    };
    let is_current = move || bench.finding.get() == Some(span);
    view! {
        <li>
            <button
                type="button"
                aria-current=move || is_current().then_some("true")
                on:click=move |_| bench.go_to(span)
            >
                <span class=class>
                    <Icon name=shape />
                </span>
                <span class="what">
                    <span class="vh">{word}</span>
                    <span>{prose(&capitalised(&finding.message))}</span>
                    {finding.help.map(|help| view! { <span class="sub">{prose(&help)}</span> })}
                </span>
                <span class="code">
                    <span class="id">{finding.code}</span>
                    <span>{place.words()}</span>
                </span>
            </button>
        </li>
    }
}

/// A message as a sentence of a list.
pub fn capitalised(message: &str) -> String {
    let mut characters = message.chars();
    characters.next().map(char::to_uppercase).into_iter().flatten().chain(characters).collect()
}
