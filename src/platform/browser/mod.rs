//! The browser: clock, timers, macrotask yields, `IndexedDB`, the JavaScript API.
//!
//! Futures are spawned here (and by Leptos) and nowhere else. Globals are looked up, never
//! assumed: the package also runs in a worker, and any of them may be missing or throw.

pub mod api;
pub mod arrival;
pub mod bench;
pub mod calls;
pub mod database;
pub mod documents;
pub mod engine;
pub mod fault;
pub mod figures;
pub mod globals;
pub mod idb;
pub mod kept;
pub mod lab;
pub mod news;
pub mod options;
pub mod patterns;
pub mod sentinel;
pub mod session;
// The page has a `main` of its own, which a start function would keep from running.
#[cfg(not(feature = "page"))]
mod start;
pub mod time;
pub mod timing;
mod typescript;
pub mod visibility;
pub mod warm;
pub mod yielder;

pub use documents::IdbDocuments;
pub use engine::Engine;
pub use patterns::IdbPatterns;
pub use time::{PerformanceClock, TimerSleep};
pub use yielder::ChannelYield;
