//! User Timing: spans as measures of `performance`, for the performance panel of a browser's tools.
//!
//! It listens to `tracing` by itself. `tracing-web` has a layer for this; but it rests on `tracing-subscriber`, whose
//! registry and formatting weigh more than the rest of what traces here, it measures each turn of a waiting span and
//! not the span, and it lets the entries of the timeline grow without bound.

use std::fmt::{Debug, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use js_sys::{Array, Object, Reflect};
use slab::Slab;
use tracing::field::{Field, Visit};
use tracing::metadata::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::time::now_ms;
use crate::runtime::spans::{PHASE, STORE, TARGETS};

/// Entries that the timeline has at once. A browser's tools note each when it is made, so they miss none of those
/// that are dropped here.
const ENTRIES_MAX: usize = 2_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = performance, js_name = measure)]
    fn measure(name: &str, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = performance, js_name = mark)]
    fn mark(name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = performance, js_name = clearMeasures)]
    fn clear_measures(name: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = performance, js_name = clearMarks)]
    fn clear_marks(name: &str) -> Result<(), JsValue>;
}

/// From now on, spans and events are on the timeline. Once a page.
pub fn start() {
    // Somebody else's listener stays.
    let _ = tracing::subscriber::set_global_default(Timing::default());
}

/// Makes measures of spans.
#[derive(Default)]
struct Timing {
    timeline: Mutex<Timeline>,
}

#[derive(Default)]
struct Timeline {
    open: Slab<Open>,
    /// Names that entries have, of which there are few, and how many entries there are.
    names: Vec<String>,
    entries: usize,
}

/// A span that has not ended.
struct Open {
    kind: &'static str,
    fields: Fields,
    began_ms: f64,
    handles: usize,
}

/// Fields as text.
#[derive(Default)]
struct Fields(Vec<(&'static str, String)>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        // A string takes what is written.
        let _ = write!(text, "{value:?}");
        self.0.push((field.name(), text));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.to_owned()));
    }
}

impl Fields {
    /// A name for what has these fields. There are few of them: numbers of requests are not in it.
    fn name(&self, kind: &'static str) -> String {
        let first = self.0.first().filter(|_| kind == PHASE || kind == STORE);
        match first {
            Some((_, text)) => format!("planscope {kind} {text}"),
            None => format!("planscope {kind}"),
        }
    }
}

impl Timing {
    fn timeline(&self) -> MutexGuard<'_, Timeline> {
        self.timeline.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Timeline {
    /// Makes room for an entry of this name.
    fn admit(&mut self, name: &str) {
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
        if self.entries == ENTRIES_MAX {
            for name in &self.names {
                // What cannot be dropped stays.
                let _ = (clear_measures(name), clear_marks(name));
            }
            self.entries = 0;
        }
        self.entries += 1;
    }
}

impl Subscriber for Timing {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with(TARGETS)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        let open = Open { kind: span.metadata().name(), fields, began_ms: now_ms(), handles: 1 };
        Id::from_u64(self.timeline().open.insert(open) as u64 + 1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let name = fields.name(event.metadata().name());
        self.timeline().admit(&name);
        // A timeline that takes no more entries is none of a search's business.
        let _ = mark(&name);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}

    fn clone_span(&self, id: &Id) -> Id {
        if let Some(open) = self.timeline().open.get_mut(place(id)) {
            open.handles += 1;
        }
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut timeline = self.timeline();
        let Some(open) = timeline.open.get_mut(place(&id)) else { return false };
        open.handles -= 1;
        if open.handles > 0 {
            return false;
        }
        let open = timeline.open.remove(place(&id));
        let name = open.fields.name(open.kind);
        timeline.admit(&name);
        // As above.
        let _ = options(&open).and_then(|options| measure(&name, &options));
        true
    }
}

fn place(id: &Id) -> usize {
    id.into_u64() as usize - 1
}

/// From when to when, and on which track: each kind has one.
fn options(open: &Open) -> Result<JsValue, JsValue> {
    let properties = Array::new();
    for (name, text) in &open.fields.0 {
        properties.push(&Array::of2(&(*name).into(), &text.as_str().into()));
    }
    let [options, detail, devtools] = [(); 3].map(|()| Object::new());
    Reflect::set(&devtools, &"track".into(), &open.kind.into())?;
    Reflect::set(&devtools, &"trackGroup".into(), &"Planscope".into())?;
    Reflect::set(&devtools, &"properties".into(), &properties)?;
    Reflect::set(&detail, &"devtools".into(), &devtools)?;
    Reflect::set(&options, &"detail".into(), &detail)?;
    Reflect::set(&options, &"start".into(), &open.began_ms.into())?;
    Reflect::set(&options, &"end".into(), &now_ms().into())?;
    Ok(options.into())
}
