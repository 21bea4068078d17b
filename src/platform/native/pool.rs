//! Planning threads: each has a Tokio runtime and a service of its own, and all share the caches.
//!
//! Calls cross to them by bounded channels, as owned values that are `Send`; jobs, models and searches stay on
//! their thread. A call has a place from its admission to its answer, and the thread with the fewest of them gets the
//! next call.

#![expect(clippy::disallowed_methods, reason = "this is where planning threads are started")]

use std::io;
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinSet, LocalSet};

use super::discard::discard;
use super::patterns::DashPatternCache;
use super::redb_store::RedbStore;
use super::time::{TokioSleep, TokioYield, WallClock, wall_clock_ms};
use crate::cache::tasks::DEFAULT_LIMITS;
use crate::cache::{CacheCounters, NearPlans, PatternCache, TaskCache};
use crate::runtime::{Clock, Pacing};
use crate::serve::{Call, Host, Load, Refused, Worker};
use crate::service::{
    Environment, LayeredPatterns, Meters, ReadProblems, Service, ServiceConfig, Tasks, Totals,
};
use crate::store::{PatternRecords, StoreFigures};

/// How many threads there are, and what they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolConfig {
    /// Threads, at least one.
    pub threads: usize,
    /// Calls that may wait, all threads together.
    pub queue: usize,
    /// Searches that run side by side on each thread.
    pub max_in_flight: usize,
}

/// The planning threads.
pub struct Pool {
    threads: Vec<Thread>,
    /// Calls that a thread has at most, waiting or worked on.
    places: usize,
    max_in_flight: usize,
    shared: Shared,
    /// Whether searches are to be cancelled.
    ending: watch::Sender<bool>,
}

struct Thread {
    /// `None` once no calls are taken any more.
    calls: Mutex<Option<mpsc::Sender<Placed>>>,
    load: Arc<AtomicUsize>,
    handle: Mutex<Option<JoinHandle<()>>>,
}

/// A call with its place.
struct Placed(Call, Place);

/// A place on a thread, given back when this is dropped.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// What the threads share.
#[derive(Clone)]
struct Shared {
    tasks: Tasks,
    near: NearPlans,
    patterns: Arc<DashPatternCache>,
    read: ReadProblems,
    disk: Option<Arc<RedbStore>>,
    notice: Arc<Notice>,
    meters: Meters,
    /// One clock for all: what is counted by time is counted together.
    clock: WallClock,
}

/// What a person should be told about the storage. Each thread finds out for itself that the disk failed; it is said
/// once.
#[derive(Default)]
struct Notice {
    is_said: AtomicBool,
    untold: Mutex<Vec<String>>,
}

impl Notice {
    fn say(&self, notices: Vec<String>) {
        for notice in notices {
            if !self.is_said.swap(true, Relaxed) {
                tracing::warn!("{notice}");
                self.untold.lock().unwrap_or_else(PoisonError::into_inner).push(notice);
            }
        }
    }
}

impl Pool {
    /// Starts the threads; plans are kept in `folder`, or in memory alone. Also answers what a person should be told.
    ///
    /// # Errors
    /// Where the system has no more threads.
    pub fn start(config: PoolConfig, folder: Option<&Path>) -> io::Result<(Self, Vec<String>)> {
        let opened = folder.map(RedbStore::open);
        let (disk, notices) = opened.map_or_else(Default::default, |opened| (opened.store, opened.notices));
        let shared = Shared {
            tasks: TaskCache::new(DEFAULT_LIMITS),
            near: NearPlans::default(),
            patterns: Arc::default(),
            read: ReadProblems::default(),
            disk: disk.map(Arc::new),
            notice: Arc::default(),
            meters: Meters::default(),
            clock: WallClock::default(),
        };
        let threads = config.threads.max(1);
        let max_in_flight = config.max_in_flight.max(1);
        let places = max_in_flight + config.queue.max(1).div_ceil(threads);
        let (ending, watched) = watch::channel(false);
        let start = |index| Thread::start(index, places, max_in_flight, shared.clone(), watched.clone());
        let threads = (0..threads).map(start).collect::<io::Result<_>>()?;
        Ok((Self { threads, places, max_in_flight, shared, ending }, notices))
    }

    /// Cancels the searches that are under way; their calls are answered with what they have come to.
    pub fn cancel(&self) {
        self.ending.send_replace(true);
    }

    /// Takes no more calls, and waits until those under way are answered and what is kept is written.
    pub fn join(&self) {
        for thread in &self.threads {
            thread.calls.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
        for thread in &self.threads {
            let handle = thread.handle.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(handle) = handle {
                // What a thread panicked with was said by the hook for panics.
                let _ = handle.join();
            }
        }
        if let Some(disk) = &self.shared.disk {
            disk.close();
        }
    }

    /// What a person should be told about the storage since the last call.
    pub fn take_notices(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.notice.untold.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Host for Pool {
    fn submit(&self, call: Call) -> Result<(), Refused> {
        let busy = || {
            self.shared.meters.count_busy();
            Refused::Busy { waiting: self.load().waiting }
        };
        let load = |thread: &&Thread| thread.load.load(Relaxed);
        let thread = self.threads.iter().min_by_key(load).ok_or(Refused::ShutDown)?;
        let free = |load: usize| (load < self.places).then_some(load + 1);
        thread.load.fetch_update(Relaxed, Relaxed, free).map_err(|_| busy())?;
        let place = Place(Arc::clone(&thread.load));
        let calls = thread.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = calls.as_ref().ok_or(Refused::ShutDown)?;
        calls.try_send(Placed(call, place)).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => busy(),
            mpsc::error::TrySendError::Closed(_) => Refused::ShutDown,
        })
    }

    fn load(&self) -> Load {
        self.threads.iter().fold(Load::default(), |sum, thread| {
            let load = thread.load.load(Relaxed);
            let in_flight = load.min(self.max_in_flight);
            Load {
                waiting: sum.waiting + load - in_flight,
                in_flight: sum.in_flight + in_flight,
                threads: sum.threads + 1,
            }
        })
    }

    fn caches(&self) -> Vec<(&'static str, CacheCounters)> {
        let Shared { tasks, patterns, near, .. } = &self.shared;
        vec![("task", tasks.counters()), ("pattern", patterns.counters()), ("near", near.counters())]
    }

    fn totals(&self) -> Totals {
        self.shared.meters.totals()
    }

    fn store(&self) -> Option<StoreFigures> {
        self.shared.disk.as_ref().map(PatternRecords::figures)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        async move { tokio::time::sleep(duration).await }.boxed()
    }

    fn now(&self) -> Duration {
        self.shared.clock.now()
    }
}

impl Thread {
    fn start(
        index: usize,
        places: usize,
        max_in_flight: usize,
        shared: Shared,
        ending: watch::Receiver<bool>,
    ) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let (sender, calls) = mpsc::channel(places);
        let load = Arc::default();
        let config = ServiceConfig { queue: places, max_in_flight };
        let handle = thread::Builder::new().name(format!("planner-{index}")).spawn(move || {
            LocalSet::new().block_on(&runtime, answer_all(shared, config, calls, ending));
        })?;
        Ok(Self { calls: Mutex::new(Some(sender)), load, handle: Mutex::new(Some(handle)) })
    }
}

/// Answers calls until there are no more, then ends the service.
async fn answer_all(
    shared: Shared,
    config: ServiceConfig,
    mut calls: mpsc::Receiver<Placed>,
    ending: watch::Receiver<bool>,
) {
    let disk = shared.disk.map(|disk| Rc::new(disk) as Rc<dyn PatternRecords>);
    let patterns = Rc::new(LayeredPatterns::new(Rc::new(shared.patterns), disk, wall_clock_ms));
    let pacing =
        Pacing { clock: Rc::new(shared.clock), sleep: Rc::new(TokioSleep), yielder: Rc::new(TokioYield) };
    let environment = Environment {
        tasks: shared.tasks,
        near: shared.near,
        meters: shared.meters,
        read: Some(shared.read),
        discard,
        ..Environment::new(pacing.clone(), Rc::clone(&patterns) as _)
    };
    let (service, running) = Service::new(environment, config);
    let running = tokio::task::spawn_local(running);
    let worker = Rc::new(Worker::new(service, pacing));
    let mut answering = JoinSet::new();
    loop {
        tokio::select! {
            call = calls.recv() => match call {
                Some(Placed(call, place)) => {
                    let (worker, ending) = (Rc::clone(&worker), ending.clone());
                    answering.spawn_local(async move { worker.answer(call, place, ended(ending)).await });
                }
                None => break,
            },
            Some(_) = answering.join_next() => {
                shared.notice.say(patterns.take_notices());
            }
        }
    }
    while answering.join_next().await.is_some() {}
    drop(worker);
    // A service that panicked has nothing left to write.
    let _ = running.await;
    shared.notice.say(patterns.take_notices());
}

/// Resolves once searches are to be cancelled.
async fn ended(mut ending: watch::Receiver<bool>) {
    if ending.wait_for(|ending| *ending).await.is_err() {
        std::future::pending::<()>().await;
    }
}
