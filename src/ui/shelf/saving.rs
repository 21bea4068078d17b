//! Saving: snapshots wait in a queue with one entry a document, and one save is under way at a time.
//!
//! An entry leaves the queue when the store has acknowledged it, and not before: a save that fails keeps
//! its entry, which is tried again, and which is what opens when the document is opened again. Each entry
//! carries the revision that this tab had read or saved when the text was written. So a revision that another
//! tab has saved since is seen as a conflict, however long the entry has waited.

use leptos::prelude::*;

use super::{Saved, Shelf};
use crate::store::{Document, DocumentId, StoreError};

/// A snapshot that is not acknowledged yet.
#[derive(Clone)]
pub(super) struct Pending {
    pub(super) document: Document,
    /// Why it could not be saved when it was tried last.
    failure: Option<String>,
    /// Whether it is to be tried, for the first time or again.
    is_due: bool,
}

impl Shelf {
    /// Puts unsaved edits into the queue at once.
    pub fn save_now(self) {
        self.rest();
        let unsaved = self.saved.with_untracked(|saved| matches!(saved, Saved::Soon | Saved::No(_)));
        if let (true, Some(snapshot)) = (unsaved, self.snapshot()) {
            self.enqueue(snapshot);
        }
    }

    /// Whether an edit would be lost if the page went away now.
    pub(super) fn is_at_risk(self) -> bool {
        let is_unsaved = self.saved.with_untracked(|saved| matches!(saved, Saved::Soon | Saved::No(_)));
        let has_failed = self.queue.with_value(|queue| queue.iter().any(|entry| entry.failure.is_some()));
        let is_memory = !self.is_persistent.get_untracked() && self.has_edits.get_value();
        (is_unsaved && !self.is_noted.get_value()) || has_failed || is_memory
    }

    pub(super) fn enqueue(self, document: Document) {
        if self.is_open(&document.id) {
            self.saved.set(Saved::Soon);
        }
        self.queue.update_value(|queue| {
            let before = queue.iter().position(|entry| entry.document.id == document.id);
            let failure = before.and_then(|at| queue.remove(at).failure);
            queue.push(Pending { document, failure, is_due: true });
        });
        self.save_again();
    }

    /// Tries to save every entry of the queue, also those that have failed.
    pub(super) fn save_again(self) {
        self.queue.update_value(|queue| queue.iter_mut().for_each(|entry| entry.is_due = true));
        let is_empty = self.queue.with_value(Vec::is_empty);
        if !is_empty && !self.saving.get_value() {
            self.saving.set_value(true);
            self.tasks.run(async move {
                self.drain().await;
                self.saving.set_value(false);
            });
        }
    }

    async fn drain(self) {
        let store = self.store.get_value();
        loop {
            let next = self.queue.with_value(|queue| queue.iter().find(|entry| entry.is_due).cloned());
            let Some(Pending { document, .. }) = next else { return };
            match store.save(document.clone()).await {
                Ok(revision) => self.acknowledge(&document, revision),
                Err(StoreError::Conflict { .. }) => self.keep_both(&document),
                Err(error) => self.note_failure(&document, &error),
            }
        }
    }

    pub(super) fn is_open(self, id: &DocumentId) -> bool {
        self.open.with_untracked(|open| open.as_ref() == Some(id))
    }

    /// The entry of a document in the queue, and whether saving it has failed.
    pub(super) fn waiting(self, id: &DocumentId) -> Option<(Document, Saved)> {
        let entry =
            self.queue.with_value(|queue| queue.iter().find(|entry| entry.document.id == *id).cloned())?;
        let saved = entry.failure.map_or(Saved::Soon, Saved::No);
        Some((entry.document, saved))
    }

    /// Takes the saved entry out of the queue. A newer entry of the document stays, and goes on from `revision`.
    fn settle_entry(self, saved: &Document, revision: u64) -> bool {
        let mut is_newest = true;
        self.queue.update_value(|queue| {
            queue.retain(|entry| entry.document != *saved);
            for entry in queue.iter_mut().filter(|entry| entry.document.id == saved.id) {
                entry.document.revision = revision;
                is_newest = false;
            }
        });
        is_newest
    }

    fn acknowledge(self, sent: &Document, revision: u64) {
        if self.waiting(&sent.id).is_none() {
            // The document was deleted meanwhile.
            return;
        }
        let is_open = self.is_open(&sent.id);
        // An edit made meanwhile is in the queue, or has its own timer, which is still running then.
        let is_resting = !is_open || self.settle.with_value(Option::is_none);
        let is_last = self.settle_entry(sent, revision) && is_resting;
        if is_open {
            self.written_on.set_value(revision);
        }
        if is_open && is_last {
            self.saved.set(Saved::Yes);
        }
        if is_last && self.is_persistent.get_untracked() {
            self.strike(&sent.id);
        }
        self.documents.update(|documents| {
            documents.retain(|kept| kept.id != sent.id);
            documents.insert(0, Document { revision, ..sent.clone() });
        });
    }

    fn note_failure(self, sent: &Document, error: &StoreError) {
        self.queue.update_value(|queue| {
            for entry in queue.iter_mut().filter(|entry| entry.document == *sent) {
                (entry.failure, entry.is_due) = (Some(reason(error)), false);
            }
        });
        if self.is_open(&sent.id) {
            self.saved.set(Saved::No(reason(error)));
        } else {
            self.tell(format!(
                "“{}” is not saved: {}. Its text is kept while this page is open.",
                sent.name,
                reason(error)
            ));
        }
    }

    /// Another tab has saved the document meanwhile: the text of this tab is kept under another name.
    fn keep_both(self, ours: &Document) {
        self.tell(format!(
            "“{0}” was changed in another tab. This text is kept as “{0} (conflict)”.",
            ours.name
        ));
        // The queue may hold a newer text by now than the one that was sent.
        let newest = self.waiting(&ours.id).map_or_else(|| ours.clone(), |(newest, _)| newest);
        let name = format!("{} (conflict)", ours.name);
        let copy = Document { id: self.fresh_id(), name, revision: 0, ..newest };
        self.write_entry(&copy);
        self.queue.update_value(|queue| queue.retain(|entry| entry.document.id != ours.id));
        self.strike(&ours.id);
        self.documents.update(|documents| documents.insert(0, copy.clone()));
        if self.is_open(&ours.id) {
            // The text on screen may be newer than the snapshot: it goes on under the new name.
            self.open.set(Some(copy.id.clone()));
            self.name.set(copy.name.clone());
            self.written_on.set_value(0);
        }
        self.enqueue(copy);
        self.refresh();
    }
}

/// Why a document is not saved, and what to do about it.
fn reason(error: &StoreError) -> String {
    match error {
        StoreError::Full { .. } => {
            "this browser has no more room for it; export it, or delete other documents".into()
        }
        other => other.to_string(),
    }
}
