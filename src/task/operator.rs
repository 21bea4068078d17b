//! Operators: when they apply, what they change, what they cost.

use std::sync::Arc;

use thin_vec::ThinVec;

use super::condition::{Conjunction, Facts, facts_bytes, held_bytes};
use super::expression::Operand;
use super::{SlotId, VariableId};

/// A grounded operator. All conditions, values and costs read the state before it.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The precondition. That no effect leaves a range is a further condition; see
    /// [`Operator::apply`](super::Operator).
    pub precondition: Conjunction,
    /// Facts it makes true, at most one per variable.
    pub facts: Facts,
    /// Its conditional effects: first those that [delete](ConditionalEffect::is_delete), which are made before `facts`,
    /// then all others, which are made after `facts`. So adding wins over deleting.
    pub conditional: Vec<ConditionalEffect>,
    /// Variables that get the value of another variable.
    pub copies: ThinVec<Copied>,
    /// Changes of slots, applied in this order, each to the result of the one before. Changes of conditional
    /// effects come after them.
    pub numeric: ThinVec<NumericEffect>,
    /// The cost, without conditional effects.
    pub cost: Cost,
    /// Index of its ground action in the language's enumeration.
    pub source: u32,
}

/// An additional effect, which happens if a condition holds in the state before the operator.
#[derive(Clone, Debug)]
pub struct ConditionalEffect {
    /// When it happens.
    pub condition: Conjunction,
    /// Facts it makes true.
    pub facts: Facts,
    /// Changes of slots, in this order.
    pub numeric: ThinVec<NumericEffect>,
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
    /// Indexed by value of the source: the value of the target, or `None` if the operator does not apply.
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
    Linear(Arc<LinearCost>),
    /// Computed as a float and rounded half to even.
    Rounded(Arc<RoundedCost>),
}

/// An exact cost that depends on the state. Operators with the same cost share it.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearCost {
    /// The constant part.
    pub base: i64,
    /// Integer slots and their factors.
    pub terms: Vec<(SlotId, i64)>,
}

/// A cost that is computed as a float.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundedCost {
    /// The constant part, in task units.
    pub base: f64,
    /// The numbers that it depends on, with their factors, in task units.
    pub terms: Vec<(Operand, f64)>,
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
    /// If the rounding of computed costs changes a plan's cost by no more than this fraction, it does not
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

    /// `base + Σ factor × slot`, exact.
    pub fn linear(base: i64, terms: Vec<(SlotId, i64)>) -> Self {
        Self::Linear(Arc::new(LinearCost { base, terms }))
    }

    /// `base + Σ factor × term`, computed and rounded.
    pub fn rounded(base: f64, terms: Vec<(Operand, f64)>) -> Self {
        Self::Rounded(Arc::new(RoundedCost { base, terms }))
    }

    /// Bytes that it holds on the heap, counted for each operator that shares them.
    pub fn memory_bytes(&self) -> usize {
        let (shared, terms) = match self {
            Self::Constant(_) => return 0,
            Self::Linear(linear) => (Arc::strong_count(linear), linear.terms.len() * 16),
            Self::Rounded(rounded) => (Arc::strong_count(rounded), rounded.terms.len() * 32),
        };
        (64 + terms).div_ceil(shared)
    }
}

impl ConditionalEffect {
    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        size_of::<Self>()
            + self.condition.memory_bytes()
            + facts_bytes(&self.facts)
            + numeric_bytes(&self.numeric)
            + self.cost.memory_bytes()
    }
}

impl Operator {
    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        let conditional = self.conditional.iter().map(ConditionalEffect::memory_bytes);
        let copies = self.copies.iter().map(|copied| size_of::<Copied>() + copied.values.len() * 8);
        size_of::<Self>()
            + self.precondition.memory_bytes()
            + facts_bytes(&self.facts)
            + numeric_bytes(&self.numeric)
            + self.cost.memory_bytes()
            + conditional.sum::<usize>()
            + copies.sum::<usize>()
    }
}

fn numeric_bytes(numeric: &[NumericEffect]) -> usize {
    held_bytes::<NumericEffect>(numeric.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::{Fact, Formula, NumericTest, Value, VariableId};

    fn operator(precondition: Vec<Formula>, cost: Cost) -> Operator {
        let facts = [Fact { variable: VariableId(0), value: 1 }; 2];
        Operator {
            precondition: Conjunction::new(Formula::And(precondition)),
            facts: facts.into(),
            conditional: Vec::new(),
            copies: ThinVec::new(),
            numeric: ThinVec::new(),
            cost,
            source: 0,
        }
    }

    #[test]
    fn what_most_operators_have_takes_no_memory_of_its_own() {
        let fact = |variable| Formula::Fact(Fact { variable: VariableId(variable), value: 0 });
        let plain = operator(vec![fact(0), fact(1)], Cost::Constant(1));
        assert_eq!(plain.memory_bytes(), size_of::<Operator>());
        assert!(size_of::<Operator>() <= 144, "{} bytes", size_of::<Operator>());
    }

    #[test]
    fn lists_are_as_long_as_what_they_hold() {
        let (left, right) = (Operand::Slot(SlotId(0)), Operand::Constant(Value::Int(3)));
        let test = NumericTest { left, comparison: crate::task::Comparison::AtLeast, right };
        let denied = Formula::NotFact(Fact { variable: VariableId(2), value: 2 });
        let tested = operator(vec![Formula::Numeric(test), denied], Cost::ZERO);
        assert_eq!(tested.precondition.tests.capacity(), 1);
        assert_eq!(tested.precondition.not_facts.capacity(), 1);
        let lists = 2 * 24 + size_of::<NumericTest>() + size_of::<Fact>();
        assert_eq!(tested.memory_bytes(), size_of::<Operator>() + lists);
    }

    #[test]
    fn a_shared_cost_is_counted_once_among_those_that_share_it() {
        let cost = Cost::linear(1, vec![(SlotId(0), 2), (SlotId(1), 3)]);
        let alone = cost.memory_bytes();
        let shared = vec![cost; 8];
        let all: usize = shared.iter().map(Cost::memory_bytes).sum();
        assert!((alone..alone + 8).contains(&all), "{all} bytes beside {alone}");
    }
}
