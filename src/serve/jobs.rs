//! Jobs that outlive the request that submitted them: kept by id, bounded in number, bytes and time.
//!
//! A job has a log of events, which a reader follows at its own pace. The log is bounded: a slow reader loses
//! the oldest events and learns how many, and never loses the end, which is the last.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use event_listener::Event;
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::Host;
use super::errors::Refused;
use super::progress::{Happening, JobResult};
use crate::service::{ProgressEntry, ResultReport};

/// Jobs that are kept, those under way included.
const JOBS_MAX: usize = 1_024;

/// Bytes of the results that are kept, as JSON.
const RESULT_BYTES_MAX: u64 = 64 << 20;

/// How long a result is kept.
const KEPT: Duration = Duration::from_mins(10);

/// Events in the log of a job.
const EVENTS_MAX: usize = 256;

/// The jobs. Clones share them.
#[derive(Clone)]
pub struct Jobs(Arc<Registry>);

struct Registry {
    host: Arc<dyn Host>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    by_id: HashMap<String, Arc<KeptJob>>,
    /// When each that is over ended, and the bytes of its result; the oldest first.
    ended: VecDeque<(Duration, String, u64)>,
    bytes: u64,
}

/// A job that is kept.
pub(super) struct KeptJob {
    pub(super) id: String,
    log: Mutex<Log>,
    changed: Event,
}

#[derive(Default)]
struct Log {
    /// The number of the first event that is still there; they are counted from 1.
    first: u64,
    events: VecDeque<Arc<Happening>>,
    progress: Option<ProgressEntry>,
    is_running: bool,
    is_unwanted: bool,
    end: Option<End>,
}

/// How a job ended.
#[derive(Clone)]
pub(super) enum End {
    /// With a result.
    Result(Arc<ResultReport>),
    /// The planner failed.
    Failed,
    /// It was deleted.
    Deleted,
}

/// A job as `GET /v1/jobs/ID` shows it.
#[derive(Serialize)]
pub(super) struct JobEntry<'a> {
    pub(super) id: &'a str,
    pub(super) status: &'static str,
    pub(super) progress: Option<ProgressEntry>,
    pub(super) result: Option<Shown>,
}

/// A result that is kept, as it is shown.
pub(super) struct Shown(Arc<ResultReport>);

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// What a reader of a log gets next.
pub(super) enum Next {
    /// An event and its number.
    Event(u64, Arc<Happening>),
    /// So many events were lost before this one.
    Lost(u64, u64),
    /// There is nothing yet.
    Wait,
    /// The log is over.
    Over,
}

/// The duty to end a job: where it is dropped, the job has failed.
pub struct KeptReply {
    jobs: Jobs,
    job: Arc<KeptJob>,
}

impl Jobs {
    pub(super) fn new(host: Arc<dyn Host>) -> Self {
        Self(Arc::new(Registry { host, kept: Mutex::default() }))
    }

    /// A job that begins now.
    ///
    /// # Errors
    /// [`Refused::Busy`] where as many are under way as are kept.
    pub(super) fn begin(&self) -> Result<KeptReply, Refused> {
        let mut kept = self.lock();
        kept.forget_old(self.0.host.now());
        while kept.by_id.len() >= JOBS_MAX {
            if !kept.forget_oldest() {
                return Err(Refused::Busy { waiting: kept.by_id.len() });
            }
        }
        let id = Uuid::new_v4().as_simple().to_string();
        let log = Log { first: 1, ..Log::default() };
        let job = Arc::new(KeptJob { id: id.clone(), log: Mutex::new(log), changed: Event::new() });
        kept.by_id.insert(id, Arc::clone(&job));
        Ok(KeptReply { jobs: self.clone(), job })
    }

    /// The job of this id, as long as it is kept.
    pub(super) fn find(&self, id: &str) -> Option<Arc<KeptJob>> {
        let mut kept = self.lock();
        kept.forget_old(self.0.host.now());
        kept.by_id.get(id).cloned()
    }

    /// Forgets a job, and cancels it if it is under way; whether there was one.
    pub(super) fn delete(&self, id: &str) -> bool {
        let Some(job) = self.lock().forget(id) else { return false };
        job.end(End::Deleted);
        true
    }

    /// Jobs that are kept, and the bytes of their results.
    pub(super) fn size(&self) -> (usize, u64) {
        let kept = self.lock();
        (kept.by_id.len(), kept.bytes)
    }

    fn end(&self, job: &KeptJob, end: End) {
        let bytes = end.bytes();
        let now = self.0.host.now();
        let mut kept = self.lock();
        if !job.end(end) || !kept.by_id.contains_key(&job.id) {
            return;
        }
        kept.ended.push_back((now, job.id.clone(), bytes));
        kept.bytes += bytes;
        while kept.bytes > RESULT_BYTES_MAX && kept.forget_oldest() {}
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn forget_old(&mut self, now: Duration) {
        while self.ended.front().is_some_and(|(at, ..)| *at + KEPT < now) {
            self.forget_oldest();
        }
    }

    /// Forgets the job that ended first; whether there was one.
    fn forget_oldest(&mut self) -> bool {
        let Some(id) = self.ended.front().map(|(_, id, _)| id.clone()) else { return false };
        self.forget(&id).is_some()
    }

    fn forget(&mut self, id: &str) -> Option<Arc<KeptJob>> {
        let job = self.by_id.remove(id)?;
        let at = self.ended.iter().position(|(_, ended, _)| ended == id);
        let ended = at.and_then(|at| self.ended.remove(at));
        self.bytes -= ended.map_or(0, |(.., bytes)| bytes);
        Some(job)
    }
}

impl End {
    fn bytes(&self) -> u64 {
        match self {
            Self::Result(report) => serde_json::to_vec(&**report).map_or(0, |text| text.len() as u64),
            Self::Failed | Self::Deleted => 0,
        }
    }
}

impl KeptReply {
    pub(super) fn job(&self) -> &Arc<KeptJob> {
        &self.job
    }

    /// Resolves when the job was deleted.
    pub(super) async fn unwanted(&self) {
        self.job.until(|log| log.is_unwanted).await;
    }

    /// Notes what has happened to the job.
    pub(super) fn note(&self, happening: Happening) {
        self.job.note(happening);
    }

    pub(super) fn end(self, end: End) {
        self.jobs.end(&self.job, end);
    }
}

impl Drop for KeptReply {
    fn drop(&mut self) {
        // A job that has ended already stays as it ended.
        self.jobs.end(&self.job, End::Failed);
    }
}

impl KeptJob {
    /// The job as clients see it.
    pub(super) fn entry(&self) -> JobEntry<'_> {
        let log = self.lock();
        let (status, result) = match &log.end {
            None if log.is_running => ("running", None),
            None => ("queued", None),
            Some(End::Result(report)) => ("ended", Some(Shown(Arc::clone(report)))),
            Some(End::Failed) => ("failed", None),
            Some(End::Deleted) => ("deleted", None),
        };
        JobEntry { id: &self.id, status, progress: log.progress.clone(), result }
    }

    /// How it ended, once it has.
    pub(super) fn ended(&self) -> Option<End> {
        self.lock().end.clone()
    }

    /// What follows the event of this number; 0 is before the first.
    pub(super) fn after(&self, number: u64) -> Next {
        let log = self.lock();
        let next = number + 1;
        if next < log.first {
            return Next::Lost(log.first - next, log.first - 1);
        }
        match log.events.get((next - log.first) as usize) {
            Some(event) => Next::Event(next, Arc::clone(event)),
            None if log.end.is_some() => Next::Over,
            None => Next::Wait,
        }
    }

    /// Resolves when there is something after the event of this number, or nothing any more.
    pub(super) async fn follows(&self, number: u64) {
        self.until(|log| log.end.is_some() || log.first + log.events.len() as u64 > number + 1).await;
    }

    async fn until(&self, holds: impl Fn(&Log) -> bool) {
        loop {
            let changed = self.changed.listen();
            if holds(&self.lock()) {
                return;
            }
            changed.await;
        }
    }

    fn note(&self, happening: Happening) {
        let mut log = self.lock();
        if log.end.is_some() {
            return;
        }
        log.is_running = true;
        if let Happening::Phase(progress) | Happening::Progress(progress) = &happening {
            log.progress = Some(progress.clone());
        }
        log.push(happening);
        drop(log);
        self.changed.notify(usize::MAX);
    }

    /// Ends it, unless it has ended; whether it does now.
    fn end(&self, end: End) -> bool {
        let mut log = self.lock();
        log.is_unwanted |= matches!(end, End::Deleted);
        let is_first = log.end.is_none();
        if is_first {
            log.push(Happening::Ended(match &end {
                End::Result(report) => JobResult::new("ended", Some(report)),
                End::Failed => JobResult::new("failed", None),
                End::Deleted => JobResult::new("deleted", None),
            }));
            log.end = Some(end);
        }
        drop(log);
        self.changed.notify(usize::MAX);
        is_first
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn push(&mut self, event: Happening) {
        if self.events.len() == EVENTS_MAX {
            self.events.pop_front();
            self.first += 1;
        }
        self.events.push_back(Arc::new(event));
    }
}
