//! The scope: the tree as it grows, its legend, and the run's time under it.
//!
//! Components here only draw and listen; what is drawn comes from `view`, where it is worked
//! out and tested without a browser. Hot data stays in the [`Painter`], outside of signals.

pub mod desk;
pub mod facts;
mod ink;
mod legend;
mod notes;
mod outline;
mod paint_small;
mod paint_time;
mod paint_tree;
mod painter;
mod pointer;
mod sprites;
mod surface;
mod time;
mod tree;
mod watch;

use std::rc::Rc;

use leptos::prelude::*;

use self::desk::{Canvases, Desk, Source};
use self::legend::Legend;
use self::painter::Painter;
use self::time::Time;
use self::tree::Tree;
use crate::trace::Figures;
use crate::view::ledger::{Shape, Shapes};

/// The painter, as components hold it.
type Hand = StoredValue<Rc<Painter>, LocalStorage>;

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
    /// Counts changes of the recording, at most one a frame.
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
    let desk = Desk {
        selected,
        cursor,
        running,
        figures,
        opened,
        hidden: RwSignal::new(Shapes::default().toggled(Shape::Duplicate)),
        by: RwSignal::default(),
        playing: RwSignal::new(false),
        facts: RwSignal::default(),
        told: RwSignal::default(),
        window: RwSignal::new(None),
        calm: watch::wants_calm(),
        canvases: Canvases::default(),
    };
    let hand = StoredValue::new_local(Painter::new(desk, source));
    watch::follow(desk, hand, version, theme_version);
    let dropped = Memo::new(move |_| desk.facts.with(|facts| facts.dropped));
    view! {
        {move || drawn.get().map(|drawn| view! { <p class="scope-note">{drawn}</p> })}
        <Legend desk />
        <Show when=move || { dropped.get() > 0 }>
            <p class="scope-note">
                {move || format!("The recording is full: {} later nodes are counted and not drawn.", crate::view::format::count(dropped.get()))}
            </p>
        </Show>
        <Tree desk hand />
        <Time desk hand />
    }
}
