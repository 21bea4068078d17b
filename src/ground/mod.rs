//! From a source model to a [`Task`](crate::task::Task), as a stepper.
//!
//! Grounding never depends on the initial values of a GOAP document, only on its variables,
//! actions and goals, so that one compiled task serves many initial states.

pub mod goap;
pub mod pddl;
pub mod sas;

mod decimal;
