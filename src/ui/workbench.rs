//! Everything the page knows, in one handle that components are given.
//!
//! Signals hold plain data; what can be derived is. Only the edges write: keys, the editor, the
//! store and the frame.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::Host;
use super::check::{self, Checked};
use super::runner::{How, Run, Runner};
use super::sheet::{Pane, Sheet, Tab};
use super::shelf::Shelf;
use super::theme::Theme;
use crate::diagnostic::{Fix, Span};
use crate::service::EngineCode;
use crate::view::limits;

/// A text is checked this long after the last key.
const CHECK_AFTER: Duration = Duration::from_millis(150);

/// What is being typed for a limit while it does not read, or is not left yet.
#[derive(Clone, Copy)]
pub struct Drafts {
    pub time: RwSignal<Option<String>>,
    pub memory: RwSignal<Option<String>>,
    pub weight: RwSignal<Option<String>>,
}

/// Everything the page knows.
#[derive(Clone, Copy)]
pub struct Workbench {
    pub host: StoredValue<Rc<dyn Host>, LocalStorage>,
    pub shelf: Shelf,
    pub runner: Runner,
    pub sheet: Sheet,
    pub theme: Theme,
    pub drafts: Drafts,
    /// Whether the engine's code is there.
    pub engine: RwSignal<EngineCode>,
    /// What the checker says about the text.
    pub checked: RwSignal<Arc<Checked>>,
    /// Where the editor is asked to go.
    pub goto: RwSignal<Option<Span>>,
    /// The finding gone to last.
    pub finding: RwSignal<Option<Span>>,
    /// Whether a run is under way.
    pub running: Memo<bool>,
    /// Whether it is paused.
    pub paused: Memo<bool>,
    /// The run on screen, by number.
    pub number: Memo<Option<u64>>,
    /// Whether gallery and starter are in view in place of scope and result.
    pub browsing: Memo<bool>,
    /// Why Run is not possible now.
    pub blocked: Memo<Option<String>>,
}

impl Workbench {
    pub fn new(host: Rc<dyn Host>) -> Self {
        let shelf = Shelf::new(host.clone());
        let runner = Runner::new(host.clone(), shelf);
        let sheet = Sheet::default();
        let drafts =
            Drafts { time: RwSignal::new(None), memory: RwSignal::new(None), weight: RwSignal::new(None) };
        let running = Memo::new(move |_| runner.is_running());
        let engine = engine_code(&host);
        let bench = Self {
            host: StoredValue::new_local(host),
            shelf,
            runner,
            sheet,
            theme: Theme::restored(),
            drafts,
            engine,
            checked: RwSignal::default(),
            goto: RwSignal::new(None),
            finding: RwSignal::new(None),
            running,
            paused: Memo::new(move |_| runner.is_paused()),
            number: Memo::new(move |_| runner.on_screen().map(|run| run.number)),
            browsing: Memo::new(move |_| {
                shelf.loaded.get() && (sheet.gallery.get() || shelf.open.with(Option::is_none))
            }),
            blocked: Memo::new(move |_| blocked(shelf, drafts, running)),
        };
        bench.follow_text();
        bench.follow_document();
        bench
    }

    /// Checks the text once it has come to rest, and the engine is there.
    fn follow_text(self) {
        let timer = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |before: Option<Option<u64>>| {
            let revision = self.shelf.revision.get();
            self.shelf.text.track();
            if let Some(Some(timer)) = timer.try_update_value(Option::take) {
                timer.clear();
            }
            if self.engine.with(|engine| *engine != EngineCode::Here) {
                return None;
            }
            let check = move || {
                self.shelf.text.try_with_untracked(|text| self.checked.set(Arc::new(check::check(text))));
            };
            // A text that comes whole is checked at once: what was said of the one before is not of it.
            if before == Some(Some(revision)) {
                timer.set_value(set_timeout_with_handle(check, CHECK_AFTER).ok());
            } else {
                check();
            }
            Some(revision)
        });
    }

    /// A document that comes into view brings its own limits and runs.
    fn follow_document(self) {
        Effect::new(move |before: Option<Option<_>>| {
            let open = self.shelf.open.get();
            if before.is_some_and(|before| before != open) {
                self.finding.set(None);
                self.drafts.time.set(None);
                self.drafts.memory.set(None);
                self.drafts.weight.set(None);
                self.runner.cancel();
                self.runner.show_newest();
            }
            open
        });
    }

    // ── what keys and buttons do ──

    /// Runs the open document and brings what is worth seeing into view.
    pub fn run(self, how: How) {
        if self.blocked.get_untracked().is_some() {
            return;
        }
        self.sheet.gallery.set(false);
        if self.checked.with_untracked(|checked| checked.errors()) > 0 {
            self.sheet.show_tab(Tab::Plan);
        } else {
            self.sheet.pane.set(Pane::Scope);
        }
        self.runner.run(how);
    }

    /// One expansion, of the run under way or of a fresh one.
    pub fn step(self) {
        if self.running.get_untracked() {
            self.runner.step();
        } else {
            self.run(How::OneStep);
        }
    }

    /// Brings a place of the text into view.
    pub fn go_to(self, span: Span) {
        self.sheet.show_problem();
        self.goto.set(Some(span));
        self.finding.set(Some(span));
    }

    /// Makes the edit that mends a finding.
    pub fn apply(self, fix: &Fix) {
        let (start, end) = (fix.span.start as usize, fix.span.end as usize);
        let mended = self.shelf.text.with_untracked(|text| {
            let (before, after) = (text.get(..start)?, text.get(end..)?);
            Some([before, &fix.replacement, after].concat())
        });
        if let Some(mended) = mended {
            self.shelf.set_text(mended);
        }
    }

    /// The run on screen.
    pub fn run_on_screen(self) -> Option<Run> {
        self.runner.on_screen()
    }
}

fn engine_code(host: &Rc<dyn Host>) -> RwSignal<EngineCode> {
    let gate = host.gate();
    let engine = RwSignal::new(gate.code());
    gate.watch(move |code| engine.set(code.clone()));
    engine
}

fn blocked(shelf: Shelf, drafts: Drafts, running: Memo<bool>) -> Option<String> {
    if shelf.open.with(Option::is_none) {
        return Some("There is no document to run.".into());
    }
    let wrong = |draft: RwSignal<Option<String>>, read: fn(&str) -> Option<String>| {
        draft.with(|draft| draft.as_deref().and_then(read))
    };
    wrong(drafts.time, |text| limits::time(text).err())
        .or_else(|| wrong(drafts.memory, |text| limits::memory(text).err()))
        .or_else(|| wrong(drafts.weight, |text| limits::weight(text).err()))
        .or_else(|| running.get().then(|| "A search is under way.".into()))
}
