//! The walk, checked against a full walk and its own promises.

use super::ledger::{Shape, Shapes};
use super::palette::{ColourBy, Domains, Tinter};
use super::sample::{chain_with_leaves, random_tree};
use super::scene::Scene;
use super::trail::Trails;
use super::tree::TreeLayout;
use super::viewport::{Extent, Insets, Viewport};
use super::walk::{MAX_PRIMITIVES, Walk};
use super::walk_input::WalkInput;
use crate::trace::Trace;

struct Drawing {
    trace: Trace,
    layout: TreeLayout,
    trails: Trails,
    tinter: Tinter,
}

impl Drawing {
    fn new(trace: Trace) -> Self {
        let mut layout = TreeLayout::default();
        while !layout.update(&trace, 10_000) {}
        let mut domains = Domains::default();
        domains.update(&trace, usize::MAX >> 1);
        let tinter = Tinter { by: ColourBy::H, domain: domains.of(ColourBy::H) };
        let mut trails = Trails::default();
        trails.update(&trace, None, None);
        Self { trace, layout, trails, tinter }
    }

    fn extent(&self) -> Extent {
        Extent { leaves: self.layout.leaves(), levels: self.layout.levels() }
    }

    fn fit(&self) -> Viewport {
        Viewport::fit(600.0, 520.0, Insets::SCOPE, self.extent())
    }

    fn scene(&mut self, view: Viewport, cursor: Option<u32>, budget: usize) -> Scene {
        let (left, right, top, _) = view.window();
        self.layout.settle_anchor(&self.trace, left, right, top.max(0.0) as u32);
        let input = WalkInput {
            trace: &self.trace,
            layout: &self.layout,
            cursor,
            subtrees: self.layout.subtrees(),
            is_counted: cursor.is_none(),
            hidden: Shapes::default().toggled(Shape::Duplicate),
            tinter: self.tinter,
            keep: self.trails.keep(),
            selected: None,
        };
        let mut walk = Walk::new(view, 1.0, MAX_PRIMITIVES);
        loop {
            if let Some(scene) = walk.advance(&input, budget) {
                return scene;
            }
        }
    }
}

/// Nodes drawn as themselves, with their places.
fn nodes_of(scene: &Scene) -> Vec<(u32, i64, i64)> {
    let own = scene.glyphs.iter().filter(|glyph| glyph.shape != Shape::Fold);
    let mut nodes: Vec<_> =
        own.map(|glyph| (glyph.node, glyph.x.floor() as i64, (glyph.y * 16.0).round() as i64)).collect();
    nodes.sort_unstable();
    nodes
}

#[test]
fn a_zoomed_window_shows_what_a_full_walk_shows_there() {
    let mut drawing = Drawing::new(random_tree(31, 3_000));
    let extent = drawing.extent();
    // Wide enough that nothing is folded, on a canvas as large as the tree.
    let close = drawing.fit().zoomed(1e9, 300.0, 200.0, extent);
    let width = f64::from(extent.leaves) * close.leaf + 100.0;
    let height = f64::from(extent.levels) * close.level + 100.0;
    let whole = Viewport { width, height, left: 0.0, top: 0.0, ..close };
    let full: Vec<_> = (0..drawing.trace.len() as u32)
        .map(|node| {
            let left = drawing.layout.left_of(&drawing.trace, node);
            let x = whole.x(left + f64::from(drawing.layout.width(node)) / 2.0);
            let y = whole.y(f64::from(drawing.trace.depth[node as usize]));
            (node, x.round(), y)
        })
        .collect();
    for (left, top) in [(0.0, 0.0), (200.0, 3.0), (500.0, 9.0), (90.0, 6.0)] {
        let view = Viewport { left, top, ..close };
        let (dx, dy) = (whole.x(left) - view.x(left), whole.y(top) - view.y(top));
        let scene = drawing.scene(view, None, usize::MAX >> 1);
        assert!(!scene.capped);
        let drawn: Vec<u32> = nodes_of(&scene).iter().map(|&(node, ..)| node).collect();
        let inside = |&&(_, x, y): &&(u32, f64, f64)| {
            (0.0..=view.width).contains(&(x - dx)) && (0.0..=view.height).contains(&(y - dy))
        };
        for (node, ..) in full.iter().filter(inside) {
            assert!(drawn.binary_search(node).is_ok(), "node {node} missing at {left}, {top}");
        }
        for glyph in &scene.glyphs {
            let (_, x, y) = full[glyph.node as usize];
            assert!((glyph.x - (x - dx)).abs() <= 1.6 && (glyph.y - (y - dy)).abs() < 0.01);
        }
    }
}

#[test]
fn spreading_the_walk_over_frames_changes_nothing() {
    let mut drawing = Drawing::new(random_tree(37, 4_000));
    let view = drawing.fit().zoomed(3.0, 200.0, 150.0, drawing.extent());
    let once = drawing.scene(view, None, usize::MAX >> 1);
    let bits = drawing.scene(view, None, 50);
    assert_eq!(once.glyphs, bits.glyphs);
    assert_eq!(once.edges, bits.edges);
}

#[test]
fn a_drawing_list_never_exceeds_its_bound() {
    for nodes in [10, 5_000, 120_000] {
        let mut drawing = Drawing::new(random_tree(43, nodes));
        let extent = drawing.extent();
        let mut view = drawing.fit();
        for _ in 0..12 {
            let scene = drawing.scene(view, None, usize::MAX >> 1);
            assert!(scene.primitives() <= MAX_PRIMITIVES + 200, "{}", scene.primitives());
            assert!(scene.glyphs.len() <= MAX_PRIMITIVES);
            view = view.zoomed(2.0, 250.0, 300.0, extent);
        }
    }
}

#[test]
fn every_node_is_drawn_or_counted_in_a_fold_when_fitted() {
    let mut drawing = Drawing::new(random_tree(47, 2_500));
    // Without a marked path, on which folds are left out.
    drawing.trails = Trails::default();
    let view = drawing.fit();
    let scene = drawing.scene(view, None, usize::MAX >> 1);
    assert!(!scene.capped);
    let shown: u32 = scene.glyphs.iter().map(|glyph| glyph.count).sum();
    assert_eq!(shown as usize, drawing.trace.len());
}

#[test]
fn replay_shows_what_was_generated_and_moves_nothing() {
    let mut drawing = Drawing::new(random_tree(53, 400));
    let view = drawing.fit().zoomed(1e9, 300.0, 200.0, drawing.extent());
    let end = nodes_of(&drawing.scene(view, None, 1 << 30));
    for t in [0, 5, 60] {
        let then = drawing.scene(view, Some(t), 1 << 30);
        let known = drawing.trace.nodes_at(Some(t)) as u32;
        let expected: Vec<_> = end.iter().copied().filter(|&(node, ..)| node < known).collect();
        assert_eq!(nodes_of(&then), expected, "at {t}");
    }
}

#[test]
fn a_tree_of_many_levels_is_fitted_in_bounded_steps_and_opened_at_any_depth() {
    let mut drawing = Drawing::new(chain_with_leaves(100_000, 3));
    let view = drawing.fit();
    let scene = drawing.scene(view, None, 20_000);
    assert!(!scene.capped && scene.primitives() <= MAX_PRIMITIVES);
    let lowest = scene.glyphs.iter().map(|glyph| glyph.y).fold(0.0, f64::max);
    assert!(lowest > 480.0, "drawn down to {lowest} only");
    let extent = drawing.extent();
    let close = view.zoomed(1e9, 300.0, 260.0, extent);
    let node = *drawing.trails.path().last().expect("a best node");
    let left = drawing.layout.left_of(&drawing.trace, node);
    let there = close.showing(left + 0.5, f64::from(drawing.trace.depth[node as usize]), extent);
    let scene = drawing.scene(there, None, 1 << 30);
    assert!(scene.glyphs.iter().any(|glyph| glyph.node == node));
    let again = drawing.scene(there.panned(0.0, 30.0, extent), None, 1 << 30);
    assert!(again.visits < 2_000, "{} visits in a window far down", again.visits);
}

#[test]
fn a_click_finds_the_nearest_mark_within_reach() {
    let mut drawing = Drawing::new(random_tree(59, 300));
    let view = drawing.fit();
    let scene = drawing.scene(view, None, 1 << 30);
    let glyph = scene.glyphs[scene.glyphs.len() / 2];
    assert_eq!(scene.hit(glyph.x, glyph.y, 12.0).map(|hit| hit.node), Some(glyph.node));
    assert_eq!(scene.hit(-500.0, -500.0, 12.0), None);
}
