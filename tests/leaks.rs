//! Runs that are cancelled give everything back: live bytes after a thousand equal those after ten.
#![cfg(not(target_arch = "wasm32"))]
#![expect(unsafe_code, reason = "an allocator that counts is an unsafe trait")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/live.rs"]
mod live;
mod support;

use support::cancelled::after_cancelled_runs;

/// One test, so that no other one allocates beside it.
#[test]
fn live_bytes_after_a_thousand_cancelled_runs_equal_those_after_ten() {
    let live = after_cancelled_runs(1_000, live::bytes);
    assert!(live[3..].iter().all(|kinds| *kinds == live[3]), "{live:?}");
}
