//! Patterns and documents in one redb file.
//!
//! | table | key | value |
//! |---|---|---|
//! | `patterns` | 48 bytes of the key | record of kind pattern |
//! | `pattern_uses` | 48 bytes of the key | last use (f64 bits, u64), bytes of the record (u64) |
//! | `documents` | id | record of kind document |
//!
//! Whoever asks reads for himself; reads wait for no write. Everything that is written goes through one thread, the
//! writer (`redb_writer`): it is acknowledged when its transaction is on the disk.
//!
//! A file that redb cannot read, or trips over, is set aside under another name and a fresh one
//! takes its place; a file that another process has open is left alone. Both are said in
//! [`Opened::notices`], neither is an error.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use redb::{Database, StorageBackend, TableDefinition};

use super::contain::contained;
use super::redb_file::{self, Trouble, afresh, is_garbage, set_aside};
use super::redb_orders::{Noted, StoreCounters};
use super::redb_writer::Writer;
use super::time::wall_clock_ms;
use crate::store::StoreError;

pub(super) type Key = &'static [u8; 48];
pub(super) const PATTERNS: TableDefinition<'_, Key, &[u8]> = TableDefinition::new("patterns");
pub(super) const PATTERN_USES: TableDefinition<'_, Key, (u64, u64)> = TableDefinition::new("pattern_uses");
pub(super) const DOCUMENTS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("documents");

/// The file's name inside its folder.
pub const FILE_NAME: &str = "planscope.redb";

/// The store on a disk. Threads share it. Dropping it writes what is still to be written.
pub struct RedbStore {
    pub(super) disk: Arc<Disk>,
    pub(super) writer: Mutex<Option<Writer>>,
}

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

/// The database and what its readers and its writer share beside it.
pub(super) struct Disk {
    /// The file; `None` for a database that is elsewhere.
    path: Option<PathBuf>,
    database: RwLock<Option<Database>>,
    /// The first I/O error: after it redb only says that there was one.
    first_error: OnceLock<String>,
    /// Uses that are not written yet.
    pub(super) noted: Noted,
    pub(super) counters: Mutex<StoreCounters>,
}

/// What became of opening a store.
pub struct Opened {
    /// The store; `None` where there is none to be had.
    pub store: Option<RedbStore>,
    /// What a person should be told.
    pub notices: Vec<String>,
}

/// Why an operation on the database failed.
pub(super) type Failure = redb::Error;

impl RedbStore {
    /// Opens the store in `folder`, which is made where it is missing.
    pub fn open(folder: &Path) -> Opened {
        Self::open_with(folder, StoreConfig::default())
    }

    /// The same, with bounds of one's own.
    pub fn open_with(folder: &Path, config: StoreConfig) -> Opened {
        let path = folder.join(FILE_NAME);
        if let Err(error) = fs::create_dir_all(folder) {
            return Opened::none(&format!("{} cannot be made: {error}", folder.display()));
        }
        let (database, notices) = match redb_file::database(&path) {
            Ok(database) => (database, Vec::new()),
            Err(Trouble::Busy) => {
                return Opened::none(&format!("another process has {} open", path.display()));
            }
            Err(Trouble::Refused(detail)) => {
                return Opened::none(&format!("{} cannot be opened: {detail}", path.display()));
            }
            Err(Trouble::Damaged(detail)) => match afresh(&path, &detail) {
                Ok((database, notice)) => (database, vec![notice]),
                Err(detail) => return Opened::none(&detail),
            },
        };
        match Self::start(database, Some(path), config) {
            Ok(store) => Opened { store: Some(store), notices },
            Err(error) => Opened::none(&error.to_string()),
        }
    }

    /// The store on anything that can be read and written.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub fn on(backend: impl StorageBackend, config: StoreConfig) -> Result<Self, StoreError> {
        let unavailable = |detail| StoreError::Unavailable { detail };
        let database = redb_file::database_on(backend).map_err(|trouble| match trouble {
            Trouble::Busy => unavailable("another process has it open".to_owned()),
            Trouble::Refused(detail) => unavailable(format!("opening it: {detail}")),
            Trouble::Damaged(detail) => StoreError::Damaged { key: "of the database".to_owned(), detail },
        })?;
        Self::start(database, None, config)
    }

    fn start(database: Database, path: Option<PathBuf>, config: StoreConfig) -> Result<Self, StoreError> {
        let disk = Arc::new(Disk {
            path,
            database: RwLock::new(Some(database)),
            first_error: OnceLock::new(),
            noted: Noted::default(),
            counters: Mutex::default(),
        });
        let writer = Writer::start(Arc::clone(&disk), config).map_err(|error| StoreError::Unavailable {
            detail: format!("its writer cannot be started: {error}"),
        })?;
        Ok(Self { disk, writer: Mutex::new(Some(writer)) })
    }

    /// Takes no more changes, and waits until those it has taken are written. What is asked of it later fails.
    pub fn close(&self) {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            writer.end();
        }
        self.disk.close();
    }

    /// What it has done.
    pub fn counters(&self) -> StoreCounters {
        *self.disk.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for RedbStore {
    fn drop(&mut self) {
        self.close();
    }
}

impl Disk {
    /// Does `work` on the database; `doing` says in errors what it was. Where the file turns out to be damaged, it is
    /// set aside, and the store answers no more.
    pub(super) fn with<T>(
        &self,
        doing: &str,
        work: impl FnOnce(&Database) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        let answer = match &*self.database.read().unwrap_or_else(PoisonError::into_inner) {
            Some(database) => contained(|| work(database)),
            None => return Err(StoreError::Unavailable { detail: format!("{doing}: it was closed") }),
        };
        let error = match answer {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => error,
            Err(panic) => redb::Error::Corrupted(panic),
        };
        let first = |text: String| self.first_error.get_or_init(|| text).clone();
        match error {
            redb::Error::Io(error) if !is_garbage(&error) => {
                let detail = format!("{doing}: {}", first(error.to_string()));
                Err(if is_full(&error) {
                    StoreError::Full { detail }
                } else {
                    StoreError::Unavailable { detail }
                })
            }
            // After an I/O error redb has to be opened anew; that says nothing about the file.
            error @ (redb::Error::PreviousIo
            | redb::Error::DatabaseClosed
            | redb::Error::TransactionPoisoned) => {
                let detail = format!("{doing}, after an earlier error: {}", first(error.to_string()));
                Err(StoreError::Unavailable { detail })
            }
            error => Err(self.give_up(doing, &error)),
        }
    }

    /// Closes the database; a read that is under way is waited for.
    fn close(&self) {
        let database = self.take();
        let _ = contained(|| drop(database));
    }

    fn take(&self) -> Option<Database> {
        self.database.write().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn give_up(&self, doing: &str, error: &redb::Error) -> StoreError {
        self.close();
        let Some(path) = &self.path else {
            return StoreError::Damaged {
                key: "of the database".to_owned(),
                detail: format!("{doing}: {error}"),
            };
        };
        let kept = set_aside(path).map_or_else(|error| error, |aside| aside.display().to_string());
        StoreError::Damaged {
            key: path.display().to_string(),
            detail: format!("{doing}: {error}; the file was set aside ({kept})"),
        }
    }
}

impl Opened {
    fn none(detail: &str) -> Self {
        let notice = format!("plans are remembered only until the planner closes: {detail}");
        Self { store: None, notices: vec![notice] }
    }
}

/// Any of redb's errors as one.
pub(super) fn failure(error: impl Into<redb::Error>) -> Failure {
    error.into()
}

/// Whether there is no room. A file that may not grow beyond a limit of the process has none either.
fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}
