//! Applying operators to packed states.

use super::condition::Operand;
use super::layout::{Layout, Value};
use super::operator::{Cost, NumericEffect, NumericKind};
use super::{Operator, Task};

/// Largest cost of one operator in task units; above it, sums could overflow.
const COST_MAX: i64 = 1 << 60;
/// Stands for every cost above [`COST_MAX`]. More than any search follows, so that paths over it
/// are cut off and counted as such.
const COST_TOO_LARGE: i64 = 1 << 62;

impl Task {
    /// Writes the successor of `state` under `operator` to `out` and answers its cost; `None`
    /// where the operator does not apply after all: an effect would leave a range, or the cost
    /// would be negative (see [`Cost::value`]). The precondition must hold. Both slices are full states, and the static
    /// words of `out` must be those of `state`.
    #[inline]
    pub fn apply(&self, operator: &Operator, state: &[u64], out: &mut [u64]) -> Option<i64> {
        let layout = &self.layout;
        let dynamic = layout.dynamic_words();
        out[..dynamic].copy_from_slice(&state[..dynamic]);
        for fact in &operator.facts {
            layout.variable(fact.variable).write(out, u64::from(fact.value));
        }
        for copied in &operator.copies {
            let value = copied.values[layout.variable(copied.source).read(state) as usize]?;
            layout.variable(copied.target).write(out, u64::from(value));
        }
        for effect in &operator.numeric {
            let value = effect.value(layout, state)?;
            let raw = layout.encode(effect.slot, value)?;
            layout.slot_field(effect.slot).write(out, raw);
        }
        operator.cost.value(layout, state)
    }
}

impl NumericEffect {
    /// The slot's value after the effect; `None` where integers overflow.
    #[inline]
    pub fn value(&self, layout: &Layout, state: &[u64]) -> Option<Value> {
        let operand = self.operand.value(layout, state);
        let before = match self.kind {
            NumericKind::Assign => return Some(operand),
            NumericKind::Increase | NumericKind::Decrease => layout.read(self.slot, state),
        };
        Some(match (before, operand, self.kind) {
            (Value::Int(a), Value::Int(b), NumericKind::Decrease) => Value::Int(a.checked_sub(b)?),
            (Value::Int(a), Value::Int(b), _) => Value::Int(a.checked_add(b)?),
            (a, b, NumericKind::Decrease) => Value::Float(a.as_f64() - b.as_f64()),
            (a, b, _) => Value::Float(a.as_f64() + b.as_f64()),
        })
    }

    /// The change it makes whatever the state, for increases and decreases by a constant.
    pub fn constant_delta(&self) -> Option<f64> {
        let Operand::Constant(value) = self.operand else { return None };
        match self.kind {
            NumericKind::Assign => None,
            NumericKind::Increase => Some(value.as_f64()),
            NumericKind::Decrease => Some(-value.as_f64()),
        }
    }
}

impl Cost {
    /// The cost in a state; `None` where it is negative. Costs that are too large to add up come out
    /// as 2^62.
    #[inline]
    pub fn value(&self, layout: &Layout, state: &[u64]) -> Option<i64> {
        match self {
            Self::Constant(cost) => Some(*cost),
            Self::Linear { base, terms } => {
                let sum = terms.iter().fold(i128::from(*base), |sum, &(slot, factor)| {
                    match layout.read(slot, state) {
                        Value::Int(value) => sum + i128::from(value) * i128::from(factor),
                        Value::Float(_) => sum,
                    }
                });
                (sum >= 0).then_some(if sum > i128::from(COST_MAX) { COST_TOO_LARGE } else { sum as i64 })
            }
            Self::Rounded { base, terms } => {
                let sum = terms
                    .iter()
                    .fold(*base, |sum, &(slot, factor)| sum + layout.read(slot, state).as_f64() * factor);
                let rounded = libm::rint(sum);
                // Not a number: two parts of the sum are too large.
                let is_too_large = rounded.is_nan() || rounded > COST_MAX as f64;
                (rounded >= 0.0 || is_too_large).then_some(if is_too_large {
                    COST_TOO_LARGE
                } else {
                    rounded as i64
                })
            }
        }
    }
}
