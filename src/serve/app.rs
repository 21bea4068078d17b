//! What the routes share.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use axum::body::Body;
use axum::http::HeaderMap;
use futures::channel::oneshot;
use futures::future::{Either, select};
use prometheus_client::registry::Registry;
use tracing::Span;

use super::body::{self, Held, HeldBytes};
use super::call::{Answer, Call, Reply, Work};
use super::errors::{ApiError, Refused};
use super::jobs::{Jobs, KeptJob};
use super::meters::Meters;
use super::{Config, Host};

/// What the routes share. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    host: Arc<dyn Host>,
    config: Config,
    held: HeldBytes,
    jobs: Jobs,
    meters: Meters,
    registry: Registry,
    is_ending: AtomicBool,
}

impl App {
    /// The shared part of routes over a host.
    pub fn new(host: Arc<dyn Host>, config: Config) -> Self {
        let (jobs, meters) = (Jobs::new(Arc::clone(&host)), Meters::default());
        let registry = meters.registry(&host, &jobs);
        let (held, is_ending) = (HeldBytes::default(), AtomicBool::new(false));
        Self(Arc::new(Shared { host, config, held, jobs, meters, registry, is_ending }))
    }

    /// From now on, no request for work is taken.
    pub fn end(&self) {
        self.0.is_ending.store(true, Relaxed);
    }

    pub(super) fn host(&self) -> &dyn Host {
        &*self.0.host
    }

    pub(super) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(super) fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    pub(super) fn meters(&self) -> &Meters {
        &self.0.meters
    }

    pub(super) fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// Reads a body of JSON.
    pub(super) async fn read(&self, headers: &HeaderMap, body: Body) -> Result<(Vec<u8>, Held), ApiError> {
        self.is_open()?;
        body::read(self.host(), &self.0.held, headers, body).await
    }

    /// Hands work to a planning thread and waits for its answer. Dropping the future cancels the work.
    pub(super) async fn ask(&self, work: Work, held: Held) -> Result<Answer, ApiError> {
        self.is_open()?;
        let (sender, receiver) = oneshot::channel();
        self.host().submit(Call { work, reply: Reply::Once(sender), held, span: Span::current() })?;
        // A thread that went away without an answer has failed.
        receiver.await.map_err(|_| ApiError::Fault)
    }

    /// The same for work that has no time limit of its own: it may take as long as a search may.
    pub(super) async fn ask_within_limit(&self, work: Work, held: Held) -> Result<Answer, ApiError> {
        let time = self.config().limits.timeout;
        match select(pin!(self.ask(work, held)), self.host().sleep(time)).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(ApiError::TimeLimit(time.as_secs_f64())),
        }
    }

    /// Hands work to a planning thread and keeps its answer.
    pub(super) fn keep(&self, work: Work, held: Held) -> Result<Arc<KeptJob>, ApiError> {
        self.is_open()?;
        let reply = self.jobs().begin()?;
        let job = Arc::clone(reply.job());
        let refused =
            self.host().submit(Call { work, reply: Reply::Kept(reply), held, span: Span::current() });
        refused.inspect_err(|_| {
            self.jobs().delete(&job.id);
        })?;
        Ok(job)
    }

    /// Whether work is still taken.
    pub(super) fn is_open(&self) -> Result<(), Refused> {
        if self.0.is_ending.load(Relaxed) { Err(Refused::ShutDown) } else { Ok(()) }
    }
}
