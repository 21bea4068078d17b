//! Cancelled runs give everything back in a browser too.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::cancelled::after_cancelled_runs;

#[wasm_bindgen_test]
fn wasm_pages_after_a_thousand_cancelled_runs_equal_those_after_ten() {
    let pages = after_cancelled_runs(1_000, || core::arch::wasm32::memory_size::<0>());
    let (early, late) = (pages[3], pages[pages.len() - 1]);
    assert_eq!(early[2], late[2]);
}
