//! The delete relaxation of a task, laid out for exploration.
//!
//! *Propositions* are facts, numeric atoms, and one for each disjunction or negated fact.
//! *Relaxed operators* have a set of precondition propositions and add propositions; disjunctions
//! become relaxed operators without cost, one per alternative, so nothing is multiplied out.
//! Everything is in compressed rows, indexed by dense ids.
//!
//! A conditional effect is a relaxed operator of its own, an axiom one without cost. That a derived
//! variable is false counts as met, and so does a numeric condition that is not linear.
//!
//! A numeric atom is `Σ factor × slot ≥ bound` (or `>`); conditions that effects impose by a slot's range are
//! atoms too. Atoms with the same left side lie on one [axis](axis::Axis), ascending, and each makes the one before it
//! true at no cost. So an operator that assigns a value adds one atom, the last that the value meets, and one
//! that changes an axis by an unknown amount adds its last atom. What an operator adds each time is an
//! [`Influence`], of which there is one for an operator and an axis: all is linear in conditions and effects.

mod axis;
mod build;
mod completion;
mod condition;
mod grid;
mod literals;
mod numeric;
mod operators;
mod rows;
mod writers;

use crate::step::Budget;
use crate::task::{Instance, Layout, Task};

pub(super) use axis::{Change, Left};
pub(super) use build::Builder;
pub(super) use completion::Completion;
pub(super) use numeric::{Influence, Numeric, Standing};
pub(super) use rows::{Rows, Transposing};

/// "None" in a column of ids.
pub(super) const NONE: u32 = u32::MAX;

/// A proposition while atoms and disjunctions still have no place: facts are themselves, atoms and
/// disjunctions are tagged. Their final ids follow the facts, atoms first, which keeps the order.
type Literal = u32;
const ATOM: u32 = 1 << 30;
const CHOICE: u32 = 2 << 30;
const INDEX: u32 = ATOM - 1;

/// The relaxation of a task with one goal.
#[derive(Clone, Debug, Default)]
pub struct Relaxation {
    /// Propositions.
    pub(super) propositions: usize,
    /// Per variable the proposition of its value 0; values follow.
    pub(super) fact_base: Vec<u32>,
    /// Numeric atoms; atom `i` is proposition `atom_base + i`.
    pub(super) numeric: Numeric,
    /// Proposition of the first atom.
    pub(super) atom_base: usize,
    /// Relaxed operator to the task's operator; [`NONE`] for an alternative of a disjunction.
    pub(super) source: Vec<u32>,
    /// Relaxed operator to its precondition propositions.
    pub(super) preconditions: Rows,
    /// Relaxed operator to the propositions it adds at once.
    pub(super) adds: Rows,
    /// Proposition to the relaxed operators that need it.
    pub(super) needed_by: Rows,
    /// Relaxed operators without preconditions.
    pub(super) free: Vec<u32>,
    /// Propositions of the goal, each once.
    pub(super) goal: Vec<u32>,
    /// Whether the goal is contradictory in itself.
    pub(super) is_goal_false: bool,
}

impl Relaxation {
    /// Builds it. O(total size of operators × log).
    pub fn new(task: &Task, instance: &Instance) -> Self {
        let mut builder = Builder::new(task, instance);
        loop {
            if let Some(relaxation) = builder.advance(task, instance, &mut Budget::unlimited()) {
                return relaxation.inverted();
            }
        }
    }

    /// Relaxed operators.
    pub(super) fn operators(&self) -> usize {
        self.source.len()
    }

    /// The numeric atom that a proposition is.
    #[inline]
    pub(super) fn atom(&self, proposition: usize) -> Option<usize> {
        proposition.checked_sub(self.atom_base).filter(|&atom| atom < self.numeric.axis_of.len())
    }

    /// Units of work of exploring it once; see
    /// [`evaluation_units`](crate::heuristic::Heuristic::evaluation_units). On large tasks that takes
    /// thousands of times as long as generating a successor: a slice that goes from cheap work to this must
    /// know.
    pub(super) fn exploration_units(&self) -> u64 {
        let edges = self.preconditions.len() + self.adds.len() + self.numeric.influences().len();
        super::RELAXED_UNITS + (edges / super::EDGES_PER_UNIT) as u64
    }

    /// The same with `needed_by`.
    pub(super) fn inverted(mut self) -> Self {
        self.needed_by = self.preconditions.transposed(self.propositions);
        self
    }

    /// The same for what only asks what can be reached: an operator that makes an axis grow adds its last atom.
    pub(super) fn without_amounts(mut self) -> Self {
        if self.numeric.influences().is_empty() {
            return self;
        }
        let grown = self.numeric.influences().iter().filter_map(|&(operator, influence)| {
            let last = self.numeric.axes[influence.axis as usize].atoms.end - 1;
            let grows = matches!(influence.change, Change::Grows(_));
            grows.then_some((operator, (self.atom_base + last) as u32))
        });
        let plain = (0..self.operators())
            .flat_map(|operator| self.adds.row(operator).iter().map(move |&added| (operator as u32, added)));
        let pairs: Vec<(u32, u32)> = plain.chain(grown).collect();
        self.adds = Rows::new(self.operators(), pairs.into_iter());
        self
    }

    /// Per relaxed operator the number of its preconditions.
    pub(super) fn unmet_counts(&self) -> Vec<u32> {
        (0..self.operators()).map(|operator| self.preconditions.row(operator).len() as u32).collect()
    }

    /// Calls `each` for the propositions of the facts that hold in a state.
    #[inline]
    pub(super) fn facts_of(&self, layout: &Layout, state: &[u64], mut each: impl FnMut(u32)) {
        for (variable, &base) in self.fact_base.iter().enumerate() {
            let value = layout.variable(crate::task::VariableId(variable as u32)).read(state);
            each(base + value as u32);
        }
    }

    /// Bytes of preconditions and additions.
    pub(super) fn row_bytes(&self) -> usize {
        self.preconditions.memory_bytes() + self.adds.memory_bytes()
    }

    /// Bytes that listing the operators that need a proposition takes at most.
    pub(super) fn inverting_bytes(&self) -> usize {
        self.preconditions.memory_bytes() + self.propositions * 8
    }

    /// Bytes that a heuristic over it needs at least: a cost and a counter for each operator, a cost for each
    /// proposition.
    pub(super) fn column_bytes(&self) -> usize {
        self.operators() * 16 + self.propositions * 8
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let rows = [&self.preconditions, &self.adds, &self.needed_by].map(Rows::memory_bytes);
        rows.iter().sum::<usize>()
            + (self.source.len() + self.fact_base.len()) * 4
            + self.numeric.memory_bytes()
    }
}
