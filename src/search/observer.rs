//! Observers watch a search. Events are small `Copy` values, and calls are statically dispatched.

use super::statistics::Statistics;
use crate::hash;
use crate::task::{OperatorId, StateId};

/// How the search stands when a node is expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The node.
    pub node: StateId,
    /// The operator that leads to it on its present path; `None` for the root.
    pub operator: Option<OperatorId>,
    /// Its g.
    pub g: i64,
    /// Its h.
    pub h: i64,
    /// Entries left in the open list.
    pub open: usize,
    /// Bytes held by the search.
    pub memory_bytes: u64,
    /// Least h so far.
    pub best_h: i64,
}

/// The counters of a search at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its counters.
    pub statistics: Statistics,
    /// Entries in the open list.
    pub open: usize,
    /// Whether no expansion is under way.
    pub is_between: bool,
}

/// Watches a search. Every method does nothing by default.
pub trait Observer {
    /// A state was registered. `h` is `None` for a dead end.
    fn registered(&mut self, _node: StateId, _from: Option<(StateId, OperatorId)>, _g: i64, _h: Option<i64>) {
    }

    /// A node is being expanded.
    fn expanded(&mut self, _sample: Sample) {}

    /// A successor turned out to be a state that is registered already. Where `is_cheaper`, the new path has
    /// replaced the node's old one; where `is_reopened`, the node also went back into the open list.
    fn arrived(
        &mut self,
        _node: StateId,
        _from: (StateId, OperatorId),
        _g: i64,
        _is_cheaper: bool,
        _is_reopened: bool,
    ) {
    }

    /// Reports the counters after each expansion, and whenever the search pauses or ends.
    fn stands(&mut self, _standing: Standing) {}

    /// The search ended at a goal; the path leads from the root to it.
    fn solved(&mut self, _path: &[StateId]) {}
}

/// Ignores every event, at no cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {}

/// Hashes the order of expansions: operator, g and h of each.
#[derive(Clone, Copy, Debug, Default)]
pub struct TraceHasher {
    /// The hash so far.
    pub hash: u64,
    /// Expansions so far.
    pub expansions: u64,
}

impl Observer for TraceHasher {
    fn expanded(&mut self, sample: Sample) {
        let operator = sample.operator.map_or(u64::MAX, |operator| u64::from(operator.0));
        self.hash = hash::mix(hash::mix(hash::mix(self.hash, operator), sample.g as u64), sample.h as u64);
        self.expansions += 1;
    }
}
