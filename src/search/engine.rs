//! The loop: take the best open node, expand it, register its successors.

use std::sync::Arc;

use super::evaluators::{DEAD_END, Evaluators, HeuristicStart};
use super::marks::Marks;
use super::observer::{Observer, Sample, Standing};
use super::open::OpenList;
use super::ordering::Ordering;
use super::space::{Space, take};
use super::statistics::Statistics;
use crate::heuristic::Preparation;
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Column, Instance, OperatorId, OutOfMemory, StateId, Task};

/// Path costs above this are cut off, and the search says that it is incomplete.
pub(super) const G_MAX: i64 = 1 << 61;

/// What is known of a registered state beside its path.
#[derive(Clone, Copy, Debug)]
struct Node {
    h: i64,
    status: Status,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Open,
    Closed,
    DeadEnd,
}

/// How a search ended by itself. Time and cancellation are the driver's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchEnd {
    /// A goal state was found.
    Solved,
    /// Every reachable state was seen, or is a proven dead end: there is no plan.
    Unsolvable,
    /// Nothing is left, but paths were cut off on the way.
    Exhausted,
    /// The memory budget was reached.
    MemoryLimit,
    /// A step would cost less than nothing: the last one of the plan, and so much.
    NegativeCost,
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub end: SearchEnd,
    /// The plan; empty unless solved or at a negative cost.
    pub plan: Vec<OperatorId>,
    /// The plan's cost in task units along the path that was found.
    pub cost: i64,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Start,
    Idle,
    Expanding { node: StateId, next: usize },
}

/// A state that was registered just now, in [`Search::successor`], and waits for its estimate.
#[derive(Clone, Copy, Debug)]
struct Unevaluated {
    id: StateId,
    from: Option<(StateId, OperatorId)>,
    g: i64,
}

/// A best-first search as a stepper. A generated successor is one unit of work, an
/// evaluation as many more as the heuristic says.
pub struct Search<O> {
    task: Arc<Task>,
    instance: Instance,
    evaluators: Evaluators,
    ordering: Ordering,
    memory_limit: u64,
    evaluations: u64,
    /// The work at which its turn is over.
    turn_end: u64,
    /// Plans that cost this much or more are not looked for, where the ordering goes by cost.
    bound: i64,
    observer: O,
    space: Space,
    nodes: Column<Node>,
    /// Preferred operators of each node, where the ordering wants them.
    marks: Option<Marks>,
    /// One, or one a heuristic where they alternate, with how often each has gone.
    open: Vec<(OpenList, u64)>,
    statistics: Statistics,
    best_h: i64,
    initial_h: i64,
    peak_memory: u64,
    /// Bytes that the arenas may still grow by: measured after each evaluation and at each expansion, and less
    /// by whatever was taken since.
    room: u64,
    is_cut: bool,
    /// Whether states or successors were left behind on purpose.
    has_left_states: bool,
    stage: Stage,
    unevaluated: Option<Unevaluated>,
    /// A step from a node that would cost less than nothing, and so much.
    refused: Option<(StateId, OperatorId, i64)>,
    state: Vec<u64>,
    successor: Vec<u64>,
    applicable: Vec<OperatorId>,
    /// Preferred operators of the state that is expanded, ascending, and of the one that was evaluated last.
    preferred: Vec<OperatorId>,
    wanted: Vec<OperatorId>,
    stack: Vec<u32>,
}

impl<O: Observer> Search<O> {
    /// A search that has not begun, with one heuristic. `memory_limit` is in bytes and covers everything
    /// that grows.
    pub fn new(
        task: &Arc<Task>,
        instance: Instance,
        heuristic: impl Into<Preparation>,
        ordering: Ordering,
        memory_limit: u64,
        observer: O,
    ) -> Self {
        Self::with_heuristics(task, instance, vec![heuristic.into()], ordering, memory_limit, observer)
    }

    /// The same with several: where the ordering goes by cost their maximum counts, elsewhere each has an
    /// open list and they take turns.
    pub fn with_heuristics(
        task: &Arc<Task>,
        instance: Instance,
        heuristics: Vec<Preparation>,
        ordering: Ordering,
        memory_limit: u64,
        observer: O,
    ) -> Self {
        let lists = if ordering.alternates() { heuristics.len().max(1) } else { 1 };
        let state = instance.initial.clone();
        Self {
            space: Space::new(&task.layout),
            nodes: Column::new(1),
            marks: ordering.uses_preferred().then(Marks::new),
            open: (0..lists).map(|_| (OpenList::new(ordering.is_lifo()), 0)).collect(),
            task: Arc::clone(task),
            instance,
            evaluators: Evaluators::new(heuristics),
            evaluations: u64::MAX,
            turn_end: u64::MAX,
            bound: i64::MAX,
            ordering,
            memory_limit,
            observer,
            statistics: Statistics::default(),
            best_h: DEAD_END,
            initial_h: DEAD_END,
            peak_memory: 0,
            room: 0,
            is_cut: false,
            has_left_states: false,
            stage: Stage::Start,
            unevaluated: None,
            refused: None,
            successor: state.clone(),
            state,
            applicable: Vec::new(),
            preferred: Vec::new(),
            wanted: Vec::new(),
            stack: Vec::new(),
        }
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

    /// Whether an expansion has begun and is not over.
    pub fn is_mid_expansion(&self) -> bool {
        matches!(self.stage, Stage::Expanding { next, .. } if next < self.applicable.len())
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
        self.unevaluated.is_none() && self.work_units() >= self.turn_end
    }

    /// From now on only for plans that cost less than `bound`, if it is less than before. Only A* heeds it.
    pub fn tighten(&mut self, bound: i64) {
        self.bound = self.bound.min(bound);
    }

    /// Changes what everything that grows may take, in bytes.
    pub fn set_memory_limit(&mut self, bytes: u64) {
        self.memory_limit = bytes;
    }

    /// Gives up the search for what its observer has seen.
    pub fn into_observer(self) -> O {
        self.observer
    }

    /// Least h so far and h of the initial state, in task units; `None` before any is known.
    pub fn best_and_initial_h(&self) -> (Option<i64>, Option<i64>) {
        let known = |h: i64| (h != DEAD_END).then_some(h);
        (known(self.best_h), known(self.initial_h))
    }

    /// Entries in the open list.
    pub fn open_size(&self) -> usize {
        self.open.iter().map(|(list, _)| list.len()).sum()
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

    /// The operators from the initial state to a registered one, along its present path.
    /// O(length).
    pub fn path(&self, node: StateId) -> Vec<OperatorId> {
        self.space.operators_to(node)
    }

    fn start(&mut self) -> Result<(), OutOfMemory> {
        if !self.evaluators.have_preferred() {
            self.marks = None;
        }
        self.measure_room();
        self.space.insert(&self.state, &mut self.room)?;
        self.stage = Stage::Idle;
        self.register(None, 0)
    }

    fn is_goal(&self, state: &[u64]) -> bool {
        self.instance.goal.holds(&self.task.layout, state)
    }

    /// Takes the state in `successor` (for the root: in `state` too), registered just now, for a new node.
    fn register(&mut self, from: Option<(StateId, OperatorId)>, g: i64) -> Result<(), OutOfMemory> {
        let id = self.space.link(from, g, &mut self.room)?;
        self.statistics.evaluated += 1;
        self.unevaluated = Some(Unevaluated { id, from, g });
        Ok(())
    }

    /// Enters the new node, now that its estimate is known; `None` for a dead end.
    fn evaluated(
        &mut self,
        unevaluated: Unevaluated,
        h: Option<i64>,
    ) -> Result<Option<Finished>, OutOfMemory> {
        let Unevaluated { id, from, g } = unevaluated;
        self.unevaluated = None;
        let h = if self.open.len() > 1 { h } else { h.map(|_| self.evaluators.highest()) };
        // The heuristics may have grown.
        self.measure_room();
        take(&mut self.room, self.nodes.growth_bytes())?;
        let status = if h.is_some() { Status::Open } else { Status::DeadEnd };
        self.nodes.push(&[Node { h: h.unwrap_or(DEAD_END), status }])?;
        self.note_preferred(id, h.is_some())?;
        self.observer.registered(id, from, g, h);
        match h {
            None => self.statistics.dead_ends += 1,
            Some(h) => self.enqueue(id, from, g, h)?,
        }
        if from.is_none() {
            self.initial_h = self.best_h;
            if self.instance.goal.is_false {
                return Ok(Some(self.end(SearchEnd::Unsolvable)));
            }
        }
        let is_solved = self.ordering.tests_goal_on_generation() && self.is_goal(&self.successor);
        Ok(is_solved.then(|| self.solved(id)))
    }

    /// Puts a new node into the open list, or into each by its own heuristic.
    fn enqueue(
        &mut self,
        id: StateId,
        from: Option<(StateId, OperatorId)>,
        g: i64,
        h: i64,
    ) -> Result<(), OutOfMemory> {
        let is_best = h < self.best_h;
        self.best_h = self.best_h.min(h);
        if self.ordering.climbs() && is_best {
            self.open[0].0 = OpenList::new(self.ordering.is_lifo());
            self.has_left_states |= from.is_some();
            self.applicable.clear();
            self.stage = Stage::Idle;
        }
        let is_preferred = from.is_none_or(|(_, operator)| self.preferred.binary_search(&operator).is_ok());
        let Self { open, evaluators, ordering, room, .. } = self;
        if let [(list, _)] = open.as_mut_slice() {
            return list.push_within(ordering.key(g, h, is_preferred), id.0, room);
        }
        for ((list, _), evaluator) in open.iter_mut().zip(evaluators.iter()) {
            list.push_within(ordering.key(g, evaluator.h, is_preferred), id.0, room)?;
        }
        Ok(())
    }

    /// The next entry: of the list that has gone least often, the first among equals.
    #[inline]
    fn pop(&mut self) -> Option<u32> {
        if let [(list, _)] = self.open.as_mut_slice() {
            return list.pop();
        }
        let waiting = self.open.iter_mut().filter(|(list, _)| list.len() > 0);
        let (list, turns) = waiting.min_by_key(|(_, turns)| *turns)?;
        *turns += 1;
        list.pop()
    }

    #[inline]
    fn measure_room(&mut self) {
        self.room = self.memory_limit.saturating_sub(self.memory_bytes());
    }

    /// Takes the best open node and lists its applicable operators.
    fn select(&mut self) -> Option<Finished> {
        if self.statistics.evaluated >= self.evaluations {
            return Some(self.end(SearchEnd::Exhausted));
        }
        let node = loop {
            let Some(id) = self.pop() else {
                let is_cut = self.is_cut || (self.ordering.climbs() && self.has_left_states);
                let end = if is_cut { SearchEnd::Exhausted } else { SearchEnd::Unsolvable };
                return Some(self.end(end));
            };
            if self.nodes.at(id as usize).status == Status::Open {
                break StateId(id);
            }
        };
        let f = self.space.g(node).saturating_add(self.nodes.at(node.0 as usize).h);
        if self.ordering.is_by_f() && f >= self.bound {
            // It has the least f of all open nodes, and every plan leads through one of them.
            return Some(self.end(SearchEnd::Unsolvable));
        }
        let memory = self.memory_bytes();
        self.peak_memory = self.peak_memory.max(memory);
        if memory > self.memory_limit {
            return Some(self.end(SearchEnd::MemoryLimit));
        }
        self.room = self.memory_limit - memory;
        self.load(node);
        if !self.ordering.tests_goal_on_generation() && self.is_goal(&self.state) {
            return Some(self.solved(node));
        }
        self.expand(node, memory);
        None
    }

    fn load(&mut self, node: StateId) {
        let words = self.task.layout.dynamic_words();
        self.state[..words].copy_from_slice(self.space.registry.state(node));
        self.task.derive_with(&mut self.state, &mut self.stack);
    }

    fn expand(&mut self, node: StateId, memory_bytes: u64) {
        let info = self.nodes.at_mut(node.0 as usize);
        info.status = Status::Closed;
        let sample = Sample {
            node,
            operator: self.space.from(node).map(|(_, operator)| operator),
            g: self.space.g(node),
            h: info.h,
            open: self.open_size(),
            memory_bytes,
            best_h: self.best_h,
        };
        self.statistics.expanded += 1;
        self.observer.expanded(sample);
        let task = &self.task;
        self.applicable.clear();
        task.successors.facts_hold(&task.layout, &self.state, &mut self.stack, &mut self.applicable);
        self.list_preferred(node);
        self.stage = Stage::Expanding { node, next: 0 };
    }

    /// Stores the preferred operators of a node that was evaluated just now: it may be long until it is
    /// expanded, and evaluating it again would take longer than remembering them.
    fn note_preferred(&mut self, id: StateId, is_alive: bool) -> Result<(), OutOfMemory> {
        let Some(marks) = &mut self.marks else { return Ok(()) };
        marks.push(&mut self.room)?;
        if !is_alive {
            return Ok(());
        }
        self.evaluators.list_preferred(&mut self.wanted);
        marks.prefer(id, &self.wanted, &mut self.room)
    }

    /// Looks up the preferred operators of the node that is being expanded. Hill-climbing leaves out the others.
    fn list_preferred(&mut self, node: StateId) {
        self.preferred.clear();
        let Some(marks) = &self.marks else { return };
        marks.list(node, &mut self.preferred);
        if self.ordering.climbs() && !self.preferred.is_empty() {
            self.has_left_states |= self.preferred.len() < self.applicable.len();
            self.applicable.clone_from(&self.preferred);
        }
    }

    /// Generates the successor by the `next`-th applicable operator.
    fn generate(&mut self, node: StateId, next: usize) -> Result<(), OutOfMemory> {
        let operator_id = self.applicable[next];
        let task = &self.task;
        let operator = &task.operators[operator_id.0 as usize];
        if !operator.precondition.rest_holds(&task.layout, &self.state) {
            return Ok(());
        }
        let Some(cost) = task.apply(operator, &self.state, &mut self.successor) else {
            self.refused = task.negative_cost(operator, &self.state).map(|cost| (node, operator_id, cost));
            return Ok(());
        };
        self.statistics.generated += 1;
        let g = self.space.g(node) + cost;
        if g > G_MAX {
            self.is_cut = true;
            return Ok(());
        }
        let (id, is_new) = self.space.insert(&self.successor, &mut self.room)?;
        if !is_new {
            self.arrive(id, (node, operator_id), g)?;
            return Ok(());
        }
        self.task.derive_with(&mut self.successor, &mut self.stack);
        self.register(Some((node, operator_id)), g)
    }

    /// A state that is known already; perhaps on a cheaper path.
    fn arrive(&mut self, id: StateId, from: (StateId, OperatorId), g: i64) -> Result<(), OutOfMemory> {
        let node = self.nodes.at_mut(id.0 as usize);
        let is_cheaper = g < self.space.g(id);
        let mut is_reopened = false;
        if is_cheaper {
            self.space.relink(id, from, g);
            is_reopened = node.status == Status::Closed && self.ordering.reopens();
            if is_reopened {
                node.status = Status::Open;
                self.statistics.reopened += 1;
            }
            if node.status == Status::Open && self.ordering.reopens() {
                let key = self.ordering.key(g, node.h, false);
                self.open[0].0.push_within(key, id.0, &mut self.room)?;
            }
        }
        self.observer.arrived(id, from, g, is_cheaper, is_reopened);
        Ok(())
    }

    /// Tells whoever watches how the search stands.
    fn tell(&mut self, is_between: bool) {
        let (statistics, open) = (self.statistics(), self.open_size());
        self.observer.stands(Standing { statistics, open, is_between });
    }

    fn solved(&mut self, goal: StateId) -> Finished {
        let path = self.space.states_to(goal);
        self.observer.solved(&path);
        let cost = self.space.g(goal);
        self.peak_memory = self.peak_memory_bytes();
        Finished { end: SearchEnd::Solved, plan: self.path(goal), cost }
    }

    /// The end at a step that would cost less than nothing.
    fn refused(&mut self) -> Option<Finished> {
        let (node, operator, cost) = self.refused?;
        self.peak_memory = self.peak_memory_bytes();
        Some(Finished {
            end: SearchEnd::NegativeCost,
            plan: self.space.operators_through(node, operator),
            cost,
        })
    }

    fn end(&mut self, end: SearchEnd) -> Finished {
        self.peak_memory = self.peak_memory_bytes();
        Finished { end, plan: Vec::new(), cost: 0 }
    }
}

impl<O: Observer> Stepper for Search<O> {
    type Output = Finished;

    fn step(&mut self, budget: &mut Budget) -> Progress<Finished> {
        let progress = self.work(budget);
        self.tell(matches!(progress, Progress::Done(_)) || self.is_between());
        progress
    }

    fn memory_bytes(&self) -> u64 {
        let open: usize = self.open.iter().map(|(list, _)| list.memory_bytes()).sum();
        let marks = self.marks.as_ref().map_or(0, Marks::memory_bytes);
        let arenas = self.space.memory_bytes() + self.nodes.memory_bytes() + marks + open;
        arenas as u64 + self.evaluators.memory_bytes()
    }
}

impl<O: Observer> Search<O> {
    /// Whether no expansion is under way.
    fn is_between(&self) -> bool {
        self.unevaluated.is_none() && !matches!(self.stage, Stage::Expanding { .. })
    }

    fn work(&mut self, budget: &mut Budget) -> Progress<Finished> {
        while !budget.is_spent() && !self.is_turn_over() {
            let finished = if let Some(unevaluated) = self.unevaluated {
                let Unevaluated { id, from, .. } = unevaluated;
                match self.evaluators.evaluate(id, from, &self.successor, budget) {
                    Progress::Pending => return Progress::Pending,
                    Progress::Done(h) => self.evaluated(unevaluated, h),
                }
            } else {
                match self.stage {
                    Stage::Start => match self.evaluators.prepare(budget, self.memory_limit) {
                        Ok(false) => Ok(None),
                        Ok(true) => {
                            budget.spend(1);
                            self.start().map(|()| None)
                        }
                        Err(error) => Err(error),
                    },
                    Stage::Idle if budget.has_no_expansions() => return Progress::Pending,
                    Stage::Idle => {
                        budget.spend(1);
                        budget.spend_expansion();
                        self.tell(true);
                        Ok(self.select())
                    }
                    Stage::Expanding { next, .. } if next == self.applicable.len() => {
                        self.stage = Stage::Idle;
                        Ok(None)
                    }
                    Stage::Expanding { node, next } => {
                        budget.spend(1);
                        self.stage = Stage::Expanding { node, next: next + 1 };
                        self.generate(node, next).map(|()| self.refused())
                    }
                }
            };
            match finished {
                Ok(None) => {}
                Ok(Some(finished)) => return Progress::Done(finished),
                Err(OutOfMemory) => return Progress::Done(self.end(SearchEnd::MemoryLimit)),
            }
        }
        Progress::Pending
    }
}
