//! Fills a [`Trace`] from the search's events, within its limits.

use std::cell::Cell;
use std::rc::Rc;

use super::{Arrival, NONE, NodeStatus, Record, Trace, TraceLimits, UNKNOWN_H};
use crate::search::{Observer, Sample, Standing};
use crate::task::{OperatorId, StateId};

/// Bytes of one node in all columns, of one sample, of one arrival and its index among the cheaper ones.
pub(super) const NODE_BYTES: u64 = 41;
pub(super) const SAMPLE_BYTES: u64 = 24;
pub(super) const ARRIVAL_BYTES: u64 = size_of::<Arrival>() as u64 + 4;
/// Bytes of a first g, 12 in the entry: nodes of a tree map are half full at the least.
pub(super) const FIRST_G_BYTES: u64 = 40;
/// Bytes of a record.
pub(super) const RECORD_BYTES: u64 = size_of::<Record>() as u64;
/// Bytes of an entry of the widest column.
const WIDEST_BYTES: u64 = size_of::<Arrival>() as u64;
/// Entries that columns begin with.
const FEWEST: usize = 16;

/// What the recordings of a job may hold together: an engine may run several searches, and a job may search
/// for several goals. Clones share it.
///
/// A recording may hold seven eighths of what the others leave, so that one that begins late has room too.
#[derive(Clone, Debug)]
pub struct TraceBudget {
    limits: TraceLimits,
    held: Rc<Cell<u64>>,
}

impl From<TraceLimits> for TraceBudget {
    fn from(limits: TraceLimits) -> Self {
        Self { limits, held: Rc::default() }
    }
}

impl TraceBudget {
    /// Bytes allocated by all recordings now.
    pub fn held_bytes(&self) -> u64 {
        self.held.get()
    }

    /// What a recording may hold that holds `own` bytes now.
    fn allowed(&self, own: u64) -> u64 {
        self.limits.bytes.saturating_sub(self.held.get() - own) / 8 * 7
    }
}

/// Records a search. Columns double when they grow, up to the limits; what finds no room is
/// counted and left out.
#[derive(Debug)]
pub struct Recorder {
    trace: Trace,
    budget: TraceBudget,
    /// Bytes that the trace has allocated, which are part of the budget's.
    held: u64,
    /// Entries for which there is room in the columns.
    nodes_max: usize,
    samples_max: usize,
    arrivals_max: usize,
    /// Whether the last expansion is over: what comes now belongs to the next.
    is_between: bool,
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.budget.held.set(self.budget.held.get() - self.held);
    }
}

impl Recorder {
    /// An empty recording. `unit` and `h_unit` are the values of one unit of g and of h, `weight`
    /// is the weight of h in f.
    pub fn new(budget: impl Into<TraceBudget>, unit: f64, h_unit: f64, weight: f64) -> Self {
        Self {
            trace: Trace { unit, h_unit, weight, ..Trace::default() },
            budget: budget.into(),
            held: 0,
            nodes_max: 0,
            samples_max: 0,
            arrivals_max: 0,
            is_between: false,
        }
    }

    /// The recording so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The recording, when the search is over. It is no longer part of the budget.
    pub fn into_trace(mut self) -> Trace {
        std::mem::take(&mut self.trace)
    }

    /// Counts what the trace has allocated since the last time.
    fn count(&mut self) {
        let held = self.trace.memory_bytes();
        self.budget.held.set(self.budget.held.get() - self.held + held);
        self.held = held;
    }

    /// Bytes left to the recording in `quarters` of what it may hold.
    fn room(&self, quarters: u64) -> u64 {
        (self.budget.allowed(self.held) / 4 * quarters).saturating_sub(self.held)
    }

    /// Entries more for columns with room for `entries` of `bytes` each: as many again, or the fewer that
    /// there is room for while a column is copied to its new place. 0 where that is not worth a copy.
    fn growth(&self, entries: usize, bytes: u64, quarters: u64) -> usize {
        let copied = entries as u64 * WIDEST_BYTES;
        let fitting = self.room(quarters).saturating_sub(copied) / bytes;
        let more = entries.max(FEWEST).min(usize::try_from(fitting).unwrap_or(usize::MAX));
        if more < entries / 16 { 0 } else { more }
    }

    /// Whether there is room for another node, in all of the budget.
    fn has_room_for_node(&mut self) -> bool {
        if self.trace.len() < self.nodes_max {
            return true;
        }
        let most = (self.budget.limits.nodes as usize).saturating_sub(self.nodes_max);
        let more = self.growth(self.nodes_max, NODE_BYTES, 4).min(most);
        let trace = &mut self.trace;
        let ids = [&mut trace.parent, &mut trace.operator, &mut trace.depth, &mut trace.generated_at];
        ids.into_iter().for_each(|column| column.reserve_exact(more));
        let times = [&mut trace.expanded_at, &mut trace.reopened_at];
        times.into_iter().for_each(|column| column.reserve_exact(more));
        [&mut trace.g, &mut trace.h].into_iter().for_each(|column| column.reserve_exact(more));
        trace.status.reserve_exact(more);
        self.nodes_max += more;
        self.count();
        more > 0
    }

    /// Whether there is room for another sample. A quarter of the budget is kept for nodes.
    fn has_room_for_sample(&mut self) -> bool {
        if self.trace.expansions() < self.samples_max {
            return true;
        }
        let more = self.growth(self.samples_max, SAMPLE_BYTES, 3);
        let trace = &mut self.trace;
        let columns = [&mut trace.expanded_node, &mut trace.open_size, &mut trace.memory_kib];
        columns.into_iter().for_each(|column| column.reserve_exact(more));
        let columns = [&mut trace.generated, &mut trace.reopened, &mut trace.dead_ends];
        columns.into_iter().for_each(|column| column.reserve_exact(more));
        self.samples_max += more;
        self.count();
        more > 0
    }

    /// Whether there is room for another arrival. Half of the budget is kept for nodes and samples.
    fn has_room_for_arrival(&mut self) -> bool {
        if self.trace.arrivals.len() < self.arrivals_max {
            return true;
        }
        let more = self.growth(self.arrivals_max, ARRIVAL_BYTES, 2);
        self.trace.arrivals.reserve_exact(more);
        self.trace.cheaper.reserve_exact((self.arrivals_max + more) - self.trace.cheaper.len());
        self.arrivals_max += more;
        self.count();
        more > 0
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
            let records = &self.trace.records;
            if records.len() == records.capacity() {
                let more = self.growth(records.len(), RECORD_BYTES, 4);
                self.trace.records.reserve_exact(more);
                self.count();
            }
            let records = &mut self.trace.records;
            // Where there is no room, the last record gives way: the best h stays right.
            if records.len() == records.capacity() {
                records.pop();
            }
            if records.capacity() > 0 {
                records.push(Record { at, node, h });
            }
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
        if !is_next || node.0 >= self.budget.limits.nodes || !self.has_room_for_node() {
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
        if self.trace.dropped_samples > 0 || !self.has_room_for_sample() {
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
            // A state that is visited again is evaluated again.
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
        let is_first = is_cheaper && !self.trace.first_g.contains_key(&node.0);
        let is_kept = index < self.trace.len()
            && (!is_first || self.room(2) >= FIRST_G_BYTES)
            && self.has_room_for_arrival();
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
        if is_first {
            self.count();
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: TraceLimits = TraceLimits { nodes: 1_000_000, bytes: 1 << 20 };

    /// Registers and expands node after node; every second one is reached again on a cheaper path.
    fn record(recorder: &mut Recorder, budget: &TraceBudget, nodes: u32) {
        for id in 0..nodes {
            let from = id.checked_sub(1).map(|parent| (StateId(parent), OperatorId(id)));
            recorder.registered(StateId(id), from, 10, Some(i64::from(nodes - id)));
            let (node, h) = (StateId(id), i64::from(nodes - id));
            let sample = Sample { node, operator: None, g: 10, h, open: 1, memory_bytes: 1, best_h: h };
            recorder.expanded(sample);
            recorder.arrived(StateId(id / 2), (StateId(id), OperatorId(0)), 9, id % 2 == 0, false);
            let is_between = true;
            recorder.stands(Standing { is_between, ..Standing::default() });
            assert!(budget.held_bytes() <= LIMITS.bytes, "{} at {id}", budget.held_bytes());
        }
    }

    #[test]
    fn what_is_allocated_stays_within_the_budget_and_is_used_in_good_part() {
        let budget = TraceBudget::from(LIMITS);
        let mut recorder = Recorder::new(budget.clone(), 1.0, 1.0, 1.0);
        record(&mut recorder, &budget, 50_000);
        let trace = recorder.trace();
        assert_eq!(budget.held_bytes(), trace.memory_bytes());
        assert!(trace.memory_bytes() > LIMITS.bytes / 2, "{}", trace.memory_bytes());
        assert!(trace.dropped_nodes > 0 && trace.dropped_samples > 0 && trace.dropped_arrivals > 0);
        // The best h stays right, whatever finds no room.
        assert_eq!(trace.records.last().map(|record| record.h), Some(1));
    }

    #[test]
    fn recordings_of_one_job_share_a_budget_and_each_has_room() {
        let budget = TraceBudget::from(LIMITS);
        let mut recorders: Vec<Recorder> =
            (0..3).map(|_| Recorder::new(budget.clone(), 1.0, 1.0, 1.0)).collect();
        for recorder in &mut recorders {
            record(recorder, &budget, 50_000);
        }
        let held: Vec<u64> = recorders.iter().map(|recorder| recorder.trace().memory_bytes()).collect();
        assert_eq!(budget.held_bytes(), held.iter().sum::<u64>());
        assert!(recorders.iter().all(|recorder| recorder.trace().len() > 50), "{held:?}");
        recorders.remove(0);
        assert_eq!(budget.held_bytes(), held[1] + held[2]);
        recorders.clear();
        assert_eq!(budget.held_bytes(), 0);
    }
}
