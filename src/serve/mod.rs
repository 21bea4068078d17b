//! Planning over HTTP: routes, bodies, answers and their statuses, over threads that plan.
//!
//! This module has no socket, thread or clock. What it needs of its platform is in [`Host`]: planning threads that
//! take [`Call`]s, time, and sleep. Everything that crosses threads is an owned value that is `Send`; what a
//! service holds by reference count stays on its thread, where [`Worker`] answers calls.
//!
//! A request is read within bounds of bytes and time, becomes a call, and is answered exactly once: with the result,
//! or with an error as JSON. A client that hangs up drops its handler, which cancels its job.

mod app;
mod body;
mod call;
mod documents;
mod editors;
mod engines;
mod errors;
mod guard;
mod input;
mod job_routes;
mod jobs;
mod meters;
mod plan;
mod progress;
mod routes;
mod worker;

use std::time::Duration;

use futures::future::BoxFuture;

use crate::cache::CacheCounters;
use crate::service::Totals;
use crate::store::StoreFigures;

pub use app::App;
pub use body::Held;
pub use call::{Answer, Call, Reply, Validation, Work};
pub use errors::Refused;
pub use jobs::KeptReply;
pub use routes::router;
pub use worker::Worker;

/// What the routes need of their platform.
pub trait Host: Send + Sync + 'static {
    /// Hands a call to the planning thread that has least to do.
    ///
    /// # Errors
    /// [`Refused`] where every thread has as many calls as may wait, or where they take no more.
    fn submit(&self, call: Call) -> Result<(), Refused>;

    /// How busy the threads are.
    fn load(&self) -> Load;

    /// The caches that the threads share, by name.
    fn caches(&self) -> Vec<(&'static str, CacheCounters)>;

    /// What the services of the threads have counted together.
    fn totals(&self) -> Totals;

    /// The store of kept plans, where there is one.
    fn store(&self) -> Option<StoreFigures>;

    /// Resolves after `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Monotonic time since an arbitrary origin.
    fn now(&self) -> Duration;
}

/// How busy the planning threads are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Calls that wait.
    pub waiting: usize,
    /// Calls that are worked on.
    pub in_flight: usize,
    /// Planning threads.
    pub threads: usize,
}

/// What the service takes from whom.
#[derive(Clone, Debug)]
pub struct Config {
    /// What requests must show as a bearer token; `None` where everybody is served.
    pub token: Option<String>,
    /// The origin whose pages may read the answers; `None` for pages of this server alone.
    pub allow_origin: Option<String>,
    /// Whether requests must name this machine as their host. It keeps pages of other sites out whose name was made to
    /// point here.
    pub only_local_names: bool,
    /// The longest time of work that a request may have, and the most memory of its search.
    pub limits: Ceilings,
}

/// The most that a request may ask for. A request that asks for more gets this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ceilings {
    /// Time of work.
    pub timeout: Duration,
    /// Bytes that a search may hold.
    pub memory_bytes: u64,
}

/// Bytes of a body at most: a domain and a problem of 16 MiB each, and what JSON escapes in them.
pub const BODY_BYTES_MAX: u64 = 40 << 20;

/// Bytes of all bodies together that are being read or whose calls are under way.
pub const BODIES_BYTES_MAX: u64 = 512 << 20;

/// How long a body may take to arrive.
pub const BODY_TIME_MAX: Duration = Duration::from_secs(20);
