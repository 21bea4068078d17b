//! What costs are counted in: 64 bits, or 32 where that is enough, which halves what an exploration
//! moves through the cache.

use std::fmt::Debug;

/// A cost that stops growing at a ceiling.
pub(super) trait Amount: Copy + Ord + Debug + 'static {
    /// Nothing.
    const ZERO: Self;
    /// "Not reached".
    const INFINITE: Self;
    /// Sums stop here, still far from overflow when a few are added: what is dear is not out of reach.
    const CEILING: Self;

    /// From task units; what does not fit becomes the ceiling.
    fn of(cost: i64) -> Self;

    /// In task units.
    fn as_i64(self) -> i64;

    /// The sum, or the greatest number there is.
    fn plus(self, other: Self) -> Self;

    /// The difference; nothing where that is negative.
    fn minus(self, other: Self) -> Self;

    /// So many times, or the greatest number there is.
    fn times(self, times: i64) -> Self;
}

/// An amount that sums of preconditions are kept in.
pub(super) trait Summed: Amount {
    /// What one proposition costs at most.
    const LIMIT: Self;
    /// Counts preconditions down and sums what they cost.
    type Counter: Counter<Self>;

    /// Whether a counter has room for so many preconditions at the limit.
    fn fits(preconditions: usize) -> bool;
}

/// Counts the preconditions of a relaxed operator down, and sums what they cost.
pub(super) trait Counter<C>: Copy + Debug {
    /// None of them is met.
    fn new(preconditions: u32) -> Self;

    /// One more is met at this cost; what all cost, once that was the last.
    fn meet(&mut self, cost: C) -> Option<C>;
}

/// For [`i64`].
#[derive(Clone, Copy, Debug)]
pub(super) struct WideCounter {
    unmet: u32,
    paid: i64,
}

/// For [`u32`]: the preconditions not met yet in the high bits, the sum in the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedCounter(u32);

/// Bits of the sum of a packed counter.
const SUM_BITS: u32 = 26;
/// Most preconditions that a packed counter counts.
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
        // At most `PACKED_MOST` times the limit: the sum stays within its bits.
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
