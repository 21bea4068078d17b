//! One best-first loop, configured.

pub mod config;
pub mod outcome;
pub mod statistics;

pub use config::{EngineConfig, HeuristicKind, SearchKind};
pub use outcome::Outcome;
pub use statistics::Statistics;
