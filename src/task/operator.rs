//! Operators: when they apply, what they change, what they cost.

use super::condition::Conjunction;
use super::expression::Operand;
use super::{Fact, SlotId, VariableId};

/// A grounded operator. All conditions, values and costs read the state before it.
#[derive(Clone, Debug)]
pub struct Operator {
    /// What must hold. An effect that would leave a range is a condition too; see
    /// [`Operator::apply`](super::Operator).
    pub precondition: Conjunction,
    /// Facts it makes true, at most one per variable.
    pub facts: Vec<Fact>,
    /// Its conditional effects: first those that [delete](ConditionalEffect::is_delete), which are made before `facts`,
    /// then all others, which are made after `facts`. So adding wins over deleting.
    pub conditional: Vec<ConditionalEffect>,
    /// Variables that take over the value of another.
    pub copies: Vec<Copied>,
    /// Changes of slots, made in this order, each on what the one before left. Those of conditional effects come
    /// after them.
    pub numeric: Vec<NumericEffect>,
    /// What it costs, conditional effects aside.
    pub cost: Cost,
    /// Index of its ground action in the language's enumeration.
    pub source: u32,
}

/// What an operator does in addition where a condition holds in the state before it.
#[derive(Clone, Debug)]
pub struct ConditionalEffect {
    /// When it happens.
    pub condition: Conjunction,
    /// Facts it makes true.
    pub facts: Vec<Fact>,
    /// Changes of slots, in this order.
    pub numeric: Vec<NumericEffect>,
    /// What it adds to the operator's cost.
    pub cost: Cost,
    /// Whether its facts say that atoms do not hold. Facts of other effects win over them.
    pub is_delete: bool,
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
    /// It is multiplied by the operand.
    ScaleUp,
    /// It is divided by the operand.
    ScaleDown,
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
        /// What it depends on, with factors, in task units.
        terms: Vec<(Operand, f64)>,
    },
}

/// How the costs of a task relate to those that were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rounding {
    /// Every cost is what was written.
    #[default]
    Exact,
    /// Some costs are computed as floats (logarithms, factors on floats): each is off by half a unit at most.
    Computed,
    /// Some cost was written with more decimals than a unit has.
    Lossy,
}

impl Rounding {
    /// Where the rounding of computed costs changes a plan's cost by no more than this share, it is taken not to
    /// decide between plans.
    const TOLERANCE: f64 = 1e-6;

    /// Whether rounding could have decided between a plan of this many steps and this cost, in task units,
    /// and a cheaper one.
    pub fn could_decide(self, steps: usize, cost: i64) -> bool {
        match self {
            Self::Exact => false,
            Self::Computed => 0.5 * steps as f64 > Self::TOLERANCE * cost as f64,
            Self::Lossy => steps > 0,
        }
    }
}

impl Cost {
    /// No cost.
    pub const ZERO: Self = Self::Constant(0);
}

impl ConditionalEffect {
    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        size_of::<Self>() + self.facts.len() * 16 + self.condition.memory_bytes() + self.numeric.len() * 48
    }
}

impl Operator {
    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        let conditional = self.conditional.iter().map(ConditionalEffect::memory_bytes);
        size_of::<Self>()
            + self.facts.len() * 8
            + self.precondition.memory_bytes()
            + self.numeric.len() * 48
            + conditional.sum::<usize>()
    }
}
