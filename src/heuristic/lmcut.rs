//! LM-cut (Helmert & Domshlak 2009): a cost partitioning over disjunctive action landmarks, each a cut
//! in the justification graph of hmax. Admissible; at least hmax.
//!
//! A landmark is a set of *task* operators: where several relaxed operators stand for one of them (conditional
//! effects, copies of variables), they share its cost and are cheapened together, which keeps the
//! sum admissible. Then, and where there are numeric conditions (which the cuts take for met), hmax may
//! be the higher of the two, so the greater one counts. Axioms are rules without cost, as everywhere in
//! the relaxation. hmax is worked out over all propositions, not only up to the goal: cuts would be
//! unsound otherwise.
//!
//! Which of equally dear preconditions stands for an operator matters a lot. It is the first, always; but where
//! the goal zone passes through an operator without cost it is one that keeps the zone small, as in Fast
//! Downward 26 (`goal_zone_detection` and `border_detection`).

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

/// What a relaxed operator costs. The last one stands for the goal.
#[derive(Clone, Copy, Debug)]
struct Price<C> {
    /// What is left of its own cost.
    own: C,
    /// The cost of its most expensive precondition.
    paid: C,
}

impl<C: Amount> Price<C> {
    /// What the propositions that the operator adds cost through it.
    #[inline]
    fn total(self) -> C {
        self.paid.plus(self.own).min(C::CEILING)
    }
}

/// What propositions cost by hmax, and those whose cost is to be passed on.
#[derive(Debug)]
struct Reached<C> {
    costs: Vec<C>,
    queue: MonotoneQueue,
}

impl<C: Amount> Reached<C> {
    /// The propositions can be had at a cost.
    #[inline]
    fn offer(&mut self, propositions: &[u32], cost: C) {
        for &proposition in propositions {
            let known = &mut self.costs[proposition as usize];
            if cost < *known {
                *known = cost;
                self.queue.push(cost.as_i64(), proposition);
            }
        }
    }

    /// The cheapest proposition whose cost was not passed on, with that cost.
    #[inline]
    fn next(&mut self) -> Option<(u32, C)> {
        while let Some((key, proposition)) = self.queue.pop() {
            let cost = self.costs[proposition as usize];
            if key <= cost.as_i64() {
                return Some((proposition, cost));
            }
        }
        None
    }
}

/// Where a proposition lies in the justification graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    /// Not known.
    Beyond,
    /// On the way of the search that is going on.
    Seen,
    /// Reached from the state without entering the goal zone.
    Before,
    /// Reached through the goal zone only.
    Behind,
    /// The goal costs nothing from here.
    Goal,
}

/// The heuristic LM-cut.
#[derive(Debug)]
pub(super) struct Lmcut<C> {
    task: Arc<Task>,
    relaxation: Relaxation,
    /// Units of work of exploring it.
    units: u64,
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
    prices_at_first: Vec<Price<C>>,
    prices: Vec<Price<C>>,
    /// Per relaxed operator its preconditions that are not reached yet.
    unmet: Vec<u32>,
    unmet_at_first: Vec<u32>,
    /// Per relaxed operator its most expensive precondition; [`NONE`] where one is not reached.
    supporters: Vec<u32>,
    /// Propositions that hold in the state.
    held: Vec<u32>,
    reached: Reached<C>,
    zones: Vec<Zone>,
    /// Per proposition the operators that reach it at no cost.
    free_achievers: Vec<u32>,
    /// Holds in every state: the precondition of what has none.
    start: u32,
    goal: u32,
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
        mut relaxation: Relaxation,
        least: &[i64],
    ) -> Self {
        let operators = relaxation.operators();
        let start = relaxation.propositions as u32;
        let goal = start + 1;
        let atoms = relaxation.atom_base..relaxation.atom_base + relaxation.atoms.len();
        let is_kept = |proposition: &u32| !atoms.contains(&(*proposition as usize));
        let edges = relaxation.preconditions.len() + relaxation.goal.len() + relaxation.free.len();
        let mut needs = Vec::with_capacity(edges);
        let mut gives = Vec::with_capacity(relaxation.adds.len() + 1);
        let mut add = |operator: u32, preconditions: &[u32], adds: &[u32]| {
            let from = needs.len();
            needs.extend(preconditions.iter().copied().filter(is_kept).map(|needed| (operator, needed)));
            if needs.len() == from {
                needs.push((operator, start));
            }
            gives.extend(adds.iter().copied().filter(is_kept).map(|added| (operator, added)));
        };
        for operator in 0..operators {
            let (preconditions, adds) = (&relaxation.preconditions, &relaxation.adds);
            add(operator as u32, preconditions.row(operator), adds.row(operator));
        }
        add(operators as u32, &relaxation.goal, &[goal]);
        let (groups, group) = shared(&relaxation, task.operators.len());
        let preconditions = Rows::new(operators + 1, needs.iter().copied());
        let price = |operator: usize| {
            let source = relaxation.source.get(operator).copied().unwrap_or(NONE);
            let own = if source == NONE { C::ZERO } else { C::of(least[source as usize]) };
            Price { own, paid: C::INFINITE }
        };
        let prices_at_first: Vec<Price<C>> = (0..=operators).map(price).collect();
        let unmet_at_first = (0..=operators).map(|operator| preconditions.row(operator).len() as u32);
        let unmet_at_first: Vec<u32> = unmet_at_first.collect();
        let propositions = goal as usize + 1;
        let may_be_below = !groups.is_empty() || !relaxation.atoms.is_empty();
        let units = relaxation.exploration_units();
        // Its own rows, with the goal's, stand for these.
        (relaxation.preconditions, relaxation.adds) = Default::default();
        relaxation.needed_by = Rows::default();
        Self {
            hmax: may_be_below.then(|| Hmax::new(task, instance, measure)),
            preconditions,
            adds: Rows::new(operators + 1, gives.iter().copied()),
            needed_by: Rows::new(propositions, needs.iter().map(|&(operator, needed)| (needed, operator))),
            added_by: Rows::new(propositions, gives.iter().map(|&(operator, added)| (added, operator))),
            groups,
            group,
            prices: prices_at_first.clone(),
            prices_at_first,
            unmet: unmet_at_first.clone(),
            unmet_at_first,
            supporters: vec![NONE; operators + 1],
            held: Vec::new(),
            reached: Reached { costs: vec![C::INFINITE; propositions], queue: MonotoneQueue::default() },
            zones: vec![Zone::Beyond; propositions],
            free_achievers: vec![0; propositions],
            start,
            goal,
            stack: Vec::new(),
            cut: Vec::new(),
            task: Arc::clone(task),
            relaxation,
            units,
        }
    }

    /// hmax over everything, with the supporter of each relaxed operator.
    fn explore(&mut self, state: &[u64]) {
        self.prices.copy_from_slice(&self.prices_at_first);
        self.unmet.copy_from_slice(&self.unmet_at_first);
        self.supporters.fill(NONE);
        self.free_achievers.fill(0);
        self.held.clear();
        let held = &mut self.held;
        self.relaxation.facts_of(&self.task.layout, state, |proposition| held.push(proposition));
        self.held.push(self.start);
        self.reached.costs.fill(C::INFINITE);
        self.reached.queue.clear();
        self.reached.offer(&self.held, C::ZERO);
        while let Some((proposition, cost)) = self.reached.next() {
            for &operator in self.needed_by.row(proposition as usize) {
                let operator = operator as usize;
                let unmet = &mut self.unmet[operator];
                *unmet -= 1;
                if *unmet > 0 {
                    continue;
                }
                // What is reached last costs most; the first among equals supports.
                let mut needed = self.preconditions.row(operator).iter().copied();
                let first = needed.find(|&needed| self.reached.costs[needed as usize] == cost);
                self.supporters[operator] = first.unwrap_or(proposition);
                let price = &mut self.prices[operator];
                price.paid = cost;
                let adds = self.adds.row(operator);
                if price.own == C::ZERO {
                    adds.iter().for_each(|&added| self.free_achievers[added as usize] += 1);
                }
                self.reached.offer(adds, price.total());
            }
        }
    }

    /// Brings hmax up to date after the operators of the cut became cheaper.
    fn explore_again(&mut self) {
        self.reached.queue.clear();
        for &operator in &self.cut {
            let operator = operator as usize;
            if self.supporters[operator] != NONE {
                self.reached.offer(self.adds.row(operator), self.prices[operator].total());
            }
        }
        while let Some((proposition, cost)) = self.reached.next() {
            for &operator in self.needed_by.row(proposition as usize) {
                let operator = operator as usize;
                if self.supporters[operator] != proposition || self.prices[operator].paid <= cost {
                    continue;
                }
                // The first among equals, whichever it was before: cuts come out better so.
                let mut dearest = (NONE, C::ZERO);
                for &needed in self.preconditions.row(operator) {
                    let cost = self.reached.costs[needed as usize];
                    if dearest.0 == NONE || cost > dearest.1 {
                        dearest = (needed, cost);
                    }
                }
                (self.supporters[operator], self.prices[operator].paid) = dearest;
                self.reached.offer(self.adds.row(operator), self.prices[operator].total());
            }
        }
    }

    /// Marks the propositions from which the goal costs nothing; collects the operators with a cost that
    /// reach them.
    fn mark_goal_zone(&mut self) {
        self.cut.clear();
        self.zones.fill(Zone::Beyond);
        self.zones[self.goal as usize] = Zone::Goal;
        self.stack.push(self.goal);
        while let Some(proposition) = self.stack.pop() {
            for &operator in self.added_by.row(proposition as usize) {
                let index = operator as usize;
                if self.supporters[index] == NONE {
                    continue;
                }
                if self.prices[index].own != C::ZERO {
                    self.cut.push(operator);
                    continue;
                }
                let supporter = self.narrowest(index);
                self.supporters[index] = supporter;
                let zone = &mut self.zones[supporter as usize];
                if *zone != Zone::Goal {
                    *zone = Zone::Goal;
                    self.stack.push(supporter);
                }
            }
        }
    }

    /// Of the dearest preconditions of an operator the one that widens the goal zone least: one that is in
    /// it, or else one that nothing reaches at no cost.
    fn narrowest(&self, operator: usize) -> u32 {
        let paid = self.prices[operator].paid;
        let mut border = None;
        for &needed in self.preconditions.row(operator) {
            if self.reached.costs[needed as usize] != paid {
                continue;
            }
            if self.zones[needed as usize] == Zone::Goal {
                return needed;
            }
            if border.is_none() && self.free_achievers[needed as usize] == 0 {
                border = Some(needed);
            }
        }
        border.unwrap_or(self.supporters[operator])
    }

    /// Keeps of the operators that reach the goal zone those that come from before it.
    fn find_cut(&mut self) {
        let mut cut = std::mem::take(&mut self.cut);
        cut.sort_unstable();
        cut.dedup();
        cut.retain(|&operator| self.is_before(self.supporters[operator as usize]));
        self.cut = cut;
    }

    /// Whether a proposition is reached from the state without entering the goal zone.
    ///
    /// From the goal zone the goal costs nothing, so nothing in it is cheaper than the goal, and what is
    /// cheaper is reached without it. For the rest there is a search backwards, seldom a long one.
    fn is_before(&mut self, proposition: u32) -> bool {
        let bound = self.reached.costs[self.goal as usize];
        match self.zones[proposition as usize] {
            Zone::Goal | Zone::Behind => return false,
            Zone::Before => return true,
            _ if self.reached.costs[proposition as usize] < bound => return true,
            _ => self.zones[proposition as usize] = Zone::Seen,
        }
        self.stack.push(proposition);
        let mut next = 0;
        while let Some(&proposition) = self.stack.get(next) {
            next += 1;
            for &operator in self.added_by.row(proposition as usize) {
                let supporter = self.supporters[operator as usize];
                let enters = |&added: &u32| self.zones[added as usize] == Zone::Goal;
                if supporter == NONE || self.adds.row(operator as usize).iter().any(enters) {
                    continue;
                }
                let zone = &mut self.zones[supporter as usize];
                if *zone == Zone::Before || self.reached.costs[supporter as usize] < bound {
                    let from = self.stack[0];
                    self.settle(Zone::Beyond);
                    self.zones[from as usize] = Zone::Before;
                    return true;
                }
                if *zone == Zone::Beyond {
                    *zone = Zone::Seen;
                    self.stack.push(supporter);
                }
            }
        }
        self.settle(Zone::Behind);
        false
    }

    /// Empties the stack of a search for what its propositions turned out to be.
    fn settle(&mut self, zone: Zone) {
        for proposition in self.stack.drain(..) {
            self.zones[proposition as usize] = zone;
        }
    }

    /// Takes the least cost of the cut off all its operators, and off those that share a cost with one.
    fn pay(&mut self) -> C {
        let costs = self.cut.iter().map(|&operator| self.prices[operator as usize].own);
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
        for i in 0..self.cut.len() {
            let operator = self.cut[i] as usize;
            let own = &mut self.prices[operator].own;
            *own = own.minus(least);
            if *own == C::ZERO && self.supporters[operator] != NONE {
                let adds = self.adds.row(operator).iter();
                adds.for_each(|&added| self.free_achievers[added as usize] += 1);
            }
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
        if self.reached.costs[goal] == C::INFINITE {
            return None;
        }
        let mut sum = 0i64;
        while self.reached.costs[goal] > C::ZERO {
            self.mark_goal_zone();
            self.find_cut();
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
        EXPLORATIONS * self.units
    }

    fn is_admissible(&self) -> bool {
        true
    }

    fn memory_bytes(&self) -> u64 {
        let rows = [&self.preconditions, &self.adds, &self.needed_by, &self.added_by, &self.groups];
        let rows: usize = rows.map(Rows::memory_bytes).iter().sum();
        let columns =
            self.prices.len() * (2 * size_of::<Price<C>>() + 16) + self.zones.len() * (size_of::<C>() + 5);
        let hmax = self.hmax.as_ref().map_or(0, Heuristic::memory_bytes);
        (rows + columns + self.relaxation.memory_bytes()) as u64 + hmax
    }
}
