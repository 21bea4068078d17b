//! The one thread that writes to the database.
//!
//! Changes come by a bounded channel, with a bound on their bytes beside it; who finds it full waits without holding
//! up his thread. All that waits goes into one transaction, and is answered when that is committed, or with the reason
//! why it is not. Uses of patterns go with the next transaction, or make one after a while.

use std::future::pending;
use std::io;
use std::sync::{Arc, PoisonError};
use std::thread::{self, JoinHandle};

use futures::channel::oneshot;
use tokio::runtime::Builder;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{Instant, sleep_until};

use super::redb_changes::{Done, Index, Tables, apply};
use super::redb_disk::Disk;
use super::redb_orders::{Order, Reply, StoreConfig, Taken};
use super::redb_tables::failure;
use crate::store::{StoreError, StoreMeter};

/// Bytes that are counted as one.
const UNIT: usize = 1_024;

/// The thread, and the way to it.
pub(super) struct Writer {
    entrance: Entrance,
    /// Dropped to end the thread.
    ending: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// The way to the writer.
#[derive(Clone)]
pub(super) struct Entrance {
    orders: mpsc::Sender<Placed>,
    room: Arc<Semaphore>,
    units: usize,
}

/// A change with the room that it takes.
struct Placed {
    order: Order,
    _room: OwnedSemaphorePermit,
}

impl Writer {
    /// Starts the thread.
    ///
    /// # Errors
    /// Where the system has no more threads.
    pub(super) fn start(disk: Arc<Disk>, config: StoreConfig) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let (sender, orders) = mpsc::channel(config.orders.max(1));
        let units = (config.order_bytes / UNIT).max(1);
        let entrance = Entrance { orders: sender, room: Arc::new(Semaphore::new(units)), units };
        let (ending, ended) = oneshot::channel();
        let thread = thread::Builder::new().name("store-writer".to_owned()).spawn(move || {
            runtime.block_on(write_all(&disk, config, orders, ended));
        })?;
        Ok(Self { entrance, ending, thread })
    }

    /// The way to it.
    pub(super) fn entrance(&self) -> Entrance {
        self.entrance.clone()
    }

    /// Waits until all that was taken is written.
    pub(super) fn end(self) {
        drop(self.ending);
        // What it panicked with was said by the hook for panics, and who waited for it was told.
        let _ = self.thread.join();
    }
}

impl Entrance {
    /// Has a change made, and waits until it is on the disk.
    pub(super) async fn ask<T>(
        self,
        meter: &StoreMeter,
        order: impl FnOnce(Reply<T>) -> Order,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let order = order(reply);
        let units = order.bytes().div_ceil(UNIT).min(self.units) as u32;
        let room = self.room.acquire_many_owned(units).await.map_err(|_| closed())?;
        self.orders.send(Placed { order, _room: room }).await.map_err(|_| closed())?;
        meter.announce();
        answer.await.unwrap_or_else(|_| Err(closed()))
    }
}

/// Why a store that was closed does nothing.
pub(super) fn closed() -> StoreError {
    StoreError::Unavailable { detail: "it was closed".to_owned() }
}

/// Writes until the store is closed, and then what is left.
async fn write_all(
    disk: &Disk,
    config: StoreConfig,
    mut orders: mpsc::Receiver<Placed>,
    mut ended: oneshot::Receiver<()>,
) {
    let mut index = None;
    let mut uses_due: Option<Instant> = None;
    let mut is_ending = false;
    loop {
        let due = async {
            match uses_due {
                Some(due) => sleep_until(due).await,
                None => pending().await,
            }
        };
        let first = tokio::select! {
            order = orders.recv() => match order {
                Some(order) => Some(order),
                None => break,
            },
            _ = &mut ended, if !is_ending => {
                orders.close();
                is_ending = true;
                continue;
            }
            () = disk.noted.news.notified() => {
                if !disk.noted.are_enough() {
                    uses_due.get_or_insert_with(|| Instant::now() + config.uses_wait);
                    continue;
                }
                None
            }
            () = due => None,
        };
        let mut batch: Vec<Placed> = first.into_iter().collect();
        while batch.len() < config.orders
            && let Ok(next) = orders.try_recv()
        {
            batch.push(next);
        }
        commit(disk, config, &mut index, batch);
        uses_due = None;
    }
    if !disk.noted.is_empty() {
        commit(disk, config, &mut index, Vec::new());
    }
}

/// Makes all changes, and counts the uses that are noted, in one transaction.
fn commit(disk: &Disk, config: StoreConfig, index: &mut Option<Index>, batch: Vec<Placed>) {
    let noted = disk.noted.take();
    disk.meter.count_lost(noted.dropped);
    let now_ms = (config.wall_clock_ms)();
    let changes = batch.len() as u64 + noted.notes;
    // It is read again after an error: what it says of a transaction that was not committed is wrong.
    match transact(disk, index.take(), &batch, &noted, now_ms) {
        Ok(made) => {
            disk.meter.count_batch(changes, now_ms);
            let mut counters = disk.counters.lock().unwrap_or_else(PoisonError::into_inner);
            counters.largest_batch = counters.largest_batch.max(batch.len() as u64);
            counters.uses_written += noted.notes;
            counters.patterns_forgotten += made.forgotten;
            counters.patterns = Some(made.index.holds());
            drop(counters);
            *index = Some(made.index);
            batch.into_iter().zip(made.answers).for_each(|(placed, done)| answer(placed.order, done));
        }
        Err(error) => {
            disk.meter.count_lost(changes);
            if batch.is_empty() {
                disk.noted.fail(error.clone());
            }
            batch.into_iter().for_each(|placed| placed.order.refuse(error.clone()));
        }
    }
}

/// What a transaction made.
struct Made {
    answers: Vec<Done>,
    forgotten: u64,
    index: Index,
}

fn transact(
    disk: &Disk,
    index: Option<Index>,
    batch: &[Placed],
    noted: &Taken,
    now_ms: f64,
) -> Result<Made, StoreError> {
    let is_of_documents = batch.iter().any(|placed| placed.order.is_of_document());
    let doing = match batch.len() {
        0 => "writing the uses of patterns".to_owned(),
        1 => "writing a change".to_owned(),
        changes => format!("writing {changes} changes"),
    };
    disk.with(&doing, |database| {
        let mut writing = database.begin_write().map_err(failure)?;
        // What a person wrote is worth the second wait for the disk.
        writing.set_two_phase_commit(is_of_documents);
        let made = {
            let mut tables = Tables::open(&writing)?;
            let mut index = match index {
                Some(index) => index,
                None => Index::read(&tables)?,
            };
            let make = |placed: &Placed| apply(&placed.order, &mut tables, &mut index, now_ms);
            let answers = batch.iter().map(make).collect::<Result<_, _>>()?;
            for (key, uses) in &noted.uses {
                tables.count(*key, uses, &mut index)?;
            }
            let forgotten = tables.forget(&mut index, now_ms)?;
            Made { answers, forgotten, index }
        };
        writing.commit().map_err(failure)?;
        Ok(made)
    })
}

/// Answers what was done. Whoever does not listen any more has no need of the answer.
fn answer(order: Order, done: Done) {
    match (order, done) {
        (Order::Keep { reply, .. }, Done::Kept(better)) => drop(reply.send(Ok(better))),
        (Order::Save { reply, .. }, Done::Saved(revision)) => drop(reply.send(revision)),
        (Order::Drop { reply, .. } | Order::Delete { reply, .. }, Done::Gone) => drop(reply.send(Ok(()))),
        // `apply` answers each change in its kind.
        (order, _) => drop(order),
    }
}
