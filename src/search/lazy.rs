//! Lazy best-first search: a state is generated and evaluated only when it is its turn.
//!
//! Successors wait under their parent's estimates (Helmert 2006, §5; Richter & Helmert 2009). Several
//! heuristics have alternating [`Queues`]. With FF and landmarks, preferred operators and a boost of 1,000
//! this is the first iteration of LAMA (Richter & Westphal 2010), as Fast Downward's `lama-first`
//! has it. It differs in one point: a state that is met again on a cheaper path keeps that path,
//! without being opened again.

use std::sync::Arc;

use super::engine::{Finished, G_MAX, SearchEnd};
use super::evaluators::{DEAD_END, Evaluators, HeuristicStart};
use super::marks::Marks;
use super::observer::{Observer, Sample, Standing};
use super::ordering::{Key, Ordering};
use super::queues::Queues;
use super::space::Space;
use super::statistics::Statistics;
use crate::heuristic::{Heuristic, Preparation};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Instance, OperatorId, OutOfMemory, StateId, Task};

/// Where a lazy search stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Prepare,
    Start,
    Running,
}

/// A state, in [`Lazy::successor`], that waits for its estimate.
#[derive(Clone, Copy, Debug)]
struct Visit {
    node: StateId,
    from: Option<(StateId, OperatorId)>,
    is_new: bool,
}

/// A lazy search as a stepper. A generated successor is one unit of work, an evaluation as many more
/// as the heuristics say.
pub struct Lazy<O> {
    task: Arc<Task>,
    instance: Instance,
    ordering: Ordering,
    memory_limit: u64,
    /// Paths that cost this much or more are not followed.
    bound: i64,
    observer: O,
    stage: Stage,
    visit: Option<Visit>,
    evaluators: Evaluators,
    initial_h: i64,
    evaluations: u64,
    /// The work at which its turn is over.
    turn_end: u64,
    space: Space,
    marks: Marks,
    queues: Queues,
    statistics: Statistics,
    peak_memory: u64,
    is_cut: bool,
    state: Vec<u64>,
    successor: Vec<u64>,
    applicable: Vec<OperatorId>,
    wanted: Vec<OperatorId>,
    keys: Vec<Key>,
    stack: Vec<u32>,
}

impl<O: Observer> Lazy<O> {
    /// A search that has not begun, with one heuristic or more. `memory_limit` is in bytes and covers
    /// everything that grows.
    pub fn new(
        task: &Arc<Task>,
        instance: Instance,
        heuristics: Vec<Preparation>,
        ordering: Ordering,
        memory_limit: u64,
        observer: O,
    ) -> Self {
        let state = instance.initial.clone();
        let queues = Queues::new(heuristics.len(), &ordering);
        Self {
            space: Space::new(&task.layout),
            task: Arc::clone(task),
            instance,
            ordering,
            memory_limit,
            bound: G_MAX,
            observer,
            stage: Stage::Prepare,
            visit: None,
            evaluators: Evaluators::new(heuristics),
            initial_h: DEAD_END,
            evaluations: u64::MAX,
            turn_end: u64::MAX,
            marks: Marks::new(),
            queues,
            statistics: Statistics::default(),
            peak_memory: 0,
            is_cut: false,
            successor: state.clone(),
            state,
            applicable: Vec::new(),
            wanted: Vec::new(),
            keys: Vec::new(),
            stack: Vec::new(),
        }
    }

    /// The same, only for plans that cost less than `bound`.
    #[must_use]
    pub fn with_bound(mut self, bound: i64) -> Self {
        self.bound = bound.min(G_MAX);
        self
    }

    /// The same, ending as exhausted after so many evaluations.
    #[must_use]
    pub fn with_evaluations(mut self, evaluations: u64) -> Self {
        self.evaluations = evaluations;
        self
    }

    /// Counters so far.
    pub fn statistics(&self) -> Statistics {
        Statistics { registered: self.space.registry.len() as u64, ..self.statistics }
    }

    /// Gives up the search for what its observer has seen.
    pub fn into_observer(self) -> O {
        self.observer
    }

    /// About the units of work so far; the same however it was sliced.
    pub fn work_units(&self) -> u64 {
        self.evaluators.work() + self.statistics.generated
    }

    /// Lets it work so many units more: it pauses between two evaluations, at the same place however it is
    /// sliced.
    pub(super) fn begin_turn(&mut self, units: u64) {
        self.turn_end = self.work_units().saturating_add(units);
    }

    /// Whether it has worked for as long as it may, and pauses.
    #[inline]
    pub(super) fn is_turn_over(&self) -> bool {
        self.visit.is_none() && self.work_units() >= self.turn_end
    }

    /// From now on only for plans that cost less than `bound`, if it is less than before.
    pub fn tighten(&mut self, bound: i64) {
        self.bound = self.bound.min(bound);
    }

    /// Changes what everything that grows may take, in bytes.
    pub fn set_memory_limit(&mut self, bytes: u64) {
        self.memory_limit = bytes;
    }

    /// Gives up the search for its heuristics, to be used again.
    pub(super) fn into_heuristics(self) -> Vec<Box<dyn Heuristic>> {
        self.evaluators.into_heuristics()
    }

    /// Least h so far and h of the initial state by the first heuristic; `None` before any is known.
    pub fn best_and_initial_h(&self) -> (Option<i64>, Option<i64>) {
        let known = |h: i64| (h != DEAD_END).then_some(h);
        (self.evaluators.iter().next().and_then(|evaluator| known(evaluator.best)), known(self.initial_h))
    }

    /// Successors that wait, each once per queue that it stands in.
    pub fn open_size(&self) -> usize {
        self.queues.len()
    }

    /// How each heuristic began, in their order; empty before they are set up.
    pub fn heuristic_starts(&self) -> Vec<HeuristicStart> {
        self.evaluators.starts()
    }

    /// Most bytes held at once.
    pub fn peak_memory_bytes(&self) -> u64 {
        self.peak_memory.max(self.memory_bytes())
    }

    /// Whoever watches.
    pub fn observer(&self) -> &O {
        &self.observer
    }

    fn room(&self) -> u64 {
        self.memory_limit.saturating_sub(self.memory_bytes())
    }

    /// The state in `successor` was registered just now: it is to be evaluated and expanded.
    fn register(
        &mut self,
        from: Option<(StateId, OperatorId)>,
        g: i64,
        mut room: u64,
    ) -> Result<(), OutOfMemory> {
        let node = self.space.link(from, g, &mut room)?;
        self.marks.push(&mut room)?;
        self.visit(Visit { node, from, is_new: true });
        Ok(())
    }

    fn visit(&mut self, visit: Visit) {
        self.task.derive_with(&mut self.successor, &mut self.stack);
        self.statistics.evaluated += 1;
        self.visit = Some(visit);
    }

    /// Goes on with a visit, now that the estimate is known; `None` for a dead end.
    fn evaluated(&mut self, visit: Visit, h: Option<i64>) -> Result<Option<Finished>, OutOfMemory> {
        let Visit { node, from, is_new } = visit;
        self.visit = None;
        if is_new {
            self.observer.registered(node, from, self.space.g(node), h);
        }
        let Some(h) = h else {
            self.statistics.dead_ends += 1;
            self.marks.note_dead_end(node);
            return Ok(None);
        };
        if from.is_none() {
            self.initial_h = h;
        }
        self.expand(node)
    }

    /// Puts the successors of the state in `successor`, which has been evaluated, into the queues.
    fn expand(&mut self, node: StateId) -> Result<Option<Finished>, OutOfMemory> {
        let is_progress = self.evaluators.note_progress();
        if self.instance.goal.holds(&self.task.layout, &self.successor) {
            return Ok(Some(self.solved(node)));
        }
        if is_progress {
            self.queues.boost();
        }
        let memory = self.memory_bytes();
        self.peak_memory = self.peak_memory.max(memory);
        if memory > self.memory_limit {
            return Err(OutOfMemory);
        }
        self.statistics.expanded += 1;
        let first = self
            .evaluators
            .iter()
            .next()
            .map_or((DEAD_END, DEAD_END), |evaluator| (evaluator.h, evaluator.best));
        let g = self.space.g(node);
        self.observer.expanded(Sample {
            node,
            operator: self.space.from(node).map(|(_, operator)| operator),
            g,
            h: first.0,
            open: self.queues.len(),
            memory_bytes: memory,
            best_h: first.1,
        });
        self.applicable.clear();
        list_applicable(&self.task, &self.successor, &mut self.stack, &mut self.applicable);
        let mut room = self.memory_limit.saturating_sub(memory);
        let wanted = self.note_preferred(node, &mut room)?;
        self.statistics.generated += self.applicable.len() as u64;
        self.keys.clear();
        let ordering = &self.ordering;
        self.keys.extend(self.evaluators.iter().map(|evaluator| ordering.key(g, evaluator.h, true)));
        self.queues.push(&self.keys, node, (self.applicable.len(), wanted), room)?;
        self.tell();
        Ok(None)
    }

    /// Stores the preferred operators of the state that was evaluated; answers how many there are.
    fn note_preferred(&mut self, node: StateId, room: &mut u64) -> Result<usize, OutOfMemory> {
        if !self.ordering.uses_preferred() {
            return Ok(0);
        }
        self.evaluators.list_preferred(&mut self.wanted);
        self.marks.prefer(node, &self.wanted, room)?;
        Ok(self.wanted.len())
    }

    /// Takes the next successor from the queues and generates it.
    fn advance(&mut self) -> Result<Option<Finished>, OutOfMemory> {
        if self.statistics.evaluated >= self.evaluations {
            return Ok(Some(self.end(SearchEnd::Exhausted)));
        }
        let Self { queues, space, task, state, stack, marks, .. } = self;
        let popped = queues.pop(|node, is_preferred, operators| {
            if is_preferred {
                marks.list(node, operators);
                return;
            }
            let words = task.layout.dynamic_words();
            state[..words].copy_from_slice(space.registry.state(node));
            task.derive_with(state, stack);
            list_applicable(task, state, stack, operators);
        });
        let Some((parent, operator_id)) = popped else {
            let end = if self.is_cut { SearchEnd::Exhausted } else { SearchEnd::Unsolvable };
            return Ok(Some(self.end(end)));
        };
        let words = self.task.layout.dynamic_words();
        self.state[..words].copy_from_slice(self.space.registry.state(parent));
        self.task.derive_with(&mut self.state, &mut self.stack);
        let operator = &self.task.operators[operator_id.0 as usize];
        let Some(cost) = self.task.apply(operator, &self.state, &mut self.successor) else {
            let refused = self.task.negative_cost(operator, &self.state);
            return Ok(refused.map(|cost| self.refused(parent, operator_id, cost)));
        };
        let g = self.space.g(parent).saturating_add(cost);
        if g >= self.bound {
            self.is_cut |= g > G_MAX;
            return Ok(None);
        }
        let from = (parent, operator_id);
        let mut room = self.room();
        let (node, is_new) = self.space.insert(&self.successor, &mut room)?;
        if is_new {
            self.register(Some(from), g, room)?;
        } else {
            self.arrive(node, from, g);
        }
        Ok(None)
    }

    /// A state that is known already; perhaps on a cheaper path, on which it is visited anew. A dead end is
    /// not: a cheaper path leads out of it no more than the one before.
    fn arrive(&mut self, node: StateId, from: (StateId, OperatorId), g: i64) {
        let is_cheaper = g < self.space.g(node);
        if is_cheaper {
            self.space.relink(node, from, g);
        }
        let is_reopened = is_cheaper && self.ordering.reopens() && !self.marks.is_dead_end(node);
        self.observer.arrived(node, from, g, is_cheaper, is_reopened);
        if is_reopened {
            self.statistics.reopened += 1;
            self.visit(Visit { node, from: Some(from), is_new: false });
        }
    }

    /// Tells whoever watches how the search stands. An expansion is over once its successors wait.
    fn tell(&mut self) {
        let (statistics, open) = (self.statistics(), self.open_size());
        self.observer.stands(Standing { statistics, open, is_between: true });
    }

    fn solved(&mut self, goal: StateId) -> Finished {
        self.observer.solved(&self.space.states_to(goal));
        self.peak_memory = self.peak_memory_bytes();
        let plan = self.space.operators_to(goal);
        Finished { end: SearchEnd::Solved, plan, cost: self.space.g(goal) }
    }

    /// The end at a step that would cost less than nothing.
    fn refused(&mut self, parent: StateId, operator: OperatorId, cost: i64) -> Finished {
        self.peak_memory = self.peak_memory_bytes();
        let plan = self.space.operators_through(parent, operator);
        Finished { end: SearchEnd::NegativeCost, plan, cost }
    }

    fn end(&mut self, end: SearchEnd) -> Finished {
        self.peak_memory = self.peak_memory_bytes();
        Finished { end, plan: Vec::new(), cost: 0 }
    }

    fn start(&mut self) -> Result<Option<Finished>, OutOfMemory> {
        if self.instance.goal.is_false {
            return Ok(Some(self.end(SearchEnd::Unsolvable)));
        }
        self.stage = Stage::Running;
        let mut room = self.room();
        self.space.insert(&self.successor, &mut room)?;
        self.register(None, 0, room)?;
        Ok(None)
    }
}

/// Appends the operators that apply in a full state.
fn list_applicable(task: &Task, state: &[u64], stack: &mut Vec<u32>, operators: &mut Vec<OperatorId>) {
    task.successors.facts_hold(&task.layout, state, stack, operators);
    operators.retain(|id| task.operators[id.0 as usize].precondition.rest_holds(&task.layout, state));
}

impl<O: Observer> Stepper for Lazy<O> {
    type Output = Finished;

    fn step(&mut self, budget: &mut Budget) -> Progress<Finished> {
        let progress = self.work(budget);
        self.tell();
        progress
    }

    fn memory_bytes(&self) -> u64 {
        let arenas = self.space.memory_bytes() + self.queues.memory_bytes() + self.marks.memory_bytes();
        arenas as u64 + self.evaluators.memory_bytes()
    }
}

impl<O: Observer> Lazy<O> {
    fn work(&mut self, budget: &mut Budget) -> Progress<Finished> {
        while !budget.is_spent() && !self.is_turn_over() {
            let stepped = if let Some(visit) = self.visit {
                match self.evaluators.evaluate(visit.node, visit.from, &self.successor, budget) {
                    Progress::Pending => return Progress::Pending,
                    Progress::Done(h) => {
                        // Not before: an evaluation that pauses ends under another budget.
                        budget.spend_expansion();
                        self.evaluated(visit, h)
                    }
                }
            } else {
                match self.stage {
                    Stage::Prepare => match self.evaluators.prepare(budget, self.memory_limit) {
                        Ok(false) => Ok(None),
                        Ok(true) => {
                            self.stage = Stage::Start;
                            Ok(None)
                        }
                        Err(error) => Err(error),
                    },
                    Stage::Start | Stage::Running if budget.has_no_expansions() => return Progress::Pending,
                    Stage::Start => {
                        budget.spend(1);
                        self.start()
                    }
                    Stage::Running => {
                        budget.spend(1);
                        self.advance()
                    }
                }
            };
            match stepped {
                Ok(None) => {}
                Ok(Some(finished)) => return Progress::Done(finished),
                Err(OutOfMemory) => return Progress::Done(self.end(SearchEnd::MemoryLimit)),
            }
        }
        Progress::Pending
    }
}
