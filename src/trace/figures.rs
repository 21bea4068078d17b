//! The figures of a search at a time: the one place that everything which shows them reads.

use super::{NONE, NodeStatus, Record, Trace};
use crate::search::Statistics;

/// How the recorded search stood after so many expansions, or stands now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Expansions until then: the time that is shown.
    pub expanded: u64,
    /// Successors generated, known states included.
    pub generated: u64,
    /// How often an expanded node was reopened on a cheaper path.
    pub reopened: u64,
    /// States that the heuristic proved to be dead ends.
    pub dead_ends: u64,
    /// Distinct states.
    pub registered: u64,
    /// States for which the heuristic was computed; `None` where only its present value is kept.
    pub evaluated: Option<u64>,
    /// Successors that led to a known state, as far as they were recorded.
    pub duplicates: u64,
    /// Goals reached: 1 once the plan's last node is there.
    pub goals: u64,
    /// Entries in the open list.
    pub open: u64,
    /// KiB held by the search; `None` before the first expansion.
    pub memory_kib: Option<u32>,
    /// The least h, and the first node that had it.
    pub best: Option<Record>,
    /// The same h in the document's terms.
    pub best_h: Option<f64>,
    /// h of the initial state in the document's terms; `None` for a dead end.
    pub initial_h: Option<f64>,
}

impl Figures {
    /// The figures after `time` expansions, or as they are now. O(log n).
    pub fn at(trace: &Trace, time: Option<u32>) -> Self {
        let recorded = trace.expansions() as u32;
        let time = time.filter(|&time| time < recorded);
        let best = trace.best_at(time);
        let duplicates = trace.arrivals.partition_point(|arrival| arrival.at <= time.unwrap_or(NONE));
        let last = time.map_or(trace.expansions(), |time| time as usize).checked_sub(1);
        let shared = Self {
            duplicates: duplicates as u64,
            goals: u64::from(trace.reaches_goal(time)),
            memory_kib: last.and_then(|last| trace.memory_kib.get(last).copied()),
            best,
            best_h: best.and_then(|record| trace.h_value(record.h)),
            initial_h: trace.h.first().and_then(|&h| trace.h_value(h)),
            ..Self::default()
        };
        let Some(time) = time else { return shared.now(trace) };
        let column = |column: &[u32]| last.and_then(|last| column.get(last)).copied().map_or(0, u64::from);
        Self {
            expanded: u64::from(time),
            generated: column(&trace.generated),
            reopened: column(&trace.reopened),
            dead_ends: column(&trace.dead_ends),
            registered: trace.nodes_at(Some(time)) as u64,
            open: column(&trace.open_size),
            ..shared
        }
    }

    fn now(self, trace: &Trace) -> Self {
        let Statistics { evaluated, expanded, generated, reopened, registered, dead_ends } =
            trace.now.statistics;
        Self {
            expanded,
            generated,
            reopened,
            dead_ends,
            registered,
            evaluated: Some(evaluated),
            duplicates: self.duplicates + trace.dropped_arrivals,
            open: trace.now.open as u64,
            ..self
        }
    }
}

impl Trace {
    /// Whether the plan's goal had been noticed at a time, or is now: that ends the search.
    pub fn reaches_goal(&self, time: Option<u32>) -> bool {
        let goal = self.plan.last().and_then(|&goal| self.status.get(goal as usize));
        goal == Some(&NodeStatus::Goal) && time.is_none_or(|time| time as usize >= self.expansions())
    }

    /// The first node with the least h at a time, or now; `None` before one was evaluated. A node beyond the
    /// recording's room has no other entry in it.
    pub fn best_at(&self, time: Option<u32>) -> Option<Record> {
        let time = time.unwrap_or(NONE);
        let known = self.records.partition_point(|record| record.at <= time);
        known.checked_sub(1).map(|last| self.records[last])
    }
}
