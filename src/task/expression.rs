//! Numbers that a task computes from a state: what they are made of. [`super::compute`] computes them.

use super::SlotId;
use super::value::Value;

/// Index of an expression of a [`super::Layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExpressionId(pub u32);

/// A constant, the value of a slot, or what an expression computes; in the state before the operator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operand {
    /// A constant.
    Constant(Value),
    /// The value of a slot.
    Slot(SlotId),
    /// The value of an expression.
    Expression(ExpressionId),
}

/// An operation in floats on two operands; those that are expressions come earlier in the layout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expression {
    /// The operation.
    pub operator: Arithmetic,
    /// The left operand.
    pub left: Operand,
    /// The right operand.
    pub right: Operand,
}

/// An operation on two floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `left + right`
    Add,
    /// `left - right`
    Subtract,
    /// `left * right`
    Multiply,
    /// `left / right`; not a finite number where the right is zero.
    Divide,
}

impl Arithmetic {
    /// The result.
    #[inline]
    pub fn apply(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide if right == 0.0 => f64::NAN,
            Self::Divide => left / right,
        }
    }
}

/// `constant + Σ factor × slot`, each slot once, ascending.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Linear {
    /// The constant part.
    pub constant: f64,
    /// Slots and their factors, none of them 0.
    pub terms: Vec<(SlotId, f64)>,
}

impl Linear {
    /// `self + factor × other`.
    #[must_use]
    pub fn plus(mut self, factor: f64, other: &Self) -> Self {
        self.constant += factor * other.constant;
        for &(slot, of_other) in &other.terms {
            match self.terms.binary_search_by_key(&slot, |term| term.0) {
                Ok(at) => self.terms[at].1 += factor * of_other,
                Err(at) => self.terms.insert(at, (slot, factor * of_other)),
            }
        }
        self.terms.retain(|term| term.1 != 0.0);
        self
    }

    pub(super) fn constant_only(&self) -> Option<f64> {
        self.terms.is_empty().then_some(self.constant)
    }
}
