//! Fills a [`Trace`] from the search's events, within its limits.

use super::{Arrival, NONE, NodeStatus, Record, Trace, TraceLimits, UNKNOWN_H};
use crate::search::{Observer, Sample, Standing};
use crate::task::{OperatorId, StateId};

/// Bytes of one node in all columns, of one sample.
pub(super) const NODE_BYTES: u64 = 41;
pub(super) const SAMPLE_BYTES: u64 = 24;
/// Bytes of one arrival, as if each were cheaper and its node's first: an entry of a tree map has at most
/// twice its own size.
pub(super) const ARRIVAL_BYTES: u64 = size_of::<Arrival>() as u64 + 4 + 2 * 16;

/// Records a search. Columns double when they grow, up to the limits; what finds no room is
/// counted and left out.
#[derive(Debug)]
pub struct Recorder {
    trace: Trace,
    limits: TraceLimits,
    /// Whether the last expansion is over: what comes now belongs to the next.
    is_between: bool,
}

impl Recorder {
    /// An empty recording. `unit` and `h_unit` are the values of one unit of g and of h, `weight`
    /// is the weight of h in f.
    pub fn new(limits: TraceLimits, unit: f64, h_unit: f64, weight: f64) -> Self {
        Self { trace: Trace { unit, h_unit, weight, ..Trace::default() }, limits, is_between: false }
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

    /// Expansions so far.
    fn expansions(&self) -> u32 {
        let at = self.trace.expanded_node.len() as u64 + self.trace.dropped_samples;
        at.min(u64::from(NONE - 1)) as u32
    }

    /// The time of what happens now: that of the expansion under way, or of the next.
    fn time(&self) -> u32 {
        let expansions = self.expansions();
        if self.is_between { (expansions + 1).min(NONE - 1) } else { expansions }
    }

    /// Notes a node that is closer to the goal than any before.
    fn compare(&mut self, at: u32, node: u32, h: i64) {
        if self.trace.records.last().map_or(UNKNOWN_H, |last| last.h) > h {
            self.trace.records.push(Record { at, node, h });
        }
    }
}

impl Observer for Recorder {
    fn registered(&mut self, node: StateId, from: Option<(StateId, OperatorId)>, g: i64, h: Option<i64>) {
        let is_next = node.0 as usize == self.trace.len();
        let at = self.time();
        if let Some(h) = h {
            self.compare(at, node.0, h);
        }
        if !is_next || node.0 >= self.limits.nodes || !self.has_room(NODE_BYTES, 4) {
            self.trace.dropped_nodes += 1;
            return;
        }
        let trace = &mut self.trace;
        trace.is_lazy |= self.is_between && from.is_some();
        let (parent, operator) = from.map_or((NONE, NONE), |(parent, operator)| (parent.0, operator.0));
        let depth = from.map_or(0, |(parent, _)| trace.depth[parent.0 as usize] + 1);
        trace.parent.push(parent);
        trace.operator.push(operator);
        trace.depth.push(depth);
        trace.g.push(g);
        trace.h.push(h.unwrap_or(UNKNOWN_H));
        trace.generated_at.push(at);
        trace.expanded_at.push(NONE);
        trace.reopened_at.push(NONE);
        trace.status.push(if h.is_some() { NodeStatus::Open } else { NodeStatus::DeadEnd });
    }

    fn expanded(&mut self, sample: Sample) {
        if self.trace.dropped_samples > 0 || !self.has_room(SAMPLE_BYTES, 3) {
            self.trace.dropped_samples += 1;
        } else {
            self.trace.expanded_node.push(sample.node.0);
            let trace = &mut self.trace;
            trace.open_size.push(narrow(sample.open as u64));
            trace.memory_kib.push(narrow(sample.memory_bytes >> 10));
            for column in [&mut trace.generated, &mut trace.reopened, &mut trace.dead_ends] {
                // Filled in when the expansion is over.
                column.push(column.last().copied().unwrap_or(0));
            }
        }
        self.is_between = false;
        let at = self.expansions();
        let node = sample.node.0 as usize;
        if node < self.trace.len() {
            self.trace.status[node] = NodeStatus::Expanded;
            let first = &mut self.trace.expanded_at[node];
            if *first == NONE {
                *first = at;
            }
            // A state that is visited anew is evaluated anew.
            self.compare(at, sample.node.0, sample.h);
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
        let (index, at) = (node.0 as usize, self.time());
        let is_kept = index < self.trace.len() && self.has_room(ARRIVAL_BYTES, 2);
        let trace = &mut self.trace;
        if index < trace.len() && is_cheaper {
            let before = std::mem::replace(&mut trace.g[index], g);
            if is_kept {
                trace.first_g.entry(node.0).or_insert(before);
                trace.cheaper.push(trace.arrivals.len() as u32);
            }
            if is_reopened {
                trace.status[index] = NodeStatus::Reopened;
                trace.reopened_at[index] = trace.reopened_at[index].min(at);
            }
        }
        if !is_kept {
            trace.dropped_arrivals += 1;
            return;
        }
        let (parent, operator) = (from.0.0, from.1.0);
        let (cheaper, reopened) = (is_cheaper, is_reopened);
        trace.arrivals.push(Arrival { node: node.0, parent, operator, g, at, cheaper, reopened });
    }

    fn stands(&mut self, standing: Standing) {
        let trace = &mut self.trace;
        trace.now = standing;
        if !standing.is_between || std::mem::replace(&mut self.is_between, true) {
            return;
        }
        let Some(last) = trace.expanded_node.len().checked_sub(1) else {
            // Before the first expansion nothing is over.
            self.is_between = false;
            return;
        };
        if trace.dropped_samples == 0 {
            let statistics = standing.statistics;
            trace.open_size[last] = narrow(standing.open as u64);
            trace.generated[last] = narrow(statistics.generated);
            trace.reopened[last] = narrow(statistics.reopened);
            trace.dead_ends[last] = narrow(statistics.dead_ends);
        }
    }

    fn solved(&mut self, path: &[StateId]) {
        let known = path.iter().map(|node| node.0).filter(|&node| (node as usize) < self.trace.len());
        self.trace.plan = known.collect();
        if let Some(&goal) = self.trace.plan.last() {
            self.trace.status[goal as usize] = NodeStatus::Goal;
        }
    }
}

fn narrow(count: u64) -> u32 {
    count.min(u64::from(u32::MAX)) as u32
}
