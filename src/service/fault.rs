//! Failures of the planner itself, with their causes.

use std::any::Any;

/// A failure of the planner itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("request {request} failed, which is a fault of the planner")]
pub struct Fault {
    /// The number of the request, as [`super::Job::id`] has it.
    pub request: u64,
    /// What failed.
    #[source]
    pub cause: FaultCause,
}

/// What failed within the planner.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultCause {
    /// A part of it panicked.
    #[error("a part of the planner panicked: {message}")]
    Panicked {
        /// What the panic said.
        message: String,
    },
    /// The validator did not accept the plan that a search found.
    #[error("the plan that was found does not hold on the document")]
    PlanRejected,
    /// The compiled task has no instance for a goal of its own model.
    #[error("the compiled task does not fit the goal")]
    GoalMisfit,
}

impl FaultCause {
    /// The cause that a caught panic is.
    pub(super) fn of_panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::Panicked { message: text.unwrap_or("it said nothing").to_owned() }
    }
}
