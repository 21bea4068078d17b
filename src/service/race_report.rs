//! What became of an engine in a race, as reports have it.

use serde::Serialize;

use crate::search::Outcome;

/// What became of an engine, in a [`super::ResultReport`].
#[derive(Clone, Debug, Serialize)]
pub struct RaceReport {
    /// The engine, in words.
    pub engine: String,
    /// Whether its answer is the answer.
    pub won: bool,
    /// How it ended; null where the document has errors.
    pub outcome: Option<Outcome>,
    /// The metric of its plan.
    pub cost: Option<f64>,
    /// Milliseconds that it worked.
    pub worked_ms: f64,
    /// Its part of the time that all of them worked, 0 to 1.
    pub share: f64,
}
