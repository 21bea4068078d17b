//! How a search ends. Ends are values, not errors, and a limit is never called unsolvable.

use serde::{Deserialize, Serialize};

/// The end of a search or of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A plan was found and has passed the validator.
    Solved,
    /// There is no plan; this is proven.
    Unsolvable,
    /// The search ran out of states without being complete: no claim either way.
    Exhausted,
    /// The deadline passed.
    TimeLimit,
    /// The memory budget was reached.
    MemoryLimit,
    /// Somebody cancelled it.
    Cancelled,
    /// The planner itself failed. That says nothing about the problem.
    Fault,
}
