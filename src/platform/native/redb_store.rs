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
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use redb::{Database, StorageBackend};

use super::redb_disk::Disk;
use super::redb_file::{self, Trouble, afresh};
use super::redb_orders::{Order, Reply, StoreConfig, StoreCounters};
use super::redb_writer::{Writer, closed};
use crate::store::StoreError;

/// The file's name inside its folder.
pub const FILE_NAME: &str = "planscope.redb";

/// The store on a disk. Threads share it. Dropping it writes what is still to be written.
pub struct RedbStore {
    pub(super) disk: Arc<Disk>,
    writer: Mutex<Option<Writer>>,
}

/// What became of opening a store.
pub struct Opened {
    /// The store; `None` where there is none to be had.
    pub store: Option<RedbStore>,
    /// What a person should be told.
    pub notices: Vec<String>,
}

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
        let disk = Arc::new(Disk::new(database, path));
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

    /// Has a change made, and waits until it is on the disk.
    pub(super) async fn ask<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Result<T, StoreError> {
        let entrance = {
            let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            writer.as_ref().map(Writer::entrance).ok_or_else(closed)?
        };
        entrance.ask(&self.disk.meter, order).await
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

impl Opened {
    fn none(detail: &str) -> Self {
        let notice = format!("plans are remembered only until the planner closes: {detail}");
        Self { store: None, notices: vec![notice] }
    }
}
