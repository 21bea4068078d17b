//! The integer types that costs are counted in: 64 bits, or 32 bits where that is enough, which halves the
//! memory traffic of an exploration.

use std::fmt::Debug;

/// A cost that stops growing at a ceiling.
pub(super) trait Amount: Copy + Ord + Debug + 'static {
    /// No cost.
    const ZERO: Self;
    /// The cost of what is not reached.
    const INFINITE: Self;
    /// Sums are capped here. It is below `INFINITE`, so an expensive proposition is not taken for an
    /// unreachable one, and a few sums do not overflow.
    const CEILING: Self;

    /// Converts from task units; a cost that does not fit becomes the ceiling.
    fn of(cost: i64) -> Self;

    /// Converts to task units.
    fn as_i64(self) -> i64;

    /// The sum, saturating.
    fn plus(self, other: Self) -> Self;

    /// The difference, at least 0.
    fn minus(self, other: Self) -> Self;

    /// The product, saturating.
    fn times(self, times: i64) -> Self;
}

/// An amount for sums over the preconditions of an operator.
pub(super) trait Summed: Amount {
    /// The cost of a single proposition is capped here.
    const LIMIT: Self;
    /// Counts the unmet preconditions of an operator and sums the costs of the met ones.
    type Counter: Counter<Self>;

    /// Whether a counter has room for this many preconditions, each at the limit.
    fn fits(preconditions: usize) -> bool;
}

/// Counts the unmet preconditions of a relaxed operator and sums the costs of the met ones.
pub(super) trait Counter<C>: Copy + Debug {
    /// A counter with no precondition met.
    fn new(preconditions: u32) -> Self;

    /// Counts one more precondition as met, at this cost. Answers the sum once all are met.
    fn meet(&mut self, cost: C) -> Option<C>;
}

/// The counter for [`i64`].
#[derive(Clone, Copy, Debug)]
pub(super) struct WideCounter {
    unmet: u32,
    paid: i64,
}

/// The counter for [`u32`]: the number of unmet preconditions in the high bits, the sum in the low bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedCounter(u32);

/// Bits of a packed counter that hold the sum.
const SUM_BITS: u32 = 26;
/// Most preconditions that a packed counter can count.
const PACKED_MOST: usize = (1 << (u32::BITS - SUM_BITS)) - 1;

impl Summed for i64 {
    const LIMIT: Self = Self::CEILING;
    type Counter = WideCounter;

    fn fits(_preconditions: usize) -> bool {
        true
    }
}

impl Counter<i64> for WideCounter {
    fn new(preconditions: u32) -> Self {
        Self { unmet: preconditions, paid: 0 }
    }

    #[inline]
    fn meet(&mut self, cost: i64) -> Option<i64> {
        self.unmet -= 1;
        self.paid = self.paid.saturating_add(cost);
        (self.unmet == 0).then_some(self.paid)
    }
}

impl Summed for u32 {
    const LIMIT: Self = (1 << SUM_BITS) / (PACKED_MOST as u32 + 1) - 1;
    type Counter = PackedCounter;

    fn fits(preconditions: usize) -> bool {
        preconditions <= PACKED_MOST
    }
}

impl Counter<u32> for PackedCounter {
    fn new(preconditions: u32) -> Self {
        Self(preconditions << SUM_BITS)
    }

    #[inline]
    fn meet(&mut self, cost: u32) -> Option<u32> {
        // The counter meets at most `PACKED_MOST` costs of at most the limit, so the sum stays within its
        // bits.
        self.0 = self.0.wrapping_add(cost).wrapping_sub(1 << SUM_BITS);
        (self.0 >> SUM_BITS == 0).then_some(self.0)
    }
}

impl Amount for i64 {
    const ZERO: Self = 0;
    const INFINITE: Self = i64::MAX;
    const CEILING: Self = i64::MAX / 16;

    fn of(cost: i64) -> Self {
        cost
    }

    fn as_i64(self) -> i64 {
        self
    }

    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }

    fn minus(self, other: Self) -> Self {
        (self - other).max(0)
    }

    fn times(self, times: i64) -> Self {
        self.saturating_mul(times)
    }
}

impl Amount for u32 {
    const ZERO: Self = 0;
    const INFINITE: Self = u32::MAX;
    const CEILING: Self = u32::MAX / 16;

    fn of(cost: i64) -> Self {
        u32::try_from(cost).map_or(Self::CEILING, |cost| cost.min(Self::CEILING))
    }

    fn as_i64(self) -> i64 {
        i64::from(self)
    }

    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }

    fn minus(self, other: Self) -> Self {
        self.saturating_sub(other)
    }

    fn times(self, times: i64) -> Self {
        Self::of(i64::from(self).saturating_mul(times))
    }
}
