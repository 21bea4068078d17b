//! Which part of the tree a canvas shows: pure arithmetic between leaf units, levels and
//! pixels. Positions are `f64`: a tree of 10^6 leaves, zoomed in, needs more than 24 bits.

/// Space left of the tree, for the depth ruler.
pub const INSET_LEFT: f64 = 38.0;
/// Space right of the tree.
pub const INSET_RIGHT: f64 = 20.0;
/// Space above the root.
pub const INSET_TOP: f64 = 22.0;
/// Space below the deepest level.
pub const INSET_BOTTOM: f64 = 26.0;
/// Most pixels a leaf takes when zoomed in.
const LEAF_MOST: f64 = 40.0;
/// Most pixels a level takes when zoomed in.
const LEVEL_MOST: f64 = 64.0;
/// Most pixels a leaf takes when fitted: a tiny tree is not torn apart.
const LEAF_FIT: f64 = 120.0;
/// Most pixels a level takes when fitted.
const LEVEL_FIT: f64 = 48.0;
/// Distance from the edge that a node is brought to when it is made visible.
const MARGIN: f64 = 28.0;

/// Free space around a tree in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Insets {
    /// Left.
    pub left: f64,
    /// Right.
    pub right: f64,
    /// Top.
    pub top: f64,
    /// Bottom.
    pub bottom: f64,
}

impl Insets {
    /// Those of the tree's canvas.
    pub const SCOPE: Self =
        Self { left: INSET_LEFT, right: INSET_RIGHT, top: INSET_TOP, bottom: INSET_BOTTOM };
    /// Those of the overview strip.
    pub const OVERVIEW: Self = Self { left: 6.0, right: 6.0, top: 6.0, bottom: 6.0 };
}

/// The extent of a tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Leaves, at least 1 where there is a tree.
    pub leaves: u32,
    /// Depth of the deepest node.
    pub levels: u32,
}

/// The part of a tree that a canvas shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// Width of the canvas in pixels.
    pub width: f64,
    /// Height of the canvas in pixels.
    pub height: f64,
    /// Free space around a fitted tree.
    pub insets: Insets,
    /// Leaf unit that stands at the left inset.
    pub left: f64,
    /// Level that stands at the top inset.
    pub top: f64,
    /// Pixels of a leaf unit.
    pub leaf: f64,
    /// Pixels of a level.
    pub level: f64,
}

impl Viewport {
    /// The whole tree on a canvas of this size.
    pub fn fit(width: f64, height: f64, insets: Insets, extent: Extent) -> Self {
        let (leaves, levels) = (f64::from(extent.leaves.max(1)), f64::from(extent.levels.max(1)));
        let inner = (width - insets.left - insets.right).max(1.0);
        let leaf = (inner / leaves).min(LEAF_FIT);
        let level = ((height - insets.top - insets.bottom).max(1.0) / levels).min(LEVEL_FIT);
        Self { width, height, insets, left: (leaves - inner / leaf) / 2.0, top: 0.0, leaf, level }
    }

    /// Pixel of a place in leaf units.
    pub fn x(&self, leaves: f64) -> f64 {
        self.insets.left + (leaves - self.left) * self.leaf
    }

    /// Pixel of a level.
    pub fn y(&self, level: f64) -> f64 {
        self.insets.top + (level - self.top) * self.level
    }

    /// Leaf unit at a pixel.
    pub fn leaf_at(&self, x: f64) -> f64 {
        self.left + (x - self.insets.left) / self.leaf
    }

    /// Level at a pixel.
    pub fn level_at(&self, y: f64) -> f64 {
        self.top + (y - self.insets.top) / self.level
    }

    /// The same part of the tree scaled by `factor` around a pixel. Never smaller than fitted,
    /// never larger than a node needs.
    #[must_use]
    pub fn zoomed(&self, factor: f64, x: f64, y: f64, extent: Extent) -> Self {
        let fit = Self::fit(self.width, self.height, self.insets, extent);
        let (at_x, at_y) = (self.leaf_at(x), self.level_at(y));
        let leaf = (self.leaf * factor).clamp(fit.leaf, fit.leaf.max(LEAF_MOST));
        let level = (self.level * factor).clamp(fit.level, fit.level.max(LEVEL_MOST));
        let left = at_x - (x - self.insets.left) / leaf;
        let top = at_y - (y - self.insets.top) / level;
        Self { left, top, leaf, level, ..*self }.within(extent)
    }

    /// Moved by pixels.
    #[must_use]
    pub fn panned(&self, dx: f64, dy: f64, extent: Extent) -> Self {
        Self { left: self.left - dx / self.leaf, top: self.top - dy / self.level, ..*self }.within(extent)
    }

    /// Moved as little as brings a place into view.
    #[must_use]
    pub fn showing(&self, leaves: f64, level: f64, extent: Extent) -> Self {
        let shift = |at: f64, low: f64, high: f64| (low - at).max(0.0) + (high - at).min(0.0);
        let high_x = (self.width - MARGIN).max(self.insets.left);
        let high_y = (self.height - MARGIN).max(self.insets.top);
        let dx = shift(self.x(leaves), self.insets.left.min(high_x), high_x);
        let dy = shift(self.y(level), self.insets.top.min(high_y), high_y);
        if dx == 0.0 && dy == 0.0 { *self } else { self.panned(dx, dy, extent) }
    }

    /// With its centre on a place.
    #[must_use]
    pub fn centred(&self, leaves: f64, level: f64, extent: Extent) -> Self {
        let (dx, dy) = (self.width / 2.0 - self.x(leaves), self.height / 2.0 - self.y(level));
        self.panned(dx, dy, extent)
    }

    /// On a canvas of another size, at the same scale.
    #[must_use]
    pub fn resized(&self, width: f64, height: f64, extent: Extent) -> Self {
        Self { width, height, ..*self }.zoomed(1.0, width / 2.0, height / 2.0, extent)
    }

    /// Leaf units and levels in sight: `(left, right, top, bottom)`.
    pub fn window(&self) -> (f64, f64, f64, f64) {
        (self.leaf_at(0.0), self.leaf_at(self.width), self.level_at(0.0), self.level_at(self.height))
    }

    /// Keeps the tree in the canvas: an axis that fits is centred (leaves) or at the top
    /// (levels), a larger one can be moved until half of the canvas is empty.
    fn within(mut self, extent: Extent) -> Self {
        let (leaves, levels) = (f64::from(extent.leaves.max(1)), f64::from(extent.levels));
        let inner_x = (self.width - self.insets.left - self.insets.right) / self.leaf;
        let inner_y = (self.height - self.insets.top - self.insets.bottom) / self.level;
        self.left = if leaves <= inner_x + 1e-9 {
            (leaves - inner_x) / 2.0
        } else {
            self.left.clamp(-inner_x / 2.0, leaves - inner_x / 2.0)
        };
        self.top = if levels <= inner_y + 1e-9 {
            0.0
        } else {
            self.top.clamp(-inner_y / 2.0, levels - inner_y / 2.0)
        };
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BIG: Extent = Extent { leaves: 1_000_000, levels: 400 };

    #[test]
    fn a_fitted_tree_stands_inside_the_insets() {
        let view = Viewport::fit(600.0, 500.0, Insets::SCOPE, BIG);
        assert!((view.x(0.0) - INSET_LEFT).abs() < 1e-6);
        assert!((view.x(1e6) - 580.0).abs() < 1e-6);
        assert!((view.y(400.0) - 474.0).abs() < 1e-6);
        let tiny = Viewport::fit(600.0, 500.0, Insets::SCOPE, Extent { leaves: 1, levels: 0 });
        assert!((tiny.x(0.5) - f64::midpoint(INSET_LEFT, 580.0)).abs() < 1e-6);
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let mut view = Viewport::fit(600.0, 500.0, Insets::SCOPE, BIG);
        for _ in 0..40 {
            let before = view.leaf_at(300.0);
            view = view.zoomed(1.4, 300.0, 200.0, BIG);
            assert!((view.leaf_at(300.0) - before).abs() < 1e-3);
        }
        assert!((view.leaf - LEAF_MOST).abs() < 1e-9);
        for _ in 0..80 {
            view = view.zoomed(1.0 / 1.4, 300.0, 200.0, BIG);
        }
        let fit = Viewport::fit(600.0, 500.0, Insets::SCOPE, BIG);
        assert!((view.left - fit.left).abs() < 1e-3 && (view.leaf - fit.leaf).abs() < 1e-9);
    }

    #[test]
    fn making_a_node_visible_moves_as_little_as_needed() {
        let view = Viewport::fit(600.0, 500.0, Insets::SCOPE, BIG).zoomed(1e9, 300.0, 250.0, BIG);
        let there = view.showing(123_456.5, 77.0, BIG);
        let (x, y) = (there.x(123_456.5), there.y(77.0));
        assert!((INSET_LEFT - 0.1..=600.0).contains(&x) && (0.0..=500.0).contains(&y), "{x} {y}");
        assert_eq!(there.showing(123_456.5, 77.0, BIG), there);
    }
}
