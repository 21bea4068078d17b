//! Building a [`Relaxation`].

use std::collections::HashMap;

use super::atom::{Atom, Influence};
use super::{NONE, Relaxation, Rows};
use crate::task::{Comparison, Conjunction, Fact, Formula, Instance, NumericTest, Task};

/// A proposition while atoms and disjunctions still have no place: their final ids follow the
/// facts, atoms first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Literal {
    Fact(u32),
    Atom(u32),
    Choice(u32),
}

#[derive(Default)]
struct RelaxedOperator {
    source: u32,
    preconditions: Vec<Literal>,
    adds: Vec<Literal>,
}

pub(super) struct Builder<'a> {
    task: &'a Task,
    fact_base: Vec<u32>,
    facts: u32,
    atoms: Vec<Atom>,
    atom_ids: HashMap<[u64; 6], u32>,
    choices: u32,
    not_facts: HashMap<Fact, u32>,
    operators: Vec<RelaxedOperator>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(task: &'a Task) -> Self {
        let mut facts = 0;
        let base = |&domain: &u32| {
            let base = facts;
            facts += domain;
            base
        };
        let fact_base = task.layout.domains.iter().map(base).collect();
        Self {
            task,
            fact_base,
            facts,
            atoms: Vec::new(),
            atom_ids: HashMap::new(),
            choices: 0,
            not_facts: HashMap::new(),
            operators: Vec::new(),
        }
    }

    pub(super) fn build(mut self, instance: &Instance) -> Relaxation {
        let task = self.task;
        for (id, operator) in task.operators.iter().enumerate() {
            if operator.precondition.is_false {
                continue;
            }
            let mut preconditions = self.conjunction(&operator.precondition);
            for effect in &operator.numeric {
                let implied = Atom::of_range(effect, &task.layout);
                preconditions.extend(implied.into_iter().map(|atom| self.atom(atom)));
            }
            for copied in &operator.copies {
                for (value, target) in copied.values.iter().enumerate() {
                    let Some(target) = *target else { continue };
                    let mut preconditions = preconditions.clone();
                    preconditions.push(self.fact(Fact { variable: copied.source, value: value as u32 }));
                    let adds = vec![self.fact(Fact { variable: copied.target, value: target })];
                    self.operators.push(RelaxedOperator { source: id as u32, preconditions, adds });
                }
            }
            let adds = operator.facts.iter().map(|&fact| self.fact(fact)).collect();
            self.operators.push(RelaxedOperator { source: id as u32, preconditions, adds });
        }
        let goal = self.conjunction(&instance.goal);
        self.finish(&goal, instance.goal.is_false)
    }

    fn fact(&self, fact: Fact) -> Literal {
        Literal::Fact(self.fact_base[fact.variable.0 as usize] + fact.value)
    }

    fn atom(&mut self, atom: Atom) -> Literal {
        let atoms = &mut self.atoms;
        let id = *self.atom_ids.entry(atom.key()).or_insert_with(|| {
            atoms.push(atom);
            atoms.len() as u32 - 1
        });
        Literal::Atom(id)
    }

    fn conjunction(&mut self, conjunction: &Conjunction) -> Vec<Literal> {
        let mut literals: Vec<Literal> = conjunction.facts.iter().map(|&fact| self.fact(fact)).collect();
        literals.extend(conjunction.not_facts.iter().map(|&fact| self.not_fact(fact)).collect::<Vec<_>>());
        for test in &conjunction.tests {
            self.numeric(test, &mut literals);
        }
        for formula in &conjunction.formulas {
            self.formula(formula, &mut literals);
        }
        literals
    }

    /// One of the variable's other values.
    fn not_fact(&mut self, fact: Fact) -> Literal {
        let domain = self.task.layout.domains[fact.variable.0 as usize];
        if domain == 2 {
            return self.fact(Fact { value: 1 - fact.value, ..fact });
        }
        if let Some(&choice) = self.not_facts.get(&fact) {
            return Literal::Choice(choice);
        }
        let others = (0..domain).filter(|&value| value != fact.value);
        let alternatives = others.map(|value| vec![self.fact(Fact { value, ..fact })]).collect();
        let choice = self.choice(alternatives);
        if let Literal::Choice(id) = choice {
            self.not_facts.insert(fact, id);
        }
        choice
    }

    fn choice(&mut self, alternatives: Vec<Vec<Literal>>) -> Literal {
        let choice = Literal::Choice(self.choices);
        self.choices += 1;
        for preconditions in alternatives {
            self.operators.push(RelaxedOperator { source: NONE, preconditions, adds: vec![choice] });
        }
        choice
    }

    fn numeric(&mut self, test: &NumericTest, literals: &mut Vec<Literal>) {
        let layout = &self.task.layout;
        if test.comparison == Comparison::NotEqual {
            let alternatives = Atom::alternatives(test, layout);
            let alternatives = alternatives.into_iter().map(|atom| vec![self.atom(atom)]).collect();
            literals.push(self.choice(alternatives));
        } else {
            let atoms = Atom::conjuncts(test, layout);
            literals.extend(atoms.into_iter().map(|atom| self.atom(atom)));
        }
    }

    fn formula(&mut self, formula: &Formula, literals: &mut Vec<Literal>) {
        match formula {
            Formula::Fact(fact) => literals.push(self.fact(*fact)),
            Formula::NotFact(fact) => literals.push(self.not_fact(*fact)),
            Formula::Numeric(test) => self.numeric(test, literals),
            Formula::And(parts) => parts.iter().for_each(|part| self.formula(part, literals)),
            Formula::Or(parts) => {
                let alternative = |part| {
                    let mut literals = Vec::new();
                    self.formula(part, &mut literals);
                    literals
                };
                let alternatives = parts.iter().map(alternative).collect();
                literals.push(self.choice(alternatives));
            }
        }
    }

    fn finish(self, goal: &[Literal], is_goal_false: bool) -> Relaxation {
        let atom_base = self.facts;
        let choice_base = atom_base + self.atoms.len() as u32;
        let propositions = (choice_base + self.choices) as usize;
        let id = |literal: Literal| match literal {
            Literal::Fact(id) => id,
            Literal::Atom(id) => atom_base + id,
            Literal::Choice(id) => choice_base + id,
        };
        let ids = |literals: &[Literal]| {
            let mut ids: Vec<u32> = literals.iter().copied().map(id).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let (mut preconditions, mut needed_by, mut adds) = (Vec::new(), Vec::new(), Vec::new());
        let mut free = Vec::new();
        let influences = self.influences();
        let mut next_influence = 0;
        let mut influence_of = Vec::new();
        for (operator, relaxed) in self.operators.iter().enumerate() {
            let operator = operator as u32;
            let needed = ids(&relaxed.preconditions);
            if needed.is_empty() {
                free.push(operator);
            }
            preconditions.extend(needed.iter().map(|&needed| (operator, needed)));
            needed_by.extend(needed.iter().map(|&needed| (needed, operator)));
            let added = ids(&relaxed.adds);
            influence_of.resize(influence_of.len() + added.len(), NONE);
            adds.extend(added.into_iter().map(|added| (operator, added)));
            while influences.get(next_influence).is_some_and(|influence| influence.operator == operator) {
                adds.push((operator, atom_base + influences[next_influence].atom));
                influence_of.push(next_influence as u32);
                next_influence += 1;
            }
        }
        let by_atom: Vec<(u32, u32)> = (0u32..).zip(&influences).map(|(i, one)| (one.atom, i)).collect();
        let operators = self.operators.len();
        Relaxation {
            propositions,
            fact_base: self.fact_base,
            by_atom: Rows::new(self.atoms.len(), &by_atom),
            atoms: self.atoms,
            atom_base: atom_base as usize,
            source: self.operators.iter().map(|relaxed| relaxed.source).collect(),
            preconditions: Rows::new(operators, &preconditions),
            adds: Rows::new(operators, &adds),
            influence_of,
            influences,
            needed_by: Rows::new(propositions, &needed_by),
            free,
            goal: ids(goal),
            is_goal_false,
        }
    }

    /// What each relaxed operator does to each atom, sorted by operator.
    fn influences(&self) -> Vec<Influence> {
        let mut by_slot: Vec<Vec<u32>> = vec![Vec::new(); self.task.layout.slots.len()];
        for (id, atom) in self.atoms.iter().enumerate() {
            for &(slot, _) in atom.terms.iter().flatten() {
                by_slot[slot.0 as usize].push(id as u32);
            }
        }
        let mut influences = Vec::new();
        let mut seen_source = NONE;
        for (id, relaxed) in self.operators.iter().enumerate().rev() {
            // Numeric effects belong to the last relaxed operator of a source, which has the
            // plain preconditions.
            if relaxed.source == NONE || relaxed.source == seen_source {
                continue;
            }
            seen_source = relaxed.source;
            let operator = &self.task.operators[relaxed.source as usize];
            let slots = operator.numeric.iter().map(|effect| effect.slot.0 as usize);
            let mut atoms: Vec<u32> = slots.flat_map(|slot| by_slot[slot].iter().copied()).collect();
            atoms.sort_unstable();
            atoms.dedup();
            influences.extend(atoms.into_iter().rev().filter_map(|atom| {
                let kind = self.atoms[atom as usize].influence(operator)?;
                Some(Influence { operator: id as u32, atom, kind })
            }));
        }
        influences.reverse();
        influences
    }
}
