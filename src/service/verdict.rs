//! What became of each goal of a request.

use crate::plan::Explanation;
use crate::search::Outcome;

/// What became of a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalReport {
    /// Its name.
    pub name: String,
    /// Its priority.
    pub priority: i64,
    /// What became of it.
    pub verdict: GoalVerdict,
    /// Why it cannot be reached, where that is proven; of the first few such goals.
    pub explanation: Option<Explanation>,
}

/// What became of a goal that was considered.
#[derive(Clone, Debug, PartialEq)]
pub enum GoalVerdict {
    /// Its `when` does not hold in the initial state.
    NotCandidate,
    /// Nothing was tried: a goal before it was planned for.
    NotTried,
    /// A plan was found.
    Planned {
        /// The plan's metric.
        cost: f64,
        /// Whether this is the plan that was returned.
        chosen: bool,
    },
    /// Its search ended without a plan.
    Failed(Outcome),
}
