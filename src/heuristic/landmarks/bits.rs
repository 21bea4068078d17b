//! Sets of landmarks in words of bits.

/// Bits of landmarks.
pub(super) type Bits = Vec<u64>;

/// The places of the bits that are set.
pub(super) fn places(bits: impl IntoIterator<Item = u64>) -> impl Iterator<Item = usize> {
    bits.into_iter().enumerate().flat_map(|(word, bits)| {
        let rest = |&bits: &u64| (bits & (bits - 1) != 0).then(|| bits & (bits - 1));
        let set = std::iter::successors((bits != 0).then_some(bits), rest);
        set.map(move |bits| word * 64 + bits.trailing_zeros() as usize)
    })
}

/// Sets a bit.
pub(super) fn set(bits: &mut [u64], place: usize) {
    bits[place / 64] |= 1 << (place % 64);
}

/// Whether a bit is set.
pub(super) fn has(bits: &[u64], place: usize) -> bool {
    bits[place / 64] >> (place % 64) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_bits() {
        assert_eq!(places([0, 1 << 63 | 5, 2]).collect::<Vec<_>>(), [64, 66, 127, 129]);
        assert_eq!(places([]).count(), 0);
    }
}
