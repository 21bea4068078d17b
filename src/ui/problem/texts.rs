//! The editors: one for a GOAP document; for PDDL one for the domain and one for the problem, both in view
//! where there is room, and behind two tabs where there is not.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::super::editor::{Editor, Part};
use super::super::runner::How;
use super::Workbench;

const GOAP: Part = Part { index: 0, label: "Problem text", role: "goap" };
/// Names of the two texts of PDDL, and their parts.
const PDDL: [(&str, Part); 2] = [
    ("Domain", Part { index: 0, label: "Domain text", role: "domain" }),
    ("Problem", Part { index: 1, label: "Problem text", role: "problem" }),
];

/// The editors of the open document.
#[component]
pub fn Texts(bench: Workbench) -> impl IntoView {
    move || {
        if bench.is_pddl.get() { view! { <Two bench /> }.into_any() } else { text(bench, GOAP) }
    }
}

#[component]
fn Two(bench: Workbench) -> impl IntoView {
    let shown = bench.sheet.text;
    let switch = move |(name, part): (&'static str, Part)| {
        view! {
            <button
                type="button"
                aria-pressed=move || (shown.get() == part.index).to_string()
                on:click=move |_| shown.set(part.index)
            >
                {name}
                {move || count(bench, part.index)}
            </button>
        }
    };
    let section = move |(name, part): (&'static str, Part)| {
        view! {
            <div class="text" class:shown=move || shown.get() == part.index role="group" aria-label=name>
                <div class="text-head">
                    <h3>{name}</h3>
                    {move || count(bench, part.index)}
                </div>
                {text(bench, part)}
            </div>
        }
    };
    view! {
        <div class="text-switch" role="group" aria-label="Text in view">
            {PDDL.map(switch).into_iter().collect_view()}
        </div>
        <div class="texts">{PDDL.map(section).into_iter().collect_view()}</div>
    }
}

/// How many findings a text has, in words; nothing where there are none.
fn count(bench: Workbench, index: usize) -> Option<impl IntoView> {
    let own =
        bench.checked.with(|checked| checked.found.iter().filter(|own| own.place.index == index).count());
    let word = if own == 1 { " finding" } else { " findings" };
    (own > 0).then(|| view! { <span class="count">{own} {word}</span> })
}

fn text(bench: Workbench, part: Part) -> AnyView {
    let shelf = bench.shelf;
    let index = part.index;
    let text = Signal::derive(move || {
        let text = shelf.problem.with(|problem| problem.texts().get(index).map(|(_, own)| Arc::clone(own)));
        text.unwrap_or_else(|| "".into())
    });
    let names = Memo::new(move |before: Option<&Vec<String>>| {
        // While the text has errors there is no model: the names known before still serve.
        let names = bench.checked.with(|checked| checked.variables.clone());
        if names.is_empty() { before.cloned().unwrap_or_default() } else { names }
    });
    let found = Signal::derive(move || {
        let own = |checked: &Arc<super::super::check::Checked>| {
            checked.found.iter().filter(|own| own.place.index == index).cloned().collect()
        };
        bench.checked.with(own)
    });
    view! {
        <Editor
            part
            text
            revision=shelf.revision.into()
            on_change=Rc::new(move |text: String| shelf.edit(index, &text))
            found
            on_fix=Rc::new(move |fix| bench.apply(&fix))
            goto=bench.goto
            names=names.into()
            on_run=Rc::new(move || bench.run(How::Plain))
            on_show=Rc::new(move || bench.sheet.show_text(index))
        />
    }
    .into_any()
}
