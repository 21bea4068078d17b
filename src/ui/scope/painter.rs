//! The frame loop of the scope: takes in what is new, paints what changed, and rests.
//!
//! A frame is asked for when something changes and then does a bounded amount of work; while
//! there is more, it asks for the next. The recording is borrowed once per frame; operator names
//! are asked for after it was given back. Text goes through signals at most ten times a second. While a
//! search runs, [`Pace`] says when a frame is due and how much it may do.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::desk::{Desk, Source};
use super::facts::{Facts, Slices, Told, name, told};
use super::ink::Ink;
use super::notes::{RawNotes, overview_window};
use super::paint_small;
use super::paint_time::{self, Time, h_tinter};
use super::paint_tree::{self, Notes};
use super::sprites::Sprites;
use super::surface::{Surface, device_ratio, size_of};
use crate::trace::Trace;
use crate::view::pace::Pace;
use crate::view::palette::{ColourBy, Domain, histogram};
use crate::view::scene::Place;
use crate::view::stage::{Advance, Stage, Wish};

/// Text is taken at most this often, in milliseconds.
const TEXT_EVERY: f64 = 100.0;
/// The overview and the strips are painted at most this often while searching.
const SMALL_EVERY: f64 = 60.0;
/// With reduced motion a growing tree is shown at most this often.
const CALM_EVERY: f64 = 250.0;

/// The sizes of the canvases in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sizes {
    tree: (f64, f64),
    overview: (f64, f64),
    ramp: (f64, f64),
    track: (f64, f64),
    strips: (f64, f64),
}

/// What the painter draws from and with.
pub struct Painter {
    desk: Desk,
    source: Source,
    stage: RefCell<Stage>,
    ink: RefCell<Option<Ink>>,
    sprites: RefCell<Option<Sprites>>,
    names: RefCell<HashMap<u32, String>>,
    sizes: Cell<Sizes>,
    measured: Cell<bool>,
    asked: Cell<bool>,
    gone: Cell<bool>,
    stale: Cell<Stale>,
    times: Cell<Times>,
    played: Cell<f64>,
    pace: Cell<Pace>,
    /// Whether the cost of a frame is being measured.
    measuring: Cell<bool>,
}

/// What must be painted even if the stage brought nothing.
#[derive(Clone, Copy, Default)]
struct Stale {
    tree: bool,
    small: bool,
    text: bool,
}

/// When something was done last, in milliseconds of the page.
#[derive(Clone, Copy, Default)]
struct Times {
    growth: f64,
    small: f64,
    text: f64,
}

/// What one look at the recording brought back.
struct Look {
    advance: Advance,
    notes: RawNotes,
    facts: Option<Facts>,
    told: Option<Vec<Told>>,
}

impl Painter {
    pub fn new(desk: Desk, source: Source) -> Rc<Self> {
        Rc::new(Self {
            desk,
            source,
            stage: RefCell::default(),
            ink: RefCell::default(),
            sprites: RefCell::default(),
            names: RefCell::default(),
            sizes: Cell::default(),
            measured: Cell::default(),
            asked: Cell::default(),
            gone: Cell::default(),
            stale: Cell::new(Stale { tree: true, small: true, text: true }),
            times: Cell::default(),
            played: Cell::default(),
            pace: Cell::default(),
            measuring: Cell::default(),
        })
    }

    /// Asks for a frame, once however often it is called.
    pub fn ask(self: &Rc<Self>) {
        if self.gone.get() || self.asked.replace(true) {
            return;
        }
        let painter = Rc::clone(self);
        let frame: JsValue = Closure::once_into_js(move |now: f64| painter.frame(now));
        if window().request_animation_frame(frame.unchecked_ref()).is_err() {
            self.asked.set(false);
        }
    }

    /// The selection, the cursor, the legend or the run changed: everything is painted again.
    pub fn refresh(self: &Rc<Self>) {
        self.stale.set(Stale { tree: true, small: true, text: true });
        self.ask();
    }

    /// The theme or the screen changed.
    pub fn recolour(self: &Rc<Self>) {
        *self.ink.borrow_mut() = None;
        *self.sprites.borrow_mut() = None;
        self.refresh();
    }

    /// A canvas changed its size.
    pub fn remeasure(self: &Rc<Self>) {
        self.measured.set(false);
        self.refresh();
    }

    /// Nothing is painted from here on.
    pub fn stop(&self) {
        self.gone.set(true);
    }

    /// Changes the stage (the view) and asks for a frame.
    pub fn with_stage<R>(self: &Rc<Self>, change: impl FnOnce(&mut Stage) -> R) -> R {
        let result = change(&mut self.stage.borrow_mut());
        self.ask();
        result
    }

    /// Looks at the recording and changes the stage.
    pub fn with_trace<R>(self: &Rc<Self>, look: impl FnOnce(&Trace, &mut Stage) -> R) -> Option<R> {
        let result = self.source.trace.with(|trace| look(trace, &mut self.stage.borrow_mut()));
        self.ask();
        result
    }

    /// The size of the tree's canvas.
    pub fn tree_size(&self) -> (f64, f64) {
        self.sizes.get().tree
    }

    fn measure(&self) -> Sizes {
        if !self.measured.replace(true) {
            let canvases = self.desk.canvases;
            self.sizes.set(Sizes {
                tree: size_of(canvases.tree),
                overview: size_of(canvases.overview),
                ramp: size_of(canvases.ramp),
                track: size_of(canvases.track),
                strips: size_of(canvases.strips),
            });
        }
        self.sizes.get()
    }

    fn frame(self: &Rc<Self>, now: f64) {
        self.asked.set(false);
        if self.gone.get() {
            return;
        }
        let running = self.desk.running.get_untracked();
        let mut times = self.times.get();
        if self.desk.calm && running && now - times.growth < CALM_EVERY && !self.stale.get().tree {
            self.ask();
            return;
        }
        let worked = (self.source.worked)();
        if !self.begin(worked) {
            self.ask();
            return;
        }
        times.growth = now;
        self.play(now);
        let sizes = self.measure();
        if sizes.tree.0 < 1.0 {
            // Not shown: the observer asks again once it is.
            return;
        }
        self.prepare();
        let mut due = self.stale.take();
        due.small |= now - times.small >= SMALL_EVERY;
        due.text |= now - times.text >= TEXT_EVERY;
        let slices = (due.small || due.text).then(|| (self.source.slices)());
        let Some(look) = self.source.trace.with(|trace| self.look(trace, sizes, slices.as_ref(), due)) else {
            self.times.set(times);
            return;
        };
        let notes = self.named(look.notes);
        self.paint_tree(sizes, &notes, look.advance.scene || due.tree);
        let waiting = look.advance.scene || look.advance.overview;
        if due.small {
            times.small = now;
        }
        if due.text {
            times.text = now;
        }
        self.times.set(times);
        self.tell(look.facts, look.told);
        let later = waiting && !(due.small && due.text);
        if look.advance.more || later || self.desk.playing.get_untracked() {
            let mut stale = self.stale.get();
            // What was put off is not forgotten when the search ends meanwhile.
            stale.small |= later && !due.small && !running;
            stale.text |= later && !due.text && !running;
            self.stale.set(stale);
            self.ask();
        }
    }

    /// Whether a frame is due; if so it begins, and what it costs the page is measured.
    fn begin(self: &Rc<Self>, worked: Option<f64>) -> bool {
        let now = (self.source.now)();
        let mut pace = self.pace.get();
        if !pace.is_due(now, worked) {
            return false;
        }
        pace.begin(now, worked);
        self.pace.set(pace);
        if self.measuring.replace(true) {
            return true;
        }
        let painter = Rc::clone(self);
        // After the frame was painted: without the search's slices, it is what the frame has cost.
        set_timeout(
            move || {
                painter.measuring.set(false);
                let searched = (painter.source.worked)().zip(worked).map_or(0.0, |(now, then)| now - then);
                let mut pace = painter.pace.get();
                pace.end((painter.source.now)() - now - searched.max(0.0));
                painter.pace.set(pace);
            },
            Duration::ZERO,
        );
        true
    }

    fn prepare(&self) {
        let mut ink = self.ink.borrow_mut();
        if ink.is_none() {
            *ink = Ink::read();
        }
        let ratio = device_ratio();
        let mut sprites = self.sprites.borrow_mut();
        if !sprites.as_ref().is_some_and(|sprites| sprites.fits(ratio)) {
            *sprites = ink.as_ref().and_then(|ink| Sprites::new(ink, ratio));
        }
    }

    fn wish(&self, sizes: Sizes) -> Wish {
        Wish {
            cursor: self.desk.cursor.get_untracked(),
            selected: self.desk.selected.get_untracked(),
            hidden: self.desk.hidden.get_untracked(),
            by: self.desk.by.get_untracked(),
            size: sizes.tree,
            overview: sizes.overview,
        }
    }

    /// One frame's work on the recording; paints what needs it.
    fn look(&self, trace: &Trace, sizes: Sizes, slices: Option<&Slices>, due: Stale) -> Look {
        let wish = self.wish(sizes);
        let running = self.desk.running.get_untracked();
        let mut stage = self.stage.borrow_mut();
        let advance = stage.advance(trace, &wish, self.pace.get().effort());
        let facts = slices.filter(|_| due.text);
        let facts = facts.map(|slices| Facts::read(trace, &stage, wish.cursor, wish.by, slices, running));
        if due.small
            && let Some(slices) = slices
            && let Some(ink) = self.ink.borrow().as_ref()
        {
            let at = wish.cursor.unwrap_or(u32::MAX).min(trace.expansions() as u32);
            let axis = crate::view::chart::axis_end(trace.expansions() as u32, running);
            let domain = stage.domains.of(ColourBy::H);
            let tinter = h_tinter(Domain { high: domain.high.max(1e-9), ..domain });
            let time = Time { trace, series: &stage.series, slices, tinter, axis, at };
            self.paint_small(sizes, &stage, &time, ink, &wish);
        }
        let told = due.text.then(|| told(trace, &stage, wish.cursor, wish.selected));
        Look { advance, notes: RawNotes::read(trace, &stage, wish.cursor, wish.selected), facts, told }
    }

    fn paint_small(&self, sizes: Sizes, stage: &Stage, time: &Time<'_>, ink: &Ink, wish: &Wish) {
        let canvases = self.desk.canvases;
        if let Some(surface) = Surface::open(canvases.strips, sizes.strips) {
            paint_time::strips(&surface, time, ink);
        }
        if let Some(surface) = Surface::open(canvases.track, sizes.track) {
            paint_time::track(&surface, time, ink);
        }
        if let Some(surface) = Surface::open(canvases.ramp, sizes.ramp) {
            let nodes = time.trace.nodes_at(wish.cursor);
            paint_small::ramp(&surface, ink, &histogram(time.trace, &stage.tinter(wish.by), nodes));
        }
        if let Some(scene) = stage.overview()
            && let Some(surface) = Surface::open(canvases.overview, sizes.overview)
        {
            let path: Vec<Place> = stage.trails.places(scene).collect();
            paint_small::overview(&surface, scene, ink, &path, stage.trails.is_plan());
        }
    }

    fn paint_tree(&self, sizes: Sizes, notes: &Notes, changed: bool) {
        let stage = self.stage.borrow();
        let (ink, sprites) = (self.ink.borrow(), self.sprites.borrow());
        let (Some(scene), Some(ink), Some(sprites)) = (stage.scene(), ink.as_ref(), sprites.as_ref()) else {
            return;
        };
        if changed && let Some(surface) = Surface::open(self.desk.canvases.tree, sizes.tree) {
            paint_tree::paint(&surface, scene, ink, sprites, notes);
            self.desk.window.set(overview_window(&stage));
        }
    }

    /// Gives names to the operators on the tree. The recording is not borrowed here.
    fn named(&self, raw: RawNotes) -> Notes {
        let named = |(place, operator): (Place, u32)| (place, self.name(operator));
        Notes {
            names: raw.names.into_iter().map(named).collect(),
            selected: raw.selected.map(|(place, operator, text)| (place, self.name(operator), text)),
            path: raw.path,
            is_plan: raw.is_plan,
        }
    }

    fn name(&self, operator: u32) -> String {
        let mut names = self.names.borrow_mut();
        if names.len() > 10_000 {
            names.clear();
        }
        names.entry(operator).or_insert_with(|| name(operator, &*self.source.labels)).clone()
    }

    fn tell(&self, facts: Option<Facts>, told: Option<Vec<Told>>) {
        if let Some(facts) = facts
            && self.desk.facts.with_untracked(|before| *before != facts)
        {
            self.desk.facts.set(facts);
        }
        if let Some(told) = told {
            let same = |before: &Vec<(Told, String)>| before.iter().map(|(told, _)| told).eq(&told);
            if !self.desk.told.with_untracked(same) {
                let named = told.into_iter().map(|told| (told.clone(), self.name(told.operator)));
                self.desk.told.set(named.collect());
            }
        }
    }

    /// Moves the cursor on while replaying: the whole run in some ten seconds, and never faster
    /// than an expansion a frame where there are few.
    fn play(&self, now: f64) {
        let desk = self.desk;
        if !desk.playing.get_untracked() {
            self.played.set(0.0);
            return;
        }
        let (end, at) = desk.facts.with_untracked(|facts| (facts.expansions, facts.at));
        let at = desk.cursor.get_untracked().unwrap_or(at);
        let last = self.played.replace(now);
        let passed = if last > 0.0 { (now - last).min(100.0) } else { 16.0 };
        let next = at + (f64::from(end) * passed / 10_000.0).ceil().max(1.0) as u32;
        if next >= end {
            desk.playing.set(false);
            desk.cursor.set(None);
        } else {
            desk.cursor.set(Some(next));
        }
        self.stale.set(Stale { tree: true, small: true, ..self.stale.get() });
    }
}
