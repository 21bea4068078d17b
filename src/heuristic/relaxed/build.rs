//! Building a [`Relaxation`], operator by operator.

use std::collections::HashMap;
use std::rc::Rc;

use super::axis::{Precision, Threshold};
use super::grid::Grids;
use super::writers::{Changes, Writers};
use super::{ATOM, CHOICE, INDEX, Literal, NONE, Numeric, Relaxation, Rows};
use crate::step::Budget;
use crate::task::{Fact, Index, Instance, SlotId, Task, VariableId};

/// Operators and axioms taken in per unit of work, effects looked at, and pairs sorted.
const OPERATORS_PER_UNIT: usize = 4;
const SCANNED_PER_UNIT: usize = 64;
const SORTED_PER_UNIT: usize = 64;
/// Literals of relaxed operators put together per unit of work: a numeric one takes about a quarter of it.
const TAKEN_PER_UNIT: usize = 4;
/// Literals that get their final ids in one piece.
const PLACED_PER_PIECE: usize = 1 << 11;
/// Bytes, with what is still to be made of them, of an atom, of an axis and of an operator's changes.
const ATOM_BYTES: usize = 160;
const AXIS_BYTES: usize = 256;
const CHANGES_BYTES: usize = 128;

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Looking at the effects of operators from this one on, for what rounds.
    Scan(usize),
    /// Taking operators and axioms in from this one on, the first of which may be there in part.
    Take(usize),
    /// Taking the goal in, its disjunctions from this one on.
    Goal(usize),
    /// Atoms are sorted along their axes.
    Sort,
    /// What operators do to axes, from this entry of `changes` on.
    Write(usize),
    /// Literals get their final ids, those of preconditions and then those of additions, from this one on.
    Place(usize),
    /// All is put together.
    Finish,
}

/// A [`Relaxation`] under construction.
pub(in crate::heuristic) struct Builder {
    stage: Stage,
    pub(super) grids: Grids,
    pub(super) fact_base: Vec<u32>,
    facts: u32,
    pub(super) axis_ids: Index,
    /// Atoms in the order in which they were met, with their axes.
    pub(super) atoms: Vec<(u32, Threshold)>,
    pub(super) atom_ids: Index,
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
    pub(super) literals: Vec<Literal>,
    pub(super) added: Vec<Literal>,
    /// How many parts of an operator that is there in part were taken in: disjunctions of its precondition, then
    /// conditional effects.
    pub(super) parts: usize,
    pub(super) changes: Vec<Changes>,
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
            axis_ids: Index::new(),
            atoms: Vec::new(),
            atom_ids: Index::new(),
            choices: 0,
            not_facts: HashMap::new(),
            runs: HashMap::new(),
            source: Vec::new(),
            preconditions: Rows::default(),
            adds: Rows::default(),
            more_adds: Vec::new(),
            literals: Vec::new(),
            added: Vec::new(),
            parts: 0,
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
            Stage::Take(from) => {
                let before = self.literals_in_rows();
                let next = self.take(task, from);
                budget.spend(((self.literals_in_rows() - before) / TAKEN_PER_UNIT) as u64);
                next
            }
            Stage::Goal(from) => {
                let mut goal = std::mem::take(&mut self.goal);
                if from == 0 {
                    self.literals_of(task, &instance.goal, &mut goal);
                }
                let to = self.formulas(task, &instance.goal, from, &mut goal);
                budget.spend((to - from) as u64);
                self.goal = goal;
                if to == instance.goal.formulas.len() { Stage::Sort } else { Stage::Goal(to) }
            }
            Stage::Sort => {
                budget.spend((self.atoms.len() / SORTED_PER_UNIT) as u64);
                self.goal.sort_unstable();
                self.goal.dedup();
                self.sort_atoms(task);
                Stage::Write(0)
            }
            Stage::Write(from) => self.write(task, from, budget),
            Stage::Place(from) => {
                budget.spend((PLACED_PER_PIECE / SORTED_PER_UNIT) as u64);
                self.place(from)
            }
            Stage::Finish => {
                budget.spend((self.source.len() / SORTED_PER_UNIT) as u64);
                return Some(self.finish(instance));
            }
        };
        None
    }

    /// Literals of the relaxed operators that are there.
    fn literals_in_rows(&self) -> usize {
        self.preconditions.len() + self.adds.len()
    }

    /// Takes a few operators and axioms in.
    fn take(&mut self, task: &Task, from: usize) -> Stage {
        let (operators, rules) = (&task.operators, task.axioms.rules());
        let to = (operators.len() + rules.len()).min(from + OPERATORS_PER_UNIT);
        for next in from..to {
            if next < operators.len() {
                if !self.operator(task, next) {
                    return Stage::Take(next);
                }
            } else {
                let rule = &rules[next - operators.len()];
                let mut body = Vec::new();
                self.conjunction(task, &rule.body, &mut body);
                let head = self.fact(Fact { variable: rule.head, value: 1 });
                self.push(NONE, &mut body, &[head]);
            }
        }
        if to == operators.len() + rules.len() { Stage::Goal(0) } else { Stage::Take(to) }
    }

    /// Bytes that it holds, and that putting it together takes beside them.
    pub(in crate::heuristic) fn memory_bytes(&self) -> u64 {
        // Once more where some operators add more.
        let adds = if self.changes.is_empty() { 0 } else { self.adds.memory_bytes() };
        let more = self.more_adds.capacity() * size_of::<(u32, u32)>();
        let atoms = self.atoms.len() * ATOM_BYTES + self.numeric.axes.len() * AXIS_BYTES;
        let changes = self.changes.capacity() * CHANGES_BYTES;
        let rows = self.preconditions.memory_bytes() + self.adds.memory_bytes() + self.numeric.memory_bytes();
        (self.source.capacity() * 4 + atoms + changes + rows + adds + more) as u64
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
    fn write(&mut self, task: &Task, mut from: usize, budget: &mut Budget) -> Stage {
        if self.numeric.axes.is_empty() {
            return Stage::Place(0);
        }
        let mut writers = self.writers.take().unwrap_or_else(|| {
            let mut writers = Writers::new(task, &self.numeric.axes, &self.changes);
            let first = self.facts + self.atoms.len() as u32 + self.choices;
            self.more = writers.place(first);
            writers
        });
        let next = (&self.changes[..], &mut from);
        let looked_at = writers.piece(task, next, &mut self.numeric, &mut self.more_adds);
        budget.spend((looked_at / SCANNED_PER_UNIT) as u64);
        if from < self.changes.len() {
            self.writers = Some(writers);
            return Stage::Write(from);
        }
        for (changed, tops) in writers.into_shared(&self.numeric.axes) {
            self.push(NONE, &mut vec![changed], &tops);
        }
        if !self.more_adds.is_empty() {
            budget.spend(((self.adds.len() + self.more_adds.len()) / SORTED_PER_UNIT) as u64);
            self.add_more();
        }
        Stage::Place(0)
    }

    /// Puts what operators add beside the rest into their rows.
    fn add_more(&mut self) {
        let (operators, more) = (self.source.len(), std::mem::take(&mut self.more_adds));
        let adds = std::mem::take(&mut self.adds);
        let rows = (0..operators as u32).zip(0..operators);
        let own = rows.flat_map(|(id, row)| adds.row(row).iter().map(move |&added| (id, added)));
        self.adds = Rows::new(operators, own.chain(more.iter().copied()));
    }

    /// Gives the next literals their final ids.
    fn place(&mut self, from: usize) -> Stage {
        let (mut preconditions, mut adds) =
            (std::mem::take(&mut self.preconditions), std::mem::take(&mut self.adds));
        let literals = preconditions.items_mut().iter_mut().chain(adds.items_mut());
        for literal in literals.skip(from).take(PLACED_PER_PIECE) {
            *literal = self.proposition(*literal);
        }
        (self.preconditions, self.adds) = (preconditions, adds);
        let to = from + PLACED_PER_PIECE;
        if to < self.literals_in_rows() { Stage::Place(to) } else { Stage::Finish }
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
        let adds = std::mem::take(&mut self.adds);
        let preconditions = std::mem::take(&mut self.preconditions);
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
