//! A bounded recording of one search: columns indexed by node, and a log of what came later.
//!
//! A node is the first registration of a state, so node ids are state ids: dense, from 0 (the
//! root), in order of registration; a parent's id is always smaller than its child's. Time is
//! counted in expansions. Time n begins when the n-th expansion (from 1) is over and a search that is
//! stepped would rest there: what the n-th expansion generates has `generated_at` n, and so has what a
//! lazy search takes up on its way to the n-th expansion; the root has 0. Costs are integers in the task's
//! unit; [`Trace::g_value`], [`Trace::h_value`] and [`Trace::f_value`] give them in the document's terms.
//! Nothing here reads a clock or draws.

mod figures;
pub mod posthoc;
mod recorder;

pub use figures::Figures;
pub use recorder::{Recorder, TraceBudget};

use std::collections::BTreeMap;

use crate::search::Standing;

/// "No such node, operator or time" in a column of ids.
pub const NONE: u32 = u32::MAX;

/// The h of a dead end, and of a node that was never evaluated.
pub const UNKNOWN_H: i64 = i64::MAX;

/// What became of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum NodeStatus {
    /// In the open list.
    Open,
    /// Expanded.
    Expanded,
    /// Expanded, then put back on a cheaper path; open again until it is expanded again.
    Reopened,
    /// Proven a dead end by the heuristic.
    DeadEnd,
    /// Satisfies the goal.
    Goal,
}

/// A successor that led to a state which was already known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The known node.
    pub node: u32,
    /// The node that was expanded.
    pub parent: u32,
    /// The operator that led there.
    pub operator: u32,
    /// g on this path.
    pub g: i64,
    /// The expansion, from 1.
    pub at: u32,
    /// Whether the path was cheaper, and became the node's path.
    pub cheaper: bool,
    /// Whether the node had been expanded and is to be expanded again.
    pub reopened: bool,
}

/// A node that came closer to the goal than any before, by the heuristic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// The time, in expansions.
    pub at: u32,
    /// The node.
    pub node: u32,
    /// Its h.
    pub h: i64,
}

/// Limits of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceLimits {
    /// Most nodes kept; later ones are counted as dropped.
    pub nodes: u32,
    /// Most bytes that all recordings of a job allocate together.
    pub bytes: u64,
}

impl Default for TraceLimits {
    /// A million nodes (what the scope can show) in 128 MiB.
    fn default() -> Self {
        Self { nodes: 1_000_000, bytes: 128 << 20 }
    }
}

/// The recording. All node columns have equal length; all sample columns have equal length.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Value of one unit of g in the document's terms.
    pub unit: f64,
    /// Value of one unit of h: `unit`, or 1 where h counts operators (greedy search), and f is h.
    pub h_unit: f64,
    /// Weight of h in f: f = g + weight × h.
    pub weight: f64,
    /// Whether states are generated when it is their turn, and not by the expansion of their parent.
    pub is_lazy: bool,
    /// Parent on first registration; [`NONE`] for the root.
    pub parent: Vec<u32>,
    /// Operator on first registration; [`NONE`] for the root.
    pub operator: Vec<u32>,
    /// Steps from the root on first registration.
    pub depth: Vec<u32>,
    /// Cheapest g known.
    pub g: Vec<i64>,
    /// h on evaluation; [`UNKNOWN_H`] for dead ends and nodes not evaluated.
    pub h: Vec<i64>,
    /// Expansion that generated it (from 1); 0 for the root.
    pub generated_at: Vec<u32>,
    /// Expansion that was its first; [`NONE`] where it was not expanded.
    pub expanded_at: Vec<u32>,
    /// Time of its first reopening; [`NONE`] where it was not reopened.
    pub reopened_at: Vec<u32>,
    /// What became of it.
    pub status: Vec<NodeStatus>,

    /// Sample column, one entry per expansion: the node expanded.
    pub expanded_node: Vec<u32>,
    /// Sample column: entries in the open list when the expansion was over.
    pub open_size: Vec<u32>,
    /// Sample column: successors generated so far, known states included.
    pub generated: Vec<u32>,
    /// Sample column: how often an expanded node was reopened so far.
    pub reopened: Vec<u32>,
    /// Sample column: dead ends so far.
    pub dead_ends: Vec<u32>,
    /// Sample column: KiB held by the search.
    pub memory_kib: Vec<u32>,
    /// Nodes with the least h so far, in order of time; h falls from each to the next.
    pub records: Vec<Record>,
    /// The search as it stands now, or stood at its end.
    pub now: Standing,

    /// Later arrivals, in order of time.
    pub arrivals: Vec<Arrival>,
    /// Indices of the arrivals that were cheaper.
    pub cheaper: Vec<u32>,
    /// g on first registration of the nodes that were reached on a cheaper path.
    pub first_g: BTreeMap<u32, i64>,
    /// Nodes on the plan's path from the root to the goal, once there is one.
    pub plan: Vec<u32>,

    /// Nodes that found no room.
    pub dropped_nodes: u64,
    /// Samples that found no room.
    pub dropped_samples: u64,
    /// Arrivals that found no room.
    pub dropped_arrivals: u64,
}

impl Trace {
    /// Nodes recorded.
    pub fn len(&self) -> usize {
        self.parent.len()
    }

    /// Whether nothing is recorded yet.
    pub fn is_empty(&self) -> bool {
        self.parent.is_empty()
    }

    /// Expansions recorded.
    pub fn expansions(&self) -> usize {
        self.expanded_node.len()
    }

    /// Nodes known at a time, `None` for now; the ids below are theirs.
    pub fn nodes_at(&self, time: Option<u32>) -> usize {
        time.map_or(self.len(), |time| self.generated_at.partition_point(|&at| at <= time))
    }

    /// g of a node at a time in the document's terms; `None` for now. O(cheaper arrivals) where the node was
    /// reached on a cheaper path.
    pub fn g_value(&self, node: u32, time: Option<u32>) -> f64 {
        self.g_at(node, time) as f64 * self.unit
    }

    fn g_at(&self, node: u32, time: Option<u32>) -> i64 {
        let last = self.g[node as usize];
        let Some((time, &first)) = time.zip(self.first_g.get(&node)) else { return last };
        let arrivals = self.cheaper.iter().map(|&index| self.arrivals[index as usize]);
        let until = arrivals.take_while(|arrival| arrival.at <= time);
        until.filter(|arrival| arrival.node == node).last().map_or(first, |arrival| arrival.g)
    }

    /// An h in the document's terms; `None` for that of a dead end, or of what was not evaluated.
    pub fn h_value(&self, h: i64) -> Option<f64> {
        (h != UNKNOWN_H).then_some(h as f64 * self.h_unit)
    }

    /// f in the document's terms, of g and h in the document's terms: h itself where h counts operators.
    pub fn f_value(&self, g: f64, h: f64) -> f64 {
        if self.h_unit.to_bits() == self.unit.to_bits() { g + self.weight * h } else { h }
    }

    /// Bytes allocated by the columns.
    pub fn memory_bytes(&self) -> u64 {
        let nodes = self.parent.capacity() as u64 * recorder::NODE_BYTES;
        let samples = self.expanded_node.capacity() as u64 * recorder::SAMPLE_BYTES;
        let arrivals = self.arrivals.capacity() as u64 * recorder::ARRIVAL_BYTES;
        let first_g = self.first_g.len() as u64 * recorder::FIRST_G_BYTES;
        nodes + samples + arrivals + first_g + self.records.capacity() as u64 * recorder::RECORD_BYTES
    }
}
