//! The delete relaxation in the form that the search for landmarks reads.
//!
//! An *achiever* is a task operator or an axiom. It is a run of relaxed operators, the last of which is its
//! unconditional part. Dominated operators stay in this relaxation: when an exploration excludes the
//! dominating operator, the dominated one may be needed.

use crate::heuristic::cost::Measure;
use crate::heuristic::relaxed::{NONE, Relaxation, Rows};
use crate::task::{Instance, Task};

/// The relaxed operators, indexed by what they add and grouped into achievers.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) relaxation: Relaxation,
    /// Indexed by fact: its variable.
    pub(super) variable_of: Vec<u32>,
    /// Indexed by variable: the fact that holds initially.
    pub(super) initial: Vec<u32>,
    /// Numeric atoms that hold initially, as propositions.
    pub(super) initial_atoms: Vec<u32>,
    /// Indexed by relaxed operator: its achiever.
    achiever_of: Vec<u32>,
    /// Indexed by achiever: where its relaxed operators begin; with one more at the end.
    starts: Vec<u32>,
    /// Indexed by fact: the relaxed operators that add it, each as twice its index, plus one if its achiever
    /// adds the fact whenever it is applied.
    adders: Rows,
    /// Indexed by task operator: its least cost.
    costs: Vec<i64>,
}

impl Rules {
    /// Builds the rules. O(size of the task).
    pub(super) fn new(task: &Task, instance: &Instance, measure: Measure, relaxation: Relaxation) -> Self {
        let facts = relaxation.atom_base;
        let mut variable_of = Vec::with_capacity(facts);
        for (variable, &domain) in (0..).zip(&task.layout.domains) {
            variable_of.extend(std::iter::repeat_n(variable, domain as usize));
        }
        let mut initial = Vec::with_capacity(task.layout.domains.len());
        relaxation.facts_of(&task.layout, &instance.initial, |fact| initial.push(fact));
        let mut standing = Vec::new();
        relaxation.numeric.stand(&task.layout, &instance.initial, &mut standing);
        let held = relaxation.numeric.held(&standing);
        let initial_atoms = held.map(|atom| (relaxation.atom_base + atom) as u32).collect();
        let (achiever_of, starts) = achievers(&relaxation.source);
        let mut rules = Self {
            variable_of,
            initial,
            initial_atoms,
            achiever_of,
            starts,
            adders: Rows::default(),
            costs: measure.least_costs(task, instance),
            relaxation,
        };
        let pairs = rules.additions(task);
        rules.adders = Rows::new(facts, pairs.iter().copied());
        rules
    }

    /// Pairs of a fact and a relaxed operator that adds it, in the encoding of `adders`.
    fn additions(&self, task: &Task) -> Vec<(u32, u32)> {
        let mut pairs = Vec::with_capacity(self.relaxation.adds.len());
        // Per variable the last operator that may set it in another way, too.
        let mut unsure = vec![NONE; task.layout.domains.len()];
        for relaxed in 0..self.relaxation.operators() {
            let source = self.relaxation.source[relaxed];
            let is_main = source != NONE && self.main(self.achiever_of[relaxed]) == relaxed;
            if is_main {
                let operator = &task.operators[source as usize];
                let later = operator.conditional.iter().filter(|effect| !effect.is_delete);
                let set = later.flat_map(|effect| &effect.facts).map(|fact| fact.variable);
                let copied = operator.copies.iter().map(|copied| copied.target);
                set.chain(copied).for_each(|variable| unsure[variable.0 as usize] = source);
            }
            for &fact in self.relaxation.adds.row(relaxed) {
                if fact as usize >= self.facts() {
                    continue;
                }
                let variable = self.variable_of[fact as usize];
                let is_certain = is_main && unsure[variable as usize] != source;
                pairs.push((fact, (relaxed as u32) << 1 | u32::from(is_certain)));
            }
        }
        pairs
    }

    /// How many facts there are. Propositions from here on are atoms or disjunctions.
    pub(super) fn facts(&self) -> usize {
        self.relaxation.atom_base
    }

    pub(super) fn achievers(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether a fact holds initially.
    pub(super) fn is_initial(&self, fact: u32) -> bool {
        self.initial[self.variable_of[fact as usize] as usize] == fact
    }

    pub(super) fn domain(&self, variable: u32) -> usize {
        let bases = &self.relaxation.fact_base;
        let end = bases.get(variable as usize + 1).map_or(self.facts(), |&base| base as usize);
        end - bases[variable as usize] as usize
    }

    /// The relaxed operators that add a fact, ascending, and whether their achiever adds it whenever it is
    /// applied.
    pub(super) fn adders(&self, fact: u32) -> impl Iterator<Item = (usize, bool)> {
        self.adders.row(fact as usize).iter().map(|&item| ((item >> 1) as usize, item & 1 == 1))
    }

    /// The achiever that a relaxed operator belongs to.
    pub(super) fn achiever(&self, relaxed: usize) -> u32 {
        self.achiever_of[relaxed]
    }

    /// The relaxed operators of an achiever.
    pub(super) fn relaxed(&self, achiever: u32) -> std::ops::Range<usize> {
        self.starts[achiever as usize] as usize..self.starts[achiever as usize + 1] as usize
    }

    /// The relaxed operator that is the unconditional part of an achiever.
    pub(super) fn main(&self, achiever: u32) -> usize {
        self.starts[achiever as usize + 1] as usize - 1
    }

    /// The least cost of an achiever; `None` for an axiom.
    pub(super) fn cost(&self, achiever: u32) -> Option<i64> {
        let source = self.relaxation.source[self.main(achiever)];
        (source != NONE).then(|| self.costs[source as usize])
    }

    /// The least cost of all operators; 1 if there are none.
    pub(super) fn least_cost(&self) -> i64 {
        self.costs.iter().copied().min().unwrap_or(1)
    }

    /// The facts that a relaxed operator needs, ascending.
    pub(super) fn needs(&self, relaxed: usize) -> &[u32] {
        let needs = self.relaxation.preconditions.row(relaxed);
        &needs[..needs.partition_point(|&proposition| (proposition as usize) < self.facts())]
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let words = self.variable_of.len() + self.initial.len() + self.achiever_of.len() + self.starts.len();
        self.relaxation.memory_bytes() + self.adders.memory_bytes() + words * 4 + self.costs.len() * 8
    }
}

/// Groups consecutive relaxed operators of one source: for each relaxed operator its group, and where the
/// groups begin.
fn achievers(source: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut achiever_of: Vec<u32> = Vec::with_capacity(source.len());
    let mut starts = Vec::new();
    for (relaxed, &one) in source.iter().enumerate() {
        if one == NONE || relaxed == 0 || source[relaxed - 1] != one {
            starts.push(relaxed as u32);
        }
        achiever_of.push(starts.len() as u32 - 1);
    }
    starts.push(source.len() as u32);
    (achiever_of, starts)
}
