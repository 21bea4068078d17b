//! Numeric atoms on axes: conditions that share a left side, sorted by what they ask of it, and what effects
//! do to that side.
//!
//! States hold doubles, and adding to a double rounds. A lower bound on repetitions therefore takes for the
//! gain of a step the most that it can be after rounding, and for the deficit the least. Where no rounding can
//! happen (see [`Grids`](super::grid::Grids)) both are exact.

use std::ops::Range;

use crate::task::{Layout, NumericEffect, NumericKind, Operand, SlotId};

/// The distance from 1 to the next double: twice what rounding a result once may change, relative to it.
const EPSILON: f64 = f64::EPSILON;

/// `Σ factor × slot`, the left side of numeric atoms.
#[derive(Clone, Debug)]
pub(in crate::heuristic) struct Axis {
    /// Slots with their factors, each slot once.
    pub(super) terms: Vec<(SlotId, f64)>,
    pub(super) precision: Precision,
    /// Its atoms, ascending: each is implied by the next one.
    pub(in crate::heuristic) atoms: Range<usize>,
}

/// What rounding does on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    /// Nothing: all values, sums and changes are exact.
    Exact,
    /// One slot changes. Conditions `compute` the left side, or compare the slot as it is.
    One { computes: bool },
    /// Several slots change.
    Several { computes: bool },
}

/// What an atom asks of its axis: the left side is at least, or more than, the bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Threshold {
    pub(super) bound: f64,
    pub(super) is_strict: bool,
}

/// The left side in a state, or after an assignment.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::heuristic) struct Left {
    value: f64,
    /// `Σ |factor × slot|`, which rounding is relative to.
    magnitude: f64,
}

/// How an operator changes the left side of an axis, as far as it helps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::heuristic) enum Change {
    /// It grows by this much, more than 0, each time.
    Grows(f64),
    /// It becomes this.
    Becomes(f64),
    /// It changes by an amount that depends on the state.
    Varies,
}

impl Left {
    /// The left side once it was assigned.
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

    /// Whether a threshold is met at this left side. Computed sides count as met within what rounding can
    /// do to them, so that no estimate is too high.
    #[inline]
    pub(super) fn is_met(&self, threshold: Threshold, left: Left) -> bool {
        if self.computes() {
            return threshold.bound - left.value <= self.slack(threshold, left);
        }
        if threshold.is_strict { left.value > threshold.bound } else { left.value >= threshold.bound }
    }

    /// What the left side must grow by at least to meet a threshold that it does not meet.
    #[inline]
    pub(super) fn deficit(&self, threshold: Threshold, left: Left) -> f64 {
        let missing = threshold.bound - left.value;
        match self.precision {
            Precision::Exact => missing,
            _ if self.computes() => missing - self.slack(threshold, left),
            _ => missing * (1.0 - 4.0 * EPSILON),
        }
    }

    /// What a step of `delta` adds at most, on the way from this left side to the threshold.
    ///
    /// Adding rounds to the nearest double, and the slot's own value is one: a step adds at most twice what
    /// is written. Where one slot changes, only those steps count that lead from the last time at or below
    /// `left` to the first time that the threshold is met; their results lie between the two but for
    /// the last one, so that their error is relative to these.
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

    /// What computing the left side, in a condition or here, may be off by; more where parts of it cancel out.
    fn slack(&self, threshold: Threshold, left: Left) -> f64 {
        let operations = 8.0 * (1 + self.terms.len()) as f64;
        let bound = threshold.bound.abs();
        1e-9 * (1.0 + bound) + operations * EPSILON * (left.magnitude + bound)
    }

    /// What effects that happen together do to the left side; `None` where they cannot help.
    pub(super) fn change(&self, effects: &[NumericEffect]) -> Option<Change> {
        let is_only = |slot| effects.iter().filter(|effect| effect.slot == slot).count() == 1;
        let mut delta = 0.0;
        let mut touched = 0;
        for &(slot, factor) in &self.terms {
            for effect in effects.iter().filter(|effect| effect.slot == slot) {
                touched += 1;
                match (effect.constant_delta(), effect.operand) {
                    (Some(change), _) => delta += factor * change,
                    (None, Operand::Constant(value))
                        if self.terms.len() == 1 && effect.kind == NumericKind::Assign && is_only(slot) =>
                    {
                        return Some(Change::Becomes(factor * value.as_f64()));
                    }
                    _ => return Some(Change::Varies),
                }
            }
        }
        match self.precision {
            Precision::Exact => {}
            // How far a computed side is off depends on where the slots have gone by then.
            Precision::Several { computes: true } if touched > 0 => return Some(Change::Varies),
            // Two floats that change by equal amounts need not keep their distance: each is rounded.
            _ if touched >= 2 => return Some(Change::Varies),
            _ => {}
        }
        (touched > 0 && delta > 0.0).then_some(Change::Grows(delta))
    }
}

/// Times that a step must be repeated to make up a deficit where it adds at most `gain`; at least 1.
#[inline]
pub(super) fn repetitions(deficit: f64, gain: f64) -> i64 {
    let ratio = deficit / gain;
    // Rounding must not ask for one time too many.
    let times = (ratio - 1e-9 * (1.0 + ratio)).ceil();
    times.clamp(1.0, 1e15) as i64
}
