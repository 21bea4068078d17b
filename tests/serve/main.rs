//! The HTTP service as a process, over real sockets of this machine.
#![cfg(all(not(target_arch = "wasm32"), feature = "native"))]
#![expect(clippy::disallowed_methods, reason = "processes and sockets are waited for in real time")]

mod client;
mod document;
mod floods;
mod jobs;
mod logs;
mod others;
mod plans;
