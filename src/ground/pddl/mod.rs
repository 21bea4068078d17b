//! PDDL to tasks.

pub mod invariants;
