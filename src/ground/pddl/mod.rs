//! A lifted PDDL model to a [`Task`](crate::task::Task).
//!
//! [`Ground`] is a stepper through [`Phase`]s: the model in negation normal form; its initial state;
//! relaxed reachability, which finds every instance of an action or axiom whose positive conditions can be
//! met; instances to operators over atoms, simplified; what the goal can need; lifted invariants to mutex
//! groups; variables; operators over facts; the successor generator. Atoms, objects, instances are `u32`s
//! throughout, in arenas that never move as a whole.
//!
//! Conditional effects, disjunctions and quantifiers are kept as conditions of an operator and never
//! multiplied out. A goal that is not reached when deletes are ignored makes the instance's goal false: the
//! search proves it unsolvable at once.

mod arena;
mod assemble;
mod atoms;
mod blockers;
mod conditions;
mod draft;
mod formulas;
mod instantiate;
mod intervals;
pub mod invariants;
mod join;
mod lifted;
mod load;
mod metric;
mod mutex;
mod normalise;
mod order;
mod plan;
mod progress;
mod prune;
mod reach;
mod relation;
mod relevance;
mod stepper;
mod task;
mod translate;
mod variables;
mod world;

pub use progress::{Counts, Failure, GroundOptions, Phase};
pub use stepper::Ground;
pub use task::{PddlState, PddlTask};
