//! The problem: its texts, what the checker says about them, and a start where there is none.

pub mod diagnostics;
pub mod starter;
pub mod texts;

use leptos::prelude::*;

use self::diagnostics::Diagnostics;
use self::starter::Starter;
use self::texts::Texts;
use super::modes;
use super::workbench::Workbench;

/// The left pane.
#[component]
pub fn ProblemPane(bench: Workbench) -> impl IntoView {
    let sides = Memo::new(move |_| bench.sheet.mode.get().sides().filter(|_| !bench.browsing.get()));
    let is_others = Memo::new(move |_| sides.get().is_some());
    let label = move || sides.get().map_or("Problem", |[left, _]| left);
    view! {
        <section class="pane problem" id="problem" aria-label=label>
            <Show when=move || is_others.get()>
                <modes::Left bench />
            </Show>
            <Show when=move || !bench.browsing.get() fallback=move || view! { <Starter bench /> }>
              <div class="own" hidden=move || is_others.get()>
                <div class="pane-head">
                    <h2>"Problem"</h2>
                    <span class="sub">{move || if bench.is_pddl.get() { "PDDL" } else { "GOAP" }}</span>
                    <span class="grow"></span>
                    <span class="sub num">{move || bench.checked.with(|checked| checked.size.clone())}</span>
                </div>
                <Texts bench />
                <Diagnostics bench />
              </div>
            </Show>
        </section>
    }
}

/// Goes to the first finding behind the one gone to last; from the last to the first.
pub fn next_diagnostic(bench: Workbench) {
    let at = bench.finding.get_untracked();
    let next = bench.checked.with_untracked(|checked| {
        let spans = || checked.found.iter().map(|found| found.diagnostic.span);
        spans().find(|span| at.is_some_and(|at| *span > at)).or_else(|| spans().next())
    });
    if let Some(span) = next {
        bench.go_to(span);
    }
}
