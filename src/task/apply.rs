//! Applying operators to packed states.

use super::expression::{Arithmetic, Operand};
use super::layout::Layout;
use super::operator::{Cost, NumericEffect, NumericKind};
use super::value::Value;
use super::{Fact, Operator, Task};

/// Largest cost of one operator in task units; above it, sums could overflow.
const COST_MAX: i64 = 1 << 60;
/// Stands for every cost above [`COST_MAX`]. It exceeds the bound on g of every search, so that paths with such a
/// step are cut off, and counted as cut off.
const COST_TOO_LARGE: i64 = 1 << 62;

impl Task {
    /// Writes the successor of `state` under `operator` to `out` and answers its cost. `None` if the operator
    /// does not apply after all: an effect would leave a range, or the cost would be negative (see
    /// [`Cost::value`]). The precondition must hold. Both slices are full states. The static words of `out`
    /// must be those of `state`; its derived words are left as they are (see [`Task::derive`]).
    #[inline]
    pub fn apply(&self, operator: &Operator, state: &[u64], out: &mut [u64]) -> Option<i64> {
        let layout = &self.layout;
        let dynamic = layout.dynamic_words();
        out[..dynamic].copy_from_slice(&state[..dynamic]);
        if !operator.conditional.is_empty() {
            return self.apply_conditional(operator, state, out);
        }
        write(layout, &operator.facts, out);
        for copied in &operator.copies {
            let value = copied.values[layout.variable(copied.source).read(state) as usize]?;
            layout.variable(copied.target).write(out, u64::from(value));
        }
        change(layout, &operator.numeric, state, out)?;
        operator.cost.value(layout, state)
    }

    /// The same for operators with conditional effects, which have no copies.
    fn apply_conditional(&self, operator: &Operator, state: &[u64], out: &mut [u64]) -> Option<i64> {
        let layout = &self.layout;
        let mut cost = operator.cost.signed(layout, state);
        let (deletes, others) = operator.conditional.split_at(
            operator
                .conditional
                .iter()
                .position(|effect| !effect.is_delete)
                .unwrap_or(operator.conditional.len()),
        );
        for effect in deletes {
            if effect.condition.holds(layout, state) {
                write(layout, &effect.facts, out);
            }
        }
        write(layout, &operator.facts, out);
        change(layout, &operator.numeric, state, out)?;
        for effect in others {
            if effect.condition.holds(layout, state) {
                write(layout, &effect.facts, out);
                change(layout, &effect.numeric, state, out)?;
                cost = add(cost, effect.cost.signed(layout, state));
            }
        }
        (cost >= 0).then_some(cost)
    }

    /// The cost of an operator that would apply but for its negative cost, if the task [ends searches at such
    /// costs](Self::refuses_negative_costs). O(effects); only needed if [`apply`](Self::apply) answers
    /// `None`.
    pub fn negative_cost(&self, operator: &Operator, state: &[u64]) -> Option<i64> {
        let layout = &self.layout;
        let others = operator.conditional.iter().filter(|effect| !effect.is_delete);
        let happening = others.filter(|effect| effect.condition.holds(layout, state));
        let cost = operator.cost.signed(layout, state);
        let cost = happening.fold(cost, |cost, effect| add(cost, effect.cost.signed(layout, state)));
        (self.refuses_negative_costs && cost < 0).then_some(cost)
    }
}

/// The sum of two costs within ±2^62.
fn add(one: i64, other: i64) -> i64 {
    one.saturating_add(other).clamp(-COST_TOO_LARGE, COST_TOO_LARGE)
}

#[inline]
fn write(layout: &Layout, facts: &[Fact], out: &mut [u64]) {
    for fact in facts {
        layout.variable(fact.variable).write(out, u64::from(fact.value));
    }
}

/// Applies changes of slots; `None` if a value does not fit.
#[inline]
fn change(layout: &Layout, effects: &[NumericEffect], state: &[u64], out: &mut [u64]) -> Option<()> {
    for effect in effects {
        let operand = layout.value(effect.operand, state);
        let value = effect.kind.apply(layout.read(effect.slot, out), operand)?;
        layout.slot_field(effect.slot).write(out, layout.encode(effect.slot, value)?);
    }
    Some(())
}

impl NumericKind {
    /// The value after the change; `None` where integers overflow.
    #[inline]
    fn apply(self, before: Value, operand: Value) -> Option<Value> {
        Some(match (before, operand, self) {
            (_, operand, Self::Assign) => operand,
            (Value::Int(a), Value::Int(b), Self::Increase) => Value::Int(a.checked_add(b)?),
            (Value::Int(a), Value::Int(b), Self::Decrease) => Value::Int(a.checked_sub(b)?),
            (a, b, kind) => {
                let operator = match kind {
                    Self::Assign | Self::Increase => Arithmetic::Add,
                    Self::Decrease => Arithmetic::Subtract,
                    Self::ScaleUp => Arithmetic::Multiply,
                    Self::ScaleDown => Arithmetic::Divide,
                };
                Value::Float(operator.apply(a.as_f64(), b.as_f64()))
            }
        })
    }
}

impl NumericEffect {
    /// By how much it changes the slot in every state, if it increases or decreases the slot by a constant.
    pub fn constant_delta(&self) -> Option<f64> {
        let Operand::Constant(value) = self.operand else { return None };
        match self.kind {
            NumericKind::Increase => Some(value.as_f64()),
            NumericKind::Decrease => Some(-value.as_f64()),
            NumericKind::Assign | NumericKind::ScaleUp | NumericKind::ScaleDown => None,
        }
    }
}

impl Cost {
    /// The cost in a state; `None` where it is negative. Costs that are too large to add up come out
    /// as 2^62.
    #[inline]
    pub fn value(&self, layout: &Layout, state: &[u64]) -> Option<i64> {
        let cost = self.signed(layout, state);
        (cost >= 0).then_some(cost)
    }

    /// The cost in a state, which may be negative. Costs that are too large or too small come out as ±2^62.
    #[inline]
    fn signed(&self, layout: &Layout, state: &[u64]) -> i64 {
        let most = i128::from(COST_MAX);
        match self {
            Self::Constant(cost) => *cost,
            Self::Linear(linear) => {
                let sum = linear.terms.iter().fold(i128::from(linear.base), |sum, &(slot, factor)| {
                    match layout.read(slot, state) {
                        Value::Int(value) => sum + i128::from(value) * i128::from(factor),
                        Value::Float(_) => sum,
                    }
                });
                match sum {
                    _ if sum > most => COST_TOO_LARGE,
                    _ if sum < -most => -COST_TOO_LARGE,
                    _ => sum as i64,
                }
            }
            Self::Rounded(rounded) => {
                let sum = rounded.terms.iter().fold(rounded.base, |sum, &(term, factor)| {
                    sum + layout.value(term, state).as_f64() * factor
                });
                let rounded = libm::rint(sum);
                match rounded {
                    _ if rounded < -(COST_MAX as f64) => -COST_TOO_LARGE,
                    _ if rounded <= COST_MAX as f64 => rounded as i64,
                    // The result is not a number: two parts of the sum are too large.
                    _ => COST_TOO_LARGE,
                }
            }
        }
    }
}
