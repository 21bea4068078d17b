//! The scope: the tree as it grows, its legend, and the run's time under it.
//!
//! Components here only draw and listen. What is drawn is worked out in `view`, and tested there without a
//! browser. Data that changes with every frame stays in the [`Painter`], outside of signals.

mod canvas_theme;
mod legend;
mod notes;
mod outline;
mod paint_small;
mod paint_time;
mod paint_tree;
mod painter;
mod pointer;
pub mod signals;
mod sprites;
pub mod statistics;
mod surface;
mod time;
mod tree;
mod watch;

use std::rc::Rc;

use leptos::prelude::*;

use self::legend::Legend;
use self::painter::Painter;
use self::signals::{Canvases, ScopeSignals, Source};
use self::time::Time;
use self::tree::Tree;
use crate::trace::Figures;
use crate::view::ledger::{Shape, Shapes};

/// The painter, as components hold it.
type PainterHandle = StoredValue<Rc<Painter>, LocalStorage>;

/// The scope of one run.
#[component]
pub fn Scope(
    /// Where the recording and what belongs to it come from.
    source: Source,
    /// The figures of the search at the cursor.
    figures: Memo<Figures>,
    /// Which of several searches is drawn; `None` where there is only one.
    #[prop(into)]
    drawn: Signal<Option<String>>,
    /// Called where a node is pressed; whether it had been selected before.
    #[prop(into)]
    opened: Callback<bool>,
    /// Counts readings of the run's figures.
    version: Signal<u64>,
    /// The selected node.
    selected: RwSignal<Option<u32>>,
    /// Expansions shown; `None` for all.
    cursor: RwSignal<Option<u32>>,
    /// Whether the search is under way.
    running: Signal<bool>,
    /// Counts changes of colour.
    theme_version: Signal<u32>,
) -> impl IntoView {
    let signals = ScopeSignals {
        selected,
        cursor,
        running,
        figures,
        opened,
        hidden: RwSignal::new(Shapes::default().toggled(Shape::Duplicate)),
        by: RwSignal::default(),
        playing: RwSignal::new(false),
        statistics: RwSignal::default(),
        outline: RwSignal::default(),
        window: RwSignal::new(None),
        calm: watch::wants_calm(),
        canvases: Canvases::default(),
    };
    let painter = StoredValue::new_local(Painter::new(signals, source));
    watch::follow(signals, painter, version, theme_version);
    let dropped = Memo::new(move |_| signals.statistics.with(|statistics| statistics.dropped));
    view! {
        {move || drawn.get().map(|drawn| view! { <p class="scope-note">{drawn}</p> })}
        <Legend signals />
        <Show when=move || { dropped.get() > 0 }>
            <p class="scope-note">
                {move || format!("The recording is full: {} later nodes are counted and not drawn.", crate::view::format::count(dropped.get()))}
            </p>
        </Show>
        <Tree signals painter />
        <Time signals />
    }
}
