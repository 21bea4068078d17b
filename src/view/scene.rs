//! What a canvas draws: marks and axis-parallel lines in pixels, and which node is where.

use super::format::short_count;
use super::ledger::Shape;
use super::viewport::Viewport;

/// How far outside of the canvas something can still show.
pub(super) const SLACK: f64 = 16.0;
/// Where between two rows the comb's back lies.
pub(super) const COMB: f64 = 0.42;

/// A mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// Centre, at a whole pixel plus a half.
    pub x: f64,
    /// Centre.
    pub y: f64,
    /// The node; of a fold the topmost or first one.
    pub node: u32,
    /// Nodes it stands for.
    pub count: u32,
    /// Its shape.
    pub shape: Shape,
    /// Its step of the ramp.
    pub tint: u8,
}

/// A line, horizontal or vertical.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// Start.
    pub x0: f64,
    /// Start.
    pub y0: f64,
    /// End.
    pub x1: f64,
    /// End.
    pub y1: f64,
}

/// Height of the text under a fold.
pub const FOLD_LABEL_HIGH: f64 = 12.0;
/// Most folds that are labelled.
const FOLD_LABELS: usize = 60;

/// How many nodes a fold holds, written under it.
#[derive(Clone, Debug, PartialEq)]
pub struct FoldLabel {
    /// Middle of the text.
    pub x: f64,
    /// Its top.
    pub y: f64,
    /// Its width, as wide as its characters can be.
    pub width: f64,
    /// The number, in short.
    pub text: String,
}

/// Where a node of interest stands, in sight or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The node.
    pub node: u32,
    /// Its x.
    pub x: f64,
    /// Its y.
    pub y: f64,
}

/// A finished drawing list.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The view it was made for.
    pub view: Viewport,
    /// Edges of the tree.
    pub edges: Vec<Segment>,
    /// Nodes that are folded into triangles, in or next to sight.
    pub folded: u64,
    /// How deep folded subtrees reach.
    pub whiskers: Vec<Segment>,
    /// Marks, over the lines.
    pub glyphs: Vec<Glyph>,
    /// Nodes of the trails, by node.
    pub places: Vec<Place>,
    /// Every how many levels a row is drawn.
    pub stride: u32,
    /// Whether something was left out because the list was full.
    pub capped: bool,
    /// Nodes looked at.
    pub visits: usize,
}

impl Scene {
    /// An empty list.
    pub fn new(view: Viewport) -> Self {
        Self {
            view,
            edges: Vec::new(),
            folded: 0,
            whiskers: Vec::new(),
            glyphs: Vec::new(),
            places: Vec::new(),
            stride: 1,
            capped: false,
            visits: 0,
        }
    }

    /// Marks and lines.
    pub fn primitives(&self) -> usize {
        self.edges.len() + self.whiskers.len() + self.glyphs.len()
    }

    /// Adds a mark where it can be seen.
    pub(super) fn push_glyph(&mut self, glyph: Glyph) {
        let view = self.view;
        let across = glyph.x > -SLACK && glyph.x < view.width + SLACK;
        if across && glyph.y > -SLACK && glyph.y < view.height + SLACK {
            self.glyphs.push(glyph);
        }
    }

    /// Adds a line, cut to what can be seen.
    pub(super) fn push_edge(&mut self, x0: f64, y0: f64, x1: f64, y1: f64) {
        let view = self.view;
        let (low, high) = (-SLACK, view.width + SLACK);
        let (top, bottom) = (-SLACK, view.height + SLACK);
        if x0.max(x1) < low || x0.min(x1) > high || y0.max(y1) < top || y0.min(y1) > bottom {
            return;
        }
        let (x0, x1) = (x0.clamp(low, high), x1.clamp(low, high));
        let (y0, y1) = (y0.clamp(top, bottom), y1.clamp(top, bottom));
        self.edges.push(Segment { x0, y0, x1, y1 });
    }

    /// The way from a drawn node to the next one drawn below, where rows are sampled.
    pub(super) fn elbow(&mut self, from: (f64, f64), to: (f64, f64)) {
        if (from.0 - to.0).abs() < 0.5 {
            self.push_edge(to.0, from.1, to.0, to.1);
            return;
        }
        let back = comb_back(from.1, to.1);
        self.push_edge(from.0, from.1, from.0, back);
        self.push_edge(from.0, back, to.0, back);
        self.push_edge(to.0, back, to.0, to.1);
    }

    /// The mark nearest to a point, within `reach` pixels.
    pub fn hit(&self, x: f64, y: f64, reach: f64) -> Option<&Glyph> {
        let distance = |glyph: &Glyph| (glyph.x - x).powi(2) + (glyph.y - y).powi(2);
        let near = self.glyphs.iter().filter(|glyph| distance(glyph) <= reach * reach);
        near.min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    /// The counts of the folds that hold most, each where it covers no other mark and no other count.
    pub fn fold_labels(&self) -> Vec<FoldLabel> {
        let mut folds: Vec<&Glyph> = self.glyphs.iter().filter(|glyph| glyph.shape == Shape::Fold).collect();
        folds.sort_by_key(|glyph| std::cmp::Reverse(glyph.count));
        let mut grid = Grid::new(&self.view);
        for glyph in &self.glyphs {
            grid.take((glyph.x - 3.0, glyph.y - 3.0, glyph.x + 3.0, glyph.y + 3.0));
        }
        let mut labels: Vec<FoldLabel> = Vec::new();
        for fold in folds.into_iter().take(8 * FOLD_LABELS) {
            let text = short_count(fold.count);
            let width = text.len() as f64 * 6.6 + 4.0;
            let (x, y) = (fold.x, fold.y + 7.0);
            let place = (x - width / 2.0, y, x + width / 2.0, y + FOLD_LABEL_HIGH);
            if labels.len() < FOLD_LABELS && grid.is_free(place) {
                grid.take(place);
                labels.push(FoldLabel { x, y, width, text });
            }
        }
        labels
    }

    /// Where a node of a trail stands.
    pub fn place(&self, node: u32) -> Option<Place> {
        let index = self.places.binary_search_by_key(&node, |place| place.node).ok()?;
        Some(self.places[index])
    }

    /// The marks of one row (the same y) by x, for finding free space beside a node.
    pub fn row(&self, y: f64) -> impl Iterator<Item = f64> + '_ {
        self.glyphs.iter().filter(move |glyph| (glyph.y - y).abs() < 7.0).map(|glyph| glyph.x)
    }
}

/// Which parts of a canvas are taken, in squares.
struct Grid {
    wide: usize,
    high: usize,
    taken: Vec<bool>,
}

impl Grid {
    /// Side of a square in pixels.
    const SIDE: f64 = 4.0;

    fn new(view: &Viewport) -> Self {
        let squares = |length: f64| (length.max(0.0) / Self::SIDE) as usize + 1;
        let (wide, high) = (squares(view.width), squares(view.height));
        Self { wide, high, taken: vec![false; wide * high] }
    }

    /// The squares that a box (left, top, right, bottom) touches, as far as they are on the canvas.
    fn squares(
        &self,
        (left, top, right, bottom): (f64, f64, f64, f64),
    ) -> impl Iterator<Item = usize> + use<> {
        let from = |at: f64| (at.max(0.0) / Self::SIDE) as usize;
        let to = |at: f64, most: usize| if at < 0.0 { 0 } else { (from(at) + 1).min(most) };
        let (columns, wide) = (from(left)..to(right, self.wide), self.wide);
        (from(top)..to(bottom, self.high)).flat_map(move |row| columns.clone().map(move |at| row * wide + at))
    }

    fn take(&mut self, place: (f64, f64, f64, f64)) {
        for square in self.squares(place) {
            self.taken[square] = true;
        }
    }

    fn is_free(&self, place: (f64, f64, f64, f64)) -> bool {
        self.squares(place).all(|square| !self.taken[square])
    }
}

/// The nearest whole pixel plus a half, where a hairline is sharp.
pub fn sharp(pixel: f64) -> f64 {
    pixel.round() + 0.5
}

/// Where the back of the comb between two rows lies.
pub fn comb_back(above: f64, below: f64) -> f64 {
    sharp(above + (below - above) * COMB)
}

#[cfg(test)]
mod tests {
    use super::super::viewport::{Extent, Insets};
    use super::*;

    #[test]
    fn the_largest_folds_carry_their_counts_where_there_is_room() {
        let view = Viewport::fit(400.0, 300.0, Insets::SCOPE, Extent { leaves: 40, levels: 9 });
        let mut scene = Scene::new(view);
        let fold =
            |node: u32, x: f64, count: u32| Glyph { x, y: 100.5, node, count, shape: Shape::Fold, tint: 0 };
        scene.glyphs = vec![fold(1, 100.5, 40), fold(2, 110.5, 123_456), fold(3, 250.5, 9)];
        let texts: Vec<String> = scene.fold_labels().into_iter().map(|label| label.text).collect();
        assert_eq!(texts, ["123k", "9"], "the second stands too near to the first");
        scene.glyphs.push(Glyph { y: 112.5, shape: Shape::Open, ..fold(4, 250.5, 1) });
        assert_eq!(scene.fold_labels().len(), 1, "a count covers no mark");
    }
}
