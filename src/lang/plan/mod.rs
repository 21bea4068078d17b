//! Lifted plan steps.

use serde::{Deserialize, Serialize};

use super::goap::model::Value;

/// A step of a plan in the document's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The action's name.
    pub action: String,
    /// Arguments in declared order.
    pub arguments: Vec<Value>,
}
