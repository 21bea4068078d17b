//! The editor: a plain text area at first paint, `CodeMirror` once its bundle has come.
//!
//! The bundle (www/editor) is a script beside the page that leaves `window.planscopeEditor`
//! behind. If it does not come, the text area stays and works. Text flows out through
//! `on_change`; text from outside flows in only when `revision` changes.

mod bundle;

use std::rc::Rc;
use std::sync::Arc;

use js_sys::Array;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use self::bundle::{Hears, Rich, address, bundle, listed};
use super::check::Found;
use crate::diagnostic::{Fix, Span};
use crate::view::utf16;

/// Which of the document's texts an editor holds.
#[derive(Clone, Copy, PartialEq)]
pub struct Part {
    /// Its place among them.
    pub index: usize,
    /// What it is called, for assistive technology.
    pub label: &'static str,
    /// What the bundle takes it for: `goap`, `domain` or `problem`. The last two know of each other.
    pub role: &'static str,
}

/// A text of the document.
#[component]
pub fn Editor(
    /// Which one.
    part: Part,
    /// The text as it is kept.
    text: Signal<Arc<str>>,
    /// Counts replacements of the text from outside.
    revision: Signal<u64>,
    /// Hears every edit.
    on_change: Rc<dyn Fn(String)>,
    /// Findings about it.
    found: Signal<Vec<Found>>,
    /// Asked to apply a fix.
    on_fix: Rc<dyn Fn(Fix)>,
    /// A place to go to, whenever it is set to one in this text.
    goto: RwSignal<Option<(usize, Span)>>,
    /// Variables that can be completed.
    names: Signal<Vec<String>>,
    /// Asked to run.
    on_run: Rc<dyn Fn()>,
    /// Asked to bring the text into view: another one leads here.
    on_show: Rc<dyn Fn()>,
) -> impl IntoView {
    let parts = Parts {
        host: NodeRef::new(),
        plain: NodeRef::new(),
        rich: StoredValue::new_local(None),
        upgraded: RwSignal::new(false),
        hears: StoredValue::new_local(Hears {
            part,
            on_change: Rc::clone(&on_change),
            on_fix,
            on_run,
            on_show,
            found,
        }),
    };
    parts.follow(text, revision, found, names);
    parts.follow_places(part, text, goto);
    Effect::new(move |_| parts.load());
    on_cleanup(move || {
        parts.rich.try_update_value(|rich| rich.take().map(|rich| rich.call("destroy", &[])));
    });
    let on_change = StoredValue::new_local(on_change);
    view! {
        <div class="editor" node_ref=parts.host>
            <textarea
                class="editor-plain"
                node_ref=parts.plain
                hidden=move || parts.upgraded.get()
                aria-label=part.label
                spellcheck="false"
                autocapitalize="off"
                on:input=move |event| on_change.with_value(|change| change(event_target_value(&event)))
            ></textarea>
        </div>
    }
}

/// Whether somebody types in an editor.
pub fn has_focus() -> bool {
    let active = document().active_element();
    active.is_some_and(|active| matches!(active.closest(".editor"), Ok(Some(_))))
}

/// What the editor is made of.
#[derive(Clone, Copy)]
struct Parts {
    host: NodeRef<html::Div>,
    plain: NodeRef<html::Textarea>,
    rich: StoredValue<Option<Rich>, LocalStorage>,
    upgraded: RwSignal<bool>,
    hears: StoredValue<Hears, LocalStorage>,
}

impl Parts {
    /// Passes on what changes outside.
    fn follow(
        self,
        text: Signal<Arc<str>>,
        revision: Signal<u64>,
        found: Signal<Vec<Found>>,
        names: Signal<Vec<String>>,
    ) {
        Effect::new(move |_| {
            revision.track();
            let text = text.get_untracked();
            if let Some(plain) = self.plain.get() {
                plain.set_value(&text);
                // Setting the value leaves the cursor at the end.
                let done = plain.set_selection_range(0, 0);
                debug_assert!(done.is_ok());
            }
            self.call("setText", &[text.as_ref().into()]);
        });
        Effect::new(move |_| {
            if self.upgraded.get() {
                let list = found.with(|list| listed(&text.read_untracked(), list));
                self.call("setDiagnostics", &[list.into()]);
            }
        });
        Effect::new(move |_| {
            if self.upgraded.get() {
                let list: Array = names.with(|names| names.iter().map(JsValue::from).collect());
                self.call("setNames", &[list.into()]);
            }
        });
    }

    /// Goes to the places in this text.
    fn follow_places(self, part: Part, text: Signal<Arc<str>>, goto: RwSignal<Option<(usize, Span)>>) {
        Effect::new(move |before: Option<()>| {
            // What was gone to before the editor was there is not gone to again.
            let asked = goto.get().filter(|_| before.is_some());
            if let Some((_, span)) = asked.filter(|(index, _)| *index == part.index) {
                self.go_to(&text.read_untracked(), span);
            }
        });
    }

    fn call(self, method: &str, arguments: &[JsValue]) {
        self.rich.with_value(|rich| {
            if let Some(rich) = rich {
                rich.call(method, arguments);
            }
        });
    }

    fn go_to(self, text: &str, span: Span) {
        let place = utf16::from_bytes(text, &[span.start, span.end]);
        if self.upgraded.get_untracked() {
            self.call("goto", &[place[0].into(), place[1].into()]);
        } else if let Some(plain) = self.plain.get_untracked() {
            let done = plain.focus().and_then(|()| plain.set_selection_range(place[0], place[1]));
            debug_assert!(done.is_ok());
        }
    }

    /// Asks for the bundle after the first paint.
    fn load(self) {
        if bundle().is_some() {
            self.upgrade();
            return;
        }
        // A frame callback comes before the paint, a timer in it after.
        request_animation_frame(move || {
            set_timeout(move || self.fetch(), std::time::Duration::ZERO);
        });
    }

    fn fetch(self) {
        let Ok(script) = document().create_element("script") else { return };
        let loaded = Closure::once_into_js(move || self.upgrade());
        let ready = script
            .set_attribute("type", "module")
            .and_then(|()| script.set_attribute("src", &address()))
            .and_then(|()| script.add_event_listener_with_callback("load", loaded.unchecked_ref()));
        if let (Ok(()), Some(head)) = (ready, document().head()) {
            let added = head.append_child(&script);
            debug_assert!(added.is_ok());
        }
    }

    /// Puts `CodeMirror` in the text area's place, with its text, cursor and focus.
    fn upgrade(self) {
        let (Some(bundle), Some(Some(host)), Some(Some(plain))) =
            (bundle(), self.host.try_get_untracked(), self.plain.try_get_untracked())
        else {
            return;
        };
        if self.rich.with_value(Option::is_some) {
            return;
        }
        let hears = self.hears.get_value();
        if let Some(rich) = hears.create(&bundle, &host, &plain) {
            self.rich.set_value(Some(rich));
            self.upgraded.set(true);
        }
    }
}
