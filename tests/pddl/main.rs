//! PDDL: how it is read, grounded, planned for and validated.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod codes;
mod conformance;
mod ground;
mod joins;
mod limits;
mod order;
mod plans;
mod rulings;
mod slips;
mod syntax;
mod texts;
mod validate;

#[path = "../support/mod.rs"]
mod support;
