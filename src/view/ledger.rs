//! The shapes of nodes at a time, and the duplicates under each node.
//!
//! Every function here takes a cursor: the number of expansions shown, or `None` for all of them. How many nodes
//! there are of each kind is counted by [`Figures`](crate::trace::Figures).

use crate::trace::{NONE, NodeStatus, Trace};

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

/// The shape of a node at `cursor`.
pub fn shape_at(trace: &Trace, node: u32, cursor: Option<u32>) -> Shape {
    let t = cursor.unwrap_or(NONE - 1);
    let index = node as usize;
    let is_expanded = trace.expanded_at[index] <= t;
    match trace.status[index] {
        NodeStatus::DeadEnd => Shape::DeadEnd,
        NodeStatus::Goal if trace.reaches_goal(cursor) => Shape::Goal,
        _ if trace.reopened_at[index] <= t => Shape::Reopened,
        _ if is_expanded => Shape::Expanded,
        _ => Shape::Open,
    }
}

/// The arrivals of a recording by the node that led there, as lists that run from the latest to the first.
#[derive(Debug, Default)]
pub struct Duplicates {
    /// Indexed by node: its latest arrival; as long as the greatest parent needs.
    latest: Vec<u32>,
    /// Indexed by arrival: the one before it of the same parent.
    before: Vec<u32>,
}

impl Duplicates {
    /// Takes in up to `max` arrivals. Returns whether it has caught up.
    pub(super) fn update(&mut self, trace: &Trace, max: usize) -> bool {
        let start = self.before.len();
        let end = trace.arrivals.len().min(start + max);
        for (index, arrival) in trace.arrivals.iter().enumerate().take(end).skip(start) {
            let parent = arrival.parent as usize;
            if self.latest.len() <= parent {
                self.latest.resize(parent + 1, NONE);
            }
            self.before.push(std::mem::replace(&mut self.latest[parent], index as u32));
        }
        end == trace.arrivals.len()
    }

    /// Successors of a node that led to known states until `cursor`. O(their number).
    pub fn of(&self, trace: &Trace, node: u32, cursor: Option<u32>) -> usize {
        let t = cursor.unwrap_or(NONE);
        let mut at = self.latest.get(node as usize).copied().unwrap_or(NONE);
        let mut count = 0;
        while at != NONE {
            count += usize::from(trace.arrivals[at as usize].at <= t);
            at = self.before[at as usize];
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::random_tree;
    use super::*;

    #[test]
    fn duplicates_stand_under_the_node_that_led_there() {
        let trace = random_tree(23, 1_200);
        let mut duplicates = Duplicates::default();
        while !duplicates.update(&trace, 7) {}
        for cursor in [None, Some(1), Some(40), Some(150), Some(100_000)] {
            let t = cursor.unwrap_or(NONE);
            for node in 0..trace.len() as u32 {
                let expected = trace.arrivals.iter().filter(|one| one.parent == node && one.at <= t).count();
                assert_eq!(duplicates.of(&trace, node, cursor), expected);
            }
        }
    }
}
