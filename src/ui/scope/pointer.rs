//! Mouse, pen and fingers on the tree: drag pans, a click selects and opens, two fingers zoom.

use leptos::ev::{PointerEvent, WheelEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::PainterHandle;
use super::signals::ScopeSignals;

/// A press that moved less than this many pixels is a click.
const SLOP: f64 = 4.0;
/// A click within this many pixels of a mark means the mark; a finger may be farther away.
const REACH: f64 = 12.0;
const REACH_TOUCH: f64 = 24.0;

/// What is pressed.
#[derive(Clone, Copy)]
pub struct Pointers {
    signals: ScopeSignals,
    painter: PainterHandle,
    pressed: StoredValue<Pressed, LocalStorage>,
}

#[derive(Default)]
struct Pressed {
    points: Vec<Point>,
    travelled: f64,
    /// Whether a second finger took part.
    pinched: bool,
}

#[derive(Clone, Copy)]
struct Point {
    id: i32,
    x: f64,
    y: f64,
}

impl Point {
    fn of(event: &PointerEvent) -> Self {
        Self { id: event.pointer_id(), x: f64::from(event.offset_x()), y: f64::from(event.offset_y()) }
    }
}

impl Pressed {
    /// Centre of the points and, with two, their distance.
    fn grip(&self) -> (f64, f64, Option<f64>) {
        match self.points.as_slice() {
            [] => (0.0, 0.0, None),
            [one] => (one.x, one.y, None),
            [a, b, ..] => {
                let centre = (f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y));
                (centre.0, centre.1, Some((a.x - b.x).hypot(a.y - b.y).max(1.0)))
            }
        }
    }
}

impl Pointers {
    pub fn new(signals: ScopeSignals, painter: PainterHandle) -> Self {
        Self { signals, painter, pressed: StoredValue::new_local(Pressed::default()) }
    }

    pub fn down(self, event: &PointerEvent) {
        if event.button() > 1 {
            return;
        }
        if let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
            // Without capture a drag ends at the edge of the canvas; nothing else is lost.
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        self.pressed.update_value(|pressed| {
            if pressed.points.is_empty() {
                *pressed = Pressed::default();
            }
            pressed.points.push(Point::of(event));
            pressed.pinched |= pressed.points.len() > 1;
        });
    }

    pub fn moved(self, event: &PointerEvent) {
        let change = self.pressed.try_update_value(|pressed| {
            let before = pressed.grip();
            let point = pressed.points.iter_mut().find(|point| point.id == event.pointer_id())?;
            *point = Point::of(event);
            let after = pressed.grip();
            pressed.travelled += (after.0 - before.0).abs() + (after.1 - before.1).abs();
            (pressed.travelled > SLOP || pressed.pinched).then_some((before, after))
        });
        let Some(((x0, y0, apart0), (x, y, apart))) = change.flatten() else { return };
        let factor = apart.zip(apart0).map_or(1.0, |(now, then)| now / then);
        self.painter.with_value(|painter| {
            painter.with_drawing(|drawing| {
                drawing.move_view(|view, extent| {
                    let moved = view.panned(x - x0, y - y0, extent);
                    if (factor - 1.0).abs() > 1e-6 { moved.zoomed(factor, x, y, extent) } else { moved }
                });
            });
        });
    }

    pub fn up(self, event: &PointerEvent) {
        let click = self.pressed.try_update_value(|pressed| {
            pressed.points.retain(|point| point.id != event.pointer_id());
            pressed.points.is_empty() && pressed.travelled <= SLOP && !pressed.pinched
        });
        if click == Some(true) {
            self.click(event);
        }
    }

    pub fn lost(self, event: &PointerEvent) {
        self.pressed.update_value(|pressed| pressed.points.retain(|point| point.id != event.pointer_id()));
    }

    pub fn wheel(self, event: &WheelEvent) {
        event.prevent_default();
        let lines = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { 16.0 } else { 1.0 };
        let (dx, dy) = (event.delta_x() * lines, event.delta_y() * lines);
        let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        self.painter.with_value(|painter| {
            painter.with_drawing(|drawing| {
                drawing.move_view(|view, extent| {
                    if event.shift_key() || dx.abs() > dy.abs() {
                        let along = if dx.abs() > dy.abs() { dx } else { dy };
                        return view.panned(-along, 0.0, extent);
                    }
                    // A pinch on a touchpad arrives as small steps with Ctrl held.
                    let speed = if event.ctrl_key() { 0.01 } else { 0.0016 };
                    view.zoomed((-dy * speed).clamp(-0.7, 0.7).exp(), x, y, extent)
                });
            });
        });
    }

    /// Selects the nearest mark, and lets the keys walk on from there.
    fn click(self, event: &PointerEvent) {
        let canvas = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let list = canvas.and_then(|canvas| canvas.parent_element()?.query_selector(".outline").ok()?);
        if let Some(list) = list.and_then(|list| list.dyn_into::<HtmlElement>().ok()) {
            // Where focus is refused the mouse goes on working.
            let _ = list.focus();
        }
        let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let reach = if event.pointer_type() == "touch" { REACH_TOUCH } else { REACH };
        let hit = self.painter.with_value(|painter| {
            painter.with_drawing(|drawing| {
                drawing.scene().and_then(|scene| scene.hit(x, y, reach)).map(|glyph| glyph.node)
            })
        });
        if let Some(node) = hit {
            let is_again = self.signals.selected.get_untracked() == Some(node);
            self.signals.selected.set(Some(node));
            self.signals.opened.run(is_again);
        }
    }
}
