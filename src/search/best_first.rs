//! Best-first search, eager or lazy, as a stepper.
//!
//! [`Core`] holds what all searches share: registered states with their paths, heuristics, counters, limits,
//! and the observer. An [`Expansion`] is the part that differs: which node is expanded next, when its state
//! is evaluated, and where its successors wait. It is a type parameter, so each kind of search is compiled
//! separately.

use std::sync::Arc;

use super::core::{Core, Evaluation, Stepped};
use super::driven::Driven;
use super::finished::{Finished, SearchEnd};
use super::observer::Observer;
use super::policy::Policy;
use super::statistics::Statistics;
use crate::heuristic::{Heuristic, Preparation};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Instance, OperatorId, OutOfMemory, StateId, Task};

/// When states are evaluated and expanded, and where nodes wait until then.
pub trait Expansion: Sized {
    /// Whether a state is expanded as soon as it is evaluated, so that one budget of expansions pays for both.
    const EXPANDS_AT_EVALUATION: bool;

    /// An expansion with nothing waiting.
    fn new(policy: &Policy, heuristics: usize) -> Self;

    /// How many entries wait in the open lists.
    fn open_size(&self) -> usize;

    /// Bytes held.
    fn memory_bytes(&self) -> usize;

    /// Whether an expansion has begun and is not over.
    fn is_mid_expansion(&self) -> bool;

    /// Registers the initial state.
    ///
    /// # Errors
    /// [`OutOfMemory`] where there is no room.
    fn start<O: Observer>(&mut self, core: &mut Core<O>) -> Result<(), OutOfMemory>;

    /// Handles a state whose estimate has been computed; `None` for a dead end.
    ///
    /// # Errors
    /// [`OutOfMemory`] where there is no room.
    fn evaluated<O: Observer>(
        &mut self,
        core: &mut Core<O>,
        evaluation: Evaluation,
        h: Option<i64>,
    ) -> Stepped;

    /// Generates a successor, or starts the next expansion, for which the caller has checked the budget.
    ///
    /// # Errors
    /// [`OutOfMemory`] where there is no room.
    fn advance<O: Observer>(&mut self, core: &mut Core<O>, budget: &mut Budget) -> Stepped;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The heuristics are being set up.
    Preparing,
    /// The initial state is not registered yet.
    Ready,
    Running,
}

/// A search under way. Generating a successor is one unit of work; for an evaluation, the heuristics say how
/// many units it is.
pub struct BestFirst<E, O> {
    core: Core<O>,
    expansion: E,
    stage: Stage,
    /// The work at which the present turn ends.
    turn_end: u64,
}

impl<E: Expansion, O: Observer> BestFirst<E, O> {
    /// Prepares a search with one heuristic. `memory_limit` is in bytes and covers all memory that grows.
    pub fn new(
        task: &Arc<Task>,
        instance: Instance,
        heuristic: impl Into<Preparation>,
        policy: Policy,
        memory_limit: u64,
        observer: O,
    ) -> Self {
        Self::with_heuristics(task, instance, vec![heuristic.into()], policy, memory_limit, observer)
    }

    /// Prepares a search with several heuristics. If the policy alternates, each heuristic has an open list
    /// and the lists take turns; otherwise the maximum of the heuristics counts.
    pub fn with_heuristics(
        task: &Arc<Task>,
        instance: Instance,
        heuristics: Vec<Preparation>,
        policy: Policy,
        memory_limit: u64,
        observer: O,
    ) -> Self {
        Self {
            expansion: E::new(&policy, heuristics.len()),
            core: Core::new(task, instance, heuristics, policy, memory_limit, observer),
            stage: Stage::Preparing,
            turn_end: u64::MAX,
        }
    }

    /// The same search with a limit on evaluations; when it is reached, the search ends as exhausted.
    #[must_use]
    pub fn with_evaluations(mut self, evaluations: u64) -> Self {
        self.core.evaluations = evaluations;
        self
    }

    /// The same search, restricted to plans that cost less than `bound`.
    #[must_use]
    pub(super) fn with_bound(mut self, bound: i64) -> Self {
        self.core.bound = bound;
        self
    }

    /// Counters so far.
    pub fn statistics(&self) -> Statistics {
        self.core.statistics()
    }

    /// The observer.
    pub fn observer(&self) -> &O {
        &self.core.observer
    }

    /// Ends the search and hands over its observer.
    pub fn into_observer(self) -> O {
        self.core.observer
    }

    /// Ends the search and hands over its heuristics, to be used again.
    pub(super) fn into_heuristics(self) -> Vec<Box<dyn Heuristic>> {
        self.core.evaluators.into_heuristics()
    }

    /// Least h so far and h of the initial state, by the first heuristic where each has an open list; `None`
    /// before any is known.
    pub fn best_and_initial_h(&self) -> (Option<i64>, Option<i64>) {
        self.core.best_and_initial_h()
    }

    /// The operators from the initial state to a registered one, along its present path.
    /// O(length).
    pub fn path(&self, node: StateId) -> Vec<OperatorId> {
        self.core.space.operators_to(node)
    }

    /// Most bytes held at once.
    pub fn peak_memory_bytes(&self) -> u64 {
        self.core.peak.max(self.memory_bytes())
    }

    /// Whether no expansion is under way.
    fn is_between(&self) -> bool {
        let is_evaluating = self.core.evaluation.is_some() && !E::EXPANDS_AT_EVALUATION;
        !is_evaluating && !self.expansion.is_mid_expansion()
    }

    /// Measures the memory held, and the room that is left.
    #[inline]
    fn measure(&mut self) {
        let bytes = self.expansion.memory_bytes();
        self.core.measure_room(bytes);
    }

    fn work(&mut self, budget: &mut Budget) -> Progress<Finished> {
        while !budget.is_spent() && !self.is_turn_over() {
            let stepped = if let Some(evaluation) = self.core.evaluation {
                let Progress::Done(h) = self.core.evaluate(evaluation, budget) else {
                    return Progress::Pending;
                };
                if E::EXPANDS_AT_EVALUATION {
                    // Only now: an evaluation that pauses ends under another budget.
                    budget.spend_expansion();
                }
                self.core.evaluation = None;
                // The heuristics may have grown.
                self.measure();
                self.evaluated(evaluation, h)
            } else if self.stage == Stage::Running {
                if budget.has_no_expansions() && !self.expansion.is_mid_expansion() {
                    return Progress::Pending;
                }
                budget.spend(1);
                self.core.work += 1;
                self.expansion.advance(&mut self.core, budget)
            } else {
                if self.stage == Stage::Ready && E::EXPANDS_AT_EVALUATION && budget.has_no_expansions() {
                    return Progress::Pending;
                }
                self.begin(budget).map(|()| None)
            };
            match stepped {
                Ok(None) => {}
                Ok(Some(finished)) => return Progress::Done(finished),
                Err(OutOfMemory) => return Progress::Done(Finished::without_plan(SearchEnd::MemoryLimit)),
            }
        }
        Progress::Pending
    }

    /// Sets up the heuristics, then registers the initial state.
    fn begin(&mut self, budget: &mut Budget) -> Result<(), OutOfMemory> {
        if self.stage == Stage::Preparing {
            if self.core.evaluators.prepare(budget, self.core.memory_limit)? {
                self.stage = Stage::Ready;
            }
            return Ok(());
        }
        budget.spend(1);
        self.stage = Stage::Running;
        self.measure();
        self.expansion.start(&mut self.core)
    }

    fn evaluated(&mut self, evaluation: Evaluation, h: Option<i64>) -> Stepped {
        let finished = self.expansion.evaluated(&mut self.core, evaluation, h)?;
        if evaluation.from.is_none() && self.core.instance.goal.is_false {
            return Ok(Some(Finished::without_plan(SearchEnd::Unsolvable)));
        }
        Ok(finished)
    }
}

impl<E: Expansion, O: Observer> Stepper for BestFirst<E, O> {
    type Output = Finished;

    fn step(&mut self, budget: &mut Budget) -> Progress<Finished> {
        let progress = self.work(budget);
        let is_over = matches!(progress, Progress::Done(_));
        if is_over {
            self.measure();
        }
        let is_between = is_over || self.is_between();
        self.core.tell(self.expansion.open_size(), is_between);
        progress
    }

    fn memory_bytes(&self) -> u64 {
        self.core.memory_bytes(self.expansion.memory_bytes())
    }
}

impl<E: Expansion, O: Observer> Driven<O> for BestFirst<E, O> {
    fn core(&self) -> &Core<O> {
        &self.core
    }

    fn core_mut(&mut self) -> &mut Core<O> {
        &mut self.core
    }

    fn into_observer(self: Box<Self>) -> O {
        (*self).into_observer()
    }

    fn open_size(&self) -> usize {
        self.expansion.open_size()
    }

    fn is_mid_expansion(&self) -> bool {
        self.expansion.is_mid_expansion()
    }

    fn begin_turn(&mut self, units: u64) {
        self.turn_end = self.core.work_units().saturating_add(units);
        self.measure();
    }

    #[inline]
    fn is_turn_over(&self) -> bool {
        self.core.evaluation.is_none() && self.core.work_units() >= self.turn_end
    }
}
