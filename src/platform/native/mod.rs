//! The native platform: Tokio on one thread, `DashMap`, redb, files, the terminal, Ctrl-C.
//!
//! Futures are spawned here and nowhere else. Nothing that a person gives (arguments, files, a
//! damaged store) makes it panic.

pub mod console;
pub mod contain;
pub mod patterns;
pub mod redb_store;
pub mod time;

mod main;
mod redb_documents;
mod redb_patterns;

pub use console::Console;
pub use main::main;
pub use patterns::DashPatternCache;
pub use redb_store::RedbStore;
pub use time::{TokioSleep, TokioYield, WallClock};
