//! Numbers that a state gives.

use std::collections::BTreeMap;

use super::state::{Fluent, fluent_key};
use crate::lang::pddl::model::{Arithmetic, Comparator, Expression, ExpressionKind, Term};

/// Why an expression has no value, with the part that has none.
#[derive(Clone, Copy, Debug)]
pub(super) enum Undefined<'e> {
    /// A fluent without a value.
    Fluent(&'e Expression),
    /// A division by zero, or a difference of infinities.
    Result(&'e Expression),
}

/// The numbers of a state: those that changed come before those that were.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers<'a> {
    pub before: &'a BTreeMap<Fluent, f64>,
    pub changed: Option<&'a BTreeMap<Fluent, f64>>,
    /// The value of a fluent that has none; `None` where that is undefined.
    pub missing: Option<f64>,
}

impl<'a> Numbers<'a> {
    /// The numbers of one state.
    pub fn of(before: &'a BTreeMap<Fluent, f64>) -> Self {
        Self { before, changed: None, missing: None }
    }

    /// The value of a fluent.
    pub fn fluent(&self, key: &[u32]) -> Option<f64> {
        let changed = self.changed.and_then(|changed| changed.get(key));
        changed.or_else(|| self.before.get(key)).copied().or(self.missing)
    }

    /// The value of an expression; `object` says what its terms stand for.
    pub fn value<'e>(
        &self,
        expression: &'e Expression,
        object: &dyn Fn(Term) -> u32,
    ) -> Result<f64, Undefined<'e>> {
        let value = match &expression.kind {
            ExpressionKind::Number(number) => *number,
            ExpressionKind::Fluent(function, terms) => {
                let key = fluent_key(*function, terms.iter().map(|&term| object(term)));
                return self.fluent(&key).ok_or(Undefined::Fluent(expression));
            }
            ExpressionKind::Negate(part) => 0.0 - self.value(part, object)?,
            ExpressionKind::Binary(operator, parts) => {
                let (left, right) = (self.value(&parts[0], object)?, self.value(&parts[1], object)?);
                match operator {
                    Arithmetic::Add => left + right,
                    Arithmetic::Subtract => left - right,
                    Arithmetic::Multiply => left * right,
                    Arithmetic::Divide if right == 0.0 => f64::NAN,
                    Arithmetic::Divide => left / right,
                }
            }
        };
        if value.is_nan() { Err(Undefined::Result(expression)) } else { Ok(value) }
    }
}

/// Whether two numbers compare so, exactly.
#[expect(clippy::float_cmp, reason = "equality of numbers is what PDDL asks for")]
pub(super) fn compares(comparator: Comparator, left: f64, right: f64) -> bool {
    match comparator {
        Comparator::Equal => left == right,
        Comparator::Less => left < right,
        Comparator::AtMost => left <= right,
        Comparator::Greater => left > right,
        Comparator::AtLeast => left >= right,
    }
}
