//! Moves the anchor of the drawn window when the window moves.

use super::anchor::Anchor;
use super::tree::TreeLayout;
use crate::trace::Trace;

impl TreeLayout {
    /// Moves the anchor to the deepest node above level `top` whose span covers `left..right`
    /// (leaf units). Costs the levels between the old and the new anchor, and their siblings.
    pub fn settle_anchor(&mut self, trace: &Trace, left: f64, right: f64, top: u32) {
        if self.is_empty() {
            return;
        }
        let leaves = f64::from(self.leaves());
        let (left, right) = (left.clamp(0.0, leaves), right.clamp(0.0, leaves));
        let mut anchor = std::mem::take(&mut self.anchor);
        if anchor.path.is_empty() {
            anchor.path.push(0);
        }
        let covers = |node: u32, at: f64| {
            let depth = trace.depth[node as usize];
            depth < top && at <= left && at + f64::from(self.width(node)) >= right
        };
        while anchor.path.len() > 1 && !covers(anchor.node(), anchor.left) {
            let child = anchor.path.pop().unwrap_or(0);
            anchor.left -= self.offset_in_parent(anchor.node(), child);
        }
        'down: loop {
            let mut at = anchor.left;
            for child in self.children(anchor.node()) {
                if covers(child, at) {
                    anchor.path.push(child);
                    anchor.left = at;
                    continue 'down;
                }
                at += f64::from(self.width(child));
                if at > left {
                    break;
                }
            }
            break;
        }
        self.anchor = anchor;
    }

    /// The anchor, and its left edge in leaf units.
    pub fn anchor(&self) -> &Anchor {
        &self.anchor
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{prefix, random_tree};
    use super::*;
    use crate::hash::SplitMix64;

    #[test]
    fn its_place_stays_right_while_the_tree_grows_and_the_window_moves() {
        let whole = random_tree(17, 3_000);
        let mut layout = TreeLayout::default();
        let mut random = SplitMix64::new(4);
        for step in 1..60 {
            let trace = prefix(&whole, step * 50);
            layout.update(&trace, 1_000);
            let anchor = layout.anchor().node();
            assert!((layout.anchor().left() - layout.left_of(&trace, anchor)).abs() < 1e-6);
            let left = random.below(u64::from(layout.leaves())) as f64;
            layout.settle_anchor(&trace, left, left + 1.0, random.below(12) as u32);
            let anchor = layout.anchor().node();
            assert!((layout.anchor().left() - layout.left_of(&trace, anchor)).abs() < 1e-6);
        }
    }
}
