//! A lane of an engine: passes that run one after the other, in turns with the passes of other lanes.

use std::cell::Cell;
use std::sync::Arc;

use super::action_elimination::ActionElimination;
use super::config::EngineConfig;
use super::driven::Driven;
use super::eager::Search;
use super::finished::{Finished, SearchEnd};
use super::improve::Improver;
use super::lazy::Lazy;
use super::observer::Observer;
use super::optimality::Optimality;
use super::passes::{Loop, Pass, Series};
use super::policy::Policy;
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Instance, Task};

/// [`Lane::due`] counts in this fraction of a unit of work.
const FINENESS: u64 = 16;

/// Makes the observer of a pass.
pub(super) type Observe<O> = Box<dyn Fn(&Policy) -> O>;

/// What an engine's passes need to start.
pub(super) struct Ground<O> {
    pub(super) task: Arc<Task>,
    pub(super) instance: Instance,
    pub(super) config: EngineConfig,
    pub(super) has_uniform_cost: bool,
    pub(super) memory_limit: u64,
    pub(super) observe: Observe<O>,
    /// How many passes have begun.
    pub(super) passes: Cell<u32>,
}

/// How a turn ended.
pub(super) enum Turn {
    /// The pass has worked for its turn.
    Over,
    /// The pass ended.
    Ended(Finished),
}

/// A series of passes under way.
pub(super) struct Lane<O> {
    pub(super) pass: Pass,
    /// The number of the pass among those of the engine, from 1.
    pub(super) number: u32,
    pub(super) running: Box<dyn Driven<O>>,
    left: Vec<Pass>,
    weight: u64,
    /// Units of work that still count under another weight, and that weight.
    head_start: (u64, u64),
    /// Work so far divided by weight, in fractions of a unit. The lane with the least value goes next.
    pub(super) due: u64,
    /// Units of the present pass that `due` already includes.
    noted: u64,
    /// Action elimination of the plan that the pass has found, while it is under way.
    elimination: Option<ActionElimination>,
    /// Whether its last pass has ended.
    pub(super) is_over: bool,
}

/// Replanning of windows of the best plan, which takes turns with the lanes.
pub(super) struct Windows {
    pub(super) improver: Improver,
    weight: u64,
    pub(super) due: u64,
    noted: u64,
}

impl<O: Observer> Ground<O> {
    /// Starts a search for plans that cost less than `bound`.
    fn start(&self, pass: &Pass, bound: i64) -> Box<dyn Driven<O>>
    where
        O: 'static,
    {
        let Self { task, instance, memory_limit, .. } = self;
        let policy = pass.policy;
        let heuristics =
            pass.heuristics.iter().map(|kind| kind.prepare(task, instance, policy.measure())).collect();
        let observer = (self.observe)(&policy);
        let instance = instance.clone();
        let mut search: Box<dyn Driven<O>> = match pass.runs {
            Loop::Eager => {
                Box::new(Search::with_heuristics(task, instance, heuristics, policy, *memory_limit, observer))
            }
            Loop::Lazy => {
                Box::new(Lazy::with_heuristics(task, instance, heuristics, policy, *memory_limit, observer))
            }
        };
        search.core_mut().evaluations = pass.evaluations;
        search.core_mut().tighten(bound);
        self.passes.set(self.passes.get() + 1);
        search
    }

    /// Whether a plan of this pass may be called optimal, and if not, why.
    pub(super) fn optimality(&self, pass: &Pass) -> Optimality {
        pass.policy.optimality(pass.is_admissible(), self.has_uniform_cost)
    }
}

impl<O: Observer + 'static> Lane<O> {
    /// Starts the first pass of a series; `None` where the series is empty.
    pub(super) fn new(ground: &Ground<O>, mut series: Series, due: u64, bound: i64) -> Option<Self> {
        let pass = series.passes.pop()?;
        Some(Self {
            running: ground.start(&pass, bound),
            number: ground.passes.get(),
            pass,
            left: series.passes,
            weight: series.weight.max(1),
            head_start: series.head_start,
            due,
            noted: 0,
            elimination: None,
            is_over: false,
        })
    }

    /// Replaces the pass by the next one of the series; or, with `repeats`, by the same pass again if none is
    /// left. Answers the observer of the pass that ended, or `None` if no pass follows it.
    pub(super) fn next(&mut self, ground: &Ground<O>, bound: i64, repeats: bool) -> Option<O> {
        let pass = self.left.pop().or(repeats.then_some(self.pass))?;
        (self.pass, self.noted) = (pass, 0);
        let next = ground.start(&pass, bound);
        self.number = ground.passes.get();
        Some(std::mem::replace(&mut self.running, next).into_observer())
    }

    /// Adds the work of a turn to `due`; answers that work in units.
    pub(super) fn end_turn(&mut self) -> u64 {
        let work = self.running.core().work_units();
        let done = work - self.noted;
        self.noted = work;
        let (left, weight) = &mut self.head_start;
        let early = done.min(*left);
        *left -= early;
        let due = early * FINENESS / *weight + (done - early) * FINENESS / self.weight;
        self.due += due.max(1);
        done
    }

    /// Continues a turn: first the search, then action elimination on its plan. The end of the turn does not
    /// depend on how the work is sliced.
    pub(super) fn step(&mut self, ground: &Ground<O>, budget: &mut Budget) -> Progress<Turn> {
        if self.elimination.is_none() {
            let finished = match self.running.step(budget) {
                Progress::Done(finished) => finished,
                Progress::Pending if self.running.is_turn_over() => return Progress::Done(Turn::Over),
                Progress::Pending => return Progress::Pending,
            };
            if finished.end != SearchEnd::Solved || !self.pass.shortens() {
                return Progress::Done(Turn::Ended(finished));
            }
            self.elimination = Some(ActionElimination::new(&ground.task, &ground.instance, finished));
        }
        let Some(elimination) = &mut self.elimination else { return Progress::Pending };
        let Progress::Done(shorter) = elimination.step(budget) else { return Progress::Pending };
        self.elimination = None;
        Progress::Done(Turn::Ended(shorter))
    }

    /// The plan that action elimination has shortened so far.
    pub(super) fn shortening(&self) -> Option<Finished> {
        self.elimination.as_ref().map(ActionElimination::plan)
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> u64 {
        self.running.memory_bytes()
    }
}

impl Windows {
    pub(super) fn new(improver: Improver, weight: u64) -> Self {
        Self { improver, weight: weight.max(1), due: 0, noted: 0 }
    }

    /// Adds the work of a turn, which is one window, to `due`; answers that work in units.
    pub(super) fn end_turn(&mut self) -> u64 {
        let work = self.improver.work();
        let done = work - self.noted;
        self.noted = work;
        self.due += (done * FINENESS / self.weight).max(1);
        done
    }
}
