//! Finds landmarks by backchaining: the facts that everything which can reach a known landmark needs.
//!
//! After Richter, Helmert & Westphal (2008), as Fast Downward does it now. For each landmark, the delete
//! relaxation is explored without ever reaching the landmark. Operators that are applicable there and reach
//! the landmark are its *first achievers*. A fact that all first achievers need is a landmark too, greedily
//! necessary for this one. So is a set of up to four facts of one family, if each first achiever needs one of
//! them. A landmark that the exploration does not reach comes after this one. Values that the landmark's
//! variable cannot avoid on its way come before it.

use std::collections::VecDeque;

use super::exploration::Exploration;
use super::graph::{Graph, OrderKind};
use super::lookahead::Lookahead;
use super::rules::Rules;
use crate::heuristic::relaxed::NONE;
use crate::step::Budget;
use crate::task::{Fact, Instance, NO_FAMILY, Task};

/// Most facts of a disjunctive landmark.
const DISJUNCTION_MAX: usize = 4;
/// Achievers that are looked at per unit of work.
const ACHIEVERS_PER_UNIT: usize = 16;

/// The search for landmarks, from the goal backwards.
#[derive(Debug)]
pub(super) struct Backchaining {
    pub(super) rules: Rules,
    pub(super) graph: Graph,
    exploration: Exploration,
    lookahead: Lookahead,
    /// Landmarks that have not been explored yet.
    open: VecDeque<u32>,
    /// The landmark whose exploration is running.
    current: Option<u32>,
    /// Indexed by landmark: the facts that its exploration did not reach, as bits; empty if it was not
    /// explored.
    unreached: Vec<Box<[u64]>>,
    unreached_bytes: usize,
    count: Counter,
    /// Indexed by achiever: the landmark for which [`order_unreached`](Self::order_unreached) saw it last.
    seen: Vec<u32>,
}

/// Counts which facts the first achievers of a landmark need.
#[derive(Debug, Default)]
struct Counter {
    /// Indexed by fact: how many achievers need it.
    of_fact: Vec<u32>,
    /// The needed facts of each achiever, one achiever after the other, and the index at which each one's
    /// facts end.
    facts: Vec<u32>,
    ends: Vec<u32>,
    /// Indexed by family: its facts that are needed, and how many achievers need one of them.
    of_family: Vec<(Vec<u32>, u32)>,
    families: Vec<u32>,
}

impl Backchaining {
    /// Starts with the goal's landmarks. O(size of the task).
    pub(super) fn new(task: &Task, instance: &Instance, rules: Rules) -> Self {
        let families = task.families.iter().filter(|&&family| family != NO_FAMILY).max();
        let families = families.map_or(0, |&last| last as usize + 1);
        let count = Counter {
            of_fact: vec![0; rules.facts()],
            of_family: vec![(Vec::new(), 0); families],
            ..Counter::default()
        };
        let mut backchaining = Self {
            graph: Graph::new(rules.facts()),
            exploration: Exploration::new(&rules),
            lookahead: Lookahead::new(task, &rules),
            open: VecDeque::new(),
            current: None,
            unreached: Vec::new(),
            unreached_bytes: 0,
            count,
            seen: vec![NONE; rules.achievers()],
            rules,
        };
        for goal in goals(task, instance, &backchaining.rules) {
            let id = backchaining.add(task, vec![goal]);
            backchaining.graph.nodes[id as usize].is_goal = true;
        }
        backchaining
    }

    /// Continues with at most one landmark. Answers whether all landmarks have been explored; after that,
    /// [`order_unreached`](Self::order_unreached) adds the missing orders.
    pub(super) fn step(&mut self, task: &Task, budget: &mut Budget) -> bool {
        let is_running = self.current.is_some();
        let id = match self.current.take().or_else(|| self.open.pop_front()) {
            Some(id) if is_running => id,
            Some(id) => {
                budget.spend(1);
                let facts = &self.graph.node(id).facts;
                if facts.iter().any(|&fact| self.rules.is_initial(fact)) {
                    self.cost_of_initial(id);
                    return false;
                }
                // A landmark that was replaced has no facts.
                if facts.is_empty() {
                    return false;
                }
                self.exploration.start(&self.rules, facts);
                id
            }
            None => return true,
        };
        if self.exploration.run(&self.rules, budget) {
            self.explored(task, id, budget);
        } else {
            self.current = Some(id);
        }
        false
    }

    /// Orders a landmark before each single-fact landmark that its exploration did not reach, unless one
    /// operator reaches both.
    pub(super) fn order_unreached(&mut self, id: u32) {
        let unreached = std::mem::take(&mut self.unreached[id as usize]);
        if unreached.is_empty() || self.graph.node(id).facts.is_empty() {
            return;
        }
        for &fact in &self.graph.node(id).facts {
            for (relaxed, _) in self.rules.adders(fact) {
                self.seen[self.rules.achiever(relaxed) as usize] = id;
            }
        }
        let others: Vec<u32> = self.graph.ids().filter(|&other| other != id).collect();
        for other in others {
            let &[fact] = &self.graph.node(other).facts[..] else { continue };
            let is_reached = unreached[fact as usize / 64] >> (fact % 64) & 1 == 0;
            if is_reached || self.graph.node(other).has_natural(id) {
                continue;
            }
            // No exploration reaches a fact that nothing adds, namely that a derived variable is false.
            let mut adders = self.rules.adders(fact).peekable();
            let is_added = adders.peek().is_some();
            if is_added && !adders.any(|(relaxed, _)| self.seen[self.rules.achiever(relaxed) as usize] == id)
            {
                self.graph.order(id, other, OrderKind::Natural);
            }
        }
    }

    /// Bytes held. O(1).
    pub(super) fn memory_bytes(&self) -> usize {
        let count = &self.count;
        let counted = (count.of_fact.len() + count.facts.capacity() + count.ends.capacity()) * 4;
        self.rules.memory_bytes()
            + self.graph.memory_bytes()
            + self.exploration.memory_bytes()
            + self.lookahead.memory_bytes()
            + self.unreached_bytes
            + counted
            + count.of_family.len() * 32
            + self.seen.len() * 4
    }

    fn add(&mut self, task: &Task, facts: Vec<u32>) -> u32 {
        let layout = &task.layout;
        let is_derived =
            |&fact: &u32| layout.is_derived(crate::task::VariableId(self.rules.variable_of[fact as usize]));
        let is_derived = facts.iter().any(is_derived);
        let id = self.graph.add(facts);
        self.graph.nodes[id as usize].is_derived = is_derived;
        self.open.push_back(id);
        self.unreached.push(Box::default());
        id
    }

    /// Sets the cost of a landmark that holds initially: it can only be reached again.
    fn cost_of_initial(&mut self, id: u32) {
        let achievers = self.graph.node(id).facts.iter().flat_map(|&fact| self.rules.adders(fact));
        let costs = achievers.filter_map(|(relaxed, _)| self.rules.cost(self.rules.achiever(relaxed)));
        let cost = costs.min();
        self.set_costs(id, None, cost);
    }

    fn set_costs(&mut self, id: u32, first: Option<i64>, possible: Option<i64>) {
        let least = self.rules.least_cost();
        let node = &mut self.graph.nodes[id as usize];
        (node.first_cost, node.possible_cost) =
            if node.is_derived { (Some(least), Some(least)) } else { (first, possible) };
    }

    /// Finds landmarks in the result of an exploration.
    fn explored(&mut self, task: &Task, id: u32, budget: &mut Budget) {
        let reached = self.exploration.reached();
        let mut unreached = vec![0u64; self.rules.facts().div_ceil(64)];
        for (fact, _) in reached[..self.rules.facts()].iter().enumerate().filter(|one| !*one.1) {
            unreached[fact / 64] |= 1 << (fact % 64);
        }
        self.unreached_bytes += unreached.len() * 8;
        self.unreached[id as usize] = unreached.into();
        let looked_at = self.first_achievers(id);
        budget.spend((looked_at / ACHIEVERS_PER_UNIT) as u64);
        for fact in self.count.shared() {
            self.found(task, fact, id, OrderKind::GreedyNecessary);
        }
        if let &[fact] = &self.graph.node(id).facts[..] {
            for value in self.lookahead.critical(&self.rules, fact, self.exploration.reached()) {
                self.found(task, value, id, OrderKind::Natural);
            }
        }
        for facts in self.count.alternatives(&task.families, &self.graph) {
            if !facts.iter().any(|&fact| self.rules.is_initial(fact)) {
                self.found_disjunction(task, facts, id);
            }
        }
    }

    /// Counts what the first achievers of a landmark need, and sets its costs. Answers how many relaxed
    /// operators were looked at.
    fn first_achievers(&mut self, id: u32) -> usize {
        let Self { rules, graph, exploration, count, .. } = self;
        let facts = graph.node(id).facts.clone();
        let adders = facts.iter().flat_map(|&fact| rules.adders(fact).map(|(relaxed, _)| relaxed));
        let mut adders: Vec<usize> = adders.collect();
        adders.sort_unstable();
        adders.dedup();
        count.clear();
        let (mut first, mut possible) = (None::<i64>, None::<i64>);
        let cheaper = |known: Option<i64>, cost: i64| Some(known.map_or(cost, |known| known.min(cost)));
        for own in adders.chunk_by(|&one, &other| rules.achiever(one) == rules.achiever(other)) {
            let achiever = rules.achiever(own[0]);
            let cost = rules.cost(achiever);
            possible = cost.map_or(possible, |cost| cheaper(possible, cost));
            if own.iter().any(|&relaxed| exploration.is_applicable(rules, relaxed)) {
                first = cost.map_or(first, |cost| cheaper(first, cost));
                count.add(needs(rules, &facts, own));
            }
        }
        self.set_costs(id, first, possible);
        adders.len()
    }

    /// Adds a landmark of one fact, if it is not known, and orders it before another landmark.
    fn found(&mut self, task: &Task, fact: u32, after: u32, kind: OrderKind) {
        if let Some(known) = self.graph.atomic(fact) {
            if known != after {
                self.graph.order(known, after, kind);
            }
            return;
        }
        // A single fact replaces a disjunctive landmark that contains it. The parents of that one come before
        // it.
        let replaced = self.graph.holder(fact).filter(|&holder| holder != after);
        let before = replaced.map_or_else(Vec::new, |holder| self.graph.remove(holder));
        if self.graph.holder(fact).is_some() {
            return;
        }
        let id = self.add(task, vec![fact]);
        self.graph.order(id, after, kind);
        for parent in before {
            if parent != id {
                self.graph.order(parent, id, OrderKind::Natural);
            }
        }
    }

    /// Adds a disjunctive landmark that is greedily necessary for another landmark, unless it overlaps with a
    /// known one.
    fn found_disjunction(&mut self, task: &Task, facts: Vec<u32>, after: u32) {
        if facts.iter().any(|&fact| self.graph.atomic(fact).is_some()) {
            return;
        }
        let mut holders = facts.iter().map(|&fact| self.graph.holder(fact));
        let known = holders.next().flatten();
        match known {
            // A superset of the facts is a landmark already.
            Some(known) if known != after && holders.all(|holder| holder == Some(known)) => {
                self.graph.order(known, after, OrderKind::GreedyNecessary);
            }
            None if holders.all(|holder| holder.is_none()) => {
                let id = self.add(task, facts);
                self.graph.order(id, after, OrderKind::GreedyNecessary);
            }
            _ => {}
        }
    }
}

/// The facts of the goal, ascending. That a binary variable does not have a value counts as the other value's
/// fact.
fn goals(task: &Task, instance: &Instance, rules: &Rules) -> Vec<u32> {
    let denied =
        instance.goal.not_facts.iter().filter(|fact| task.layout.domains[fact.variable.0 as usize] == 2);
    let denied = denied.map(|fact| Fact { value: 1 - fact.value, ..*fact });
    let facts = instance.goal.facts.iter().copied().chain(denied);
    let bases = &rules.relaxation.fact_base;
    let mut goals: Vec<u32> = facts.map(|fact| bases[fact.variable.0 as usize] + fact.value).collect();
    goals.sort_unstable();
    goals.dedup();
    goals
}

/// The facts that hold whenever an achiever reaches one of `facts` for the first time, ascending. `own` are
/// its relaxed operators that add one of `facts`: the facts that all of them need belong to the result. So
/// does the initial value of a binary variable that the achiever writes and whose other value is in `facts`.
fn needs(rules: &Rules, facts: &[u32], own: &[usize]) -> Vec<u32> {
    let mut needs = rules.needs(own[0]).to_vec();
    for &relaxed in &own[1..] {
        let others = rules.needs(relaxed);
        needs.retain(|fact| others.binary_search(fact).is_ok());
    }
    let achiever = rules.achiever(own[0]);
    let preconditions = rules.needs(rules.main(achiever));
    for &fact in facts {
        let variable = rules.variable_of[fact as usize];
        let is_of_it = |&&other: &&u32| rules.variable_of[other as usize] == variable;
        if rules.domain(variable) != 2
            || rules.is_initial(fact)
            || preconditions.iter().any(|one| is_of_it(&one))
        {
            continue;
        }
        let facts_below = rules.facts();
        let writes = rules.relaxed(achiever).any(|relaxed| {
            let adds = rules.relaxation.adds.row(relaxed).iter();
            adds.filter(|&&added| (added as usize) < facts_below).any(|added| is_of_it(&added))
        });
        let initial = rules.initial[variable as usize];
        if let (true, Err(place)) = (writes, needs.binary_search(&initial)) {
            needs.insert(place, initial);
        }
    }
    needs
}

impl Counter {
    fn clear(&mut self) {
        for &fact in &self.facts {
            self.of_fact[fact as usize] = 0;
        }
        self.facts.clear();
        self.ends.clear();
    }

    /// Counts one achiever with the facts that it needs.
    fn add(&mut self, needs: Vec<u32>) {
        for &fact in &needs {
            self.of_fact[fact as usize] += 1;
        }
        self.facts.extend(needs);
        self.ends.push(self.facts.len() as u32);
    }

    /// The facts that all achievers need, ascending.
    fn shared(&self) -> Vec<u32> {
        let achievers = self.ends.len() as u32;
        let first = &self.facts[..self.ends.first().map_or(0, |&end| end as usize)];
        first.iter().copied().filter(|&fact| self.of_fact[fact as usize] == achievers).collect()
    }

    /// Sets of facts of one family such that each achiever needs one of them, in order of family. Facts that
    /// are landmarks by themselves are left out.
    fn alternatives(&mut self, families: &[u32], graph: &Graph) -> Vec<Vec<u32>> {
        let mut start = 0;
        let mut seen: Vec<u32> = Vec::new();
        for &end in &self.ends {
            seen.clear();
            for &fact in &self.facts[start..end as usize] {
                let Some(&family) = families.get(fact as usize) else { continue };
                if family == NO_FAMILY || graph.atomic(fact).is_some() {
                    continue;
                }
                let (facts, achievers) = &mut self.of_family[family as usize];
                if *achievers == 0 {
                    self.families.push(family);
                }
                if !seen.contains(&family) {
                    seen.push(family);
                    *achievers += 1;
                }
                // A set with more than `DISJUNCTION_MAX` facts is not used, so one fact too many is enough to
                // keep.
                if facts.len() <= DISJUNCTION_MAX && !facts.contains(&fact) {
                    facts.push(fact);
                }
            }
            start = end as usize;
        }
        self.families.sort_unstable();
        self.families.dedup();
        let mut found = Vec::new();
        for family in self.families.drain(..) {
            let (facts, achievers) = std::mem::take(&mut self.of_family[family as usize]);
            if achievers as usize == self.ends.len() && (2..=DISJUNCTION_MAX).contains(&facts.len()) {
                found.push(facts);
            }
        }
        found.iter_mut().for_each(|facts| facts.sort_unstable());
        found
    }
}
