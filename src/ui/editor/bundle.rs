//! The bundle (www/editor): where it is, what it is told, and what it calls.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlDivElement, HtmlTextAreaElement};

use super::super::check::Found;
use super::Part;
use crate::diagnostic::{Fix, Severity};
use crate::view::utf16;

/// Who hears of what happens in the editor.
#[derive(Clone)]
pub(super) struct Hears {
    pub(super) part: Part,
    pub(super) on_change: Rc<dyn Fn(String)>,
    pub(super) on_fix: Rc<dyn Fn(Fix)>,
    pub(super) on_run: Rc<dyn Fn()>,
    pub(super) on_show: Rc<dyn Fn()>,
    pub(super) found: Signal<Vec<Found>>,
}

/// `CodeMirror`, and the closures that it calls.
pub(super) struct Rich {
    handle: JsValue,
    _change: Closure<dyn Fn(String, bool, bool)>,
    _fix: Closure<dyn Fn(u32)>,
    _run: Closure<dyn Fn()>,
    _show: Closure<dyn Fn()>,
}

impl Rich {
    /// Calls a method of the handle; a missing one does nothing.
    pub(super) fn call(&self, method: &str, arguments: &[JsValue]) {
        let list: Array = arguments.iter().collect();
        let function = Reflect::get(&self.handle, &method.into()).ok();
        let function = function.and_then(|function| function.dyn_into::<Function>().ok());
        let done = function.map(|function| function.apply(&self.handle, &list));
        debug_assert!(matches!(done, Some(Ok(_))), "{method}");
    }
}

impl Hears {
    pub(super) fn create(
        self,
        bundle: &JsValue,
        host: &HtmlDivElement,
        plain: &HtmlTextAreaElement,
    ) -> Option<Rich> {
        // A large text comes in parts.
        let parts = RefCell::new(String::new());
        let change = Closure::new(move |part: String, is_first: bool, is_last: bool| {
            let whole = {
                let mut text = parts.borrow_mut();
                if is_first {
                    *text = part;
                } else {
                    text.push_str(&part);
                }
                is_last.then(|| std::mem::take(&mut *text))
            };
            if let Some(text) = whole {
                (self.on_change)(text);
            }
        });
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
pub(super) fn bundle() -> Option<JsValue> {
    let found = Reflect::get(&window(), &"planscopeEditor".into()).ok()?;
    found.is_object().then_some(found)
}

/// Where the bundle is: the page says it, because its name may carry what is in it.
pub(super) fn address() -> String {
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
pub(super) fn listed(text: &str, found: &[Found]) -> Array {
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
