//! The result of a search that ended by itself.

use crate::task::OperatorId;

/// How a search ended by itself. Time and cancellation are the driver's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchEnd {
    /// A goal state was found.
    Solved,
    /// Every reachable state was seen, or is a proven dead end: there is no plan.
    Unsolvable,
    /// Nothing is left, but paths were cut off on the way.
    Exhausted,
    /// The memory budget was reached.
    MemoryLimit,
    /// The cost of a step was negative. It is the last step of the plan, and its cost that of the result.
    NegativeCost,
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub end: SearchEnd,
    /// The plan; empty unless the search solved the task or ended at a negative cost.
    pub plan: Vec<OperatorId>,
    /// The plan's cost in task units along the path that was found.
    pub cost: i64,
}

impl Finished {
    /// An end that found nothing.
    pub(super) fn without_plan(end: SearchEnd) -> Self {
        Self { end, plan: Vec::new(), cost: 0 }
    }
}
