//! How similar two sets are, by small signatures: one-permutation `MinHash` (Li, Owen & Zhang 2012, "One Permutation
//! Hashing").

use crate::hash;

/// Bins of a signature. The estimate of a similarity `s` deviates by about `√(s (1 − s) / BINS)`.
const BINS: usize = 128;
/// The hash in a bin without elements.
const EMPTY: u32 = u32::MAX;

/// The least hash of a set's elements in each of 128 bins; 512 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature(Box<[u32; BINS]>);

impl Signature {
    /// The signature of a set, given a hash of each element. O(elements).
    pub fn new(elements: impl IntoIterator<Item = u64>) -> Self {
        let mut bins = Box::new([EMPTY; BINS]);
        for element in elements {
            let mixed = hash::mix(element, BINS as u64);
            let bin = &mut bins[mixed as usize % BINS];
            *bin = (*bin).min((mixed >> 32) as u32);
        }
        Self(bins)
    }

    /// An estimate of the share of elements that both sets have among those that either has (Jaccard's index), from
    /// 0 to 1. O(1).
    pub fn similarity(&self, other: &Self) -> f64 {
        let pairs = || self.0.iter().zip(other.0.iter());
        let used = pairs().filter(|&(one, two)| *one != EMPTY || *two != EMPTY).count();
        let equal = pairs().filter(|&(one, two)| one == two && *one != EMPTY).count();
        if used == 0 { 1.0 } else { equal as f64 / used as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_is_near_the_share_of_common_elements() {
        for (common, own) in [(900, 50), (500, 250), (100, 450), (0, 500), (20, 1)] {
            let set = |at: u64| {
                let element = |number: u64| hash::words(&[number]);
                Signature::new((0..common).map(element).chain((at..at + own).map(element)))
            };
            let exact = common as f64 / (common + 2 * own) as f64;
            let estimate = set(10_000).similarity(&set(20_000));
            assert!((estimate - exact).abs() < 0.15, "{common} common, {own} each: {estimate}, not {exact}");
        }
    }

    #[test]
    fn equal_sets_are_equal_in_any_order_and_empty_ones_too() {
        let numbers: Vec<u64> = (0..40).map(|number| hash::words(&[number])).collect();
        let (one, two) = (Signature::new(numbers.clone()), Signature::new(numbers.into_iter().rev()));
        assert_eq!((one == two, one.similarity(&two).to_bits()), (true, 1f64.to_bits()));
        assert_eq!(Signature::new([]).similarity(&Signature::new([])).to_bits(), 1f64.to_bits());
        assert_eq!(one.similarity(&Signature::new([])).to_bits(), 0f64.to_bits());
    }
}
