//! Landmarks and their orders while they are being found.
//!
//! No fact is in two landmarks: what overlaps is not added, and a landmark of one fact takes the place of a
//! disjunctive one that has it. Between two landmarks there is at most one order, the strongest.

use std::collections::BTreeMap;

use crate::heuristic::relaxed::NONE;

/// How two landmarks are ordered, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OrderKind {
    /// To reach the later one first would be to lose it again.
    Reasonable,
    /// Every plan reaches the earlier one before the later one.
    Natural,
    /// The earlier one holds in the state before the later one is reached for the first time.
    GreedyNecessary,
}

/// A landmark.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// Facts by dense id, ascending, of which one holds at some time: one, or up to four.
    pub(super) facts: Vec<u32>,
    /// Whether the goal has it.
    pub(super) is_goal: bool,
    /// Whether an axiom sets it.
    pub(super) is_derived: bool,
    /// Cost of the cheapest operator that can reach it first; `None` where none can.
    pub(super) first_cost: Option<i64>,
    /// Cost of the cheapest operator that can reach it ever.
    pub(super) possible_cost: Option<i64>,
    pub(super) parents: BTreeMap<u32, OrderKind>,
    pub(super) children: BTreeMap<u32, OrderKind>,
}

impl Node {
    /// Whether it is more than one fact.
    pub(super) fn is_disjunctive(&self) -> bool {
        self.facts.len() > 1
    }
}

/// All of them. Ids stay as they are; a landmark that was replaced has no facts.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// Per fact the landmark that has it, or [`NONE`].
    node_of: Vec<u32>,
    orders: usize,
}

impl Graph {
    pub(super) fn new(facts: usize) -> Self {
        Self { nodes: Vec::new(), node_of: vec![NONE; facts], orders: 0 }
    }

    /// Ids of the landmarks that were not replaced.
    pub(super) fn ids(&self) -> impl Iterator<Item = u32> {
        (0..self.nodes.len() as u32).filter(|&id| !self.node(id).facts.is_empty())
    }

    pub(super) fn node(&self, id: u32) -> &Node {
        &self.nodes[id as usize]
    }

    /// The landmark of this fact alone.
    pub(super) fn atomic(&self, fact: u32) -> Option<u32> {
        self.holder(fact).filter(|&id| !self.node(id).is_disjunctive())
    }

    /// The landmark that has this fact.
    pub(super) fn holder(&self, fact: u32) -> Option<u32> {
        let id = self.node_of[fact as usize];
        (id != NONE).then_some(id)
    }

    /// Adds a landmark of facts that are in none.
    pub(super) fn add(&mut self, facts: Vec<u32>) -> u32 {
        let id = self.nodes.len() as u32;
        for &fact in &facts {
            self.node_of[fact as usize] = id;
        }
        self.nodes.push(Node { facts, ..Node::default() });
        id
    }

    /// Takes a landmark away; answers which were ordered before it.
    pub(super) fn remove(&mut self, id: u32) -> Vec<u32> {
        let Node { facts, parents, children, .. } = std::mem::take(&mut self.nodes[id as usize]);
        for fact in facts {
            self.node_of[fact as usize] = NONE;
        }
        for parent in parents.keys() {
            self.nodes[*parent as usize].children.remove(&id);
        }
        for child in children.keys() {
            self.nodes[*child as usize].parents.remove(&id);
        }
        self.orders -= parents.len() + children.len();
        parents.into_keys().collect()
    }

    /// Orders two landmarks, unless they are so already.
    pub(super) fn order(&mut self, before: u32, after: u32, kind: OrderKind) {
        debug_assert_ne!(before, after);
        let known = self.nodes[after as usize].parents.entry(before).or_insert_with(|| {
            self.orders += 1;
            kind
        });
        *known = kind.max(*known);
        let kind = *known;
        self.nodes[before as usize].children.insert(after, kind);
    }

    /// Bytes held, roughly. O(1).
    pub(super) fn memory_bytes(&self) -> usize {
        self.node_of.len() * 4 + self.nodes.len() * (size_of::<Node>() + 64) + self.orders * 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_order_stays_and_removal_leaves_no_trace() {
        let mut graph = Graph::new(4);
        let (one, two, three) = (graph.add(vec![0]), graph.add(vec![1, 2]), graph.add(vec![3]));
        graph.order(one, two, OrderKind::Natural);
        graph.order(one, two, OrderKind::GreedyNecessary);
        graph.order(one, two, OrderKind::Reasonable);
        graph.order(two, three, OrderKind::Natural);
        assert_eq!(graph.node(one).children[&two], OrderKind::GreedyNecessary);
        assert_eq!((graph.holder(2), graph.atomic(2), graph.atomic(3)), (Some(two), None, Some(three)));
        assert_eq!(graph.remove(two), [one]);
        assert_eq!(graph.ids().collect::<Vec<_>>(), [one, three]);
        assert!(graph.node(one).children.is_empty() && graph.node(three).parents.is_empty());
        assert_eq!((graph.holder(1), graph.orders), (None, 0));
    }
}
