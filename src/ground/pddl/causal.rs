//! The order of variables by the causal graph: a variable comes before the variables that it influences.
//!
//! The causal graph has an arc from one variable to another if an operator's effect on the second has a
//! condition on the first, or if an axiom derives the second from the first. The weight of the arc is the
//! number of such effects. Strongly connected components come in topological order. Within a component, the
//! next variable is always the one whose arcs from the remaining variables have the least weight; variables
//! of the goal come late (Helmert 2006, section 5.1).
//!
//! The successor generator branches on variables in this order. Among successors of equal rank, a search
//! therefore takes those first whose operators depend on the least influenced variables.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::draft::{Drafts, GroundBlock, Rule};
use super::relevance::Relevant;
use super::variables::Variables;
use crate::step::Budget;
use crate::task::Formula;

/// Most variables, and most arcs, that are put in order. In larger graphs the variables keep their order.
const VARIABLES_MAX: usize = 1 << 14;
const ARCS_MAX: usize = 1 << 17;
/// Most atoms that are read of one operator, axiom or goal, and most arcs that are counted for it. The rest
/// is ignored.
const ATOMS_MAX: usize = 1 << 12;
const LINKS_MAX: usize = 1 << 14;
/// Atoms and arcs that are handled in one unit of work.
const PER_UNIT: usize = 64;
/// Added to the weight of an arc to a variable of the goal.
const GOAL_WEIGHT: u64 = 100_000;

/// The causal graph while it is being built.
#[derive(Debug, Default)]
pub(super) struct CausalGraph {
    /// The next operator, or, after all operators, the next axiom.
    next: usize,
    /// The weight of each arc, by source and target.
    arcs: HashMap<(u32, u32), u32>,
    conditions: Vec<u32>,
    effects: Vec<u32>,
    /// How many more atoms may be read for the present operator or axiom, and how many more arcs counted.
    atoms_left: usize,
    links_left: usize,
}

impl CausalGraph {
    /// Adds operators and axioms. Answers true when all are added, false when the budget is spent.
    pub(super) fn step(
        &mut self,
        drafts: &Drafts,
        relevant: &Relevant,
        variables: &Variables,
        budget: &mut Budget,
    ) -> bool {
        let all = drafts.len() + drafts.rules.len();
        let mut done = 0;
        while self.next < all && !self.is_too_large(variables) {
            if budget.is_spent() {
                return false;
            }
            (self.atoms_left, self.links_left) = (ATOMS_MAX, LINKS_MAX);
            self.conditions.clear();
            match self.next.checked_sub(drafts.len()) {
                None if relevant.operators[self.next] => self.operator(drafts, self.next, variables),
                None => {}
                Some(rule) => self.rule(&drafts.rules[rule], variables),
            }
            self.next += 1;
            done += 8 + (ATOMS_MAX - self.atoms_left) + (LINKS_MAX - self.links_left);
            budget.spend((done / PER_UNIT) as u64);
            done %= PER_UNIT;
        }
        true
    }

    /// The order of variables; `None` if the graph is too large. O((variables + arcs) × log).
    pub(super) fn order(mut self, variables: &Variables, goal: &Formula) -> Option<Vec<u32>> {
        if self.is_too_large(variables) {
            return None;
        }
        let count = variables.domains.len();
        let mut is_goal = vec![false; count];
        (self.atoms_left, self.links_left) = (ATOMS_MAX, 0);
        self.conditions.clear();
        self.formula(goal, variables);
        self.conditions.iter().for_each(|&variable| is_goal[variable as usize] = true);
        let mut sorted: Vec<_> = self.arcs.into_iter().collect();
        sorted.sort_unstable();
        let mut arcs = Arcs { starts: vec![0; count + 1], targets: Vec::with_capacity(sorted.len()) };
        for ((source, target), weight) in sorted {
            let more = if is_goal[target as usize] { GOAL_WEIGHT } else { 0 };
            arcs.targets.push((target, u64::from(weight) + more));
            arcs.starts[source as usize + 1] += 1;
        }
        for source in 0..count {
            arcs.starts[source + 1] += arcs.starts[source];
        }
        Some(arcs.order())
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.arcs.capacity() * 16 + (self.conditions.capacity() + self.effects.capacity()) * 4
    }

    fn is_too_large(&self, variables: &Variables) -> bool {
        variables.domains.len() > VARIABLES_MAX || self.arcs.len() > ARCS_MAX
    }

    fn operator(&mut self, drafts: &Drafts, id: usize, variables: &Variables) {
        let draft = drafts.operator(id);
        let (atoms, extra) = (drafts.atoms(draft), drafts.extra(draft));
        self.read(atoms.holds.iter().chain(atoms.fails), variables);
        for formula in extra.map_or(&[][..], |extra| &extra.formulas) {
            self.formula(formula, variables);
        }
        self.link(atoms.adds.iter().chain(atoms.deletes), variables);
        let always = self.conditions.len();
        for block in extra.map_or(&[][..], |extra| &extra.blocks) {
            if self.atoms_left == 0 || self.links_left == 0 {
                return;
            }
            let GroundBlock { condition, adds, deletes, .. } = block;
            self.formula(condition, variables);
            self.link(adds.iter().chain(deletes), variables);
            self.conditions.truncate(always);
        }
    }

    fn rule(&mut self, rule: &Rule, variables: &Variables) {
        self.read(rule.holds.iter().chain(&rule.fails), variables);
        for formula in &rule.formulas {
            self.formula(formula, variables);
        }
        self.link([rule.head].iter(), variables);
    }

    /// Adds the variables of atoms to `conditions`.
    fn read<'a>(&mut self, atoms: impl Iterator<Item = &'a u32>, variables: &Variables) {
        for &atom in atoms.take(self.atoms_left) {
            self.atoms_left -= 1;
            self.conditions.extend(variables.fact(atom).map(|fact| fact.variable.0));
        }
    }

    /// Adds the variables of a formula to `conditions`. Nesting is bounded by the language.
    fn formula(&mut self, formula: &Formula, variables: &Variables) {
        match formula {
            Formula::Fact(fact) | Formula::NotFact(fact) => {
                self.read([fact.variable.0].iter(), variables);
            }
            Formula::Numeric(_) => self.atoms_left = self.atoms_left.saturating_sub(1),
            Formula::And(parts) | Formula::Or(parts) => {
                for part in parts.iter().take(self.atoms_left) {
                    self.formula(part, variables);
                }
            }
        }
    }

    /// Counts an arc from each variable of `conditions` to each variable of the effects.
    fn link<'a>(&mut self, effects: impl Iterator<Item = &'a u32>, variables: &Variables) {
        let mut targets = std::mem::take(&mut self.effects);
        targets.clear();
        for &atom in effects.take(self.atoms_left) {
            self.atoms_left -= 1;
            targets.extend(variables.fact(atom).map(|fact| fact.variable.0));
        }
        if targets.is_empty() {
            self.effects = targets;
            return;
        }
        let mut sources = self.conditions.clone();
        for list in [&mut sources, &mut targets] {
            list.sort_unstable();
            list.dedup();
        }
        let links = sources.iter().flat_map(|&source| targets.iter().map(move |&target| (source, target)));
        for (source, target) in links.take(self.links_left) {
            self.links_left -= 1;
            if source != target {
                *self.arcs.entry((source, target)).or_default() += 1;
            }
        }
        self.effects = targets;
    }
}

/// The arcs of the causal graph with their weights, grouped by source.
struct Arcs {
    starts: Vec<usize>,
    targets: Vec<(u32, u64)>,
}

impl Arcs {
    fn of(&self, source: u32) -> &[(u32, u64)] {
        &self.targets[self.starts[source as usize]..self.starts[source as usize + 1]]
    }

    fn order(&self) -> Vec<u32> {
        let component = self.components();
        let count = component.iter().max().map_or(0, |&last| last + 1);
        let mut members = vec![Vec::new(); count as usize];
        for (variable, &component) in (0u32..).zip(&component) {
            members[component as usize].push(variable);
        }
        // Components are numbered in reverse topological order.
        let mut order = Vec::with_capacity(component.len());
        for members in members.iter().rev() {
            self.order_within(members, &component, &mut order);
        }
        order
    }

    /// Appends the variables of a component: always the one that the remaining variables influence least.
    fn order_within(&self, members: &[u32], component: &[u32], order: &mut Vec<u32>) {
        if let &[only] = members {
            return order.push(only);
        }
        let inner =
            |&&(target, _): &&(u32, u64)| component[target as usize] == component[members[0] as usize];
        let mut incoming: HashMap<u32, u64> = members.iter().map(|&member| (member, 0)).collect();
        for &member in members {
            for &(target, weight) in self.of(member).iter().filter(inner) {
                *incoming.entry(target).or_default() += weight;
            }
        }
        let entry = |&member: &u32| Reverse((incoming[&member], member));
        let mut queue: BinaryHeap<_> = members.iter().map(entry).collect();
        while let Some(Reverse((weight, variable))) = queue.pop() {
            // An entry is stale if its variable is placed already or has another weight by now.
            if incoming.get(&variable) != Some(&weight) {
                continue;
            }
            incoming.remove(&variable);
            order.push(variable);
            for (target, weight) in self.of(variable).iter().filter(inner) {
                if let Some(left) = incoming.get_mut(target) {
                    *left -= weight;
                    queue.push(Reverse((*left, *target)));
                }
            }
        }
    }

    /// Indexed by variable: its strongly connected component (Tarjan 1972). An arc leads to a component with
    /// a lower number, or stays within its component.
    fn components(&self) -> Vec<u32> {
        const OPEN: u32 = u32::MAX;
        let count = self.starts.len() - 1;
        let (mut index, mut low, mut component) = (vec![OPEN; count], vec![0; count], vec![OPEN; count]);
        let (mut next, mut components) = (0, 0);
        let (mut path, mut work) = (Vec::new(), Vec::new());
        for root in 0..count as u32 {
            if index[root as usize] == OPEN {
                work.push((root, 0));
            }
            while let Some((variable, at)) = work.pop() {
                let own = variable as usize;
                if index[own] == OPEN {
                    (index[own], low[own]) = (next, next);
                    next += 1;
                    path.push(variable);
                }
                let unseen = (at..self.of(variable).len()).find(|&at| {
                    let target = self.of(variable)[at].0 as usize;
                    if index[target] != OPEN && component[target] == OPEN {
                        low[own] = low[own].min(low[target]);
                    }
                    index[target] == OPEN
                });
                if let Some(at) = unseen {
                    work.extend([(variable, at), (self.of(variable)[at].0, 0)]);
                    continue;
                }
                if low[own] == index[own] {
                    while let Some(member) = path.pop() {
                        component[member as usize] = components;
                        if member == variable {
                            break;
                        }
                    }
                    components += 1;
                }
            }
        }
        component
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arcs(count: usize, mut pairs: Vec<(u32, u32, u64)>) -> Arcs {
        pairs.sort_unstable();
        let mut arcs = Arcs { starts: vec![0; count + 1], targets: Vec::new() };
        for (source, target, weight) in pairs {
            arcs.targets.push((target, weight));
            arcs.starts[source as usize + 1..].iter_mut().for_each(|start| *start += 1);
        }
        arcs
    }

    #[test]
    fn what_influences_comes_before_what_is_influenced() {
        assert_eq!(arcs(4, vec![(3, 1, 1), (1, 0, 1), (0, 2, 1)]).order(), [3, 1, 0, 2]);
    }

    #[test]
    fn in_a_component_the_least_influenced_variable_comes_first() {
        let cycle = vec![(0, 1, 5), (1, 0, 2), (1, 2, 1), (2, 1, 1), (2, 0, 4), (0, 2, 9)];
        // From the others 0 has 6, 1 has 6, 2 has 10: then without 0, 1 has 1 and 2 has 1.
        assert_eq!(arcs(3, cycle).order(), [0, 1, 2]);
        assert_eq!(arcs(3, vec![(0, 1, 3), (1, 2, 2), (2, 0, 1), (2, 1, 1), (1, 0, 9)]).order(), [2, 1, 0]);
    }

    #[test]
    fn a_long_cycle_is_one_component_and_a_long_chain_is_many() {
        let count = 100_000u32;
        let chain: Vec<_> = (1..count).map(|at| (at - 1, at, 1)).collect();
        assert_eq!(arcs_in_order(count, &chain).components().iter().max(), Some(&(count - 1)));
        let cycle: Vec<_> = chain.into_iter().chain([(count - 1, 0, 1)]).collect();
        assert_eq!(arcs_in_order(count, &cycle).components().iter().max(), Some(&0));
    }

    fn arcs_in_order(count: u32, pairs: &[(u32, u32, u64)]) -> Arcs {
        let targets = pairs.iter().map(|&(_, target, weight)| (target, weight)).collect();
        let starts = (0..=count as usize).map(|source| source.min(pairs.len())).collect();
        Arcs { starts, targets }
    }
}
