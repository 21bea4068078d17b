//! A running or finished request, as its caller holds it.
//!
//! A job is a cheap handle (reference-counted, one thread). Dropping every handle cancels it.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};
use std::time::Duration;

use super::goal_search::{Facts, GoalSearch};
use super::grounding::{self, GroundPhase, GroundReport};
use super::node::NodeReport;
use super::{Limits, PhaseTimes, PlanReport, Request, Response};
use crate::lang::plan::Step;
use crate::runtime::{Clock, Control, Meter};
use crate::search::{Guides, Statistics};
use crate::step::Stepper;
use crate::trace::Trace;

/// What a job is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Waiting in the queue.
    #[default]
    Queued,
    /// Text to checked model.
    Parse,
    /// Model to compiled task.
    Ground,
    /// Looking for a plan.
    Search,
    /// Replaying the plan on the source model.
    Validate,
    /// Over; the response is there.
    Finished,
}

/// A snapshot of a job, cheap to take once per animation frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgressReport {
    /// What it is doing.
    pub phase: Phase,
    /// Whether it is paused.
    pub paused: bool,
    /// Time of work so far; pauses and pacing are not counted.
    pub worked: Duration,
    /// Time since it began, pauses excluded and pacing included.
    pub elapsed: Duration,
    /// Time of work by phase, the one under way included.
    pub phases: PhaseTimes,
    /// The time limit.
    pub timeout: Option<Duration>,
    /// Counters so far, summed over all searches of all goals.
    pub statistics: Statistics,
    /// Goals that were searched for, the one under way included.
    pub goals: u32,
    /// The search whose recording is shown.
    pub drawn: Option<DrawnReport>,
    /// Least h so far, in the document's unit.
    pub best_h: Option<f64>,
    /// h of the initial state, in the document's unit.
    pub initial_h: Option<f64>,
    /// Entries in the open list.
    pub open: u64,
    /// Bytes held by the search, or by grounding, now.
    pub memory_bytes: u64,
    /// The plans of an anytime engine so far, each cheaper than the one before.
    pub improvements: Vec<PlanReport>,
    /// What grounding has come to, for PDDL; while it goes on, the last phase is under way.
    pub grounding: Option<GroundReport>,
    /// The memory limit.
    pub memory_limit_bytes: u64,
    /// The goal being planned for.
    pub goal: Option<String>,
    /// Slices so far.
    pub slices: SliceReport,
}

/// How the work was cut into slices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SliceReport {
    /// Slices so far.
    pub count: u64,
    /// The longest, in milliseconds.
    pub longest_ms: f64,
    /// Counts of slices by length: bucket `i` holds lengths in `[0.125·2^i, 0.125·2^(i+1))` ms,
    /// the first everything shorter, the last (128 ms and more) everything longer.
    pub histogram: [u32; 11],
    /// `(expansions of the job when the slice ended, length in ms)` of all slices, in at most 4,096 entries:
    /// where there are more slices, an entry stands for several, with the longest length.
    pub entries: Vec<(u32, f32)>,
}

/// The search whose recording is shown, among those of a job.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrawnReport {
    /// What guides it; its number counts the searches of the engine for its goal.
    pub guides: Guides,
    /// Searches that the engine has begun for this goal.
    pub searches: u32,
    /// Expansions of the job before it: by the engine's searches before, and for goals before.
    pub expanded_before: u64,
}

/// A handle to a job. Dropping every clone cancels the job.
#[derive(Clone)]
pub struct Job {
    core: Rc<JobCore>,
    guard: Rc<CancelOnDrop>,
}

/// A handle that does not keep its job from being cancelled.
#[derive(Clone)]
pub struct WeakJob {
    core: Weak<JobCore>,
    guard: Weak<CancelOnDrop>,
}

impl WeakJob {
    /// The job, while somebody else holds it.
    pub fn upgrade(&self) -> Option<Job> {
        Some(Job { core: self.core.upgrade()?, guard: self.guard.upgrade()? })
    }
}

struct CancelOnDrop(Rc<JobCore>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.control.cancel();
    }
}

impl Job {
    pub(super) fn new(core: Rc<JobCore>) -> Self {
        Self { guard: Rc::new(CancelOnDrop(Rc::clone(&core))), core }
    }

    /// A handle that does not keep it from being cancelled.
    pub fn downgrade(&self) -> WeakJob {
        WeakJob { core: Rc::downgrade(&self.core), guard: Rc::downgrade(&self.guard) }
    }

    /// Numbers the jobs of a service, from 1.
    pub fn id(&self) -> u64 {
        self.core.id
    }

    /// Asks it to stop; it ends as cancelled within a slice.
    pub fn cancel(&self) {
        self.core.control.cancel();
    }

    /// Holds it after the current slice.
    pub fn pause(&self) {
        self.core.control.pause();
    }

    /// Lets a paused job go on.
    pub fn resume(&self) {
        self.core.control.resume();
    }

    /// One expansion, then paused again. Pauses a running job first.
    pub fn step(&self) {
        self.core.control.step();
    }

    /// Expansions a second to watch; `None` for full speed.
    pub fn set_pace(&self, expansions_per_second: Option<f64>) {
        self.core.control.set_pace(expansions_per_second);
    }

    /// A snapshot. O(slices kept).
    pub fn progress(&self) -> ProgressReport {
        self.core.progress()
    }

    /// Time of work so far: the sum of all slices.
    pub fn worked(&self) -> Duration {
        self.core.meter.worked()
    }

    /// The response, once it is there.
    pub fn response(&self) -> Option<Rc<Response>> {
        self.core.response.borrow().clone()
    }

    /// Waits for the response.
    pub async fn finished(&self) -> Rc<Response> {
        poll_fn(|context| {
            if let Some(response) = self.response() {
                return Poll::Ready(response);
            }
            let mut waiting = self.core.waiting.borrow_mut();
            if !waiting.iter().any(|waker| waker.will_wake(context.waker())) {
                waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await
    }

    /// Shows the recording of the goal that is or was planned for; `None` where there is none.
    /// The closure must not call back into the job.
    pub fn with_trace<R>(&self, look: impl FnOnce(&Trace) -> R) -> Option<R> {
        let search = self.core.shown()?;
        let search = search.try_borrow().ok()?;
        search.trace().map(look)
    }

    /// The name of an operator in the recording, as a step; `None` where it is not known.
    pub fn step_of(&self, operator: u32) -> Option<Step> {
        self.core.shown()?.try_borrow().ok()?.step_of(operator)
    }

    /// Opens a node of the recording as it was after `time` expansions, or as it is now. Replays the way to it
    /// on the source model: O(depth + actions + recorded arrivals).
    pub fn inspect(&self, node: u32, time: Option<u32>) -> Option<NodeReport> {
        let search = self.core.shown()?;
        let search = search.try_borrow().ok()?;
        super::inspect::inspect(&search, node, time)
    }
}

/// A job as the service holds it.
pub(super) struct JobCore {
    pub(super) id: u64,
    pub(super) control: Control,
    pub(super) meter: Meter,
    phase: Cell<Phase>,
    /// Work done when the phase began, and the times of those before.
    entered: Cell<Duration>,
    times: Cell<PhaseTimes>,
    pub(super) limits: Limits,
    pub(super) began: Cell<Option<Duration>>,
    pub(super) elapsed: Cell<Duration>,
    clock: Rc<dyn Clock>,
    pub(super) goal: RefCell<Option<String>>,
    searches: RefCell<Vec<Rc<RefCell<GoalSearch>>>>,
    shown: Cell<usize>,
    /// Of the search that is shown.
    improvements: RefCell<(usize, Vec<PlanReport>)>,
    ground: RefCell<Option<grounding::Shown>>,
    grounded: RefCell<Option<GroundReport>>,
    ground_phases: RefCell<Vec<GroundPhase>>,
    response: RefCell<Option<Rc<Response>>>,
    waiting: RefCell<Vec<Waker>>,
}

impl JobCore {
    pub(super) fn new(id: u64, request: &Request, clock: Rc<dyn Clock>) -> Self {
        Self {
            id,
            control: Control::new(request.pace, request.paused),
            meter: Meter::default(),
            phase: Cell::new(Phase::Queued),
            entered: Cell::new(Duration::ZERO),
            times: Cell::default(),
            limits: request.limits,
            began: Cell::new(None),
            elapsed: Cell::new(Duration::ZERO),
            clock,
            goal: RefCell::new(None),
            searches: RefCell::new(Vec::new()),
            shown: Cell::new(0),
            improvements: RefCell::default(),
            ground: RefCell::new(None),
            grounded: RefCell::new(None),
            ground_phases: RefCell::new(Vec::new()),
            response: RefCell::new(None),
            waiting: RefCell::new(Vec::new()),
        }
    }

    /// Time since it began, without the time it was held.
    pub(super) fn used(&self) -> Duration {
        match self.began.get() {
            Some(began) => {
                let now = self.clock.now();
                now.saturating_sub(began).saturating_sub(self.meter.waited(now))
            }
            None => Duration::ZERO,
        }
    }

    /// Time left until the deadline.
    pub(super) fn remaining(&self) -> Option<Duration> {
        self.limits.timeout.map(|timeout| timeout.saturating_sub(self.used()))
    }

    pub(super) fn add_search(&self, search: Rc<RefCell<GoalSearch>>) {
        self.searches.borrow_mut().push(search);
    }

    /// Which of the searches is looked at from outside.
    pub(super) fn show(&self, search: usize) {
        self.shown.set(search);
    }

    /// Begins a phase.
    pub(super) fn enter(&self, phase: Phase) {
        self.times.set(self.times());
        self.entered.set(self.meter.worked());
        self.phase.set(phase);
    }

    /// Time by phase, the one under way included.
    fn times(&self) -> PhaseTimes {
        let mut times = self.times.get();
        let so_far = self.meter.worked().saturating_sub(self.entered.get());
        match self.phase.get() {
            Phase::Parse => times.parse += so_far,
            Phase::Ground => times.ground += so_far,
            Phase::Search => times.search += so_far,
            Phase::Validate => times.validate += so_far,
            Phase::Queued | Phase::Finished => {}
        }
        times
    }

    /// Shows a grounding from outside while it goes on.
    pub(super) fn show_grounding(&self, ground: &grounding::Shown) {
        self.ground.replace(Some(Rc::clone(ground)));
    }

    /// Ends that: its arenas are given back, and what it came to stays.
    pub(super) fn hide_grounding(&self) {
        let last = self.grounding();
        self.grounded.replace(last);
        self.ground.replace(None);
    }

    pub(super) fn note_ground_phase(&self, name: &'static str, time: Duration) {
        grounding::note_phase(&mut self.ground_phases.borrow_mut(), name, time);
    }

    pub(super) fn ground_phases(&self) -> Vec<GroundPhase> {
        self.ground_phases.borrow().clone()
    }

    fn ground_bytes(&self) -> u64 {
        let ground = self.ground.borrow();
        ground.as_ref().and_then(|ground| Some(ground.try_borrow().ok()?.memory_bytes())).unwrap_or(0)
    }

    fn grounding(&self) -> Option<GroundReport> {
        let ground = self.ground.borrow();
        let Some(ground) = ground.as_ref() else { return self.grounded.borrow().clone() };
        let ground = ground.try_borrow().ok()?;
        let mut phases = self.ground_phases();
        // The phase under way has taken what those before it have not.
        let noted = phases.iter().map(|phase| phase.ms).sum::<f64>() / 1e3;
        let under_way = self.times().ground.as_secs_f64() - noted;
        let under_way = Duration::from_secs_f64(under_way.max(0.0));
        grounding::note_phase(&mut phases, ground.phase().name(), under_way);
        Some(GroundReport { counts: ground.counts(), phases })
    }

    pub(super) fn searches(&self) -> Vec<Rc<RefCell<GoalSearch>>> {
        self.searches.borrow().clone()
    }

    fn shown(&self) -> Option<Rc<RefCell<GoalSearch>>> {
        self.searches.borrow().get(self.shown.get()).cloned()
    }

    /// Answers, once and for all.
    pub(super) fn finish(&self, response: Response) {
        self.elapsed.set(self.used());
        self.enter(Phase::Finished);
        self.response.borrow_mut().get_or_insert_with(|| Rc::new(response));
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Notes the plans that the search shown has come to since the last time, with the time by now.
    pub(super) fn note_improvements(&self) -> Vec<PlanReport> {
        let mut improvements = self.improvements.borrow_mut();
        let (of, noted) = &mut *improvements;
        if *of != self.shown.get() {
            (*of, *noted) = (self.shown.get(), Vec::new());
        }
        if let Some(search) = self.shown()
            && let Ok(search) = search.try_borrow()
        {
            let ms = self.meter.worked().as_secs_f64() * 1e3;
            let unit = search.unit();
            let new = search.improvements().get(noted.len()..).unwrap_or_default();
            noted.extend(new.iter().map(|plan| {
                let cost = plan.cost as f64 * unit;
                PlanReport { cost, length: plan.length, expanded: plan.expanded, ms }
            }));
        }
        noted.clone()
    }

    fn progress(&self) -> ProgressReport {
        let improvements = self.note_improvements();
        let searches = self.searches.borrow();
        let all: Vec<Facts> =
            searches.iter().filter_map(|search| Some(search.try_borrow().ok()?.facts())).collect();
        let shown = all.get(self.shown.get()).copied().unwrap_or_default();
        let drawn = self.shown().and_then(|search| {
            let search = search.try_borrow().ok()?;
            search.trace()?;
            let goals_before = all.iter().take(self.shown.get());
            let expanded_before = goals_before.map(|facts| facts.statistics.expanded).sum::<u64>();
            let guides = search.guides();
            Some(DrawnReport {
                guides,
                searches: search.passes(),
                expanded_before: expanded_before + guides.expanded_before,
            })
        });
        let is_finished = self.phase.get() == Phase::Finished;
        let used = if is_finished { self.elapsed.get() } else { self.used() };
        ProgressReport {
            phase: self.phase.get(),
            paused: self.control.is_paused() && !is_finished,
            worked: self.meter.worked(),
            elapsed: used,
            phases: self.times(),
            timeout: self.limits.timeout,
            statistics: total(&all),
            goals: all.len() as u32,
            drawn,
            best_h: shown.best_h,
            initial_h: shown.initial_h,
            open: shown.open,
            memory_bytes: all.iter().map(|facts| facts.memory_bytes).sum::<u64>() + self.ground_bytes(),
            improvements,
            grounding: self.grounding(),
            memory_limit_bytes: self.limits.memory_bytes,
            goal: self.goal.borrow().clone(),
            slices: self.meter.with_slices(|log| SliceReport {
                count: log.count,
                longest_ms: log.longest.as_secs_f64() * 1e3,
                histogram: log.histogram,
                entries: log.entries().to_vec(),
            }),
        }
    }
}

/// The sums over all searches of a job.
pub(super) fn total(all: &[Facts]) -> Statistics {
    all.iter().fold(Statistics::default(), |sum, facts| sum.plus(facts.statistics))
}
