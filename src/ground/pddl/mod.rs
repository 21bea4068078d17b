//! A lifted PDDL model to a [`Task`](crate::task::Task).
//!
//! [`Ground`] is a stepper through [`Phase`]s: the model in negation normal form; its initial state;
//! relaxed reachability, which finds every instance of an action or axiom whose positive conditions can be
//! met; instances to operators over atoms, simplified; what the goal can need; lifted invariants to mutex
//! groups; variables; operators over facts; the successor generator. Atoms, objects, instances are `u32`s
//! throughout, in arenas that never move as a whole.
//!
//! Conditional effects, disjunctions and quantifiers are kept as conditions of an operator and never
//! multiplied out. Nor are their variables enumerated where an atom leads to the objects that matter: while
//! atoms are reached, conditions are rules to be joined (`rules`), and once all are known, what a quantifier
//! asks about is found by joins over them (`forms`), in bounded steps (`formulas`). What no atom leads to is
//! enumerated and stops at its limit. A goal that is not reached when deletes are ignored makes the instance's
//! goal false: the search proves it unsolvable at once.

mod arena;
mod assemble;
mod atoms;
mod base;
mod causal;
mod conditions;
mod constants;
mod domains;
mod draft;
mod effects;
mod fates;
mod forms;
mod formulas;
mod generators;
mod instantiate;
pub mod invariants;
mod job;
mod join;
mod join_plans;
mod lifted;
mod lists;
mod load;
mod metric;
mod miniscope;
mod mutex;
mod normalise;
mod order;
mod parts;
mod progress;
mod prune;
mod reach;
mod relation;
mod relevance;
mod room;
mod rules;
mod seen;
mod stage;
mod stepper;
mod task;
mod terms;
mod tour;
mod translate;
mod variables;
mod world;
mod writers;

pub use progress::{Counts, Failure, GroundOptions, Phase};
pub use stepper::Ground;
pub use task::{PddlState, PddlTask};
