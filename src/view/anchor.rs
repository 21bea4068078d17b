//! Where the drawn window hangs in the tree.
//!
//! The anchor is a node whose span covers the whole window and which stands above it; the walk
//! starts there instead of at the root. Its left edge is kept current while the tree grows: a
//! subtree that grows to the left of the anchor's path pushes it to the right. So a window far
//! down a deep tree costs nothing for the levels above it.

/// The path from the root to the anchor, and the anchor's place.
#[derive(Debug, Default)]
pub struct Anchor {
    pub(super) path: Vec<u32>,
    pub(super) left: f64,
}

impl Anchor {
    /// The anchor; the root of a tree where none was settled.
    pub fn node(&self) -> u32 {
        self.path.last().copied().unwrap_or(0)
    }

    /// Left edge of the anchor's span in leaf units.
    pub fn left(&self) -> f64 {
        self.left
    }

    /// Notes that the subtree of `node`, a child of `parent` at `depth`, grew by `width`.
    /// Siblings stand in the order of their ids.
    pub(super) fn grown(&mut self, node: u32, parent: u32, depth: u32, width: u32) {
        let depth = depth as usize;
        if self.path.get(depth) == Some(&parent) && self.path.get(depth + 1).is_some_and(|&on| node < on) {
            self.left += f64::from(width);
        }
    }
}
