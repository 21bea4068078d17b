//! The loop: take the best open node, expand it, register its successors.

use std::sync::Arc;

use super::observer::{Observer, Sample};
use super::open::OpenList;
use super::ordering::Ordering;
use super::statistics::Statistics;
use crate::heuristic::{Heuristic, Preparation};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Column, Instance, OperatorId, OutOfMemory, StateId, StateRegistry, Task};

/// "No parent, no operator".
const NONE: u32 = u32::MAX;
/// The h of a dead end.
const DEAD_END: i64 = i64::MAX;
/// Path costs above this are cut off, and the search says that it is incomplete.
const G_MAX: i64 = 1 << 61;

/// Stands for a heuristic until it is set up; never asked.
struct NotReady;

impl Heuristic for NotReady {
    fn evaluate(&mut self, _state: &[u64]) -> Option<i64> {
        None
    }

    fn is_admissible(&self) -> bool {
        false
    }
}

/// What is known of a registered state.
#[derive(Clone, Copy, Debug)]
struct Node {
    g: i64,
    h: i64,
    parent: u32,
    operator: u32,
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
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub end: SearchEnd,
    /// The plan; empty unless solved.
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

/// A best-first search as a stepper. A generated successor is one unit of work, an
/// evaluation as many more as the heuristic says.
pub struct Search<O> {
    task: Arc<Task>,
    instance: Instance,
    preparation: Option<Preparation>,
    heuristic: Box<dyn Heuristic>,
    ordering: Ordering,
    memory_limit: u64,
    heuristic_bytes: u64,
    observer: O,
    registry: StateRegistry,
    nodes: Column<Node>,
    open: OpenList,
    statistics: Statistics,
    best_h: i64,
    initial_h: i64,
    peak_memory: u64,
    room: u64,
    is_cut: bool,
    stage: Stage,
    state: Vec<u64>,
    successor: Vec<u64>,
    applicable: Vec<OperatorId>,
    preferred: Vec<OperatorId>,
    stack: Vec<u32>,
}

impl<O: Observer> Search<O> {
    /// A search that has not begun. `memory_limit` is in bytes and covers everything that grows.
    pub fn new(
        task: &Arc<Task>,
        instance: Instance,
        heuristic: impl Into<Preparation>,
        ordering: Ordering,
        memory_limit: u64,
        observer: O,
    ) -> Self {
        let state = instance.initial.clone();
        Self {
            registry: StateRegistry::new(&task.layout),
            nodes: Column::new(1),
            open: OpenList::new(ordering.is_lifo()),
            task: Arc::clone(task),
            instance,
            heuristic_bytes: 0,
            preparation: Some(heuristic.into()),
            heuristic: Box::new(NotReady),
            ordering,
            memory_limit,
            observer,
            statistics: Statistics::default(),
            best_h: DEAD_END,
            initial_h: DEAD_END,
            peak_memory: 0,
            room: 0,
            is_cut: false,
            stage: Stage::Start,
            successor: state.clone(),
            state,
            applicable: Vec::new(),
            preferred: Vec::new(),
            stack: Vec::new(),
        }
    }

    /// Counters so far.
    pub fn statistics(&self) -> Statistics {
        Statistics { registered: self.registry.len() as u64, ..self.statistics }
    }

    /// Whether an expansion has begun and is not over.
    pub fn is_mid_expansion(&self) -> bool {
        matches!(self.stage, Stage::Expanding { next, .. } if next < self.applicable.len())
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
        self.open.len()
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
        let mut path = Vec::new();
        let mut at = node.0;
        while let Some(info) = ((at as usize) < self.nodes.len()).then(|| self.nodes.at(at as usize)) {
            if info.parent == NONE {
                break;
            }
            path.push(OperatorId(info.operator));
            at = info.parent;
        }
        path.reverse();
        path
    }

    /// Sets up the heuristic; answers whether it is ready.
    fn prepare(&mut self, budget: &mut Budget) -> Result<bool, OutOfMemory> {
        if let Some(preparation) = &mut self.preparation {
            let stepped = preparation.step(budget, self.memory_limit);
            self.heuristic_bytes = preparation.memory_bytes();
            stepped?;
        }
        if matches!(self.preparation, Some(Preparation::Building(_))) {
            return Ok(false);
        }
        if let Some(Preparation::Ready(heuristic)) = self.preparation.take() {
            self.heuristic = heuristic;
        }
        Ok(true)
    }

    fn start(&mut self) -> Option<Finished> {
        self.measure_room();
        let h = self.heuristic.evaluate(&self.state);
        self.statistics.evaluated += 1;
        if self.register(None, 0, h).is_err() {
            return Some(self.end(SearchEnd::MemoryLimit));
        }
        self.initial_h = h.unwrap_or(DEAD_END);
        if self.instance.goal.is_false {
            return Some(self.end(SearchEnd::Unsolvable));
        }
        let root = StateId(0);
        if self.ordering.tests_goal_on_generation() && self.is_goal_state() {
            return Some(self.solved(root));
        }
        self.stage = Stage::Idle;
        None
    }

    fn is_goal_state(&self) -> bool {
        self.instance.goal.holds(&self.task.layout, &self.state)
    }

    /// Registers `successor` (for the root: `state`, which is equal then) as a new node.
    fn register(
        &mut self,
        from: Option<(StateId, OperatorId)>,
        g: i64,
        h: Option<i64>,
    ) -> Result<(), OutOfMemory> {
        let (parent, operator) = from.map_or((NONE, NONE), |(node, operator)| (node.0, operator.0));
        if from.is_none() {
            self.registry.insert(&self.state, self.room)?;
        }
        self.measure_room();
        if self.nodes.growth_bytes() as u64 > self.room {
            return Err(OutOfMemory);
        }
        let status = if h.is_some() { Status::Open } else { Status::DeadEnd };
        self.nodes.push(&[Node { g, h: h.unwrap_or(DEAD_END), parent, operator, status }])?;
        let id = StateId(self.nodes.len() as u32 - 1);
        self.observer.registered(id, from, g, h);
        match h {
            None => self.statistics.dead_ends += 1,
            Some(h) => {
                self.best_h = self.best_h.min(h);
                let is_preferred =
                    from.is_none_or(|(_, operator)| self.preferred.binary_search(&operator).is_ok());
                self.measure_room();
                self.open.push(self.ordering.key(g, h, is_preferred), id.0, self.room)?;
            }
        }
        self.measure_room();
        Ok(())
    }

    /// Notes what the arenas may still grow by; to be known before each time that they do.
    #[inline]
    fn measure_room(&mut self) {
        self.room = self.memory_limit.saturating_sub(self.memory_bytes());
    }

    /// Takes the best open node and lists its applicable operators.
    fn select(&mut self) -> Option<Finished> {
        let node = loop {
            let Some(id) = self.open.pop() else {
                let end = if self.is_cut { SearchEnd::Exhausted } else { SearchEnd::Unsolvable };
                return Some(self.end(end));
            };
            if self.nodes.at(id as usize).status == Status::Open {
                break StateId(id);
            }
        };
        let memory = self.memory_bytes();
        self.peak_memory = self.peak_memory.max(memory);
        if memory > self.memory_limit {
            return Some(self.end(SearchEnd::MemoryLimit));
        }
        self.room = self.memory_limit - memory;
        self.load(node);
        if !self.ordering.tests_goal_on_generation() && self.is_goal_state() {
            return Some(self.solved(node));
        }
        self.expand(node, memory);
        None
    }

    fn load(&mut self, node: StateId) {
        let words = self.task.layout.dynamic_words();
        self.state[..words].copy_from_slice(self.registry.state(node));
        self.task.derive(&mut self.state);
    }

    fn expand(&mut self, node: StateId, memory_bytes: u64) {
        let info = self.nodes.at_mut(node.0 as usize);
        info.status = Status::Closed;
        let sample = Sample {
            node,
            operator: (info.operator != NONE).then_some(OperatorId(info.operator)),
            g: info.g,
            h: info.h,
            open: self.open.len(),
            memory_bytes,
            best_h: self.best_h,
        };
        self.statistics.expanded += 1;
        self.observer.expanded(sample);
        let task = &self.task;
        self.applicable.clear();
        task.successors.facts_hold(&task.layout, &self.state, &mut self.stack, &mut self.applicable);
        self.list_preferred();
        self.stage = Stage::Expanding { node, next: 0 };
    }

    /// Only greedy search uses preferred operators, and only if the heuristic has some; those of
    /// the node are known after evaluating it again.
    fn list_preferred(&mut self) {
        self.preferred.clear();
        if self.ordering.uses_preferred() && self.heuristic.has_preferred() {
            self.heuristic.evaluate(&self.state);
            self.preferred.extend_from_slice(self.heuristic.preferred());
        }
    }

    /// Generates the successor by the `next`-th applicable operator.
    fn generate(&mut self, node: StateId, next: usize) -> Result<Option<Finished>, OutOfMemory> {
        let operator_id = self.applicable[next];
        let task = &self.task;
        let operator = &task.operators[operator_id.0 as usize];
        if !operator.precondition.rest_holds(&task.layout, &self.state) {
            return Ok(None);
        }
        let Some(cost) = task.apply(operator, &self.state, &mut self.successor) else { return Ok(None) };
        self.statistics.generated += 1;
        let g = self.nodes.at(node.0 as usize).g + cost;
        if g > G_MAX {
            self.is_cut = true;
            return Ok(None);
        }
        let (id, is_new) = self.registry.insert(&self.successor, self.room)?;
        if !is_new {
            self.arrive(id, (node, operator_id), g)?;
            return Ok(None);
        }
        self.task.derive(&mut self.successor);
        let h = self.heuristic.evaluate(&self.successor);
        self.statistics.evaluated += 1;
        self.register(Some((node, operator_id)), g, h)?;
        let tests = self.ordering.tests_goal_on_generation();
        if tests && self.instance.goal.holds(&self.task.layout, &self.successor) {
            return Ok(Some(self.solved(id)));
        }
        Ok(None)
    }

    /// A state that is known already; perhaps on a cheaper path.
    fn arrive(&mut self, id: StateId, from: (StateId, OperatorId), g: i64) -> Result<(), OutOfMemory> {
        let node = self.nodes.at_mut(id.0 as usize);
        let is_cheaper = g < node.g;
        let mut is_reopened = false;
        if is_cheaper {
            node.g = g;
            (node.parent, node.operator) = (from.0.0, from.1.0);
            is_reopened = node.status == Status::Closed && self.ordering.reopens();
            if is_reopened {
                node.status = Status::Open;
                self.statistics.reopened += 1;
            }
            if node.status == Status::Open && self.ordering.reopens() {
                self.open.push(self.ordering.key(g, node.h, false), id.0, self.room)?;
                self.measure_room();
            }
        }
        self.observer.arrived(id, from, g, is_cheaper, is_reopened);
        Ok(())
    }

    fn solved(&mut self, goal: StateId) -> Finished {
        let mut path = vec![goal];
        let mut at = self.nodes.at(goal.0 as usize).parent;
        while at != NONE {
            path.push(StateId(at));
            at = self.nodes.at(at as usize).parent;
        }
        path.reverse();
        self.observer.solved(&path);
        let cost = self.nodes.at(goal.0 as usize).g;
        self.peak_memory = self.peak_memory_bytes();
        Finished { end: SearchEnd::Solved, plan: self.path(goal), cost }
    }

    fn end(&mut self, end: SearchEnd) -> Finished {
        self.peak_memory = self.peak_memory_bytes();
        Finished { end, plan: Vec::new(), cost: 0 }
    }
}

impl<O: Observer> Stepper for Search<O> {
    type Output = Finished;

    fn step(&mut self, budget: &mut Budget) -> Progress<Finished> {
        while !budget.is_spent() {
            let finished = match self.stage {
                Stage::Start => {
                    match self.prepare(budget) {
                        Err(OutOfMemory) => return Progress::Done(self.end(SearchEnd::MemoryLimit)),
                        Ok(false) => return Progress::Pending,
                        Ok(true) => {}
                    }
                    budget.spend(1);
                    self.start()
                }
                Stage::Idle => {
                    if budget.has_no_expansions() {
                        return Progress::Pending;
                    }
                    budget.spend(1);
                    budget.spend_expansion();
                    self.select()
                }
                Stage::Expanding { next, .. } if next == self.applicable.len() => {
                    self.stage = Stage::Idle;
                    None
                }
                Stage::Expanding { node, next } => {
                    budget.spend(1);
                    self.stage = Stage::Expanding { node, next: next + 1 };
                    let evaluated = self.statistics.evaluated;
                    let generated = self.generate(node, next);
                    if self.statistics.evaluated > evaluated {
                        budget.spend(self.heuristic.evaluation_units());
                    }
                    match generated {
                        Ok(finished) => finished,
                        Err(OutOfMemory) => Some(self.end(SearchEnd::MemoryLimit)),
                    }
                }
            };
            if let Some(finished) = finished {
                return Progress::Done(finished);
            }
        }
        Progress::Pending
    }

    fn memory_bytes(&self) -> u64 {
        let arenas = self.registry.memory_bytes() + self.nodes.memory_bytes() + self.open.memory_bytes();
        arenas as u64 + self.heuristic_bytes
    }
}
