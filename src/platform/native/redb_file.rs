//! The file of a store: made, opened, set aside.
//!
//! The file is made under another name and linked to its own once it is whole: a process that is killed while it
//! makes it leaves nothing that the next one takes for a damaged store. A file that redb cannot read is set aside
//! under another name, and a fresh one takes its place.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use redb::{Builder, Database, DatabaseError, ReadableDatabase, StorageBackend, StorageError};

use super::contain::contained;
use super::redb_tables::{DOCUMENTS, Failure, PATTERN_USES, PATTERNS, failure};
use super::time::wall_clock_ms;

/// Bytes that redb may hold in memory: the hot part of what is kept.
const CACHE_BYTES: usize = 8 << 20;

/// Why a database cannot be opened.
pub(super) enum Trouble {
    /// Another process has it open.
    Busy,
    /// The system refuses.
    Refused(String),
    /// Its contents are not those of a database.
    Damaged(String),
}

/// Opens the file or makes it, with all its tables.
pub(super) fn database(path: &Path) -> Result<Database, Trouble> {
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

/// Opens a database on anything that can be read and written, or makes it there.
pub(super) fn database_on(backend: impl StorageBackend) -> Result<Database, Trouble> {
    opened(|builder| builder.create_with_backend(backend))
}

/// Sets a file aside and makes a fresh one. Also answers what a person should be told.
pub(super) fn afresh(path: &Path, detail: &str) -> Result<(Database, String), String> {
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
pub(super) fn set_aside(path: &Path) -> Result<PathBuf, String> {
    let stamp = wall_clock_ms() as u64;
    let free = (0..100)
        .map(|n| path.with_extension(format!("redb.damaged-{}", stamp + n)))
        .find(|aside| !aside.exists())
        .ok_or_else(|| "no name was free to set it aside".to_owned())?;
    fs::rename(path, &free).map_err(|error| format!("it could not be set aside: {error}"))?;
    Ok(free)
}

/// Whether an I/O error is about the contents of the file.
pub(super) fn is_garbage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

/// Gives the file `begun` the name `path`, unless a file that is not empty has it. The name is on the disk then.
fn place(begun: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(begun, path) {
        Err(_) if is_made(path) => {}
        // An empty file has the name, or the file system has no links.
        Err(_) => fs::rename(begun, path)?,
        Ok(()) => {}
    }
    // Where a folder cannot be opened as a file, the system writes names in its own time.
    let folder = path.parent().and_then(|folder| File::open(folder).ok());
    folder.map_or(Ok(()), |folder| folder.sync_all())
}

/// Whether the file exists and holds something: an empty file has no database yet.
fn is_made(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.len() > 0)
}

fn open_or_create(path: &Path) -> Result<Database, Trouble> {
    opened(|builder| builder.create(path))
}

fn opened(create: impl FnOnce(&Builder) -> Result<Database, DatabaseError>) -> Result<Database, Trouble> {
    let opened = contained(|| {
        let database = create(Database::builder().set_cache_size(CACHE_BYTES))?;
        make_tables(&database).map_err(|error| match error {
            redb::Error::Io(error) => DatabaseError::Storage(StorageError::Io(error)),
            redb::Error::PreviousIo => DatabaseError::Storage(StorageError::PreviousIo),
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
        Ok(Err(DatabaseError::Storage(error @ StorageError::PreviousIo))) => {
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
