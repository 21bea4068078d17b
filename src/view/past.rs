//! Subtrees as they were at a time: how many nodes were known, how deep they reached, and the least h.
//!
//! Node ids grow with time, and a child's id is greater than its parent's. So one pass from the last known node to
//! the first one computes all of it. The pass is spread over frames.

use crate::trace::{NONE, Trace};

use super::subtrees::Subtrees;

/// The pass and its result.
#[derive(Debug, Default)]
pub struct Past {
    /// The first `nodes` ids are known.
    nodes: usize,
    /// Ids from here on are done.
    next: usize,
    subtrees: Subtrees,
}

impl Past {
    /// Goes on by up to `max` nodes towards the time at which the first `nodes` ids are known; from the start
    /// where that is another time than before. Returns whether all is done.
    pub fn update(&mut self, trace: &Trace, nodes: usize, max: usize) -> bool {
        if self.nodes != nodes {
            (self.nodes, self.next) = (nodes, nodes);
            self.subtrees.clear(nodes);
        }
        let end = self.next.saturating_sub(max);
        for node in (end as u32..self.next as u32).rev() {
            self.subtrees.include_itself(trace, node);
            let parent = trace.parent[node as usize];
            if parent != NONE {
                self.subtrees.merge_marks(trace, node, parent);
                self.subtrees.add_count(parent, self.subtrees.count(node));
            }
        }
        self.next = end;
        end == 0
    }

    /// The subtrees of the known nodes, as they were at that time.
    pub fn subtrees(&self) -> &Subtrees {
        &self.subtrees
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::random_tree;
    use super::*;

    #[test]
    fn a_subtree_at_a_time_holds_what_was_generated_until_then() {
        let trace = random_tree(31, 900);
        let mut past = Past::default();
        for time in [2, 60, 100_000] {
            let nodes = trace.nodes_at(Some(time));
            while !past.update(&trace, nodes, 70) {}
            for node in 0..nodes as u32 {
                let inside = |mut at: u32| {
                    while at != node && at != NONE {
                        at = trace.parent[at as usize];
                    }
                    at == node
                };
                let known: Vec<u32> = (0..nodes as u32).filter(|&at| inside(at)).collect();
                assert_eq!(past.subtrees().count(node) as usize, known.len());
                assert_eq!(
                    Some(past.subtrees().deepest(node)),
                    known.iter().map(|&at| trace.depth[at as usize]).max()
                );
                let best = known.iter().copied().min_by_key(|&at| (trace.h[at as usize], at));
                assert_eq!(Some(past.subtrees().best(node)), best);
            }
        }
    }
}
