//! A GOAP document: parsed, compiled, searched for a while; findings have places within the text, and a plan
//! that is found holds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use planscope::ground::goap::Compile;
use planscope::lang::goap::parse;
use planscope::search::{EngineConfig, NoObserver, Ordering, Search, SearchEnd, SearchKind};
use planscope::step::{Budget, Progress, Stepper};
use planscope::validate::{Validator, replay};

/// Enough for small tasks; the rest is given up.
const UNITS: u64 = 20_000;
const MEMORY: u64 = 64 << 20;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let parsed = parse(text);
    for finding in &parsed.diagnostics {
        assert!(text.get(finding.span.start as usize..finding.span.end as usize).is_some());
    }
    let Some(model) = parsed.model else { return };
    let mut compile = Compile::new(&model);
    let Progress::Done(Ok(task)) = compile.step(&mut Budget::units(UNITS)) else { return };
    let initial = Validator::new(&model).initial();
    for goal in 0..model.goals.len() {
        let Some(instance) = task.instance(&model, &initial.values, goal) else { continue };
        let engine = EngineConfig { search: SearchKind::Gbfs, ..EngineConfig::default() };
        let heuristic = engine.prepare(&task.task, &instance);
        let mut search = Search::new(&task.task, instance, heuristic, Ordering::new(&engine), MEMORY, NoObserver);
        if let Progress::Done(finished) = search.step(&mut Budget::units(UNITS))
            && finished.end == SearchEnd::Solved
        {
            let steps: Vec<_> = finished.plan.iter().filter_map(|&id| task.step(&model, id)).collect();
            let goal = &model.goals[goal].conditions;
            assert!(replay(&model, initial.clone(), goal, &steps).is_ok(), "a plan that does not hold");
        }
    }
});
