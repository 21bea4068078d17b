//! A plan file: what is read is written and read back the same, for GOAP and for PDDL.
#![no_main]

mod support;

use libfuzzer_sys::fuzz_target;
use planscope::lang::plan::{PlanFile, read, read_pddl, write, write_pddl};
use support::findings;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let file = read(text);
    check(text, &file);
    for span in &file.spans {
        assert!(!span.of(text).contains('\n'));
    }
    check_again(&file, &read(&write(&file.steps, &cost(&file))));
    let file = read_pddl(text);
    check(text, &file);
    check_again(&file, &read_pddl(&write_pddl(&file.steps, &cost(&file), true)));
});

fn check(text: &str, file: &PlanFile) {
    findings::check(&file.diagnostics, &[text]);
    assert_eq!(file.steps.len(), file.spans.len());
    assert!(file.times.is_empty() || file.times.len() == file.steps.len() && file.times.is_sorted());
    for span in &file.spans {
        let step = text.get(span.start as usize..span.end as usize).expect("a place in the text");
        assert_eq!(step.trim(), step);
    }
}

fn cost(file: &PlanFile) -> String {
    file.cost.unwrap_or(0.0).to_string()
}

fn check_again(file: &PlanFile, again: &PlanFile) {
    assert!(again.diagnostics.is_empty(), "{:?}", again.diagnostics);
    assert_eq!(again.steps, file.steps);
    let (cost, same) = (file.cost.unwrap_or(0.0), again.cost.expect("a cost is written"));
    assert!(cost.total_cmp(&same).is_eq() || cost.is_nan() && same.is_nan(), "{cost} {same}");
}
