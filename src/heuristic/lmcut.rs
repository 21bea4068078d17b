//! LM-cut (Helmert & Domshlak 2009): a cost partitioning over disjunctive action landmarks, each a cut
//! in the justification graph of hmax. Admissible; at least hmax.
//!
//! A landmark is a set of *task* operators: where several relaxed operators stand for one of them (conditional
//! effects, copies of variables), they share its cost and are cheapened together, which keeps the
//! sum admissible. Then, and where there are numeric conditions (which the cuts take for met), hmax may
//! be the higher of the two, so the greater one counts. Axioms are rules without cost, as everywhere in
//! the relaxation. hmax is worked out over all propositions, not only up to the goal: cuts would be
//! unsound otherwise.

use std::sync::Arc;

use super::Heuristic;
use super::amount::Amount;
use super::cost::Measure;
use super::hmax::Hmax;
use super::queue::MonotoneQueue;
use super::relaxed::{NONE, Relaxation, Rows};
use crate::task::{Instance, Task};

/// An evaluation takes about as long as so many explorations: parts are explored anew after each cut.
const EXPLORATIONS: u64 = 8;

/// What is known of a relaxed operator. The last one stands for the goal.
#[derive(Clone, Copy, Debug)]
struct Action<C> {
    /// What is left of its cost.
    cost: C,
    /// The cost of its most expensive precondition.
    paid: C,
    /// That precondition.
    supporter: u32,
    /// Preconditions not reached yet.
    unmet: u32,
}

/// Where a proposition lies in the justification graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    /// Not reached from the state.
    Beyond,
    /// Reached from the state without entering the goal zone.
    Before,
    /// The goal costs nothing from here.
    Goal,
}

/// The heuristic LM-cut.
#[derive(Debug)]
pub(super) struct Lmcut<C> {
    task: Arc<Task>,
    relaxation: Relaxation,
    /// Where cuts alone may stay below it.
    hmax: Option<Hmax>,
    preconditions: Rows,
    adds: Rows,
    needed_by: Rows,
    added_by: Rows,
    /// Relaxed operators that share a cost, one row a group; empty where none do.
    groups: Rows,
    /// Per relaxed operator its group; [`NONE`] for those that share with none.
    group: Vec<u32>,
    at_first: Vec<Action<C>>,
    actions: Vec<Action<C>>,
    costs: Vec<C>,
    zones: Vec<Zone>,
    /// Holds in every state: the precondition of what has none.
    start: u32,
    goal: u32,
    queue: MonotoneQueue,
    stack: Vec<u32>,
    cut: Vec<u32>,
}

/// LM-cut over a relaxation that is there.
pub(super) fn over(
    task: &Arc<Task>,
    instance: &Instance,
    measure: Measure,
    relaxation: Relaxation,
) -> Box<dyn Heuristic> {
    let least = measure.least_costs(task, instance);
    if least.iter().all(|&cost| cost < i64::from(u32::CEILING) >> 8) {
        Box::new(Lmcut::<u32>::new(task, instance, measure, relaxation, &least))
    } else {
        Box::new(Lmcut::<i64>::new(task, instance, measure, relaxation, &least))
    }
}

impl<C: Amount> Lmcut<C> {
    fn new(
        task: &Arc<Task>,
        instance: &Instance,
        measure: Measure,
        relaxation: Relaxation,
        least: &[i64],
    ) -> Self {
        let operators = relaxation.operators();
        let start = relaxation.propositions as u32;
        let goal = start + 1;
        let atoms = relaxation.atom_base..relaxation.atom_base + relaxation.atoms.len();
        let kept = |row: &[u32]| -> Vec<u32> {
            row.iter().copied().filter(|&proposition| !atoms.contains(&(proposition as usize))).collect()
        };
        let (mut needs, mut gives) = (Vec::new(), Vec::new());
        let mut add = |operator: u32, preconditions: &[u32], adds: &[u32]| {
            let mut preconditions = kept(preconditions);
            if preconditions.is_empty() {
                preconditions.push(start);
            }
            needs.extend(preconditions.into_iter().map(|needed| (operator, needed)));
            gives.extend(kept(adds).into_iter().map(|added| (operator, added)));
        };
        for operator in 0..operators {
            let (preconditions, adds) = (&relaxation.preconditions, &relaxation.adds);
            add(operator as u32, preconditions.row(operator), adds.row(operator));
        }
        add(operators as u32, &relaxation.goal, &[goal]);
        let turned = |pairs: &[(u32, u32)]| -> Vec<(u32, u32)> {
            pairs.iter().map(|&(operator, proposition)| (proposition, operator)).collect()
        };
        let (groups, group) = shared(&relaxation, task.operators.len());
        let preconditions = Rows::new(operators + 1, needs.iter().copied());
        let at_first: Vec<Action<C>> = (0..=operators)
            .map(|operator| {
                let source = relaxation.source.get(operator).copied().unwrap_or(NONE);
                let cost = if source == NONE { C::ZERO } else { C::of(least[source as usize]) };
                let unmet = preconditions.row(operator).len() as u32;
                Action { cost, paid: C::INFINITE, supporter: NONE, unmet }
            })
            .collect();
        let propositions = goal as usize + 1;
        let may_be_below = !groups.is_empty() || !relaxation.atoms.is_empty();
        Self {
            hmax: may_be_below.then(|| Hmax::new(task, instance, measure)),
            preconditions,
            adds: Rows::new(operators + 1, gives.iter().copied()),
            needed_by: Rows::new(propositions, turned(&needs).into_iter()),
            added_by: Rows::new(propositions, turned(&gives).into_iter()),
            groups,
            group,
            actions: at_first.clone(),
            at_first,
            costs: vec![C::INFINITE; propositions],
            zones: vec![Zone::Beyond; propositions],
            start,
            goal,
            queue: MonotoneQueue::default(),
            stack: Vec::new(),
            cut: Vec::new(),
            task: Arc::clone(task),
            relaxation,
        }
    }

    fn reach(&mut self, proposition: u32, cost: C) {
        let known = &mut self.costs[proposition as usize];
        if cost < *known {
            *known = cost;
            self.queue.push(cost.as_i64(), proposition);
        }
    }

    /// hmax over everything, with the supporter of each relaxed operator.
    fn explore(&mut self, state: &[u64]) {
        self.actions.copy_from_slice(&self.at_first);
        self.costs.fill(C::INFINITE);
        self.queue.clear();
        let Self { relaxation, costs, queue, task, start, .. } = self;
        let mut hold = |proposition: u32| {
            costs[proposition as usize] = C::ZERO;
            queue.push(0, proposition);
        };
        relaxation.facts_of(&task.layout, state, &mut hold);
        hold(*start);
        while let Some((key, proposition)) = self.queue.pop() {
            let cost = self.costs[proposition as usize];
            if key > cost.as_i64() {
                continue;
            }
            for i in self.needed_by.range(proposition as usize) {
                let operator = self.needed_by.item(i) as usize;
                let action = &mut self.actions[operator];
                action.unmet -= 1;
                if action.unmet == 0 {
                    // What is reached last costs most.
                    (action.supporter, action.paid) = (proposition, cost);
                    let total = cost.plus(action.cost).min(C::CEILING);
                    for i in self.adds.range(operator) {
                        self.reach(self.adds.item(i), total);
                    }
                }
            }
        }
    }

    /// Brings hmax up to date after the operators of the cut became cheaper.
    fn explore_again(&mut self) {
        self.queue.clear();
        for i in 0..self.cut.len() {
            self.offer(self.cut[i] as usize);
        }
        while let Some((key, proposition)) = self.queue.pop() {
            let cost = self.costs[proposition as usize];
            if key > cost.as_i64() {
                continue;
            }
            for i in self.needed_by.range(proposition as usize) {
                let operator = self.needed_by.item(i) as usize;
                let action = self.actions[operator];
                if action.supporter == proposition && action.unmet == 0 && action.paid > cost {
                    let mut dearest = (proposition, cost);
                    // The first among equals, whichever it was before: cuts come out better so.
                    for (at, &needed) in self.preconditions.row(operator).iter().enumerate() {
                        let cost = self.costs[needed as usize];
                        if at == 0 || cost > dearest.1 {
                            dearest = (needed, cost);
                        }
                    }
                    let action = &mut self.actions[operator];
                    (action.supporter, action.paid) = dearest;
                    self.offer(operator);
                }
            }
        }
    }

    /// What an operator reaches, at its present cost.
    fn offer(&mut self, operator: usize) {
        let action = self.actions[operator];
        if action.unmet > 0 {
            return;
        }
        let total = action.paid.plus(action.cost).min(C::CEILING);
        for i in self.adds.range(operator) {
            self.reach(self.adds.item(i), total);
        }
    }

    /// Marks the propositions from which the goal costs nothing.
    fn mark_goal_zone(&mut self) {
        self.zones.fill(Zone::Beyond);
        self.zones[self.goal as usize] = Zone::Goal;
        self.stack.push(self.goal);
        while let Some(proposition) = self.stack.pop() {
            for &operator in self.added_by.row(proposition as usize) {
                let action = self.actions[operator as usize];
                if action.unmet > 0 || action.cost != C::ZERO {
                    continue;
                }
                let zone = &mut self.zones[action.supporter as usize];
                if *zone != Zone::Goal {
                    *zone = Zone::Goal;
                    self.stack.push(action.supporter);
                }
            }
        }
    }

    /// Collects the operators that lead from before the goal zone into it.
    fn find_cut(&mut self, state: &[u64]) {
        self.cut.clear();
        let Self { relaxation, zones, stack, task, start, .. } = self;
        let mut enter = |proposition: u32| {
            let zone = &mut zones[proposition as usize];
            if *zone == Zone::Beyond {
                *zone = Zone::Before;
                stack.push(proposition);
            }
        };
        relaxation.facts_of(&task.layout, state, &mut enter);
        enter(*start);
        while let Some(proposition) = self.stack.pop() {
            for &operator in self.needed_by.row(proposition as usize) {
                let action = self.actions[operator as usize];
                if action.unmet > 0 || action.supporter != proposition {
                    continue;
                }
                let adds = self.adds.row(operator as usize);
                if adds.iter().any(|&added| self.zones[added as usize] == Zone::Goal) {
                    self.cut.push(operator);
                    continue;
                }
                for &added in adds {
                    if self.zones[added as usize] == Zone::Beyond {
                        self.zones[added as usize] = Zone::Before;
                        self.stack.push(added);
                    }
                }
            }
        }
    }

    /// Takes the least cost of the cut off all its operators, and off those that share a cost with one.
    fn pay(&mut self) -> C {
        let costs = self.cut.iter().map(|&operator| self.actions[operator as usize].cost);
        let least = costs.min().unwrap_or(C::ZERO);
        if !self.groups.is_empty() {
            let members = self.cut.iter().filter_map(|&operator| {
                let group = self.group[operator as usize];
                (group != NONE).then(|| self.groups.row(group as usize))
            });
            let more: Vec<u32> = members.flatten().copied().collect();
            self.cut.extend(more);
            self.cut.sort_unstable();
            self.cut.dedup();
        }
        for &operator in &self.cut {
            let cost = &mut self.actions[operator as usize].cost;
            *cost = cost.minus(least);
        }
        least
    }
}

/// Groups of relaxed operators that stand for the same operator of the task.
fn shared(relaxation: &Relaxation, operators: usize) -> (Rows, Vec<u32>) {
    let mut count = vec![0u32; operators];
    let sources = || relaxation.source.iter().filter(|&&source| source != NONE);
    for &source in sources() {
        count[source as usize] += 1;
    }
    let mut group_of = vec![NONE; operators];
    let mut groups = 0;
    for (group, &count) in group_of.iter_mut().zip(&count) {
        if count > 1 {
            *group = groups;
            groups += 1;
        }
    }
    let of = |source: u32| if source == NONE { NONE } else { group_of[source as usize] };
    let mut group: Vec<u32> = relaxation.source.iter().map(|&source| of(source)).collect();
    // The goal's.
    group.push(NONE);
    let pairs = (0u32..).zip(&group).filter(|(_, group)| **group != NONE);
    let pairs: Vec<(u32, u32)> = pairs.map(|(operator, &group)| (group, operator)).collect();
    (Rows::new(groups as usize, pairs.into_iter()), group)
}

impl<C: Amount> Heuristic for Lmcut<C> {
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        if self.relaxation.is_goal_false {
            return None;
        }
        let floor = match &mut self.hmax {
            Some(hmax) => hmax.evaluate(state)?,
            None => 0,
        };
        self.explore(state);
        let goal = self.goal as usize;
        if self.costs[goal] == C::INFINITE {
            return None;
        }
        let mut sum = 0i64;
        while self.costs[goal] > C::ZERO {
            self.mark_goal_zone();
            self.find_cut(state);
            let least = self.pay();
            // A cut is never empty or free; without this, a slip would hang the page.
            debug_assert!(least > C::ZERO);
            if least == C::ZERO {
                break;
            }
            sum = sum.plus(least.as_i64()).min(i64::CEILING);
            self.explore_again();
        }
        Some(sum.max(floor))
    }

    fn evaluation_units(&self) -> u64 {
        EXPLORATIONS * self.relaxation.exploration_units()
    }

    fn is_admissible(&self) -> bool {
        true
    }

    fn memory_bytes(&self) -> u64 {
        let rows = [&self.preconditions, &self.adds, &self.needed_by, &self.added_by, &self.groups];
        let rows: usize = rows.map(Rows::memory_bytes).iter().sum();
        let columns =
            self.actions.len() * (2 * size_of::<Action<C>>() + 4) + self.costs.len() * (size_of::<C>() + 1);
        let hmax = self.hmax.as_ref().map_or(0, Heuristic::memory_bytes);
        (rows + columns + self.relaxation.memory_bytes()) as u64 + hmax
    }
}
