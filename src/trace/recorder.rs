//! Fills a [`Trace`] from the search's events, within its limits.

use super::{Arrival, NONE, NodeStatus, Trace, TraceLimits, UNKNOWN_H};
use crate::search::{Observer, Sample};
use crate::task::{OperatorId, StateId};

/// Bytes of one node in all columns, of one sample, of one arrival.
const NODE_BYTES: u64 = 37;
const SAMPLE_BYTES: u64 = 20;
const ARRIVAL_BYTES: u64 = size_of::<Arrival>() as u64;

/// Records a search. Columns double when they grow, up to the limits; what finds no room is
/// counted and left out.
#[derive(Debug)]
pub struct Recorder {
    trace: Trace,
    limits: TraceLimits,
}

impl Recorder {
    /// An empty recording. `unit` and `h_unit` are the values of one unit of g and of h, `weight`
    /// is the weight of h in f.
    pub fn new(limits: TraceLimits, unit: f64, h_unit: f64, weight: f64) -> Self {
        Self { trace: Trace { unit, h_unit, weight, ..Trace::default() }, limits }
    }

    /// The recording so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The recording, when the search is over.
    pub fn into_trace(self) -> Trace {
        self.trace
    }

    /// Whether another `bytes` fit. Half of the budget is kept for nodes.
    fn has_room(&self, bytes: u64, share: u64) -> bool {
        let trace = &self.trace;
        let used = trace.len() as u64 * NODE_BYTES
            + trace.expansions() as u64 * SAMPLE_BYTES
            + trace.arrivals.len() as u64 * ARRIVAL_BYTES;
        used + bytes <= self.limits.bytes / 4 * share
    }
}

impl Observer for Recorder {
    fn registered(&mut self, node: StateId, from: Option<(StateId, OperatorId)>, g: i64, h: Option<i64>) {
        let is_next = node.0 as usize == self.trace.len();
        if !is_next || node.0 >= self.limits.nodes || !self.has_room(NODE_BYTES, 4) {
            self.trace.dropped_nodes += 1;
            return;
        }
        let at = self.trace.expanded_node.len() as u64 + self.trace.dropped_samples;
        let trace = &mut self.trace;
        let (parent, operator) = from.map_or((NONE, NONE), |(parent, operator)| (parent.0, operator.0));
        let depth = from.map_or(0, |(parent, _)| trace.depth[parent.0 as usize] + 1);
        trace.parent.push(parent);
        trace.operator.push(operator);
        trace.depth.push(depth);
        trace.g.push(g);
        trace.h.push(h.unwrap_or(UNKNOWN_H));
        trace.generated_at.push(at.min(u64::from(NONE - 1)) as u32);
        trace.expanded_at.push(NONE);
        trace.status.push(if h.is_some() { NodeStatus::Open } else { NodeStatus::DeadEnd });
    }

    fn expanded(&mut self, sample: Sample) {
        if self.trace.dropped_samples > 0 || !self.has_room(SAMPLE_BYTES, 3) {
            self.trace.dropped_samples += 1;
        } else {
            self.trace.expanded_node.push(sample.node.0);
            self.trace.open_size.push(sample.open.min(u32::MAX as usize) as u32);
            self.trace.memory_kib.push((sample.memory_bytes >> 10).min(u64::from(u32::MAX)) as u32);
            self.trace.best_h.push(sample.best_h);
        }
        let at = self.trace.expanded_node.len() as u64 + self.trace.dropped_samples;
        let node = sample.node.0 as usize;
        if node < self.trace.len() {
            self.trace.status[node] = NodeStatus::Expanded;
            let first = &mut self.trace.expanded_at[node];
            if *first == NONE {
                *first = at.min(u64::from(NONE - 1)) as u32;
            }
        }
    }

    fn arrived(
        &mut self,
        node: StateId,
        from: (StateId, OperatorId),
        g: i64,
        is_cheaper: bool,
        is_reopened: bool,
    ) {
        let index = node.0 as usize;
        if index < self.trace.len() && is_cheaper {
            self.trace.g[index] = g;
            if is_reopened {
                self.trace.status[index] = NodeStatus::Reopened;
            }
        }
        if index >= self.trace.len() || !self.has_room(ARRIVAL_BYTES, 2) {
            self.trace.dropped_arrivals += 1;
            return;
        }
        let at = (self.trace.expanded_node.len() as u64 + self.trace.dropped_samples) as u32;
        let (parent, operator) = (from.0.0, from.1.0);
        self.trace.arrivals.push(Arrival { node: node.0, parent, operator, g, at, cheaper: is_cheaper });
    }

    fn solved(&mut self, path: &[StateId]) {
        let known = path.iter().map(|node| node.0).filter(|&node| (node as usize) < self.trace.len());
        self.trace.plan = known.collect();
        if let Some(&goal) = self.trace.plan.last() {
            self.trace.status[goal as usize] = NodeStatus::Goal;
        }
    }
}
