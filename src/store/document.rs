//! A document: a problem, how it is run, and how its last run ended.

use serde::{Deserialize, Serialize};

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
    /// How it is run: JSON of `service::Settings`; what does not read falls back to defaults.
    pub settings: String,
    /// How its last run ended: JSON of `service::ResultSummary`.
    pub last_result: Option<String>,
    /// Counts saves.
    pub revision: u64,
    /// Milliseconds since 1970 of the last change.
    pub modified_ms: f64,
}
