//! The engine in a real browser, through `wasm-pack test`.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::disallowed_methods,
    clippy::redundant_closure,
    clippy::unchecked_time_subtraction,
    clippy::unwrap_used,
    reason = "these tests are the platform's, and fail by panicking"
)]

#[path = "web/api.rs"]
mod api;
#[path = "web/idb.rs"]
mod idb;
#[path = "web/leaks.rs"]
mod leaks;
mod support;
#[path = "web/trace_hashes.rs"]
mod trace_hashes;
#[path = "web/yielder.rs"]
mod yielder;

use planscope::hash::{SplitMix64, checksum};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn hashes_and_random_numbers_equal_the_native_ones() {
    assert_eq!(SplitMix64::new(0).next_u64(), 0xE220_A839_7B1D_CDAF);
    assert_eq!(checksum(b""), 0x2D06_8005_38D3_94C2);
}
