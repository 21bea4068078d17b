//! Slicing changes nothing: the order of expansions is the same for every budget, and equal to the
//! checked-in one on every platform (`tests/web/trace_hashes.rs` reads the same file).
//!
//! After a change that is meant to alter the order, write the file again with
//! `UPDATE_TRACE_HASHES=1 cargo test --test search trace_hashes::`, and look at what changed.

use crate::support::trace_hashes::{CHECKED_IN, SLICES, lines};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/trace_hashes.txt");

#[test]
fn order_of_expansions_equals_the_checked_in_one_for_every_budget() {
    let all = SLICES.map(lines);
    assert_eq!(all[0], all[2], "budget 1 and no limit");
    assert_eq!(all[1], all[2], "budget 1,000 and no limit");
    if std::env::var_os("UPDATE_TRACE_HASHES").is_some() {
        std::fs::write(FILE, &all[2]).unwrap();
        return;
    }
    assert_eq!(all[2], CHECKED_IN);
}

#[test]
fn the_file_covers_ten_tasks_and_five_engines() {
    let column = |index: usize| {
        let mut column: Vec<&str> =
            CHECKED_IN.lines().filter_map(|line| line.split(" | ").nth(index)).collect();
        column.sort_unstable();
        column.dedup();
        column.len()
    };
    assert!(column(0) >= 10 && column(1) >= 5);
    assert_eq!(CHECKED_IN.lines().count(), column(0) * column(1));
}
