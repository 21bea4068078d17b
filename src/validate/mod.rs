//! Validators: plans replayed on the source model, step by step.
//!
//! They are the second opinion. They read the lifted models directly and share no code with grounding or
//! search, so that a mistake there shows here. `goap` interprets GOAP documents, `pddl` domains with
//! problems; what can be wrong with a plan is one type for both.

mod goap;
pub mod pddl;
pub mod replayed;
mod sum;
mod violation;

pub use goap::{
    Applicable, Applied, Change, Enumerating, Replay, ReplayedStep, Replaying, State, Validator, replay,
};
pub use violation::{Binding, Reason, Violation};

use sum::Sum;
