//! hadd and FF over one exploration.
//!
//! hadd (Bonet & Geffner 2001) sums the costs of the goal's propositions in the delete
//! relaxation. FF (Hoffmann & Nebel 2001) takes the cost of a relaxed plan; its supporters are the
//! cheapest ones by hadd (Keyder & Geffner 2008), and it is found by marking from the goal, never by
//! scanning all operators. Preferred operators are those of the relaxed plan that apply. Neither is
//! admissible; both are safe.
//!
//! A numeric atom is supported by repeating one operator `ceil(deficit / step)` times (Scala,
//! Haslum & Thiébaux 2016), or by one that assigns enough.
//!
//! An evaluation can pause: on large tasks it takes longer than a frame.

use std::sync::Arc;

use super::amount::{Amount, Counter, Summed};
use super::cost::{OperatorCosts, cost_in};
use super::queue::MonotoneQueue;
use super::relaxed::{Change, NONE, Relaxation, Standing};
use super::taken::{Amounts, Taken};
use super::{EDGES_PER_UNIT, Heuristic, RELAXED_UNITS};
use crate::step::{Budget, Progress};
use crate::task::{Fact, OperatorId, StateId, Task};

/// hadd, or FF. `C` is what costs are counted in: the narrower, the faster.
#[derive(Debug)]
pub(super) struct Additive<C: Summed> {
    task: Arc<Task>,
    relaxation: Relaxation,
    extracts_plan: bool,
    least: Vec<i64>,
    /// Task operators whose cost depends on the state.
    varying: Vec<u32>,
    /// Per task operator its cost in the present state.
    costs: Vec<i64>,
    /// Per relaxed operator the same.
    own: Vec<C>,
    /// Per relaxed operator the preconditions not reached yet, and what the others cost.
    counters: Vec<C::Counter>,
    counters_at_first: Vec<C::Counter>,
    propositions: Vec<Proposition<C>>,
    amounts: Amounts<C>,
    is_goal: Vec<bool>,
    queue: MonotoneQueue,
    marks: Marks,
    phase: Phase,
}

/// What an evaluation is at.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// None is under way.
    Idle,
    /// Propositions are being reached; so many of the goal's are not yet.
    Exploring(usize),
    /// The relaxed plan is being marked.
    Marking,
}

/// Counters and propositions that are set back in the time of looking at an edge.
const SET_BACK_PER_EDGE: usize = 8;

/// What is known of a proposition.
#[derive(Clone, Copy, Debug)]
struct Proposition<C> {
    cost: C,
    /// The relaxed operator that reaches it; [`NONE`] where it holds.
    supporter: u32,
}

/// Scratch space of the relaxed plan.
#[derive(Debug, Default)]
struct Marks {
    /// Per proposition the evaluation that marked it last.
    proposition: Vec<u32>,
    /// Per task operator likewise, and how often it stands in the relaxed plan.
    operator: Vec<(u32, i64)>,
    epoch: u32,
    stack: Vec<u32>,
    plan: Vec<u32>,
    reached: Vec<u32>,
    preferred: Vec<OperatorId>,
}

/// A heuristic that works out a relaxed plan.
pub(super) trait RelaxedPlan: Heuristic {
    /// The propositions that the relaxed plan of the last evaluation reaches; none for hadd.
    fn plan_propositions(&self) -> &[u32];
}

/// hadd, or FF, over a relaxation that is there.
pub(super) fn over(
    task: &Arc<Task>,
    relaxation: Relaxation,
    costs: OperatorCosts,
    extracts_plan: bool,
) -> Box<dyn RelaxedPlan> {
    let OperatorCosts { least, varying } = costs;
    let is_narrow = varying.is_empty()
        && relaxation.numeric.axes.is_empty()
        && least.iter().all(|&cost| cost < i64::from(u32::LIMIT) >> 8)
        && (0..relaxation.operators())
            .all(|operator| u32::fits(relaxation.preconditions.row(operator).len()));
    if is_narrow {
        Box::new(Additive::<u32>::new(task, relaxation, extracts_plan, least, varying))
    } else {
        Box::new(Additive::<i64>::new(task, relaxation, extracts_plan, least, varying))
    }
}

impl<C: Summed> Additive<C> {
    fn new(
        task: &Arc<Task>,
        relaxation: Relaxation,
        extracts_plan: bool,
        least: Vec<i64>,
        varying: Vec<u32>,
    ) -> Self {
        let mut is_goal = vec![false; relaxation.propositions];
        for &goal in &relaxation.goal {
            is_goal[goal as usize] = true;
        }
        let counters: Vec<C::Counter> = relaxation.unmet_counts().into_iter().map(C::Counter::new).collect();
        let own = |&source: &u32| if source == NONE { C::ZERO } else { C::of(least[source as usize]) };
        let own = relaxation.source.iter().map(own).collect();
        Self {
            varying,
            costs: least.clone(),
            least,
            own,
            counters: counters.clone(),
            counters_at_first: counters,
            propositions: vec![Proposition { cost: C::INFINITE, supporter: NONE }; relaxation.propositions],
            amounts: Amounts::new(&relaxation.numeric),
            is_goal,
            queue: MonotoneQueue::default(),
            marks: Marks {
                proposition: vec![0; relaxation.propositions],
                operator: vec![(0, 0); task.operators.len()],
                ..Marks::default()
            },
            task: Arc::clone(task),
            relaxation,
            extracts_plan,
            phase: Phase::Idle,
        }
    }

    /// Edges that are looked at in the time of starting.
    fn starting_edges(&self) -> u64 {
        let set_back = (self.counters.len() + self.propositions.len()) / SET_BACK_PER_EDGE;
        RELAXED_UNITS * EDGES_PER_UNIT as u64 + set_back as u64
    }

    fn start(&mut self, state: &[u64]) {
        self.counters.copy_from_slice(&self.counters_at_first);
        self.propositions.fill(Proposition { cost: C::INFINITE, supporter: NONE });
        self.queue.clear();
        if !self.varying.is_empty() {
            self.vary(state);
        }
        let Self { relaxation, propositions, queue, task, amounts, .. } = self;
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

    /// Looks up the costs that depend on the state.
    fn vary(&mut self, state: &[u64]) {
        for &operator in &self.varying {
            let id = operator as usize;
            self.costs[id] = cost_in(&self.task, id, state, self.least[id]);
        }
        for (own, &source) in self.own.iter_mut().zip(&self.relaxation.source) {
            if source != NONE {
                *own = C::of(self.costs[source as usize]);
            }
        }
    }

    /// The operator's preconditions are reached, at `paid` in all.
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

    /// Offers the atoms that repeating the operator leads to.
    fn repeat(&mut self, operator: u32, paid: C) {
        let Self { relaxation, amounts, propositions, queue, .. } = self;
        let (numeric, own) = (&relaxation.numeric, self.own[operator as usize]);
        for influence in numeric.of(operator as usize) {
            let Change::Grows(delta) = influence.change else { continue };
            let axis = influence.axis as usize;
            if !amounts.take(axis, Taken { paid, own, delta }) {
                continue;
            }
            let Standing { left, unmet } = amounts.standing[axis];
            for atom in unmet..numeric.axes[axis].atoms.end {
                let times = numeric.repetitions(atom, delta, left);
                let total = paid.plus(own.times(times)).min(C::LIMIT);
                let proposition = relaxation.atom_base + atom;
                let known = &mut propositions[proposition];
                if total < known.cost {
                    *known = Proposition { cost: total, supporter: operator };
                    queue.push(total.as_i64(), proposition as u32);
                }
            }
        }
    }

    /// Explores until the goal is reached; whether it can be. Pending once so many edges were looked at.
    fn explore(&mut self, mut goals: usize, edges: &mut u64) -> Progress<bool> {
        while let Some((key, proposition)) = self.queue.pop() {
            let proposition = proposition as usize;
            let cost = self.propositions[proposition].cost;
            if key > cost.as_i64() {
                continue;
            }
            if self.is_goal[proposition] {
                goals -= 1;
                if goals == 0 {
                    return Progress::Done(true);
                }
            }
            let uses = self.relaxation.needed_by.range(proposition);
            *edges = edges.saturating_sub(1 + uses.len() as u64);
            for i in uses {
                let operator = self.relaxation.needed_by.item(i);
                if let Some(paid) = self.counters[operator as usize].meet(cost) {
                    self.fire(operator, paid);
                }
            }
            if *edges == 0 {
                self.phase = Phase::Exploring(goals);
                return Progress::Pending;
            }
        }
        Progress::Done(false)
    }

    /// How often the supporter of a proposition is applied for it.
    fn times_of(&self, operator: usize, proposition: u32) -> i64 {
        let numeric = &self.relaxation.numeric;
        let atom = (proposition as usize).checked_sub(self.relaxation.atom_base);
        let Some(&axis) = atom.and_then(|atom| numeric.axis_of.get(atom)) else { return 1 };
        let grows = numeric.of(operator).find_map(|influence| match influence.change {
            Change::Grows(delta) if influence.axis == axis => Some(delta),
            _ => None,
        });
        let left = self.amounts.standing[axis as usize].left;
        grows.map_or(1, |delta| numeric.repetitions(atom.unwrap_or(0), delta, left))
    }

    /// Begins to mark a relaxed plan backwards from the goal.
    fn begin_plan(&mut self) {
        self.marks.epoch += 1;
        self.marks.plan.clear();
        self.marks.reached.clear();
        self.marks.stack.clear();
        self.marks.stack.extend(&self.relaxation.goal);
    }

    /// Marks it; its cost. Pending once so many edges were looked at.
    fn mark(&mut self, state: &[u64], edges: &mut u64) -> Progress<i64> {
        let epoch = self.marks.epoch;
        while let Some(proposition) = self.marks.stack.pop() {
            let Proposition { cost, supporter } = self.propositions[proposition as usize];
            let mark = &mut self.marks.proposition[proposition as usize];
            if *mark == epoch || supporter == NONE || cost == C::INFINITE {
                continue;
            }
            *mark = epoch;
            self.marks.reached.push(proposition);
            let operator = supporter as usize;
            let source = self.relaxation.source[operator];
            if source != NONE {
                let times = self.times_of(operator, proposition);
                let mark = &mut self.marks.operator[source as usize];
                if mark.0 != epoch {
                    *mark = (epoch, 0);
                    self.marks.plan.push(source);
                }
                mark.1 = mark.1.max(times);
            }
            let preconditions = self.relaxation.preconditions.row(operator);
            self.marks.stack.extend(preconditions);
            *edges = edges.saturating_sub(1 + preconditions.len() as u64);
            if *edges == 0 {
                return Progress::Pending;
            }
        }
        Progress::Done(self.end_plan(state))
    }

    /// The cost of the plan that was marked, once its preferred operators are listed.
    fn end_plan(&mut self, state: &[u64]) -> i64 {
        let marks = &mut self.marks;
        marks.plan.sort_unstable();
        let (layout, operators) = (&self.task.layout, &self.task.operators);
        marks.preferred.clear();
        let applies = |id: &&u32| operators[**id as usize].precondition.holds(layout, state);
        marks.preferred.extend(marks.plan.iter().filter(applies).map(|&id| OperatorId(id)));
        marks.plan.iter().fold(0i64, |sum, &id| {
            let times = marks.operator[id as usize].1;
            sum.plus(self.costs[id as usize].times(times)).min(i64::CEILING)
        })
    }

    /// Works on the evaluation of a state while `edges` of the relaxation may be looked at; the estimate at its
    /// end.
    fn work(&mut self, state: &[u64], edges: &mut u64) -> Progress<Option<i64>> {
        while *edges > 0 {
            let is_reached = match self.phase {
                Phase::Idle if self.relaxation.is_goal_false => false,
                Phase::Idle => {
                    *edges = edges.saturating_sub(self.starting_edges());
                    self.start(state);
                    self.phase = Phase::Exploring(self.relaxation.goal.len());
                    continue;
                }
                Phase::Exploring(0) => true,
                Phase::Exploring(goals) => match self.explore(goals, edges) {
                    Progress::Pending => break,
                    Progress::Done(is_reached) => is_reached,
                },
                Phase::Marking => match self.mark(state, edges) {
                    Progress::Pending => break,
                    Progress::Done(cost) => {
                        self.phase = Phase::Idle;
                        return Progress::Done(Some(cost));
                    }
                },
            };
            if self.extracts_plan && is_reached {
                self.begin_plan();
                self.phase = Phase::Marking;
                continue;
            }
            self.phase = Phase::Idle;
            return Progress::Done(is_reached.then(|| self.goal_cost()));
        }
        Progress::Pending
    }

    /// The sum of the costs of the goal's propositions.
    fn goal_cost(&self) -> i64 {
        let costs = self.relaxation.goal.iter().map(|&goal| self.propositions[goal as usize].cost.as_i64());
        costs.fold(0i64, |sum, cost| sum.plus(cost).min(i64::CEILING))
    }
}

impl<C: Summed> RelaxedPlan for Additive<C> {
    fn plan_propositions(&self) -> &[u32] {
        &self.marks.reached
    }
}

impl<C: Summed> Heuristic for Additive<C> {
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        self.phase = Phase::Idle;
        loop {
            let mut edges = u64::MAX;
            if let Progress::Done(estimate) = self.work(state, &mut edges) {
                return estimate;
            }
        }
    }

    fn proceed(
        &mut self,
        _node: StateId,
        _from: Option<(StateId, OperatorId)>,
        state: &[u64],
        budget: &mut Budget,
    ) -> Progress<Option<i64>> {
        let allowed = budget.units_left().saturating_mul(EDGES_PER_UNIT as u64).max(1);
        let mut edges = allowed;
        let progress = self.work(state, &mut edges);
        budget.spend((allowed - edges).div_ceil(EDGES_PER_UNIT as u64));
        progress
    }

    fn has_preferred(&self) -> bool {
        self.extracts_plan
    }

    fn preferred(&self) -> &[OperatorId] {
        &self.marks.preferred
    }

    fn evaluation_units(&self) -> u64 {
        self.relaxation.exploration_units()
    }

    fn aim(&mut self, goal: &[Fact]) -> bool {
        for &old in &self.relaxation.goal {
            self.is_goal[old as usize] = false;
        }
        let (base, layout) = (&self.relaxation.fact_base, &self.task.layout);
        // That a derived variable is false counts as met.
        let counts = |fact: &&Fact| fact.value == 1 || !layout.is_derived(fact.variable);
        let propositions = goal.iter().filter(counts);
        self.relaxation.goal = propositions.map(|fact| base[fact.variable.0 as usize] + fact.value).collect();
        self.relaxation.goal.sort_unstable();
        self.relaxation.goal.dedup();
        self.relaxation.is_goal_false = false;
        for &new in &self.relaxation.goal {
            self.is_goal[new as usize] = true;
        }
        true
    }

    fn is_admissible(&self) -> bool {
        false
    }

    fn memory_bytes(&self) -> u64 {
        let columns = self.counters.len() * (2 * size_of::<C::Counter>() + size_of::<C>())
            + self.propositions.len() * (size_of::<Proposition<C>>() + 5)
            + self.amounts.memory_bytes()
            + self.least.len() * 36;
        (self.relaxation.memory_bytes() + columns) as u64
    }
}
