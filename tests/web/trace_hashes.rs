//! The order of expansions in a browser equals the native one.

use std::time::Duration;

use planscope::platform::browser::TimerSleep;
use planscope::runtime::Sleep;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::trace_hashes::{CHECKED_IN, SLICES, lines_of, tasks};

#[wasm_bindgen_test]
async fn order_of_expansions_equals_the_checked_in_one_for_every_budget() {
    for units in SLICES {
        let mut found = String::new();
        for task in tasks() {
            found.push_str(&lines_of(&task, units));
            // The driver of the browser wants an answer every few seconds.
            TimerSleep.sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(found, CHECKED_IN, "{units} units per slice");
    }
}
