//! hmax costs with supporters: computed from scratch for a state, and updated after each cut.

use super::super::amount::Amount;
use super::super::pausing::Edges;
use super::super::queue::MonotoneQueue;
use super::super::relaxed::NONE;
use super::bytes;
use super::graph::Graph;

/// The present cost of a relaxed operator. The last operator stands for the goal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Price<C> {
    /// The operator's own cost, less what the cuts so far have subtracted.
    pub(super) own: C,
    /// The cost of its most expensive precondition.
    paid: C,
}

impl<C: Amount> Price<C> {
    /// The price before the first cut.
    pub(super) fn new(own: C) -> Self {
        Self { own, paid: C::INFINITE }
    }

    /// The cost of reaching what the operator adds by applying it.
    #[inline]
    fn total(self) -> C {
        self.paid.plus(self.own).min(C::CEILING)
    }
}

/// hmax costs of all propositions, and the prices of the operators.
#[derive(Debug)]
pub(super) struct Exploration<C> {
    prices_at_first: Vec<Price<C>>,
    pub(super) prices: Vec<Price<C>>,
    /// Indexed by relaxed operator: how many preconditions are not reached yet.
    unmet: Vec<u32>,
    unmet_at_first: Vec<u32>,
    /// Indexed by relaxed operator: its supporter, which is its most expensive precondition; [`NONE`] while
    /// some precondition is not reached.
    pub(super) supporters: Vec<u32>,
    /// Indexed by proposition: its hmax cost.
    costs: Vec<C>,
    /// Propositions whose new cost has not reached the operators that need them.
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

    /// The hmax cost of a proposition. Exact below the goal's cost; otherwise only a lower bound.
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

    /// Removes the cheapest proposition from the queue; answers it with its cost.
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

    /// Starts over for a state; `holding` calls its argument with each proposition that holds there.
    pub(super) fn begin(&mut self, start: u32, holding: impl FnOnce(&mut dyn FnMut(u32))) {
        self.prices.copy_from_slice(&self.prices_at_first);
        self.unmet.copy_from_slice(&self.unmet_at_first);
        self.supporters.fill(NONE);
        self.costs.fill(C::INFINITE);
        self.queue.clear();
        self.offer(&[start], C::ZERO);
        holding(&mut |proposition| self.offer(&[proposition], C::ZERO));
    }

    /// Computes the costs of all propositions. Answers `false` when `edges` are spent: call it again to
    /// continue.
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
                // Propositions are expanded in order of cost, so the precondition that is reached last costs
                // most. Among several at that cost, the first in the row is the supporter.
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

    /// Queues the propositions that became cheaper through the operators of a cut.
    pub(super) fn cheapen(&mut self, graph: &Graph, cut: &[u32]) {
        self.queue.clear();
        for &operator in cut {
            let operator = operator as usize;
            if self.supporters[operator] != NONE {
                self.offer_below_goal(graph, operator);
            }
        }
    }

    /// Offers the propositions that an operator adds, where they cost less than the goal.
    #[inline]
    fn offer_below_goal(&mut self, graph: &Graph, operator: usize) {
        let total = self.prices[operator].total();
        if total < self.costs[graph.goal as usize] {
            self.offer(graph.adds.row(operator), total);
        }
    }

    /// Updates the costs below the goal's cost. Answers `false` when `edges` are spent: call it again to
    /// continue.
    ///
    /// A proposition that is left out costs at least as much as the goal, even while the goal becomes
    /// cheaper. If a later cut makes it cheaper than the goal, it is offered then, at its exact cost.
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
                // Among equally expensive preconditions the first is the supporter: that gives better cuts.
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
