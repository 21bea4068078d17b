//! Numeric atoms and what operators do to them.

use crate::task::SlotKind;
use crate::task::{Comparison, Layout, NumericEffect, NumericKind, NumericTest, Operand, SlotId};

/// `Σ factor × slot ≥ bound`, or `>` where strict.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::heuristic) struct Atom {
    /// Slots with their factors, each slot once.
    pub(super) terms: Vec<(SlotId, f64)>,
    bound: f64,
    is_strict: bool,
    /// Whether all slots are integers with whole factors, whose sums do not drift.
    is_exact: bool,
    /// What may be missing all the same: sums that were computed in floats count as met within a
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
    /// The atoms of a test: one for an inequality, two (both needed) for `==`; none where the test is not
    /// linear, which takes it for met. `!=` is not a conjunction; see [`Atom::alternatives`].
    pub(super) fn conjuncts(test: &NumericTest, layout: &Layout) -> Vec<Self> {
        let upper = |strict| Self::of(test, layout, -1.0, strict);
        let lower = |strict| Self::of(test, layout, 1.0, strict);
        let atoms = match test.comparison {
            Comparison::Equal => [lower(false), upper(false)],
            Comparison::Greater => [lower(true), None],
            Comparison::AtLeast => [lower(false), None],
            Comparison::Less => [upper(true), None],
            Comparison::AtMost => [upper(false), None],
            Comparison::NotEqual => [None, None],
        };
        atoms.into_iter().flatten().collect()
    }

    /// The two atoms of which one must hold for `!=`; `None` where it is not linear.
    pub(super) fn alternatives(test: &NumericTest, layout: &Layout) -> Option<[Self; 2]> {
        Some([Self::of(test, layout, 1.0, true)?, Self::of(test, layout, -1.0, true)?])
    }

    fn of(test: &NumericTest, layout: &Layout, sign: f64, is_strict: bool) -> Option<Self> {
        let difference = layout.linear(test.left)?.plus(-1.0, &layout.linear(test.right)?);
        let terms = difference.terms.iter().map(|&(slot, factor)| (slot, factor * sign)).collect();
        let mut atom = Self::new(terms, -difference.constant * sign, is_strict, layout);
        let is_computed = [test.left, test.right].iter().any(|side| matches!(side, Operand::Expression(_)));
        if is_computed && !atom.is_exact {
            atom.slack = 1e-9 * (1.0 + atom.bound.abs());
        }
        Some(atom)
    }

    fn new(terms: Vec<(SlotId, f64)>, bound: f64, is_strict: bool, layout: &Layout) -> Self {
        let is_whole = |&(slot, factor): &(SlotId, f64)| {
            matches!(layout.slots[slot.0 as usize], SlotKind::Int { .. }) && factor.fract() == 0.0
        };
        let is_exact = terms.iter().all(is_whole);
        // Over integers `> b` is `≥ b + 1`.
        let (bound, is_strict) = match (is_exact, is_strict) {
            (true, true) => (bound.floor() + 1.0, false),
            (true, false) => (bound.ceil(), false),
            _ => (bound, is_strict),
        };
        Self { terms, bound, is_strict, is_exact, slack: 0.0 }
    }

    fn of_bound(terms: Vec<(SlotId, f64)>, bound: f64, layout: &Layout) -> Self {
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
            (NumericKind::Assign, Operand::Slot(slot)) => (vec![(slot, 1.0)], 0.0),
            (NumericKind::Increase | NumericKind::Decrease, Operand::Slot(slot)) if slot == effect.slot => {
                return Vec::new();
            }
            (NumericKind::Increase, Operand::Slot(slot)) => (vec![target, (slot, 1.0)], 0.0),
            (NumericKind::Decrease, Operand::Slot(slot)) => (vec![target, (slot, -1.0)], 0.0),
            _ => match effect.constant_delta() {
                Some(delta) => (vec![target], delta),
                None => return Vec::new(),
            },
        };
        let negated = terms.iter().map(|&(slot, sign)| (slot, -sign)).collect();
        let at_least = low.filter(|_| shift <= 0.0).map(|low| Self::of_bound(terms, low - shift, layout));
        let at_most = high.filter(|_| shift >= 0.0).map(|high| Self::of_bound(negated, shift - high, layout));
        at_least.into_iter().chain(at_most).collect()
    }

    /// The left side in a state.
    #[inline]
    pub(in crate::heuristic) fn left(&self, layout: &Layout, state: &[u64]) -> f64 {
        self.terms.iter().map(|&(slot, factor)| factor * layout.read(slot, state).as_f64()).sum()
    }

    /// What is missing at this left side: `None` where the atom holds.
    #[inline]
    pub(in crate::heuristic) fn deficit(&self, left: f64) -> Option<f64> {
        let deficit = self.bound - left;
        let is_met_at_zero = !self.is_strict || self.slack > 0.0;
        let is_missing = if is_met_at_zero { deficit > self.slack } else { deficit >= 0.0 };
        is_missing.then_some(deficit)
    }

    /// What effects that happen together do to the left side; `None` where they cannot help.
    pub(super) fn influence(&self, effects: &[NumericEffect]) -> Option<InfluenceKind> {
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
                        return Some(InfluenceKind::Becomes(factor * value.as_f64()));
                    }
                    _ => return Some(InfluenceKind::Varies),
                }
            }
        }
        // Two floats that change by equal amounts need not keep their distance: each is rounded.
        if touched >= 2 && !self.is_exact {
            return Some(InfluenceKind::Varies);
        }
        (touched > 0 && delta > 0.0).then_some(InfluenceKind::Grows(delta))
    }

    /// A key under which equal atoms meet.
    pub(super) fn key(&self) -> Vec<u64> {
        let terms = self.terms.iter().flat_map(|&(slot, factor)| [u64::from(slot.0), factor.to_bits()]);
        terms.chain([self.bound.to_bits(), self.slack.to_bits(), u64::from(self.is_strict)]).collect()
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
