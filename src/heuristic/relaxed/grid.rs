//! Finds the slots that never round: all their values stay on a grid that doubles represent exactly.

use crate::task::{
    Arithmetic, Instance, Layout, NumericEffect, NumericKind, Operand, SlotId, SlotKind, Task,
};

/// Most binary digits behind the point that a grid may have.
const BITS_MAX: i32 = 20;
/// Steps up to this many units of the grid, from values up to [`REST`] units: no plan that fits in memory leaves
/// what doubles hold exactly.
const SMALL_STEP: f64 = (1u64 << 20) as f64;
const REST: f64 = (1u64 << 52) as f64;
/// Constants of conditions up to this magnitude keep computed sides exact.
const CONSTANT_MAX: f64 = (1u64 << 40) as f64;
/// Factors up to this magnitude keep computed sides exact.
const FACTOR_MAX: f64 = 1024.0;

/// Indexed by slot: the grid of its values.
#[derive(Clone, Debug, Default)]
pub(super) struct Grids {
    grids: Vec<Grid>,
}

#[derive(Clone, Copy, Debug)]
struct Grid {
    /// Whether the slot is of an integer type.
    is_int: bool,
    /// Whether it changes by something other than a constant.
    is_open: bool,
    /// Exponent of the finest binary digit of all constants.
    finest: i32,
    /// Largest change.
    step: f64,
    /// The largest value that it is assigned.
    value: f64,
}

impl Grids {
    /// Those of a state; effects are still to be [taken in](Self::take).
    pub(super) fn new(task: &Task, instance: &Instance) -> Self {
        let layout = &task.layout;
        let grids = layout.slots.iter().enumerate().map(|(slot, kind)| {
            let value = layout.read(SlotId(slot as u32), &instance.initial).as_f64();
            let is_int = matches!(kind, SlotKind::Int { .. });
            Grid { is_int, is_open: false, finest: lowest_bit(value), step: 0.0, value: value.abs() }
        });
        Self { grids: grids.collect() }
    }

    /// Takes the effects of an operator into account.
    pub(super) fn take(&mut self, effects: &[NumericEffect]) {
        for effect in effects {
            let grid = &mut self.grids[effect.slot.0 as usize];
            let Operand::Constant(constant) = effect.operand else {
                grid.is_open = true;
                continue;
            };
            let constant = constant.as_f64();
            grid.finest = grid.finest.min(lowest_bit(constant));
            match effect.kind {
                NumericKind::Assign => grid.value = grid.value.max(constant.abs()),
                NumericKind::Increase | NumericKind::Decrease => grid.step = grid.step.max(constant.abs()),
                NumericKind::ScaleUp | NumericKind::ScaleDown => grid.is_open = true,
            }
        }
    }

    fn is_exact(&self, slot: SlotId) -> bool {
        let grid = self.grids[slot.0 as usize];
        let unit = f64::from(grid.finest.clamp(-BITS_MAX, 0)).exp2();
        let is_held = grid.finest >= -BITS_MAX && grid.step <= SMALL_STEP * unit && grid.value <= REST * unit;
        grid.is_int || (!grid.is_open && is_held)
    }

    /// Whether the sum of these terms never rounds.
    pub(super) fn are_exact(&self, terms: &[(SlotId, f64)]) -> bool {
        let is_whole = |factor: f64| factor.fract() == 0.0 && factor.abs() <= FACTOR_MAX;
        terms.iter().all(|&(slot, factor)| is_whole(factor) && self.is_exact(slot))
    }

    /// Whether the sum of these terms, which are [exact](Self::are_exact), is always an integer.
    pub(super) fn are_integers(&self, terms: &[(SlotId, f64)]) -> bool {
        let is_integer = |slot: SlotId| {
            let grid = self.grids[slot.0 as usize];
            grid.is_int || grid.finest >= 0
        };
        terms.iter().all(|&(slot, _)| is_integer(slot))
    }

    /// Whether all slots of these terms are of an integer type.
    pub(super) fn are_of_integer_type(&self, terms: &[(SlotId, f64)]) -> bool {
        terms.iter().all(|&(slot, _)| self.grids[slot.0 as usize].is_int)
    }

    /// Whether computing an operand never rounds. Nesting is bounded by the languages.
    pub(super) fn is_computed_exactly(&self, layout: &Layout, operand: Operand) -> bool {
        match operand {
            Operand::Constant(value) => is_exact_number(value.as_f64()),
            Operand::Slot(slot) => self.is_exact(slot),
            Operand::Expression(id) => {
                let expression = layout.expressions[id.0 as usize];
                expression.operator != Arithmetic::Divide
                    && self.is_computed_exactly(layout, expression.left)
                    && self.is_computed_exactly(layout, expression.right)
            }
        }
    }
}

/// Whether a number written in a condition keeps a computed side exact.
pub(super) fn is_exact_number(value: f64) -> bool {
    lowest_bit(value) >= -BITS_MAX && value.abs() <= CONSTANT_MAX
}

/// The exponent of the lowest digit of a number in binary; large for 0.
fn lowest_bit(value: f64) -> i32 {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { i32::MAX } else { i32::MIN };
    }
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32;
    let (mantissa, exponent) = if exponent == 0 {
        (bits & ((1 << 52) - 1), 1)
    } else {
        (bits & ((1 << 52) - 1) | 1 << 52, exponent)
    };
    exponent - 1075 + mantissa.trailing_zeros() as i32
}

#[cfg(test)]
mod tests {
    use super::lowest_bit;

    #[test]
    fn the_lowest_digit_of_a_number_in_binary_is_found() {
        let digits = [1.0, 3.0, 0.5, 10.0, 0.75, -6.0, 2f64.powi(60), f64::MIN_POSITIVE];
        assert_eq!(digits.map(lowest_bit), [0, 0, -1, 1, -2, 1, 60, -1022]);
        assert!(lowest_bit(0.1) < -50 && lowest_bit(0.0) > 1000);
    }
}
