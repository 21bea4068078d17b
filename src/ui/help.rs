//! Keyboard shortcuts: the list that is shown, and the listener that honours it.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::runner::How;
use super::workbench::Workbench;

/// What is shown; keys of the scope and of the editor included.
const SHORTCUTS: [(&str, &[(&str, &str)]); 4] = [
    (
        "Anywhere",
        &[
            ("Ctrl ↵", "Run"),
            ("Space", "Pause or resume"),
            (".", "Step: one expansion"),
            ("Esc", "Cancel"),
            ("F8", "Next diagnostic"),
            ("?", "This list"),
        ],
    ),
    (
        "In the scope",
        &[
            ("← → ↑ ↓", "Walk the tree"),
            ("Shift ← →", "Walk the order of discovery"),
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

/// The list of shortcuts.
#[component]
pub fn Help(bench: Workbench) -> impl IntoView {
    view! {
        <Dialog open=bench.sheet.help title="Keyboard shortcuts">
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
        </Dialog>
    }
}

/// A modal dialog that follows a signal.
#[component]
pub fn Dialog(open: RwSignal<bool>, title: &'static str, children: ChildrenFn) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            // It fails only where the dialog is open already.
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let press_outside = move |event: ev::MouseEvent| {
        if event.target() == event.current_target() {
            open.set(false);
        }
    };
    view! {
        <dialog node_ref=dialog aria-label=title on:close=move |_| open.set(false) on:click=press_outside>
            <div class="dialog-body">
                <div class="pane-head">
                    <h2>{title}</h2>
                    <span class="grow"></span>
                    <button class="btn quiet" type="button" on:click=move |_| open.set(false)>
                        "Close"
                    </button>
                </div>
                {move || open.get().then(|| children())}
            </div>
        </dialog>
    }
}

/// Listens to the keys of the page for as long as it is there.
pub fn listen(bench: Workbench) {
    let listener = window_event_listener(ev::keydown, move |event| {
        if !event.default_prevented() && heed(bench, &event) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn heed(bench: Workbench, event: &ev::KeyboardEvent) -> bool {
    if bench.sheet.help.get_untracked() || bench.sheet.engine.get_untracked() {
        return false;
    }
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_in = |selector: &str| {
        target.as_ref().is_some_and(|target| matches!(target.closest(selector), Ok(Some(_))))
    };
    let types =
        is_in("input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable=true]");
    let command = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        "Enter" if command => bench.run(How::Plain),
        "F8" => super::problem::next_diagnostic(bench),
        "Escape" if bench.running.get_untracked() => bench.runner.cancel(),
        _ if types || command || event.alt_key() => return false,
        " " if bench.running.get_untracked() && !is_in("button, a, summary, [role=tab]") => {
            bench.runner.pause_or_resume();
        }
        "." if bench.shelf.open.with_untracked(Option::is_some) => bench.step(),
        "?" => bench.sheet.help.set(true),
        _ => return false,
    }
    true
}
