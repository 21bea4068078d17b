//! Wakes the painter: on changes of signals, and of the canvases' sizes.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

use super::PainterHandle;
use super::painter::Painter;
use super::signals::ScopeSignals;

/// Whether the person asked for little motion.
pub fn wants_calm() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// Asks for frames until the scope goes away.
pub fn follow(
    signals: ScopeSignals,
    painter: PainterHandle,
    version: Signal<u64>,
    theme_version: Signal<u32>,
) {
    Effect::new(move |_| {
        version.track();
        painter.with_value(Painter::renew);
    });
    Effect::new(move |_| {
        signals.cursor.track();
        signals.hidden.track();
        signals.by.track();
        signals.running.track();
        signals.playing.track();
        painter.with_value(Painter::refresh);
    });
    Effect::new(move |_| {
        let selected = signals.selected.get();
        painter.with_value(|painter| {
            if let Some(node) = selected {
                painter.with_trace(|trace, drawing| drawing.show(trace, node));
            }
            painter.refresh();
        });
    });
    Effect::new(move |_| {
        theme_version.track();
        painter.with_value(Painter::recolour);
    });
    observe(signals, painter);
    on_cleanup(move || {
        painter.try_with_value(|painter| painter.stop());
    });
}

/// Repaints when a canvas changes its size.
fn observe(signals: ScopeSignals, painter: PainterHandle) {
    let changed = Closure::<dyn Fn()>::new(move || {
        painter.try_with_value(Painter::remeasure);
    });
    let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else { return };
    let observer = Rc::new(observer);
    let kept = StoredValue::new_local((Rc::clone(&observer), changed));
    let canvases = signals.canvases;
    Effect::new(move |_| {
        let all = [canvases.tree, canvases.overview, canvases.ramp, canvases.track, canvases.strips];
        for canvas in all.iter().filter_map(|node| node.get()) {
            observer.observe(&canvas);
        }
    });
    on_cleanup(move || {
        kept.try_with_value(|(observer, _)| observer.disconnect());
    });
}
