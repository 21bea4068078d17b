//! The documents: the list, the open one, and what is saved of it.
//!
//! The page says that a document is saved only when the store has acknowledged it.

mod journal;
mod list;
mod saving;
mod tabs;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use self::saving::Pending;
use super::Host;
use super::tasks::Tasks;
use crate::service::{Problem, ResultSummary, Settings};
use crate::store::{Document, DocumentId, Documents};

/// An edit is on its way to the store this long after the last key at the latest.
const SETTLE: Duration = Duration::from_millis(800);
/// News of other tabs is read this often.
const NEWS: Duration = Duration::from_secs(1);
/// What could not be saved is tried again this often.
const AGAIN: Duration = Duration::from_secs(30);
/// Edits that another tab has not saved after this time are taken up by this one.
const LATE: Duration = Duration::from_secs(6);
/// The document that was open last, in `localStorage`.
const LAST_OPEN: &str = "planscope.open";

/// Whether the open document is saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Saved {
    /// There is no document.
    #[default]
    Nothing,
    /// Everything is saved.
    Yes,
    /// It is going to be saved in a moment.
    Soon,
    /// It could not be saved, for this reason.
    No(String),
}

/// A text of a document that was replaced by a file.
#[derive(Clone, PartialEq)]
pub struct Replaced {
    /// The document.
    pub of: DocumentId,
    /// The text before.
    pub before: Problem,
    /// What the file has replaced, in a sentence.
    pub what: String,
}

/// The documents: all of them, and the one that is open.
#[derive(Clone, Copy)]
pub struct Shelf {
    host: StoredValue<Rc<dyn Host>, LocalStorage>,
    store: StoredValue<Rc<dyn Documents>, LocalStorage>,
    tasks: Tasks,
    queue: StoredValue<Vec<Pending>>,
    saving: StoredValue<bool>,
    settle: StoredValue<Option<TimeoutHandle>>,
    /// The name of this tab.
    tab: StoredValue<String>,
    /// The revision of the open document that its text was read or saved at.
    written_on: StoredValue<u64>,
    /// Whether the journal holds the last change.
    is_noted: StoredValue<bool>,
    /// Whether anything was changed since the page was opened.
    has_edits: StoredValue<bool>,
    /// Whether the list has been read.
    pub loaded: RwSignal<bool>,
    /// Documents as they were read or saved last, newest first.
    pub documents: RwSignal<Vec<Document>>,
    /// The document that is open.
    pub open: RwSignal<Option<DocumentId>>,
    /// The name of the open document.
    pub name: RwSignal<String>,
    /// The texts of the open document, as they are being written.
    pub problem: RwSignal<Problem>,
    /// Counts texts that did not come from the editor.
    pub revision: RwSignal<u64>,
    /// The settings that the open document is run with.
    pub settings: RwSignal<Settings>,
    /// How the last run of the open document ended.
    pub last_result: RwSignal<Option<ResultSummary>>,
    /// Whether the open document is saved.
    pub saved: RwSignal<Saved>,
    /// The document deleted last, until something else happens to it.
    pub deleted: RwSignal<Option<Document>>,
    /// The text replaced last, until something else happens to it.
    pub replaced: RwSignal<Option<Replaced>>,
    /// Whether documents outlive the page.
    pub is_persistent: RwSignal<bool>,
    /// Messages about the storage; each is shown once.
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
            tab: StoredValue::new(String::new()),
            written_on: StoredValue::new(0),
            is_noted: StoredValue::new(true),
            has_edits: StoredValue::new(false),
            loaded: RwSignal::new(false),
            documents: RwSignal::new(Vec::new()),
            open: RwSignal::new(None),
            name: RwSignal::default(),
            problem: RwSignal::new(no_text()),
            revision: RwSignal::new(0),
            settings: RwSignal::default(),
            last_result: RwSignal::new(None),
            saved: RwSignal::default(),
            deleted: RwSignal::new(None),
            replaced: RwSignal::new(None),
            is_persistent: RwSignal::new(true),
            problems: RwSignal::new(Vec::new()),
        };
        shelf.tab.set_value(journal::tab(|| shelf.fresh_id().0));
        shelf.read_all();
        shelf.listen();
        shelf
    }

    fn listen(self) {
        let news = set_interval_with_handle(move || self.hear(), NEWS).ok();
        let again = set_interval_with_handle(move || self.save_again(), AGAIN).ok();
        let leaving = window_event_listener_untyped("beforeunload", move |event| self.before_leaving(&event));
        let hidden = window_event_listener_untyped("visibilitychange", move |_| self.save_now());
        let gone = window_event_listener_untyped("pagehide", move |_| self.save_now());
        on_cleanup(move || {
            hidden.remove();
            gone.remove();
            leaving.remove();
            news.into_iter().chain(again).for_each(|ticker| ticker.clear());
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
                    let mut listed = listing.documents;
                    if self.recover(&mut listed, true) {
                        set_timeout(move || self.recover_late(), LATE);
                    }
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

    /// Takes up the edits that other tabs had noted in the journal and have not saved by now.
    fn recover_late(self) {
        let is_clean = self.saved.with_untracked(|saved| *saved == Saved::Yes);
        let mut listed = self.documents.get_untracked();
        self.recover(&mut listed, false);
        self.documents.set(listed);
        let open = self.open.get_untracked().filter(|_| is_clean).and_then(|id| self.waiting(&id));
        if let Some((document, _)) = open {
            self.put_in_view(&document);
        }
    }

    /// Has the browser ask before it leaves the page, where an edit would be lost.
    fn before_leaving(self, event: &web_sys::Event) {
        if self.is_at_risk() {
            event.prevent_default();
            // Older browsers ask only where this is set.
            let _ = js_sys::Reflect::set(event, &"returnValue".into(), &true.into());
        }
        self.save_now();
    }

    /// Shows a message about the storage, once.
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
        let waiting = self.waiting(id).map(|(document, _)| document);
        if let Some(found) = waiting.or_else(|| self.stored(id)) {
            self.put_in_view(&found);
        }
    }

    /// Makes a document and opens it.
    pub fn create(self, name: String, problem: &Problem) {
        self.create_with(name, problem, &Settings::default());
    }

    /// The same with other settings than those of a new document.
    pub fn create_with(self, name: String, problem: &Problem, settings: &Settings) {
        self.save_now();
        let (text, second) = stored_texts(problem);
        let fresh = Document {
            id: self.fresh_id(),
            name,
            text,
            problem: second,
            settings: json(settings),
            last_result: None,
            revision: 0,
            modified_ms: self.host.with_value(|host| host.wall_clock_ms()),
        };
        self.begin(fresh);
    }

    /// Puts a document on the shelf that is not stored yet.
    fn begin(self, fresh: Document) {
        self.documents.update(|documents| documents.insert(0, fresh.clone()));
        self.put_in_view(&fresh);
        self.is_noted.set_value(self.write_entry(&fresh));
        self.enqueue(fresh);
    }

    fn put_in_view(self, document: &Document) {
        self.open.set(Some(document.id.clone()));
        self.name.set(document.name.clone());
        self.settings.set(serde_json::from_str(&document.settings).unwrap_or_default());
        let last = document.last_result.as_deref().and_then(|text| serde_json::from_str(text).ok());
        self.last_result.set(last);
        self.problem.set(problem_of(document));
        self.revision.update(|revision| *revision += 1);
        self.written_on.set_value(document.revision);
        self.saved.set(self.waiting(&document.id).map_or(Saved::Yes, |(_, saved)| saved));
        if let Some(storage) = local_storage() {
            // Where the browser refuses, the newest document opens next time.
            let _ = storage.set_item(LAST_OPEN, &document.id.0);
        }
    }

    /// Takes a text from the editor: the only one, or that of the domain or the problem, by its place.
    pub fn edit(self, index: usize, text: &str) {
        let is_open = self.open.with_untracked(Option::is_some);
        let is_new = self
            .problem
            .with_untracked(|old| old.texts().get(index).is_some_and(|(_, old)| old.as_ref() != text));
        if is_open && is_new {
            self.problem.update(|problem| *problem = problem.with_text(index, Arc::from(text)));
            self.touch();
        }
    }

    /// Sets the texts from outside of the editor.
    pub fn set_problem(self, problem: Problem) {
        self.problem.set(problem);
        self.touch();
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
        self.has_edits.set_value(true);
        self.note();
        self.rest();
        let handle = set_timeout_with_handle(move || self.save_now(), SETTLE);
        self.settle.set_value(handle.ok());
    }

    fn rest(self) {
        if let Some(Some(handle)) = self.settle.try_update_value(Option::take) {
            handle.clear();
        }
    }
}

/// The texts of a document as they are run.
pub fn problem_of(document: &Document) -> Problem {
    let text = document.text.as_str().into();
    match &document.problem {
        Some(problem) => Problem::Pddl { domain: text, problem: problem.as_str().into() },
        None => Problem::Goap { text },
    }
}

fn stored_texts(problem: &Problem) -> (String, Option<String>) {
    match problem {
        Problem::Goap { text } => (text.as_ref().to_owned(), None),
        Problem::Pddl { domain, problem } => (domain.as_ref().to_owned(), Some(problem.as_ref().to_owned())),
    }
}

fn no_text() -> Problem {
    Problem::Goap { text: "".into() }
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn local_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
