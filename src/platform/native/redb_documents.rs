//! Documents on a disk: for whoever embeds the planner natively.

use futures::FutureExt;
use futures::future::{LocalBoxFuture, ready};
use redb::{Database, ReadableDatabase};

use super::redb_store::{DOCUMENTS, Failure, RedbStore, documents, failure};
use crate::store::memory::{newest_first, next_revision};
use crate::store::{Document, DocumentId, Documents, Listing, StoreError, StoreEvent};

impl Documents for RedbStore {
    fn list(&self) -> LocalBoxFuture<'_, Result<Listing, StoreError>> {
        ready(list(self)).boxed_local()
    }

    fn save(&self, document: Document) -> LocalBoxFuture<'_, Result<u64, StoreError>> {
        ready(save(self, document)).boxed_local()
    }

    fn delete(&self, id: DocumentId) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        ready(self.with(|database| delete(database, &id))).boxed_local()
    }

    fn take_events(&self) -> Vec<StoreEvent> {
        Vec::new()
    }
}

fn list(store: &RedbStore) -> Result<Listing, StoreError> {
    let mut listing = Listing { is_persistent: true, ..Listing::default() };
    for (id, bytes) in store.with(documents)? {
        match Document::from_record(&id, &bytes) {
            Ok(document) => listing.documents.push(document),
            // The damaged record stays in place: only a save of this document writes under its key.
            Err(error) => listing.problems.push(error.to_string()),
        }
    }
    newest_first(&mut listing.documents);
    Ok(listing)
}

fn save(store: &RedbStore, document: Document) -> Result<u64, StoreError> {
    // No other process has the file open and no other thread has the store, so nobody saves in between.
    let stored = store.with(|database| stored(database, &document.id))?;
    let stored = match stored.map(|bytes| Document::from_record(&document.id.0, &bytes)) {
        Some(Ok(stored)) => Some(stored.revision),
        Some(Err(StoreError::TooNew)) => return Err(StoreError::TooNew),
        Some(Err(_)) | None => None,
    };
    let revision = next_revision(stored, document.revision)?;
    let document = Document { revision, ..document };
    let bytes = document.to_record()?;
    store.with(|database| {
        let writing = database.begin_write().map_err(failure)?;
        {
            let mut table = writing.open_table(DOCUMENTS).map_err(failure)?;
            table.insert(document.id.0.as_str(), bytes.as_slice()).map_err(failure)?;
        }
        writing.commit().map_err(failure)
    })?;
    Ok(revision)
}

fn stored(database: &Database, id: &DocumentId) -> Result<Option<Vec<u8>>, Failure> {
    let reading = database.begin_read().map_err(failure)?;
    let table = reading.open_table(DOCUMENTS).map_err(failure)?;
    let row = table.get(id.0.as_str()).map_err(failure)?;
    Ok(row.map(|record| record.value().to_vec()))
}

fn delete(database: &Database, id: &DocumentId) -> Result<(), Failure> {
    let writing = database.begin_write().map_err(failure)?;
    {
        let mut table = writing.open_table(DOCUMENTS).map_err(failure)?;
        table.remove(id.0.as_str()).map_err(failure)?;
    }
    writing.commit().map_err(failure)
}
