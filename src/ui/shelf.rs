//! The documents: the list, the open one, and what is saved of it.
//!
//! What is said to be saved is saved: the word changes only when the store has acknowledged it.
//! Snapshots wait in a queue with one entry a document, and one save is under way at a time.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use super::Host;
use super::tasks::Tasks;
use crate::service::{ResultSummary, Settings};
use crate::store::{Document, DocumentId, Documents, StoreError, StoreEvent};

/// An edit is on its way to the store this long after the last key at the latest.
const SETTLE: Duration = Duration::from_millis(800);
/// Other tabs are listened to this often.
const NEWS: Duration = Duration::from_secs(1);
/// The document that was open last, in `localStorage`.
const LAST_OPEN: &str = "planscope.open";

/// What of the open document is saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Saved {
    /// There is no document.
    #[default]
    Nothing,
    /// All of it.
    Yes,
    /// It will be, in a moment.
    Soon,
    /// It could not be.
    No(String),
}

/// The documents.
#[derive(Clone, Copy)]
pub struct Shelf {
    host: StoredValue<Rc<dyn Host>, LocalStorage>,
    store: StoredValue<Rc<dyn Documents>, LocalStorage>,
    tasks: Tasks,
    queue: StoredValue<Vec<Document>>,
    saving: StoredValue<bool>,
    settle: StoredValue<Option<TimeoutHandle>>,
    /// Whether the list has been read.
    pub loaded: RwSignal<bool>,
    /// Documents as they were read or saved last, newest first.
    pub documents: RwSignal<Vec<Document>>,
    /// The open one.
    pub open: RwSignal<Option<DocumentId>>,
    /// Its name.
    pub name: RwSignal<String>,
    /// Its text, as it is being written.
    pub text: RwSignal<String>,
    /// Counts texts that did not come from the editor.
    pub revision: RwSignal<u64>,
    /// How it is run.
    pub settings: RwSignal<Settings>,
    /// How its last run ended.
    pub last_result: RwSignal<Option<ResultSummary>>,
    /// What of it is saved.
    pub saved: RwSignal<Saved>,
    /// The document deleted last, until something else happens to it.
    pub deleted: RwSignal<Option<Document>>,
    /// Whether documents outlive the page.
    pub is_persistent: RwSignal<bool>,
    /// What the storage had to say, each once.
    pub problems: RwSignal<Vec<String>>,
}

impl Shelf {
    pub fn new(host: Rc<dyn Host>) -> Self {
        let shelf = Self {
            store: StoredValue::new_local(host.documents()),
            host: StoredValue::new_local(host),
            tasks: Tasks::of_owner(),
            queue: StoredValue::new(Vec::new()),
            saving: StoredValue::new(false),
            settle: StoredValue::new(None),
            loaded: RwSignal::new(false),
            documents: RwSignal::new(Vec::new()),
            open: RwSignal::new(None),
            name: RwSignal::default(),
            text: RwSignal::default(),
            revision: RwSignal::new(0),
            settings: RwSignal::default(),
            last_result: RwSignal::new(None),
            saved: RwSignal::default(),
            deleted: RwSignal::new(None),
            is_persistent: RwSignal::new(true),
            problems: RwSignal::new(Vec::new()),
        };
        shelf.read_all();
        shelf.listen();
        shelf
    }

    fn listen(self) {
        let news = set_interval_with_handle(move || self.hear(), NEWS).ok();
        let hidden = window_event_listener_untyped("visibilitychange", move |_| self.save_now());
        let gone = window_event_listener_untyped("pagehide", move |_| self.save_now());
        on_cleanup(move || {
            hidden.remove();
            gone.remove();
            if let Some(news) = news {
                news.clear();
            }
        });
    }

    fn read_all(self) {
        let store = self.store.get_value();
        self.tasks.run(async move {
            match store.list().await {
                Ok(listing) => {
                    self.is_persistent.set(listing.is_persistent);
                    listing.problems.into_iter().for_each(|problem| self.tell(problem));
                    let last = local_storage().and_then(|kept| kept.get_item(LAST_OPEN).ok().flatten());
                    let listed = listing.documents;
                    let first =
                        listed.iter().find(|kept| Some(&kept.id.0) == last.as_ref()).or(listed.first());
                    let first = first.cloned();
                    self.documents.set(listed);
                    if let (Some(first), None) = (first, self.open.get_untracked()) {
                        self.put_in_view(&first);
                    }
                }
                Err(error) => {
                    self.is_persistent.set(false);
                    self.tell(format!("Saved documents could not be read: {error}."));
                }
            }
            self.loaded.set(true);
        });
    }

    /// Says something about the storage, once.
    pub fn tell(self, problem: String) {
        self.problems.update(|problems| {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        });
    }

    // ── the open document ──

    /// Opens a document of the list; what was open is saved first.
    pub fn open(self, id: &DocumentId) {
        if self.open.with_untracked(|open| open.as_ref() == Some(id)) {
            return;
        }
        self.save_now();
        let found = self.queue.with_value(|queue| queue.iter().find(|kept| kept.id == *id).cloned());
        let found = found.or_else(|| self.stored(id));
        if let Some(found) = found {
            self.put_in_view(&found);
        }
    }

    /// Makes a document and opens it.
    pub fn create(self, name: String, text: String) {
        self.create_with(name, text, &Settings::default());
    }

    fn create_with(self, name: String, text: String, settings: &Settings) {
        self.save_now();
        let fresh = Document {
            id: self.fresh_id(),
            name,
            text,
            settings: json(settings),
            last_result: None,
            revision: 0,
            modified_ms: self.host.with_value(|host| host.wall_clock_ms()),
        };
        self.documents.update(|documents| documents.insert(0, fresh.clone()));
        self.put_in_view(&fresh);
        self.enqueue(fresh);
    }

    fn put_in_view(self, document: &Document) {
        self.open.set(Some(document.id.clone()));
        self.name.set(document.name.clone());
        self.settings.set(serde_json::from_str(&document.settings).unwrap_or_default());
        let last = document.last_result.as_deref().and_then(|text| serde_json::from_str(text).ok());
        self.last_result.set(last);
        self.text.set(document.text.clone());
        self.revision.update(|revision| *revision += 1);
        self.saved.set(Saved::Yes);
        if let Some(storage) = local_storage() {
            // Without it the newest document opens next time.
            let _ = storage.set_item(LAST_OPEN, &document.id.0);
        }
    }

    /// Takes a text from the editor.
    pub fn edit(self, text: String) {
        if self.open.with_untracked(Option::is_some) && self.text.with_untracked(|old| *old != text) {
            self.text.set(text);
            self.touch();
        }
    }

    /// Sets the text from outside of the editor.
    pub fn set_text(self, text: String) {
        self.edit(text);
        self.revision.update(|revision| *revision += 1);
    }

    /// Renames the open document.
    pub fn rename(self, name: &str) {
        let name = name.trim();
        if !name.is_empty() && self.name.with_untracked(|old| old != name) {
            self.name.set(name.to_owned());
            self.touch();
        }
    }

    /// Changes how the open document is run.
    pub fn set_settings(self, settings: Settings) {
        if self.settings.with_untracked(|old| *old != settings) {
            self.settings.set(settings);
            self.touch();
        }
    }

    /// Keeps how a run of a document ended.
    pub fn keep_result(self, id: &DocumentId, summary: ResultSummary) {
        if self.open.with_untracked(|open| open.as_ref() == Some(id)) {
            self.last_result.set(Some(summary));
            self.touch();
        }
    }

    fn touch(self) {
        if self.open.with_untracked(Option::is_none) {
            return;
        }
        self.saved.set(Saved::Soon);
        self.rest();
        let handle = set_timeout_with_handle(move || self.save_now(), SETTLE);
        self.settle.set_value(handle.ok());
    }

    fn rest(self) {
        if let Some(Some(handle)) = self.settle.try_update_value(Option::take) {
            handle.clear();
        }
    }

    // ── the list ──

    /// A copy of a document, opened.
    pub fn duplicate(self, id: &DocumentId) {
        self.save_now();
        if let Some(of) = self.newest(id) {
            let settings: Settings = serde_json::from_str(&of.settings).unwrap_or_default();
            self.create_with(format!("{} (copy)", of.name), of.text, &settings);
        }
    }

    /// Deletes a document; [`Self::undo_delete`] brings it back.
    pub fn delete(self, id: &DocumentId) {
        self.save_now();
        let Some(gone) = self.newest(id) else { return };
        self.queue.update_value(|queue| queue.retain(|kept| kept.id != *id));
        self.documents.update(|documents| documents.retain(|kept| kept.id != *id));
        self.deleted.set(Some(gone));
        if self.open.with_untracked(|open| open.as_ref() == Some(id)) {
            self.close();
        }
        let (store, id) = (self.store.get_value(), id.clone());
        self.tasks.run(async move {
            if let Err(error) = store.delete(id).await {
                self.tell(format!("A document could not be deleted: {error}."));
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
        self.text.set(String::new());
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
            self.documents.update(|documents| documents.insert(0, back.clone()));
            self.put_in_view(&back);
            self.enqueue(back);
        }
    }

    /// The newest state of a document, unsaved edits included.
    pub fn newest(self, id: &DocumentId) -> Option<Document> {
        self.snapshot().filter(|open| open.id == *id).or_else(|| self.stored(id))
    }

    fn stored(self, id: &DocumentId) -> Option<Document> {
        self.documents.with_untracked(|documents| documents.iter().find(|kept| kept.id == *id).cloned())
    }

    fn snapshot(self) -> Option<Document> {
        Some(Document {
            id: self.open.get_untracked()?,
            name: self.name.get_untracked(),
            text: self.text.get_untracked(),
            settings: self.settings.with_untracked(json),
            last_result: self.last_result.with_untracked(|last| last.as_ref().map(json)),
            revision: 0,
            modified_ms: self.host.with_value(|host| host.wall_clock_ms()),
        })
    }

    fn fresh_id(self) -> DocumentId {
        DocumentId(format!("{:016x}", self.host.with_value(|host| host.random())))
    }

    // ── saving ──

    /// Sends what is not saved on its way at once.
    pub fn save_now(self) {
        self.rest();
        let unsaved = self.saved.with_untracked(|saved| matches!(saved, Saved::Soon | Saved::No(_)));
        if let (true, Some(snapshot)) = (unsaved, self.snapshot()) {
            self.enqueue(snapshot);
        }
    }

    fn enqueue(self, document: Document) {
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

    fn is_open(self, id: &DocumentId) -> bool {
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

    // ── other tabs ──

    fn hear(self) {
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
    fn refresh(self) {
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
                    // Its revision stays the one that was read: that is how a conflict is seen.
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

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn local_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
