//! An engine at work on a task: its passes, in turns, and the best plan so far.
//!
//! Whoever has worked least for its weight goes next. Work is counted from what a search did, not from budgets,
//! and a turn ends after so many expansions: however the engine is sliced, it does the same.

use std::cell::Cell;
use std::sync::Arc;

use super::best::{Best, Improvement};
use super::config::{EngineConfig, HeuristicKind};
use super::engine::{Finished, SearchEnd};
use super::evaluators::HeuristicStart;
use super::improve::{Improver, Try};
use super::lane::{Ground, Lane, Observe, Turn, Windows};
use super::observer::Observer;
use super::ordering::{Optimality, Ordering};
use super::passes::{Better, Guides, Series, script};
use super::statistics::Statistics;
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Instance, Task};

/// An engine that gives up has worked so many units at least, about two seconds.
const LEAST_UNITS: u64 = 2_000_000;
/// And so many times as much as until its last better plan.
const PATIENCE: u64 = 4;

/// Units of work of a turn, at least and at most: the least is less than a millisecond.
const TURN_UNITS: (u64, u64) = (500, 10_000);
/// A turn is this part of the work so far.
const TURNS: u64 = 16;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Going {
    Lane(usize),
    Windows,
}

/// An engine as a stepper.
pub struct Planner<O> {
    ground: Ground<O>,
    lanes: Vec<Lane<O>>,
    /// Series that have not begun, the next one first.
    waiting: Vec<Series>,
    better: Option<Better>,
    gives_up: bool,
    windows: Option<Windows>,
    going: Option<Going>,
    /// Of the passes that are over.
    statistics: Statistics,
    peak_memory: u64,
    /// Units so far, and when the best plan was found.
    work: u64,
    work_at_best: u64,
    best: Best<O>,
}

impl<O: Observer + 'static> Planner<O> {
    /// An engine that has not begun. `memory_limit` is in bytes and covers everything that grows;
    /// `has_uniform_cost`: all operators have the same constant cost; `observe` makes the observer of each
    /// pass.
    pub fn new(
        task: &Arc<Task>,
        instance: Instance,
        config: &EngineConfig,
        has_uniform_cost: bool,
        memory_limit: u64,
        observe: Observe<O>,
    ) -> Self {
        let mut script = script(config, has_uniform_cost, task.operators.len());
        let ground = Ground {
            task: Arc::clone(task),
            instance,
            config: *config,
            has_uniform_cost,
            memory_limit,
            observe,
            passes: Cell::new(0),
        };
        let waiting = script.first.split_off(1);
        let lanes: Vec<_> =
            script.first.into_iter().filter_map(|series| Lane::new(&ground, series, 0, i64::MAX)).collect();
        Self {
            best: Best::new(ground.optimality(&lanes[0].pass)),
            ground,
            lanes,
            waiting,
            gives_up: script.better.as_ref().is_some_and(|better| better.gives_up),
            better: script.better,
            windows: None,
            going: None,
            statistics: Statistics::default(),
            peak_memory: 0,
            work: 0,
            work_at_best: 0,
        }
    }

    /// Counters of all passes so far, those of windows included.
    pub fn statistics(&self) -> Statistics {
        let lanes = self.lanes.iter().map(|lane| lane.running.statistics());
        let windows = self.windows.as_ref().map(|windows| windows.improver.statistics());
        lanes.chain(windows).fold(self.statistics, Statistics::plus)
    }

    /// Whether an expansion has begun and is not over.
    pub fn is_mid_expansion(&self) -> bool {
        matches!(self.going, Some(Going::Lane(lane)) if self.lanes[lane].running.is_mid_expansion())
    }

    /// Gives up the search for what [`observer`](Self::observer) has seen.
    pub fn into_observer(mut self) -> O {
        match self.best.witness {
            Some((witness, _)) if self.best.is_over => witness,
            _ => self.lanes.swap_remove(0).running.into_observer(),
        }
    }

    /// Whoever watches the pass; at the end whoever watched the one that found the plan.
    pub fn observer(&self) -> &O {
        self.best.watched().map_or_else(|| self.lanes[0].running.observer(), |(witness, _)| witness)
    }

    /// What guides, or guided, the pass of [`observer`](Self::observer).
    pub fn guides(&self) -> Guides {
        self.best.watched().map_or_else(|| self.guides_of(0), |(_, guides)| *guides)
    }

    /// What guides the pass of a lane.
    fn guides_of(&self, at: usize) -> Guides {
        let Lane { pass, running, number, .. } = &self.lanes[at];
        let expanded_before = self.statistics().expanded - running.statistics().expanded;
        Guides { heuristics: pass.heuristics, ordering: pass.ordering, number: *number, expanded_before }
    }

    /// Passes that have begun.
    pub fn passes(&self) -> u32 {
        self.ground.passes.get()
    }

    /// Least h of the pass and h of its initial state, by its first heuristic; `None` before any is known.
    pub fn best_and_initial_h(&self) -> (Option<i64>, Option<i64>) {
        self.lanes[0].running.best_and_initial_h()
    }

    /// How each heuristic of the pass that is shown began.
    pub fn heuristic_starts(&self) -> Vec<(HeuristicKind, HeuristicStart)> {
        let lane = &self.lanes[0];
        lane.pass.heuristics.iter().zip(lane.running.heuristic_starts()).collect()
    }

    /// Entries in the open list.
    pub fn open_size(&self) -> usize {
        self.lanes[0].running.open_size()
    }

    /// Most bytes held at once.
    pub fn peak_memory_bytes(&self) -> u64 {
        let lanes = self.lanes.iter().map(|lane| lane.running.peak_memory_bytes());
        self.peak_memory.max(lanes.sum())
    }

    /// What may be said of the plan that is returned.
    pub fn optimality(&self) -> Optimality {
        self.best.optimality
    }

    /// How the pass under way is ordered.
    pub fn ordering(&self) -> &Ordering {
        &self.lanes[0].pass.ordering
    }

    /// Gives up looking for a better plan; the best one so far, where there is one.
    pub fn stop(&mut self) -> Option<Finished> {
        self.best.answer(Optimality::Stopped)
    }

    /// Every plan so far of an engine that looks for better ones, each cheaper than the one before.
    pub fn improvements(&self) -> &[Improvement] {
        &self.best.improvements
    }

    /// Who goes next; `None` where nobody is left.
    fn pick(&mut self) -> Option<Going> {
        while self.waiting.first().is_some_and(|next| self.work >= next.after || self.is_idle()) {
            let series = self.waiting.remove(0);
            let due = self.least_due();
            self.lanes.extend(Lane::new(&self.ground, series, due, i64::MAX));
            let statistics =
                self.lanes.extract_if(.., |lane| lane.is_over).map(|lane| lane.running.statistics());
            self.statistics = statistics.fold(self.statistics, Statistics::plus);
        }
        let lanes = self.lanes.iter().enumerate().filter(|(_, lane)| !lane.is_over);
        let lanes = lanes.map(|(at, lane)| (lane.due, Going::Lane(at)));
        let windows = self.windows.as_ref().map(|windows| (windows.due, Going::Windows));
        let (_, going) = lanes.chain(windows).min_by_key(|(due, _)| *due)?;
        if let Going::Lane(at) = going {
            let others = self.memory_bytes() - self.lanes[at].memory_bytes();
            let active = self.lanes.iter().filter(|lane| !lane.is_over).count();
            let is_alone = active == 1 && self.waiting.is_empty() && self.windows.is_none();
            // The first one may take what the others leave, they a quarter each.
            let most = if at == 0 { u64::MAX } else { self.ground.memory_limit / 4 };
            let turn = (self.work / TURNS).clamp(TURN_UNITS.0, TURN_UNITS.1);
            let lane = &mut self.lanes[at];
            lane.running.set_memory_limit(self.ground.memory_limit.saturating_sub(others).min(most));
            lane.running.begin_turn(if is_alone { u64::MAX } else { turn });
        }
        Some(going)
    }

    /// Whether no lane is under way.
    fn is_idle(&self) -> bool {
        self.lanes.iter().all(|lane| lane.is_over)
    }

    fn least_due(&self) -> u64 {
        self.lanes.iter().filter(|lane| !lane.is_over).map(|lane| lane.due).min().unwrap_or(0)
    }

    /// Notes the work of a turn.
    fn end_turn(&mut self, going: Going) {
        self.peak_memory = self.peak_memory_bytes().max(self.memory_bytes());
        self.going = None;
        self.work += match going {
            Going::Lane(at) => self.lanes[at].end_turn(),
            Going::Windows => self.windows.as_mut().map_or(0, Windows::end_turn),
        };
    }

    /// Whether a better plan has been looked for long enough.
    fn is_patience_over(&self) -> bool {
        let is_over = self.work >= LEAST_UNITS.max(PATIENCE * self.work_at_best);
        self.best.plan.is_some() && is_over && (self.gives_up || self.is_idle())
    }

    /// What the end of a lane's pass means; the answer, or `None` where the search goes on.
    fn conclude(&mut self, at: usize, finished: Finished) -> Option<Finished> {
        match finished.end {
            SearchEnd::Solved => return self.solved(at, finished),
            SearchEnd::Unsolvable if self.best.plan.is_none() => return Some(finished),
            // Nothing costs less than the best plan.
            SearchEnd::Unsolvable if self.lanes[at].pass.ordering.reopens() => {
                return self.best.answer(Optimality::Proven);
            }
            SearchEnd::Unsolvable => {}
            SearchEnd::Exhausted | SearchEnd::MemoryLimit => self.best.fail(finished),
            // Every search comes to it sooner or later.
            SearchEnd::NegativeCost => return self.best.answer(Optimality::Stopped).or(Some(finished)),
        }
        self.next_pass(at, false);
        None
    }

    /// Goes on with the lane's next pass; answers who watched the one that is over.
    fn next_pass(&mut self, at: usize, repeats: bool) -> Option<(O, Guides)> {
        let (bound, guides) = (self.best.bound(), self.guides_of(at));
        let is_only_one = self.lanes.len() == 1;
        let lane = &mut self.lanes[at];
        let before = lane.running.statistics();
        let watched = lane.next(&self.ground, bound, repeats);
        if watched.is_some() {
            self.statistics = self.statistics.plus(before);
        } else if !is_only_one {
            self.statistics = self.statistics.plus(before);
            self.lanes.remove(at);
        } else {
            lane.is_over = true;
        }
        watched.map(|observer| (observer, guides))
    }

    /// Takes a plan of a lane.
    fn solved(&mut self, at: usize, finished: Finished) -> Option<Finished> {
        if self.best.plan.is_some() {
            return self.solved_again(at, finished);
        }
        let optimality = self.ground.optimality(&self.lanes[at].pass);
        // Costs are not negative.
        self.best.optimality = if finished.cost == 0 { Optimality::Proven } else { optimality };
        let Some(better) = self.better.take() else { return Some(finished) };
        self.note(&finished);
        if self.best.optimality == Optimality::Proven {
            return Some(finished);
        }
        self.look_for_better(at, better, finished);
        None
    }

    /// Begins the search for better plans than the first one, of a lane.
    fn look_for_better(&mut self, at: usize, better: Better, first: Finished) {
        let guides = self.guides_of(at);
        let found = self.lanes.swap_remove(at);
        // The others were looking for a first plan.
        let others = self.lanes.drain(..).map(|lane| lane.running.statistics());
        self.statistics = others.fold(self.statistics, Statistics::plus).plus(found.running.statistics());
        self.waiting.clear();
        self.best.witness = Some((found.running.into_observer(), guides));
        let series = better.series.into_iter();
        self.lanes.extend(series.filter_map(|series| Lane::new(&self.ground, series, 0, first.cost)));
        let Ground { task, instance, config, memory_limit, .. } = &self.ground;
        let mut improver = Improver::new(task, instance, Ordering::new(config), memory_limit / 4);
        improver.take(&first);
        self.windows = Some(Windows::new(improver, better.windows));
        self.best.plan = Some(first);
    }

    /// Takes a plan of a lane where there is another.
    fn solved_again(&mut self, at: usize, finished: Finished) -> Option<Finished> {
        let is_better = self.best.is_better(&finished);
        if is_better {
            self.note(&finished);
        }
        let optimality = self.ground.optimality(&self.lanes[at].pass);
        if optimality == Optimality::Proven || (is_better && finished.cost == 0) {
            (self.best.optimality, self.best.plan) = (Optimality::Proven, None);
            // Who watched this pass stands for it: it is the first one from now on.
            self.lanes.swap(0, at);
            return Some(finished);
        }
        if is_better {
            self.take_better(finished);
        }
        let watched = self.next_pass(at, true);
        if is_better {
            self.best.witness = watched.or(self.best.witness.take());
        }
        None
    }

    /// Notes a plan that is better than all before it.
    fn note(&mut self, plan: &Finished) {
        let expanded = self.statistics().expanded;
        self.best.note(plan, expanded);
        self.work_at_best = self.work;
    }

    /// The best plan is another one from now on: all look for less.
    fn take_better(&mut self, plan: Finished) {
        for lane in &mut self.lanes {
            lane.running.tighten(plan.cost);
        }
        if let Some(windows) = &mut self.windows
            && windows.improver.cost() != plan.cost
        {
            windows.improver.take(&plan);
        }
        self.best.plan = Some(plan);
    }

    /// What a try of a window means.
    fn tried(&mut self, tried: Try) -> Option<Finished> {
        match tried {
            Try::Failed => {}
            Try::Over => {
                let windows = self.windows.take()?;
                self.statistics = self.statistics.plus(windows.improver.statistics());
            }
            Try::Better(plan) => {
                self.note(&plan);
                let is_free = plan.cost == 0;
                self.take_better(plan);
                if is_free {
                    return self.best.answer(Optimality::Proven);
                }
            }
        }
        None
    }
}

impl<O: Observer + 'static> Stepper for Planner<O> {
    type Output = Finished;

    fn step(&mut self, budget: &mut Budget) -> Progress<Finished> {
        loop {
            let going = match self.going {
                Some(going) => going,
                None if self.is_patience_over() => return Progress::Done(self.best.run_out()),
                None => match self.pick() {
                    Some(going) => going,
                    None => return Progress::Done(self.best.run_out()),
                },
            };
            self.going = Some(going);
            let answer = match (going, &mut self.windows) {
                (Going::Lane(at), _) => match self.lanes[at].step(&self.ground, budget) {
                    Progress::Pending => return Progress::Pending,
                    Progress::Done(Turn::Over) => {
                        self.end_turn(going);
                        None
                    }
                    Progress::Done(Turn::Ended(finished)) => {
                        self.end_turn(going);
                        self.conclude(at, finished)
                    }
                },
                (Going::Windows, Some(windows)) => match windows.improver.step(budget) {
                    Progress::Pending => return Progress::Pending,
                    Progress::Done(tried) => {
                        self.end_turn(going);
                        self.tried(tried)
                    }
                },
                (Going::Windows, None) => None,
            };
            if let Some(answer) = answer {
                let (claim, rounding) = (self.best.optimality, self.ground.task.rounding);
                self.best.optimality = claim.despite(rounding, answer.plan.len(), answer.cost);
                return Progress::Done(answer);
            }
        }
    }

    fn memory_bytes(&self) -> u64 {
        let windows = self.windows.as_ref().map_or(0, |windows| windows.improver.memory_bytes());
        self.lanes.iter().map(Lane::memory_bytes).sum::<u64>() + windows
    }
}
