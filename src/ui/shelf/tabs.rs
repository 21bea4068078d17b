//! Follows what other tabs do to the documents.

use leptos::prelude::*;

use super::{Saved, Shelf};
use crate::store::{DocumentId, StoreEvent};

impl Shelf {
    pub(super) fn hear(self) {
        let news = self.store.with_value(|store| store.take_events());
        if news.is_empty() {
            return;
        }
        for event in news {
            match event {
                StoreEvent::Notice(text) => self.tell(text),
                StoreEvent::ChangedElsewhere(_) => {}
                StoreEvent::DeletedElsewhere(id) => self.deleted_elsewhere(&id),
            }
        }
        self.refresh();
    }

    fn deleted_elsewhere(self, id: &DocumentId) {
        self.documents.update(|documents| documents.retain(|kept| kept.id != *id));
        if self.is_open(id) {
            let name = self.name.get_untracked();
            self.saved.set(Saved::No("deleted in another tab".into()));
            self.tell(format!(
                "“{name}” was deleted in another tab. It is still open here; an edit saves it again."
            ));
        }
    }

    /// Reads the list again. A clean open document follows; an edited one meets the newer
    /// revision when it is saved.
    pub fn refresh(self) {
        let store = self.store.get_value();
        self.tasks.run(async move {
            let Ok(listing) = store.list().await else { return };
            let clean = self.saved.with_untracked(|saved| *saved == Saved::Yes);
            let open = self.open.get_untracked();
            let before = open.as_ref().and_then(|id| self.stored(id));
            let now = listing.documents.iter().find(|kept| Some(&kept.id) == open.as_ref()).cloned();
            self.documents.update(|documents| {
                let kept = |id: &DocumentId| documents.iter().find(|kept| kept.id == *id).cloned();
                let ours = open.as_ref().filter(|_| !clean).and_then(kept);
                let mut listed = listing.documents;
                if let Some(ours) = ours {
                    // The open document keeps the revision that this tab has read: that is how a conflict is seen.
                    listed.retain(|kept| kept.id != ours.id);
                    listed.insert(0, ours);
                }
                *documents = listed;
            });
            if let (true, Some(before), Some(now)) = (clean, before, now)
                && before.revision != now.revision
            {
                self.put_in_view(&now);
            }
        });
    }
}
