//! A modal dialog that follows a signal.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

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
