//! A button that opens a panel below it. Esc, a press elsewhere and leaving by Tab close it.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A button and its panel.
#[component]
pub fn Popup(
    /// Id of the panel.
    id: &'static str,
    /// What the panel holds, for assistive technology.
    label: &'static str,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Class of the button.
    class: &'static str,
    /// What the button shows.
    #[prop(into)]
    trigger: ViewFn,
    /// The panel.
    children: ChildrenFn,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let is_within = move |target: Option<web_sys::EventTarget>| {
        let node = target.and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        root.get_untracked().is_some_and(|root| root.contains(node.as_ref()))
    };
    let press = window_event_listener(ev::pointerdown, move |event| {
        if open.get_untracked() && !is_within(event.target()) {
            open.set(false);
        }
    });
    on_cleanup(move || press.remove());
    // Where the focus was in the panel when it closed, it goes to the button.
    Effect::new(move |was_open: Option<bool>| {
        let is_open = open.get();
        if was_open == Some(true) && !is_open {
            let active = document().active_element();
            let is_lost = active.as_ref().is_none_or(|active| active.tag_name() == "BODY");
            if is_lost || is_within(active.map(Into::into)) {
                focus(button);
            }
        }
        is_open
    });
    let close_on_escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.prevent_default();
            event.stop_propagation();
            open.set(false);
        }
    };
    let close_on_leaving = move |event: ev::FocusEvent| {
        if event.related_target().is_some() && !is_within(event.related_target()) {
            open.set(false);
        }
    };
    view! {
        <div class="popup" node_ref=root on:keydown=close_on_escape on:focusout=close_on_leaving>
            <button
                class=class
                type="button"
                node_ref=button
                aria-expanded=move || open.get().to_string()
                aria-controls=id
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {move || trigger.run()}
            </button>
            <div class="popup-panel" id=id role="group" aria-label=label hidden=move || !open.get()>
                {move || open.get().then(|| children())}
            </div>
        </div>
    }
}

fn focus(button: NodeRef<html::Button>) {
    if let Some(button) = button.get_untracked() {
        // A button that is gone needs no focus.
        let _ = button.focus();
    }
}
