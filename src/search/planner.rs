//! An engine at work on a task: its passes take turns, and the best plan so far is kept.
//!
//! Who goes next is decided in [`Turns`]; this file decides what the end of a pass means for the engine.

use std::cell::Cell;
use std::sync::Arc;

use super::best::{Best, Improvement};
use super::config::EngineConfig;
use super::evaluators::HeuristicStart;
use super::finished::{Finished, SearchEnd};
use super::heuristics::HeuristicKind;
use super::improve::{Improver, Try};
use super::lane::{Ground, Lane, Observe, Turn, Windows};
use super::observer::Observer;
use super::optimality::Optimality;
use super::passes::{Better, Guides, script};
use super::policy::Policy;
use super::statistics::Statistics;
use super::turns::{Going, Turns};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Instance, Task};

/// Least work, in units, of an engine that gives up by itself: about fifteen seconds.
const LEAST_UNITS: u64 = 60_000_000;
/// Such an engine goes on for this many times the work that it had done when it found its best plan.
const PATIENCE: u64 = 5;

/// An engine as a stepper.
pub struct Planner<O> {
    ground: Ground<O>,
    turns: Turns<O>,
    better: Option<Better>,
    gives_up: bool,
    /// Work of the engine, in units, when it found its best plan.
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
        let script = script(config, has_uniform_cost, task.operators.len());
        let ground = Ground {
            task: Arc::clone(task),
            instance,
            config: *config,
            has_uniform_cost,
            memory_limit,
            observe,
            passes: Cell::new(0),
        };
        let turns = Turns::new(&ground, script.first);
        Self {
            best: Best::new(ground.optimality(&turns.lanes[0].pass)),
            ground,
            turns,
            gives_up: script.better.as_ref().is_some_and(|better| better.gives_up),
            better: script.better,
            work_at_best: 0,
        }
    }

    /// Counters of all passes so far, those of windows included.
    pub fn statistics(&self) -> Statistics {
        self.turns.statistics()
    }

    /// Whether an expansion has begun and is not over.
    pub fn is_mid_expansion(&self) -> bool {
        self.turns.is_mid_expansion()
    }

    /// Ends the engine and hands over its [`observer`](Self::observer).
    pub fn into_observer(mut self) -> O {
        match self.best.witness {
            Some((witness, _)) if self.best.is_over => witness,
            _ => self.turns.lanes.swap_remove(0).running.into_observer(),
        }
    }

    /// The observer of the first lane's pass; at the end that of the pass that found the plan.
    pub fn observer(&self) -> &O {
        self.best
            .watched()
            .map_or_else(|| &self.turns.lanes[0].running.core().observer, |(witness, _)| witness)
    }

    /// The heuristics and the policy of the pass that [`observer`](Self::observer) watches.
    pub fn guides(&self) -> Guides {
        self.best.watched().map_or_else(|| self.guides_of(0), |(_, guides)| *guides)
    }

    /// The heuristics and the policy of a lane's pass.
    fn guides_of(&self, at: usize) -> Guides {
        let Lane { pass, running, number, .. } = &self.turns.lanes[at];
        let expanded_before = self.statistics().expanded - running.core().statistics().expanded;
        Guides { heuristics: pass.heuristics, policy: pass.policy, number: *number, expanded_before }
    }

    /// How many passes have begun.
    pub fn passes(&self) -> u32 {
        self.ground.passes.get()
    }

    /// Least h of the pass and h of its initial state, by its first heuristic; `None` before any is known.
    pub fn best_and_initial_h(&self) -> (Option<i64>, Option<i64>) {
        self.turns.lanes[0].running.core().best_and_initial_h()
    }

    /// The first estimate of each heuristic of the pass that is shown.
    pub fn heuristic_starts(&self) -> Vec<(HeuristicKind, HeuristicStart)> {
        let lane = &self.turns.lanes[0];
        lane.pass.heuristics.iter().zip(lane.running.core().heuristic_starts()).collect()
    }

    /// Entries in the open list.
    pub fn open_size(&self) -> usize {
        self.turns.lanes[0].running.open_size()
    }

    /// Most bytes held at once.
    pub fn peak_memory_bytes(&self) -> u64 {
        self.turns.peak_memory_bytes()
    }

    /// Whether the plan that is returned may be called optimal, and if not, why.
    pub fn optimality(&self) -> Optimality {
        self.best.optimality
    }

    /// The policy of the first lane's pass.
    pub fn policy(&self) -> &Policy {
        &self.turns.lanes[0].pass.policy
    }

    /// Stops the engine. Answers the best plan so far, where there is one: that may be the first one, which was
    /// still being shortened.
    pub fn stop(&mut self) -> Option<Finished> {
        self.best.answer(Optimality::Stopped).or_else(|| {
            let found = self.turns.lanes.iter().find_map(Lane::shortening)?;
            self.best.optimality = Optimality::Stopped;
            Some(found)
        })
    }

    /// Every plan so far of an engine that looks for better ones, each cheaper than the one before.
    pub fn improvements(&self) -> &[Improvement] {
        &self.best.improvements
    }

    /// Whether the engine has worked long enough since its best plan to give up.
    fn is_patience_over(&self) -> bool {
        let is_over = self.turns.work >= LEAST_UNITS.max(PATIENCE * self.work_at_best);
        self.best.plan.is_some() && is_over && (self.gives_up || self.turns.is_idle())
    }

    /// Draws the conclusion from the end of a lane's pass: the engine's result, or `None` where it goes on.
    fn conclude(&mut self, at: usize, finished: Finished) -> Option<Finished> {
        match finished.end {
            SearchEnd::Solved => return self.solved(at, finished),
            SearchEnd::Unsolvable if self.best.plan.is_none() => return Some(finished),
            // A search that reopens has seen every cheaper path: no plan costs less than the best one.
            SearchEnd::Unsolvable if self.turns.lanes[at].pass.policy.reopens() => {
                return self.best.answer(Optimality::Proven);
            }
            SearchEnd::Unsolvable => {}
            SearchEnd::Exhausted | SearchEnd::MemoryLimit => self.best.fail(finished),
            // The same step would end every other search too.
            SearchEnd::NegativeCost => return self.best.answer(Optimality::Stopped).or(Some(finished)),
        }
        self.next_pass(at, false);
        None
    }

    /// Starts the lane's next pass. Answers the observer of the pass that ended, where another follows it.
    fn next_pass(&mut self, at: usize, repeats: bool) -> Option<(O, Guides)> {
        let (bound, guides) = (self.best.bound(), self.guides_of(at));
        let is_only_one = self.turns.lanes.len() == 1;
        let lane = &mut self.turns.lanes[at];
        let before = lane.running.core().statistics();
        let watched = lane.next(&self.ground, bound, repeats);
        if watched.is_some() {
            self.turns.note_over(before);
        } else if !is_only_one {
            self.turns.note_over(before);
            self.turns.lanes.remove(at);
        } else {
            lane.is_over = true;
        }
        watched.map(|observer| (observer, guides))
    }

    /// Takes the first plan, found by a lane.
    fn solved(&mut self, at: usize, finished: Finished) -> Option<Finished> {
        if self.best.plan.is_some() {
            return self.solved_again(at, finished);
        }
        let optimality = self.ground.optimality(&self.turns.lanes[at].pass);
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

    /// Starts the search for plans that are better than the first one.
    fn look_for_better(&mut self, at: usize, mut better: Better, first: Finished) {
        let guides = self.guides_of(at);
        let found = self.turns.end_all_but(at);
        self.turns.note_over(found.running.core().statistics());
        if let (Some(pass), [restarts, ..]) = (better.before, better.series.as_mut_slice())
            && pass.heuristics != found.pass.heuristics
        {
            restarts.passes.push(pass);
        }
        self.best.witness = Some((found.running.into_observer(), guides));
        let series = better.series.into_iter();
        self.turns.lanes.extend(series.filter_map(|series| Lane::new(&self.ground, series, 0, first.cost)));
        let Ground { task, instance, config, memory_limit, .. } = &self.ground;
        let mut improver = Improver::new(task, instance, Policy::new(config), memory_limit / 4);
        improver.take(&first);
        self.turns.windows = Some(Windows::new(improver, better.windows));
        self.best.plan = Some(first);
    }

    /// Takes a plan of a lane after the first one.
    fn solved_again(&mut self, at: usize, finished: Finished) -> Option<Finished> {
        let is_better = self.best.is_better(&finished);
        if is_better {
            self.note(&finished);
        }
        let optimality = self.ground.optimality(&self.turns.lanes[at].pass);
        if optimality == Optimality::Proven || (is_better && finished.cost == 0) {
            (self.best.optimality, self.best.plan) = (Optimality::Proven, None);
            // This lane's observer is to be shown: lane 0 is the one that is.
            self.turns.lanes.swap(0, at);
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

    /// Records a plan that is better than all before it.
    fn note(&mut self, plan: &Finished) {
        let expanded = self.statistics().expanded;
        self.best.note(plan, expanded);
        self.work_at_best = self.turns.work;
    }

    /// Makes a plan the best one: every search looks only for cheaper ones from now on.
    fn take_better(&mut self, plan: Finished) {
        for lane in &mut self.turns.lanes {
            lane.running.core_mut().tighten(plan.cost);
        }
        if let Some(windows) = &mut self.turns.windows
            && windows.improver.cost() != plan.cost
        {
            windows.improver.take(&plan);
        }
        self.best.plan = Some(plan);
    }

    /// Draws the conclusion from replanning a window.
    fn tried(&mut self, tried: Try) -> Option<Finished> {
        match tried {
            Try::Failed => {}
            Try::Over => {
                let windows = self.turns.windows.take()?;
                self.turns.note_over(windows.improver.statistics());
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
            let going = match self.turns.going {
                Some(going) => going,
                None if self.is_patience_over() => return Progress::Done(self.best.run_out()),
                None => match self.turns.pick(&self.ground) {
                    Some(going) => going,
                    None => return Progress::Done(self.best.run_out()),
                },
            };
            self.turns.going = Some(going);
            let answer = match (going, &mut self.turns.windows) {
                (Going::Lane(at), _) => match self.turns.lanes[at].step(&self.ground, budget) {
                    Progress::Pending => return Progress::Pending,
                    Progress::Done(Turn::Over) => {
                        self.turns.end_turn(going);
                        None
                    }
                    Progress::Done(Turn::Ended(finished)) => {
                        self.turns.end_turn(going);
                        self.conclude(at, finished)
                    }
                },
                (Going::Windows, Some(windows)) => match windows.improver.step(budget) {
                    Progress::Pending => return Progress::Pending,
                    Progress::Done(tried) => {
                        self.turns.end_turn(going);
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
        self.turns.memory_bytes()
    }
}
