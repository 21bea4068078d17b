//! Measures how long slices take, for the driver, which adapts to it, and for the timings on show.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use super::Histogram;

/// Most entries that are kept of all slices; an even number.
const ENTRIES_MAX: usize = 4_096;
/// Octaves of [`SliceLog::octaves`], and the bucket of the histogram at which the first begins, at 0.125 ms.
const OCTAVES: usize = 11;
const FIRST_OCTAVE: usize = 8;

/// The slices of one job.
#[derive(Clone, Debug, PartialEq)]
pub struct SliceLog {
    /// Their lengths.
    pub lengths: Histogram,
    entries: Vec<(u32, f32)>,
    /// How many slices a full entry stands for, and how many the last entry stands for so far.
    per_entry: u64,
    in_last: u64,
}

impl Default for SliceLog {
    fn default() -> Self {
        Self { lengths: Histogram::default(), entries: Vec::new(), per_entry: 1, in_last: 0 }
    }
}

impl SliceLog {
    /// All slices, oldest first: expansions of the job when the slice ended, its length in ms. Where there are
    /// very many, one entry stands for several that follow each other: their end, and the longest.
    pub fn entries(&self) -> &[(u32, f32)] {
        &self.entries
    }

    /// Counts by length in whole octaves: `i` holds lengths in `[0.125·2^i, 0.125·2^(i+1))` ms, the first everything
    /// shorter, the last everything longer.
    pub fn octaves(&self) -> [u32; OCTAVES] {
        let mut octaves = [0; OCTAVES];
        for (bucket, count) in self.lengths.counts().iter().enumerate() {
            let octave = bucket.saturating_sub(FIRST_OCTAVE) / 2;
            octaves[octave.min(OCTAVES - 1)] += *count as u32;
        }
        octaves
    }

    fn add(&mut self, expansions: u64, length: Duration) {
        self.lengths.add(length);
        let ms = length.as_secs_f64() * 1e3;
        let entry = (expansions.min(u64::from(u32::MAX)) as u32, ms as f32);
        if let Some(last) = self.entries.last_mut().filter(|_| self.in_last < self.per_entry) {
            self.in_last += 1;
            *last = both(*last, entry);
            return;
        }
        if self.entries.len() == ENTRIES_MAX {
            for pair in 0..ENTRIES_MAX / 2 {
                self.entries[pair] = both(self.entries[2 * pair], self.entries[2 * pair + 1]);
            }
            self.entries.truncate(ENTRIES_MAX / 2);
            self.per_entry *= 2;
        }
        self.entries.push(entry);
        self.in_last = 1;
    }
}

/// One entry for two consecutive ones.
fn both(first: (u32, f32), second: (u32, f32)) -> (u32, f32) {
    (second.0, first.1.max(second.1))
}

/// Time spent on a job. One thread, shared by reference count.
#[derive(Debug, Default)]
pub struct Meter {
    worked: Cell<Duration>,
    waited: Cell<Duration>,
    held_since: Cell<Option<Duration>>,
    expansions: Cell<u64>,
    log: RefCell<SliceLog>,
}

impl Meter {
    /// Time of work: the sum of all slices.
    pub fn worked(&self) -> Duration {
        self.worked.get()
    }

    /// Time that the job was held until `now`: paused, or waiting for its pace.
    pub fn waited(&self, now: Duration) -> Duration {
        let held = self.held_since.get().map_or(Duration::ZERO, |since| now.saturating_sub(since));
        self.waited.get() + held
    }

    /// Looks at the slices.
    pub fn with_slices<R>(&self, look: impl FnOnce(&SliceLog) -> R) -> R {
        look(&self.log.borrow())
    }

    /// Expansions of all slices.
    pub(super) fn expansions(&self) -> u64 {
        self.expansions.get()
    }

    /// Adds a slice; `expansions` are those of the job when it ended.
    pub(super) fn add_slice(&self, expansions: u64, length: Duration) {
        self.worked.set(self.worked.get() + length);
        self.expansions.set(expansions);
        self.log.borrow_mut().add(expansions, length);
    }

    pub(super) fn begin_wait(&self, now: Duration) {
        self.held_since.set(Some(now));
    }

    pub(super) fn end_wait(&self, now: Duration) {
        self.waited.set(self.waited(now));
        self.held_since.set(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slices_of_a_long_run_are_thinned_and_cover_all_of_it() {
        let meter = Meter::default();
        for slice in 1..=50_000_u64 {
            let length = if slice == 17 { 90 } else { 5 };
            meter.add_slice(slice * 3, Duration::from_millis(length));
        }
        meter.with_slices(|log| {
            let entries = log.entries();
            assert!(entries.len() > ENTRIES_MAX / 2 && entries.len() <= ENTRIES_MAX);
            assert!(entries[..2].iter().any(|entry| entry.1 > 80.0), "the longest slice is lost");
            assert_eq!(entries[entries.len() - 1].0, 150_000);
            assert!(entries.windows(2).all(|pair| pair[1].0 - pair[0].0 <= 3 * 16));
            assert_eq!((log.lengths.count, log.lengths.longest), (50_000, Duration::from_millis(90)));
            assert_eq!(log.octaves(), [0, 0, 0, 0, 0, 49_999, 0, 0, 0, 1, 0]);
        });
    }
}
