//! The landmark heuristic of LAMA: how much of what every plan must reach is still to be reached.
//!
//! A *landmark* is a fact, or a set of up to four of which one, that holds at some time in every plan.
//! Landmarks and their natural and greedily necessary orders are found by backchaining (Richter, Helmert &
//! Westphal 2008), reasonable orders as by Hoffmann, Porteous & Sebastia (2004); progression along the path
//! of a state is that of Büchner, Keller, Eriksson & Helmert (2023); the estimate is the sum of the least
//! costs of reaching what is future (Richter & Westphal 2010). It is inadmissible and depends on the path.
//!
//! The model is Fast Downward's `landmark_sum(lm_reasonable_orders_hps(lm_rhw()))`. It differs in this:
//! - conditions that are no facts stay what they are: disjunctions and numbers are explored, but are no
//!   landmarks, and that a derived variable is false counts as given;
//! - domain transition graphs are those of every mutex group, not only of the groups that became variables;
//! - a cycle of natural orders is not taken as a proof that there is no plan, and no cycle is broken: the
//!   progression works with cycles too;
//! - a landmark that is required again only because of a reasonable order makes no dead end.
//!
//! # Dead ends
//! `None` is answered where a landmark that was never reached has no operator that can reach it first, and
//! where a goal, or what is greedily necessary for what was never reached, does not hold and nothing can
//! make it true. Both are proofs. With axioms or numbers no state is called a dead end.

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

/// The landmark heuristic of LAMA (Richter & Westphal 2010): the landmarks that a path has still to reach,
/// each with its least cost. Not admissible.
#[derive(Debug)]
pub struct Landmarks {
    landmarks: Vec<Landmark>,
    /// Orders that are not natural, by the later landmark.
    orders: Vec<Order>,
    /// Per landmark those that are naturally ordered before it.
    natural: Vec<Bits>,
    progression: Progression,
    /// Per landmark what it costs at least to reach it first, and again; 0 where it is not known.
    costs: Vec<[i64; 2]>,
    /// The cost of each landmark, where all have the same.
    each: Option<i64>,
    /// Landmarks that nothing can reach first, and those that nothing can reach ever. Empty where that proves
    /// nothing.
    unreachable: Option<[Bits; 2]>,
}

/// A fact, or one of several, that every plan reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landmark {
    /// One fact, or up to four of which one holds, by variable.
    pub facts: Vec<Fact>,
    /// Whether the goal has it.
    pub is_goal: bool,
}

/// One landmark before another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Index of the earlier landmark.
    pub before: u32,
    /// Index of the later one.
    pub after: u32,
    /// In which sense.
    pub kind: OrderKind,
}

/// How many landmarks there are of each kind, and how many orders between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandmarkCounts {
    /// Landmarks of one fact.
    pub simple: u32,
    /// Landmarks of several facts, of which one holds.
    pub disjunctive: u32,
    /// Orders by kind; between two landmarks the strongest counts.
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

/// How things stand with a landmark in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// It was reached on the way.
    pub is_past: bool,
    /// It is still to be reached, for the first time or again.
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

    /// The landmarks, each fact in one at most.
    pub fn landmarks(&self) -> &[Landmark] {
        &self.landmarks
    }

    /// Their orders: at most one of two landmarks in each direction. O(landmarks² / 64 + orders).
    pub fn orders(&self) -> Vec<Order> {
        let natural = (0u32..).zip(&self.natural).flat_map(|(after, bits)| {
            let order = move |before| Order { before: before as u32, after, kind: OrderKind::Natural };
            places(bits.iter().copied()).map(order)
        });
        self.orders.iter().copied().chain(natural).collect()
    }

    /// How many there are of each kind. O(landmarks² / 64 + orders).
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

    /// How things stand with each landmark in a state that was evaluated as a node; `None` for others.
    pub fn status(&self, node: StateId) -> Option<Vec<Status>> {
        let (past, future) = self.progression.of(node)?;
        let status = |id| Status { is_past: has(past, id), is_future: has(future, id) };
        Some((0..self.landmarks.len()).map(status).collect())
    }

    /// The sum of the costs of the future landmarks of the state that was looked at last.
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

    /// Whether what must be reached cannot be. `is_path_known`: what is not past was never reached.
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
    /// What holds is past, everything else is future: nothing is known of the path.
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        self.progression.look(state);
        (!self.is_dead_end(false)).then(|| self.sum())
    }

    /// Of the first path to the state alone, as lazy search asks for it.
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
