//! The problem: its text, what the checker says about it, and a start where there is none.

pub mod diagnostics;
pub mod starter;

use std::rc::Rc;

use leptos::prelude::*;

use self::diagnostics::Diagnostics;
use self::starter::Starter;
use super::editor::Editor;
use super::runner::How;
use super::workbench::Workbench;

/// The left pane.
#[component]
pub fn ProblemPane(bench: Workbench) -> impl IntoView {
    view! {
        <section class="pane problem" id="problem" aria-label="Problem">
            <Show when=move || !bench.browsing.get() fallback=move || view! { <Starter bench /> }>
                <div class="pane-head">
                    <h2>"Problem"</h2>
                    <span class="sub">"GOAP"</span>
                    <span class="grow"></span>
                    <span class="sub num">{move || size(bench)}</span>
                </div>
                <TheEditor bench />
                <Diagnostics bench />
            </Show>
        </section>
    }
}

fn size(bench: Workbench) -> Option<String> {
    let checked = bench.checked.get();
    let model = checked.model.as_ref()?;
    let (variables, actions) = (model.variables.len() as u64, model.actions.len() as u64);
    Some(format!(
        "{}, {}",
        crate::view::format::plural(variables, "variable", "variables"),
        crate::view::format::plural(actions, "action", "actions"),
    ))
}

#[component]
fn TheEditor(bench: Workbench) -> impl IntoView {
    let shelf = bench.shelf;
    let names = Memo::new(move |before: Option<&Vec<String>>| {
        // While the text has errors there is no model: the names known before still serve.
        let names = bench.checked.with(|checked| checked.variables());
        if names.is_empty() { before.cloned().unwrap_or_default() } else { names }
    });
    view! {
        <Editor
            text=shelf.text.into()
            revision=shelf.revision.into()
            on_change=Rc::new(move |text| shelf.edit(text))
            diagnostics=Signal::derive(move || bench.checked.with(|checked| checked.diagnostics.clone()))
            on_fix=Rc::new(move |fix| bench.apply(&fix))
            goto=bench.goto
            names=names.into()
            on_run=Rc::new(move || bench.run(How::Plain))
        />
    }
}

/// Goes to the first finding behind the one gone to last; from the last to the first.
pub fn next_diagnostic(bench: Workbench) {
    let at = bench.finding.get_untracked();
    let next = bench.checked.with_untracked(|checked| {
        let spans = || checked.diagnostics.iter().map(|finding| finding.span);
        spans().find(|span| at.is_some_and(|at| *span > at)).or_else(|| spans().next())
    });
    if let Some(span) = next {
        bench.go_to(span);
    }
}
