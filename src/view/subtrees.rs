//! What is known of the subtree of every node: how many nodes it holds, how deep it reaches, and its best node.
//!
//! The columns are indexed by node id. The layout keeps them for all of the recording, and
//! [`Past`](super::past::Past) for the nodes that were known at an earlier time.

use std::ops::Range;

use crate::trace::{NONE, Trace};

/// The columns.
#[derive(Debug, Default)]
pub struct Subtrees {
    count: Vec<u32>,
    deepest: Vec<u32>,
    best: Vec<u32>,
}

impl Subtrees {
    /// Nodes in the subtree of a node, itself included.
    pub fn count(&self, node: u32) -> u32 {
        self.count[node as usize]
    }

    /// Depth of the deepest node in the subtree of a node.
    pub fn deepest(&self, node: u32) -> u32 {
        self.deepest[node as usize]
    }

    /// The node with the least h in the subtree of a node, the earliest of equals.
    pub fn best(&self, node: u32) -> u32 {
        self.best[node as usize]
    }

    /// Forgets everything, and makes room for `nodes` nodes whose subtrees are empty.
    pub(super) fn clear(&mut self, nodes: usize) {
        for (column, value) in [(&mut self.count, 0), (&mut self.deepest, 0), (&mut self.best, NONE)] {
            column.clear();
            column.resize(nodes, value);
        }
    }

    /// Adds nodes of a recording, each as a leaf. The range begins where the columns end.
    pub(super) fn append_leaves(&mut self, trace: &Trace, nodes: Range<usize>) {
        self.count.resize(nodes.end, 1);
        self.deepest.extend_from_slice(&trace.depth[nodes.clone()]);
        self.best.extend(nodes.start as u32..nodes.end as u32);
    }

    /// Counts a node into its own subtree.
    pub(super) fn include_itself(&mut self, trace: &Trace, node: u32) {
        let index = node as usize;
        self.count[index] += 1;
        self.deepest[index] = self.deepest[index].max(trace.depth[index]);
        self.merge_best(trace, node, node);
    }

    /// Takes the depth and the best node of a child's subtree into that of its parent.
    pub(super) fn merge_marks(&mut self, trace: &Trace, child: u32, parent: u32) {
        let deepest = self.deepest(child);
        let own = &mut self.deepest[parent as usize];
        *own = (*own).max(deepest);
        self.merge_best(trace, parent, self.best(child));
    }

    /// Adds to the number of nodes in the subtree of a node.
    pub(super) fn add_count(&mut self, node: u32, nodes: u32) {
        self.count[node as usize] += nodes;
    }

    fn merge_best(&mut self, trace: &Trace, of: u32, candidate: u32) {
        let key = |node: u32| (trace.h[node as usize], node);
        let best = &mut self.best[of as usize];
        if *best == NONE || key(candidate) < key(*best) {
            *best = candidate;
        }
    }
}
