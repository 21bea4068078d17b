//! Eager expansion: a state is evaluated when it is generated, and waits under its own estimate.

use super::alternation::Alternation;
use super::best_first::{BestFirst, Expansion};
use super::core::{Applied, Core, Evaluation, Stepped};
use super::evaluators::DEAD_END;
use super::finished::{Finished, SearchEnd};
use super::observer::Observer;
use super::open::OpenList;
use super::policy::Policy;
use super::space::take;
use crate::step::Budget;
use crate::task::{Column, OperatorId, OutOfMemory, StateId};

/// Eager best-first search: breadth-first, uniform-cost, A*, weighted A*, greedy search and hill-climbing, by its
/// policy.
pub type Search<O> = BestFirst<Eager, O>;

/// What is stored of a registered state besides its path.
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

/// The eager part of a search: evaluated nodes, and the open lists.
pub struct Eager {
    nodes: Column<Node>,
    /// The open list; or one for each heuristic if they alternate.
    open: Alternation<OpenList>,
    is_lifo: bool,
    /// Whether the preferred operators of each node are remembered.
    has_marks: bool,
    /// The node that is being expanded, and the index of its next operator.
    expanding: Option<(StateId, usize)>,
    /// Preferred operators of the state that is expanded, ascending.
    preferred: Vec<OperatorId>,
    /// Whether states or successors were skipped on purpose, so that an empty open list proves nothing.
    has_left_states: bool,
}

impl Eager {
    /// Puts a new node into the open list, or into each by its own heuristic.
    fn enqueue<O: Observer>(
        &mut self,
        core: &mut Core<O>,
        evaluation: Evaluation,
        h: i64,
    ) -> Result<(), OutOfMemory> {
        let Evaluation { node, from, .. } = evaluation;
        let is_best = h < core.best_h;
        core.best_h = core.best_h.min(h);
        if core.policy.climbs() && is_best {
            self.open.lists().for_each(|list| *list = OpenList::new(self.is_lifo));
            self.has_left_states |= from.is_some();
            self.expanding = None;
        }
        let is_preferred = from.is_none_or(|(_, operator)| self.preferred.binary_search(&operator).is_ok());
        let Core { evaluators, policy, room, space, .. } = core;
        let g = space.g(node);
        if let Some(list) = self.open.only() {
            return list.push(policy.key(g, h, is_preferred), node.0, room);
        }
        for (list, evaluator) in self.open.lists().zip(evaluators.iter()) {
            list.push(policy.key(g, evaluator.h, is_preferred), node.0, room)?;
        }
        Ok(())
    }

    /// Stores the preferred operators of a node that was evaluated just now: it may be long until it is
    /// expanded, and evaluating it again would take longer than remembering them.
    fn note_preferred<O>(
        &self,
        core: &mut Core<O>,
        node: StateId,
        is_alive: bool,
    ) -> Result<(), OutOfMemory> {
        if !self.has_marks {
            return Ok(());
        }
        core.marks.push(&mut core.room)?;
        if !is_alive {
            return Ok(());
        }
        core.evaluators.list_preferred(&mut core.preferred);
        core.marks.prefer(node, &core.preferred, &mut core.room)
    }

    /// Looks up the preferred operators of the node that is being expanded. Hill-climbing leaves out the others.
    fn list_preferred<O>(&mut self, core: &mut Core<O>, node: StateId) {
        self.preferred.clear();
        if !self.has_marks {
            return;
        }
        core.marks.list(node, &mut self.preferred);
        if core.policy.climbs() && !self.preferred.is_empty() {
            self.has_left_states |= self.preferred.len() < core.applicable.len();
            core.applicable.clone_from(&self.preferred);
        }
    }

    /// Takes the next entry of a node that is still open.
    #[inline]
    fn pop(&mut self) -> Option<StateId> {
        loop {
            let (list, priority) = self.open.next()?;
            *priority += 1;
            let id = list.pop()?;
            if self.nodes.at(id as usize).status == Status::Open {
                return Some(StateId(id));
            }
        }
    }

    /// Takes the best open node and lists its applicable operators.
    fn select<O: Observer>(&mut self, core: &mut Core<O>) -> Stepped {
        if core.statistics.evaluated >= core.evaluations {
            return Ok(Some(Finished::without_plan(SearchEnd::Exhausted)));
        }
        let Some(node) = self.pop() else {
            let is_cut = core.is_cut || (core.policy.climbs() && self.has_left_states);
            let end = if is_cut { SearchEnd::Exhausted } else { SearchEnd::Unsolvable };
            return Ok(Some(Finished::without_plan(end)));
        };
        let h = self.nodes.at(node.0 as usize).h;
        if core.policy.is_by_f() && core.space.g(node).saturating_add(h) >= core.bound {
            // It has the least f of all open nodes, and every plan leads through one of them.
            return Ok(Some(Finished::without_plan(SearchEnd::Unsolvable)));
        }
        core.measure_room(self.memory_bytes());
        if core.held > core.memory_limit {
            return Err(OutOfMemory);
        }
        core.load(node);
        if !core.policy.tests_goal_on_generation() && core.is_goal(&core.state) {
            return Ok(Some(core.solved(node)));
        }
        self.nodes.at_mut(node.0 as usize).status = Status::Closed;
        core.note_expansion(node, h, self.open_size());
        core.applicable.clear();
        let Core { task, state, stack, applicable, .. } = core;
        task.successors.facts_hold(&task.layout, state, stack, applicable);
        self.list_preferred(core, node);
        self.expanding = (!core.applicable.is_empty()).then_some((node, 0));
        Ok(None)
    }

    /// Generates the successor by the `next`-th operator whose facts hold.
    #[inline]
    fn generate<O: Observer>(&mut self, core: &mut Core<O>, node: StateId, next: usize) -> Stepped {
        let id = core.applicable[next];
        let precondition = &core.task.operators[id.0 as usize].precondition;
        if !precondition.rest_holds(&core.task.layout, &core.state) {
            return Ok(None);
        }
        let g = match core.apply(node, id) {
            Applied::Successor(g) => g,
            Applied::Nothing => return Ok(None),
            Applied::NegativeCost(cost) => return Ok(Some(core.refused(node, id, cost))),
        };
        core.statistics.generated += 1;
        let (known, is_new) = core.space.insert(&core.successor, &mut core.room)?;
        if is_new {
            core.task.derive_with(&mut core.successor, &mut core.stack);
            core.register(Some((node, id)), g)?;
        } else {
            self.arrive(core, known, (node, id), g)?;
        }
        Ok(None)
    }

    /// Handles a successor that is registered already, perhaps on a cheaper path.
    fn arrive<O: Observer>(
        &mut self,
        core: &mut Core<O>,
        id: StateId,
        from: (StateId, OperatorId),
        g: i64,
    ) -> Result<(), OutOfMemory> {
        let node = self.nodes.at_mut(id.0 as usize);
        let is_cheaper = g < core.space.g(id);
        let mut is_reopened = false;
        if is_cheaper {
            core.space.relink(id, from, g);
            is_reopened = node.status == Status::Closed && core.policy.reopens();
            if is_reopened {
                node.status = Status::Open;
                core.statistics.reopened += 1;
            }
            if node.status == Status::Open && core.policy.reopens() {
                let key = core.policy.key(g, node.h, false);
                // A search that reopens has a single list.
                if let Some(list) = self.open.only() {
                    list.push(key, id.0, &mut core.room)?;
                }
            }
        }
        core.observer.arrived(id, from, g, is_cheaper, is_reopened);
        Ok(())
    }
}

impl Expansion for Eager {
    const EXPANDS_AT_EVALUATION: bool = false;

    fn new(policy: &Policy, heuristics: usize) -> Self {
        let lists = if policy.alternates() { heuristics.max(1) } else { 1 };
        let is_lifo = policy.is_lifo();
        Self {
            nodes: Column::new(1),
            open: Alternation::new((0..lists).map(|_| OpenList::new(is_lifo))),
            is_lifo,
            has_marks: false,
            expanding: None,
            preferred: Vec::new(),
            has_left_states: false,
        }
    }

    fn open_size(&self) -> usize {
        self.open.len()
    }

    fn memory_bytes(&self) -> usize {
        self.nodes.memory_bytes() + self.open.memory_bytes()
    }

    fn is_mid_expansion(&self) -> bool {
        self.expanding.is_some()
    }

    fn start<O: Observer>(&mut self, core: &mut Core<O>) -> Result<(), OutOfMemory> {
        self.has_marks = core.policy.uses_preferred() && core.evaluators.have_preferred();
        core.register_initial()
    }

    fn evaluated<O: Observer>(
        &mut self,
        core: &mut Core<O>,
        evaluation: Evaluation,
        h: Option<i64>,
    ) -> Stepped {
        let Evaluation { node, from, .. } = evaluation;
        let h = if self.open.count() > 1 { h } else { h.map(|_| core.evaluators.highest()) };
        take(&mut core.room, self.nodes.growth_bytes())?;
        let status = if h.is_some() { Status::Open } else { Status::DeadEnd };
        self.nodes.push(&[Node { h: h.unwrap_or(DEAD_END), status }])?;
        self.note_preferred(core, node, h.is_some())?;
        core.observer.registered(node, from, core.space.g(node), h);
        match h {
            None => core.statistics.dead_ends += 1,
            Some(h) => self.enqueue(core, evaluation, h)?,
        }
        if from.is_none() {
            core.initial_h = core.best_h;
        }
        let is_solved = core.policy.tests_goal_on_generation() && core.is_goal(&core.successor);
        Ok(is_solved.then(|| core.solved(node)))
    }

    #[inline]
    fn advance<O: Observer>(&mut self, core: &mut Core<O>, budget: &mut Budget) -> Stepped {
        let Some((node, next)) = self.expanding else {
            budget.spend_expansion();
            core.tell(self.open_size(), true);
            return self.select(core);
        };
        self.expanding = (next + 1 < core.applicable.len()).then_some((node, next + 1));
        self.generate(core, node, next)
    }
}
