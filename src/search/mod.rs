//! One best-first loop, configured.
//!
//! Breadth-first, uniform-cost, A*, weighted A* and greedy best-first search are the same
//! [`Search`] with another [`Ordering`]; see there for how ties are broken. A search is a stepper:
//! it counts work in units of one generated successor and never reads a clock. The same task,
//! instance and configuration give the same order of expansions, however the work is sliced and
//! whoever observes it.

pub mod config;
mod engine;
mod observer;
mod open;
mod ordering;
pub mod outcome;
pub mod statistics;

pub use config::{EngineConfig, HeuristicKind, SearchKind};
pub use engine::{Finished, Search, SearchEnd};
pub use observer::{NoObserver, Observer, Sample, TraceHasher};
pub use ordering::{Optimality, Ordering};
pub use outcome::Outcome;
pub use statistics::Statistics;
