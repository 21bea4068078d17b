//! Landmarks and their orders while they are being found.
//!
//! No fact is in two landmarks: a landmark that overlaps with another one is not added, but a landmark of one fact
//! replaces a disjunctive one that contains it. Between two landmarks there is at most one order, the strongest.

use std::collections::BTreeMap;

use super::bits::{Bits, places, set};
use crate::heuristic::relaxed::NONE;

/// How two landmarks are ordered, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OrderKind {
    /// In a plan that reaches the later one first, it would be lost again.
    Reasonable,
    /// Every plan reaches the earlier one before the later one.
    Natural,
    /// The earlier one holds in the state before the later one is reached for the first time.
    GreedyNecessary,
}

/// A landmark.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// The landmark holds where one of these facts holds: one fact, or up to four. By dense id, ascending.
    pub(super) facts: Vec<u32>,
    /// Whether it is part of the goal.
    pub(super) is_goal: bool,
    /// Whether an axiom sets one of its facts.
    pub(super) is_derived: bool,
    /// The cost of the cheapest operator that can reach it for the first time; `None` if there is none.
    pub(super) first_cost: Option<i64>,
    /// The cost of the cheapest operator that can reach it at all; `None` if there is none.
    pub(super) possible_cost: Option<i64>,
    /// Landmarks that are ordered before it, except by natural orders.
    parents: BTreeMap<u32, OrderKind>,
    /// Landmarks that it is ordered before, except by natural orders.
    children: BTreeMap<u32, OrderKind>,
    /// Landmarks that are ordered before it by natural orders, as bits. On a chain these are all earlier
    /// ones.
    natural: Bits,
}

impl Node {
    /// Whether it has more than one fact.
    pub(super) fn is_disjunctive(&self) -> bool {
        self.facts.len() > 1
    }

    /// Landmarks that are ordered before it, except by natural orders; ascending.
    pub(super) fn parents(&self) -> impl Iterator<Item = (u32, OrderKind)> {
        self.parents.iter().map(|(&id, &kind)| (id, kind))
    }

    /// Landmarks that it is ordered before, except by natural orders; ascending.
    pub(super) fn children(&self) -> impl Iterator<Item = (u32, OrderKind)> {
        self.children.iter().map(|(&id, &kind)| (id, kind))
    }

    /// Landmarks that are ordered before it by natural orders, as bits. Zero words at the end are left out.
    pub(super) fn natural(&self) -> &[u64] {
        &self.natural
    }

    /// Whether a landmark is ordered before it by a natural order.
    pub(super) fn has_natural(&self, before: u32) -> bool {
        self.natural.get(before as usize / 64).is_some_and(|word| word >> (before % 64) & 1 == 1)
    }

    fn clear_natural(&mut self, before: u32) {
        if let Some(word) = self.natural.get_mut(before as usize / 64) {
            *word &= !(1 << (before % 64));
        }
    }
}

/// The landmarks and their orders. Ids never change; a landmark that was replaced has no facts.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// Indexed by fact: twice the id of the landmark that has it, plus one if that landmark has other facts
    /// too; or [`NONE`].
    node_of: Vec<u32>,
    /// How many orders are not natural; and how many words of bits the natural ones take.
    orders: usize,
    words: usize,
}

impl Graph {
    pub(super) fn new(facts: usize) -> Self {
        Self { nodes: Vec::new(), node_of: vec![NONE; facts], orders: 0, words: 0 }
    }

    /// Ids of the landmarks that were not replaced.
    pub(super) fn ids(&self) -> impl Iterator<Item = u32> {
        (0..self.nodes.len() as u32).filter(|&id| !self.node(id).facts.is_empty())
    }

    pub(super) fn node(&self, id: u32) -> &Node {
        &self.nodes[id as usize]
    }

    /// The landmark of this fact alone, if there is one.
    pub(super) fn atomic(&self, fact: u32) -> Option<u32> {
        let id = self.node_of[fact as usize];
        (id & 1 == 0).then_some(id >> 1)
    }

    /// The landmark that contains this fact, if there is one.
    pub(super) fn holder(&self, fact: u32) -> Option<u32> {
        let id = self.node_of[fact as usize];
        (id != NONE).then_some(id >> 1)
    }

    /// Adds a landmark. Its facts must not be in another one.
    pub(super) fn add(&mut self, facts: Vec<u32>) -> u32 {
        let id = self.nodes.len() as u32;
        for &fact in &facts {
            self.node_of[fact as usize] = id << 1 | u32::from(facts.len() > 1);
        }
        self.nodes.push(Node { facts, ..Node::default() });
        id
    }

    /// Removes a landmark; answers the landmarks that were ordered before it. O(landmarks).
    pub(super) fn remove(&mut self, id: u32) -> Vec<u32> {
        let Node { facts, parents, children, natural, .. } = std::mem::take(&mut self.nodes[id as usize]);
        for fact in facts {
            self.node_of[fact as usize] = NONE;
        }
        for parent in parents.keys() {
            self.nodes[*parent as usize].children.remove(&id);
        }
        for child in children.keys() {
            self.nodes[*child as usize].parents.remove(&id);
        }
        self.nodes.iter_mut().for_each(|node| node.clear_natural(id));
        self.orders -= parents.len() + children.len();
        self.words -= natural.len();
        let mut before: Vec<u32> = places(natural).map(|id| id as u32).chain(parents.into_keys()).collect();
        before.sort_unstable();
        before
    }

    /// Orders two landmarks, unless an order at least as strong is known.
    pub(super) fn order(&mut self, before: u32, after: u32, kind: OrderKind) {
        debug_assert_ne!(before, after);
        let node = &mut self.nodes[after as usize];
        // On long chains most orders are natural and known already.
        if kind <= OrderKind::Natural && node.has_natural(before) {
            return;
        }
        let known = node.parents.get(&before).copied();
        if known >= Some(kind) {
            return;
        }
        if kind == OrderKind::Natural {
            let word = before as usize / 64;
            if node.natural.len() <= word {
                self.words += word + 1 - node.natural.len();
                node.natural.resize(word + 1, 0);
            }
            node.natural[word] |= 1 << (before % 64);
            if node.parents.remove(&before).is_some() {
                self.orders -= 1;
                self.nodes[before as usize].children.remove(&after);
            }
            return;
        }
        node.clear_natural(before);
        self.orders += usize::from(node.parents.insert(before, kind).is_none());
        self.nodes[before as usize].children.insert(after, kind);
    }

    /// The landmarks without the replaced ones, in the order in which they were found.
    pub(super) fn compacted(mut self) -> Vec<Node> {
        let kept: Vec<u32> = self.ids().collect();
        if kept.len() == self.nodes.len() {
            return self.nodes;
        }
        let mut place = vec![NONE; self.nodes.len()];
        for (index, &id) in (0..).zip(&kept) {
            place[id as usize] = index;
        }
        let rename =
            |orders: BTreeMap<u32, _>| orders.into_iter().map(|(id, kind)| (place[id as usize], kind));
        let moved = |id: u32| {
            let mut node = std::mem::take(&mut self.nodes[id as usize]);
            node.parents = rename(node.parents).collect();
            node.children = rename(node.children).collect();
            let mut natural = vec![0; kept.len().div_ceil(64)];
            places(node.natural).for_each(|id| set(&mut natural, place[id] as usize));
            node.natural = natural;
            node
        };
        kept.iter().copied().map(moved).collect()
    }

    /// Bytes held, roughly. O(1).
    pub(super) fn memory_bytes(&self) -> usize {
        self.node_of.len() * 4
            + self.nodes.len() * (size_of::<Node>() + 64)
            + self.orders * 64
            + self.words * 8
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
        assert_eq!(graph.node(one).children().collect::<Vec<_>>(), [(two, OrderKind::GreedyNecessary)]);
        assert_eq!(places(graph.node(two).natural().iter().copied()).count(), 0);
        assert_eq!(places(graph.node(three).natural().iter().copied()).collect::<Vec<_>>(), [1]);
        assert_eq!((graph.holder(2), graph.atomic(2), graph.atomic(3)), (Some(two), None, Some(three)));
        assert_eq!(graph.remove(two), [one]);
        assert_eq!(graph.ids().collect::<Vec<_>>(), [one, three]);
        assert!(graph.node(one).children.is_empty() && graph.node(three).parents.is_empty());
        assert_eq!(graph.node(three).natural(), [0]);
        assert_eq!((graph.holder(1), graph.orders), (None, 0));
    }
}
