//! What the parts of a scope share: its signals, its canvases, and where it gets what it draws.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::tachys::html::element::Canvas;

use super::super::trace_handle::TraceHandle;
use super::statistics::{OutlineItem, ScopeStatistics, Slices};
use crate::trace::Figures;
use crate::view::ledger::Shapes;
use crate::view::palette::ColourBy;

/// The canvases of the scope.
#[derive(Clone, Copy, Default)]
pub struct Canvases {
    pub tree: NodeRef<Canvas>,
    pub overview: NodeRef<Canvas>,
    pub ramp: NodeRef<Canvas>,
    pub track: NodeRef<Canvas>,
    pub strips: NodeRef<Canvas>,
}

/// The signals that the scope is made of.
#[derive(Clone, Copy)]
pub struct ScopeSignals {
    pub selected: RwSignal<Option<u32>>,
    pub cursor: RwSignal<Option<u32>>,
    pub running: Signal<bool>,
    /// The figures of the search at the cursor.
    pub figures: Memo<Figures>,
    /// Called when a node is pressed, with whether it had been selected before.
    pub opened: Callback<bool>,
    pub hidden: RwSignal<Shapes>,
    pub by: RwSignal<ColourBy>,
    pub playing: RwSignal<bool>,
    pub statistics: RwSignal<ScopeStatistics>,
    /// The nodes that are listed for assistive technology, with their operators named.
    pub outline: RwSignal<Vec<(OutlineItem, String)>>,
    /// The overview's window: left, top, width and height in pixels.
    pub window: RwSignal<Option<[f64; 4]>>,
    /// Whether the person asked for little motion.
    pub calm: bool,
    pub canvases: Canvases,
}

impl ScopeSignals {
    /// Moves the cursor on, so many milliseconds after it was moved last: the whole run in some ten seconds, and never
    /// faster than an expansion a frame where there are few.
    pub fn play_on(self, passed: f64) {
        let (end, at) = self.statistics.with_untracked(|statistics| (statistics.expansions, statistics.at));
        let at = self.cursor.get_untracked().unwrap_or(at);
        let next = at + (f64::from(end) * passed / 10_000.0).ceil().max(1.0) as u32;
        if next >= end {
            self.playing.set(false);
            self.cursor.set(None);
        } else {
            self.cursor.set(Some(next));
        }
    }
}

/// Where the painter gets what it draws.
#[derive(Clone)]
pub struct Source {
    /// Lends the recording.
    pub trace: TraceHandle,
    /// Names operators.
    pub labels: Rc<dyn Fn(u32) -> Option<String>>,
    /// How the work was cut into slices.
    pub slices: Rc<dyn Fn() -> Slices>,
    /// Whether the recording grows now: a search is under way and not paused.
    pub growing: Rc<dyn Fn() -> bool>,
    /// Milliseconds that the search has worked; `None` where no search waits for the thread.
    pub worked: Rc<dyn Fn() -> Option<f64>>,
    /// The time in milliseconds.
    pub now: Rc<dyn Fn() -> f64>,
}
