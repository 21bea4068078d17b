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

use std::sync::Arc;

use super::Heuristic;
use super::amount::{Amount, Counter, Summed};
use super::cost::{OperatorCosts, cost_in};
use super::queue::MonotoneQueue;
use super::relaxed::{InfluenceKind, NONE, Relaxation, repetitions};
use crate::task::{Fact, OperatorId, Task};

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
    /// Per influence the times its operator is repeated; 0 where it does not help.
    times: Vec<i64>,
    is_goal: Vec<bool>,
    queue: MonotoneQueue,
    marks: Marks,
}

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
        && relaxation.atoms.is_empty()
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
            times: vec![1; relaxation.influences.len()],
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
        }
    }

    fn start(&mut self, state: &[u64]) {
        self.counters.copy_from_slice(&self.counters_at_first);
        self.propositions.fill(Proposition { cost: C::INFINITE, supporter: NONE });
        self.queue.clear();
        if !self.varying.is_empty() {
            self.vary(state);
        }
        let Self { relaxation, propositions, queue, task, times, .. } = self;
        let mut hold = |proposition: u32| {
            propositions[proposition as usize].cost = C::ZERO;
            queue.push(0, proposition);
        };
        relaxation.facts_of(&task.layout, state, &mut hold);
        for (id, atom) in relaxation.atoms.iter().enumerate() {
            let Some(deficit) = atom.deficit(atom.left(&task.layout, state)) else {
                hold((relaxation.atom_base + id) as u32);
                continue;
            };
            for &influence in relaxation.by_atom.row(id) {
                times[influence as usize] = match relaxation.influences[influence as usize].kind {
                    InfluenceKind::Grows(delta) => repetitions(deficit, delta),
                    InfluenceKind::Varies => 1,
                    InfluenceKind::Becomes(value) => i64::from(atom.deficit(value).is_none()),
                };
            }
        }
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
        let has_atoms = !self.relaxation.influences.is_empty();
        for (i, &proposition) in self.relaxation.adds.row(operator as usize).iter().enumerate() {
            let total = if has_atoms {
                let place = self.relaxation.adds.range(operator as usize).start + i;
                match self.relaxation.influence_of[place] {
                    NONE => total,
                    influence => match self.times[influence as usize] {
                        0 => continue,
                        times => paid.plus(own.times(times)).min(C::LIMIT),
                    },
                }
            } else {
                total
            };
            let known = &mut self.propositions[proposition as usize];
            if total < known.cost {
                *known = Proposition { cost: total, supporter: operator };
                self.queue.push(total.as_i64(), proposition);
            }
        }
    }

    /// Explores until the goal is reached; `false` where it cannot be.
    fn explore(&mut self, state: &[u64]) -> bool {
        self.start(state);
        let mut goals = self.relaxation.goal.len();
        if goals == 0 {
            return true;
        }
        while let Some((key, proposition)) = self.queue.pop() {
            let proposition = proposition as usize;
            let cost = self.propositions[proposition].cost;
            if key > cost.as_i64() {
                continue;
            }
            if self.is_goal[proposition] {
                goals -= 1;
                if goals == 0 {
                    return true;
                }
            }
            for i in self.relaxation.needed_by.range(proposition) {
                let operator = self.relaxation.needed_by.item(i);
                if let Some(paid) = self.counters[operator as usize].meet(cost) {
                    self.fire(operator, paid);
                }
            }
        }
        false
    }

    /// How often the supporter of a proposition is applied for it.
    fn times_of(&self, operator: usize, proposition: u32) -> i64 {
        if self.relaxation.influences.is_empty() {
            return 1;
        }
        let mut places = self.relaxation.adds.range(operator);
        let place = places.find(|&place| self.relaxation.adds.item(place) == proposition);
        match place.map_or(NONE, |place| self.relaxation.influence_of[place]) {
            NONE => 1,
            influence => self.times[influence as usize],
        }
    }

    /// Marks a relaxed plan backwards from the goal and answers its cost.
    fn relaxed_plan(&mut self, state: &[u64]) -> i64 {
        self.marks.epoch += 1;
        let epoch = self.marks.epoch;
        self.marks.plan.clear();
        self.marks.reached.clear();
        self.marks.stack.extend(&self.relaxation.goal);
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
            self.marks.stack.extend(self.relaxation.preconditions.row(operator));
        }
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
}

impl<C: Summed> RelaxedPlan for Additive<C> {
    fn plan_propositions(&self) -> &[u32] {
        &self.marks.reached
    }
}

impl<C: Summed> Heuristic for Additive<C> {
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        if self.relaxation.is_goal_false || !self.explore(state) {
            return None;
        }
        if self.extracts_plan {
            return Some(self.relaxed_plan(state));
        }
        let costs = self.relaxation.goal.iter().map(|&goal| self.propositions[goal as usize].cost.as_i64());
        Some(costs.fold(0i64, |sum, cost| sum.plus(cost).min(i64::CEILING)))
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
            + self.least.len() * 36;
        (self.relaxation.memory_bytes() + columns) as u64
    }
}
