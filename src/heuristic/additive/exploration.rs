//! Explores the delete relaxation from a state: finds the hadd cost of each proposition and the operator that
//! supports it.

use super::super::amount::{Counter, Summed};
use super::super::cost::{OperatorCosts, cost_in};
use super::super::pausing::Edges;
use super::super::queue::MonotoneQueue;
use super::super::relaxed::{Change, NONE, Relaxation};
use super::super::{EDGES_PER_UNIT, RELAXED_UNITS};
use super::taken::{Amounts, Offer, Step};
use crate::step::Progress;
use crate::task::{Fact, Task};

/// Counters and propositions that can be reset in the time of looking at one edge.
const SET_BACK_PER_EDGE: usize = 8;

/// The hadd costs of propositions. `C` is the type they are counted in; a narrower type is faster.
#[derive(Debug)]
pub(super) struct Exploration<C: Summed> {
    pub(super) relaxation: Relaxation,
    /// Indexed by task operator: its least cost.
    least: Vec<i64>,
    /// Task operators whose cost depends on the state, and the relaxed operators that stand for them.
    varying: Vec<u32>,
    relaxed_varying: Vec<u32>,
    /// Indexed by task operator: its cost in the present state. Empty where no cost depends on the state.
    costs: Vec<i64>,
    /// Indexed by relaxed operator: its cost in the present state.
    own: Vec<C>,
    /// Indexed by relaxed operator: how many preconditions are not reached yet, and what the reached ones
    /// cost together.
    counters: Vec<C::Counter>,
    counters_at_first: Vec<C::Counter>,
    pub(super) propositions: Vec<Proposition<C>>,
    amounts: Amounts<C>,
    is_goal: Vec<bool>,
    /// How many propositions of the goal are not reached yet.
    goals: usize,
    queue: MonotoneQueue,
}

/// The cost of a proposition and its supporter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Proposition<C> {
    pub(super) cost: C,
    /// The relaxed operator that reaches it at this cost; [`NONE`] if it holds in the state or is not
    /// reached.
    pub(super) supporter: u32,
}

impl<C: Summed> Exploration<C> {
    pub(super) fn new(relaxation: Relaxation, costs: OperatorCosts) -> Self {
        let OperatorCosts { least, varying } = costs;
        let mut is_goal = vec![false; relaxation.propositions];
        for &goal in &relaxation.goal {
            is_goal[goal as usize] = true;
        }
        let counters: Vec<C::Counter> = relaxation.unmet_counts().into_iter().map(C::Counter::new).collect();
        let own = |&source: &u32| if source == NONE { C::ZERO } else { C::of(least[source as usize]) };
        let own = relaxation.source.iter().map(own).collect();
        let varies = |source: u32| source != NONE && varying.binary_search(&source).is_ok();
        let relaxed_varying = if varying.is_empty() {
            Vec::new()
        } else {
            (0u32..).zip(&relaxation.source).filter(|one| varies(*one.1)).map(|one| one.0).collect()
        };
        Self {
            relaxed_varying,
            costs: if varying.is_empty() { Vec::new() } else { least.clone() },
            varying,
            least,
            own,
            counters: counters.clone(),
            counters_at_first: counters,
            propositions: vec![Proposition { cost: C::INFINITE, supporter: NONE }; relaxation.propositions],
            amounts: Amounts::new(&relaxation.numeric),
            is_goal,
            goals: 0,
            queue: MonotoneQueue::default(),
            relaxation,
        }
    }

    /// Indexed by task operator: its cost in the present state.
    pub(super) fn costs(&self) -> &[i64] {
        if self.varying.is_empty() { &self.least } else { &self.costs }
    }

    /// How many edges could be looked at in the time that `start` takes.
    pub(super) fn starting_edges(&self) -> u64 {
        let set_back = (self.counters.len() + self.propositions.len()) / SET_BACK_PER_EDGE;
        RELAXED_UNITS * EDGES_PER_UNIT as u64 + (set_back + self.relaxed_varying.len()) as u64
    }

    /// Starts over for a state.
    pub(super) fn start(&mut self, task: &Task, state: &[u64]) {
        self.counters.copy_from_slice(&self.counters_at_first);
        self.propositions.fill(Proposition { cost: C::INFINITE, supporter: NONE });
        self.queue.clear();
        self.goals = self.relaxation.goal.len();
        if !self.varying.is_empty() {
            self.vary(task, state);
        }
        let Self { relaxation, propositions, queue, amounts, .. } = self;
        let mut hold = |proposition: u32| {
            propositions[proposition as usize].cost = C::ZERO;
            queue.push(0, proposition);
        };
        relaxation.facts_of(&task.layout, state, &mut hold);
        let (numeric, base) = (&relaxation.numeric, relaxation.atom_base);
        numeric.stand(&task.layout, state, &mut amounts.standing);
        numeric.held(&amounts.standing).for_each(|atom| hold((base + atom) as u32));
        amounts.clear();
        for i in 0..self.relaxation.free.len() {
            self.fire(self.relaxation.free[i], C::ZERO);
        }
    }

    /// Updates the costs that depend on the state.
    fn vary(&mut self, task: &Task, state: &[u64]) {
        for &operator in &self.varying {
            let id = operator as usize;
            self.costs[id] = cost_in(task, id, state, self.least[id]);
        }
        for &relaxed in &self.relaxed_varying {
            let source = self.relaxation.source[relaxed as usize];
            self.own[relaxed as usize] = C::of(self.costs[source as usize]);
        }
    }

    /// Adds the effects of an operator whose preconditions are all reached, at `paid` in all.
    #[inline]
    fn fire(&mut self, operator: u32, paid: C) {
        let own = self.own[operator as usize];
        let total = paid.plus(own).min(C::LIMIT);
        for &proposition in self.relaxation.adds.row(operator as usize) {
            let known = &mut self.propositions[proposition as usize];
            if total < known.cost {
                *known = Proposition { cost: total, supporter: operator };
                self.queue.push(total.as_i64(), proposition);
            }
        }
        if self.relaxation.numeric.has_influences() {
            self.repeat(operator, paid);
        }
    }

    /// Offers the next atom of each axis that repeating the operator moves along.
    fn repeat(&mut self, operator: u32, paid: C) {
        let Self { relaxation, amounts, propositions, queue, .. } = self;
        let (numeric, own) = (&relaxation.numeric, self.own[operator as usize]);
        for influence in numeric.of(operator as usize) {
            let Change::Grows(delta) = influence.change else { continue };
            let step = Step { operator, paid, own, delta };
            if let Some(offer) = amounts.take(numeric, influence.axis as usize, step) {
                take_up(offer, C::ZERO, relaxation.atom_base, propositions, queue);
            }
        }
    }

    /// Offers the next atom of an axis, after `atom` has been reached.
    fn follow(&mut self, atom: usize, cost: C) {
        let Self { relaxation, amounts, propositions, queue, .. } = self;
        if let Some(offer) = amounts.reach(&relaxation.numeric, atom) {
            take_up(offer, cost, relaxation.atom_base, propositions, queue);
        }
    }

    /// Explores until all propositions of the goal are reached; answers whether they can be. Pending when
    /// `edges` are spent.
    pub(super) fn explore(&mut self, edges: &mut Edges) -> Progress<bool> {
        if self.goals == 0 {
            return Progress::Done(true);
        }
        let has_steps = self.relaxation.numeric.has_influences();
        while let Some((key, proposition)) = self.queue.pop() {
            let proposition = proposition as usize;
            let cost = self.propositions[proposition].cost;
            if key > cost.as_i64() {
                continue;
            }
            if self.is_goal[proposition] {
                self.goals -= 1;
                if self.goals == 0 {
                    return Progress::Done(true);
                }
            }
            if let (true, Some(atom)) = (has_steps, self.relaxation.atom(proposition)) {
                self.follow(atom, cost);
            }
            let uses = self.relaxation.needed_by.range(proposition);
            edges.look_at(1 + uses.len() as u64);
            for i in uses {
                let operator = self.relaxation.needed_by.item(i);
                if let Some(paid) = self.counters[operator as usize].meet(cost) {
                    self.fire(operator, paid);
                }
            }
            if edges.are_spent() {
                return Progress::Pending;
            }
        }
        Progress::Done(false)
    }

    /// How many times its supporter must be applied to reach a proposition.
    pub(super) fn times_of(&self, operator: usize, proposition: u32) -> i64 {
        let numeric = &self.relaxation.numeric;
        let Some(atom) = self.relaxation.atom(proposition as usize) else { return 1 };
        let axis = numeric.axis_of[atom];
        let grows = numeric.of(operator).find_map(|influence| match influence.change {
            Change::Grows(delta) if influence.axis == axis => Some(delta),
            _ => None,
        });
        let left = self.amounts.standing[axis as usize].left;
        grows.map_or(1, |delta| numeric.repetitions(atom, delta, left))
    }

    /// The sum of the costs of the goal's propositions.
    pub(super) fn goal_cost(&self) -> i64 {
        let costs = self.relaxation.goal.iter().map(|&goal| self.propositions[goal as usize].cost.as_i64());
        costs.fold(0i64, |sum, cost| sum.saturating_add(cost).min(i64::MAX / 16))
    }

    /// Replaces the goal by a conjunction of facts that preconditions mention.
    pub(super) fn aim(&mut self, task: &Task, goal: &[Fact]) {
        for &old in &self.relaxation.goal {
            self.is_goal[old as usize] = false;
        }
        let (base, layout) = (&self.relaxation.fact_base, &task.layout);
        // A derived variable that must be false counts as met.
        let counts = |fact: &&Fact| fact.value == 1 || !layout.is_derived(fact.variable);
        let propositions = goal.iter().filter(counts);
        self.relaxation.goal = propositions.map(|fact| base[fact.variable.0 as usize] + fact.value).collect();
        self.relaxation.goal.sort_unstable();
        self.relaxation.goal.dedup();
        self.relaxation.is_goal_false = false;
        for &new in &self.relaxation.goal {
            self.is_goal[new as usize] = true;
        }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.relaxation.memory_bytes()
            + self.counters.len() * (2 * size_of::<C::Counter>() + size_of::<C>())
            + self.propositions.len() * (size_of::<Proposition<C>>() + 1)
            + self.amounts.memory_bytes()
            + (self.least.len() + self.costs.len()) * 8
            + (self.varying.len() + self.relaxed_varying.len()) * 4
    }
}

/// Offers an atom at the cost of a step, but at no less than `now`, the cost that the exploration has
/// reached.
fn take_up<C: Summed>(
    offer: Offer<C>,
    now: C,
    atom_base: usize,
    propositions: &mut [Proposition<C>],
    queue: &mut MonotoneQueue,
) {
    let Offer { atom, cost, operator } = offer;
    let (proposition, cost) = (atom_base + atom, cost.max(now).min(C::LIMIT));
    let known = &mut propositions[proposition];
    if cost < known.cost {
        *known = Proposition { cost, supporter: operator };
        queue.push(cost.as_i64(), proposition as u32);
    }
}
