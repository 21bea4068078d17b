//! Finds cuts of the justification graph between the part before the goal zone and the goal zone, and
//! subtracts their cost.

use super::super::amount::Amount;
use super::super::pausing::Edges;
use super::super::relaxed::NONE;
use super::bytes;
use super::exploration::{Exploration, Price};
use super::graph::Graph;

/// Where a proposition lies in the justification graph. The goal zone holds the propositions from which the
/// goal can be reached at no cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    /// Not classified yet.
    Beyond,
    /// Visited by the backward search that is running.
    Seen,
    /// Reached from the state without entering the goal zone.
    Before,
    /// Every way from the state to it leads through the goal zone.
    Behind,
    /// In the goal zone.
    Goal,
}

/// Finds the cuts of a state one after the other.
#[derive(Debug)]
pub(super) struct Cutter {
    zones: Vec<Zone>,
    /// Indexed by proposition: how many operators add it at no cost, by their present costs.
    free_achievers: Vec<u32>,
    free_at_first: Vec<u32>,
    stack: Vec<u32>,
    cut: Vec<u32>,
}

impl Cutter {
    pub(super) fn new<C: Amount>(graph: &Graph, prices: &[Price<C>]) -> Self {
        let mut free = vec![0; graph.propositions()];
        for (operator, price) in prices.iter().enumerate() {
            if price.own == C::ZERO {
                graph.adds.row(operator).iter().for_each(|&added| free[added as usize] += 1);
            }
        }
        Self {
            zones: vec![Zone::Beyond; graph.propositions()],
            free_achievers: free.clone(),
            free_at_first: free,
            stack: Vec::new(),
            cut: Vec::new(),
        }
    }

    /// Prepares for the first cut of a state.
    pub(super) fn begin(&mut self) {
        self.free_achievers.copy_from_slice(&self.free_at_first);
    }

    /// The operators whose cost the last cut lowered.
    pub(super) fn last(&self) -> &[u32] {
        &self.cut
    }

    /// Finds the next cut, subtracts its cost from its operators, and answers that cost.
    pub(super) fn cut<C: Amount>(
        &mut self,
        graph: &Graph,
        exploration: &mut Exploration<C>,
        edges: &mut Edges,
    ) -> C {
        self.mark_goal_zone(graph, exploration, edges);
        let mut cut = std::mem::take(&mut self.cut);
        cut.sort_unstable();
        cut.dedup();
        // Keep operators whose supporter is reachable without entering the goal zone.
        let supporters = &exploration.supporters;
        cut.retain(|&operator| self.is_before(supporters[operator as usize], graph, exploration, edges));
        self.cut = cut;
        self.pay(graph, exploration)
    }

    /// Marks the goal zone. Collects in `cut` the operators with a cost that add a proposition of the zone.
    fn mark_goal_zone<C: Amount>(
        &mut self,
        graph: &Graph,
        exploration: &mut Exploration<C>,
        edges: &mut Edges,
    ) {
        self.cut.clear();
        self.zones.fill(Zone::Beyond);
        self.zones[graph.goal as usize] = Zone::Goal;
        self.stack.push(graph.goal);
        while let Some(proposition) = self.stack.pop() {
            let operators = graph.added_by.row(proposition as usize);
            edges.look_at(1 + operators.len() as u64);
            for &operator in operators {
                let index = operator as usize;
                if exploration.supporters[index] == NONE {
                    continue;
                }
                if exploration.prices[index].own != C::ZERO {
                    self.cut.push(operator);
                    continue;
                }
                let supporter = self.narrowest(index, graph, exploration);
                exploration.supporters[index] = supporter;
                let zone = &mut self.zones[supporter as usize];
                if *zone != Zone::Goal {
                    *zone = Zone::Goal;
                    self.stack.push(supporter);
                }
            }
        }
    }

    /// Chooses the precondition by which the goal zone grows through an operator that costs nothing.
    /// Candidates are its preconditions that cost at least as much as the goal. A candidate that is in the
    /// zone already comes first, then one that no operator adds at no cost: both keep the zone small.
    fn narrowest<C: Amount>(&self, operator: usize, graph: &Graph, exploration: &Exploration<C>) -> u32 {
        let bound = exploration.cost(graph.goal);
        let mut border = None;
        for &needed in graph.preconditions.row(operator) {
            if exploration.cost(needed) < bound {
                continue;
            }
            if self.zones[needed as usize] == Zone::Goal {
                return needed;
            }
            if border.is_none() && self.free_achievers[needed as usize] == 0 {
                border = Some(needed);
            }
        }
        border.unwrap_or(exploration.supporters[operator])
    }

    /// Whether a proposition can be reached from the state without entering the goal zone.
    ///
    /// The goal is free from everywhere in the goal zone, so nothing in the zone costs less than the goal. A
    /// proposition that costs less than the goal is therefore reached without the zone. For all others a
    /// backward search decides, which is seldom long.
    fn is_before<C: Amount>(
        &mut self,
        proposition: u32,
        graph: &Graph,
        exploration: &Exploration<C>,
        edges: &mut Edges,
    ) -> bool {
        let bound = exploration.cost(graph.goal);
        match self.zones[proposition as usize] {
            Zone::Goal | Zone::Behind => return false,
            Zone::Before => return true,
            _ if exploration.cost(proposition) < bound => return true,
            _ => self.zones[proposition as usize] = Zone::Seen,
        }
        self.stack.push(proposition);
        let mut next = 0;
        while let Some(&proposition) = self.stack.get(next) {
            next += 1;
            let operators = graph.added_by.row(proposition as usize);
            edges.look_at(1 + operators.len() as u64);
            for &operator in operators {
                let supporter = exploration.supporters[operator as usize];
                let enters = |&added: &u32| self.zones[added as usize] == Zone::Goal;
                if supporter == NONE || graph.adds.row(operator as usize).iter().any(enters) {
                    continue;
                }
                let zone = &mut self.zones[supporter as usize];
                if *zone == Zone::Before || exploration.cost(supporter) < bound {
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

    /// Ends a backward search: every proposition that it visited gets this zone.
    fn settle(&mut self, zone: Zone) {
        for proposition in self.stack.drain(..) {
            self.zones[proposition as usize] = zone;
        }
    }

    /// Subtracts the cost of the cut's cheapest operator from all operators of the cut, and from all
    /// operators that share a cost with one of them.
    fn pay<C: Amount>(&mut self, graph: &Graph, exploration: &mut Exploration<C>) -> C {
        let prices = &mut exploration.prices;
        let costs = self.cut.iter().map(|&operator| prices[operator as usize].own);
        let least = costs.min().unwrap_or(C::ZERO);
        if !graph.groups.is_empty() {
            let members = self.cut.iter().filter_map(|&operator| {
                let group = graph.group[operator as usize];
                (group != NONE).then(|| graph.groups.row(group as usize))
            });
            let more: Vec<u32> = members.flatten().copied().collect();
            self.cut.extend(more);
            self.cut.sort_unstable();
            self.cut.dedup();
        }
        for &operator in &self.cut {
            let own = &mut prices[operator as usize].own;
            *own = own.minus(least);
            if *own == C::ZERO {
                let adds = graph.adds.row(operator as usize).iter();
                adds.for_each(|&added| self.free_achievers[added as usize] += 1);
            }
        }
        least
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        bytes(&self.zones) + 2 * bytes(&self.free_achievers) + bytes(&self.stack) + bytes(&self.cut)
    }
}
