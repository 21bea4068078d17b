//! What the routes share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use axum::body::Body;
use axum::http::HeaderMap;
use futures::channel::oneshot;

use super::body::{self, Held, HeldBytes};
use super::call::{Answer, Call, Reply, Work};
use super::errors::{ApiError, Refused};
use super::{Config, Host};

/// What the routes share. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    host: Arc<dyn Host>,
    config: Config,
    held: HeldBytes,
    is_ending: AtomicBool,
}

impl App {
    /// The shared part of routes over a host.
    pub fn new(host: Arc<dyn Host>, config: Config) -> Self {
        Self(Arc::new(Shared { host, config, held: HeldBytes::default(), is_ending: AtomicBool::new(false) }))
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

    /// Reads a body of JSON.
    pub(super) async fn read(&self, headers: &HeaderMap, body: Body) -> Result<(Vec<u8>, Held), ApiError> {
        self.is_open()?;
        body::read(self.host(), &self.0.held, headers, body).await
    }

    /// Hands work to a planning thread and waits for its answer. Dropping the future cancels the work.
    pub(super) async fn ask(&self, work: Work, held: Held) -> Result<Answer, ApiError> {
        self.is_open()?;
        let (sender, receiver) = oneshot::channel();
        self.host().submit(Call { work, reply: Reply::Once(sender), held })?;
        // A thread that went away without an answer has failed.
        receiver.await.map_err(|_| ApiError::Fault)
    }

    /// Whether work is still taken.
    pub(super) fn is_open(&self) -> Result<(), Refused> {
        if self.0.is_ending.load(Relaxed) { Err(Refused::ShutDown) } else { Ok(()) }
    }
}
