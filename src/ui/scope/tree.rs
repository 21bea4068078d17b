//! The tree's canvas, the overview beside it, and the buttons and keys that move the view.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::super::icon::Icon;
use super::Hand;
use super::desk::Desk;
use super::outline::Outline;
use super::pointer::Pointers;
use crate::view::outline::{Step, step};
use crate::view::stage::Stage;

/// What a press of a zoom button or key does.
const ZOOM: f64 = 1.4;
/// How far a key pans, in pixels.
const PAN: f64 = 48.0;

/// The tree.
#[component]
pub fn Tree(desk: Desk, hand: Hand) -> impl IntoView {
    let pointers = Pointers::new(desk, hand);
    let empty = Memo::new(move |_| desk.facts.with(|facts| facts.nodes == 0));
    view! {
        <div class="tree">
            <canvas
                class="tree-canvas"
                node_ref=desk.canvases.tree
                aria-hidden="true"
                on:pointerdown=move |event| pointers.down(&event)
                on:pointermove=move |event| pointers.moved(&event)
                on:pointerup=move |event| pointers.up(&event)
                on:pointercancel=move |event| pointers.lost(&event)
                on:wheel=move |event| pointers.wheel(&event)
                on:dblclick=move |event| zoom(hand, ZOOM * ZOOM, Some((f64::from(event.offset_x()), f64::from(event.offset_y()))))
            ></canvas>
            <Outline desk on_key=move |event| key(desk, hand, &event) />
            <Show when=move || empty.get()>
                <p class="tree-empty">
                    <b>"The search will grow here"</b>
                    {move || if desk.running.get() { "The problem is being prepared." } else { "Press Run, or Step for one expansion at a time." }}
                </p>
            </Show>
            <Overview desk hand />
            <div class="zoom" role="group" aria-label="Zoom">
                <ZoomButton icon="i-plus" label="Zoom in" act=move || zoom(hand, ZOOM, selected_place(desk, hand)) />
                <ZoomButton icon="i-minus" label="Zoom out" act=move || zoom(hand, 1.0 / ZOOM, selected_place(desk, hand)) />
                <ZoomButton icon="i-fit" label="Fit the tree" act=move || hand.with_value(|painter| painter.with_stage(Stage::fit)) />
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
fn Overview(desk: Desk, hand: Hand) -> impl IntoView {
    let jump = move |x: i32, y: i32| {
        hand.with_value(|painter| {
            painter.with_stage(|stage| {
                let Some(small) = stage.overview().map(|scene| scene.view) else { return };
                let (leaf, level) = (small.leaf_at(f64::from(x)), small.level_at(f64::from(y)));
                stage.look(|view, extent| view.centred(leaf, level, extent));
            });
        });
    };
    let side = move |index: usize| {
        move || desk.window.get().map_or_else(String::new, |window| format!("{:.1}px", window[index]))
    };
    view! {
        <div class="minimap">
            <canvas
                node_ref=desk.canvases.overview
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
                hidden=move || desk.window.get().is_none()
                style:left=side(0)
                style:top=side(1)
                style:width=side(2)
                style:height=side(3)
            ></div>
        </div>
    }
}

/// Where the selected node stands on the canvas, if it is in sight: zooming keeps it there.
fn selected_place(desk: Desk, hand: Hand) -> Option<(f64, f64)> {
    let node = desk.selected.get_untracked()?;
    hand.with_value(|painter| {
        let (width, height) = painter.tree_size();
        let place = painter.with_trace(|trace, stage| stage.place(trace, node)).flatten();
        place.filter(|(x, y)| (0.0..width).contains(x) && (0.0..height).contains(y))
    })
}

fn zoom(hand: Hand, factor: f64, around: Option<(f64, f64)>) {
    hand.with_value(|painter| {
        let (width, height) = painter.tree_size();
        let (x, y) = around.unwrap_or((width / 2.0, height / 2.0));
        painter.with_stage(|stage| stage.look(|view, extent| view.zoomed(factor, x, y, extent)));
    });
}

fn pan(hand: Hand, dx: f64, dy: f64) {
    hand.with_value(|painter| {
        painter.with_stage(|stage| stage.look(|view, extent| view.panned(dx, dy, extent)));
    });
}

/// Walks the tree, or moves the view; see the list of shortcuts.
fn key(desk: Desk, hand: Hand, event: &KeyboardEvent) {
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
        walk(desk, hand, way);
    } else if matches!(key.as_str(), "Enter" | " ") {
        desk.selected.update(|selected| *selected = Some(selected.unwrap_or(0)));
        desk.opened.run(true);
    } else if !move_view(desk, hand, &key.to_lowercase()) {
        return;
    }
    event.prevent_default();
    event.stop_propagation();
}

fn move_view(desk: Desk, hand: Hand, key: &str) -> bool {
    match key {
        "+" | "=" => zoom(hand, ZOOM, selected_place(desk, hand)),
        "-" | "_" => zoom(hand, 1.0 / ZOOM, selected_place(desk, hand)),
        "0" => hand.with_value(|painter| painter.with_stage(Stage::fit)),
        "w" => pan(hand, 0.0, PAN),
        "a" => pan(hand, PAN, 0.0),
        "s" => pan(hand, 0.0, -PAN),
        "d" => pan(hand, -PAN, 0.0),
        _ => return false,
    }
    true
}

fn walk(desk: Desk, hand: Hand, way: Step) {
    let (selected, cursor) = (desk.selected.get_untracked(), desk.cursor.get_untracked());
    let next = hand.with_value(|painter| {
        painter.with_trace(|trace, stage| match selected {
            None if way != Step::Last => (!stage.layout.is_empty()).then_some(0),
            from => step(trace, &stage.layout, cursor, from.unwrap_or(0), way),
        })
    });
    if let Some(node) = next.flatten() {
        desk.selected.set(Some(node));
    }
}
