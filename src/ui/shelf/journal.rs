//! The journal: every change is written to `localStorage` before the store has it, so that a page that is
//! reloaded, closed or killed within the moment until then loses nothing.
//!
//! There is one entry for each document that this tab has changed and not seen acknowledged. It is struck
//! out with the acknowledgement. Where documents live only in memory, entries stay, and bring the text
//! back after a reload. What is too large for an entry, or finds no room, is guarded by the question that
//! the browser asks on leaving ([`Shelf::is_at_risk`]).

use leptos::prelude::*;

use super::{Saved, Shelf, local_storage};
use crate::store::draft::{Settled, settle};
use crate::store::{Document, DocumentId};

/// The key of an entry begins with this; the tab and the document follow.
const PREFIX: &str = "planscope.draft.";
/// The name of this tab, in `sessionStorage`, which outlives a reload.
const TAB: &str = "planscope.tab";
/// The longest text that is written with every key: some milliseconds.
const LONGEST: usize = 256 << 10;
/// An entry of another tab that is younger than this may still be on its way into the store.
const YOUNG_MS: f64 = 5_000.0;

impl Shelf {
    /// Writes the open document into the journal as it is now, and remembers whether it found room.
    pub(super) fn note(self) {
        let fits = self.problem.with_untracked(|problem| {
            problem.texts().iter().map(|(_, text)| text.len()).sum::<usize>() <= LONGEST
        });
        let is_noted = fits && self.snapshot().is_some_and(|document| self.write_entry(&document));
        if !is_noted && let Some(id) = self.open.get_untracked() {
            // An older entry would bring back an older text.
            self.strike(&id);
        }
        self.is_noted.set_value(is_noted);
    }

    pub(super) fn write_entry(self, document: &Document) -> bool {
        let Ok(text) = serde_json::to_string(document) else { return false };
        let storage = local_storage();
        storage.is_some_and(|storage| storage.set_item(&self.entry(&document.id), &text).is_ok())
    }

    /// Strikes out the entry of a document.
    pub(super) fn strike(self, id: &DocumentId) {
        if let Some(storage) = local_storage() {
            // An entry that stays is compared with the saved document the next time, and dropped.
            let _ = storage.remove_item(&self.entry(id));
        }
    }

    /// What earlier pages left behind, settled against the documents `listed`: those that are to be saved
    /// over what is stored take its place there. Entries of other tabs that are young are left to them;
    /// the answer says whether there were any. Those of this tab are an earlier page's only `at_start`.
    pub(super) fn recover(self, listed: &mut Vec<Document>, at_start: bool) -> bool {
        let now = self.host.with_value(|host| host.wall_clock_ms());
        let own = format!("{PREFIX}{}.", self.tab.get_value());
        // The open document must not be replaced while somebody types in it.
        let is_clean = self.saved.with_untracked(|saved| matches!(saved, Saved::Yes | Saved::Nothing));
        let edited = self.open.get_untracked().filter(|_| !is_clean);
        let mut left_some = false;
        for (key, draft) in entries() {
            let is_own = key.starts_with(&own);
            if is_own && !at_start {
                continue;
            }
            if !is_own && now - draft.modified_ms < YOUNG_MS {
                left_some = true;
                continue;
            }
            let stored = listed.iter().position(|kept| kept.id == draft.id);
            let settled = match settle(draft, stored.map(|at| &listed[at])) {
                Settled::Save(draft) if edited.as_ref() == Some(&draft.id) => Settled::Beside(draft),
                settled => settled,
            };
            if let Some(storage) = local_storage() {
                // The document has an entry of this tab from now on.
                let _ = storage.remove_item(&key);
            }
            match settled {
                Settled::Saved => {}
                Settled::Save(draft) => {
                    if let Some(at) = stored {
                        listed.remove(at);
                    }
                    self.take_up(listed, draft);
                }
                Settled::Beside(draft) => {
                    let name = format!("{} (recovered)", draft.name);
                    self.tell(format!(
                        "“{0}” was changed since: what was written here before is kept as “{name}”.",
                        draft.name
                    ));
                    self.take_up(listed, Document { id: self.fresh_id(), name, revision: 0, ..draft });
                }
            }
        }
        left_some
    }

    fn take_up(self, listed: &mut Vec<Document>, draft: Document) {
        listed.insert(0, draft.clone());
        self.write_entry(&draft);
        self.enqueue(draft);
    }

    fn entry(self, id: &DocumentId) -> String {
        format!("{PREFIX}{}.{}", self.tab.get_value(), id.0)
    }
}

/// The name of this tab, drawn when it is opened.
pub(super) fn tab(fresh: impl FnOnce() -> String) -> String {
    let storage = window().session_storage().ok().flatten();
    let known = storage.as_ref().and_then(|storage| storage.get_item(TAB).ok().flatten());
    known.unwrap_or_else(|| {
        let name = fresh();
        if let Some(storage) = storage {
            // Where the browser refuses, the entries of this page are treated as those of another tab.
            let _ = storage.set_item(TAB, &name);
        }
        name
    })
}

/// Every entry that reads, whichever tab's it is; those that do not are dropped.
fn entries() -> Vec<(String, Document)> {
    let Some(storage) = local_storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    let keys: Vec<String> = keys.filter(|key| key.starts_with(PREFIX)).collect();
    let mut found = Vec::new();
    for key in keys {
        let text = storage.get_item(&key).ok().flatten().unwrap_or_default();
        match serde_json::from_str(&text) {
            Ok(draft) => found.push((key, draft)),
            Err(_) => {
                let _ = storage.remove_item(&key);
            }
        }
    }
    found
}
