//! Wakes the painter: on changes of signals, and of the canvases' sizes.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

use super::Hand;
use super::desk::Desk;
use super::painter::Painter;

/// Whether the person asked for little motion.
pub fn wants_calm() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// Asks for frames until the scope goes away.
pub fn follow(desk: Desk, hand: Hand, version: Signal<u64>, theme_version: Signal<u32>) {
    Effect::new(move |_| {
        version.track();
        hand.with_value(Painter::ask);
    });
    Effect::new(move |_| {
        desk.cursor.track();
        desk.hidden.track();
        desk.by.track();
        desk.running.track();
        desk.playing.track();
        hand.with_value(Painter::refresh);
    });
    Effect::new(move |_| {
        let selected = desk.selected.get();
        hand.with_value(|painter| {
            if let Some(node) = selected {
                painter.with_trace(|trace, stage| stage.show(trace, node));
            }
            painter.refresh();
        });
    });
    Effect::new(move |_| {
        theme_version.track();
        hand.with_value(Painter::recolour);
    });
    observe(desk, hand);
    on_cleanup(move || {
        hand.try_with_value(|painter| painter.stop());
    });
}

/// Repaints when a canvas changes its size.
fn observe(desk: Desk, hand: Hand) {
    let changed = Closure::<dyn Fn()>::new(move || {
        hand.try_with_value(Painter::remeasure);
    });
    let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else { return };
    let observer = Rc::new(observer);
    let kept = StoredValue::new_local((Rc::clone(&observer), changed));
    let canvases = desk.canvases;
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
