//! The landmark heuristic of LAMA: the cost of the landmarks that still have to be reached.
//!
//! A *landmark* is a fact that holds at some time in every plan, or a set of up to four facts of which one
//! does. Backchaining finds the landmarks with their natural and greedily necessary orders (Richter, Helmert
//! & Westphal 2008). Reasonable orders are those of Hoffmann, Porteous & Sebastia (2004). The landmarks of a
//! state are progressed along its path as in Büchner, Keller, Eriksson & Helmert (2023). The estimate is the
//! sum of the least costs of reaching the future landmarks (Richter & Westphal 2010). It is inadmissible and
//! depends on the path.
//!
//! The model is Fast Downward's `landmark_sum(lm_reasonable_orders_hps(lm_rhw()))`. It differs in these
//! points:
//! - Disjunctions and numeric conditions are explored, but are not landmarks. That a derived variable is
//!   false counts as met.
//! - There is a domain transition graph for every mutex group, not only for the groups that became variables.
//! - A cycle of natural orders does not count as a proof that there is no plan, and no cycle is broken: the
//!   progression works with cycles too.
//! - A landmark that is required again only because of a reasonable order does not make a dead end.
//!
//! # Dead ends
//! A state is a dead end if a landmark was never reached and no operator can reach it for the first time. It
//! is one too if a goal does not hold, or a landmark that is greedily necessary for one that was never
//! reached, and no operator can make it true. Both are proofs. With axioms or numbers no state is called a
//! dead end.

mod backchain;
mod bits;
mod exploration;
mod generation;
mod graph;
mod lookahead;
mod progression;
mod reasonable;
mod rules;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Heuristic;
use super::cost::Measure;
use crate::step::Budget;
use crate::task::{Fact, Instance, OperatorId, StateId, Task, VariableId};

pub(super) use generation::Generation;
pub use graph::OrderKind;

use bits::{Bits, has, places};
use graph::Node;
use progression::Progression;
use rules::Rules;

/// The landmark heuristic of LAMA (Richter & Westphal 2010): sums the least costs of the landmarks that the
/// path to a state still has to reach. Not admissible.
#[derive(Debug)]
pub struct Landmarks {
    landmarks: Vec<Landmark>,
    /// Orders that are not natural, sorted by the later landmark.
    orders: Vec<Order>,
    /// Indexed by landmark: the landmarks that natural orders put before it.
    natural: Vec<Bits>,
    progression: Progression,
    /// Indexed by landmark: the least cost of reaching it for the first time, and of reaching it again. Where
    /// no operator can, the least cost of any operator.
    costs: Vec<[i64; 2]>,
    /// The cost of every landmark, if all costs are equal.
    each: Option<i64>,
    /// Landmarks that no operator can reach for the first time, and landmarks that no operator can reach at
    /// all. `None` if there are none, or if that proves nothing.
    unreachable: Option<[Bits; 2]>,
}

/// A fact that every plan reaches, or a set of facts of which every plan reaches one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landmark {
    /// One to four facts, ordered by variable.
    pub facts: Vec<Fact>,
    /// Whether it is part of the goal.
    pub is_goal: bool,
}

/// An order: one landmark comes before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Index of the earlier landmark.
    pub before: u32,
    /// Index of the later one.
    pub after: u32,
    /// The kind of order.
    pub kind: OrderKind,
}

/// How many landmarks there are of each kind, and how many orders between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandmarkCounts {
    /// Landmarks with one fact.
    pub simple: u32,
    /// Landmarks with several facts, of which one must hold.
    pub disjunctive: u32,
    /// Orders by kind. Between two landmarks only the strongest order counts.
    pub orders: OrderCounts,
}

/// How many orders there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCounts {
    /// See [`OrderKind::GreedyNecessary`].
    pub greedy_necessary: u32,
    /// See [`OrderKind::Natural`].
    pub natural: u32,
    /// See [`OrderKind::Reasonable`].
    pub reasonable: u32,
}

/// Whether a landmark is past or future in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// It was reached on the path.
    pub is_past: bool,
    /// It still has to be reached, for the first time or again.
    pub is_future: bool,
}

impl Landmarks {
    /// Finds the landmarks in one go: O(size of the task × landmarks).
    pub fn new(task: &Arc<Task>, instance: &Instance, measure: Measure) -> Self {
        let mut generation = Generation::new(task, instance, measure);
        loop {
            if let Some(landmarks) = generation.advance(task, instance, &mut Budget::unlimited()) {
                return landmarks;
            }
        }
    }

    fn over(task: &Task, nodes: &[Node], rules: &Rules) -> Self {
        let fact_base = &rules.relaxation.fact_base;
        let fact = |&fact: &u32| {
            let variable = fact_base.partition_point(|&base| base <= fact) - 1;
            Fact { variable: VariableId(variable as u32), value: fact - fact_base[variable] }
        };
        let facts: Vec<Vec<Fact>> = nodes.iter().map(|node| node.facts.iter().map(fact).collect()).collect();
        let is_initial = |node: &Node| node.facts.iter().any(|&fact| rules.is_initial(fact));
        let progression = Progression::new(task, nodes, &facts, is_initial);
        let order = |(after, node): (u32, &Node)| {
            node.parents().map(move |(before, kind)| Order { before, after, kind }).collect::<Vec<_>>()
        };
        let is_safe = task.axioms.is_empty() && task.layout.slots.is_empty();
        let bits = |is_set: &dyn Fn(&Node) -> bool| {
            let mut bits = vec![0u64; nodes.len().div_ceil(64).max(1)];
            for (id, _) in nodes.iter().enumerate().filter(|(_, node)| is_set(node)) {
                bits[id / 64] |= 1 << (id % 64);
            }
            bits
        };
        let unreachable =
            [bits(&|node| node.first_cost.is_none()), bits(&|node| node.possible_cost.is_none())];
        let is_any = unreachable.iter().flatten().any(|&bits| bits != 0);
        let costs: Vec<[i64; 2]> = nodes
            .iter()
            .map(|node| [node.first_cost, node.possible_cost].map(|cost| cost.unwrap_or(rules.least_cost())))
            .collect();
        let first = costs.first().map_or(0, |cost| cost[0]);
        let is_uniform = costs.iter().flatten().all(|&cost| cost == first);
        Self {
            orders: (0..).zip(nodes).flat_map(order).collect(),
            natural: nodes.iter().map(|node| node.natural().to_vec()).collect(),
            landmarks: (nodes.iter().zip(facts))
                .map(|(node, facts)| Landmark { facts, is_goal: node.is_goal })
                .collect(),
            progression,
            costs,
            each: is_uniform.then_some(first),
            unreachable: (is_safe && is_any).then_some(unreachable),
        }
    }

    /// The landmarks. A fact is in one of them at most.
    pub fn landmarks(&self) -> &[Landmark] {
        &self.landmarks
    }

    /// The orders; between two landmarks at most one in each direction. O(landmarks² / 64 + orders).
    pub fn orders(&self) -> Vec<Order> {
        let natural = (0u32..).zip(&self.natural).flat_map(|(after, bits)| {
            let order = move |before| Order { before: before as u32, after, kind: OrderKind::Natural };
            places(bits.iter().copied()).map(order)
        });
        self.orders.iter().copied().chain(natural).collect()
    }

    /// How many landmarks and orders there are of each kind. O(landmarks² / 64 + orders).
    pub fn counts(&self) -> LandmarkCounts {
        let disjunctive = self.landmarks.iter().filter(|landmark| landmark.facts.len() > 1).count() as u32;
        let orders = |kind| self.orders.iter().filter(|order| order.kind == kind).count() as u32;
        LandmarkCounts {
            simple: self.landmarks.len() as u32 - disjunctive,
            disjunctive,
            orders: OrderCounts {
                greedy_necessary: orders(OrderKind::GreedyNecessary),
                natural: self.natural.iter().flatten().map(|bits| bits.count_ones()).sum(),
                reasonable: orders(OrderKind::Reasonable),
            },
        }
    }

    /// The status of each landmark in a state that was evaluated as a node; `None` for other states.
    pub fn status(&self, node: StateId) -> Option<Vec<Status>> {
        let (past, future) = self.progression.of(node)?;
        let status = |id| Status { is_past: has(past, id), is_future: has(future, id) };
        Some((0..self.landmarks.len()).map(status).collect())
    }

    /// The sum of the costs of the future landmarks of the present state.
    fn sum(&self) -> i64 {
        let Progression { past, future, .. } = &self.progression;
        if let Some(each) = self.each {
            let count: u32 = future.iter().map(|bits| bits.count_ones()).sum();
            return each.saturating_mul(i64::from(count));
        }
        let again = places(past.iter().zip(future).map(|(past, future)| past & future));
        let first = places(past.iter().zip(future).map(|(past, future)| !past & future));
        let sum = first.map(|id| self.costs[id][0]).fold(0, i64::saturating_add);
        again.map(|id| self.costs[id][1]).fold(sum, i64::saturating_add)
    }

    /// Whether a landmark that has to be reached cannot be reached. With `is_path_known`, a landmark that is
    /// not past was never reached.
    fn is_dead_end(&self, is_path_known: bool) -> bool {
        let Some([never, again]) = &self.unreachable else { return false };
        let Progression { past, future, required, .. } = &self.progression;
        (0..never.len()).any(|word| {
            let first = if is_path_known { future[word] & !past[word] & never[word] } else { 0 };
            first | required[word] & again[word] != 0
        })
    }
}

impl Heuristic for Landmarks {
    /// Without a path, the landmarks that hold are past and all others are future.
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        self.progression.look(state);
        (!self.is_dead_end(false)).then(|| self.sum())
    }

    /// Only the first path to the state counts, the one along which it was registered.
    fn evaluate_node(
        &mut self,
        node: StateId,
        from: Option<(StateId, OperatorId)>,
        state: &[u64],
    ) -> Option<i64> {
        self.progression.progress(node, from.map(|(parent, _)| parent), state);
        (!self.is_dead_end(true)).then(|| self.sum())
    }

    fn evaluation_units(&self) -> u64 {
        1 + self.landmarks.len() as u64 / 64
    }

    fn landmark_counts(&self) -> Option<LandmarkCounts> {
        Some(self.counts())
    }

    fn memory_bytes(&self) -> u64 {
        let natural: usize = self.natural.iter().map(|bits| bits.len() * 8).sum();
        let fixed = self.landmarks.len() * (size_of::<Landmark>() + 72) + self.orders.len() * 12 + natural;
        (fixed as u64).saturating_add(self.progression.memory_bytes())
    }
}
