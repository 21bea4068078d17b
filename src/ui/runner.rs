//! Runs: the one under way, and the ones before it.
//!
//! A run keeps its job for as long as there is room for the recording. While one is under way, its figures are
//! read ten times a second, and down to once where what follows from that costs much; its end is read at once.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use super::Host;
use super::shelf::Shelf;
use super::tasks::Tasks;
use super::ticks::Ticks;
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
/// Least and greatest pause between two readings of the figures, in milliseconds.
const PAUSES: (f64, f64) = (100.0, 1_000.0);
/// A pause is this many times as long as what the last reading cost the page: its frame with all that is drawn in it.
const PAUSE_FOR_COST: f64 = 9.0;

/// A run, under way or over.
#[derive(Clone)]
pub struct Run {
    /// The number of the run; later runs have greater numbers.
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
    pub fn with_trace<R>(&self, read: impl FnOnce(&Trace) -> R) -> Option<R> {
        self.job.as_ref()?.with_trace(read)
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
    /// What the last reading of the figures cost the page, in milliseconds.
    cost: StoredValue<f64>,
    numbers: StoredValue<u64>,
    ticks: StoredValue<Option<Ticks>, LocalStorage>,
    tasks: Tasks,
    /// Runs of all documents, newest first.
    pub runs: RwSignal<Vec<Run>, LocalStorage>,
    /// The run on screen.
    pub shown: RwSignal<Option<u64>>,
    /// Bumped whenever the figures were read.
    pub version: RwSignal<u64>,
    /// The node selected in the scope.
    pub selected: RwSignal<Option<u32>>,
    /// The expansion the scope shows; `None` for the latest.
    pub cursor: RwSignal<Option<u32>>,
    /// Why the last press of Run did nothing, or why a run was cancelled without a press of Cancel.
    pub notice: RwSignal<Option<String>>,
    /// The run that ended last, for whoever tells about it.
    pub ended: RwSignal<Option<u64>>,
}

impl Runner {
    pub fn new(host: Rc<dyn Host>, shelf: Shelf) -> Self {
        let runner = Self {
            host: StoredValue::new_local(host),
            shelf,
            cost: StoredValue::new(0.0),
            numbers: StoredValue::new(0),
            ticks: StoredValue::new_local(None),
            tasks: Tasks::of_owner(),
            runs: RwSignal::new_local(Vec::new()),
            shown: RwSignal::new(None),
            version: RwSignal::new(0),
            selected: RwSignal::new(None),
            cursor: RwSignal::new(None),
            notice: RwSignal::new(None),
            ended: RwSignal::new(None),
        };
        runner.ticks.set_value(Some(Ticks::new(move || runner.tick())));
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
            Err(busy) => self.notice.set(Some(format!("Not started: {busy}."))),
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
        let ended = job.clone();
        let run =
            Run { number, document, settings, asked, problem, job: Some(job), progress, response: None };
        self.add(run);
        self.tasks.run(async move {
            ended.finished().await;
            if untrack(move || self.is_running()) {
                self.read();
            }
        });
        self.ticks.with_value(|ticks| ticks.iter().for_each(|ticks| ticks.wake()));
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
        self.notice.set(None);
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

    /// Ends the run under way because another document has come into view, and says so.
    pub fn leave(self) {
        let document =
            |runs: &Vec<Run>| Some(runs.iter().find(|run| run.response.is_none())?.document.clone());
        let Some(document) = self.runs.with_untracked(document) else { return };
        self.cancel();
        self.notice.set(Some(match self.shelf.newest(&document) {
            Some(of) => format!("The run of “{}” was cancelled: another document was opened.", of.name),
            None => "The run was cancelled: its document was deleted.".into(),
        }));
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

    // ── while something runs ──

    /// Reads the figures; answers the pause until the next time, `None` once nothing runs.
    fn tick(self) -> Option<Duration> {
        let began = self.now_and_worked();
        self.read();
        if !untrack(move || self.is_running()) {
            return None;
        }
        // The effects of new figures run in this frame. The timer fires after it: then it is known what it has cost.
        set_timeout(
            move || {
                let (now, worked) = self.now_and_worked();
                self.cost.try_update_value(|cost| *cost = (now - began.0 - (worked - began.1)).max(0.0));
            },
            Duration::ZERO,
        );
        let (least, most) = PAUSES;
        let pause = (self.cost.get_value() * PAUSE_FOR_COST).clamp(least, most);
        Some(Duration::from_secs_f64(pause / 1e3))
    }

    /// The time, and how long the run under way has worked, in milliseconds.
    fn now_and_worked(self) -> (f64, f64) {
        let now = self.host.try_with_value(|host| host.now_ms()).unwrap_or(0.0);
        (now, self.under_way().map_or(0.0, |job| job.worked().as_secs_f64() * 1e3))
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
        self.version.update(|version| *version += 1);
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
