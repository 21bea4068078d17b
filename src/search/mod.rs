//! Best-first search, configured.
//!
//! Breadth-first, uniform-cost, A*, weighted A*, greedy best-first search and hill-climbing are the same eager
//! [`Search`] under different [`Policy`]s, which say how ties are broken. A [`Lazy`] search evaluates a state only
//! when it is its turn. Both are [`BestFirst`] search with an expansion of their own. The table of searches and
//! presets stands in [`SearchKind`]'s file.
//!
//! A [`Planner`] runs an engine: one search, or the several searches of a preset, one after the other and in turns.
//! It keeps the best plan. Engines that look for better plans also replan windows of the best one.
//!
//! A search is a stepper: it counts work in units of about one generated successor, and never reads a clock. The
//! same task, instance and configuration give the same order of expansions, however the work is sliced and whoever
//! observes it.

mod action_elimination;
mod alternation;
mod best;
mod best_first;
mod config;
mod core;
mod driven;
mod eager;
mod edges;
mod evaluators;
mod finished;
mod heuristics;
mod improve;
mod kinds;
mod lane;
mod lazy;
mod marks;
mod observer;
mod open;
mod optimality;
pub mod outcome;
mod passes;
mod planner;
mod policy;
mod queues;
mod retrace;
mod softmin;
mod space;
pub mod statistics;
#[cfg(test)]
mod tests;
mod turns;

pub use best::Improvement;
pub use best_first::BestFirst;
pub use config::{EngineConfig, Tie};
pub use eager::Search;
pub use evaluators::HeuristicStart;
pub use finished::{Finished, SearchEnd};
pub use heuristics::{HeuristicKind, Heuristics, HeuristicsError};
pub use kinds::SearchKind;
pub use lazy::Lazy;
pub use observer::{NoObserver, Observer, Sample, Standing, TraceHasher};
pub use optimality::Optimality;
pub use outcome::Outcome;
pub use passes::Guides;
pub use planner::Planner;
pub use policy::Policy;
pub use retrace::{Prefix, Retrace, Retraced};
pub use statistics::Statistics;
