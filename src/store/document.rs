//! A document: a problem, how it is run, and how its last run ended.
//!
//! A document with one text is stored as JSON. A document with two texts is a record of version 2, whose payload
//! is: the length of the JSON of everything but the texts, that JSON, the length of the first text, the first
//! text, the second text. Lengths are four bytes, little-endian. So texts of many megabytes are written and
//! read without escaping.

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::record::{self, Kind};

/// The version of a record with two texts.
const TWO_TEXTS: u16 = 2;

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
    /// The text: a GOAP document, or the domain of a PDDL task.
    pub text: String,
    /// The problem of a PDDL task; `None` for a GOAP document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// How it is run: JSON of `service::Settings`; what does not read falls back to defaults.
    pub settings: String,
    /// How its last run ended: JSON of `service::ResultSummary`.
    pub last_result: Option<String>,
    /// Counts saves.
    pub revision: u64,
    /// Milliseconds since 1970 of the last change.
    pub modified_ms: f64,
}

impl Document {
    /// Its record.
    ///
    /// # Errors
    /// [`StoreError::Full`] for one over 4 GiB.
    pub fn to_record(&self) -> Result<Vec<u8>, StoreError> {
        let Some(problem) = &self.problem else { return record::encode(Kind::Document, self) };
        let rest = Self {
            id: self.id.clone(),
            name: self.name.clone(),
            text: String::new(),
            problem: Some(String::new()),
            settings: self.settings.clone(),
            last_result: self.last_result.clone(),
            revision: self.revision,
            modified_ms: self.modified_ms,
        };
        let mut payload = Vec::new();
        put(&mut payload, &record::json(&rest)?);
        put(&mut payload, self.text.as_bytes());
        payload.extend_from_slice(problem.as_bytes());
        record::seal(Kind::Document, TWO_TEXTS, &payload)
    }

    /// The document of a record; `key` names the record in errors.
    ///
    /// # Errors
    /// As [`record::decode`].
    pub fn from_record(key: &str, bytes: &[u8]) -> Result<Self, StoreError> {
        let (version, payload) = record::open(Kind::Document, key, bytes)?;
        if version < TWO_TEXTS {
            return record::decode(Kind::Document, key, bytes);
        }
        two_texts(payload).ok_or_else(|| StoreError::Damaged {
            key: key.to_owned(),
            detail: "its texts do not read".to_owned(),
        })
    }
}

fn put(payload: &mut Vec<u8>, part: &[u8]) {
    payload.extend_from_slice(&(part.len() as u32).to_le_bytes());
    payload.extend_from_slice(part);
}

fn two_texts(payload: &[u8]) -> Option<Document> {
    let (json, payload) = take(payload)?;
    let (text, problem) = take(payload)?;
    let owned = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
    let rest: Document = serde_json::from_slice(json).ok()?;
    Some(Document { text: owned(text)?, problem: Some(owned(problem)?), ..rest })
}

fn take(payload: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, payload) = payload.split_first_chunk::<4>()?;
    payload.split_at_checked(u32::from_le_bytes(*length) as usize)
}
