//! Axes of numeric atoms: atoms with the same left side, sorted by their bounds, and the changes of effects
//! to that side.
//!
//! States hold doubles, and adding doubles rounds. A lower bound on repetitions therefore assumes the largest
//! gain of a step that rounding allows, and the smallest deficit. On axes where nothing can round (see
//! [`Grids`](super::grid::Grids)), both are exact.

use std::ops::Range;

use crate::task::{Layout, NumericEffect, NumericKind, Operand, SlotId};

/// The distance from 1 to the next double. Rounding changes a result by at most half of it, relative to the
/// result.
const EPSILON: f64 = f64::EPSILON;

/// `Σ factor × slot`, the left side of numeric atoms.
#[derive(Clone, Debug)]
pub(in crate::heuristic) struct Axis {
    /// Slots with their factors, each slot once.
    pub(super) terms: Vec<(SlotId, f64)>,
    pub(super) precision: Precision,
    /// Its atoms, ascending: each one is implied by the next.
    pub(in crate::heuristic) atoms: Range<usize>,
}

/// How rounding affects an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    /// Not at all: all values, sums and changes are exact.
    Exact,
    /// One slot changes. Conditions `compute` the left side, or compare the slot as it is.
    One { computes: bool },
    /// Several slots change.
    Several { computes: bool },
}

/// The condition of an atom on its axis: the left side is at least the bound, or more than it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Threshold {
    pub(super) bound: f64,
    pub(super) is_strict: bool,
}

/// The value of the left side in a state, or after an assignment.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::heuristic) struct Left {
    value: f64,
    /// `Σ |factor × slot|`: rounding errors are relative to this.
    magnitude: f64,
}

/// How an operator changes the left side of an axis, if the change helps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::heuristic) enum Change {
    /// Each application increases it by this amount, which is more than 0.
    Grows(f64),
    /// It gets this value.
    Becomes(f64),
    /// It changes by an amount that depends on the state.
    Varies,
}

impl Left {
    /// The left side after an assignment.
    pub(in crate::heuristic) fn assigned(value: f64) -> Self {
        Self { value, magnitude: value.abs() }
    }

    /// Whether it is further along the axis than another.
    pub(in crate::heuristic) fn is_beyond(self, other: Self) -> bool {
        self.value > other.value
    }
}

impl Axis {
    /// The left side in a state.
    #[inline]
    pub(in crate::heuristic) fn left(&self, layout: &Layout, state: &[u64]) -> Left {
        let mut left = Left::default();
        for &(slot, factor) in &self.terms {
            let term = factor * layout.read(slot, state).as_f64();
            left.value += term;
            left.magnitude += term.abs();
        }
        left
    }

    /// Whether nothing rounds on it.
    pub(in crate::heuristic) fn is_exact(&self) -> bool {
        self.precision == Precision::Exact
    }

    /// Whether a threshold is met at this left side. A computed side meets it even if it falls short by a
    /// rounding error, so that no estimate is too high.
    #[inline]
    pub(super) fn is_met(&self, threshold: Threshold, left: Left) -> bool {
        if self.computes() {
            return threshold.bound - left.value <= self.slack(threshold, left);
        }
        if threshold.is_strict { left.value > threshold.bound } else { left.value >= threshold.bound }
    }

    /// The least amount that the left side must grow by to meet a threshold that it does not meet.
    #[inline]
    pub(super) fn deficit(&self, threshold: Threshold, left: Left) -> f64 {
        let missing = threshold.bound - left.value;
        match self.precision {
            Precision::Exact => missing,
            _ if self.computes() => missing - self.slack(threshold, left),
            _ => missing * (1.0 - 4.0 * EPSILON),
        }
    }

    /// The most that a step of `delta` can add on the way from this left side to the threshold.
    ///
    /// Adding rounds to the nearest double, and the slot's own value is a double: so a step adds at most
    /// twice `delta`. Where one slot changes, only some steps count: those from the last time at or below
    /// `left` to the first time that the threshold is met. Their results lie between the two, except for the
    /// last one, so the rounding error is relative to these values.
    #[inline]
    pub(super) fn gain(&self, delta: f64, threshold: Threshold, left: Left) -> f64 {
        let twice = 2.0 * delta * (1.0 + 4.0 * EPSILON);
        match self.precision {
            Precision::Exact => delta,
            Precision::One { .. } => {
                let largest = left.magnitude + (threshold.bound - left.value).abs();
                twice.min(delta * (1.0 + 4.0 * EPSILON) + EPSILON * largest)
            }
            Precision::Several { .. } => twice,
        }
    }

    fn computes(&self) -> bool {
        matches!(self.precision, Precision::One { computes: true } | Precision::Several { computes: true })
    }

    /// The largest error of computing the left side, in a condition or here. It is larger where terms cancel
    /// out.
    fn slack(&self, threshold: Threshold, left: Left) -> f64 {
        let operations = 8.0 * (1 + self.terms.len()) as f64;
        let bound = threshold.bound.abs();
        1e-9 * (1.0 + bound) + operations * EPSILON * (left.magnitude + bound)
    }

    /// What effects that happen together, sorted by slot, do to the left side; `None` where they cannot help.
    pub(super) fn change(&self, effects: &[NumericEffect]) -> Option<Change> {
        let mut delta = 0.0;
        let mut touched = 0;
        for &(slot, factor) in &self.terms {
            let first = effects.partition_point(|effect| effect.slot < slot);
            let end = first + effects[first..].partition_point(|effect| effect.slot == slot);
            for effect in &effects[first..end] {
                touched += 1;
                match (effect.constant_delta(), effect.operand) {
                    (Some(change), _) => delta += factor * change,
                    (None, Operand::Constant(value))
                        if self.terms.len() == 1
                            && effect.kind == NumericKind::Assign
                            && end == first + 1 =>
                    {
                        return Some(Change::Becomes(factor * value.as_f64()));
                    }
                    _ => return Some(Change::Varies),
                }
            }
        }
        match self.precision {
            Precision::Exact => {}
            // The error of a computed side depends on the values that the slots have by then.
            Precision::Several { computes: true } if touched > 0 => return Some(Change::Varies),
            // Two floats that change by equal amounts may drift apart, because each of them is rounded.
            _ if touched >= 2 => return Some(Change::Varies),
            _ => {}
        }
        (touched > 0 && delta > 0.0).then_some(Change::Grows(delta))
    }
}

/// How often a step that adds at most `gain` must be repeated to make up a deficit; at least 1.
#[inline]
pub(super) fn repetitions(deficit: f64, gain: f64) -> i64 {
    let ratio = deficit / gain;
    // Rounding errors must not add a repetition.
    let times = (ratio - 1e-9 * (1.0 + ratio)).ceil();
    times.clamp(1.0, 1e15) as i64
}
