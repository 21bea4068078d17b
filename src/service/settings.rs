//! How a document is run and how its last run ended, as kept beside its text.

use serde::{Deserialize, Serialize};

use super::{GoalPolicy, Limits};
use crate::search::{EngineConfig, Outcome, Statistics};

/// How a document is run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The engine.
    pub engine: EngineConfig,
    /// Which goal.
    pub goals: GoalPolicy,
    /// What a run may use.
    pub limits: Limits,
    /// Expansions a second; `None` for full speed.
    pub pace: Option<f64>,
}

impl Default for Settings {
    /// Those of a new document.
    fn default() -> Self {
        Self {
            engine: EngineConfig::auto(),
            goals: GoalPolicy::default(),
            limits: Limits::default(),
            pace: None,
        }
    }
}

impl Settings {
    /// Those of an example, which teaches a search: A* with FF.
    pub fn of_example() -> Self {
        Self { engine: EngineConfig::default(), ..Self::default() }
    }
}

/// How a run ended, in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultSummary {
    /// The outcome.
    pub outcome: Outcome,
    /// The goal planned for.
    pub goal: Option<String>,
    /// The plan as `action arg arg` lines.
    pub plan: Vec<String>,
    /// The plan's metric.
    pub cost: Option<f64>,
    /// Whether it is proven optimal.
    pub optimal: bool,
    /// Counters.
    pub statistics: Statistics,
    /// Milliseconds of search.
    pub search_ms: f64,
}
