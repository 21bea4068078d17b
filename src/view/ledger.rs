//! What replay needs to know of a recording, kept as short sorted lists beside it.
//!
//! Everything here is asked for a cursor: the number of expansions shown, or `None` for all of
//! them. Counting never scans the nodes. A node's dead end is known when it is taken in.

use std::collections::BTreeMap;

use crate::trace::{NONE, NodeStatus, Trace, UNKNOWN_H};

/// How many nodes have each shape in the scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusCounts {
    /// Expanded once, and not the goal.
    pub expanded: u64,
    /// Known and not expanded.
    pub open: u64,
    /// Put back into the open list on a cheaper path at least once.
    pub reopened: u64,
    /// Dead ends.
    pub dead_ends: u64,
    /// Successors that led to a known state.
    pub duplicates: u64,
}

/// A mark of the scope. Shape carries status; colour carries a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Shape {
    /// A disc.
    Expanded,
    /// A ring.
    Open,
    /// A ringed dot.
    Reopened,
    /// A cross.
    DeadEnd,
    /// A diamond.
    Goal,
    /// A dash: successors that were known already. Not a node.
    Duplicate,
    /// A triangle: a subtree too small to draw.
    Fold,
}

/// A set of shapes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shapes(u8);

impl Shapes {
    /// Whether it holds `shape`.
    pub fn contains(self, shape: Shape) -> bool {
        self.0 & (1 << shape as u8) != 0
    }

    /// The set with `shape` put in where it was missing, and taken out where it was not.
    #[must_use]
    pub fn toggled(self, shape: Shape) -> Self {
        Self(self.0 ^ (1 << shape as u8))
    }
}

/// The lists.
#[derive(Debug, Default)]
pub struct Ledger {
    arrivals: usize,
    expansions: usize,
    dead_ends: Vec<u32>,
    /// Expansions (from 1) of a node that was expanded before.
    again: Vec<u32>,
    /// Time of each node's first reopening.
    reopened: BTreeMap<u32, u32>,
    reopened_at: Vec<u32>,
    /// `(generated_at, node)` whenever a node's h was the least so far.
    records: Vec<(u32, u32)>,
}

impl Ledger {
    /// Takes in up to `max` entries of each log. Returns whether it has caught up with both.
    pub(super) fn update(&mut self, trace: &Trace, max: usize) -> bool {
        self.take_samples(trace, max);
        self.take_arrivals(trace, max);
        self.expansions == trace.expansions() && self.arrivals == trace.arrivals.len()
    }

    /// Takes in the nodes `start..end`.
    pub(super) fn take_nodes(&mut self, trace: &Trace, start: usize, end: usize) {
        for id in start..end {
            if trace.status[id] == NodeStatus::DeadEnd {
                self.dead_ends.push(id as u32);
            }
            let h = trace.h[id];
            let least = self.records.last().map_or(UNKNOWN_H, |&(_, node)| trace.h[node as usize]);
            if h < least {
                self.records.push((trace.generated_at[id], id as u32));
            }
        }
    }

    fn take_samples(&mut self, trace: &Trace, max: usize) {
        let end = trace.expansions().min(self.expansions + max);
        for index in self.expansions..end {
            let node = trace.expanded_node[index] as usize;
            let first = trace.expanded_at.get(node).copied().unwrap_or(NONE);
            if first != index as u32 + 1 {
                self.again.push(index as u32 + 1);
            }
        }
        self.expansions = end;
    }

    fn take_arrivals(&mut self, trace: &Trace, max: usize) {
        let end = trace.arrivals.len().min(self.arrivals + max);
        for arrival in &trace.arrivals[self.arrivals..end] {
            let known = trace.expanded_at.get(arrival.node as usize).copied().unwrap_or(NONE);
            if arrival.cheaper && known < arrival.at && !self.reopened.contains_key(&arrival.node) {
                self.reopened.insert(arrival.node, arrival.at);
                self.reopened_at.push(arrival.at);
            }
        }
        self.arrivals = end;
    }

    /// How many nodes are known at `cursor`; ids below it are.
    pub fn nodes_at(trace: &Trace, cursor: Option<u32>) -> usize {
        cursor.map_or(trace.len(), |t| trace.generated_at.partition_point(|&at| at <= t))
    }

    /// The counts of the legend at `cursor`: O(log n).
    pub fn counts(&self, trace: &Trace, cursor: Option<u32>) -> StatusCounts {
        let t = cursor.unwrap_or(NONE);
        let nodes = Self::nodes_at(trace, cursor) as u64;
        let expansions = (self.expansions as u64).min(u64::from(t));
        let again = self.again.partition_point(|&at| at <= t) as u64;
        let first = expansions.saturating_sub(again);
        let reopened = self.reopened_at.partition_point(|&at| at <= t) as u64;
        let dead_ends = self.dead_ends.partition_point(|&node| u64::from(node) < nodes) as u64;
        StatusCounts {
            expanded: first.saturating_sub(reopened),
            open: nodes.saturating_sub(first + dead_ends),
            reopened,
            dead_ends,
            duplicates: trace.arrivals.partition_point(|arrival| arrival.at <= t) as u64,
        }
    }

    /// The node with the least h at `cursor`; `None` before one was evaluated.
    pub fn best_at(&self, cursor: Option<u32>) -> Option<u32> {
        let t = cursor.unwrap_or(NONE);
        let known = self.records.partition_point(|&(at, _)| at <= t);
        known.checked_sub(1).map(|last| self.records[last].1)
    }

    /// The shape of a node at `cursor`.
    pub fn shape_at(&self, trace: &Trace, node: u32, cursor: Option<u32>) -> Shape {
        let t = cursor.unwrap_or(NONE);
        let index = node as usize;
        let expanded = trace.expanded_at[index];
        match trace.status[index] {
            NodeStatus::DeadEnd => Shape::DeadEnd,
            NodeStatus::Goal if expanded == NONE || expanded <= t => Shape::Goal,
            _ if self.reopened.get(&node).is_some_and(|&at| at <= t) => Shape::Reopened,
            _ if expanded != NONE && expanded <= t => Shape::Expanded,
            _ => Shape::Open,
        }
    }

    /// Successors of a node's first expansion that led to known states.
    pub fn duplicates_of(trace: &Trace, node: u32, cursor: Option<u32>) -> usize {
        let at = trace.expanded_at[node as usize];
        if at == NONE || cursor.is_some_and(|t| at > t) {
            return 0;
        }
        let from = trace.arrivals.partition_point(|arrival| arrival.at < at);
        trace.arrivals[from..].iter().take_while(|arrival| arrival.at == at).count()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::random_tree;
    use super::super::tree::TreeLayout;
    use super::*;

    #[test]
    fn counts_agree_with_the_shapes_of_all_nodes_at_any_time() {
        let trace = random_tree(23, 1_200);
        let mut layout = TreeLayout::default();
        while !layout.update(&trace, 100) {}
        for cursor in [None, Some(1), Some(40), Some(150), Some(100_000)] {
            let counts = layout.ledger.counts(&trace, cursor);
            let nodes = Ledger::nodes_at(&trace, cursor) as u32;
            let shapes: Vec<Shape> =
                (0..nodes).map(|node| layout.ledger.shape_at(&trace, node, cursor)).collect();
            let of = |shape| shapes.iter().filter(|&&is| is == shape).count() as u64;
            assert_eq!(counts.dead_ends, of(Shape::DeadEnd));
            assert_eq!(counts.reopened, of(Shape::Reopened));
            assert_eq!(counts.expanded, of(Shape::Expanded) + of(Shape::Goal));
            assert_eq!(counts.open, of(Shape::Open));
        }
    }

    #[test]
    fn the_best_node_at_a_time_has_the_least_h_generated_until_then() {
        let trace = random_tree(29, 900);
        let mut layout = TreeLayout::default();
        while !layout.update(&trace, 50) {}
        for t in [0, 3, 77, 200] {
            let nodes = Ledger::nodes_at(&trace, Some(t)) as u32;
            let expected = (0..nodes).min_by_key(|&node| (trace.h[node as usize], node));
            assert_eq!(layout.ledger.best_at(Some(t)), expected);
        }
    }
}
