//! Subtrees as they were at a time: how many nodes were known, how deep they reached, and the least h.
//!
//! Ids grow with time and a child's is greater than its parent's, so one pass from the last known node to the
//! first tells it for every node. The pass is spread over frames.

use crate::trace::{NONE, Trace};

/// The pass, and what it came to.
#[derive(Debug, Default)]
pub struct Past {
    /// The first `nodes` ids are known.
    nodes: usize,
    /// Ids from here on are done.
    next: usize,
    count: Vec<u32>,
    deepest: Vec<u32>,
    best: Vec<u32>,
}

impl Past {
    /// Goes on by up to `max` nodes towards the time at which the first `nodes` ids are known; from the start
    /// where that is another time than before. Returns whether all is done.
    pub fn update(&mut self, trace: &Trace, nodes: usize, max: usize) -> bool {
        if self.nodes != nodes {
            (self.nodes, self.next) = (nodes, nodes);
            for (column, value) in [(&mut self.count, 0), (&mut self.deepest, 0), (&mut self.best, NONE)] {
                column.clear();
                column.resize(nodes, value);
            }
        }
        let end = self.next.saturating_sub(max);
        for id in (end..self.next).rev() {
            self.count[id] += 1;
            self.deepest[id] = self.deepest[id].max(trace.depth[id]);
            self.merge_best(trace, id, id as u32);
            let parent = trace.parent[id];
            if parent != NONE {
                let above = parent as usize;
                self.count[above] += self.count[id];
                self.deepest[above] = self.deepest[above].max(self.deepest[id]);
                self.merge_best(trace, above, self.best[id]);
            }
        }
        self.next = end;
        end == 0
    }

    fn merge_best(&mut self, trace: &Trace, of: usize, candidate: u32) {
        let key = |node: u32| (trace.h[node as usize], node);
        if self.best[of] == NONE || key(candidate) < key(self.best[of]) {
            self.best[of] = candidate;
        }
    }

    /// Nodes of a known node's subtree that were known, itself included.
    pub fn count(&self, node: u32) -> u32 {
        self.count[node as usize]
    }

    /// Depth of the deepest of them.
    pub fn deepest(&self, node: u32) -> u32 {
        self.deepest[node as usize]
    }

    /// The one with the least h, the earliest of equals.
    pub fn best(&self, node: u32) -> u32 {
        self.best[node as usize]
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
                assert_eq!(past.count(node) as usize, known.len());
                assert_eq!(Some(past.deepest(node)), known.iter().map(|&at| trace.depth[at as usize]).max());
                let best = known.iter().copied().min_by_key(|&at| (trace.h[at as usize], at));
                assert_eq!(Some(past.best(node)), best);
            }
        }
    }
}
