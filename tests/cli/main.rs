//! The command line as a process.
#![cfg(not(target_arch = "wasm32"))]

mod batch;
mod bench;
#[cfg(unix)]
mod full_disk;
mod goap;
mod keep;
mod logs;
mod pddl;
mod report;
mod score;
mod stops;

#[path = "../support/command.rs"]
mod command;
