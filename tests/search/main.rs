//! Searches and heuristics: what they find, what they prove and what is recorded of them; and the examples.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod better_plans;
mod conformance;
mod examples;
mod goap_mistakes;
mod landmarks;
mod numeric;
#[cfg(feature = "native")]
mod trace_figures;
mod trace_hashes;

#[path = "../support/mod.rs"]
mod support;
