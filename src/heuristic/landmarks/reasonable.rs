//! Reasonable orders (Hoffmann, Porteous & Sebastia 2004), as Fast Downward approximates them.
//!
//! A fact is *lost* when a landmark is reached if the two exclude each other, or if everything that can reach
//! the landmark has an effect that excludes the fact. If reaching one landmark loses a goal, it comes before
//! that goal. If two landmarks are needed for a third one, and reaching the first loses the second, the first
//! comes before the second. As in Fast Downward, the condition on greedily necessary predecessors and
//! obedient orders are left out.

use std::collections::BTreeMap;

use super::bits::{Bits, has, places, set};
use super::graph::{Graph, OrderKind};
use super::rules::Rules;
use crate::heuristic::relaxed::{NONE, Rows};
use crate::task::Task;

/// Words of bits that can be looked at in the time of comparing two landmarks.
const WORDS_PER_COMPARED: usize = 16;

/// The approximation, landmark by landmark.
#[derive(Debug)]
pub(super) struct Reasonable {
    /// Indexed by fact: its mutex groups, ascending.
    groups_of: Rows,
    /// Indexed by landmark of one fact: the facts that everything which can reach it makes true. `None` until
    /// it is needed.
    shared: Vec<Option<Box<[u32]>>>,
    /// The last result of [`candidates`]. With a landmark, it contains all landmarks that come before it.
    closed: Bits,
    bytes: usize,
}

impl Reasonable {
    /// O(mutex groups).
    pub(super) fn new(task: &Task, rules: &Rules, graph: &Graph) -> Self {
        let mut pairs = Vec::new();
        for (id, group) in (0..).zip(task.mutexes.iter()) {
            let fact =
                |fact: &crate::task::Fact| rules.relaxation.fact_base[fact.variable.0 as usize] + fact.value;
            pairs.extend(group.iter().map(|one| (fact(one), id)));
        }
        let groups_of = Rows::new(rules.facts(), pairs.iter().copied());
        let bytes = groups_of.memory_bytes() + graph.nodes.len() * 17;
        let closed = vec![0; graph.nodes.len().div_ceil(64)];
        Self { groups_of, shared: vec![None; graph.nodes.len()], closed, bytes }
    }

    /// Adds the reasonable orders that put other landmarks before this one. Answers how many landmarks it was
    /// compared with, counting other work too.
    pub(super) fn before(&mut self, task: &Task, rules: &Rules, graph: &mut Graph, id: u32) -> usize {
        let node = graph.node(id);
        let &[fact] = &node.facts[..] else { return 0 };
        let (others, words): (Vec<u32>, usize) = if node.is_goal {
            (graph.ids().collect(), 0)
        } else {
            let words = candidates(graph, id, &mut self.closed);
            // A landmark that a natural order puts before this one needs no reasonable order.
            let natural = node.natural().iter().copied().chain(std::iter::repeat(0));
            let open = self.closed.iter().zip(natural).map(|(known, natural)| known & !natural);
            (places(open).map(|other| other as u32).collect(), words)
        };
        for &other in &others {
            let &[reached] = &graph.node(other).facts[..] else { continue };
            if other != id && self.loses(task, rules, fact, other, reached) {
                graph.order(other, id, OrderKind::Reasonable);
            }
        }
        others.len() + words / WORDS_PER_COMPARED
    }

    /// Bytes held. O(1).
    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes
    }

    /// Whether reaching the landmark `other`, whose fact is `reached`, loses `fact`.
    fn loses(&mut self, task: &Task, rules: &Rules, fact: u32, other: u32, reached: u32) -> bool {
        if self.excludes(rules, reached, fact) {
            return true;
        }
        let place = other as usize;
        if self.shared[place].is_none() {
            let shared: Box<[u32]> = shared_effects(task, rules, reached).into();
            self.bytes += shared.len() * 4;
            self.shared[place] = Some(shared);
        }
        let shared = self.shared[place].iter().flat_map(|shared| shared.iter());
        shared.copied().any(|effect| effect != reached && self.excludes(rules, effect, fact))
    }

    /// Whether two facts can never hold at once.
    fn excludes(&self, rules: &Rules, one: u32, other: u32) -> bool {
        if rules.variable_of[one as usize] == rules.variable_of[other as usize] {
            return one != other;
        }
        let (one, other) = (self.groups_of.row(one as usize), self.groups_of.row(other as usize));
        one.iter().any(|group| other.binary_search(group).is_ok())
    }
}

/// Finds the landmarks that come before one for which the landmark `id` is greedily necessary, and all that
/// come before those. Answers how many words of bits were looked at. `closed` is the last result, and then
/// this one; in between, only reasonable orders may have been added.
fn candidates(graph: &Graph, id: u32, closed: &mut Bits) -> usize {
    let mut known = vec![0u64; closed.len()];
    let mut found: Vec<u32> = Vec::new();
    let mut words = known.len();
    let is_necessary = |&(_, kind): &(u32, OrderKind)| kind == OrderKind::GreedyNecessary;
    for (child, _) in graph.node(id).children().filter(is_necessary) {
        let node = graph.node(child);
        words += node.natural().len();
        let natural = places(node.natural().iter().copied()).map(|parent| parent as u32);
        for parent in node.parents().filter(is_necessary).map(|parent| parent.0).chain(natural) {
            if parent != id && !graph.node(parent).is_disjunctive() && !has(&known, parent as usize) {
                set(&mut known, parent as usize);
                found.push(parent);
            }
        }
    }
    // On a chain, the new result is the last one with one landmark more, so what comes before the old ones is
    // known.
    if closed.iter().zip(&known).all(|(closed, known)| closed & !known == 0) {
        found.retain(|&one| !has(closed, one as usize));
    }
    while let Some(one) = found.pop() {
        let node = graph.node(one);
        words += node.natural().len();
        for (parent, _) in node.parents().filter(is_necessary) {
            if !has(&known, parent as usize) {
                set(&mut known, parent as usize);
                found.push(parent);
            }
        }
        for (word, (&natural, known)) in node.natural().iter().zip(&mut known).enumerate() {
            let other = natural & !*known;
            *known |= other;
            found.extend(places([other]).map(|place| (word * 64 + place) as u32));
        }
    }
    *closed = known;
    words
}

/// The facts of other variables that every achiever of a fact makes true whenever it is applied.
fn shared_effects(task: &Task, rules: &Rules, fact: u32) -> Vec<u32> {
    let mut shared: Option<Vec<u32>> = None;
    let mut last = NONE;
    for (relaxed, _) in rules.adders(fact) {
        let achiever = rules.achiever(relaxed);
        if std::mem::replace(&mut last, achiever) == achiever {
            continue;
        }
        let effects = sure_effects(task, rules, achiever, rules.variable_of[fact as usize]);
        let left = match shared.take() {
            None => effects,
            Some(mut left) => {
                left.retain(|effect| effects.contains(effect));
                left
            }
        };
        if left.is_empty() {
            return left;
        }
        shared = Some(left);
    }
    shared.unwrap_or_default()
}

/// The facts that an achiever makes true whenever it is applied: its unconditional effects on other
/// variables, and its conditional effects whose conditions together cover every case.
fn sure_effects(task: &Task, rules: &Rules, achiever: u32, variable: u32) -> Vec<u32> {
    let main = rules.main(achiever);
    let of = |fact: u32| rules.variable_of[fact as usize];
    let facts = |relaxed: usize| {
        let adds = rules.relaxation.adds.row(relaxed).iter().copied();
        adds.filter(|&fact| (fact as usize) < rules.facts())
    };
    let mut effects: Vec<u32> = facts(main).filter(|&fact| of(fact) != variable).collect();
    let conditional = rules.relaxed(achiever).start..main;
    if conditional.is_empty() {
        return effects;
    }
    // For each variable: the value that conditional effects set it to (none if they set several values), and
    // the facts of their conditions.
    let mut by_variable: BTreeMap<u32, (Option<u32>, Vec<u32>)> = BTreeMap::new();
    let given = rules.relaxation.preconditions.row(main);
    for relaxed in conditional {
        let needs = rules.relaxation.preconditions.row(relaxed).iter();
        let conditions: Vec<u32> = needs.copied().filter(|one| given.binary_search(one).is_err()).collect();
        for fact in facts(relaxed) {
            let (value, known) = by_variable.entry(of(fact)).or_insert_with(|| (Some(fact), Vec::new()));
            *value = value.filter(|&value| value == fact);
            known.extend_from_slice(&conditions);
        }
    }
    for (value, mut conditions) in by_variable.into_values() {
        let Some(value) = value else { continue };
        conditions.sort_unstable();
        conditions.dedup();
        if conditions.iter().any(|&one| one as usize >= rules.facts()) {
            continue;
        }
        let always = conditions.chunk_by(|&one, &other| of(one) == of(other)).all(|values| {
            let is_own = of(values[0]) == of(value) && !values.contains(&value);
            values.len() + usize::from(is_own) >= task.layout.domains[of(values[0]) as usize] as usize
        });
        if always {
            effects.push(value);
        }
    }
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::SplitMix64;

    #[test]
    fn what_comes_before_a_landmark_is_found_alike_whatever_was_found_before_it() {
        let mut numbers = SplitMix64::new(11);
        let mut random = |below: u32| numbers.below(u64::from(below)) as u32;
        for count in (70..130).step_by(3) {
            let mut graph = Graph::new(count as usize);
            for fact in 0..count {
                graph.add(vec![fact]);
            }
            // Chains in parts, where what was found last is of use, and orders across them.
            for after in 1..count {
                graph.order(after - 1, after, OrderKind::GreedyNecessary);
                let from = after - random(after.min(20));
                (from.min(after - 1)..after - 1).for_each(|id| graph.order(id, after, OrderKind::Natural));
            }
            for _ in 0..count / 8 {
                let (one, other) = (random(count), random(count));
                if one != other {
                    graph.order(one, other, OrderKind::Natural);
                }
            }
            let none = vec![0; (count as usize).div_ceil(64)];
            let mut closed = none.clone();
            for id in 0..count {
                let mut alone = none.clone();
                candidates(&graph, id, &mut alone);
                candidates(&graph, id, &mut closed);
                assert_eq!(closed, alone, "{id} of {count}");
            }
        }
    }
}
