//! Everything the page knows, in one handle that components are given.
//!
//! Signals hold plain data, and what can be derived from them is a memo. They are written where something comes from
//! outside: keys, the editor, the store, the timer of the runs. Two effects follow a change with an act: they check
//! a text that has changed, and take what belongs to a document out of view with it.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::Host;
use super::check::{self, CheckProgress, Checked};
use super::checker::Checker;
use super::drive::Drives;
use super::editor;
use super::outdated::{Outdated, is_of};
use super::runner::{How, Run, Runner};
use super::sheet::{Pane, Sheet, Tab};
use super::shelf::Shelf;
use super::theme::Theme;
use crate::diagnostic::{Fix, Span};
use crate::service::{EngineCode, Problem};
use crate::trace::{Figures, Trace};
use crate::view::limits;

/// The texts of the limit fields, while they are being typed or do not read as a limit.
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
    /// Where the views stand that are not the search.
    pub drives: Drives,
    /// The handle of the batch, once its view has been opened. The code that knows its type comes with the view.
    pub batch: StoredValue<Option<Rc<dyn Any>>, LocalStorage>,
    /// The handle of the bench, likewise.
    pub measuring: StoredValue<Option<Rc<dyn Any>>, LocalStorage>,
    /// What everything here belongs to.
    pub owner: StoredValue<Owner>,
    /// Whether the engine's code is there.
    pub engine: RwSignal<EngineCode>,
    /// The same as yes or no.
    pub has_engine: Memo<bool>,
    /// The findings about the texts, of the checker and of the run that ended last.
    pub checked: Memo<Arc<Checked>>,
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
            drives: Drives::default(),
            batch: StoredValue::new_local(None),
            measuring: StoredValue::new_local(None),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            engine,
            has_engine: Memo::new(move |_| engine.with(|code| *code == EngineCode::Here)),
            checked: Memo::new(move |_| with_findings_of_run(checker.checked.get(), runner, shelf)),
            goto: RwSignal::new(None),
            finding: RwSignal::new(None),
            running,
            paused: Memo::new(move |_| runner.is_paused()),
            number: Memo::new(move |_| on_screen(runner, shelf).map(|run| run.number)),
            outdated: Memo::new(move |_| Outdated::of(shelf, &on_screen(runner, shelf)?)),
            figures: Memo::new(move |_| {
                let cursor = runner.cursor.get();
                let at_cursor = |trace: &Trace| Figures::at(trace, cursor);
                on_screen(runner, shelf).and_then(|run| run.with_trace(at_cursor)).unwrap_or_default()
            }),
            browsing: Memo::new(move |_| {
                shelf.loaded.get() && (sheet.gallery.get() || shelf.open.with(Option::is_none))
            }),
            blocked: Memo::new(move |_| blocked(shelf, drafts, running)),
            is_pddl: Memo::new(move |_| shelf.problem.with(Problem::is_pddl)),
        };
        bench.follow_text(checker);
        bench.follow_document();
        bench
    }

    /// Checks the texts once they have come to rest, and the engine is there.
    fn follow_text(self, checker: Checker) {
        Effect::new(move |before: Option<Option<u64>>| {
            let revision = self.shelf.revision.get();
            let problem = self.shelf.problem.get();
            if self.engine.with(|engine| *engine != EngineCode::Here) {
                checker.checked.set(Arc::new(Checked::not_yet(CheckProgress::Reading)));
                return None;
            }
            checker.check(problem, before != Some(Some(revision)));
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
                self.runner.leave();
                self.runner.show_newest();
            }
            open
        });
    }

    // ── what keys and buttons do ──

    /// Runs the open document and brings what is worth seeing into view.
    pub fn run(self, how: How) {
        if let Some(why) = self.blocked.get_untracked() {
            self.runner.notice.set(Some(format!("Not started. {why}")));
            return;
        }
        self.sheet.gallery.set(false);
        // Where the page has two columns, somebody who types keeps the text in view; others see the result.
        if !editor::has_focus() {
            self.sheet.left_result.set(true);
        }
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

/// The findings about the texts. What a run found wrong with them stands there too, where the checker has not found
/// it: in a text that is too large for the checker, or one that is wrong in a way that shows only when it is ground.
fn with_findings_of_run(checked: Arc<Checked>, runner: Runner, shelf: Shelf) -> Arc<Checked> {
    let ended = runner.ended.get();
    let run = runner.on_screen_untracked().filter(|run| Some(run.number) == ended);
    let Some((run, response)) = run.and_then(|run| run.response.clone().map(|response| (run, response)))
    else {
        return checked;
    };
    let has_more =
        checked.progress == CheckProgress::Waiting || checked.found.len() < response.diagnostics.len();
    if !has_more || !shelf.problem.with(|now| is_of(&run, now)) {
        return checked;
    }
    let found = check::found(&run.problem, response.diagnostics.clone());
    Arc::new(Checked { progress: CheckProgress::Done, found, ..Checked::clone(&checked) })
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
