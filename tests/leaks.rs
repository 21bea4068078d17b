//! Runs that are cancelled give everything back: live bytes after a thousand equal those after ten.
#![cfg(not(target_arch = "wasm32"))]
#![expect(unsafe_code, reason = "an allocator that counts is an unsafe trait")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicIsize, Ordering};

use support::cancelled::after_cancelled_runs;

struct Counting;

static LIVE: AtomicIsize = AtomicIsize::new(0);

// SAFETY: hands every call to the system's allocator unchanged; the counter allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test, so that no other one allocates beside it.
#[test]
fn live_bytes_after_a_thousand_cancelled_runs_equal_those_after_ten() {
    let live = after_cancelled_runs(1_000, || LIVE.load(Ordering::Relaxed));
    assert!(live[3..].iter().all(|kinds| *kinds == live[3]), "{live:?}");
}
