//! A job as the service holds it: what it was asked, how it stands, and its answer.
//!
//! Everything that changes is in one plain struct behind one cell, which is borrowed only within the methods
//! here. The searches and the grounding under way are shared with the code that steps them.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::{Rc, Weak};
use std::time::Duration;

use futures::future::{Either, LocalBoxFuture, select};
use tracing::Span;

use super::events::{Event, EventLog};
use super::goal_search::{Figures, GoalSearch};
use super::grounding::{GroundPhase, GroundReport, SharedGround, add_phase_time};
use super::ledger::{Entry, Ledger};
use super::meters;
use super::offer::Offer;
use super::phases::Phases;
use super::progress::{DrawnReport, Phase, ProgressReport, SliceReport};
use super::request::{Limits, Request};
use super::response::{PhaseTimes, PlanReport, Response};
use crate::runtime::{Allowed, Bounds, Control, Meter, Pacing, Share, Shares, Watch, Yield, spans};
use crate::search::{EngineConfig, Statistics};
use crate::step::Stepper;

/// A job as the service holds it.
pub(super) struct JobCore {
    pub(super) id: u64,
    pub(super) control: Control,
    pub(super) meter: Rc<Meter>,
    pub(super) engine: EngineConfig,
    limits: Limits,
    /// When it was submitted, on the clock.
    pub(super) submitted: Duration,
    /// When it has to be answered, on the clock.
    deadline: Option<Duration>,
    /// The platform's time, for the job's own clock and for opening nodes.
    pub(super) pacing: Pacing,
    /// The same for the job's work: it shares the thread with other jobs.
    pub(super) turns: Pacing,
    /// What happens to it.
    pub(super) events: Rc<EventLog>,
    /// Its time of work when it was last said that there are new figures.
    announced: Cell<Duration>,
    state: RefCell<State>,
    response: Watch<Option<Rc<Response>>>,
    /// Its place among those that are not answered.
    entry: Entry<Self>,
}

/// Time of work between two events that say that there are new figures: ten a second is what eyes can follow.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// Yields, and announces first what the slice before has brought.
struct Announcing {
    share: Share,
    core: Weak<JobCore>,
}

impl Yield for Announcing {
    fn yield_now(&self) -> LocalBoxFuture<'static, ()> {
        if let Some(core) = self.core.upgrade() {
            core.announce();
        }
        self.share.yield_now()
    }
}

/// How a job stands.
#[derive(Default)]
struct State {
    phases: Phases,
    /// When the work began, and how long the job had been held until then.
    began: Option<(Duration, Duration)>,
    /// Time that the job took, once it is over.
    elapsed: Duration,
    name: String,
    goal: Option<String>,
    searches: Vec<Rc<RefCell<GoalSearch>>>,
    /// Index of the search that is on show.
    shown: usize,
    /// Index of the search that is shown, and the plans that it has come to so far.
    improvements: (usize, Vec<PlanReport>),
    ground: Option<SharedGround>,
    grounded: Option<GroundReport>,
    ground_phases: Vec<GroundPhase>,
    offer: Option<Rc<Offer>>,
}

impl JobCore {
    /// A job that is submitted now, and shares the thread with others by `shares`.
    pub(super) fn new(
        id: u64,
        request: &Request,
        pacing: Pacing,
        shares: &Shares,
        ledger: &Rc<Ledger<Self>>,
    ) -> Rc<Self> {
        let (submitted, meter) = (pacing.clock.now(), Rc::<Meter>::default());
        let share = shares.join(pacing.clone(), Rc::clone(&meter));
        let state = State { phases: Phases::new(spans::request(id)), ..State::default() };
        Rc::new_cyclic(|core| Self {
            id,
            control: Control::new(request.pace, request.paused),
            meter,
            engine: request.engine,
            limits: request.limits,
            submitted,
            deadline: request.deadline.map(|deadline| submitted.saturating_add(deadline)),
            turns: Pacing {
                yielder: Rc::new(Announcing { share, core: Weak::clone(core) }),
                ..pacing.clone()
            },
            pacing,
            events: Rc::default(),
            announced: Cell::default(),
            state: RefCell::new(state),
            response: Watch::new(None),
            entry: ledger.enter(core),
        })
    }

    /// The work begins: from now on its time counts.
    pub(super) fn begin(&self) {
        let now = self.pacing.clock.now();
        self.state.borrow_mut().began = Some((now, self.meter.waited(now)));
        self.events.add(Event::Started);
    }

    /// Time since it began, without the time it was held.
    fn used(&self) -> Duration {
        let Some((began, waited_before)) = self.state.borrow().began else { return Duration::ZERO };
        let now = self.pacing.clock.now();
        let waited = self.meter.waited(now).saturating_sub(waited_before);
        now.saturating_sub(began).saturating_sub(waited)
    }

    /// What it may still take: the rest of its time limit, or `share` of that, and until its deadline.
    pub(super) fn allowed(&self, share: Option<Duration>) -> Allowed {
        Allowed { time: share, until: self.deadline }
    }

    /// Time left until the time limit or the deadline, whichever comes first.
    pub(super) fn remaining(&self) -> Option<Duration> {
        let of_limit = self.limits.timeout.map(|timeout| timeout.saturating_sub(self.used()));
        let now = self.pacing.clock.now();
        let of_deadline = self.deadline.map(|deadline| deadline.saturating_sub(now));
        of_limit.into_iter().chain(of_deadline).min()
    }

    /// Waits for what has to come before the job starts, and no longer than until it is cancelled, its deadline
    /// passes, or the service closes.
    ///
    /// # Errors
    /// The answer to a job that is not started.
    pub(super) async fn before_the_start<T>(
        &self,
        closing: impl Future<Output = ()>,
        wait: impl Future<Output = T>,
    ) -> Result<T, Response> {
        let mut bounds = Bounds::new(&self.pacing, &self.control, &self.meter, self.allowed(None));
        let waited = match select(pin!(bounds.race(wait)), pin!(closing)).await {
            Either::Left((waited, _)) => waited,
            Either::Right(_) => return Err(Response::shut_down()),
        };
        // What it waited for may have come too late.
        waited
            .and_then(|found| bounds.check(self.pacing.clock.now()).map(|()| found))
            .map_err(Response::not_started)
    }

    /// Says what its problem is called.
    pub(super) fn name_it(&self, name: &str) {
        name.clone_into(&mut self.state.borrow_mut().name);
    }

    pub(super) fn name(&self) -> String {
        self.state.borrow().name.clone()
    }

    pub(super) fn phase(&self) -> Phase {
        self.state.borrow().phases.now
    }

    /// Says which goal is planned for.
    pub(super) fn plan_for(&self, goal: &str) {
        self.state.borrow_mut().goal = Some(goal.to_owned());
    }

    pub(super) fn add_search(&self, search: Rc<RefCell<GoalSearch>>) {
        self.state.borrow_mut().searches.push(search);
    }

    /// Chooses the search that is on show.
    pub(super) fn show(&self, search: usize) {
        self.state.borrow_mut().shown = search;
    }

    /// Offers a kept plan in progress reports.
    pub(super) fn offer(&self, offer: Offer) {
        self.state.borrow_mut().offer = Some(Rc::new(offer));
    }

    pub(super) fn offered(&self) -> Option<Rc<Offer>> {
        self.state.borrow().offer.clone()
    }

    /// Begins a phase.
    pub(super) fn enter(&self, phase: Phase) {
        let is_other = self.state.borrow_mut().phases.enter(phase, self.meter.worked());
        if is_other && phase != Phase::Finished {
            self.events.add(Event::Phase(phase));
        }
    }

    /// Its span, until it is answered.
    pub(super) fn span(&self) -> Span {
        self.state.borrow().phases.request.clone()
    }

    /// The span of the phase that it is in.
    pub(super) fn phase_span(&self) -> Span {
        self.state.borrow().phases.span.clone()
    }

    /// Time by phase, the one under way included.
    fn times(&self) -> PhaseTimes {
        self.state.borrow().phases.times(self.meter.worked())
    }

    /// Shows a grounding under way in progress reports.
    pub(super) fn show_grounding(&self, ground: &SharedGround) {
        self.state.borrow_mut().ground = Some(Rc::clone(ground));
    }

    /// Shows the grounding no longer: its report stays, its arenas are given back.
    pub(super) fn hide_grounding(&self) {
        let last = self.grounding();
        let mut state = self.state.borrow_mut();
        (state.grounded, state.ground) = (last, None);
    }

    pub(super) fn note_ground_phase(&self, name: &'static str, time: Duration) {
        add_phase_time(&mut self.state.borrow_mut().ground_phases, name, time);
    }

    pub(super) fn ground_phases(&self) -> Vec<GroundPhase> {
        self.state.borrow().ground_phases.clone()
    }

    fn ground_bytes(&self) -> u64 {
        let ground = &self.state.borrow().ground;
        ground.as_ref().and_then(|ground| Some(ground.try_borrow().ok()?.memory_bytes())).unwrap_or(0)
    }

    fn grounding(&self) -> Option<GroundReport> {
        let times = self.times();
        let state = self.state.borrow();
        let Some(ground) = state.ground.as_ref() else { return state.grounded.clone() };
        let ground = ground.try_borrow().ok()?;
        let mut phases = state.ground_phases.clone();
        // The time that the earlier phases have not taken belongs to the phase under way.
        let noted = phases.iter().map(|phase| phase.ms).sum::<f64>() / 1e3;
        let under_way = Duration::from_secs_f64((times.ground.as_secs_f64() - noted).max(0.0));
        add_phase_time(&mut phases, ground.phase().name(), under_way);
        Some(GroundReport { counts: ground.counts(), phases })
    }

    pub(super) fn searches(&self) -> Vec<Rc<RefCell<GoalSearch>>> {
        self.state.borrow().searches.clone()
    }

    pub(super) fn shown(&self) -> Option<Rc<RefCell<GoalSearch>>> {
        let state = self.state.borrow();
        state.searches.get(state.shown).cloned()
    }

    /// The answer, once it is there.
    pub(super) fn response(&self) -> Option<Rc<Response>> {
        self.response.with(Clone::clone)
    }

    /// Waits for the answer.
    pub(super) fn answered(&self) -> impl Future<Output = Rc<Response>> {
        self.response.until(Clone::clone)
    }

    /// Answers, once and for all.
    pub(super) fn finish(&self, mut response: Response) {
        response.id = self.id;
        let (elapsed, span) = (self.used(), self.span());
        self.enter(Phase::Finished);
        let mut state = self.state.borrow_mut();
        state.elapsed = elapsed;
        let waited = state.began.map(|(began, _)| began.saturating_sub(self.submitted));
        drop(state);
        if let Some(meters) = self.entry.leave() {
            let now = self.pacing.clock.now();
            self.meter.with_slices(|log| meters.count(&response, waited, log, now));
            meters::tell(&span, &response);
        }
        let answer = self.response.update(|kept| Rc::clone(kept.get_or_insert_with(|| Rc::new(response))));
        self.events.add(Event::Ended(answer));
    }

    /// The plans that the search on show has found so far, each with the time of work at which it was found.
    pub(super) fn improvements(&self) -> Vec<PlanReport> {
        self.note_improvements();
        self.state.borrow().improvements.1.clone()
    }

    /// Notes and announces what the search on show has found since the last call.
    fn note_improvements(&self) {
        let Some(shown) = self.shown() else { return };
        let Ok(mut search) = shown.try_borrow_mut() else { return };
        let unit = search.unit();
        let mut state = self.state.borrow_mut();
        let at = state.shown;
        let (of, noted) = &mut state.improvements;
        if *of != at {
            (*of, *noted) = (at, Vec::new());
        }
        let before = noted.len();
        noted.extend(search.improvements_with_times().skip(before).map(|(plan, found)| PlanReport {
            cost: plan.cost as f64 * unit,
            length: plan.length,
            expanded: plan.expanded,
            ms: found.as_secs_f64() * 1e3,
        }));
        noted[before..].iter().for_each(|plan| self.events.add(Event::Improved(*plan)));
    }

    /// Tells the readers of the events what a slice has brought.
    fn announce(&self) {
        self.note_improvements();
        let worked = self.meter.worked();
        if worked.saturating_sub(self.announced.get()) >= PROGRESS_INTERVAL {
            self.announced.set(worked);
            self.events.move_on();
        }
    }

    /// A snapshot. O(slices kept).
    pub(super) fn progress(&self) -> ProgressReport {
        let improvements = self.improvements();
        let (used, times, grounding) = (self.used(), self.times(), self.grounding());
        let state = self.state.borrow();
        let all: Vec<Figures> =
            state.searches.iter().filter_map(|search| Some(search.try_borrow().ok()?.figures())).collect();
        let shown = all.get(state.shown).copied().unwrap_or_default();
        let drawn = state.searches.get(state.shown).and_then(|search| {
            let search = search.try_borrow().ok()?;
            search.trace()?;
            let goals_before = all.iter().take(state.shown);
            let expanded_before = goals_before.map(|figures| figures.statistics.expanded).sum::<u64>();
            let guides = search.guides();
            Some(DrawnReport {
                guides,
                searches: search.passes(),
                expanded_before: expanded_before + guides.expanded_before,
            })
        });
        let phase = state.phases.now;
        let is_finished = phase == Phase::Finished;
        ProgressReport {
            phase,
            paused: self.control.is_paused() && !is_finished,
            worked: self.meter.worked(),
            elapsed: if is_finished { state.elapsed } else { used },
            phases: times,
            timeout: self.limits.timeout,
            statistics: total(&all),
            goals: all.len() as u32,
            drawn,
            best_h: shown.best_h,
            initial_h: shown.initial_h,
            open: shown.open,
            memory_bytes: all.iter().map(|figures| figures.memory_bytes).sum::<u64>() + self.ground_bytes(),
            improvements,
            grounding,
            memory_limit_bytes: self.limits.memory_bytes,
            goal: state.goal.clone(),
            offer: state.offer.clone(),
            slices: self.meter.with_slices(|log| SliceReport {
                count: log.lengths.count,
                longest_ms: log.lengths.longest.as_secs_f64() * 1e3,
                histogram: log.octaves(),
                entries: log.entries().to_vec(),
            }),
        }
    }
}

/// The sums over all searches of a job.
pub(super) fn total(all: &[Figures]) -> Statistics {
    all.iter().fold(Statistics::default(), |sum, figures| sum.plus(figures.statistics))
}
