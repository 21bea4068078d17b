//! The tree's canvas, the overview beside it, and the buttons and keys that move the view.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::super::icon::Icon;
use super::PainterHandle;
use super::outline::Outline;
use super::pointer::Pointers;
use super::signals::ScopeSignals;
use crate::view::drawing::Drawing;
use crate::view::outline::{Step, step};

/// What a press of a zoom button or key does.
const ZOOM: f64 = 1.4;
/// How far a key pans, in pixels.
const PAN: f64 = 48.0;

/// The tree.
#[component]
pub fn Tree(signals: ScopeSignals, painter: PainterHandle) -> impl IntoView {
    let pointers = Pointers::new(signals, painter);
    let empty = Memo::new(move |_| signals.statistics.with(|statistics| statistics.nodes == 0));
    view! {
        <div class="tree">
            <canvas
                class="tree-canvas"
                node_ref=signals.canvases.tree
                aria-hidden="true"
                on:pointerdown=move |event| pointers.down(&event)
                on:pointermove=move |event| pointers.moved(&event)
                on:pointerup=move |event| pointers.up(&event)
                on:pointercancel=move |event| pointers.lost(&event)
                on:wheel=move |event| pointers.wheel(&event)
                on:dblclick=move |event| zoom(painter, ZOOM * ZOOM, Some((f64::from(event.offset_x()), f64::from(event.offset_y()))))
            ></canvas>
            <Outline signals on_key=move |event| key(signals, painter, &event) />
            <Show when=move || empty.get()>
                <p class="tree-empty">
                    <b>"The search will grow here"</b>
                    {move || if signals.running.get() { "The problem is being prepared." } else { "Press Run, or Step for one expansion at a time." }}
                </p>
            </Show>
            <Overview signals painter />
            <div class="zoom" role="group" aria-label="Zoom">
                <ZoomButton icon="i-plus" label="Zoom in" act=move || zoom(painter, ZOOM, selected_place(signals, painter)) />
                <ZoomButton icon="i-minus" label="Zoom out" act=move || zoom(painter, 1.0 / ZOOM, selected_place(signals, painter)) />
                <ZoomButton icon="i-fit" label="Fit the tree" act=move || painter.with_value(|painter| painter.with_drawing(Drawing::fit)) />
            </div>
        </div>
    }
}

#[component]
fn ZoomButton(icon: &'static str, label: &'static str, act: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button class="btn icon" type="button" aria-label=label title=label on:click=move |_| act()>
            <Icon name=icon />
        </button>
    }
}

/// The whole tree, with the part in view framed. A press moves the view there.
#[component]
fn Overview(signals: ScopeSignals, painter: PainterHandle) -> impl IntoView {
    let jump = move |x: i32, y: i32| {
        painter.with_value(|painter| {
            painter.with_drawing(|drawing| {
                let Some(small) = drawing.overview().map(|scene| scene.view) else { return };
                let (leaf, level) = (small.leaf_at(f64::from(x)), small.level_at(f64::from(y)));
                drawing.move_view(|view, extent| view.centred(leaf, level, extent));
            });
        });
    };
    let side = move |index: usize| {
        move || signals.window.get().map_or_else(String::new, |window| format!("{:.1}px", window[index]))
    };
    view! {
        <div class="minimap">
            <canvas
                node_ref=signals.canvases.overview
                aria-hidden="true"
                on:pointerdown=move |event| jump(event.offset_x(), event.offset_y())
                on:pointermove=move |event| {
                    if event.buttons() & 1 == 1 {
                        jump(event.offset_x(), event.offset_y());
                    }
                }
            ></canvas>
            <div
                class="window"
                hidden=move || signals.window.get().is_none()
                style:left=side(0)
                style:top=side(1)
                style:width=side(2)
                style:height=side(3)
            ></div>
        </div>
    }
}

/// Where the selected node stands on the canvas, if it is in sight: zooming keeps it there.
fn selected_place(signals: ScopeSignals, painter: PainterHandle) -> Option<(f64, f64)> {
    let node = signals.selected.get_untracked()?;
    painter.with_value(|painter| {
        let (width, height) = painter.tree_size();
        let place = painter.with_trace(|trace, drawing| drawing.place(trace, node)).flatten();
        place.filter(|(x, y)| (0.0..width).contains(x) && (0.0..height).contains(y))
    })
}

fn zoom(painter: PainterHandle, factor: f64, around: Option<(f64, f64)>) {
    painter.with_value(|painter| {
        let (width, height) = painter.tree_size();
        let (x, y) = around.unwrap_or((width / 2.0, height / 2.0));
        painter.with_drawing(|drawing| drawing.move_view(|view, extent| view.zoomed(factor, x, y, extent)));
    });
}

fn pan(painter: PainterHandle, dx: f64, dy: f64) {
    painter.with_value(|painter| {
        painter.with_drawing(|drawing| drawing.move_view(|view, extent| view.panned(dx, dy, extent)));
    });
}

/// Walks the tree, or moves the view; see the list of shortcuts.
fn key(signals: ScopeSignals, painter: PainterHandle, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let key = event.key();
    let way = match (key.as_str(), event.shift_key()) {
        ("ArrowUp", false) => Some(Step::Parent),
        ("ArrowDown", false) => Some(Step::Child),
        ("ArrowLeft", false) => Some(Step::Before),
        ("ArrowRight", false) => Some(Step::After),
        ("ArrowLeft" | "ArrowUp", true) => Some(Step::Earlier),
        ("ArrowRight" | "ArrowDown", true) => Some(Step::Later),
        ("Home", _) => Some(Step::First),
        ("End", _) => Some(Step::Last),
        _ => None,
    };
    if let Some(way) = way {
        walk(signals, painter, way);
    } else if matches!(key.as_str(), "Enter" | " ") {
        signals.selected.update(|selected| *selected = Some(selected.unwrap_or(0)));
        signals.opened.run(true);
    } else if !move_view(signals, painter, &key.to_lowercase()) {
        return;
    }
    event.prevent_default();
    event.stop_propagation();
}

fn move_view(signals: ScopeSignals, painter: PainterHandle, key: &str) -> bool {
    match key {
        "+" | "=" => zoom(painter, ZOOM, selected_place(signals, painter)),
        "-" | "_" => zoom(painter, 1.0 / ZOOM, selected_place(signals, painter)),
        "0" => painter.with_value(|painter| painter.with_drawing(Drawing::fit)),
        "w" => pan(painter, 0.0, PAN),
        "a" => pan(painter, PAN, 0.0),
        "s" => pan(painter, 0.0, -PAN),
        "d" => pan(painter, -PAN, 0.0),
        _ => return false,
    }
    true
}

fn walk(signals: ScopeSignals, painter: PainterHandle, way: Step) {
    let (selected, cursor) = (signals.selected.get_untracked(), signals.cursor.get_untracked());
    let next = painter.with_value(|painter| {
        painter.with_trace(|trace, drawing| match selected {
            None if way != Step::Last => (!drawing.layout.is_empty()).then_some(0),
            from => step(trace, &drawing.layout, cursor, from.unwrap_or(0), way),
        })
    });
    if let Some(node) = next.flatten() {
        signals.selected.set(Some(node));
    }
}
