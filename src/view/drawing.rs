//! Everything the scope keeps between two frames: the layout, the summaries, the view, and the
//! last finished scenes.
//!
//! [`Drawing::advance`] does one frame's work, bounded in nodes and in visits; it is called with
//! the recording borrowed and says whether there is more to do. It reads no clock: how often it
//! is called is the page's affair.

use crate::trace::Trace;

use super::chart::Series;
use super::effort::Effort;
use super::ledger::Shapes;
use super::palette::{ColourBy, Domains, Tinter};
use super::past::Past;
use super::scene::Scene;
use super::trail::Trails;
use super::tree::TreeLayout;
use super::viewport::{Extent, Insets, Viewport};
use super::walk::{Walk, next_coarse};
use super::walk_input::WalkInput;
use super::witness::Witness;

/// Nodes, samples and arrivals taken in per frame with full effort: some 5 ms in the browser.
const NODES_PER_FRAME: usize = 20_000;
/// Nodes visited per frame while drawing with full effort.
const VISITS_PER_FRAME: usize = 60_000;
/// Nodes counted per frame while scrubbing with full effort.
const COUNTED_PER_FRAME: usize = 200_000;
/// Marks and lines of the overview.
const OVERVIEW_PRIMITIVES: usize = 1_500;

/// What the person asked to see.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SceneRequest {
    /// Expansions shown; `None` for all.
    pub cursor: Option<u32>,
    /// The selected node.
    pub selected: Option<u32>,
    /// Shapes that the legend hides.
    pub hidden: Shapes,
    /// What is coloured by.
    pub by: ColourBy,
    /// Size of the canvas in pixels.
    pub size: (f64, f64),
    /// Size of the overview in pixels; zero where it is not shown.
    pub overview: (f64, f64),
}

/// What a call of [`Drawing::advance`] has made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Advance {
    /// A new scene is there.
    pub scene: bool,
    /// A new overview is there.
    pub overview: bool,
    /// There is more to take in or to draw.
    pub more: bool,
}

/// What a scene was made from.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Key {
    request: SceneRequest,
    view: Viewport,
    revision: u64,
    expansions: usize,
    arrivals: usize,
    nodes: usize,
    plan: usize,
    is_past_known: bool,
    primitives: usize,
}

/// What an overview was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OverviewKey {
    revision: u64,
    cursor: Option<u32>,
    is_past_known: bool,
    size: (u64, u64),
}

/// What is drawn, and all that the next frame goes on from.
#[derive(Debug, Default)]
pub struct Drawing {
    /// The layout.
    pub layout: TreeLayout,
    /// The legend's domains.
    pub domains: Domains,
    /// The strips' summaries.
    pub series: Series,
    /// The marked path.
    pub trails: Trails,
    witness: Witness,
    past: Past,
    is_past_known: bool,
    effort: Effort,
    view: Option<Viewport>,
    pinned: bool,
    coarse: f64,
    walk: Option<Walk>,
    key: Option<Key>,
    scene: Option<Scene>,
    overview: Option<Scene>,
    overview_key: Option<OverviewKey>,
}

impl Drawing {
    /// The last finished scene.
    pub fn scene(&self) -> Option<&Scene> {
        self.scene.as_ref()
    }

    /// The last finished overview.
    pub fn overview(&self) -> Option<&Scene> {
        self.overview.as_ref()
    }

    /// The extent of the tree.
    pub fn extent(&self) -> Extent {
        Extent { leaves: self.layout.leaves(), levels: self.layout.levels() }
    }

    /// The view; `None` before the first frame.
    pub fn view(&self) -> Option<Viewport> {
        self.view
    }

    /// Shows another part of the tree and stays there while it grows.
    pub fn move_view(&mut self, change: impl FnOnce(Viewport, Extent) -> Viewport) {
        if let Some(view) = self.view {
            self.view = Some(change(view, self.extent()));
            self.pinned = true;
        }
    }

    /// Shows the whole tree and follows its growth.
    pub fn fit(&mut self) {
        self.pinned = false;
    }

    /// Moves as little as brings a node into view. Does nothing for a node not laid out.
    pub fn show(&mut self, trace: &Trace, node: u32) {
        if node as usize >= self.layout.len() || !self.pinned {
            return;
        }
        let (x, level) = self.spot(trace, node);
        self.move_view(|view, extent| view.showing(x, level, extent));
    }

    /// Where a node stands on the canvas, in pixels, also outside of it; `None` for one not laid out.
    pub fn place(&self, trace: &Trace, node: u32) -> Option<(f64, f64)> {
        let view = self.view.filter(|_| (node as usize) < self.layout.len())?;
        let (x, level) = self.spot(trace, node);
        Some((view.x(x), view.y(level)))
    }

    /// The middle of a node's column, in leaves, and its level.
    fn spot(&self, trace: &Trace, node: u32) -> (f64, f64) {
        let x = self.layout.left_of(trace, node) + f64::from(self.layout.width(node)) / 2.0;
        (x, f64::from(trace.depth[node as usize]))
    }

    /// Colours for what is shown.
    pub fn tinter(&self, by: ColourBy) -> Tinter {
        Tinter { by, domain: self.domains.of(by) }
    }

    /// One frame's work, with some effort.
    pub fn advance(&mut self, trace: &Trace, request: &SceneRequest, effort: Effort) -> Advance {
        if !self.witness.recognises(trace) {
            let (view, pinned) = (self.view, false);
            *self = Self { view, pinned, ..Self::default() };
        }
        self.effort = effort;
        let caught_up = self.take_in(trace);
        let counted = self.count_past(trace, request.cursor);
        self.trails.update(trace, request.cursor, request.selected);
        self.place_view(request.size);
        let scene = self.draw(trace, request);
        let overview = self.draw_overview(trace, request);
        Advance { scene, overview, more: !caught_up || !counted || self.walk.is_some() || self.key.is_none() }
    }

    fn take_in(&mut self, trace: &Trace) -> bool {
        let before = self.layout.anchor().left();
        let nodes = self.effort.of(NODES_PER_FRAME);
        let caught_up = self.layout.update(trace, nodes);
        let moved = self.layout.anchor().left() - before;
        if let (true, Some(view)) = (self.pinned, self.view.as_mut()) {
            view.left += moved;
        }
        self.domains.update(trace, nodes);
        // The strips cost little, and stand beside figures that are never behind.
        self.series.update(trace, NODES_PER_FRAME);
        self.witness.remember(trace, self.layout.len());
        caught_up && self.series.open.len() == trace.expansions()
    }

    /// Counts the subtrees as they were at the cursor. Returns whether the counting is done; without a cursor there
    /// is nothing to count.
    fn count_past(&mut self, trace: &Trace, cursor: Option<u32>) -> bool {
        self.is_past_known = cursor.is_some_and(|_| {
            let nodes = trace.nodes_at(cursor).min(self.layout.len());
            self.past.update(trace, nodes, self.effort.of(COUNTED_PER_FRAME))
        });
        cursor.is_none() || self.is_past_known
    }

    fn place_view(&mut self, (width, height): (f64, f64)) {
        let extent = self.extent();
        self.view = match self.view {
            Some(view) if self.pinned && view.width.to_bits() == width.to_bits() => Some(view)
                .filter(|view| view.height.to_bits() == height.to_bits())
                .or_else(|| Some(view.resized(width, height, extent))),
            Some(view) if self.pinned => Some(view.resized(width, height, extent)),
            _ => Some(Viewport::fit(width, height, Insets::SCOPE, extent)),
        };
    }

    fn walk_input<'a>(&'a self, trace: &'a Trace, request: &SceneRequest) -> WalkInput<'a> {
        WalkInput {
            trace,
            layout: &self.layout,
            cursor: request.cursor,
            subtrees: if self.is_past_known { self.past.subtrees() } else { self.layout.subtrees() },
            is_counted: request.cursor.is_none() || self.is_past_known,
            hidden: request.hidden,
            tinter: self.tinter(request.by),
            keep: self.trails.keep(),
            selected: request.selected,
        }
    }

    fn draw(&mut self, trace: &Trace, request: &SceneRequest) -> bool {
        let Some(view) = self.view else { return false };
        if self.walk.is_none() {
            let key = self.key_of(trace, request, view);
            if self.key == Some(key) {
                return false;
            }
            self.key = Some(key);
            let (left, right, top, _) = view.window();
            self.layout.settle_anchor(trace, left, right, top.max(0.0) as u32);
            self.coarse = self.coarse.max(1.0);
            self.walk = Some(Walk::new(view, self.coarse, self.effort.primitives()));
        }
        let Some(mut walk) = self.walk.take() else { return false };
        let Some(scene) = walk.advance(&self.walk_input(trace, request), self.effort.of(VISITS_PER_FRAME))
        else {
            self.walk = Some(walk);
            return false;
        };
        self.coarse = next_coarse(self.coarse, &scene, self.effort.primitives());
        if scene.capped {
            // The list was full: the walk begins again with wider folds. This scene is shown only where there is no
            // other one.
            self.key = None;
            if self.scene.is_some() {
                return false;
            }
        }
        self.scene = Some(scene);
        true
    }

    fn key_of(&self, trace: &Trace, request: &SceneRequest, view: Viewport) -> Key {
        Key {
            request: *request,
            view,
            revision: self.layout.revision(),
            expansions: trace.expansions(),
            arrivals: trace.arrivals.len(),
            nodes: self.layout.len(),
            plan: trace.plan.len(),
            is_past_known: self.is_past_known,
            primitives: self.effort.primitives(),
        }
    }

    /// The whole tree on the overview strip, in one go: it has few marks.
    fn draw_overview(&mut self, trace: &Trace, request: &SceneRequest) -> bool {
        let (width, height) = request.overview;
        let key = OverviewKey {
            revision: self.layout.revision(),
            cursor: request.cursor,
            is_past_known: self.is_past_known,
            size: (width.to_bits(), height.to_bits()),
        };
        if width <= 0.0 || self.overview_key == Some(key) {
            return false;
        }
        self.overview_key = Some(key);
        let view = Viewport::fit(width, height, Insets::OVERVIEW, self.extent());
        let mut walk = Walk::overview(view, OVERVIEW_PRIMITIVES);
        let scene = walk.advance(&self.walk_input(trace, request), VISITS_PER_FRAME);
        self.overview = Some(scene.unwrap_or_else(|| walk.into_scene()));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{prefix, random_tree};
    use super::*;

    fn request() -> SceneRequest {
        SceneRequest {
            cursor: None,
            selected: None,
            hidden: Shapes::default(),
            by: ColourBy::H,
            size: (600.0, 500.0),
            overview: (84.0, 500.0),
        }
    }

    #[test]
    fn it_catches_up_over_frames_and_then_rests() {
        let trace = random_tree(79, 70_000);
        let mut drawing = Drawing::default();
        let mut frames = 0;
        while drawing.advance(&trace, &request(), Effort::default()).more {
            frames += 1;
            assert!(frames < 50);
        }
        assert!(frames >= 3);
        assert_eq!(drawing.layout.len(), 70_000);
        let mut rest = drawing.advance(&trace, &request(), Effort::default());
        while rest.scene {
            rest = drawing.advance(&trace, &request(), Effort::default());
        }
        assert_eq!(rest, Advance::default());
    }

    #[test]
    fn another_recording_starts_afresh() {
        let mut drawing = Drawing::default();
        drawing.advance(&random_tree(83, 3_000), &request(), Effort::default());
        drawing.move_view(|view, extent| view.zoomed(4.0, 10.0, 10.0, extent));
        let other = prefix(&random_tree(84, 3_000), 500);
        drawing.advance(&other, &request(), Effort::default());
        assert_eq!(drawing.layout.len(), 500);
        let fit = Viewport::fit(600.0, 500.0, Insets::SCOPE, drawing.extent());
        assert_eq!(drawing.view(), Some(fit));
    }

    #[test]
    fn a_pinned_view_stays_on_its_nodes_while_the_tree_grows() {
        let whole = random_tree(89, 4_000);
        let mut pushed = 0;
        for tenth in 1..10 {
            let mut drawing = Drawing::default();
            drawing.advance(&prefix(&whole, 3_000), &request(), Effort::default());
            drawing.move_view(|view, extent| {
                let leaf = f64::from(extent.leaves) * f64::from(tenth) / 10.0;
                view.zoomed(1e9, 300.0, 60.0, extent).centred(leaf, 9.0, extent)
            });
            drawing.advance(&prefix(&whole, 3_000), &request(), Effort::default());
            let anchor = drawing.layout.anchor().node();
            let leaf = |drawing: &Drawing| drawing.layout.left_of(&whole, anchor);
            let pixel = |drawing: &Drawing| drawing.view().expect("it was drawn").x(leaf(drawing));
            let (leaf_before, pixel_before) = (leaf(&drawing), pixel(&drawing));
            drawing.advance(&whole, &request(), Effort::default());
            pushed += usize::from(leaf(&drawing) > leaf_before);
            assert!((pixel(&drawing) - pixel_before).abs() < 1e-6, "node {anchor} left its pixel");
        }
        assert!(pushed >= 3, "the tree grew to the left of {pushed} windows only: nothing was tried");
    }
}
