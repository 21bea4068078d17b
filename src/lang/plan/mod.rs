//! Plans in the words of the source model: steps with their arguments, and their text.
//!
//! The text has one `(action arg …)` a line and ends with `; cost = N`. A name or symbol that could
//! be taken for something else stands in double quotes with JSON's escapes, so that every plan
//! reads back as it was written. Plans for PDDL have plain names and the words that planners of that field
//! put behind the cost.

mod pddl;
mod read;
mod write;

pub use pddl::read_pddl;
pub use read::{PlanFile, read};
pub use write::{pddl_step, step, write, write_pddl};

use serde::{Deserialize, Serialize};

use super::goap::model::Value;

/// A step of a plan: an action and a value for each of its parameters, in declared order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The action's name.
    pub action: String,
    /// Its arguments.
    pub arguments: Vec<Value>,
}
