//! The service, the driver under it, what it keeps, and the stores.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod answers;
#[cfg(feature = "native")]
mod disk_faults;
mod entry;
mod events;
mod faults;
#[cfg(feature = "native")]
mod faulty_disk;
mod figures;
mod jobs;
#[cfg(feature = "native")]
mod queue;
mod race;
mod records;
#[cfg(feature = "native")]
mod redb;
mod sessions;
mod shares;
mod slices;
#[cfg(feature = "native")]
mod spans;
#[cfg(feature = "native")]
mod store_kills;
mod times;
mod typed;
mod waits;

#[path = "../support/mod.rs"]
mod support;
