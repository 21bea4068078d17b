//! Planscope: a planning playground that runs wholly in the browser tab, and natively.

pub mod cache;
#[cfg(feature = "native")]
pub mod cli;
pub mod diagnostic;
pub mod ground;
pub mod hash;
pub mod heuristic;
pub mod lang;
pub mod plan;
pub mod platform;
pub mod runtime;
pub mod search;
pub mod service;
pub mod step;
pub mod store;
pub mod task;
pub mod trace;
#[cfg(feature = "ui")]
pub mod ui;
pub mod validate;
pub mod view;
