//! Hashes and random numbers that are equal on every platform.
//!
//! Hashes that leave the process (content keys, checksums, trace hashes) and everything that
//! could order results use these and nothing else: `usize`-dependent hashers give other values
//! on wasm32. XXH3 comes from the `xxhash-rust` crate; `SplitMix64` is Steele, Lea & Flood (2014).

use xxhash_rust::xxh3;

/// 128-bit content key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash(pub u128);

/// The content key of `bytes` (XXH3-128).
pub fn content(bytes: &[u8]) -> ContentHash {
    ContentHash(xxh3::xxh3_128(bytes))
}

/// The checksum of a stored record (XXH3-64).
pub fn checksum(bytes: &[u8]) -> u64 {
    xxh3::xxh3_64(bytes)
}

/// Mixes `value` into `hash`; order matters. Not for untrusted keys.
#[inline]
pub fn mix(hash: u64, value: u64) -> u64 {
    let product = u128::from(hash ^ value ^ 0x9E37_79B9_7F4A_7C15) * 0xD6E8_FEB8_6659_FD93;
    (product as u64) ^ ((product >> 64) as u64)
}

/// The hash of a packed state: its words are mixed into a constant one after the other.
#[inline]
pub fn words(words: &[u64]) -> u64 {
    words.iter().fold(0x51_7C_C1_B7_27_22_0A_95, |hash, &word| mix(hash, word))
}

/// The seeded generator: `SplitMix64`.
#[derive(Clone, Debug)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// A generator; equal seeds give equal numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n` (`n > 0`), with the slight bias of a remainder.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next_u64() % n
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_hold_on_every_platform() {
        assert_eq!(SplitMix64::new(0).next_u64(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(checksum(b""), 0x2D06_8005_38D3_94C2);
        assert_ne!(words(&[1, 2]), words(&[2, 1]));
    }
}
