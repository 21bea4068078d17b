//! Building a [`Relaxation`], operator by operator.

use std::collections::HashMap;
use std::rc::Rc;

use super::axis::{Precision, Threshold};
use super::condition::{Draft, Drafter};
use super::grid::Grids;
use super::writers::{Changes, Writers};
use super::{ATOM, CHOICE, INDEX, Literal, NONE, Numeric, Relaxation, Rows};
use crate::step::Budget;
use crate::task::{Fact, Instance, SlotId, Task, VariableId};

/// Operators and axioms taken in per unit of work, effects looked at, and pairs sorted.
const OPERATORS_PER_UNIT: usize = 4;
const SCANNED_PER_UNIT: usize = 64;
const SORTED_PER_UNIT: usize = 64;

/// Bytes, with what is still to be made of them, of an atom, of an axis and of an operator's changes.
const ATOM_BYTES: usize = 160;
const AXIS_BYTES: usize = 256;
const CHANGES_BYTES: usize = 128;

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Looking at the effects of operators from this one on, for what rounds.
    Scan(usize),
    /// Taking operators and axioms in from this one on.
    Take(usize),
    /// The goal; atoms are sorted along their axes.
    Sort,
    /// What operators do to axes, from this entry of `changes` on.
    Write(usize),
    /// Literals get their final ids.
    Place,
}

/// A [`Relaxation`] under construction.
pub(in crate::heuristic) struct Builder {
    stage: Stage,
    pub(super) grids: Grids,
    pub(super) fact_base: Vec<u32>,
    facts: u32,
    pub(super) axis_ids: HashMap<Vec<u64>, u32>,
    /// Atoms in the order in which they were met, with their axes.
    pub(super) atoms: Vec<(u32, Threshold)>,
    pub(super) atom_ids: HashMap<(u32, u64, bool), u32>,
    pub(super) choices: u32,
    pub(super) not_facts: HashMap<Fact, u32>,
    pub(super) runs: HashMap<VariableId, Rc<[Vec<Literal>; 2]>>,
    source: Vec<u32>,
    /// By relaxed operator.
    preconditions: Rows,
    adds: Rows,
    /// What relaxed operators that are there already add beside that.
    more_adds: Vec<(u32, Literal)>,
    /// Where the literals of an operator are put together.
    literals: Vec<Literal>,
    added: Vec<Literal>,
    changes: Vec<Changes>,
    goal: Vec<Literal>,
    pub(super) numeric: Numeric,
    /// Propositions behind those of disjunctions.
    more: u32,
    writers: Option<Writers>,
}

impl Builder {
    pub(in crate::heuristic) fn new(task: &Task, instance: &Instance) -> Self {
        let mut facts = 0;
        let base = |&domain: &u32| {
            let base = facts;
            facts += domain;
            base
        };
        let fact_base = task.layout.domains.iter().map(base).collect();
        let has_slots = !task.layout.slots.is_empty();
        Self {
            stage: if has_slots { Stage::Scan(0) } else { Stage::Take(0) },
            grids: Grids::new(task, instance),
            fact_base,
            facts,
            axis_ids: HashMap::new(),
            atoms: Vec::new(),
            atom_ids: HashMap::new(),
            choices: 0,
            not_facts: HashMap::new(),
            runs: HashMap::new(),
            source: Vec::new(),
            preconditions: Rows::default(),
            adds: Rows::default(),
            more_adds: Vec::new(),
            literals: Vec::new(),
            added: Vec::new(),
            changes: Vec::new(),
            goal: Vec::new(),
            numeric: Numeric::default(),
            more: 0,
            writers: None,
        }
    }

    /// Does a piece of the work and pays for it, always with the same task and instance; the relaxation without
    /// `needed_by` once it is there.
    pub(in crate::heuristic) fn advance(
        &mut self,
        task: &Task,
        instance: &Instance,
        budget: &mut Budget,
    ) -> Option<Relaxation> {
        budget.spend(1);
        self.stage = match self.stage {
            Stage::Scan(from) => {
                let to = task.operators.len().min(from + SCANNED_PER_UNIT);
                for operator in &task.operators[from..to] {
                    self.grids.take(&operator.numeric);
                    operator.conditional.iter().for_each(|effect| self.grids.take(&effect.numeric));
                }
                if to == task.operators.len() { Stage::Take(0) } else { Stage::Scan(to) }
            }
            Stage::Take(from) => self.take(task, from),
            Stage::Sort => {
                budget.spend((self.atoms.len() / SORTED_PER_UNIT) as u64);
                let mut goal = Vec::new();
                self.conjunction(task, &instance.goal, &mut goal);
                self.goal = goal;
                self.goal.sort_unstable();
                self.goal.dedup();
                self.sort_atoms(task);
                Stage::Write(0)
            }
            Stage::Write(from) => self.write(task, from),
            Stage::Place => {
                let adds = self.adds.len() + self.more_adds.len();
                budget
                    .spend((1 + self.preconditions.len() / SORTED_PER_UNIT + adds / SORTED_PER_UNIT) as u64);
                return Some(self.finish(instance));
            }
        };
        None
    }

    /// Takes a few operators and axioms in.
    fn take(&mut self, task: &Task, from: usize) -> Stage {
        let (operators, rules) = (&task.operators, task.axioms.rules());
        let to = (operators.len() + rules.len()).min(from + OPERATORS_PER_UNIT);
        for next in from..to {
            if next < operators.len() {
                self.operator(task, next);
            } else {
                let rule = &rules[next - operators.len()];
                let mut body = Vec::new();
                self.conjunction(task, &rule.body, &mut body);
                let head = self.fact(Fact { variable: rule.head, value: 1 });
                self.push(NONE, &mut body, &[head]);
            }
        }
        if to == operators.len() + rules.len() { Stage::Sort } else { Stage::Take(to) }
    }

    /// Bytes that it holds, and that putting it together takes beside them.
    pub(in crate::heuristic) fn memory_bytes(&self) -> u64 {
        // Once more where some operators add more.
        let adds = if self.changes.is_empty() { 0 } else { self.adds.memory_bytes() };
        let more = self.more_adds.capacity() * size_of::<(u32, u32)>();
        let atoms = self.atoms.len() * ATOM_BYTES + self.axis_ids.len() * AXIS_BYTES;
        let changes = self.changes.capacity() * CHANGES_BYTES;
        let rows = self.preconditions.memory_bytes() + self.adds.memory_bytes() + self.numeric.memory_bytes();
        (self.source.capacity() * 4 + atoms + changes + rows + adds + more) as u64
    }

    fn operator(&mut self, task: &Task, id: usize) {
        let operator = &task.operators[id];
        if operator.precondition.is_false {
            return;
        }
        let source = id as u32;
        let mut preconditions = std::mem::take(&mut self.literals);
        preconditions.clear();
        self.conjunction(task, &operator.precondition, &mut preconditions);
        for effect in &operator.numeric {
            let drafter = Drafter { layout: &task.layout, grids: &self.grids };
            let implied: Vec<Draft> = drafter.of_range(effect).collect();
            preconditions.extend(implied.into_iter().map(|draft| self.atom(draft)));
        }
        for copied in &operator.copies {
            for (value, target) in copied.values.iter().enumerate() {
                let Some(target) = *target else { continue };
                let mut preconditions = preconditions.clone();
                preconditions.push(self.fact(Fact { variable: copied.source, value: value as u32 }));
                let add = self.fact(Fact { variable: copied.target, value: target });
                self.push(source, &mut preconditions, &[add]);
            }
        }
        for (index, effect) in operator.conditional.iter().enumerate() {
            if effect.condition.is_false {
                continue;
            }
            let mut preconditions = preconditions.clone();
            self.conjunction(task, &effect.condition, &mut preconditions);
            let adds: Vec<u32> = effect.facts.iter().map(|&fact| self.fact(fact)).collect();
            let relaxed = self.push(source, &mut preconditions, &adds);
            if !effect.numeric.is_empty() {
                self.changes.push(Changes { relaxed, source, conditional: Some(index as u32) });
            }
        }
        let mut adds = std::mem::take(&mut self.added);
        adds.clear();
        adds.extend(operator.facts.iter().map(|&fact| self.fact(fact)));
        let relaxed = self.push(source, &mut preconditions, &adds);
        (self.literals, self.added) = (preconditions, adds);
        if !operator.numeric.is_empty() {
            self.changes.push(Changes { relaxed, source, conditional: None });
        }
    }

    /// Adds a relaxed operator; answers its index.
    pub(super) fn push(&mut self, source: u32, preconditions: &mut Vec<Literal>, adds: &[Literal]) -> u32 {
        let relaxed = self.source.len() as u32;
        self.source.push(source);
        preconditions.sort_unstable();
        preconditions.dedup();
        self.preconditions.push(preconditions.iter().copied());
        self.adds.push(adds.iter().copied());
        self.adds.row_mut(relaxed as usize).sort_unstable();
        relaxed
    }

    pub(super) fn fact(&self, fact: Fact) -> Literal {
        self.fact_base[fact.variable.0 as usize] + fact.value
    }

    /// Sorts atoms along their axes, chains each to the one that it implies, and settles what rounds.
    fn sort_atoms(&mut self, task: &Task) {
        let mut order: Vec<u32> = (0..self.atoms.len() as u32).collect();
        order.sort_unstable_by(|&one, &other| {
            let ((axis, one), (of_other, other)) = (self.atoms[one as usize], self.atoms[other as usize]);
            let by_bound = one.bound.total_cmp(&other.bound).then(one.is_strict.cmp(&other.is_strict));
            axis.cmp(&of_other).then(by_bound)
        });
        let mut place = vec![0; order.len()];
        for (at, &id) in order.iter().enumerate() {
            place[id as usize] = at as u32;
        }
        let numeric = &mut self.numeric;
        numeric.thresholds = order.iter().map(|&id| self.atoms[id as usize].1).collect();
        numeric.axis_of = order.iter().map(|&id| self.atoms[id as usize].0).collect();
        let mut from = 0;
        let Numeric { axes, axis_of, .. } = numeric;
        for (axis, id) in axes.iter_mut().zip(0u32..) {
            let own = axis_of[from..].iter().take_while(|&&axis| axis == id).count();
            axis.atoms = from..from + own;
            from += own;
            let is_written =
                |slot: SlotId| (task.layout.slot_field(slot).word as usize) < task.layout.dynamic_words();
            let written = axis.terms.iter().filter(|&&(slot, _)| is_written(slot)).count();
            if let (Precision::One { computes }, 2..) = (axis.precision, written) {
                axis.precision = Precision::Several { computes };
            }
        }
        self.replace_atoms(&place);
        for at in 1..self.numeric.axis_of.len() {
            if self.numeric.axis_of[at - 1] == self.numeric.axis_of[at] {
                self.push(NONE, &mut vec![ATOM | at as u32], &[ATOM | (at as u32 - 1)]);
            }
        }
    }

    /// Gives literals the places of their atoms.
    fn replace_atoms(&mut self, place: &[u32]) {
        let replace = |literal: &mut Literal| {
            if *literal & !INDEX == ATOM {
                *literal = ATOM | place[(*literal & INDEX) as usize];
            }
        };
        self.goal.iter_mut().for_each(replace);
        self.preconditions.items_mut().iter_mut().for_each(replace);
    }

    /// Notes what a few operators do to axes.
    fn write(&mut self, task: &Task, from: usize) -> Stage {
        if self.numeric.axes.is_empty() {
            return Stage::Place;
        }
        let writers = self.writers.take().unwrap_or_else(|| {
            let mut writers = Writers::new(task, &self.numeric.axes, &self.changes);
            let first = self.facts + self.atoms.len() as u32 + self.choices;
            self.more = writers.place(first);
            writers
        });
        let to = Writers::chunk(&self.changes, from);
        writers.note(task, &self.changes[from..to], &mut self.numeric, &mut self.more_adds);
        if to < self.changes.len() {
            self.writers = Some(writers);
            return Stage::Write(to);
        }
        for (changed, tops) in writers.into_shared(&self.numeric.axes) {
            self.push(NONE, &mut vec![changed], &tops);
        }
        Stage::Place
    }

    /// Rows whose literals get their final ids.
    fn placed(&self, mut rows: Rows) -> Rows {
        rows.items_mut().iter_mut().for_each(|literal| *literal = self.proposition(*literal));
        rows
    }

    fn proposition(&self, literal: Literal) -> u32 {
        match literal & !INDEX {
            ATOM => self.facts + (literal & INDEX),
            CHOICE => self.facts + self.atoms.len() as u32 + (literal & INDEX),
            _ => literal,
        }
    }

    fn finish(&mut self, instance: &Instance) -> Relaxation {
        let operators = self.source.len();
        let (mut adds, more) = (std::mem::take(&mut self.adds), std::mem::take(&mut self.more_adds));
        if !more.is_empty() {
            let rows = (0..operators as u32).zip(0..operators);
            let own = rows.flat_map(|(id, row)| adds.row(row).iter().map(move |&added| (id, added)));
            adds = Rows::new(operators, own.chain(more.iter().copied()));
        }
        let adds = self.placed(adds);
        let preconditions = std::mem::take(&mut self.preconditions);
        let preconditions = self.placed(preconditions);
        let free = (0..operators).filter(|&operator| preconditions.row(operator).is_empty());
        let mut numeric = std::mem::take(&mut self.numeric);
        numeric.index(operators);
        Relaxation {
            propositions: (self.facts + self.atoms.len() as u32 + self.choices + self.more) as usize,
            fact_base: std::mem::take(&mut self.fact_base),
            atom_base: self.facts as usize,
            free: free.map(|operator| operator as u32).collect(),
            preconditions,
            adds,
            numeric,
            needed_by: Rows::default(),
            goal: self.goal.iter().map(|&literal| self.proposition(literal)).collect(),
            source: std::mem::take(&mut self.source),
            is_goal_false: instance.goal.is_false,
        }
    }
}
