//! What outlives the process: documents and patterns, behind small traits.
//!
//! Records are versioned and checksummed (`record`); a save is acknowledged only when its
//! transaction has completed. Platforms implement the traits; [`memory`] is the one without a disk.

pub mod archive;
pub mod document;
pub mod draft;
pub mod figures;
pub mod memory;
pub mod pattern;
pub mod record;

use futures::future::LocalBoxFuture;

pub use archive::{Archive, Exported, Restored, Unpacked};
pub use document::{Document, DocumentId};
pub use figures::{StorageRoom, StoreFigures, StoreMeter};
pub use pattern::{PatternRecords, PatternStore};

/// Why something could not be stored or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No room, even after caches were dropped.
    #[error("the storage is full: {detail}")]
    Full {
        /// What the platform said.
        detail: String,
    },
    /// There is no storage here, or it went away.
    #[error("the storage is not available: {detail}")]
    Unavailable {
        /// What the platform said.
        detail: String,
    },
    /// The record is damaged or of an unknown version; it was set aside.
    #[error("record {key} is damaged: {detail}")]
    Damaged {
        /// Its key.
        key: String,
        /// What is wrong with it.
        detail: String,
    },
    /// Somebody else saved a newer revision.
    #[error("a newer revision was saved elsewhere")]
    Conflict {
        /// The newest revision.
        newest: u64,
    },
    /// Another tab runs a newer version of the page.
    #[error("the stored data is of a newer version")]
    TooNew,
}

/// What came back from listing documents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Documents, newest change first.
    pub documents: Vec<Document>,
    /// One message per record that was set aside, and about data that went missing.
    pub problems: Vec<String>,
    /// Whether documents outlive the page; when not, say so once.
    pub is_persistent: bool,
}

/// News from other tabs and from the storage itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreEvent {
    /// Another tab saved this document.
    ChangedElsewhere(DocumentId),
    /// Another tab deleted this document.
    DeletedElsewhere(DocumentId),
    /// A message for the person, for instance that another tab blocks an upgrade or that the storage was wiped.
    Notice(String),
}

/// Documents on a platform. All futures run on the caller's thread.
pub trait Documents {
    /// All documents.
    fn list(&self) -> LocalBoxFuture<'_, Result<Listing, StoreError>>;

    /// Stores a document, strictly durable. `document.revision` is the revision it was read at;
    /// the answer is the stored revision.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a newer revision is stored.
    fn save(&self, document: Document) -> LocalBoxFuture<'_, Result<u64, StoreError>>;

    /// Deletes a document; deleting a missing one is fine.
    fn delete(&self, id: DocumentId) -> LocalBoxFuture<'_, Result<(), StoreError>>;

    /// News since the last call, at most the latest 64.
    fn take_events(&self) -> Vec<StoreEvent>;
}
