//! Planscope: a planning playground that runs wholly in the browser tab, and natively.

pub mod diagnostic;
pub mod ground;
pub mod hash;
pub mod heuristic;
pub mod lang;
pub mod plan;
pub mod search;
pub mod service;
pub mod step;
pub mod store;
pub mod task;
pub mod trace;
#[cfg(feature = "ui")]
pub mod ui;
pub mod view;
