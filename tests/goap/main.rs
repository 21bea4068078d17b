//! The GOAP format: how it is read, what is said of it, and what its validator holds.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod codes;
mod format;
mod help;
mod laws;
mod reach;
mod schema;
mod syntax;
mod texts;
mod validate;
