//! Help: what the words of the page mean, and the keyboard shortcuts.

use leptos::prelude::*;

use super::dialog::Dialog;
use super::workbench::Workbench;
use crate::view::glossary::{self, CHAPTERS, Term};
use crate::view::words;

/// What is shown; keys of the scope and of the editor included.
const SHORTCUTS: [(&str, &[(&str, &str)]); 4] = [
    (
        "Anywhere",
        &[
            ("Ctrl ↵", "Run"),
            ("Space", "Pause or resume"),
            (".", "Step: one expansion"),
            ("Esc", "Cancel, but where you type"),
            ("F8", "Next diagnostic"),
            ("?", "This list"),
        ],
    ),
    (
        "In the scope",
        &[
            ("← → ↑ ↓", "Walk the tree"),
            ("Shift ← →", "Walk the order of discovery"),
            ("Home End", "The root, the node generated last"),
            ("+ − 0", "Zoom in, out, fit"),
            ("W A S D", "Pan"),
        ],
    ),
    ("In the result", &[("← →", "Change tabs"), ("↵", "Open a step or a node")]),
    (
        "In the editor",
        &[
            ("Ctrl Space", "Complete a name"),
            ("F12", "Go to where a name of PDDL is declared; Ctrl and a click do so too"),
            ("Ctrl F", "Find"),
            ("Esc Tab", "Leave the editor"),
        ],
    ),
];

/// The two pages of help.
#[component]
pub fn Help(bench: Workbench) -> impl IntoView {
    let keys = bench.sheet.help_keys;
    let page = move |is_keys: bool, word: &'static str| {
        view! {
            <button
                type="button"
                aria-pressed=move || (keys.get() == is_keys).to_string()
                on:click=move |_| keys.set(is_keys)
            >
                {word}
            </button>
        }
    };
    view! {
        <Dialog open=bench.sheet.help title="Help">
            <div class="help">
                <div class="filter" role="group" aria-label="Page of help">
                    {page(false, "What the words mean")}
                    {page(true, "Keyboard shortcuts")}
                </div>
                {move || if keys.get() { view! { <Shortcuts /> }.into_any() } else { view! { <Words /> }.into_any() }}
            </div>
        </Dialog>
    }
}

/// What the words mean.
#[component]
fn Words() -> impl IntoView {
    let term = |term: &Term| {
        view! {
            <div>
                <dt>{term.word}</dt>
                <dd>{term.meaning}</dd>
            </div>
        }
    };
    let engine = |word: &'static str, meaning: &'static str| term(&Term { word, meaning });
    let searches = words::SEARCHES.into_iter().chain(words::PRESETS);
    view! {
        <div class="glossary">
            {CHAPTERS
                .into_iter()
                .map(|chapter| {
                    view! {
                        <section>
                            <h3>{chapter.name}</h3>
                            <dl>{chapter.terms.iter().map(term).collect_view()}</dl>
                        </section>
                    }
                })
                .collect_view()}
            <section>
                <h3>"Searches"</h3>
                <dl>{searches.map(|kind| engine(words::search(kind), glossary::search(kind))).collect_view()}</dl>
            </section>
            <section>
                <h3>"Heuristics"</h3>
                <dl>
                    {words::HEURISTICS
                        .into_iter()
                        .map(|kind| engine(words::heuristic(kind), glossary::heuristic(kind)))
                        .collect_view()}
                </dl>
            </section>
        </div>
    }
}

/// The keys.
#[component]
fn Shortcuts() -> impl IntoView {
    view! {
            <div class="shortcuts">
                {SHORTCUTS
                    .into_iter()
                    .map(|(place, keys)| {
                        view! {
                            <section>
                                <h3>{place}</h3>
                                <dl>
                                    {keys
                                        .iter()
                                        .map(|(key, does)| {
                                            view! {
                                                <div>
                                                    <dt>
                                                        <kbd>{*key}</kbd>
                                                    </dt>
                                                    <dd>{*does}</dd>
                                                </div>
                                            }
                                        })
                                        .collect_view()}
                                </dl>
                            </section>
                        }
                    })
                    .collect_view()}
            </div>
    }
}
