//! The two dividers between the columns of a wide page: dragged, or moved by the arrow keys.
//!
//! Widths stand in custom properties of the sheet and are kept in `localStorage`; the least
//! widths stand in the style sheet, which has the last word.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

const KEY: &str = "planscope.columns";
/// Pixels per press of an arrow key.
const STEP: f64 = 16.0;
/// Narrowest and widest that is kept; the page's own width bounds it further.
const LEAST: f64 = 280.0;
const MOST: f64 = 1_200.0;

/// Which column a divider belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

impl Side {
    fn column(self) -> &'static str {
        match self {
            Self::Left => "problem",
            Self::Right => "result",
        }
    }

    fn width_now(self) -> Option<f64> {
        let column = document().get_element_by_id(self.column())?;
        Some(column.get_bounding_client_rect().width())
    }
}

/// Widths of the outer columns in pixels; `None` for the share that the style sheet gives.
#[derive(Clone, Copy)]
pub struct Columns {
    left: RwSignal<Option<f64>>,
    right: RwSignal<Option<f64>>,
}

impl Columns {
    /// As they were left.
    pub fn restored() -> Self {
        let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).unwrap_or_default();
        let mut widths = kept.split(' ').map(|width| width.parse::<f64>().ok().map(bounded));
        let (left, right) = (widths.next().flatten(), widths.next().flatten());
        Self { left: RwSignal::new(left), right: RwSignal::new(right) }
    }

    /// The width of a column as the value of a custom property; `None` where it was not moved.
    pub fn width(self, side: Side) -> Option<String> {
        self.of(side).get().map(|width| format!("{width}px"))
    }

    fn of(self, side: Side) -> RwSignal<Option<f64>> {
        match side {
            Side::Left => self.left,
            Side::Right => self.right,
        }
    }

    fn set(self, side: Side, width: Option<f64>) {
        self.of(side).set(width.map(bounded));
    }

    fn keep(self) {
        let text = |width: RwSignal<Option<f64>>| {
            width.get_untracked().map_or_else(|| "-".to_owned(), |width| width.round().to_string())
        };
        if let Some(storage) = storage() {
            // A full or forbidden storage only costs the memory of the widths.
            let _ = storage.set_item(KEY, &format!("{} {}", text(self.left), text(self.right)));
        }
    }
}

fn bounded(width: f64) -> f64 {
    width.clamp(LEAST, MOST)
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// A divider.
#[component]
pub fn Divider(columns: Columns, side: Side) -> impl IntoView {
    let handle = NodeRef::<html::Div>::new();
    // Where the pointer went down, and how wide the column was then.
    let grip = RwSignal::new(None::<(f64, f64)>);
    let sign = if side == Side::Left { 1.0 } else { -1.0 };
    let (class, label) = match side {
        Side::Left => ("divider left", "Width of the problem"),
        Side::Right => ("divider right", "Width of the result"),
    };
    let down = move |event: ev::PointerEvent| {
        let (Some(handle), Some(width)) = (handle.get_untracked(), side.width_now()) else { return };
        // Without the capture a fast drag loses the handle and no more.
        let _ = handle.set_pointer_capture(event.pointer_id());
        grip.set(Some((f64::from(event.client_x()), width)));
    };
    let drag = move |event: ev::PointerEvent| {
        if let Some((from, width)) = grip.get_untracked() {
            columns.set(side, Some(width + sign * (f64::from(event.client_x()) - from)));
        }
    };
    let drop = move |_: ev::PointerEvent| {
        if grip.get_untracked().is_some() {
            grip.set(None);
            columns.keep();
        }
    };
    let press = move |event: ev::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" => -STEP * sign,
            "ArrowRight" => STEP * sign,
            _ => return,
        };
        event.prevent_default();
        if let Some(width) = side.width_now() {
            columns.set(side, Some(width + by));
            columns.keep();
        }
    };
    let reset = move |_| {
        columns.set(side, None);
        columns.keep();
    };
    let value =
        move || columns.of(side).get().or_else(|| side.width_now()).unwrap_or(LEAST).round().to_string();
    view! {
        <div
            class=class
            class:held=move || grip.with(Option::is_some)
            role="separator"
            tabindex="0"
            aria-label=label
            aria-orientation="vertical"
            aria-controls=side.column()
            aria-valuemin=LEAST.to_string()
            aria-valuemax=MOST.to_string()
            aria-valuenow=value
            title="Drag, or use the arrow keys; a double click resets it"
            node_ref=handle
            on:pointerdown=down
            on:pointermove=drag
            on:pointerup=drop
            on:pointercancel=drop
            on:keydown=press
            on:dblclick=reset
        ></div>
    }
}
