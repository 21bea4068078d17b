//! What `localStorage` remembers of the database, so that a silently empty one is noticed.
//!
//! The epoch is drawn when the database is made and stands in both places. The count is never
//! above the number of documents that are there: it is raised after a save and lowered before a
//! deletion.

use serde::{Deserialize, Serialize};
use web_sys::Storage;

use super::globals::global;

/// The key suffix in `localStorage`; the database's name stands before it.
const KEY: &str = "sentinel";

/// The memory of a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentinel {
    /// Which database it was.
    pub epoch: String,
    /// Documents it held.
    pub count: u32,
}

impl Sentinel {
    /// What is remembered of the database; `None` where nothing is, or nothing can be read.
    pub fn read(database: &str) -> Option<Self> {
        let text = storage()?.get_item(&key(database)).ok()??;
        serde_json::from_str(&text).ok()
    }

    /// Remembers. Where that fails, a loss goes unnoticed, and nothing else happens.
    pub fn write(&self, database: &str) {
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(self)) {
            let _ = storage.set_item(&key(database), &text);
        }
    }
}

fn key(database: &str) -> String {
    format!("{database}.{KEY}")
}

fn storage() -> Option<Storage> {
    global("localStorage")
}
