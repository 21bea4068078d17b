//! Numeric atoms and what operators do to them.

use crate::task::SlotKind;
use crate::task::{Comparison, Layout, NumericEffect, NumericKind, NumericTest, Operand, Operator, SlotId};

/// `Σ sign × slot ≥ bound`, or `>` where strict. At most two terms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::heuristic) struct Atom {
    /// Slots with their signs (±1).
    pub(super) terms: [Option<(SlotId, f64)>; 2],
    bound: f64,
    is_strict: bool,
    /// Whether all slots are integers, whose sums do not drift.
    is_exact: bool,
    /// What may be missing all the same: bounds that were computed in floats count as met within a
    /// relative 10⁻⁹, so that rounding never makes an estimate too high.
    slack: f64,
}

/// What a relaxed operator does to an atom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::heuristic) struct Influence {
    /// The relaxed operator.
    pub(in crate::heuristic) operator: u32,
    /// The atom.
    pub(in crate::heuristic) atom: u32,
    /// How the left side changes.
    pub(in crate::heuristic) kind: InfluenceKind,
}

/// How an operator changes the left side of an atom, as far as it helps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::heuristic) enum InfluenceKind {
    /// It grows by this much, more than 0, each time.
    Grows(f64),
    /// It becomes this.
    Becomes(f64),
    /// It changes by an amount that depends on the state.
    Varies,
}

impl Atom {
    /// The atoms of a test: one for an inequality, two (both needed) for `==`. `!=` is not a
    /// conjunction; see [`Atom::alternatives`].
    pub(super) fn conjuncts(test: &NumericTest, layout: &Layout) -> Vec<Self> {
        let upper = |strict| Self::of(test, layout, -1.0, strict);
        let lower = |strict| Self::of(test, layout, 1.0, strict);
        match test.comparison {
            Comparison::Equal => vec![lower(false), upper(false)],
            Comparison::Greater => vec![lower(true)],
            Comparison::AtLeast => vec![lower(false)],
            Comparison::Less => vec![upper(true)],
            Comparison::AtMost => vec![upper(false)],
            Comparison::NotEqual => Vec::new(),
        }
    }

    /// The two atoms of which one must hold for `!=`.
    pub(super) fn alternatives(test: &NumericTest, layout: &Layout) -> [Self; 2] {
        [Self::of(test, layout, 1.0, true), Self::of(test, layout, -1.0, true)]
    }

    fn of(test: &NumericTest, layout: &Layout, sign: f64, is_strict: bool) -> Self {
        let (second, bound) = match test.operand {
            Operand::Constant(value) => (None, value.as_f64() * sign),
            Operand::Slot(slot) => (Some((slot, -sign)), 0.0),
        };
        Self::new([Some((test.slot, sign)), second], bound, is_strict, layout)
    }

    fn new(terms: [Option<(SlotId, f64)>; 2], bound: f64, is_strict: bool, layout: &Layout) -> Self {
        let is_exact = terms
            .iter()
            .flatten()
            .all(|(slot, _)| matches!(layout.slots[slot.0 as usize], SlotKind::Int { .. }));
        // Over integers `> b` is `≥ b + 1`.
        let (bound, is_strict) = match (is_exact, is_strict) {
            (true, true) => (bound.floor() + 1.0, false),
            (true, false) => (bound.ceil(), false),
            _ => (bound, is_strict),
        };
        Self { terms, bound, is_strict, is_exact, slack: 0.0 }
    }

    fn of_bound(terms: [Option<(SlotId, f64)>; 2], bound: f64, layout: &Layout) -> Self {
        let mut atom = Self::new(terms, bound, false, layout);
        if !atom.is_exact {
            atom.slack = 1e-9 * (1.0 + bound.abs());
        }
        atom
    }

    /// The conditions that an effect imposes because the slot must stay in its range. Bounds that
    /// no author wrote (±(2^53 − 1), ±∞) are left out, which only weakens the relaxation.
    pub(super) fn of_range(effect: &NumericEffect, layout: &Layout) -> Vec<Self> {
        let limit = |value: f64, natural: f64| (value.abs() < natural).then_some(value);
        let (low, high) = match layout.slots[effect.slot.0 as usize] {
            SlotKind::Int { low, high } => {
                let natural = ((1i64 << 53) - 1) as f64;
                (limit(low as f64, natural), limit(high as f64, natural))
            }
            SlotKind::Float { low, high } => (limit(low, f64::INFINITY), limit(high, f64::INFINITY)),
        };
        let target = (effect.slot, 1.0);
        let (terms, shift) = match (effect.kind, effect.operand) {
            (NumericKind::Assign, Operand::Constant(_)) => return Vec::new(),
            (NumericKind::Assign, Operand::Slot(slot)) => ([Some((slot, 1.0)), None], 0.0),
            (_, Operand::Slot(slot)) if slot == effect.slot => return Vec::new(),
            (NumericKind::Increase, Operand::Slot(slot)) => ([Some(target), Some((slot, 1.0))], 0.0),
            (NumericKind::Decrease, Operand::Slot(slot)) => ([Some(target), Some((slot, -1.0))], 0.0),
            (_, Operand::Constant(_)) => ([Some(target), None], effect.constant_delta().unwrap_or(0.0)),
        };
        let negated = terms.map(|term| term.map(|(slot, sign)| (slot, -sign)));
        let at_least = low.filter(|_| shift <= 0.0).map(|low| Self::of_bound(terms, low - shift, layout));
        let at_most = high.filter(|_| shift >= 0.0).map(|high| Self::of_bound(negated, shift - high, layout));
        at_least.into_iter().chain(at_most).collect()
    }

    /// The left side in a state.
    #[inline]
    pub(in crate::heuristic) fn left(&self, layout: &Layout, state: &[u64]) -> f64 {
        let terms = self.terms.iter().flatten();
        terms.map(|&(slot, sign)| sign * layout.read(slot, state).as_f64()).sum()
    }

    /// What is missing at this left side: `None` where the atom holds.
    #[inline]
    pub(in crate::heuristic) fn deficit(&self, left: f64) -> Option<f64> {
        let deficit = self.bound - left;
        let is_missing = if self.is_strict { deficit >= 0.0 } else { deficit > self.slack };
        is_missing.then_some(deficit)
    }

    /// What an operator does to the left side; `None` where it cannot help.
    pub(super) fn influence(&self, operator: &Operator) -> Option<InfluenceKind> {
        let mut delta = 0.0;
        let mut touched = 0;
        for &(slot, sign) in self.terms.iter().flatten() {
            let Some(effect) = operator.numeric.iter().find(|effect| effect.slot == slot) else { continue };
            touched += 1;
            match (effect.constant_delta(), effect.operand) {
                (Some(change), _) => delta += sign * change,
                (None, Operand::Constant(value))
                    if self.terms[1].is_none() && effect.kind == NumericKind::Assign =>
                {
                    return Some(InfluenceKind::Becomes(sign * value.as_f64()));
                }
                _ => return Some(InfluenceKind::Varies),
            }
        }
        // Two floats that change by equal amounts need not keep their distance: each is rounded.
        if touched == 2 && !self.is_exact {
            return Some(InfluenceKind::Varies);
        }
        (touched > 0 && delta > 0.0).then_some(InfluenceKind::Grows(delta))
    }

    /// A key under which equal atoms meet.
    pub(super) fn key(&self) -> [u64; 6] {
        let term = |term: Option<(SlotId, f64)>| {
            term.map_or((u64::MAX, 0), |(slot, sign)| (u64::from(slot.0), sign.to_bits()))
        };
        let ((a, b), (c, d)) = (term(self.terms[0]), term(self.terms[1]));
        [a, b, c, d, self.bound.to_bits(), u64::from(self.is_strict)]
    }
}

/// Times an operator must be applied to make up a deficit by steps of `delta`; at least 1.
#[inline]
pub(in crate::heuristic) fn repetitions(deficit: f64, delta: f64) -> i64 {
    let ratio = deficit / delta;
    // Rounding must not ask for one time too many.
    let times = (ratio - 1e-9 * (1.0 + ratio)).ceil();
    times.clamp(1.0, 1e15) as i64
}
