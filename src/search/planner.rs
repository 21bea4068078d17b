//! An engine at work on a task: its passes, one after the other, and the best plan so far.

use std::sync::Arc;

use super::action_elimination::ActionElimination;
use super::config::{EngineConfig, Heuristics};
use super::engine::{Finished, Search, SearchEnd};
use super::lazy::Lazy;
use super::observer::Observer;
use super::ordering::{Optimality, Ordering};
use super::passes::{Loop, Pass, passes};
use super::statistics::Statistics;
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Instance, Task};

/// The search of a pass.
enum Running<O> {
    Eager(Box<Search<O>>),
    Lazy(Box<Lazy<O>>),
}

impl<O: Observer> Running<O> {
    fn into_observer(self) -> O {
        match self {
            Self::Eager(search) => search.into_observer(),
            Self::Lazy(search) => search.into_observer(),
        }
    }
}

/// What guides a pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guides {
    /// Its heuristics, in the order of their queues.
    pub heuristics: Heuristics,
    /// How it is ordered.
    pub ordering: Ordering,
    /// Counts the passes of the engine, from 1.
    pub number: u32,
    /// Expansions of the passes before.
    pub expanded_before: u64,
}

/// Makes the observer of a pass.
type Observe<O> = Box<dyn Fn(&Ordering) -> O>;

/// A plan that a pass came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Improvement {
    /// Its cost in task units.
    pub cost: i64,
    /// Its operators.
    pub length: usize,
    /// Expansions of the whole engine when it was found.
    pub expanded: u64,
}

/// An engine as a stepper.
pub struct Planner<O> {
    task: Arc<Task>,
    instance: Instance,
    memory_limit: u64,
    has_uniform_cost: bool,
    /// Passes that are left, the next one last.
    left: Vec<Pass>,
    pass: Pass,
    /// Counts the passes, from 1.
    number: u32,
    running: Running<O>,
    /// A plan of the pass that is being shortened.
    elimination: Option<ActionElimination>,
    observe: Observe<O>,
    /// Of the passes that are over.
    statistics: Statistics,
    peak_memory: u64,
    best: Option<Finished>,
    /// Who watched the pass that found it, and what guided that pass.
    witness: Option<(O, Guides)>,
    /// Whether the best plan is the answer, and its witness the one to be asked.
    is_over: bool,
    /// What the last plan cost before it was shortened: the next pass looks for less. The shortened cost
    /// would be so tight that greedy passes, which are meant to be short, go on for long.
    bound: i64,
    optimality: Optimality,
    improvements: Vec<Improvement>,
}

impl<O: Observer> Planner<O> {
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
        let (pass, left) = passes(config, has_uniform_cost, task.operators.len());
        let running = start(task, &instance, &pass, memory_limit, i64::MAX, &observe);
        Self {
            task: Arc::clone(task),
            instance,
            memory_limit,
            has_uniform_cost,
            left,
            optimality: optimality(&pass, has_uniform_cost),
            pass,
            number: 1,
            running,
            elimination: None,
            observe,
            statistics: Statistics::default(),
            peak_memory: 0,
            best: None,
            witness: None,
            is_over: false,
            bound: i64::MAX,
            improvements: Vec::new(),
        }
    }

    /// Counters of all passes so far.
    pub fn statistics(&self) -> Statistics {
        self.statistics.plus(match &self.running {
            Running::Eager(search) => search.statistics(),
            Running::Lazy(search) => search.statistics(),
        })
    }

    /// Whether an expansion has begun and is not over.
    pub fn is_mid_expansion(&self) -> bool {
        match &self.running {
            Running::Eager(search) => search.is_mid_expansion(),
            Running::Lazy(_) => false,
        }
    }

    /// Gives up the search for what [`observer`](Self::observer) has seen.
    pub fn into_observer(self) -> O {
        match self.witness {
            Some((witness, _)) if self.is_over => witness,
            _ => self.running.into_observer(),
        }
    }

    /// Whoever watches the pass; at the end whoever watched the one that found the plan.
    pub fn observer(&self) -> &O {
        if let Some((witness, _)) = self.witness.as_ref().filter(|_| self.is_over) {
            return witness;
        }
        match &self.running {
            Running::Eager(search) => search.observer(),
            Running::Lazy(search) => search.observer(),
        }
    }

    /// What guides, or guided, the pass of [`observer`](Self::observer).
    pub fn guides(&self) -> Guides {
        let watched = self.witness.as_ref().filter(|_| self.is_over).map(|(_, guides)| *guides);
        watched.unwrap_or_else(|| self.guides_now())
    }

    /// What guides the pass under way.
    fn guides_now(&self) -> Guides {
        Guides {
            heuristics: self.pass.heuristics,
            ordering: self.pass.ordering,
            number: self.number,
            expanded_before: self.statistics.expanded,
        }
    }

    /// Passes that have begun.
    pub fn passes(&self) -> u32 {
        self.number
    }

    /// Least h of the pass and h of its initial state, by its first heuristic; `None` before any is known.
    pub fn best_and_initial_h(&self) -> (Option<i64>, Option<i64>) {
        match &self.running {
            Running::Eager(search) => search.best_and_initial_h(),
            Running::Lazy(search) => search.best_and_initial_h(),
        }
    }

    /// Entries in the open list.
    pub fn open_size(&self) -> usize {
        match &self.running {
            Running::Eager(search) => search.open_size(),
            Running::Lazy(search) => search.open_size(),
        }
    }

    /// Most bytes held at once.
    pub fn peak_memory_bytes(&self) -> u64 {
        self.peak_memory.max(match &self.running {
            Running::Eager(search) => search.peak_memory_bytes(),
            Running::Lazy(search) => search.peak_memory_bytes(),
        })
    }

    /// What may be said of the plan that is returned.
    pub fn optimality(&self) -> Optimality {
        self.optimality
    }

    /// How the pass under way is ordered.
    pub fn ordering(&self) -> &Ordering {
        &self.pass.ordering
    }

    /// Gives up looking for a better plan; the best one so far, where there is one.
    pub fn stop(&mut self) -> Option<Finished> {
        let best = self.best.take()?;
        (self.optimality, self.is_over) = (Optimality::Stopped, true);
        Some(best)
    }

    /// Every plan so far of an engine that looks for better ones, each cheaper than the one before.
    pub fn improvements(&self) -> &[Improvement] {
        &self.improvements
    }

    /// What the end of a pass means; `None` where the next one begins.
    fn conclude(&mut self, finished: Finished) -> Option<Finished> {
        let has_next = !self.left.is_empty();
        match finished.end {
            SearchEnd::Solved => {
                let expanded = self.statistics().expanded;
                let (cost, length) = (finished.cost, finished.plan.len());
                let is_better = self.best.as_ref().is_none_or(|best| cost < best.cost);
                if self.pass.improves && is_better {
                    self.improvements.push(Improvement { cost, length, expanded });
                }
                self.optimality = optimality(&self.pass, self.has_uniform_cost);
                if cost == 0 {
                    // Costs are not negative.
                    self.optimality = Optimality::Proven;
                }
                self.optimality = self.optimality.despite(self.task.rounding, length, cost);
                if !self.pass.improves || cost == 0 {
                    return Some(finished);
                }
                if !has_next {
                    self.left.push(self.pass);
                }
                let guides = self.guides_now();
                let watched = self.begin_next();
                if is_better {
                    self.best = Some(finished);
                    self.witness = watched.map(|observer| (observer, guides));
                }
                return None;
            }
            // Nothing costs less than the bound.
            SearchEnd::Unsolvable => {
                let Some(best) = self.best.take() else { return Some(finished) };
                if self.pass.ordering.reopens() {
                    let proven = Optimality::Proven.despite(self.task.rounding, best.plan.len(), best.cost);
                    (self.optimality, self.is_over) = (proven, true);
                    return Some(best);
                }
                self.best = Some(best);
            }
            SearchEnd::Exhausted | SearchEnd::MemoryLimit => {}
        }
        if !has_next {
            return Some(self.stop().unwrap_or(finished));
        }
        self.begin_next();
        None
    }

    /// Answers who watched the pass that is over.
    fn begin_next(&mut self) -> Option<O> {
        let pass = self.left.pop()?;
        self.statistics = self.statistics();
        self.peak_memory = self.peak_memory_bytes();
        self.pass = pass;
        self.number += 1;
        let next =
            start(&self.task, &self.instance, &self.pass, self.memory_limit, self.bound, &self.observe);
        Some(std::mem::replace(&mut self.running, next).into_observer())
    }
}

fn optimality(pass: &Pass, has_uniform_cost: bool) -> Optimality {
    pass.ordering.optimality(pass.is_admissible(), has_uniform_cost)
}

fn start<O: Observer>(
    task: &Arc<Task>,
    instance: &Instance,
    pass: &Pass,
    memory_limit: u64,
    bound: i64,
    observe: &Observe<O>,
) -> Running<O> {
    let measure = pass.ordering.measure();
    let heuristics = pass.heuristics.iter().map(|kind| kind.prepare(task, instance, measure)).collect();
    let observer = observe(&pass.ordering);
    match pass.runs {
        Loop::Eager => Running::Eager(Box::new(
            Search::with_heuristics(
                task,
                instance.clone(),
                heuristics,
                pass.ordering,
                memory_limit,
                observer,
            )
            .with_evaluations(pass.evaluations),
        )),
        Loop::Lazy => Running::Lazy(Box::new(
            Lazy::new(task, instance.clone(), heuristics, pass.ordering, memory_limit, observer)
                .with_evaluations(pass.evaluations)
                .with_bound(bound),
        )),
    }
}

impl<O: Observer> Stepper for Planner<O> {
    type Output = Finished;

    fn step(&mut self, budget: &mut Budget) -> Progress<Finished> {
        loop {
            if let Some(elimination) = &mut self.elimination {
                let Progress::Done(finished) = elimination.step(budget) else { return Progress::Pending };
                self.elimination = None;
                match self.conclude(finished) {
                    Some(finished) => return Progress::Done(finished),
                    None => continue,
                }
            }
            let progress = match &mut self.running {
                Running::Eager(search) => search.step(budget),
                Running::Lazy(search) => search.step(budget),
            };
            let Progress::Done(finished) = progress else { return Progress::Pending };
            if finished.end == SearchEnd::Solved && self.pass.shortens() {
                self.bound = finished.cost;
                self.elimination = Some(ActionElimination::new(&self.task, &self.instance, finished));
                continue;
            }
            if let Some(finished) = self.conclude(finished) {
                return Progress::Done(finished);
            }
        }
    }

    fn memory_bytes(&self) -> u64 {
        match &self.running {
            Running::Eager(search) => search.memory_bytes(),
            Running::Lazy(search) => search.memory_bytes(),
        }
    }
}
