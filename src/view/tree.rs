//! The layout of the search tree: an append-only arena beside the trace, grown a bounded
//! amount at a time.
//!
//! Node ids are the trace's. Each node holds the width of its subtree in leaf units (at least
//! 1); a node stands over the middle of its span, its children share the span from left to right
//! in the order of their generation. Only relative widths are stored, so an insertion changes
//! nothing but its ancestors; absolute positions are derived from the top while walking
//! ([`Walk`](super::walk::Walk)). Replay hides nodes and never lays out again.
//!
//! Insertions are carried upwards a batch at a time, each ancestor once, so that a chain of
//! 10^5 levels costs its length per call and not per node. Nothing here recurses.

use crate::trace::{NONE, Trace};

use super::anchor::Anchor;
use super::ledger::Duplicates;
use super::subtrees::Subtrees;

/// The growing layout.
#[derive(Debug, Default)]
pub struct TreeLayout {
    first_child: Vec<u32>,
    next_sibling: Vec<u32>,
    last_child: Vec<u32>,
    width: Vec<u32>,
    subtrees: Subtrees,
    gains: Gains,
    levels: u32,
    revision: u64,
    /// Where the drawn window hangs in the tree.
    pub(super) anchor: Anchor,
    /// Successors that led to known states, by the node they come from.
    pub(super) duplicates: Duplicates,
}

/// What a batch adds to nodes that were there before it. Columns are zero between batches.
#[derive(Debug, Default)]
struct Gains {
    width: Vec<u32>,
    count: Vec<u32>,
    marked: Vec<bool>,
    dirty: Vec<u32>,
}

impl TreeLayout {
    /// Nodes laid out.
    pub fn len(&self) -> usize {
        self.width.len()
    }

    /// Whether nothing is laid out.
    pub fn is_empty(&self) -> bool {
        self.width.is_empty()
    }

    /// Width of the whole tree in leaf units; 0 when empty.
    pub fn leaves(&self) -> u32 {
        self.width.first().copied().unwrap_or(0)
    }

    /// Depth of the deepest node.
    pub fn levels(&self) -> u32 {
        self.levels
    }

    /// Changes whenever a position may have changed.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Width of a node's subtree in leaf units.
    pub fn width(&self, node: u32) -> u32 {
        self.width[node as usize]
    }

    /// The subtrees of all nodes laid out.
    pub fn subtrees(&self) -> &Subtrees {
        &self.subtrees
    }

    /// The first child; [`NONE`] for a leaf.
    pub fn first_child(&self, node: u32) -> u32 {
        self.first_child[node as usize]
    }

    /// The last child; [`NONE`] for a leaf.
    pub fn last_child(&self, node: u32) -> u32 {
        self.last_child[node as usize]
    }

    /// The next sibling; [`NONE`] for the last.
    pub fn next_sibling(&self, node: u32) -> u32 {
        self.next_sibling[node as usize]
    }

    /// Children in the order of generation.
    pub fn children(&self, node: u32) -> Children<'_> {
        Children { layout: self, next: self.first_child(node) }
    }

    /// Left edge of a node's span in leaf units, by walking up: O(depth × siblings).
    pub fn left_of(&self, trace: &Trace, node: u32) -> f64 {
        let mut left = 0.0;
        let mut at = node;
        loop {
            let parent = trace.parent[at as usize];
            if parent == NONE {
                return left;
            }
            left += self.offset_in_parent(parent, at);
            at = parent;
        }
    }

    /// Widths of the siblings before `child`.
    pub(super) fn offset_in_parent(&self, parent: u32, child: u32) -> f64 {
        let before = self.children(parent).take_while(|&sibling| sibling != child);
        before.map(|sibling| f64::from(self.width(sibling))).sum()
    }

    /// Takes in up to `max_nodes` nodes that the trace holds beyond the layout, and what else
    /// is new. Returns whether all of the trace is laid out. Work: the batch and its distinct
    /// ancestors.
    pub fn update(&mut self, trace: &Trace, max_nodes: usize) -> bool {
        let start = self.len();
        let end = trace.len().min(start + max_nodes);
        if end > start {
            self.append(trace, start, end);
            self.fold_batch(trace, start, end);
            self.carry_up(trace);
            self.revision += 1;
        }
        let settled = self.duplicates.update(trace, max_nodes);
        settled && end == trace.len()
    }

    /// Adds and links the nodes `start..end` as leaves.
    fn append(&mut self, trace: &Trace, start: usize, end: usize) {
        for column in [&mut self.first_child, &mut self.next_sibling, &mut self.last_child] {
            column.resize(end, NONE);
        }
        self.width.resize(end, 1);
        self.subtrees.append_leaves(trace, start..end);
        self.gains.width.resize(end, 0);
        self.gains.count.resize(end, 0);
        self.gains.marked.resize(end, false);
        for id in start..end {
            let parent = trace.parent[id];
            if parent == NONE {
                continue;
            }
            let parent = parent as usize;
            let last = self.last_child[parent];
            if last == NONE {
                self.first_child[parent] = id as u32;
            } else {
                self.next_sibling[last as usize] = id as u32;
            }
            self.last_child[parent] = id as u32;
            self.levels = self.levels.max(trace.depth[id]);
        }
    }

    /// Folds the batch into its parents, youngest first; old parents are noted as dirty.
    fn fold_batch(&mut self, trace: &Trace, start: usize, end: usize) {
        for id in (start..end).rev() {
            let parent = trace.parent[id];
            if parent == NONE {
                continue;
            }
            // A first child stands where its parent stood as a leaf.
            let width = self.width[id] - u32::from(self.first_child[parent as usize] == id as u32);
            let count = self.subtrees.count(id as u32);
            self.subtrees.merge_marks(trace, id as u32, parent);
            if parent as usize >= start {
                self.width[parent as usize] += width;
                self.subtrees.add_count(parent, count);
            } else {
                self.gains.width[parent as usize] += width;
                self.gains.count[parent as usize] += count;
                self.gains.mark(parent);
            }
        }
    }

    /// Carries what old nodes gained up to the root, each ancestor once, youngest first.
    fn carry_up(&mut self, trace: &Trace) {
        let mut dirty = self.gains.ancestors_of_dirty(trace);
        // A stable merge sort: the list is made of descending runs.
        dirty.sort_by(|a, b| b.cmp(a));
        for &node in &dirty {
            let (width, count) = self.gains.take(node);
            self.width[node as usize] += width;
            self.subtrees.add_count(node, count);
            let parent = trace.parent[node as usize];
            if parent == NONE {
                continue;
            }
            self.gains.width[parent as usize] += width;
            self.gains.count[parent as usize] += count;
            self.subtrees.merge_marks(trace, node, parent);
            self.anchor.grown(node, parent, trace.depth[parent as usize], width);
        }
        dirty.clear();
        self.gains.dirty = dirty;
    }
}

impl Gains {
    fn mark(&mut self, node: u32) {
        if !std::mem::replace(&mut self.marked[node as usize], true) {
            self.dirty.push(node);
        }
    }

    /// Takes the dirty list, completed with every ancestor.
    fn ancestors_of_dirty(&mut self, trace: &Trace) -> Vec<u32> {
        let mut list = std::mem::take(&mut self.dirty);
        for index in 0..list.len() {
            let mut at = trace.parent[list[index] as usize];
            while at != NONE && !self.marked[at as usize] {
                self.marked[at as usize] = true;
                list.push(at);
                at = trace.parent[at as usize];
            }
        }
        list
    }

    fn take(&mut self, node: u32) -> (u32, u32) {
        let node = node as usize;
        self.marked[node] = false;
        (std::mem::take(&mut self.width[node]), std::mem::take(&mut self.count[node]))
    }
}

/// Iterates over a node's children.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    layout: &'a TreeLayout,
    next: u32,
}

impl Iterator for Children<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.next == NONE {
            return None;
        }
        let node = self.next;
        self.next = self.layout.next_sibling(node);
        Some(node)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{chain_with_leaves, random_tree};
    use super::*;

    fn brute_width(trace: &Trace) -> Vec<u32> {
        let mut width = vec![0u32; trace.len()];
        for id in (0..trace.len()).rev() {
            width[id] = width[id].max(1);
            if trace.parent[id] != NONE {
                width[trace.parent[id] as usize] += width[id];
            }
        }
        width
    }

    fn laid_out(trace: &Trace, batch: usize) -> TreeLayout {
        let mut layout = TreeLayout::default();
        while !layout.update(trace, batch) {}
        layout
    }

    #[test]
    fn widths_are_those_of_a_full_layout_for_every_batch_size() {
        let trace = random_tree(3, 2_000);
        let expected = brute_width(&trace);
        for batch in [1, 7, 100, 5_000] {
            let layout = laid_out(&trace, batch);
            assert_eq!(layout.width, expected, "batch {batch}");
            assert_eq!(layout.subtrees().count(0) as usize, trace.len());
            assert!(layout.gains.width.iter().all(|&gain| gain == 0));
        }
    }

    #[test]
    fn spans_of_siblings_do_not_overlap_and_fill_their_parent() {
        let trace = random_tree(5, 1_500);
        let layout = laid_out(&trace, 64);
        for node in 0..trace.len() as u32 {
            let sum: u32 = layout.children(node).map(|child| layout.width(child)).sum();
            if sum > 0 {
                assert_eq!(sum, layout.width(node));
            }
            let mut left = layout.left_of(&trace, node);
            for child in layout.children(node) {
                assert!((layout.left_of(&trace, child) - left).abs() < 1e-9);
                left += f64::from(layout.width(child));
            }
        }
    }

    #[test]
    fn best_and_deepest_are_those_of_the_subtree() {
        let trace = random_tree(11, 600);
        let layout = laid_out(&trace, 13);
        for node in 0..trace.len() as u32 {
            let inside = |mut at: u32| {
                while at != node && at != NONE {
                    at = trace.parent[at as usize];
                }
                at == node
            };
            let subtree: Vec<u32> = (0..trace.len() as u32).filter(|&at| inside(at)).collect();
            let best = subtree.iter().copied().min_by_key(|&at| (trace.h[at as usize], at));
            assert_eq!(Some(layout.subtrees().best(node)), best);
            let deepest = subtree.iter().map(|&at| trace.depth[at as usize]).max();
            assert_eq!(Some(layout.subtrees().deepest(node)), deepest);
        }
    }

    #[test]
    fn a_chain_of_many_levels_is_laid_out_in_linear_work() {
        let trace = chain_with_leaves(100_000, 3);
        let layout = laid_out(&trace, 30_000);
        assert_eq!(layout.levels(), 100_000);
        assert_eq!(layout.leaves(), 2 * 100_000 + 1);
    }
}
