//! Saving: snapshots wait in a queue with one entry a document, and one save is under way at a time.

use leptos::prelude::*;

use super::{Saved, Shelf};
use crate::store::{Document, DocumentId, StoreError};

impl Shelf {
    /// Sends what is not saved on its way at once.
    pub fn save_now(self) {
        self.rest();
        let unsaved = self.saved.with_untracked(|saved| matches!(saved, Saved::Soon | Saved::No(_)));
        if let (true, Some(snapshot)) = (unsaved, self.snapshot()) {
            self.enqueue(snapshot);
        }
    }

    pub(super) fn enqueue(self, document: Document) {
        self.saved.set(Saved::Soon);
        self.queue.update_value(|queue| {
            queue.retain(|kept| kept.id != document.id);
            queue.push(document);
        });
        if !self.saving.get_value() {
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
            let next = self
                .queue
                .try_update_value(|queue| if queue.is_empty() { None } else { Some(queue.remove(0)) });
            let Some(Some(mut document)) = next else { return };
            document.revision = self.stored(&document.id).map_or(0, |kept| kept.revision);
            match store.save(document.clone()).await {
                Ok(revision) => self.acknowledge(Document { revision, ..document }),
                Err(StoreError::Conflict { .. }) => self.keep_both(&document),
                Err(error) => {
                    if self.is_open(&document.id) {
                        self.saved.set(Saved::No(error.to_string()));
                    } else {
                        self.tell(format!("“{}” is not saved: {error}.", document.name));
                    }
                }
            }
        }
    }

    pub(super) fn is_open(self, id: &DocumentId) -> bool {
        self.open.with_untracked(|open| open.as_ref() == Some(id))
    }

    fn acknowledge(self, document: Document) {
        // An edit made meanwhile has its own timer, which is still running then.
        let is_newest = self.settle.with_value(Option::is_none)
            && self.queue.with_value(|queue| queue.iter().all(|kept| kept.id != document.id));
        if self.is_open(&document.id) && is_newest {
            self.saved.set(Saved::Yes);
        }
        self.documents.update(|documents| {
            documents.retain(|kept| kept.id != document.id);
            documents.insert(0, document);
        });
    }

    /// Another tab was faster: what is written here is kept under another name.
    fn keep_both(self, ours: &Document) {
        self.tell(format!(
            "“{0}” was changed in another tab. This text is kept as “{0} (conflict)”.",
            ours.name
        ));
        let copy =
            Document { id: self.fresh_id(), name: format!("{} (conflict)", ours.name), ..ours.clone() };
        self.documents.update(|documents| documents.insert(0, copy.clone()));
        if self.is_open(&ours.id) {
            // The text on screen may be newer than the snapshot: it goes on under the new name.
            self.open.set(Some(copy.id.clone()));
            self.name.set(copy.name.clone());
        }
        self.enqueue(copy);
        self.refresh();
    }
}
