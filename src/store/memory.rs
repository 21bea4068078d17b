//! Documents in memory: used where the platform has no storage, and as the reference in tests.
//!
//! Keeps every rule of [`Documents`] but persistence: revisions, conflicts, order of the listing.

use std::cell::RefCell;
use std::collections::BTreeMap;

use futures::FutureExt;
use futures::future::{LocalBoxFuture, ready};

use super::{Document, DocumentId, Documents, Listing, StoreError, StoreEvent};

/// Documents that are gone with the process.
#[derive(Debug, Default)]
pub struct MemoryDocuments {
    documents: RefCell<BTreeMap<DocumentId, Document>>,
}

impl Documents for MemoryDocuments {
    fn list(&self) -> LocalBoxFuture<'_, Result<Listing, StoreError>> {
        let mut documents: Vec<_> = self.documents.borrow().values().cloned().collect();
        newest_first(&mut documents);
        ready(Ok(Listing { documents, problems: Vec::new(), is_persistent: false })).boxed_local()
    }

    fn save(&self, document: Document) -> LocalBoxFuture<'_, Result<u64, StoreError>> {
        let mut documents = self.documents.borrow_mut();
        let stored = documents.get(&document.id).map(|stored| stored.revision);
        let answer = next_revision(stored, document.revision);
        if let Ok(revision) = answer {
            documents.insert(document.id.clone(), Document { revision, ..document });
        }
        ready(answer).boxed_local()
    }

    fn delete(&self, id: DocumentId) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.documents.borrow_mut().remove(&id);
        ready(Ok(())).boxed_local()
    }

    fn take_events(&self) -> Vec<StoreEvent> {
        Vec::new()
    }
}

/// The revision that a save gets: one more than the one it was read at.
///
/// # Errors
/// [`StoreError::Conflict`] where a newer one is `stored`.
pub fn next_revision(stored: Option<u64>, read_at: u64) -> Result<u64, StoreError> {
    match stored {
        Some(newest) if newest > read_at => Err(StoreError::Conflict { newest }),
        _ => Ok(read_at + 1),
    }
}

/// The order of a listing: the newest change first, then by id.
pub fn newest_first(documents: &mut [Document]) {
    documents.sort_by(|a, b| b.modified_ms.total_cmp(&a.modified_ms).then_with(|| a.id.cmp(&b.id)));
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;

    use super::*;

    fn document(id: &str, revision: u64, modified_ms: f64) -> Document {
        Document {
            id: DocumentId(id.to_owned()),
            name: id.to_owned(),
            text: "{}".to_owned(),
            problem: None,
            settings: "{}".to_owned(),
            last_result: None,
            revision,
            modified_ms,
        }
    }

    #[test]
    fn saves_count_revisions_and_refuse_what_was_read_too_early() {
        let store = MemoryDocuments::default();
        assert_eq!(block_on(store.save(document("a", 0, 1.0))), Ok(1));
        assert_eq!(block_on(store.save(document("a", 1, 2.0))), Ok(2));
        assert_eq!(block_on(store.save(document("a", 1, 3.0))), Err(StoreError::Conflict { newest: 2 }));
    }

    #[test]
    fn lists_the_newest_change_first_and_forgets_what_was_deleted() {
        let store = MemoryDocuments::default();
        for (id, at) in [("a", 1.0), ("b", 3.0), ("c", 2.0)] {
            block_on(store.save(document(id, 0, at))).unwrap();
        }
        block_on(store.delete(DocumentId("c".to_owned()))).unwrap();
        let ids: Vec<_> = block_on(store.list()).unwrap().documents.into_iter().map(|d| d.id.0).collect();
        assert_eq!(ids, ["b", "a"]);
    }
}
