//! The frame loop of the scope: takes in what is new, paints what changed, and rests.
//!
//! A frame is asked for when something changes and then does a bounded amount of work; while there is more, or
//! the recording grows, it asks for the next. The recording is borrowed once per frame; operator names are asked
//! for after it was given back. While a search runs, [`Pace`] says how long the painter waits before it asks the
//! browser for a frame, how much the frame may do, and how often figures and strips are renewed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::canvas_theme::CanvasTheme;
use super::notes::{Names, RawNotes, overview_window};
use super::paint_small;
use super::paint_time::{self, Time, h_tinter};
use super::paint_tree::{self, Notes};
use super::signals::{ScopeSignals, Source};
use super::sprites::Sprites;
use super::statistics::{OutlineItem, ScopeStatistics, Slices, outline_items};
use super::surface::{Sizes, Surface, device_ratio};
use crate::trace::Trace;
use crate::view::drawing::{Advance, Drawing, SceneRequest};
use crate::view::pace::{Kind, Pace};
use crate::view::palette::{ColourBy, Domain, histogram};
use crate::view::scene::Place;

/// With reduced motion a growing tree is shown at most this often, in milliseconds.
const CALM_EVERY: f64 = 250.0;
/// Waits shorter than this, in milliseconds, are not worth a timer.
const SHORTEST_WAIT: f64 = 2.0;

/// What the painter draws from and with.
pub struct Painter {
    signals: ScopeSignals,
    source: Source,
    drawing: RefCell<Drawing>,
    theme: RefCell<Option<CanvasTheme>>,
    sprites: RefCell<Option<Sprites>>,
    names: Names,
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

/// What must be painted even where the drawing has not changed.
#[derive(Clone, Copy, Default)]
struct Stale {
    tree: bool,
    small: bool,
    text: bool,
}

/// When something was done last, in milliseconds since the page was opened.
#[derive(Clone, Copy, Default)]
struct Times {
    growth: f64,
    small: f64,
    text: f64,
}

/// What a frame took from the recording.
struct FrameResult {
    advance: Advance,
    notes: RawNotes,
    statistics: Option<ScopeStatistics>,
    outline: Option<Vec<OutlineItem>>,
}

impl Painter {
    pub fn new(signals: ScopeSignals, source: Source) -> Rc<Self> {
        Rc::new(Self {
            signals,
            names: Names::new(&source),
            source,
            drawing: RefCell::default(),
            theme: RefCell::default(),
            sprites: RefCell::default(),
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
        if !self.asked.replace(true) {
            self.ask_once_due();
        }
    }

    /// Waits until a frame is due, and asks the browser for it.
    fn ask_once_due(self: &Rc<Self>) {
        if self.gone.get() {
            return;
        }
        let painter = Rc::clone(self);
        let wait = self.wait();
        if wait >= SHORTEST_WAIT {
            set_timeout(move || painter.ask_once_due(), Duration::from_secs_f64(wait / 1e3));
            return;
        }
        let frame: JsValue = Closure::once_into_js(move || painter.frame_once_due());
        if window().request_animation_frame(frame.unchecked_ref()).is_err() {
            self.asked.set(false);
        }
    }

    /// How long to wait before a frame is asked for, in milliseconds.
    fn wait(&self) -> f64 {
        let now = (self.source.now)();
        let is_calm = self.signals.calm && self.signals.running.get_untracked() && !self.stale.get().tree;
        let calm = if is_calm { CALM_EVERY - (now - self.times.get().growth) } else { 0.0 };
        self.pace.get().wait(now, (self.source.worked)()).max(calm)
    }

    /// The figures of the run were read: what the scope says in figures is read and painted with them, while a
    /// search runs in the same frame. That is one frame for both, whose fixed cost is high on a slow machine.
    pub fn renew(self: &Rc<Self>) {
        self.stale.set(Stale { small: true, text: true, ..self.stale.get() });
        if self.measured.get() && self.signals.running.get_untracked() && !self.signals.calm {
            untrack(|| self.frame());
        } else {
            self.ask();
        }
    }

    /// The selection, the cursor, the legend or the run changed: everything is painted again.
    pub fn refresh(self: &Rc<Self>) {
        self.stale.set(Stale { tree: true, small: true, text: true });
        self.ask();
    }

    /// The theme or the screen changed.
    pub fn recolour(self: &Rc<Self>) {
        *self.theme.borrow_mut() = None;
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

    /// Changes the drawing and asks for a frame.
    pub fn with_drawing<R>(self: &Rc<Self>, change: impl FnOnce(&mut Drawing) -> R) -> R {
        let result = change(&mut self.drawing.borrow_mut());
        self.ask();
        result
    }

    /// Reads the recording and changes the drawing.
    pub fn with_trace<R>(self: &Rc<Self>, read: impl FnOnce(&Trace, &mut Drawing) -> R) -> Option<R> {
        let result = self.source.trace.with(|trace| read(trace, &mut self.drawing.borrow_mut()));
        self.ask();
        result
    }

    /// The size of the tree's canvas.
    pub fn tree_size(&self) -> (f64, f64) {
        self.sizes.get().tree
    }

    fn measure(&self) -> Sizes {
        if !self.measured.replace(true) {
            self.sizes.set(Sizes::of(&self.signals.canvases));
        }
        self.sizes.get()
    }

    /// The frame that was asked for; it waits on where another one was drawn meanwhile.
    fn frame_once_due(self: &Rc<Self>) {
        if !self.gone.get() && self.wait() >= SHORTEST_WAIT {
            self.ask_once_due();
            return;
        }
        self.asked.set(false);
        self.frame();
    }

    fn frame(self: &Rc<Self>) {
        if self.gone.get() {
            return;
        }
        let now = (self.source.now)();
        self.begin(now);
        let mut times = Times { growth: now, ..self.times.get() };
        self.play(now);
        let sizes = self.measure();
        if sizes.tree.0 < 1.0 {
            // Not shown: the observer asks again once it is.
            return;
        }
        self.prepare();
        let running = self.signals.running.get_untracked();
        let every = self.pace.get().figures_every();
        let mut due = self.stale.take();
        // While a search runs, figures and strips are renewed together with those of the page.
        due.small |= !running && now - times.small >= every;
        due.text |= !running && now - times.text >= every;
        let slices = (due.small || due.text).then(|| (self.source.slices)());
        let Some(result) = self.source.trace.with(|trace| self.advance(trace, sizes, slices.as_ref(), due))
        else {
            self.times.set(times);
            return;
        };
        let notes = self.names.notes(result.notes);
        self.paint_tree(sizes, &notes, result.advance.scene || due.tree);
        let waiting = result.advance.scene || result.advance.overview;
        if due.small {
            times.small = now;
        }
        if due.text {
            times.text = now;
        }
        self.times.set(times);
        self.publish(result.statistics, result.outline);
        let later = waiting && !(due.small && due.text);
        let is_growing = running && (self.source.growing)();
        if result.advance.more || later || is_growing || self.signals.playing.get_untracked() {
            let mut stale = self.stale.get();
            // Figures that were put off are still painted when the search ends meanwhile.
            stale.small |= later && !due.small && !running;
            stale.text |= later && !due.text && !running;
            self.stale.set(stale);
            self.ask();
        }
    }

    /// A frame begins; what it costs the page is measured.
    fn begin(self: &Rc<Self>, now: f64) {
        let worked = (self.source.worked)();
        let kind = if self.stale.get().text && worked.is_some() { Kind::Figures } else { Kind::Picture };
        let mut pace = self.pace.get();
        pace.begin(now, worked, kind);
        self.pace.set(pace);
        if self.measuring.replace(true) {
            return;
        }
        let painter = Rc::clone(self);
        // The timer fires after the frame was painted. The time since, less the slices of the search, is its cost.
        set_timeout(
            move || {
                painter.measuring.set(false);
                let searched = (painter.source.worked)().zip(worked).map_or(0.0, |(now, then)| now - then);
                let mut pace = painter.pace.get();
                pace.end((painter.source.now)() - now - searched.max(0.0), kind);
                painter.pace.set(pace);
            },
            Duration::ZERO,
        );
    }

    fn prepare(&self) {
        let mut theme = self.theme.borrow_mut();
        if theme.is_none() {
            *theme = CanvasTheme::read();
        }
        let ratio = device_ratio();
        let mut sprites = self.sprites.borrow_mut();
        if !sprites.as_ref().is_some_and(|sprites| sprites.fits(ratio)) {
            *sprites = theme.as_ref().and_then(|theme| Sprites::new(theme, ratio));
        }
    }

    fn request(&self, sizes: Sizes) -> SceneRequest {
        SceneRequest {
            cursor: self.signals.cursor.get_untracked(),
            selected: self.signals.selected.get_untracked(),
            hidden: self.signals.hidden.get_untracked(),
            by: self.signals.by.get_untracked(),
            size: sizes.tree,
            overview: sizes.overview,
        }
    }

    /// One frame's work on the recording; paints what needs it.
    fn advance(&self, trace: &Trace, sizes: Sizes, slices: Option<&Slices>, due: Stale) -> FrameResult {
        let request = self.request(sizes);
        let running = self.signals.running.get_untracked();
        let mut drawing = self.drawing.borrow_mut();
        let advance = drawing.advance(trace, &request, self.pace.get().effort());
        let statistics = slices.filter(|_| due.text);
        let statistics = statistics.map(|slices| {
            ScopeStatistics::read(trace, &drawing, request.cursor, request.by, slices, running)
        });
        if due.small
            && let Some(slices) = slices
            && let Some(theme) = self.theme.borrow().as_ref()
        {
            let at = request.cursor.unwrap_or(u32::MAX).min(trace.expansions() as u32);
            let axis = crate::view::chart::axis_end(trace.expansions() as u32, running);
            let domain = drawing.domains.of(ColourBy::H);
            let tinter = h_tinter(Domain { high: domain.high.max(1e-9), ..domain });
            let time = Time { trace, series: &drawing.series, slices, tinter, axis, at };
            self.paint_small(sizes, &drawing, &time, theme, &request);
        }
        let outline = due.text.then(|| outline_items(trace, &drawing, request.cursor, request.selected));
        FrameResult {
            advance,
            notes: RawNotes::read(trace, &drawing, request.cursor, request.selected),
            statistics,
            outline,
        }
    }

    fn paint_small(
        &self,
        sizes: Sizes,
        drawing: &Drawing,
        time: &Time<'_>,
        theme: &CanvasTheme,
        request: &SceneRequest,
    ) {
        let canvases = self.signals.canvases;
        if let Some(surface) = Surface::open(canvases.strips, sizes.strips) {
            paint_time::strips(&surface, time, theme);
        }
        if let Some(surface) = Surface::open(canvases.track, sizes.track) {
            paint_time::track(&surface, time, theme);
        }
        if let Some(surface) = Surface::open(canvases.ramp, sizes.ramp) {
            let nodes = time.trace.nodes_at(request.cursor);
            paint_small::ramp(&surface, theme, &histogram(time.trace, &drawing.tinter(request.by), nodes));
        }
        if let Some(scene) = drawing.overview()
            && let Some(surface) = Surface::open(canvases.overview, sizes.overview)
        {
            let path: Vec<Place> = drawing.trails.places(scene).collect();
            paint_small::overview(&surface, scene, theme, &path, drawing.trails.is_plan());
        }
    }

    fn paint_tree(&self, sizes: Sizes, notes: &Notes, changed: bool) {
        let drawing = self.drawing.borrow();
        let (theme, sprites) = (self.theme.borrow(), self.sprites.borrow());
        let (Some(scene), Some(theme), Some(sprites)) = (drawing.scene(), theme.as_ref(), sprites.as_ref())
        else {
            return;
        };
        if changed && let Some(surface) = Surface::open(self.signals.canvases.tree, sizes.tree) {
            paint_tree::paint(&surface, scene, theme, sprites, notes);
            let framed = overview_window(&drawing);
            if self.signals.window.with_untracked(|before| *before != framed) {
                self.signals.window.set(framed);
            }
        }
    }

    /// Hands what changed to the components.
    fn publish(&self, statistics: Option<ScopeStatistics>, outline: Option<Vec<OutlineItem>>) {
        if let Some(statistics) = statistics
            && self.signals.statistics.with_untracked(|before| *before != statistics)
        {
            self.signals.statistics.set(statistics);
        }
        if let Some(outline) = outline {
            let same = |before: &Vec<(OutlineItem, String)>| before.iter().map(|(item, _)| item).eq(&outline);
            if !self.signals.outline.with_untracked(same) {
                let named = outline.into_iter().map(|item| (item.clone(), self.names.of(item.operator)));
                self.signals.outline.set(named.collect());
            }
        }
    }

    /// Moves the cursor on while replaying.
    fn play(&self, now: f64) {
        if !self.signals.playing.get_untracked() {
            self.played.set(0.0);
            return;
        }
        let last = self.played.replace(now);
        self.signals.play_on(if last > 0.0 { (now - last).min(100.0) } else { 16.0 });
        self.stale.set(Stale { tree: true, small: true, ..self.stale.get() });
    }
}
