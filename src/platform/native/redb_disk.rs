//! The database and what its readers and its writer share.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};

use redb::Database;

use super::contain::contained;
use super::redb_file::{is_garbage, set_aside};
use super::redb_orders::{Noted, StoreCounters};
use super::redb_tables::Failure;
use crate::store::{StoreError, StoreMeter};

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
    pub(super) meter: StoreMeter,
}

impl Disk {
    /// A database that is open; `path` is its file, if it has one.
    pub(super) fn new(database: Database, path: Option<PathBuf>) -> Self {
        Self {
            path,
            database: RwLock::new(Some(database)),
            first_error: OnceLock::new(),
            noted: Noted::default(),
            counters: Mutex::default(),
            meter: StoreMeter::default(),
        }
    }

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
    pub(super) fn close(&self) {
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

/// Whether there is no room. A file that may not grow beyond a limit of the process has none either.
fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}
