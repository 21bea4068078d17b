//! How long slices take: what the driver adapts to, and what the timings show.

use std::cell::{Cell, RefCell};
use std::time::Duration;

/// Latest slices kept.
const RECENT_MAX: usize = 4_096;
/// Buckets of the histogram; see [`SliceLog::histogram`].
const BUCKETS: usize = 11;

/// The slices of one job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SliceLog {
    /// Slices so far.
    pub count: u64,
    /// The longest.
    pub longest: Duration,
    /// Counts by length: bucket `i` holds lengths in `[0.125·2^i, 0.125·2^(i+1))` ms, the first
    /// everything shorter, the last everything longer.
    pub histogram: [u32; BUCKETS],
    recent: Vec<(u32, f32)>,
    oldest: usize,
}

impl SliceLog {
    /// The latest slices, oldest first: expansions done when the slice ended, its length in ms.
    pub fn recent(&self) -> Vec<(u32, f32)> {
        let (late, early) = self.recent.split_at(self.oldest);
        [early, late].concat()
    }

    fn add(&mut self, expansions: u64, length: Duration) {
        self.count += 1;
        self.longest = self.longest.max(length);
        let ms = length.as_secs_f64() * 1e3;
        let bucket = (ms / 0.125).max(1.0).log2().floor() as usize;
        self.histogram[bucket.min(BUCKETS - 1)] += 1;
        let entry = (expansions.min(u64::from(u32::MAX)) as u32, ms as f32);
        if self.recent.len() < RECENT_MAX {
            self.recent.push(entry);
        } else {
            self.recent[self.oldest] = entry;
            self.oldest = (self.oldest + 1) % RECENT_MAX;
        }
    }
}

/// Time spent on a job. One thread, shared by reference count.
#[derive(Debug, Default)]
pub struct Meter {
    worked: Cell<Duration>,
    waited: Cell<Duration>,
    held_since: Cell<Option<Duration>>,
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

    pub(super) fn add_slice(&self, expansions: u64, length: Duration) {
        self.worked.set(self.worked.get() + length);
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
