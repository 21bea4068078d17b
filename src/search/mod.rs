//! Best-first search, configured.
//!
//! Breadth-first, uniform-cost, A*, weighted A*, greedy best-first search and hill-climbing are the same
//! [`Search`] with another [`Ordering`]; see there for how ties are broken. [`Lazy`] evaluates states only
//! when it is their turn. A [`Planner`] runs an engine: one search, or the several of a preset one after the
//! other and in turns, and keeps the best plan. Anytime engines also plan windows of that anew. A search is a
//! stepper: it counts work in units of one generated successor and never reads a clock. The same task, instance
//! and configuration give the same order of expansions, however the work is sliced and whoever observes it.

mod action_elimination;
mod best;
pub mod config;
mod driven;
mod edges;
mod engine;
mod evaluators;
mod improve;
mod lane;
mod lazy;
mod marks;
mod observer;
mod open;
mod ordering;
pub mod outcome;
mod passes;
mod planner;
mod queues;
mod softmin;
mod space;
pub mod statistics;
#[cfg(test)]
mod tests;

pub use best::Improvement;
pub use config::{EngineConfig, HeuristicKind, Heuristics, HeuristicsError, SearchKind, Tie};
pub use engine::{Finished, Search, SearchEnd};
pub use evaluators::HeuristicStart;
pub use lazy::Lazy;
pub use observer::{NoObserver, Observer, Sample, Standing, TraceHasher};
pub use ordering::{Optimality, Ordering};
pub use outcome::Outcome;
pub use passes::Guides;
pub use planner::Planner;
pub use statistics::Statistics;
