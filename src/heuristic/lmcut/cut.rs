//! Finding a cut between what is reached before the goal zone and the zone, and taking its cost off.

use super::super::amount::Amount;
use super::super::pausing::Edges;
use super::super::relaxed::NONE;
use super::bytes;
use super::exploration::{Exploration, Price};
use super::graph::Graph;

/// Where a proposition lies in the justification graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    /// It is not known yet.
    Beyond,
    /// The backward search that is running has seen it.
    Seen,
    /// Reached from the state without entering the goal zone.
    Before,
    /// Reached through the goal zone only.
    Behind,
    /// The goal costs nothing from here.
    Goal,
}

/// Finds cuts, one after the other.
#[derive(Debug)]
pub(super) struct Cutter {
    zones: Vec<Zone>,
    /// Per proposition the operators that add it at no cost.
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

    /// Begins with a state.
    pub(super) fn begin(&mut self) {
        self.free_achievers.copy_from_slice(&self.free_at_first);
    }

    /// The operators whose cost the last cut lowered.
    pub(super) fn last(&self) -> &[u32] {
        &self.cut
    }

    /// Finds the next cut and takes its cost, which it answers, off its operators.
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

    /// Marks the propositions from which the goal costs nothing; collects the operators with a cost that
    /// reach them.
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

    /// The precondition that the goal zone is extended to, among those of an operator that cost at least as much as
    /// the goal: one that is in the zone already, or else one that no operator adds at no cost, so that the zone
    /// stays small.
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

    /// Whether a proposition is reached from the state without entering the goal zone.
    ///
    /// From the goal zone the goal costs nothing, so nothing in it is cheaper than the goal, and what is
    /// cheaper is reached without it. For the rest there is a search backwards, seldom a long one.
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

    /// Ends a backward search: all propositions on the stack lie in this zone.
    fn settle(&mut self, zone: Zone) {
        for proposition in self.stack.drain(..) {
            self.zones[proposition as usize] = zone;
        }
    }

    /// Takes the least cost of the cut off all its operators, and off those that share a cost with one.
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
