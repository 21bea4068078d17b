//! The order of expansions in a browser equals the native one.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::trace_hashes::{CHECKED_IN, SLICES, lines};

#[wasm_bindgen_test]
fn order_of_expansions_equals_the_checked_in_one_for_every_budget() {
    for units in SLICES {
        assert_eq!(lines(units), CHECKED_IN, "{units} units per slice");
    }
}
