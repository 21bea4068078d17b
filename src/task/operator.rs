//! Operators: when they apply, what they change, what they cost.

use super::condition::{Conjunction, Operand};
use super::{Fact, SlotId, VariableId};

/// A grounded operator. All conditions, values and costs read the state before it.
#[derive(Clone, Debug)]
pub struct Operator {
    /// What must hold. An effect that would leave a range is a condition too; see
    /// [`Operator::apply`](super::Operator).
    pub precondition: Conjunction,
    /// Facts it makes true, at most one per variable.
    pub facts: Vec<Fact>,
    /// Variables that take over the value of another.
    pub copies: Vec<Copied>,
    /// Changes of slots, at most one per slot.
    pub numeric: Vec<NumericEffect>,
    /// What it costs.
    pub cost: Cost,
    /// Index of its ground action in the language's enumeration.
    pub source: u32,
}

/// `target := source`, for variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Copied {
    /// The variable that changes.
    pub target: VariableId,
    /// The variable that is read.
    pub source: VariableId,
    /// Per value of the source, the value of the target; `None`: the operator does not apply.
    pub values: Vec<Option<u32>>,
}

/// A change of a slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumericEffect {
    /// The slot that changes.
    pub slot: SlotId,
    /// How.
    pub kind: NumericKind,
    /// With which number.
    pub operand: Operand,
}

/// How a slot changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumericKind {
    /// It becomes the operand.
    Assign,
    /// The operand is added.
    Increase,
    /// The operand is subtracted.
    Decrease,
}

/// A cost in task units: `base + Σ factor × slot`.
#[derive(Clone, Debug, PartialEq)]
pub enum Cost {
    /// The same in every state; not negative.
    Constant(i64),
    /// Integer slots with integer factors: exact.
    Linear {
        /// The constant part.
        base: i64,
        /// Integer slots and their factors.
        terms: Vec<(SlotId, i64)>,
    },
    /// Computed as a float and rounded half to even.
    Rounded {
        /// The constant part, in task units.
        base: f64,
        /// Slots and their factors, in task units.
        terms: Vec<(SlotId, f64)>,
    },
}

impl Operator {
    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        size_of::<Self>()
            + (self.precondition.facts.len() + self.precondition.not_facts.len() + self.facts.len()) * 8
            + (self.precondition.tests.len() + self.numeric.len()) * 32
            + self.precondition.formulas.len() * 64
    }
}
