//! The native platform: Tokio on one thread, planning threads beside it where it serves, `DashMap`, redb, files,
//! sockets, the terminal, signals.
//!
//! Futures are spawned here and nowhere else. Nothing that a person gives (arguments, files, a
//! damaged store) makes it panic.

pub mod console;
pub mod contain;
pub mod patterns;
pub mod redb_store;
pub mod time;

mod aside;
mod bar;
mod discard;
mod http;
mod lab;
mod log;
mod main;
mod pool;
mod redb_changes;
mod redb_disk;
mod redb_documents;
mod redb_file;
mod redb_orders;
mod redb_patterns;
mod redb_tables;
mod redb_writer;
mod streams;
#[cfg(not(feature = "console"))]
#[path = "task_watch_off.rs"]
mod task_watch;
#[cfg(feature = "console")]
#[path = "task_watch_on.rs"]
mod task_watch;

pub use console::Console;
pub use main::main;
pub use patterns::DashPatternCache;
pub use pool::{Pool, PoolConfig};
pub use redb_orders::{StoreConfig, StoreCounters};
pub use redb_store::RedbStore;
pub use time::{TokioSleep, TokioYield, WallClock};
