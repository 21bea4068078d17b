//! The list of documents: copies, deletions, and bringing back.

use leptos::prelude::*;

use super::{Saved, Shelf, json, no_text, problem_of, stored_texts};
use crate::service::Settings;
use crate::store::{Document, DocumentId};

impl Shelf {
    /// A copy of a document, opened.
    pub fn duplicate(self, id: &DocumentId) {
        self.save_now();
        if let Some(of) = self.newest(id) {
            let settings: Settings = serde_json::from_str(&of.settings).unwrap_or_default();
            self.create_with(format!("{} (copy)", of.name), &problem_of(&of), &settings);
        }
    }

    /// Deletes a document; [`Self::undo_delete`] brings it back.
    pub fn delete(self, id: &DocumentId) {
        self.save_now();
        let Some(gone) = self.newest(id) else { return };
        self.queue.update_value(|queue| queue.retain(|entry| entry.document.id != *id));
        self.strike(id);
        self.documents.update(|documents| documents.retain(|kept| kept.id != *id));
        self.deleted.set(Some(gone));
        if self.open.with_untracked(|open| open.as_ref() == Some(id)) {
            self.close();
        }
        let (store, id) = (self.store.get_value(), id.clone());
        self.tasks.run(async move {
            match store.delete(id).await {
                // There may be room now for a document that found none.
                Ok(()) => self.save_again(),
                Err(error) => self.tell(format!("A document could not be deleted: {error}.")),
            }
        });
    }

    fn close(self) {
        self.rest();
        if let Some(next) = self.documents.with_untracked(|documents| documents.first().cloned()) {
            self.put_in_view(&next);
            return;
        }
        self.open.set(None);
        self.name.set(String::new());
        self.problem.set(no_text());
        self.last_result.set(None);
        self.revision.update(|revision| *revision += 1);
        self.saved.set(Saved::Nothing);
    }

    /// Brings the document back that was deleted last.
    pub fn undo_delete(self) {
        if let Some(mut back) = self.deleted.get_untracked() {
            self.deleted.set(None);
            self.save_now();
            back.revision = 0;
            self.begin(back);
        }
    }

    /// Brings the text back that was replaced by a file.
    pub fn undo_replace(self) {
        if let Some(replaced) = self.replaced.get_untracked() {
            self.replaced.set(None);
            self.open(&replaced.of);
            if self.is_open(&replaced.of) {
                self.set_problem(replaced.before);
            }
        }
    }

    /// The newest state of a document, unsaved edits included.
    pub fn newest(self, id: &DocumentId) -> Option<Document> {
        let open = self.snapshot().filter(|open| open.id == *id);
        open.or_else(|| Some(self.waiting(id)?.0)).or_else(|| self.stored(id))
    }

    pub(super) fn stored(self, id: &DocumentId) -> Option<Document> {
        self.documents.with_untracked(|documents| documents.iter().find(|kept| kept.id == *id).cloned())
    }

    pub(super) fn snapshot(self) -> Option<Document> {
        let (text, problem) = self.problem.with_untracked(stored_texts);
        Some(Document {
            id: self.open.get_untracked()?,
            name: self.name.get_untracked(),
            text,
            problem,
            settings: self.settings.with_untracked(json),
            last_result: self.last_result.with_untracked(|last| last.as_ref().map(json)),
            revision: self.written_on.get_value(),
            modified_ms: self.host.with_value(|host| host.wall_clock_ms()),
        })
    }

    pub(super) fn fresh_id(self) -> DocumentId {
        DocumentId(format!("{:016x}", self.host.with_value(|host| host.random())))
    }
}
