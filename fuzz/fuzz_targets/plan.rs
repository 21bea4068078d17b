//! A plan file: what is read is written and read back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planscope::lang::plan::{read, write};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let file = read(text);
    for finding in &file.diagnostics {
        assert!(text.get(finding.span.start as usize..finding.span.end as usize).is_some());
    }
    let again = read(&write(&file.steps, &file.cost.unwrap_or(0.0).to_string()));
    assert!(again.diagnostics.is_empty(), "{:?}", again.diagnostics);
    assert_eq!(again.steps, file.steps);
});
