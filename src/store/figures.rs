//! What a store has written, and what waits to be: counts that any thread may add to and read.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A store at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StoreFigures {
    /// Changes that are not written yet.
    pub waiting: u64,
    /// Changes that were written.
    pub written: u64,
    /// Transactions that wrote them.
    pub batches: u64,
    /// Changes that could not be written.
    pub lost: u64,
    /// Milliseconds since 1970 of the latest transaction; `None` where there was none.
    pub last_write_ms: Option<f64>,
}

/// What is kept in a storage, and how much room it has. What is not known is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StorageRoom {
    /// Documents that are kept.
    pub documents: Option<u64>,
    /// Plans that are kept.
    pub patterns: Option<u64>,
    /// Bytes that are used.
    pub used: Option<u64>,
    /// Bytes that may be used, about.
    pub quota: Option<u64>,
}

/// Counts what a store writes. A change is announced, and then written or lost.
#[derive(Debug, Default)]
pub struct StoreMeter {
    announced: AtomicU64,
    written: AtomicU64,
    batches: AtomicU64,
    lost: AtomicU64,
    /// The bits of milliseconds since 1970; 0 where nothing was written.
    last_write_ms: AtomicU64,
}

impl StoreMeter {
    /// A change waits to be written.
    pub fn announce(&self) {
        self.announced.fetch_add(1, Relaxed);
    }

    /// One transaction wrote this many changes.
    pub fn count_batch(&self, changes: u64, now_ms: f64) {
        self.written.fetch_add(changes, Relaxed);
        self.batches.fetch_add(1, Relaxed);
        self.last_write_ms.store(now_ms.to_bits(), Relaxed);
    }

    /// This many changes could not be written.
    pub fn count_lost(&self, changes: u64) {
        self.lost.fetch_add(changes, Relaxed);
    }

    /// What was counted so far.
    pub fn figures(&self) -> StoreFigures {
        let (written, lost) = (self.written.load(Relaxed), self.lost.load(Relaxed));
        let last_write_ms = f64::from_bits(self.last_write_ms.load(Relaxed));
        StoreFigures {
            // What is read later is no less than what was read before.
            waiting: self.announced.load(Relaxed).saturating_sub(written + lost),
            written,
            batches: self.batches.load(Relaxed),
            lost,
            last_write_ms: (last_write_ms > 0.0).then_some(last_write_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_waits_until_it_is_written_or_lost() {
        let meter = StoreMeter::default();
        assert_eq!(meter.figures(), StoreFigures::default());
        (0..5).for_each(|_| meter.announce());
        meter.count_batch(3, 7.0);
        meter.count_lost(1);
        let figures = meter.figures();
        assert_eq!((figures.waiting, figures.written, figures.batches, figures.lost), (1, 3, 1, 1));
        assert_eq!(figures.last_write_ms, Some(7.0));
    }
}
