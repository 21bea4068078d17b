//! hmax with the preconditions that it goes by: from scratch for a state, then again after each cut.

use super::super::amount::Amount;
use super::super::pausing::Edges;
use super::super::queue::MonotoneQueue;
use super::super::relaxed::NONE;
use super::bytes;
use super::graph::Graph;

/// What a relaxed operator costs. The last one stands for the goal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Price<C> {
    /// What is left of its own cost.
    pub(super) own: C,
    /// The cost of its most expensive precondition.
    paid: C,
}

impl<C: Amount> Price<C> {
    /// Its own cost at first.
    pub(super) fn new(own: C) -> Self {
        Self { own, paid: C::INFINITE }
    }

    /// What the propositions that the operator adds cost through it.
    #[inline]
    fn total(self) -> C {
        self.paid.plus(self.own).min(C::CEILING)
    }
}

/// Costs of propositions by hmax, and of the operators between them.
#[derive(Debug)]
pub(super) struct Exploration<C> {
    prices_at_first: Vec<Price<C>>,
    pub(super) prices: Vec<Price<C>>,
    /// Per relaxed operator its preconditions that are not reached yet.
    unmet: Vec<u32>,
    unmet_at_first: Vec<u32>,
    /// Per relaxed operator its most expensive precondition; [`NONE`] where one is not reached.
    pub(super) supporters: Vec<u32>,
    /// Per proposition its cost.
    costs: Vec<C>,
    /// Propositions whose cost is to be passed on.
    queue: MonotoneQueue,
}

impl<C: Amount> Exploration<C> {
    pub(super) fn new(graph: &Graph, prices_at_first: Vec<Price<C>>) -> Self {
        let unmet = (0..graph.operators()).map(|operator| graph.preconditions.row(operator).len() as u32);
        let unmet: Vec<u32> = unmet.collect();
        Self {
            prices: prices_at_first.clone(),
            prices_at_first,
            unmet_at_first: unmet.clone(),
            supporters: vec![NONE; unmet.len()],
            unmet,
            costs: vec![C::INFINITE; graph.propositions()],
            queue: MonotoneQueue::default(),
        }
    }

    /// What a proposition costs. Exact below the goal's cost; otherwise only a lower bound.
    #[inline]
    pub(super) fn cost(&self, proposition: u32) -> C {
        self.costs[proposition as usize]
    }

    /// Lowers the costs of propositions to `cost` where they were higher.
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

    /// Begins with a state, whose propositions `holding` calls back with.
    pub(super) fn begin(&mut self, start: u32, holding: impl FnOnce(&mut dyn FnMut(u32))) {
        self.prices.copy_from_slice(&self.prices_at_first);
        self.unmet.copy_from_slice(&self.unmet_at_first);
        self.supporters.fill(NONE);
        self.costs.fill(C::INFINITE);
        self.queue.clear();
        self.offer(&[start], C::ZERO);
        holding(&mut |proposition| self.offer(&[proposition], C::ZERO));
    }

    /// Works out the costs of all propositions; `false` where it paused because the edges were used up.
    pub(super) fn explore(&mut self, graph: &Graph, edges: &mut Edges) -> bool {
        while let Some((proposition, cost)) = self.next() {
            let operators = graph.needed_by.row(proposition as usize);
            edges.look_at(1 + operators.len() as u64);
            for &operator in operators {
                let operator = operator as usize;
                let unmet = &mut self.unmet[operator];
                *unmet -= 1;
                if *unmet > 0 {
                    continue;
                }
                // Of the preconditions the one that is reached last costs most; of several the first is the supporter.
                let mut needed = graph.preconditions.row(operator).iter().copied();
                let first = needed.find(|&needed| self.costs[needed as usize] == cost);
                self.supporters[operator] = first.unwrap_or(proposition);
                let price = &mut self.prices[operator];
                price.paid = cost;
                let (adds, total) = (graph.adds.row(operator), price.total());
                edges.look_at(adds.len() as u64);
                self.offer(adds, total);
            }
            if edges.are_spent() {
                return false;
            }
        }
        true
    }

    /// Queues the propositions that became cheaper because the operators of a cut did.
    pub(super) fn cheapen(&mut self, graph: &Graph, cut: &[u32]) {
        self.queue.clear();
        for &operator in cut {
            let operator = operator as usize;
            if self.supporters[operator] != NONE {
                self.offer_below_goal(graph, operator);
            }
        }
    }

    /// Offers what an operator adds, where that is cheaper than the goal.
    #[inline]
    fn offer_below_goal(&mut self, graph: &Graph, operator: usize) {
        let total = self.prices[operator].total();
        if total < self.costs[graph.goal as usize] {
            self.offer(graph.adds.row(operator), total);
        }
    }

    /// Brings costs below the goal's up to date; `false` where it paused because the edges were used up.
    ///
    /// A proposition that is left out costs at least as much as the goal, also while the goal gets cheaper. If a
    /// later cut makes it cheaper than the goal, it is offered then, at its exact cost.
    pub(super) fn update(&mut self, graph: &Graph, edges: &mut Edges) -> bool {
        while let Some((proposition, cost)) = self.next() {
            if cost >= self.costs[graph.goal as usize] {
                break;
            }
            let operators = graph.needed_by.row(proposition as usize);
            edges.look_at(1 + operators.len() as u64);
            for &operator in operators {
                let operator = operator as usize;
                if self.supporters[operator] != proposition || self.prices[operator].paid <= cost {
                    continue;
                }
                // Of equally dear preconditions always the first: it gives better cuts.
                let mut dearest = (NONE, C::ZERO);
                let preconditions = graph.preconditions.row(operator);
                for &needed in preconditions {
                    let cost = self.costs[needed as usize];
                    if dearest.0 == NONE || cost > dearest.1 {
                        dearest = (needed, cost);
                    }
                }
                edges.look_at(preconditions.len() as u64);
                (self.supporters[operator], self.prices[operator].paid) = dearest;
                self.offer_below_goal(graph, operator);
            }
            if edges.are_spent() {
                return false;
            }
        }
        true
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        bytes(&self.prices) + bytes(&self.prices_at_first) + 3 * bytes(&self.unmet) + bytes(&self.costs)
    }
}
