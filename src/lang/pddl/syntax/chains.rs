//! A hash index that never grows: equal hashes are chained, so that no insertion takes long.

const NONE: u32 = u32::MAX;
const BUCKETS_MIN: usize = 64;
const BUCKETS_MAX: usize = 1 << 22;

/// An index of the numbers 0, 1, … by the hash that each was pushed with. Its owner knows what the numbers stand
/// for.
#[derive(Clone, Debug)]
pub struct Chains {
    /// First of each chain plus one; 0 for none, as fresh memory is.
    buckets: Vec<u32>,
    next: Vec<u32>,
}

impl Chains {
    /// An index for about `expected` entries; more of them only make chains longer.
    pub fn new(expected: usize) -> Self {
        let buckets = expected.next_power_of_two().clamp(BUCKETS_MIN, BUCKETS_MAX);
        Self { buckets: vec![0; buckets], next: Vec::new() }
    }

    /// Adds the next number under `hash`.
    pub fn push(&mut self, hash: u64) -> u32 {
        let bucket = self.bucket(hash);
        let index = self.next.len() as u32;
        self.next.push(self.buckets[bucket].wrapping_sub(1));
        self.buckets[bucket] = index + 1;
        index
    }

    /// The newest number whose hash may be `hash`.
    pub fn first(&self, hash: u64) -> Option<u32> {
        self.buckets[self.bucket(hash)].checked_sub(1)
    }

    /// The number behind it in its chain.
    pub fn after(&self, index: u32) -> Option<u32> {
        Some(self.next[index as usize]).filter(|&next| next != NONE)
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        (self.buckets.len() + self.next.capacity()) * size_of::<u32>()
    }

    fn bucket(&self, hash: u64) -> usize {
        (hash ^ (hash >> 32)) as usize & (self.buckets.len() - 1)
    }
}
