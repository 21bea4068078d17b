//! Runs: the one under way, and the ones before it.
//!
//! A run keeps its job for as long as there is room for the recording. A frame of the page looks
//! at the jobs once; figures in text change at most ten times a second.

use std::rc::Rc;

use leptos::prelude::*;

use super::Host;
use super::frame::FrameLoop;
use super::shelf::Shelf;
use crate::search::{EngineConfig, HeuristicKind, SearchKind};
use crate::service::{
    GoalPolicy, Job, KeptPlans, Offer, Problem, ProgressReport, Provenance, Request, Response, ResultSummary,
    Settings,
};
use crate::store::DocumentId;
use crate::trace::{Trace, TraceLimits};
use crate::view::plan;

/// Runs kept, of all documents together.
const MOST_RUNS: usize = 20;
/// Recordings beyond the newest are kept while they hold no more than this together.
const MOST_TRACE_BYTES: u64 = 64 << 20;
/// Milliseconds between two readings of the figures.
const TEXT_MS: f64 = 100.0;

/// A run, under way or over.
#[derive(Clone)]
pub struct Run {
    /// Counts runs; later ones have greater numbers.
    pub number: u64,
    /// The document it is of.
    pub document: DocumentId,
    /// How it was run.
    pub settings: Settings,
    /// The document's settings when it began.
    pub asked: Settings,
    /// The texts that were run.
    pub problem: Problem,
    /// The job, while its recording is kept.
    pub job: Option<Job>,
    /// The figures, as they were read last.
    pub progress: Rc<ProgressReport>,
    /// The answer, once it is there.
    pub response: Option<Rc<Response>>,
}

impl Run {
    /// The recording.
    pub fn with_trace<R>(&self, look: impl FnOnce(&Trace) -> R) -> Option<R> {
        self.job.as_ref()?.with_trace(look)
    }

    /// The engine that a kept plan is from, as it was written down; `None` where this is a run.
    pub fn kept_from(&self) -> Option<String> {
        match &self.response.as_ref()?.provenance {
            Provenance::Pattern { engine, .. } => Some(engine.clone()),
            Provenance::Search => None,
        }
    }
}

/// What Run may do beside what the settings say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum How {
    /// As the settings say.
    #[default]
    Plain,
    /// Begin paused and take one step.
    OneStep,
    /// With an engine whose first plan is optimal.
    ProveOptimal,
}

/// The runs.
#[derive(Clone, Copy)]
pub struct Runner {
    host: StoredValue<Rc<dyn Host>, LocalStorage>,
    shelf: Shelf,
    last_text: StoredValue<f64>,
    numbers: StoredValue<u64>,
    frames: StoredValue<Option<FrameLoop>, LocalStorage>,
    /// Runs of all documents, newest first.
    pub runs: RwSignal<Vec<Run>, LocalStorage>,
    /// The run on screen.
    pub shown: RwSignal<Option<u64>>,
    /// Bumped once per frame while something runs.
    pub version: RwSignal<u64>,
    /// The node selected in the scope.
    pub selected: RwSignal<Option<u32>>,
    /// The expansion the scope shows; `None` for the latest.
    pub cursor: RwSignal<Option<u32>>,
    /// Why the last press of Run did nothing.
    pub refused: RwSignal<Option<String>>,
    /// The run that ended last, for whoever tells about it.
    pub ended: RwSignal<Option<u64>>,
}

impl Runner {
    pub fn new(host: Rc<dyn Host>, shelf: Shelf) -> Self {
        let runner = Self {
            host: StoredValue::new_local(host),
            shelf,
            last_text: StoredValue::new(0.0),
            numbers: StoredValue::new(0),
            frames: StoredValue::new_local(None),
            runs: RwSignal::new_local(Vec::new()),
            shown: RwSignal::new(None),
            version: RwSignal::new(0),
            selected: RwSignal::new(None),
            cursor: RwSignal::new(None),
            refused: RwSignal::new(None),
            ended: RwSignal::new(None),
        };
        runner.frames.set_value(Some(FrameLoop::new(move || runner.look())));
        runner
    }

    /// The run on screen, where it is of the open document.
    pub fn on_screen(self) -> Option<Run> {
        let shown = self.shown.get()?;
        let open = self.shelf.open.get()?;
        self.runs.with(|runs| runs.iter().find(|run| run.number == shown && run.document == open).cloned())
    }

    /// The same, for handlers and drawing.
    pub fn on_screen_untracked(self) -> Option<Run> {
        untrack(move || self.on_screen())
    }

    /// Whether a run of any document is under way.
    pub fn is_running(self) -> bool {
        self.runs.with(|runs| runs.iter().any(|run| run.response.is_none()))
    }

    /// Whether the run under way is paused.
    pub fn is_paused(self) -> bool {
        self.runs.with(|runs| runs.iter().any(|run| run.response.is_none() && run.progress.paused))
    }

    fn under_way(self) -> Option<Job> {
        let first = |runs: &Vec<Run>| runs.iter().find(|run| run.response.is_none())?.job.clone();
        self.runs.with_untracked(first)
    }

    // ── the keys ──

    /// Runs the open document.
    pub fn run(self, how: How) {
        let Some(document) = self.shelf.open.get_untracked() else { return };
        if let Some(before) = self.under_way() {
            before.cancel();
        }
        let asked = self.shelf.settings.get_untracked();
        let settings = with_how(asked.clone(), how);
        let problem = self.shelf.problem.get_untracked();
        let request = Request {
            engine: settings.engine,
            goals: settings.goals.clone(),
            limits: settings.limits,
            kept: KeptPlans::Offer,
            trace: Some(TraceLimits::default()),
            pace: settings.pace,
            paused: how == How::OneStep,
            ..Request::new(problem.clone())
        };
        match self.host.with_value(|host| host.submit(request)) {
            Err(busy) => self.refused.set(Some(format!("Not started: {busy}."))),
            Ok(job) => {
                if how == How::OneStep {
                    job.step();
                }
                self.begin(document, [settings, asked], problem, job);
            }
        }
    }

    fn begin(self, document: DocumentId, [settings, asked]: [Settings; 2], problem: Problem, job: Job) {
        let progress = Rc::new(job.progress());
        let number = self.next_number();
        let run =
            Run { number, document, settings, asked, problem, job: Some(job), progress, response: None };
        self.add(run);
        self.frames.with_value(|frames| frames.iter().for_each(|frames| frames.wake()));
    }

    /// Puts a kept plan on screen beside the run that it was offered to. It is no run: nothing was searched.
    pub fn show_kept(self, offer: &Offer) {
        let Some(of) = self.on_screen_untracked() else { return };
        let response = Some(Rc::new(Response::of_offer(offer)));
        self.add(Run { number: self.next_number(), job: None, progress: Rc::default(), response, ..of });
    }

    fn next_number(self) -> u64 {
        self.numbers.update_value(|number| *number += 1);
        self.numbers.get_value()
    }

    fn add(self, run: Run) {
        let number = run.number;
        self.refused.set(None);
        self.selected.set(None);
        self.cursor.set(None);
        self.runs.update(|runs| {
            runs.insert(0, run);
            runs.truncate(MOST_RUNS);
        });
        self.shown.set(Some(number));
    }

    /// Holds the run under way, or lets it go on.
    pub fn pause_or_resume(self) {
        let Some(job) = self.under_way() else { return };
        if job.progress().paused {
            job.resume();
        } else {
            job.pause();
        }
        self.read();
    }

    /// One expansion: of the run under way, or of one that begins with it.
    pub fn step(self) {
        match self.under_way() {
            Some(job) => job.step(),
            None => self.run(How::OneStep),
        }
        self.read();
    }

    /// Ends the run under way.
    pub fn cancel(self) {
        if let Some(job) = self.under_way() {
            job.cancel();
        }
    }

    /// Changes the speed, of the run under way too.
    pub fn set_pace(self, pace: Option<f64>) {
        if let Some(job) = self.under_way() {
            job.set_pace(pace);
        }
        let settings = Settings { pace, ..self.shelf.settings.get_untracked() };
        self.shelf.set_settings(settings);
    }

    /// Puts a run of the open document on screen.
    pub fn show(self, number: u64) {
        if self.shown.get_untracked() != Some(number) {
            self.selected.set(None);
            self.cursor.set(None);
            self.shown.set(Some(number));
        }
    }

    /// Puts the newest run of the open document on screen.
    pub fn show_newest(self) {
        let open = self.shelf.open.get_untracked();
        let newest = self.runs.with_untracked(|runs| {
            runs.iter().find(|run| Some(&run.document) == open.as_ref()).map(|run| run.number)
        });
        self.selected.set(None);
        self.cursor.set(None);
        self.shown.set(newest);
    }

    // ── once a frame ──

    fn look(self) -> bool {
        let now = self.host.with_value(|host| host.now_ms());
        let is_over = self.runs.with_untracked(|runs| {
            let over = |run: &Run| {
                run.response.is_none() && run.job.as_ref().is_some_and(|job| job.response().is_some())
            };
            runs.iter().any(over)
        });
        let is_paused = untrack(move || self.is_paused());
        let is_time = now - self.last_text.get_value() >= TEXT_MS;
        if is_over || is_time {
            self.last_text.set_value(now);
            self.read();
        }
        if is_over || is_time || !is_paused {
            self.version.update(|version| *version += 1);
        }
        untrack(move || self.is_running())
    }

    /// Reads the figures of what runs, and the answers of what is over.
    fn read(self) {
        let mut over = Vec::new();
        self.runs.update(|runs| {
            for run in runs.iter_mut().filter(|run| run.response.is_none()) {
                let Some(job) = &run.job else { continue };
                run.progress = Rc::new(job.progress());
                run.response = job.response();
                if let Some(response) = &run.response {
                    over.push((run.number, run.document.clone(), response.clone()));
                }
            }
            forget_recordings(runs);
        });
        for (number, document, response) in over {
            if let Some(summary) = summary(&response) {
                self.shelf.keep_result(&document, summary);
            }
            self.ended.set(Some(number));
        }
    }
}

/// Lets go of recordings that are too much together; the newest stays.
fn forget_recordings(runs: &mut [Run]) {
    let mut held = 0;
    for run in runs.iter_mut().filter(|run| run.response.is_some()).skip(1) {
        held += run.with_trace(Trace::memory_bytes).unwrap_or(0);
        if held > MOST_TRACE_BYTES {
            run.job = None;
        }
    }
}

fn with_how(settings: Settings, how: How) -> Settings {
    if how != How::ProveOptimal {
        return settings;
    }
    let engine =
        EngineConfig { search: SearchKind::Astar, heuristic: HeuristicKind::Hmax.into(), ..settings.engine };
    Settings { engine, pace: None, ..settings }
}

/// A result in short; `None` where the document has errors.
pub fn summary(response: &Response) -> Option<ResultSummary> {
    let steps = response.plan.iter().flat_map(|plan| &plan.steps);
    Some(ResultSummary {
        outcome: response.outcome?,
        goal: response.goal.clone(),
        plan: steps.map(plan::step_label).collect(),
        cost: response.plan.as_ref().map(|plan| plan.cost),
        optimal: response.optimal,
        statistics: response.statistics,
        search_ms: response.phases.search.as_secs_f64() * 1_000.0,
    })
}

/// The goal policy as the value of a choice.
pub fn policy_key(policy: &GoalPolicy) -> String {
    match policy {
        GoalPolicy::Priority => "priority".into(),
        GoalPolicy::Cheapest => "cheapest".into(),
        GoalPolicy::Named(name) => format!("goal:{name}"),
    }
}

/// The goal policy of a choice's value.
pub fn policy_of(key: &str) -> GoalPolicy {
    match key.strip_prefix("goal:") {
        Some(name) => GoalPolicy::Named(name.to_owned()),
        None if key == "cheapest" => GoalPolicy::Cheapest,
        None => GoalPolicy::Priority,
    }
}
