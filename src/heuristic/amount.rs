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
