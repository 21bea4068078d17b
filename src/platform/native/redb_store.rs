//! Patterns and documents in one redb file.
//!
//! | table | key | value |
//! |---|---|---|
//! | `patterns` | 48 bytes of the key | record of kind pattern |
//! | `pattern_uses` | 48 bytes of the key | last use (f64 bits, u64), bytes of the record (u64) |
//! | `documents` | id | record of kind document |
//!
//! The file is made under another name and linked to its own once it is whole: a process that is killed while it
//! makes it leaves nothing that the next one takes for a damaged store.
//!
//! A file that redb cannot read, or trips over, is set aside under another name and a fresh one
//! takes its place; a file that another process has open is left alone. Both are said in
//! [`Opened::notices`], neither is an error. Every write is durable when it is acknowledged.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock};

use redb::{Database, DatabaseError, ReadableDatabase, ReadableTable, StorageError, TableDefinition};

use super::contain::contained;
use super::time::wall_clock_ms;
use crate::store::StoreError;

pub(super) type Key = &'static [u8; 48];
pub(super) const PATTERNS: TableDefinition<'_, Key, &[u8]> = TableDefinition::new("patterns");
pub(super) const PATTERN_USES: TableDefinition<'_, Key, (u64, u64)> = TableDefinition::new("pattern_uses");
pub(super) const DOCUMENTS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("documents");

/// The file's name inside its folder.
pub const FILE_NAME: &str = "planscope.redb";

/// Bytes that redb may hold in memory: the hot part of what is kept.
const CACHE_BYTES: usize = 8 << 20;

/// The store on a disk. Threads share it.
pub struct RedbStore {
    path: PathBuf,
    database: RwLock<Option<Database>>,
    /// Counts the patterns written, from a number that the clock draws.
    pattern_writes: AtomicU32,
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

enum Trouble {
    Busy,
    Refused(String),
    Damaged(String),
}

impl RedbStore {
    /// Opens the store in `folder`, which is made where it is missing.
    pub fn open(folder: &Path) -> Opened {
        let path = folder.join(FILE_NAME);
        if let Err(error) = fs::create_dir_all(folder) {
            return Opened::none(&format!("{} cannot be made: {error}", folder.display()));
        }
        let (database, notices) = match database(&path) {
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
        // A process may write only once, so the number at which it begins to count is drawn at random: then
        // processes check the bounds as often as one process with as many writes would.
        let pattern_writes = AtomicU32::new(wall_clock_ms() as u32);
        let store = Self { path, database: RwLock::new(Some(database)), pattern_writes };
        Opened { store: Some(store), notices }
    }

    /// Counts a pattern that is written; answers how many there were before.
    pub(super) fn count_write(&self) -> u32 {
        self.pattern_writes.fetch_add(1, Relaxed)
    }

    /// Does `work` on the database. Where the file turns out to be damaged, it is set aside, and
    /// the store answers no more.
    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        let answer = match &*self.database.read().unwrap_or_else(PoisonError::into_inner) {
            Some(database) => contained(|| work(database)),
            None => return Err(StoreError::Unavailable { detail: "its file was set aside".to_owned() }),
        };
        let error = match answer {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => error,
            Err(panic) => redb::Error::Corrupted(panic),
        };
        match error {
            redb::Error::Io(error) if is_full(&error) => Err(StoreError::Full { detail: error.to_string() }),
            redb::Error::Io(error) if !is_garbage(&error) => {
                Err(StoreError::Unavailable { detail: error.to_string() })
            }
            // After an I/O error redb has to be opened anew; that says nothing about the file.
            error @ (redb::Error::PreviousIo
            | redb::Error::DatabaseClosed
            | redb::Error::TransactionPoisoned) => Err(StoreError::Unavailable { detail: error.to_string() }),
            error => Err(self.give_up(&error)),
        }
    }

    fn take(&self) -> Option<Database> {
        self.database.write().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn give_up(&self, error: &redb::Error) -> StoreError {
        let database = self.take();
        let _ = contained(|| drop(database));
        let kept = set_aside(&self.path).map_or_else(|error| error, |aside| aside.display().to_string());
        StoreError::Damaged {
            key: self.path.display().to_string(),
            detail: format!("{error}; the file was set aside ({kept})"),
        }
    }
}

impl Drop for RedbStore {
    fn drop(&mut self) {
        let database = self.take();
        let _ = contained(|| drop(database));
    }
}

impl Opened {
    fn none(detail: &str) -> Self {
        let notice = format!("plans are remembered only until the planner closes: {detail}");
        Self { store: None, notices: vec![notice] }
    }
}

/// Opens the file or makes it, with all its tables.
fn database(path: &Path) -> Result<Database, Trouble> {
    let begun = path.with_extension("redb.begun");
    if is_made(path) {
        let _ = fs::remove_file(&begun);
        return open_or_create(path);
    }
    let made = open_or_create(&begun).or_else(|trouble| match trouble {
        // The file was left by a process that was killed: redb locks the file of a process that lives.
        Trouble::Damaged(_) if fs::remove_file(&begun).is_ok() => open_or_create(&begun),
        trouble => Err(trouble),
    });
    let made = made.map(drop);
    // If another process made the file first, that file serves as well.
    let placed = made.and_then(|()| place(&begun, path).map_err(|error| Trouble::Refused(error.to_string())));
    let _ = fs::remove_file(&begun);
    placed?;
    open_or_create(path)
}

/// Gives the file `begun` the name `path`, unless a file that is not empty has it.
fn place(begun: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(begun, path) {
        Err(_) if is_made(path) => Ok(()),
        // An empty file has the name, or the file system has no links.
        Err(_) => fs::rename(begun, path),
        Ok(()) => Ok(()),
    }
}

/// Whether the file exists and holds something: an empty file has no database yet.
fn is_made(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.len() > 0)
}

fn open_or_create(path: &Path) -> Result<Database, Trouble> {
    let opened = contained(|| {
        let database = Database::builder().set_cache_size(CACHE_BYTES).create(path)?;
        make_tables(&database).map_err(|error| match error {
            redb::Error::Io(error) => DatabaseError::Storage(StorageError::Io(error)),
            error => DatabaseError::Storage(StorageError::Corrupted(error.to_string())),
        })?;
        Ok(database)
    });
    match opened {
        Ok(Ok(database)) => Ok(database),
        Ok(Err(DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch)) => {
            Err(Trouble::Busy)
        }
        Ok(Err(DatabaseError::Storage(StorageError::Io(error)))) if !is_garbage(&error) => {
            Err(Trouble::Refused(error.to_string()))
        }
        Ok(Err(error)) => Err(Trouble::Damaged(error.to_string())),
        Err(panic) => Err(Trouble::Damaged(panic)),
    }
}

fn make_tables(database: &Database) -> Result<(), Failure> {
    let reading = database.begin_read().map_err(failure)?;
    let known = reading.list_tables().map_err(failure)?.count();
    drop(reading);
    if known >= 3 {
        return Ok(());
    }
    let writing = database.begin_write().map_err(failure)?;
    writing.open_table(PATTERNS).map_err(failure)?;
    writing.open_table(PATTERN_USES).map_err(failure)?;
    writing.open_table(DOCUMENTS).map_err(failure)?;
    writing.commit().map_err(failure)
}

/// Any of redb's errors as one.
pub(super) fn failure(error: impl Into<redb::Error>) -> Failure {
    error.into()
}

fn afresh(path: &Path, detail: &str) -> Result<(Database, String), String> {
    let damaged = format!("{} is damaged ({detail})", path.display());
    let aside = set_aside(path).map_err(|error| format!("{damaged}, and {error}"))?;
    match database(path) {
        Ok(database) => {
            let kept = aside.display();
            Ok((database, format!("{damaged}; it was set aside as {kept}, and a fresh one begun")))
        }
        Err(_) => Err(format!("{damaged}, and a fresh one could not be made")),
    }
}

/// Renames the file; a name that is taken is not overwritten.
fn set_aside(path: &Path) -> Result<PathBuf, String> {
    let stamp = wall_clock_ms() as u64;
    let free = (0..100)
        .map(|n| path.with_extension(format!("redb.damaged-{}", stamp + n)))
        .find(|aside| !aside.exists())
        .ok_or_else(|| "no name was free to set it aside".to_owned())?;
    fs::rename(path, &free).map_err(|error| format!("it could not be set aside: {error}"))?;
    Ok(free)
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Whether an I/O error is about the contents of the file.
fn is_garbage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

/// The rows of a table as owned bytes, in key order.
pub(super) fn documents(database: &Database) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let reading = database.begin_read().map_err(failure)?;
    let table = reading.open_table(DOCUMENTS).map_err(failure)?;
    let mut rows = Vec::new();
    for row in table.iter().map_err(failure)? {
        let (id, record) = row.map_err(failure)?;
        rows.push((id.value().to_owned(), record.value().to_vec()));
    }
    Ok(rows)
}
