//! Whether a recording is still the one that was laid out.

use crate::trace::Trace;

/// Remembers a few nodes, spaced ever wider, and the last one.
#[derive(Debug, Default)]
pub struct Witness {
    marks: Vec<Mark>,
    last: Option<Mark>,
}

/// What never changes about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    node: u32,
    parent: u32,
    operator: u32,
    generated_at: u32,
}

impl Mark {
    fn of(trace: &Trace, node: usize) -> Option<Self> {
        Some(Self {
            node: node as u32,
            parent: *trace.parent.get(node)?,
            operator: *trace.operator.get(node)?,
            generated_at: *trace.generated_at.get(node)?,
        })
    }
}

impl Witness {
    /// Whether the remembered nodes stand in `trace` as they did. Some 150 comparisons.
    pub fn recognises(&self, trace: &Trace) -> bool {
        let mut marks = self.marks.iter().chain(&self.last);
        marks.all(|mark| Mark::of(trace, mark.node as usize) == Some(*mark))
    }

    /// Remembers a recording of which `nodes` were taken in.
    pub fn remember(&mut self, trace: &Trace, nodes: usize) {
        let mut next = self.marks.last().map_or(0, |mark| (mark.node + 1 + mark.node / 8) as usize);
        while next < nodes {
            self.marks.extend(Mark::of(trace, next));
            next += 1 + next / 8;
        }
        self.last = nodes.checked_sub(1).and_then(|last| Mark::of(trace, last));
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{prefix, random_tree};
    use super::*;

    #[test]
    fn it_knows_a_growing_recording_and_refuses_another() {
        let trace = random_tree(73, 5_000);
        let mut witness = Witness::default();
        for nodes in [0, 1, 2, 700, 5_000] {
            assert!(witness.recognises(&prefix(&trace, nodes)));
            witness.remember(&trace, nodes);
        }
        assert!(!witness.recognises(&prefix(&trace, 4_999)));
        assert!(!witness.recognises(&random_tree(74, 5_000)));
        assert!(witness.marks.len() < 100);
    }
}
