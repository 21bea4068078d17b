//! The part that all searches share: registered states with their paths, heuristics, counters, limits, and
//! the observer.

use std::sync::Arc;

use super::evaluators::{DEAD_END, Evaluators, HeuristicStart};
use super::finished::{Finished, SearchEnd};
use super::marks::Marks;
use super::observer::{Observer, Sample, Standing};
use super::policy::Policy;
use super::space::Space;
use super::statistics::Statistics;
use crate::heuristic::Preparation;
use crate::step::{Budget, Progress};
use crate::task::{Instance, OperatorId, OutOfMemory, StateId, Task};

/// Paths that cost more than this are cut off, which makes the search incomplete.
const G_MAX: i64 = 1 << 61;

/// The result of a piece of work: the end of the search, or nothing yet.
pub(super) type Stepped = Result<Option<Finished>, OutOfMemory>;

/// A registered state, in [`Core::successor`], that waits for its estimate.
#[derive(Clone, Copy, Debug)]
pub struct Evaluation {
    pub(super) node: StateId,
    pub(super) from: Option<(StateId, OperatorId)>,
    /// Whether it was registered just now.
    pub(super) is_new: bool,
}

/// The result of applying an operator in [`Core::state`].
pub(super) enum Applied {
    /// Its successor stands in [`Core::successor`], at this g.
    Successor(i64),
    /// It has no successor: an effect leaves a range, or the path costs too much.
    Nothing,
    /// Its cost is negative.
    NegativeCost(i64),
}

/// What an expansion works with.
pub struct Core<O> {
    pub(super) task: Arc<Task>,
    pub(super) instance: Instance,
    pub(super) policy: Policy,
    pub(super) memory_limit: u64,
    /// Bytes held at the last measurement, and the most bytes held so far.
    pub(super) held: u64,
    pub(super) peak: u64,
    /// How many bytes the arenas may still grow by. Measured after each evaluation and at each expansion;
    /// everything taken since then has been subtracted.
    pub(super) room: u64,
    /// Evaluations after which the search ends as exhausted.
    pub(super) evaluations: u64,
    /// Plans that cost this much or more are ignored, if the policy goes by cost.
    pub(super) bound: i64,
    pub(super) observer: O,
    pub(super) evaluators: Evaluators,
    /// The state that is being evaluated.
    pub(super) evaluation: Option<Evaluation>,
    pub(super) space: Space,
    pub(super) marks: Marks,
    pub(super) statistics: Statistics,
    /// Units of work, without those of the heuristics.
    pub(super) work: u64,
    pub(super) initial_h: i64,
    pub(super) best_h: i64,
    /// Whether paths were cut off.
    pub(super) is_cut: bool,
    /// The state that is expanded, and the one that was generated from it.
    pub(super) state: Vec<u64>,
    pub(super) successor: Vec<u64>,
    /// Operators that may apply in the state that is expanded.
    pub(super) applicable: Vec<OperatorId>,
    /// Operators that the heuristics prefer in the state that was evaluated last, ascending.
    pub(super) preferred: Vec<OperatorId>,
    pub(super) stack: Vec<u32>,
}

impl<O: Observer> Core<O> {
    pub(super) fn new(
        task: &Arc<Task>,
        instance: Instance,
        heuristics: Vec<Preparation>,
        policy: Policy,
        memory_limit: u64,
        observer: O,
    ) -> Self {
        let state = instance.initial.clone();
        Self {
            space: Space::new(&task.layout),
            marks: Marks::new(),
            task: Arc::clone(task),
            instance,
            policy,
            memory_limit,
            held: 0,
            peak: 0,
            room: 0,
            evaluations: u64::MAX,
            bound: i64::MAX,
            observer,
            evaluators: Evaluators::new(heuristics),
            evaluation: None,
            statistics: Statistics::default(),
            work: 0,
            initial_h: DEAD_END,
            best_h: DEAD_END,
            is_cut: false,
            successor: state.clone(),
            state,
            applicable: Vec::new(),
            preferred: Vec::new(),
            stack: Vec::new(),
        }
    }

    /// Counters so far.
    pub(super) fn statistics(&self) -> Statistics {
        Statistics { registered: self.space.registry.len() as u64, ..self.statistics }
    }

    /// About the units of work so far; the same however it was sliced.
    #[inline]
    pub(super) fn work_units(&self) -> u64 {
        self.evaluators.work() + self.work
    }

    /// From now on, ignores plans that cost `bound` or more. Only searches that go by cost do so.
    pub(super) fn tighten(&mut self, bound: i64) {
        self.bound = self.bound.min(bound);
    }

    /// Least h so far and h of the initial state; `None` before any is known.
    pub(super) fn best_and_initial_h(&self) -> (Option<i64>, Option<i64>) {
        let known = |h: i64| (h != DEAD_END).then_some(h);
        (known(self.best_h), known(self.initial_h))
    }

    /// How each heuristic began, in their order; empty before they are set up.
    pub(super) fn heuristic_starts(&self) -> Vec<HeuristicStart> {
        self.evaluators.starts()
    }

    /// Bytes held, where the expansion holds `expansion` of them.
    #[inline]
    pub(super) fn memory_bytes(&self, expansion: usize) -> u64 {
        let arenas = self.space.memory_bytes() + self.marks.memory_bytes() + expansion;
        arenas as u64 + self.evaluators.memory_bytes()
    }

    /// Measures what is held and what is left of it.
    #[inline]
    pub(super) fn measure_room(&mut self, expansion: usize) {
        self.held = self.memory_bytes(expansion);
        self.peak = self.peak.max(self.held);
        self.room = self.memory_limit.saturating_sub(self.held);
    }

    /// Asks the heuristics for the state in `successor`.
    #[inline]
    pub(super) fn evaluate(&mut self, evaluation: Evaluation, budget: &mut Budget) -> Progress<Option<i64>> {
        self.evaluators.evaluate(evaluation.node, evaluation.from, &self.successor, budget)
    }

    /// Registers the initial state; it is to be evaluated.
    pub(super) fn register_initial(&mut self) -> Result<(), OutOfMemory> {
        self.space.insert(&self.state, &mut self.room)?;
        self.register(None, 0)
    }

    /// Links the state in `successor`, whose id is the last one, to where it comes from; it is to be evaluated.
    pub(super) fn register(
        &mut self,
        from: Option<(StateId, OperatorId)>,
        g: i64,
    ) -> Result<(), OutOfMemory> {
        let node = self.space.link(from, g, &mut self.room)?;
        self.await_estimate(Evaluation { node, from, is_new: true });
        Ok(())
    }

    /// The state in `successor` is to be evaluated.
    #[inline]
    pub(super) fn await_estimate(&mut self, evaluation: Evaluation) {
        self.statistics.evaluated += 1;
        self.evaluation = Some(evaluation);
    }

    #[inline]
    pub(super) fn is_goal(&self, state: &[u64]) -> bool {
        self.instance.goal.holds(&self.task.layout, state)
    }

    /// Writes a registered state to `state`, derived variables included.
    #[inline]
    pub(super) fn load(&mut self, node: StateId) {
        let words = self.task.layout.dynamic_words();
        self.state[..words].copy_from_slice(self.space.registry.state(node));
        self.task.derive_with(&mut self.state, &mut self.stack);
    }

    /// Applies an operator to `state`, which is that of `node`.
    #[inline]
    pub(super) fn apply(&mut self, node: StateId, operator: OperatorId) -> Applied {
        let operator = &self.task.operators[operator.0 as usize];
        let Some(cost) = self.task.apply(operator, &self.state, &mut self.successor) else {
            let refused = self.task.negative_cost(operator, &self.state);
            return refused.map_or(Applied::Nothing, Applied::NegativeCost);
        };
        let g = self.space.g(node).saturating_add(cost);
        if g > G_MAX {
            self.is_cut = true;
            return Applied::Nothing;
        }
        Applied::Successor(g)
    }

    /// Counts an expansion and reports it to the observer.
    #[inline]
    pub(super) fn note_expansion(&mut self, node: StateId, h: i64, open: usize) {
        self.statistics.expanded += 1;
        self.observer.expanded(Sample {
            node,
            operator: self.space.from(node).map(|(_, operator)| operator),
            g: self.space.g(node),
            h,
            open,
            memory_bytes: self.held,
            best_h: self.best_h,
        });
    }

    /// Reports the counters to the observer.
    #[inline]
    pub(super) fn tell(&mut self, open: usize, is_between: bool) {
        let statistics = self.statistics();
        self.observer.stands(Standing { statistics, open, is_between });
    }

    /// The end at a goal.
    pub(super) fn solved(&mut self, goal: StateId) -> Finished {
        self.observer.solved(&self.space.states_to(goal));
        let plan = self.space.operators_to(goal);
        Finished { end: SearchEnd::Solved, plan, cost: self.space.g(goal) }
    }

    /// The end at a step whose cost is negative.
    pub(super) fn refused(&self, node: StateId, operator: OperatorId, cost: i64) -> Finished {
        let plan = self.space.operators_through(node, operator);
        Finished { end: SearchEnd::NegativeCost, plan, cost }
    }
}
