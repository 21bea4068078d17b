//! What a platform lends to the measurements.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};

use crate::cache::PatternCache;
use crate::plan::Pattern;
use crate::runtime::Pacing;
use crate::store::{PatternRecords, StoreError};

/// Where something was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// By the native program.
    Native,
    /// In a browser.
    Browser,
}

/// What measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Where.
    pub platform: Platform,
    /// The processor, or the browser.
    pub name: String,
    /// Threads that it runs at once; 0 where that is not told.
    pub threads: u32,
    /// The operating system and the architecture, or WebAssembly.
    pub target: String,
    /// The version and whether it is optimised.
    pub build: String,
}

/// A store of patterns for a while.
pub struct Disk {
    /// The store.
    pub patterns: Rc<dyn PatternRecords>,
    /// Deletes it when it is dropped, after the store.
    pub deletes: Box<dyn Any>,
}

/// A platform as the measurements need it.
pub trait Lab {
    /// Time.
    fn pacing(&self) -> Pacing;

    /// Milliseconds since 1970.
    fn wall_clock_ms(&self) -> f64;

    /// What measures.
    fn machine(&self) -> Machine;

    /// Runs a future on this thread, beside all others.
    fn spawn(&self, future: LocalBoxFuture<'static, ()>);

    /// An empty cache of patterns, of the kind that services have here.
    fn patterns(&self) -> Rc<dyn PatternCache>;

    /// A store of patterns on the disk that is empty and nobody else's.
    ///
    /// # Errors
    /// Where there is none to be had.
    fn disk(&self) -> Result<Disk, StoreError>;

    /// The text of the domain of an example.
    ///
    /// # Errors
    /// Why it is not to be had.
    fn domain(&self, example: &'static str) -> LocalBoxFuture<'_, Result<Arc<str>, String>>;

    /// Bytes of memory that are held for data; `None` where that cannot be told.
    fn held_bytes(&self) -> Option<u64>;

    /// Keeps `patterns` in a cache that so many threads share, lets each of them look up so many at once, and
    /// answers how long each lookup took. `None` where there are no threads, or no clock that is fine enough.
    fn lookups(&self, patterns: &[Pattern], threads: usize, each: usize) -> Option<Vec<Duration>>;
}
