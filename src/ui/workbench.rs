//! Everything the page knows, in one handle that components are given.
//!
//! Signals hold plain data; what can be derived is. Only the edges write: keys, the editor, the
//! store and the frame.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::Host;
use super::check::{self, Checked, Stage};
use super::checker::Checker;
use super::outdated::{Outdated, is_of};
use super::runner::{How, Run, Runner};
use super::sheet::{Pane, Sheet, Tab};
use super::shelf::Shelf;
use super::theme::Theme;
use crate::diagnostic::{Fix, Span};
use crate::service::{EngineCode, Problem};
use crate::trace::{Figures, Trace};
use crate::view::limits;

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
    /// What the checker says about the texts.
    pub checked: RwSignal<Arc<Checked>>,
    /// Where an editor is asked to go: which, and where in its text.
    pub goto: RwSignal<Option<(usize, Span)>>,
    /// The finding gone to last.
    pub finding: RwSignal<Option<Span>>,
    /// Whether a run is under way.
    pub running: Memo<bool>,
    /// Whether it is paused.
    pub paused: Memo<bool>,
    /// The run on screen, by number.
    pub number: Memo<Option<u64>>,
    /// What has changed since the run on screen began.
    pub outdated: Memo<Option<Outdated>>,
    /// The figures of the search that is drawn, at the scrubber's time. Everything that shows one reads it here.
    pub figures: Memo<Figures>,
    /// Whether gallery and starter are in view in place of scope and result.
    pub browsing: Memo<bool>,
    /// Why Run is not possible now.
    pub blocked: Memo<Option<String>>,
    /// Whether the open document is in PDDL.
    pub is_pddl: Memo<bool>,
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
        let checker = Checker::new(host.clone());
        let bench = Self {
            host: StoredValue::new_local(host),
            shelf,
            runner,
            sheet,
            theme: Theme::restored(),
            drafts,
            engine,
            checked: checker.checked,
            goto: RwSignal::new(None),
            finding: RwSignal::new(None),
            running,
            paused: Memo::new(move |_| runner.is_paused()),
            number: Memo::new(move |_| on_screen(runner, shelf).map(|run| run.number)),
            outdated: Memo::new(move |_| Outdated::of(shelf, &on_screen(runner, shelf)?)),
            figures: Memo::new(move |_| {
                let cursor = runner.cursor.get();
                let look = |trace: &Trace| Figures::at(trace, cursor);
                on_screen(runner, shelf).and_then(|run| run.with_trace(look)).unwrap_or_default()
            }),
            browsing: Memo::new(move |_| {
                shelf.loaded.get() && (sheet.gallery.get() || shelf.open.with(Option::is_none))
            }),
            blocked: Memo::new(move |_| blocked(shelf, drafts, running)),
            is_pddl: Memo::new(move |_| shelf.problem.with(Problem::is_pddl)),
        };
        bench.follow_text(checker);
        bench.follow_answers();
        bench.follow_document();
        bench
    }

    /// Checks the texts once they have come to rest, and the engine is there.
    fn follow_text(self, checker: Checker) {
        Effect::new(move |before: Option<Option<u64>>| {
            let revision = self.shelf.revision.get();
            let problem = self.shelf.problem.get();
            if self.engine.with(|engine| *engine != EngineCode::Here) {
                checker.checked.set(Arc::new(Checked::not_yet(Stage::Reading)));
                return None;
            }
            checker.check(problem, before != Some(Some(revision)));
            Some(revision)
        });
    }

    /// What a run finds wrong stands with the text too, where the checker has not found it: that text is
    /// too large, or wrong in a way that shows only when it is ground.
    fn follow_answers(self) {
        Effect::new(move |_| {
            let ended = self.runner.ended.get();
            let run = self.runner.on_screen_untracked().filter(|run| Some(run.number) == ended);
            let Some((run, response)) = run.and_then(|run| run.response.clone().map(|own| (run, own))) else {
                return;
            };
            let is_this = self.shelf.problem.with_untracked(|now| *now == run.problem);
            let is_news = self.checked.with_untracked(|checked| {
                checked.stage == Stage::Waiting || checked.found.len() < response.diagnostics.len()
            });
            if is_this && is_news {
                let found = check::found(&run.problem, response.diagnostics.clone());
                self.checked.update(|checked| {
                    *checked = Arc::new(Checked { stage: Stage::Done, found, ..Checked::clone(checked) });
                });
            }
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
        // In a task of its own: the first run draws most of the page anew.
        set_timeout(move || self.runner.run(how), Duration::ZERO);
    }

    /// One expansion, of the run under way or of a fresh one.
    pub fn step(self) {
        if self.running.get_untracked() {
            self.runner.step();
        } else {
            self.run(How::OneStep);
        }
    }

    /// Brings a place of the texts into view.
    pub fn go_to(self, span: Span) {
        let place = self.shelf.problem.with_untracked(|problem| check::place(problem, span));
        self.sheet.show_text(place.index);
        self.goto.set(Some((place.index, place.span)));
        self.finding.set(Some(span));
    }

    /// Makes the edit that mends a finding.
    pub fn apply(self, fix: &Fix) {
        let problem = self.shelf.problem.get_untracked();
        let place = check::place(&problem, fix.span);
        let (start, end) = (place.span.start as usize, place.span.end as usize);
        let text = problem.texts()[place.index].1;
        let mended = text.get(..start).zip(text.get(end..));
        let mended = mended.map(|(before, after)| [before, &fix.replacement, after].concat());
        if let Some(mended) = mended {
            self.shelf.set_problem(problem.with_text(place.index, mended.into()));
        }
    }

    /// The run on screen. One that found errors goes with the text that had them.
    pub fn run_on_screen(self) -> Option<Run> {
        on_screen(self.runner, self.shelf)
    }
}

fn on_screen(runner: Runner, shelf: Shelf) -> Option<Run> {
    let found_errors = |run: &Run| run.response.as_ref().is_some_and(|response| response.outcome.is_none());
    runner.on_screen().filter(|run| !found_errors(run) || shelf.problem.with(|now| is_of(run, now)))
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
