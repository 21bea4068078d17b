//! Documents on a disk: for whoever embeds the planner natively.

use futures::FutureExt;
use futures::future::{LocalBoxFuture, ready};
use redb::{Database, ReadableDatabase, ReadableTable};

use super::redb_orders::Order;
use super::redb_store::RedbStore;
use super::redb_tables::{DOCUMENTS, Failure, failure};
use crate::store::memory::{newest_first, next_revision};
use crate::store::{Document, DocumentId, Documents, Listing, StoreError, StoreEvent};

impl Documents for RedbStore {
    fn list(&self) -> LocalBoxFuture<'_, Result<Listing, StoreError>> {
        ready(list(self)).boxed_local()
    }

    fn save(&self, document: Document) -> LocalBoxFuture<'_, Result<u64, StoreError>> {
        save(self, document).boxed_local()
    }

    fn delete(&self, id: DocumentId) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.ask(|reply| Order::Delete { id, reply }).boxed_local()
    }

    fn take_events(&self) -> Vec<StoreEvent> {
        Vec::new()
    }
}

fn list(store: &RedbStore) -> Result<Listing, StoreError> {
    let mut listing = Listing { is_persistent: true, ..Listing::default() };
    for (id, bytes) in store.disk.with("listing documents", rows)? {
        match Document::from_record(&id, &bytes) {
            Ok(document) => listing.documents.push(document),
            // The damaged record stays in place: only a save of this document writes under its key.
            Err(error) => listing.problems.push(error.to_string()),
        }
    }
    newest_first(&mut listing.documents);
    Ok(listing)
}

/// The rows as owned bytes, in key order.
fn rows(database: &Database) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let reading = database.begin_read().map_err(failure)?;
    let table = reading.open_table(DOCUMENTS).map_err(failure)?;
    let mut rows = Vec::new();
    for row in table.iter().map_err(failure)? {
        let (id, record) = row.map_err(failure)?;
        rows.push((id.value().to_owned(), record.value().to_vec()));
    }
    Ok(rows)
}

/// Whether it comes in between another save is found out where it is written.
async fn save(store: &RedbStore, document: Document) -> Result<u64, StoreError> {
    let revision = next_revision(None, document.revision)?;
    let document = Document { revision, ..document };
    let record = document.to_record()?;
    store.ask(|reply| Order::Save { id: document.id, revision, record, reply }).await
}
