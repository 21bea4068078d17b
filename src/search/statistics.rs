//! What a search counts while it runs.

use serde::{Deserialize, Serialize};

/// Counters of one search. All are totals since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// States for which the heuristic was computed.
    pub evaluated: u64,
    /// States whose successors were generated; a reopened state counts again.
    pub expanded: u64,
    /// Successor states that were generated, old ones included.
    pub generated: u64,
    /// Closed states that went back into the open list on a cheaper path.
    pub reopened: u64,
    /// Distinct states that were stored.
    pub registered: u64,
    /// States that the heuristic proved to be dead ends.
    pub dead_ends: u64,
}

impl Statistics {
    /// The sums of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            evaluated: self.evaluated + other.evaluated,
            expanded: self.expanded + other.expanded,
            generated: self.generated + other.generated,
            reopened: self.reopened + other.reopened,
            registered: self.registered + other.registered,
            dead_ends: self.dead_ends + other.dead_ends,
        }
    }
}
