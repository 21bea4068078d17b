//! Bounds of numbers over all states that can be reached.

use super::draft::Drafts;
use super::world::World;
use crate::task::{Arithmetic, Linear, NumericEffect, NumericKind, Operand, SlotId};

/// Bounds of fluents over all reachable states, and of what is computed from them.
#[derive(Debug)]
pub(super) struct Intervals {
    of_fluent: Vec<(f64, f64)>,
}

/// Rounds after which bounds that still move are taken to be infinite.
const ROUNDS: usize = 4;

impl Intervals {
    /// Bounds from initial values and all effects. O(rounds × effects).
    pub(super) fn new(world: &World, drafts: &Drafts) -> Self {
        let fluents = world.fluents.len();
        let initial = |fluent: usize| {
            let value = *world.values.at(fluent);
            if value.is_nan() { (0.0, 0.0) } else { (value, value) }
        };
        let mut intervals = Self { of_fluent: (0..fluents).map(initial).collect() };
        for round in 0.. {
            let mut has_changed = false;
            for extra in &drafts.extras {
                let blocks = extra.blocks.iter().flat_map(|block| &block.numeric);
                for effect in extra.numeric.iter().chain(blocks) {
                    has_changed |= intervals.widen(drafts, effect, round >= ROUNDS);
                }
            }
            if !has_changed {
                break;
            }
        }
        intervals
    }

    fn widen(&mut self, drafts: &Drafts, effect: &NumericEffect, gives_up: bool) -> bool {
        let (low, high) = self.of(drafts, effect.operand);
        let own = self.of_fluent[effect.slot.0 as usize];
        let after = match effect.kind {
            NumericKind::Assign => (low, high),
            NumericKind::Increase => grown(own, low, high),
            NumericKind::Decrease => grown(own, -high, -low),
            // What stays at least zero does so.
            NumericKind::ScaleUp | NumericKind::ScaleDown if own.0 >= 0.0 && low >= 0.0 => {
                (0.0, f64::INFINITY)
            }
            NumericKind::ScaleUp | NumericKind::ScaleDown => (f64::NEG_INFINITY, f64::INFINITY),
        };
        let mut new = (own.0.min(after.0), own.1.max(after.1));
        if gives_up {
            new.0 = if new.0 < own.0 { f64::NEG_INFINITY } else { own.0 };
            new.1 = if new.1 > own.1 { f64::INFINITY } else { own.1 };
        }
        self.of_fluent[effect.slot.0 as usize] = new;
        new != own
    }

    /// Bounds of an operand.
    pub(super) fn of(&self, drafts: &Drafts, operand: Operand) -> (f64, f64) {
        match operand {
            Operand::Constant(value) => (value.as_f64(), value.as_f64()),
            Operand::Slot(slot) => self.of_fluent[slot.0 as usize],
            Operand::Expression(id) => {
                let one = drafts.expressions[id.0 as usize];
                let (left, right) = (self.of(drafts, one.left), self.of(drafts, one.right));
                let result = match one.operator {
                    Arithmetic::Add => (left.0 + right.0, left.1 + right.1),
                    Arithmetic::Subtract => (left.0 - right.1, left.1 - right.0),
                    Arithmetic::Multiply => corners(left, right, |a, b| a * b),
                    Arithmetic::Divide if right.0 > 0.0 || right.1 < 0.0 => {
                        corners(left, right, |a, b| a / b)
                    }
                    Arithmetic::Divide if left.0 >= 0.0 && right.0 >= 0.0 => (0.0, f64::INFINITY),
                    Arithmetic::Divide => (f64::NEG_INFINITY, f64::INFINITY),
                };
                let low = if result.0.is_nan() { f64::NEG_INFINITY } else { result.0 };
                (low, if result.1.is_nan() { f64::INFINITY } else { result.1 })
            }
        }
    }

    /// The least that a cost can be: of its linear form, so that what cancels out does, and of the parts
    /// that have none by themselves.
    pub(super) fn lowest(&self, drafts: &Drafts, constant: f64, terms: &[(Operand, f64)]) -> f64 {
        let mut sum = Linear { constant, terms: Vec::new() };
        let mut rest = 0.0;
        for &(operand, factor) in terms {
            match linear(drafts, operand) {
                Some(form) => sum = sum.plus(factor, &form),
                None => rest += lower(self.of(drafts, operand), factor),
            }
        }
        let of_slot = |&(slot, factor): &(SlotId, f64)| lower(self.of_fluent[slot.0 as usize], factor);
        sum.constant + rest + sum.terms.iter().map(of_slot).sum::<f64>()
    }
}

/// The least of a bounded number times a factor.
fn lower((low, high): (f64, f64), factor: f64) -> f64 {
    let part = if factor >= 0.0 { low * factor } else { high * factor };
    if part.is_nan() { 0.0 } else { part }
}

/// An operand as a linear form of fluents; `None` where it is none.
fn linear(drafts: &Drafts, operand: Operand) -> Option<Linear> {
    let id = match operand {
        Operand::Constant(value) => return Some(Linear { constant: value.as_f64(), terms: Vec::new() }),
        Operand::Slot(slot) => return Some(Linear { constant: 0.0, terms: vec![(slot, 1.0)] }),
        Operand::Expression(id) => id,
    };
    let one = drafts.expressions[id.0 as usize];
    let (left, right) = (linear(drafts, one.left)?, linear(drafts, one.right)?);
    match one.operator {
        Arithmetic::Add => Some(left.plus(1.0, &right)),
        Arithmetic::Subtract => Some(left.plus(-1.0, &right)),
        Arithmetic::Multiply if left.terms.is_empty() => Some(Linear::default().plus(left.constant, &right)),
        Arithmetic::Multiply if right.terms.is_empty() => Some(Linear::default().plus(right.constant, &left)),
        Arithmetic::Divide if right.terms.is_empty() && right.constant != 0.0 => {
            Some(Linear::default().plus(1.0 / right.constant, &left))
        }
        Arithmetic::Multiply | Arithmetic::Divide => None,
    }
}

/// Bounds after any number of changes by something between `low` and `high`.
fn grown(own: (f64, f64), low: f64, high: f64) -> (f64, f64) {
    let lower = if low < 0.0 { f64::NEG_INFINITY } else { own.0 };
    (lower, if high > 0.0 { f64::INFINITY } else { own.1 })
}

fn corners(left: (f64, f64), right: (f64, f64), apply: impl Fn(f64, f64) -> f64) -> (f64, f64) {
    let all =
        [apply(left.0, right.0), apply(left.0, right.1), apply(left.1, right.0), apply(left.1, right.1)];
    let all = all.map(|value| if value.is_nan() { 0.0 } else { value });
    (all.into_iter().fold(f64::INFINITY, f64::min), all.into_iter().fold(f64::NEG_INFINITY, f64::max))
}
