//! The editor: a plain text area at first paint, `CodeMirror` once its bundle has come.
//!
//! The bundle (www/editor) is a script beside the page that leaves `window.planscopeEditor`
//! behind. If it does not come, the text area stays and works. Text flows out through
//! `on_change`; text from outside flows in only when `revision` changes.

use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Array, Function, Object, Reflect};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlDivElement, HtmlTextAreaElement};

use super::check::Found;
use crate::diagnostic::{Fix, Severity, Span};
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
    let desk = Desk {
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
    desk.follow(text, revision, found, names);
    desk.follow_places(part, text, goto);
    Effect::new(move |_| desk.load());
    on_cleanup(move || {
        desk.rich.try_update_value(|rich| rich.take().map(|rich| rich.call("destroy", &[])));
    });
    let on_change = StoredValue::new_local(on_change);
    view! {
        <div class="editor" node_ref=desk.host>
            <textarea
                class="editor-plain"
                node_ref=desk.plain
                hidden=move || desk.upgraded.get()
                aria-label=part.label
                spellcheck="false"
                autocapitalize="off"
                on:input=move |event| on_change.with_value(|change| change(event_target_value(&event)))
            ></textarea>
        </div>
    }
}

/// What the editor is made of.
#[derive(Clone, Copy)]
struct Desk {
    host: NodeRef<html::Div>,
    plain: NodeRef<html::Textarea>,
    rich: StoredValue<Option<Rich>, LocalStorage>,
    upgraded: RwSignal<bool>,
    hears: StoredValue<Hears, LocalStorage>,
}

/// Who hears of what happens in the editor.
#[derive(Clone)]
struct Hears {
    part: Part,
    on_change: Rc<dyn Fn(String)>,
    on_fix: Rc<dyn Fn(Fix)>,
    on_run: Rc<dyn Fn()>,
    on_show: Rc<dyn Fn()>,
    found: Signal<Vec<Found>>,
}

/// `CodeMirror`, and the closures that it calls.
struct Rich {
    handle: JsValue,
    _change: Closure<dyn Fn(String)>,
    _fix: Closure<dyn Fn(u32)>,
    _run: Closure<dyn Fn()>,
    _show: Closure<dyn Fn()>,
}

impl Rich {
    /// Calls a method of the handle; a missing one does nothing.
    fn call(&self, method: &str, arguments: &[JsValue]) {
        let list: Array = arguments.iter().collect();
        let function = Reflect::get(&self.handle, &method.into()).ok();
        let function = function.and_then(|function| function.dyn_into::<Function>().ok());
        let done = function.map(|function| function.apply(&self.handle, &list));
        debug_assert!(matches!(done, Some(Ok(_))), "{method}");
    }
}

impl Desk {
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

impl Hears {
    fn create(self, bundle: &JsValue, host: &HtmlDivElement, plain: &HtmlTextAreaElement) -> Option<Rich> {
        let change = Closure::new(move |text: String| (self.on_change)(text));
        let (on_fix, found) = (self.on_fix, self.found);
        let fix = Closure::new(move |index: u32| {
            let fix = found
                .with_untracked(|list| list.get(index as usize).and_then(|own| own.diagnostic.fix.clone()));
            if let Some(fix) = fix {
                on_fix(fix);
            }
        });
        let run = Closure::new(move || (self.on_run)());
        let show = Closure::new(move || (self.on_show)());
        let focused = document().active_element().is_some_and(|active| active == ***plain);
        let cursor = |place: Result<Option<u32>, JsValue>| JsValue::from(place.ok().flatten().unwrap_or(0));
        let options = object(&[
            ("text", plain.value().into()),
            ("label", self.part.label.into()),
            ("role", self.part.role.into()),
            ("from", cursor(plain.selection_start())),
            ("to", cursor(plain.selection_end())),
            ("focus", focused.into()),
            ("onChange", change.as_ref().clone()),
            ("onFix", fix.as_ref().clone()),
            ("onRun", run.as_ref().clone()),
            ("onShow", show.as_ref().clone()),
        ]);
        let create = Reflect::get(bundle, &"createEditor".into()).ok()?.dyn_into::<Function>().ok()?;
        let handle = create.call2(bundle, host, &options).ok()?;
        Some(Rich { handle, _change: change, _fix: fix, _run: run, _show: show })
    }
}

/// What the bundle left behind.
fn bundle() -> Option<JsValue> {
    let found = Reflect::get(&window(), &"planscopeEditor".into()).ok()?;
    found.is_object().then_some(found)
}

/// Where the bundle is: the page says it, because its name may carry what is in it.
fn address() -> String {
    let told = document().query_selector("meta[name=planscope-editor]").ok().flatten();
    told.and_then(|meta| meta.get_attribute("content")).unwrap_or_else(|| "./editor.js".into())
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        let set = Reflect::set(&object, &(*key).into(), value);
        debug_assert!(set.is_ok());
    }
    object
}

/// Findings as the bundle takes them.
fn listed(text: &str, found: &[Found]) -> Array {
    if found.is_empty() {
        return Array::new();
    }
    let spans: Vec<u32> = found.iter().flat_map(|own| [own.place.span.start, own.place.span.end]).collect();
    let places = utf16::from_bytes(text, &spans);
    let entry = |(own, place): (&Found, &[u32])| {
        let finding = &own.diagnostic;
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let optional = |text: Option<&String>| text.map_or(JsValue::NULL, JsValue::from);
        object(&[
            ("from", place[0].into()),
            ("to", place[1].into()),
            ("severity", severity.into()),
            ("code", finding.code.as_str().into()),
            ("message", finding.message.as_str().into()),
            ("help", optional(finding.help.as_ref())),
            ("fix", optional(finding.fix.as_ref().map(|fix| &fix.label))),
        ])
    };
    found.iter().zip(places.chunks_exact(2)).map(entry).collect()
}
