//! Counts of durations by their length, in buckets that grow by √2: half a kilobyte, however many there are.

use std::time::Duration;

/// Buckets of a histogram.
pub const BUCKETS: usize = 48;
/// Where the second octave begins, in milliseconds; see [`Histogram::lower_ms`].
const LEAST_MS: f64 = 1.0 / 128.0;

/// Durations by length. Bucket `i` holds lengths in `[2^(i/2) / 128, 2^((i+1)/2) / 128)` ms, the first everything
/// shorter, the last everything longer: from 8 µs to two minutes.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    counts: [u64; BUCKETS],
    /// How many there are.
    pub count: u64,
    /// Their sum.
    pub sum: Duration,
    /// The longest.
    pub longest: Duration,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: [0; BUCKETS], count: 0, sum: Duration::ZERO, longest: Duration::ZERO }
    }
}

impl Histogram {
    /// Counts a duration.
    pub fn add(&mut self, length: Duration) {
        self.count += 1;
        self.sum = self.sum.saturating_add(length);
        self.longest = self.longest.max(length);
        let octaves = (length.as_secs_f64() * 1e3 / LEAST_MS).max(1.0).log2();
        self.counts[((octaves * 2.0) as usize).min(BUCKETS - 1)] += 1;
    }

    /// Counts all that another one has counted.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum = self.sum.saturating_add(other.sum);
        self.longest = self.longest.max(other.longest);
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
    }

    /// How many there are in each bucket.
    pub fn counts(&self) -> &[u64; BUCKETS] {
        &self.counts
    }

    /// Where a bucket begins, in milliseconds; but the first begins at 0. The bucket after the last ends nowhere.
    pub fn lower_ms(bucket: usize) -> f64 {
        let octave = LEAST_MS * (1_u64 << (bucket / 2)) as f64;
        if bucket.is_multiple_of(2) { octave } else { octave * std::f64::consts::SQRT_2 }
    }

    /// The length that this share of all durations is no longer than, to within a bucket; `None` where there are none.
    pub fn quantile(&self, share: f64) -> Option<Duration> {
        let rank = share.clamp(0.0, 1.0) * self.count as f64;
        let mut below = 0.0;
        for (bucket, &count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let within = (rank - below) / count as f64;
            if within <= 1.0 {
                let lower = if bucket == 0 { 0.0 } else { Self::lower_ms(bucket) };
                let ms = lower + (Self::lower_ms(bucket + 1) - lower) * within.max(0.0);
                return Some(Duration::from_secs_f64(ms / 1e3).min(self.longest));
            }
            below += count as f64;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(micros: &[u64]) -> Histogram {
        let mut histogram = Histogram::default();
        micros.iter().for_each(|&length| histogram.add(Duration::from_micros(length)));
        histogram
    }

    #[test]
    fn every_length_has_a_bucket_that_holds_it() {
        for micros in [0, 1, 8, 11, 125, 177, 1_000, 50_000, 3_600_000_000] {
            let histogram = of(&[micros]);
            let bucket = histogram.counts().iter().position(|count| *count == 1).unwrap();
            let ms = micros as f64 / 1e3;
            assert!(bucket == 0 || Histogram::lower_ms(bucket) <= ms, "{micros} µs in {bucket}");
            assert!(bucket == BUCKETS - 1 || ms < Histogram::lower_ms(bucket + 1), "{micros} µs in {bucket}");
        }
    }

    #[test]
    fn quantiles_are_right_to_within_a_bucket() {
        assert_eq!(Histogram::default().quantile(0.5), None);
        let lengths: Vec<u64> = (1..=1_000).map(|at| at * 10).collect();
        let histogram = of(&lengths);
        for (share, exact) in [(0.5, 5_000.0), (0.9, 9_000.0), (0.99, 9_900.0)] {
            let found = histogram.quantile(share).unwrap().as_secs_f64() * 1e6;
            assert!((found / exact).log2().abs() <= 0.5, "{share}: {found} for {exact}");
        }
        assert_eq!(histogram.quantile(1.0), Some(Duration::from_millis(10)));
    }

    #[test]
    fn what_is_merged_is_as_if_it_had_been_counted_together() {
        let mut merged = of(&[5, 70_000]);
        merged.merge(&of(&[300, 9_000_000]));
        assert_eq!(merged, of(&[5, 70_000, 300, 9_000_000]));
    }
}
