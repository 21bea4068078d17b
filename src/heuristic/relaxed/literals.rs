//! Conditions to literals of a relaxation under construction: facts, atoms, and propositions of disjunctions.

use std::rc::Rc;

use super::axis::{Axis, Precision};
use super::build::Builder;
use super::condition::{Draft, Drafter};
use super::{ATOM, CHOICE, Literal, NONE};
use crate::hash;
use crate::task::{Comparison, Conjunction, Fact, Formula, NumericTest, SlotId, Task, VariableId};

/// In a variable with at most this many values, excluding one value makes each other value an alternative. In
/// a larger variable, runs of values below and above are shared, so that all exclusions together take linear
/// space.
const SMALL_DOMAIN: u32 = 32;

impl Builder {
    /// The atom of a draft, on its axis; equal ones are one.
    pub(super) fn atom(&mut self, draft: Draft) -> Literal {
        let Draft { terms, threshold, is_exact, is_computed } = draft;
        let one = Precision::One { computes: is_computed };
        let precision = if is_exact { Precision::Exact } else { one };
        let axis = self.axis(terms, precision);
        let words = [u64::from(axis), threshold.bound.to_bits(), u64::from(threshold.is_strict)];
        let tag = tag(words);
        let is_same = |id: u32| {
            let (of, other) = self.atoms[id as usize];
            let bits = other.bound.to_bits() == threshold.bound.to_bits();
            of == axis && bits && other.is_strict == threshold.is_strict
        };
        if let Some(id) = self.atom_ids.find(tag, is_same) {
            return ATOM | id;
        }
        let id = self.atoms.len() as u32;
        self.atoms.push((axis, threshold));
        // Without an entry, an equal one that is met later is another atom: as good, only more.
        let _ = self.atom_ids.insert(tag, id);
        ATOM | id
    }

    /// The axis with this left side.
    fn axis(&mut self, terms: Vec<(SlotId, f64)>, precision: Precision) -> u32 {
        let words = terms.iter().flat_map(|&(slot, factor)| [u64::from(slot.0), factor.to_bits()]);
        let tag = tag(words.chain([u64::from(precision == Precision::Exact)]));
        let is_same = |id: u32| {
            let axis = &self.numeric.axes[id as usize];
            let bits = |terms: &[(SlotId, f64)], at: usize| (terms[at].0, terms[at].1.to_bits());
            axis.precision == precision
                && axis.terms.len() == terms.len()
                && (0..terms.len()).all(|at| bits(&axis.terms, at) == bits(&terms, at))
        };
        if let Some(id) = self.axis_ids.find(tag, is_same) {
            return id;
        }
        let id = self.numeric.add_axis(Axis { terms, precision, atoms: 0..0 });
        let _ = self.axis_ids.insert(tag, id);
        id
    }

    /// Adds the literals of a conjunction.
    pub(super) fn conjunction(
        &mut self,
        task: &Task,
        conjunction: &Conjunction,
        literals: &mut Vec<Literal>,
    ) {
        self.literals_of(task, conjunction, literals);
        for formula in &conjunction.formulas {
            self.formula(task, formula, literals);
        }
    }

    /// Adds the literals of a conjunction but for its disjunctions.
    pub(super) fn literals_of(
        &mut self,
        task: &Task,
        conjunction: &Conjunction,
        literals: &mut Vec<Literal>,
    ) {
        for &fact in &conjunction.facts {
            self.holds(task, fact, literals);
        }
        for &fact in &conjunction.not_facts {
            self.not_fact(task, fact, literals);
        }
        for test in &conjunction.tests {
            self.numeric(task, test, literals);
        }
    }

    /// That a derived variable is false counts as met: in the relaxation, such variables only become true.
    fn holds(&self, task: &Task, fact: Fact, literals: &mut Vec<Literal>) {
        if fact.value == 1 || !task.layout.is_derived(fact.variable) {
            literals.push(self.fact(fact));
        }
    }

    /// The variable has one of its other values.
    fn not_fact(&mut self, task: &Task, fact: Fact, literals: &mut Vec<Literal>) {
        let domain = task.layout.domains[fact.variable.0 as usize];
        if domain == 2 {
            self.holds(task, Fact { value: 1 - fact.value, ..fact }, literals);
            return;
        }
        if let Some(&choice) = self.not_facts.get(&fact) {
            literals.push(choice);
            return;
        }
        let alternatives = if domain > SMALL_DOMAIN {
            let runs = self.runs(fact.variable, domain);
            let [below, above] = &*runs;
            let below = fact.value.checked_sub(1).map(|before| vec![below[before as usize]]);
            let above = above.get(fact.value as usize + 1).map(|&from| vec![from]);
            below.into_iter().chain(above).collect()
        } else {
            let others = (0..domain).filter(|&value| value != fact.value);
            others.map(|value| vec![self.fact(Fact { value, ..fact })]).collect()
        };
        let choice = self.choice(alternatives);
        self.not_facts.insert(fact, choice);
        literals.push(choice);
    }

    /// Per value of a variable that it has this or a smaller one, and that it has this or a larger one.
    fn runs(&mut self, variable: VariableId, domain: u32) -> Rc<[Vec<Literal>; 2]> {
        if let Some(runs) = self.runs.get(&variable) {
            return Rc::clone(runs);
        }
        let mut run = |values: &mut dyn Iterator<Item = u32>| {
            let mut run: Vec<Literal> = Vec::with_capacity(domain as usize);
            for value in values {
                let own = vec![self.fact(Fact { variable, value })];
                let before = run.last().map(|&before| vec![before]);
                run.push(self.choice(before.into_iter().chain([own]).collect()));
            }
            run
        };
        let (below, mut above) = (run(&mut (0..domain)), run(&mut (0..domain).rev()));
        above.reverse();
        let runs = Rc::new([below, above]);
        self.runs.insert(variable, Rc::clone(&runs));
        runs
    }

    fn choice(&mut self, alternatives: Vec<Vec<Literal>>) -> Literal {
        let choice = CHOICE | self.choices;
        self.choices += 1;
        for mut preconditions in alternatives {
            self.push(NONE, &mut preconditions, &[choice]);
        }
        choice
    }

    fn numeric(&mut self, task: &Task, test: &NumericTest, literals: &mut Vec<Literal>) {
        let drafter = Drafter { layout: &task.layout, grids: &self.grids };
        if test.comparison == Comparison::NotEqual {
            let Some(alternatives) = drafter.alternatives(test) else { return };
            let alternatives = alternatives.into_iter().map(|draft| vec![self.atom(draft)]).collect();
            literals.push(self.choice(alternatives));
        } else {
            let drafts: Vec<Draft> = drafter.conjuncts(test).collect();
            literals.extend(drafts.into_iter().map(|draft| self.atom(draft)));
        }
    }

    pub(super) fn formula(&mut self, task: &Task, formula: &Formula, literals: &mut Vec<Literal>) {
        match formula {
            Formula::Fact(fact) => self.holds(task, *fact, literals),
            Formula::NotFact(fact) => self.not_fact(task, *fact, literals),
            Formula::Numeric(test) => self.numeric(task, test, literals),
            Formula::And(parts) => parts.iter().for_each(|part| self.formula(task, part, literals)),
            Formula::Or(parts) => {
                let alternative = |part| {
                    let mut literals = Vec::new();
                    self.formula(task, part, &mut literals);
                    literals
                };
                let alternatives = parts.iter().map(alternative).collect();
                literals.push(self.choice(alternatives));
            }
        }
    }
}

fn tag(words: impl IntoIterator<Item = u64>) -> u32 {
    (words.into_iter().fold(19, hash::mix) >> 32) as u32
}
