//! A document: a problem, how it is run, and how its last run ended.

use serde::{Deserialize, Serialize};

use crate::search::{EngineConfig, Outcome, Statistics};
use crate::service::{GoalPolicy, Limits};

/// Identifies a document; drawn at random when it is created.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DocumentId(pub String);

/// A document as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its identity.
    pub id: DocumentId,
    /// Its name.
    pub name: String,
    /// The GOAP source.
    pub text: String,
    /// How it is run.
    pub settings: Settings,
    /// How its last run ended.
    pub last_result: Option<ResultSummary>,
    /// Counts saves.
    pub revision: u64,
    /// Milliseconds since 1970 of the last change.
    pub modified_ms: f64,
}

/// How a document is run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
