//! Expressions of a layout: their value in a state, and their linear form where they have one.

use super::expression::{Arithmetic, Expression, ExpressionId, Linear, Operand};
use super::layout::Layout;
use super::value::Value;

impl Layout {
    /// The value of an operand in a state; a float that is not a number where it is undefined.
    #[inline]
    pub fn value(&self, operand: Operand, state: &[u64]) -> Value {
        match operand {
            Operand::Constant(value) => value,
            Operand::Slot(slot) => self.read(slot, state),
            Operand::Expression(id) => Value::Float(self.compute(id, state)),
        }
    }

    fn compute(&self, id: ExpressionId, state: &[u64]) -> f64 {
        let Expression { operator, left, right } = self.expressions[id.0 as usize];
        operator.apply(self.value(left, state).as_f64(), self.value(right, state).as_f64())
    }

    /// The operand as a linear form of slots; `None` where it is none.
    pub fn linear(&self, operand: Operand) -> Option<Linear> {
        Some(match operand {
            Operand::Constant(value) => Linear { constant: value.as_f64(), terms: Vec::new() },
            Operand::Slot(slot) => Linear { constant: 0.0, terms: vec![(slot, 1.0)] },
            Operand::Expression(id) => {
                let Expression { operator, left, right } = self.expressions[id.0 as usize];
                let (left, right) = (self.linear(left)?, self.linear(right)?);
                match operator {
                    Arithmetic::Add => left.plus(1.0, &right),
                    Arithmetic::Subtract => left.plus(-1.0, &right),
                    Arithmetic::Multiply => match (left.constant_only(), right.constant_only()) {
                        (Some(factor), _) => Linear::default().plus(factor, &right),
                        (_, Some(factor)) => Linear::default().plus(factor, &left),
                        _ => return None,
                    },
                    Arithmetic::Divide => {
                        let divisor = right.constant_only().filter(|&divisor| divisor != 0.0)?;
                        Linear::default().plus(1.0 / divisor, &left)
                    }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::{Placement, SlotId, SlotKind};

    #[test]
    fn expressions_compute_and_show_their_linear_form() {
        let float = SlotKind::Float { low: f64::NEG_INFINITY, high: f64::INFINITY };
        let mut layout = Layout::new(&[], &[(float, Placement::Dynamic), (float, Placement::Dynamic)]);
        let (x, y) = (Operand::Slot(SlotId(0)), Operand::Slot(SlotId(1)));
        let mut add = |operator, left, right| {
            layout.expressions.push(Expression { operator, left, right });
            Operand::Expression(ExpressionId(layout.expressions.len() as u32 - 1))
        };
        let two = Operand::Constant(Value::Float(2.0));
        let double = add(Arithmetic::Multiply, two, x);
        let sum = add(Arithmetic::Subtract, double, y);
        let product = add(Arithmetic::Multiply, sum, y);
        let quotient = add(Arithmetic::Divide, x, y);
        let mut state = vec![0; layout.words()];
        layout.slot_field(SlotId(0)).write(&mut state, 3.0f64.to_bits());
        assert_eq!(layout.value(sum, &state), Value::Float(6.0));
        assert!(layout.value(quotient, &state).as_f64().is_nan());
        let linear = layout.linear(sum).expect("it is linear");
        assert_eq!(linear.terms, [(SlotId(0), 2.0), (SlotId(1), -1.0)]);
        assert_eq!(layout.linear(product), None);
    }
}
