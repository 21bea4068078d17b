//! Building a [`Relaxation`], operator by operator.

use std::collections::HashMap;

use super::atom::{Atom, Influence, InfluenceKind};
use super::{NONE, Relaxation, Rows};
use crate::task::{
    Comparison, Conjunction, Fact, Formula, Instance, NumericEffect, NumericTest, SlotId, Task,
};

/// A proposition while atoms and disjunctions still have no place: facts are themselves, atoms and
/// disjunctions are tagged. Their final ids follow the facts, atoms first, which keeps the order.
type Literal = u32;
const ATOM: u32 = 1 << 30;
const CHOICE: u32 = 2 << 30;
const INDEX: u32 = ATOM - 1;

/// Numeric effects of a relaxed operator: those of a task operator, or of one of its conditional effects.
#[derive(Clone, Copy)]
struct Changes {
    relaxed: u32,
    source: u32,
    conditional: Option<u32>,
}

pub(in crate::heuristic) struct Builder {
    fact_base: Vec<u32>,
    facts: u32,
    atoms: Vec<Atom>,
    atom_ids: HashMap<Vec<u64>, u32>,
    choices: u32,
    not_facts: HashMap<Fact, u32>,
    source: Vec<u32>,
    preconditions: Vec<(u32, u32)>,
    adds: Vec<(u32, u32)>,
    changes: Vec<Changes>,
    next: usize,
}

impl Builder {
    pub(in crate::heuristic) fn new(task: &Task) -> Self {
        let mut facts = 0;
        let base = |&domain: &u32| {
            let base = facts;
            facts += domain;
            base
        };
        let fact_base = task.layout.domains.iter().map(base).collect();
        Self {
            fact_base,
            facts,
            atoms: Vec::new(),
            atom_ids: HashMap::new(),
            choices: 0,
            not_facts: HashMap::new(),
            source: Vec::new(),
            preconditions: Vec::new(),
            adds: Vec::new(),
            changes: Vec::new(),
            next: 0,
        }
    }

    /// Takes up to `count` operators and axioms more; answers whether any are left.
    pub(in crate::heuristic) fn advance(&mut self, task: &Task, count: usize) -> bool {
        let (operators, rules) = (&task.operators, task.axioms.rules());
        for _ in 0..count {
            if self.next < operators.len() {
                self.operator(task, self.next);
            } else if let Some(rule) = rules.get(self.next - operators.len()) {
                let body = self.conjunction(task, &rule.body);
                let head = self.fact(Fact { variable: rule.head, value: 1 });
                self.push(NONE, body, &[head]);
            } else {
                return false;
            }
            self.next += 1;
        }
        self.next < operators.len() + rules.len()
    }

    /// Bytes that it holds, and that putting it together takes beside them.
    pub(in crate::heuristic) fn memory_bytes(&self) -> u64 {
        let pairs = self.preconditions.capacity() + self.adds.capacity();
        let atoms = self.atoms.len() * (size_of::<Atom>() + 64);
        (pairs * 2 * size_of::<(u32, u32)>() + self.source.capacity() * 8 + atoms) as u64
    }

    fn operator(&mut self, task: &Task, id: usize) {
        let operator = &task.operators[id];
        if operator.precondition.is_false {
            return;
        }
        let source = id as u32;
        let mut preconditions = self.conjunction(task, &operator.precondition);
        for effect in &operator.numeric {
            let implied = Atom::of_range(effect, &task.layout);
            preconditions.extend(implied.into_iter().map(|atom| self.atom(atom)));
        }
        for copied in &operator.copies {
            for (value, target) in copied.values.iter().enumerate() {
                let Some(target) = *target else { continue };
                let mut preconditions = preconditions.clone();
                preconditions.push(self.fact(Fact { variable: copied.source, value: value as u32 }));
                let add = self.fact(Fact { variable: copied.target, value: target });
                self.push(source, preconditions, &[add]);
            }
        }
        for (index, effect) in operator.conditional.iter().enumerate() {
            if effect.condition.is_false {
                continue;
            }
            let mut preconditions = preconditions.clone();
            preconditions.extend(self.conjunction(task, &effect.condition));
            let adds: Vec<u32> = effect.facts.iter().map(|&fact| self.fact(fact)).collect();
            let relaxed = self.push(source, preconditions, &adds);
            if !effect.numeric.is_empty() {
                self.changes.push(Changes { relaxed, source, conditional: Some(index as u32) });
            }
        }
        let adds: Vec<u32> = operator.facts.iter().map(|&fact| self.fact(fact)).collect();
        let relaxed = self.push(source, preconditions, &adds);
        if !operator.numeric.is_empty() {
            self.changes.push(Changes { relaxed, source, conditional: None });
        }
    }

    /// Adds a relaxed operator; answers its index.
    fn push(&mut self, source: u32, mut preconditions: Vec<Literal>, adds: &[Literal]) -> u32 {
        let relaxed = self.source.len() as u32;
        self.source.push(source);
        preconditions.sort_unstable();
        preconditions.dedup();
        self.preconditions.extend(preconditions.into_iter().map(|needed| (relaxed, needed)));
        let from = self.adds.len();
        self.adds.extend(adds.iter().map(|&added| (relaxed, added)));
        self.adds[from..].sort_unstable();
        relaxed
    }

    fn fact(&self, fact: Fact) -> Literal {
        self.fact_base[fact.variable.0 as usize] + fact.value
    }

    fn atom(&mut self, atom: Atom) -> Literal {
        let atoms = &mut self.atoms;
        let id = *self.atom_ids.entry(atom.key()).or_insert_with(|| {
            atoms.push(atom);
            atoms.len() as u32 - 1
        });
        ATOM | id
    }

    fn conjunction(&mut self, task: &Task, conjunction: &Conjunction) -> Vec<Literal> {
        let mut literals: Vec<Literal> = Vec::with_capacity(conjunction.parts());
        for &fact in &conjunction.facts {
            self.holds(task, fact, &mut literals);
        }
        for &fact in &conjunction.not_facts {
            self.not_fact(task, fact, &mut literals);
        }
        for test in &conjunction.tests {
            self.numeric(task, test, &mut literals);
        }
        for formula in &conjunction.formulas {
            self.formula(task, formula, &mut literals);
        }
        literals
    }

    /// That a derived variable is false counts as met: relaxed operators only make more of them true.
    fn holds(&self, task: &Task, fact: Fact, literals: &mut Vec<Literal>) {
        if fact.value == 1 || !task.layout.is_derived(fact.variable) {
            literals.push(self.fact(fact));
        }
    }

    /// One of the variable's other values.
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
        let others = (0..domain).filter(|&value| value != fact.value);
        let alternatives = others.map(|value| vec![self.fact(Fact { value, ..fact })]).collect();
        let choice = self.choice(alternatives);
        self.not_facts.insert(fact, choice);
        literals.push(choice);
    }

    fn choice(&mut self, alternatives: Vec<Vec<Literal>>) -> Literal {
        let choice = CHOICE | self.choices;
        self.choices += 1;
        for preconditions in alternatives {
            self.push(NONE, preconditions, &[choice]);
        }
        choice
    }

    fn numeric(&mut self, task: &Task, test: &NumericTest, literals: &mut Vec<Literal>) {
        let layout = &task.layout;
        if test.comparison == Comparison::NotEqual {
            let Some(alternatives) = Atom::alternatives(test, layout) else { return };
            let alternatives = alternatives.into_iter().map(|atom| vec![self.atom(atom)]).collect();
            literals.push(self.choice(alternatives));
        } else {
            let atoms = Atom::conjuncts(test, layout);
            literals.extend(atoms.into_iter().map(|atom| self.atom(atom)));
        }
    }

    fn formula(&mut self, task: &Task, formula: &Formula, literals: &mut Vec<Literal>) {
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

    /// Puts it together, all but `needed_by`. O(size of the task).
    pub(in crate::heuristic) fn finish(mut self, task: &Task, instance: &Instance) -> Relaxation {
        let mut goal = self.conjunction(task, &instance.goal);
        goal.sort_unstable();
        goal.dedup();
        let atom_base = self.facts;
        let choice_base = atom_base + self.atoms.len() as u32;
        let propositions = (choice_base + self.choices) as usize;
        let place = |literal: &mut Literal| match *literal & !INDEX {
            ATOM => *literal = atom_base + (*literal & INDEX),
            CHOICE => *literal = choice_base + (*literal & INDEX),
            _ => {}
        };
        goal.iter_mut().for_each(place);
        self.preconditions.iter_mut().for_each(|pair| place(&mut pair.1));
        self.adds.iter_mut().for_each(|pair| place(&mut pair.1));
        let influences = self.influences(task);
        let (adds, influence_of) = with_influences(&self.adds, &influences, atom_base);
        let operators = self.source.len();
        let by_atom: Vec<(u32, u32)> = (0u32..).zip(&influences).map(|(i, one)| (one.atom, i)).collect();
        let preconditions = Rows::new(operators, self.preconditions.iter().copied());
        let free = (0..operators).filter(|&operator| preconditions.row(operator).is_empty());
        Relaxation {
            propositions,
            fact_base: self.fact_base,
            by_atom: Rows::new(self.atoms.len(), by_atom.iter().copied()),
            atoms: self.atoms,
            atom_base: atom_base as usize,
            free: free.map(|operator| operator as u32).collect(),
            preconditions,
            adds: Rows::new(operators, adds.iter().copied()),
            influence_of,
            influences,
            needed_by: Rows::default(),
            source: self.source,
            goal,
            is_goal_false: instance.goal.is_false,
        }
    }

    /// What each relaxed operator does to each atom, sorted by operator.
    fn influences(&self, task: &Task) -> Vec<Influence> {
        let mut by_slot: Vec<Vec<u32>> = vec![Vec::new(); task.layout.slots.len()];
        for (id, atom) in self.atoms.iter().enumerate() {
            for &(slot, _) in &atom.terms {
                by_slot[slot.0 as usize].push(id as u32);
            }
        }
        let mut influences = Vec::new();
        for changes in self.changes.chunk_by(|one, other| one.source == other.source) {
            for one in changes {
                let effects = effects_of(task, one);
                let slots = effects.iter().map(|effect| effect.slot.0 as usize);
                let mut atoms: Vec<u32> = slots.flat_map(|slot| by_slot[slot].iter().copied()).collect();
                atoms.sort_unstable();
                atoms.dedup();
                influences.extend(atoms.into_iter().filter_map(|id| {
                    let atom = &self.atoms[id as usize];
                    // What also changes beside these effects is not known here.
                    let mut others = changes.iter().filter(|other| other.relaxed != one.relaxed);
                    let is_shared = others.any(|other| touches(effects_of(task, other), &atom.terms));
                    let kind = if is_shared { InfluenceKind::Varies } else { atom.influence(effects)? };
                    Some(Influence { operator: one.relaxed, atom: id, kind })
                }));
            }
        }
        influences
    }
}

fn effects_of<'t>(task: &'t Task, changes: &Changes) -> &'t [NumericEffect] {
    let operator = &task.operators[changes.source as usize];
    match changes.conditional {
        Some(index) => &operator.conditional[index as usize].numeric,
        None => &operator.numeric,
    }
}

fn touches(effects: &[NumericEffect], terms: &[(SlotId, f64)]) -> bool {
    effects.iter().any(|effect| terms.iter().any(|&(slot, _)| slot == effect.slot))
}

/// Additions with those of numeric atoms behind those of facts, and which influence each of them is.
fn with_influences(
    adds: &[(u32, u32)],
    influences: &[Influence],
    atom_base: u32,
) -> (Vec<(u32, u32)>, Vec<u32>) {
    if influences.is_empty() {
        return (adds.to_vec(), vec![NONE; adds.len()]);
    }
    let mut merged = Vec::with_capacity(adds.len() + influences.len());
    let mut influence_of = Vec::with_capacity(merged.capacity());
    let mut next = 0;
    for (id, influence) in (0u32..).zip(influences) {
        while adds.get(next).is_some_and(|add| add.0 <= influence.operator) {
            merged.push(adds[next]);
            influence_of.push(NONE);
            next += 1;
        }
        merged.push((influence.operator, atom_base + influence.atom));
        influence_of.push(id);
    }
    influence_of.resize(influence_of.len() + adds.len() - next, NONE);
    merged.extend_from_slice(&adds[next..]);
    (merged, influence_of)
}
