//! What waits: for the disk, for a task's turn, for the event loop.

use std::cell::Cell;
use std::rc::Rc;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;

use super::lab::{Disk, Lab};
use super::problems::{key, patterns};
use super::rounds::{Round, Rounds};
use crate::plan::Pattern;
use crate::runtime::Pacing;

/// Plans that the store is written.
const STORED: u64 = 64;
/// Tasks that are spawned at once.
const SPAWNED: u64 = 1_000;

/// Writes or reads of a store, one after the other.
struct Stored {
    pacing: Pacing,
    disk: Disk,
    patterns: Vec<Pattern>,
    writes: bool,
    next: usize,
}

/// Tasks that do nothing but count.
struct Spawned<'a>(&'a dyn Lab);

/// Turns of the event loop.
struct Yields(Pacing);

/// Writes to a store, or reads of what it has.
pub(super) async fn store(lab: &dyn Lab, writes: bool) -> Result<Box<dyn Rounds>, String> {
    let (disk, mut patterns) = (lab.disk().map_err(|error| error.to_string())?, patterns(STORED)?);
    for pattern in &mut patterns {
        // One that nobody has used for long would be forgotten.
        (pattern.created_ms, pattern.last_used_ms) = (lab.wall_clock_ms(), lab.wall_clock_ms());
        if !writes {
            disk.patterns.keep(pattern.clone()).await.map_err(|error| error.to_string())?;
        }
    }
    Ok(Box::new(Stored { pacing: lab.pacing(), disk, patterns, writes, next: 0 }))
}

/// Spawning tasks.
pub(super) fn spawned(lab: &dyn Lab) -> Box<dyn Rounds + '_> {
    Box::new(Spawned(lab))
}

/// Yielding.
pub(super) fn yields(lab: &dyn Lab) -> Box<dyn Rounds> {
    Box::new(Yields(lab.pacing()))
}

impl Rounds for Stored {
    fn round(&mut self, repetitions: u64) -> LocalBoxFuture<'_, Result<Round, String>> {
        async move {
            let begun = self.pacing.clock.now();
            for _ in 0..repetitions {
                let at = self.next % self.patterns.len();
                self.next += 1;
                let is_right = if self.writes {
                    // Each is better than the one before, so that it is written.
                    let cost = -(self.next as f64);
                    let pattern = Pattern { cost, ..self.patterns[at].clone() };
                    self.disk.patterns.keep(pattern).await.map(|stays| stays.is_none())
                } else {
                    self.disk.patterns.read(key(at as u64)).await.map(|found| found.is_some())
                };
                if !is_right.map_err(|error| error.to_string())? {
                    return Err("the store has lost a plan".to_owned());
                }
            }
            Ok(Round::of(self.pacing.clock.now().saturating_sub(begun), repetitions))
        }
        .boxed_local()
    }
}

impl Rounds for Spawned<'_> {
    fn round(&mut self, repetitions: u64) -> LocalBoxFuture<'_, Result<Round, String>> {
        async move {
            let pacing = self.0.pacing();
            let begun = pacing.clock.now();
            let mut left = repetitions;
            while left > 0 {
                let batch = left.min(SPAWNED);
                left -= batch;
                let (done, all_done) = oneshot::channel();
                let (waiting, done) = (Rc::new(Cell::new(batch)), Rc::new(Cell::new(Some(done))));
                for _ in 0..batch {
                    let (waiting, done) = (Rc::clone(&waiting), Rc::clone(&done));
                    let task = async move {
                        waiting.set(waiting.get() - 1);
                        if waiting.get() == 0
                            && let Some(done) = done.take()
                        {
                            // The one who waits has not gone away.
                            let _ = done.send(());
                        }
                    };
                    self.0.spawn(task.boxed_local());
                }
                all_done.await.map_err(|_| "a task was lost")?;
            }
            Ok(Round::of(pacing.clock.now().saturating_sub(begun), repetitions))
        }
        .boxed_local()
    }
}

impl Rounds for Yields {
    fn round(&mut self, repetitions: u64) -> LocalBoxFuture<'_, Result<Round, String>> {
        async move {
            let begun = self.0.clock.now();
            for _ in 0..repetitions {
                self.0.yielder.yield_now().await;
            }
            Ok(Round::of(self.0.clock.now().saturating_sub(begun), repetitions))
        }
        .boxed_local()
    }
}
