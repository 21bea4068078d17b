//! Numeric tests, and the ranges of slots, as numeric atoms: a left side and a bound.

use super::axis::Threshold;
use super::grid::{Grids, is_exact_number};
use crate::task::{Comparison, Layout, NumericEffect, NumericKind, NumericTest, Operand, SlotId, SlotKind};

/// An atom that has no axis yet: `Σ factor × slot ≥ bound`, or `>` where strict.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) terms: Vec<(SlotId, f64)>,
    pub(super) threshold: Threshold,
    /// Whether the side is exact.
    pub(super) is_exact: bool,
    /// Whether a condition computes the left side; otherwise it compares slots.
    pub(super) is_computed: bool,
}

/// Turns tests into atoms.
#[derive(Clone, Copy)]
pub(super) struct Drafter<'a> {
    pub(super) layout: &'a Layout,
    pub(super) grids: &'a Grids,
}

impl Drafter<'_> {
    /// The atoms of a test: one for an inequality, two (both needed) for `==`. There are none if the test is
    /// not linear, which counts as met. `!=` is not a conjunction; see [`Self::alternatives`].
    pub(super) fn conjuncts(&self, test: &NumericTest) -> impl Iterator<Item = Draft> {
        let upper = |strict| self.side(test, -1.0, strict);
        let lower = |strict| self.side(test, 1.0, strict);
        let atoms = match test.comparison {
            Comparison::Equal => [lower(false), upper(false)],
            Comparison::Greater => [lower(true), None],
            Comparison::AtLeast => [lower(false), None],
            Comparison::Less => [upper(true), None],
            Comparison::AtMost => [upper(false), None],
            Comparison::NotEqual => [None, None],
        };
        atoms.into_iter().flatten()
    }

    /// The two atoms of which one must hold for `!=`; `None` if the test is not linear.
    pub(super) fn alternatives(&self, test: &NumericTest) -> Option<[Draft; 2]> {
        Some([self.side(test, 1.0, true)?, self.side(test, -1.0, true)?])
    }

    fn side(&self, test: &NumericTest, sign: f64, is_strict: bool) -> Option<Draft> {
        let difference = self.layout.linear(test.left)?.plus(-1.0, &self.layout.linear(test.right)?);
        let terms = difference.terms.iter().map(|&(slot, factor)| (slot, factor * sign)).collect();
        let sides = [test.left, test.right];
        let is_computed = sides.iter().any(|side| matches!(side, Operand::Expression(_)));
        let is_exact = sides.iter().all(|&side| self.grids.is_computed_exactly(self.layout, side));
        let threshold = Threshold { bound: -difference.constant * sign, is_strict };
        Some(self.draft(terms, threshold, is_computed, is_exact))
    }

    fn draft(
        &self,
        terms: Vec<(SlotId, f64)>,
        mut threshold: Threshold,
        is_computed: bool,
        is_exact: bool,
    ) -> Draft {
        // Adding 0.0 turns −0.0 into 0.0, so that equal bounds are one.
        threshold.bound += 0.0;
        let is_exact = (is_exact || !is_computed) && self.grids.are_exact(&terms);
        if is_exact && self.grids.are_integers(&terms) {
            // Over integers `> b` is `≥ b + 1`.
            let bound = threshold.bound;
            let bound = if threshold.is_strict { bound.floor() + 1.0 } else { bound.ceil() };
            threshold = Threshold { bound, is_strict: false };
        }
        Draft { terms, threshold, is_exact, is_computed: is_computed && !is_exact }
    }

    /// The conditions that an effect imposes because the slot must stay in its range. Bounds that
    /// no author wrote (±(2^53 − 1), ±∞) are left out, which only weakens the relaxation.
    pub(super) fn of_range(&self, effect: &NumericEffect) -> impl Iterator<Item = Draft> {
        let [low, high] = written_range(self.layout.slots[effect.slot.0 as usize]);
        let target = (effect.slot, 1.0);
        let of_operand = |sign: f64| match effect.operand {
            Operand::Slot(slot) if slot != effect.slot => Some((vec![target, (slot, sign)], 0.0)),
            Operand::Slot(_) | Operand::Expression(_) => None,
            Operand::Constant(value) => Some((vec![target], sign * value.as_f64())),
        };
        let found = match (effect.kind, effect.operand) {
            (NumericKind::Assign, Operand::Slot(slot)) => Some((vec![(slot, 1.0)], 0.0)),
            (NumericKind::Increase, _) => of_operand(1.0),
            (NumericKind::Decrease, _) => of_operand(-1.0),
            _ => None,
        };
        let drafts = found.map(|(terms, shift)| {
            let of_bound = |terms: Vec<(SlotId, f64)>, bound: f64| {
                let is_exact = self.grids.are_of_integer_type(&terms)
                    || [shift, bound].iter().all(|&number| is_exact_number(number));
                let threshold = Threshold { bound, is_strict: false };
                self.draft(terms, threshold, true, is_exact)
            };
            let negated: Vec<_> = terms.iter().map(|&(slot, sign)| (slot, -sign)).collect();
            let low = low.filter(|_| shift <= 0.0).map(|low| of_bound(terms, low - shift));
            [low, high.filter(|_| shift >= 0.0).map(|high| of_bound(negated, shift - high))]
        });
        drafts.into_iter().flatten().flatten()
    }
}

/// The bounds of a slot that an author wrote.
fn written_range(kind: SlotKind) -> [Option<f64>; 2] {
    let limit = |value: f64, natural: f64| (value.abs() < natural).then_some(value);
    match kind {
        SlotKind::Int { low, high } => {
            let natural = ((1i64 << 53) - 1) as f64;
            [limit(low as f64, natural), limit(high as f64, natural)]
        }
        SlotKind::Float { low, high } => [limit(low, f64::INFINITY), limit(high, f64::INFINITY)],
    }
}
