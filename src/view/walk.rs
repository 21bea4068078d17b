//! From layout to drawing list: a culled walk that can be spread over frames.
//!
//! The walk descends from the anchor with its own stack, visits what touches the window, and
//! emits at most [`MAX_PRIMITIVES`]. What is too narrow is folded: a subtree under a mark's
//! width becomes one triangle (its least h, its count, and a line as far down as it reaches),
//! narrow siblings share one. Where levels are closer than `ROW_LEAST` only every n-th row is
//! drawn. Replay leaves out what was not generated yet; positions do not change.
//!
//! [`Walk::advance`] stops after a number of visits, so that even a tree of 10^5 levels in one
//! view never holds up a frame; the caller shows the last finished [`Scene`] meanwhile. It
//! reads no clock and does not touch the layout.

use crate::trace::{NONE, Trace};

use super::ledger::{Shape, shape_at};
use super::scene::{COMB, Glyph, Place, SLACK, Scene, Segment, comb_back, sharp};
use super::viewport::Viewport;
use super::walk_input::WalkInput;

/// Most marks and lines in a drawing list: what a 2D canvas draws at 60 frames a second without a
/// GPU.
pub const MAX_PRIMITIVES: usize = 10_000;
/// A subtree narrower than this many pixels is folded.
const FOLD_BELOW: f64 = 7.0;
/// Siblings closer than this many pixels share a mark.
const SHARE_BELOW: f64 = 2.6;
/// Rows closer than this are sampled.
const ROW_LEAST: f64 = 3.0;
/// A fold this near to a marked path is left out.
const ON_PATH: f64 = 5.0;

/// A walk under way.
#[derive(Debug)]
pub struct Walk {
    scene: Scene,
    stack: Vec<Visit>,
    fold: f64,
    share: f64,
    stride: u32,
    limit: usize,
    started: bool,
    overview: bool,
}

/// A node to visit.
#[derive(Clone, Copy, Debug)]
struct Visit {
    node: u32,
    /// Left edge in leaf units.
    left: f64,
    /// The nearest drawn ancestor, where rows are sampled.
    from: Option<(f64, f64)>,
}

/// Children of one node as they are gathered.
struct Comb {
    x: f64,
    y: f64,
    back: f64,
    below: f64,
    low: f64,
    high: f64,
    any: bool,
    /// Where a child of a marked path stands.
    kept: Option<f64>,
}

/// Narrow siblings that share a mark.
#[derive(Clone, Copy)]
struct Group {
    first: u32,
    members: u32,
    count: u32,
    best: u32,
    deepest: u32,
    left: f64,
    right: f64,
}

impl Walk {
    /// A walk for `view` that emits up to `limit` marks and lines. `coarse` (1 or more) widens what is folded;
    /// see [`next_coarse`]. Settle the anchor first.
    pub fn new(view: Viewport, coarse: f64, limit: usize) -> Self {
        let stride = if view.level < ROW_LEAST { (ROW_LEAST / view.level).ceil() as u32 } else { 1 };
        let scene = Scene { stride, ..Scene::new(view) };
        Self {
            scene,
            stack: Vec::new(),
            fold: FOLD_BELOW * coarse,
            share: SHARE_BELOW * coarse,
            stride,
            limit,
            started: false,
            overview: false,
        }
    }

    /// A walk of the whole tree for a small picture: straight lines, narrow folds, no whiskers.
    pub fn overview(view: Viewport, limit: usize) -> Self {
        Self { fold: 2.5, share: 1.5, overview: true, ..Self::new(view, 1.0, limit) }
    }

    /// What was gathered so far.
    pub fn into_scene(self) -> Scene {
        self.scene
    }

    /// Visits up to `budget` more nodes (a node's children are not split). Returns the scene
    /// when it is done; the walk is then empty.
    pub fn advance(&mut self, input: &WalkInput<'_>, budget: usize) -> Option<Scene> {
        if !std::mem::replace(&mut self.started, true) && !input.layout.is_empty() {
            let anchor = input.layout.anchor();
            let (node, left) = if self.overview { (0, 0.0) } else { (anchor.node(), anchor.left()) };
            self.begin(input, node, left);
        }
        let stop = self.scene.visits + budget;
        while let Some(visit) = self.stack.pop() {
            self.visit(input, visit);
            if self.scene.primitives() >= self.limit {
                self.scene.capped = true;
                self.stack.clear();
                self.scene.glyphs.truncate(self.limit);
            }
            if self.scene.visits >= stop && !self.stack.is_empty() {
                return None;
            }
        }
        self.scene.places.sort_unstable_by_key(|place| place.node);
        let view = self.scene.view;
        Some(std::mem::replace(&mut self.scene, Scene::new(view)))
    }

    fn begin(&mut self, input: &WalkInput<'_>, node: u32, left: f64) {
        let view = self.scene.view;
        let x = view.x(left + f64::from(input.layout.width(node)) / 2.0);
        let y = view.y(f64::from(input.trace.depth[node as usize]));
        self.scene.places.push(Place { node, x: sharp(x), y });
        self.stack.push(Visit { node, left, from: None });
    }

    fn row_is_drawn(&self, depth: u32) -> bool {
        depth.is_multiple_of(self.stride)
    }

    fn visit(&mut self, input: &WalkInput<'_>, visit: Visit) {
        self.scene.visits += 1;
        let view = self.scene.view;
        let depth = input.trace.depth[visit.node as usize];
        let x = sharp(view.x(visit.left + f64::from(input.layout.width(visit.node)) / 2.0));
        let y = view.y(f64::from(depth));
        let drawn = self.row_is_drawn(depth);
        if drawn {
            if let Some(from) = visit.from {
                self.scene.elbow(from, (x, y));
            }
            self.mark_node(input, visit.node, x, y);
        }
        let first = input.layout.first_child(visit.node);
        if first == NONE || !input.knows(first) || y > view.height + SLACK {
            return;
        }
        let from = if self.stride == 1 { None } else { Some((x, y)).filter(|_| drawn).or(visit.from) };
        self.gather(input, visit, (x, y), from);
    }

    /// Draws the comb under a node and decides for each child: visit, fold, share or skip.
    fn gather(&mut self, input: &WalkInput<'_>, visit: Visit, at: (f64, f64), from: Option<(f64, f64)>) {
        let view = self.scene.view;
        let below = view.y(f64::from(input.trace.depth[visit.node as usize]) + 1.0);
        let back = comb_back(at.1, below);
        let (x, y) = at;
        let mut comb = Comb { x, y, back, below, low: x, high: x, any: false, kept: None };
        let kept = input.keep.contains(visit.node);
        let mut group: Option<Group> = None;
        let mut left = visit.left;
        let drawn_before = self.scene.glyphs.len();
        for child in input.layout.children(visit.node) {
            self.scene.visits += 1;
            let width = f64::from(input.layout.width(child));
            let (from_x, to_x) = (view.x(left), view.x(left + width));
            let own = left;
            left += width;
            if !input.knows(child) {
                break;
            }
            let keep = kept && input.keep.contains(child);
            if !keep && (to_x < -SLACK || from_x > view.width + SLACK) {
                let centre = f64::midpoint(from_x, to_x);
                comb.reach(centre);
                if from_x > view.width + SLACK && !kept {
                    break;
                }
                continue;
            }
            if !keep && self.is_narrow(input, child, to_x - from_x) {
                self.share_mark(input, &mut comb, &mut group, child, (own, left));
                continue;
            }
            self.close(input, &mut comb, &mut group);
            let child = Visit { node: child, left: own, from };
            self.place_child(input, &mut comb, child, keep);
        }
        self.close(input, &mut comb, &mut group);
        if self.stride == 1 && !self.overview {
            self.back_of(&comb);
        }
        if let Some(path) = comb.kept {
            // Folds that would lie on the marked path only clutter it.
            let glyphs = self.scene.glyphs.drain(drawn_before..);
            let clear = |glyph: &Glyph| glyph.shape != Shape::Fold || (glyph.x - path).abs() > ON_PATH;
            let kept: Vec<Glyph> = glyphs.filter(clear).collect();
            self.scene.glyphs.extend(kept);
        }
    }

    /// Whether a child is folded: a subtree with no room to open, or a node too close to others.
    fn is_narrow(&self, input: &WalkInput<'_>, child: u32, pixels: f64) -> bool {
        let opens = input.subtrees.count(child) > 2 && input.has_known_children(child);
        pixels < if opens { self.fold } else { self.share }
    }

    /// A child wide enough to be visited.
    fn place_child(&mut self, input: &WalkInput<'_>, comb: &mut Comb, child: Visit, keep: bool) {
        let node = child.node;
        let view = self.scene.view;
        let x = sharp(view.x(child.left + f64::from(input.layout.width(node)) / 2.0));
        if keep {
            let drawn = self.row_is_drawn(input.trace.depth[node as usize]);
            comb.kept = Some(x);
            if drawn || input.selected == Some(node) {
                self.scene.places.push(Place { node, x, y: comb.below });
            }
        }
        let leaf = !input.has_known_children(node);
        if leaf && input.hidden.contains(shape_at(input.trace, node, input.cursor)) {
            return;
        }
        self.drop_to(comb, x);
        let deepest = view.y(f64::from(input.subtrees.deepest(node)));
        if comb.below <= view.height + SLACK && (keep || deepest >= -SLACK) {
            self.stack.push(child);
        }
    }

    fn share_mark(
        &mut self,
        input: &WalkInput<'_>,
        comb: &mut Comb,
        group: &mut Option<Group>,
        child: u32,
        span: (f64, f64),
    ) {
        let leaf = !input.has_known_children(child);
        if leaf && input.hidden.contains(shape_at(input.trace, child, input.cursor)) {
            return;
        }
        let single = Group {
            first: child,
            members: 1,
            count: input.subtrees.count(child),
            best: input.subtrees.best(child),
            deepest: input.subtrees.deepest(child),
            left: span.0,
            right: span.1,
        };
        let members = group.map_or(single, |group| group.with(single, input.trace));
        *group = Some(members);
        if (members.right - members.left) * self.scene.view.leaf >= self.fold + 1.0 {
            self.close(input, comb, group);
        }
    }

    /// Draws the mark that a group of narrow siblings shares.
    fn close(&mut self, input: &WalkInput<'_>, comb: &mut Comb, group: &mut Option<Group>) {
        let Some(group) = group.take() else { return };
        let x = sharp(self.scene.view.x(f64::midpoint(group.left, group.right)));
        if !self.row_is_drawn(input.trace.depth[group.first as usize]) {
            return;
        }
        if group.members == 1 && !input.has_known_children(group.first) {
            self.drop_to(comb, x);
            self.mark_node(input, group.first, x, comb.below);
        } else {
            self.fold_mark(input, comb, group.first, group.best, group.count, x);
            self.whisker(input, x, comb.below, group.deepest);
        }
    }

    fn fold_mark(
        &mut self,
        input: &WalkInput<'_>,
        comb: &mut Comb,
        node: u32,
        best: u32,
        count: u32,
        x: f64,
    ) {
        self.drop_to(comb, x);
        self.scene.folded += u64::from(count);
        if input.hidden.contains(Shape::Fold) {
            return;
        }
        let valued = if input.knows(best) { best } else { node };
        let tint = input.tinter.tint(input.trace, valued);
        self.scene.push_glyph(Glyph { x, y: comb.below, node, count, shape: Shape::Fold, tint });
    }

    /// A line as far down as a folded subtree reaches; none while it is not known how far that was.
    fn whisker(&mut self, input: &WalkInput<'_>, x: f64, y: f64, deepest: u32) {
        let view = self.scene.view;
        let end = view.y(f64::from(deepest)).min(view.height + SLACK);
        let start = (y + if self.overview { 0.0 } else { 6.0 }).max(-SLACK);
        let in_sight = x > -SLACK && x < view.width + SLACK;
        if input.is_counted && in_sight && end - start > 6.0 {
            self.scene.whiskers.push(Segment { x0: x, y0: start, x1: x, y1: end });
        }
    }

    fn mark_node(&mut self, input: &WalkInput<'_>, node: u32, x: f64, y: f64) {
        let shape = shape_at(input.trace, node, input.cursor);
        if !input.hidden.contains(shape) {
            let tint = input.tinter.tint(input.trace, node);
            self.scene.push_glyph(Glyph { x, y, node, count: 1, shape, tint });
        }
        let room = self.scene.view.level >= 14.0;
        if room && !input.hidden.contains(Shape::Duplicate) {
            let count = input.layout.duplicates.of(input.trace, node, input.cursor) as u32;
            if count > 0 {
                let y = y + self.scene.view.level * COMB * 0.72;
                let tint = input.tinter.tint(input.trace, node);
                self.scene.push_glyph(Glyph { x, y, node, count, shape: Shape::Duplicate, tint });
            }
        }
    }

    /// The tooth of the comb over a child.
    fn drop_to(&mut self, comb: &mut Comb, x: f64) {
        comb.reach(x);
        if self.overview && self.stride == 1 {
            self.scene.edges.push(Segment { x0: comb.x, y0: comb.y, x1: x, y1: comb.below });
        } else if self.stride == 1 {
            self.scene.push_edge(x, comb.back, x, comb.below);
        }
    }

    /// The stub under the node and the back of the comb.
    fn back_of(&mut self, comb: &Comb) {
        if !comb.any {
            return;
        }
        self.scene.push_edge(comb.x, comb.y, comb.x, comb.back);
        if comb.high - comb.low > 0.5 {
            self.scene.push_edge(comb.low, comb.back, comb.high, comb.back);
        }
    }
}

impl Group {
    /// Both together; `next` stands to the right.
    fn with(self, next: Self, trace: &Trace) -> Self {
        let h = |node: u32| trace.h[node as usize];
        Self {
            members: self.members + 1,
            count: self.count + next.count,
            best: if h(next.best) < h(self.best) { next.best } else { self.best },
            deepest: self.deepest.max(next.deepest),
            right: next.right,
            ..self
        }
    }
}

impl Comb {
    fn reach(&mut self, x: f64) {
        self.low = self.low.min(x);
        self.high = self.high.max(x);
        self.any = true;
    }
}

/// How coarse the next walk should fold, after a scene that used `coarse`: coarser where it was
/// full, finer again where there is much room below `limit` marks and lines.
pub fn next_coarse(coarse: f64, scene: &Scene, limit: usize) -> f64 {
    if scene.capped {
        coarse * 1.6
    } else if scene.primitives() < limit / 3 {
        (coarse / 1.25).max(1.0)
    } else {
        coarse
    }
}
