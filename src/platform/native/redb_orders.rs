//! What the writer is asked to do: changes, which wait for it one by one, and uses of patterns, which are collected.
//!
//! Both are bounded. Who has a change waits for a place, in turn; who notes a use never waits, and where the uses of
//! too many patterns are collected, those of further ones are dropped and counted.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::channel::oneshot;
use tokio::sync::Notify;

use super::time::wall_clock_ms;
use crate::plan::pattern::{Pattern, PatternKey, Uses};
use crate::store::{DocumentId, StoreError};

/// Patterns whose uses may be collected.
const NOTED_MAX: usize = 1_024;

/// Patterns whose uses are written without further waiting.
const NOTED_ENOUGH: usize = 256;

/// How a store writes.
#[derive(Clone, Copy, Debug)]
pub struct StoreConfig {
    /// Changes that may wait for the writer; whoever has more waits for a place.
    pub orders: usize,
    /// Bytes of them, all together. A larger change goes alone.
    pub order_bytes: usize,
    /// How long uses of patterns are collected before they are written, where nothing else is.
    pub uses_wait: Duration,
    /// Milliseconds since 1970.
    pub wall_clock_ms: fn() -> f64,
}

impl Default for StoreConfig {
    fn default() -> Self {
        let uses_wait = Duration::from_secs(5);
        Self { orders: 256, order_bytes: 32 << 20, uses_wait, wall_clock_ms }
    }
}

/// Takes the answer to a change.
pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// A change.
pub(super) enum Order {
    /// Keeps a pattern unless a better one is there, which is the answer.
    Keep { pattern: Pattern, record: Vec<u8>, reply: Reply<Option<Pattern>> },
    /// Drops a pattern; for one that does not read, only if it still does not.
    Drop { key: PatternKey, only_damaged: bool, reply: Reply<()> },
    /// Saves a document in place of one of an earlier revision. The answer is its revision.
    Save { id: DocumentId, revision: u64, record: Vec<u8>, reply: Reply<u64> },
    /// Deletes a document.
    Delete { id: DocumentId, reply: Reply<()> },
}

impl Order {
    /// Bytes that wait with it.
    pub(super) fn bytes(&self) -> usize {
        match self {
            // The pattern itself takes about as much as its record.
            Self::Keep { record, .. } => 2 * record.len(),
            Self::Save { record, .. } => record.len(),
            Self::Drop { .. } | Self::Delete { .. } => 0,
        }
    }

    /// Whether it is about what a person wrote.
    pub(super) fn is_of_document(&self) -> bool {
        matches!(self, Self::Save { .. } | Self::Delete { .. })
    }

    /// Answers that it failed.
    pub(super) fn refuse(self, error: StoreError) {
        // Whoever does not listen any more has no need of the answer.
        match self {
            Self::Keep { reply, .. } => drop(reply.send(Err(error))),
            Self::Save { reply, .. } => drop(reply.send(Err(error))),
            Self::Drop { reply, .. } | Self::Delete { reply, .. } => drop(reply.send(Err(error))),
        }
    }
}

/// What a store has done since it was opened, beside [`crate::store::StoreFigures`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreCounters {
    /// Most changes in one transaction, uses of patterns not counted.
    pub largest_batch: u64,
    /// Uses of patterns that were written.
    pub uses_written: u64,
    /// Patterns that were forgotten to make room, or because nobody had used them for long.
    pub patterns_forgotten: u64,
    /// Patterns after the latest transaction, and their bytes; `None` before the first one.
    pub patterns: Option<(u64, u64)>,
}

/// Uses of patterns that are not written yet.
#[derive(Default)]
pub(super) struct Noted {
    collected: Mutex<Collected>,
    /// Tells the writer that there are uses, or enough of them.
    pub(super) news: Notify,
}

#[derive(Default)]
struct Collected {
    taken: Taken,
    failed: Option<StoreError>,
}

/// Uses that were noted since the last time.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) uses: BTreeMap<PatternKey, Uses>,
    /// How often one was noted, and how often there was no room for it.
    pub(super) notes: u64,
    pub(super) dropped: u64,
}

impl Noted {
    /// Collects uses.
    ///
    /// # Errors
    /// Why an earlier batch was not written.
    pub(super) fn add(&self, key: PatternKey, uses: &Uses) -> Result<(), StoreError> {
        let collected = &mut *self.lock();
        let taken = &mut collected.taken;
        if taken.uses.len() == NOTED_MAX && !taken.uses.contains_key(&key) {
            taken.dropped += 1;
        } else {
            let before = taken.uses.len();
            taken.notes += 1;
            taken.uses.entry(key).or_default().add(uses);
            let after = taken.uses.len();
            if before == 0 || (before < after && after == NOTED_ENOUGH) {
                self.news.notify_one();
            }
        }
        collected.failed.take().map_or(Ok(()), Err)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().taken.uses.is_empty()
    }

    /// Whether there are so many that they are to be written now.
    pub(super) fn are_enough(&self) -> bool {
        self.lock().taken.uses.len() >= NOTED_ENOUGH
    }

    /// Takes all of them.
    pub(super) fn take(&self) -> Taken {
        std::mem::take(&mut self.lock().taken)
    }

    /// Notes that a batch failed: who notes the next use is told.
    pub(super) fn fail(&self, error: StoreError) {
        self.lock().failed.get_or_insert(error);
    }

    fn lock(&self) -> MutexGuard<'_, Collected> {
        self.collected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::pattern::Use;

    #[test]
    fn uses_are_collected_by_pattern_and_what_has_no_room_is_counted() {
        let noted = Noted::default();
        let key = |number: usize| PatternKey::new(&number.to_le_bytes(), b"", b"");
        let held = Uses::one(Use::Held { saved_ms: 1.0 }, 1.0);
        for number in (0..NOTED_MAX + 10).chain(0..NOTED_MAX) {
            noted.add(key(number), &held).unwrap();
        }
        assert!(noted.are_enough());
        let Taken { uses, notes, dropped } = noted.take();
        assert_eq!((uses.len(), notes, dropped), (NOTED_MAX, 2 * NOTED_MAX as u64, 10));
        assert!(uses.values().all(|uses| uses.successes == 2));
        assert!(noted.is_empty() && !noted.are_enough());
    }

    #[test]
    fn a_batch_that_failed_is_told_once() {
        let noted = Noted::default();
        let error = StoreError::Unavailable { detail: "unplugged".to_owned() };
        noted.fail(error.clone());
        let (key, uses) = (PatternKey::new(b"a", b"", b""), Uses::one(Use::Failed, 1.0));
        assert_eq!(noted.add(key, &uses), Err(error));
        assert_eq!(noted.add(key, &uses), Ok(()));
        assert_eq!(noted.take().uses[&key].failures, 2);
    }
}
