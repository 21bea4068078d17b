//! A domain and a problem, split at the first NUL: parsed, grounded, searched for a while; findings have
//! places within the texts, and a plan that is found holds.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use planscope::diagnostic::SourceMap;
use planscope::ground::pddl::{Ground, GroundOptions};
use planscope::lang::pddl::parse;
use planscope::search::{EngineConfig, NoObserver, Ordering, Search, SearchEnd, SearchKind};
use planscope::step::{Budget, Progress, Stepper};
use planscope::validate::pddl::replay;

/// Enough for small tasks; the rest is given up.
const UNITS: u64 = 20_000;
const MEMORY: u64 = 64 << 20;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (domain, problem) = text.split_once('\0').unwrap_or((text, ""));
    let parsed = parse(domain, problem);
    let sources = SourceMap::new().with("domain", domain).with("problem", problem);
    for finding in &parsed.diagnostics {
        let (file, span) = sources.locate(finding.span).expect("there are texts");
        let text = &sources.files()[file].text;
        assert!(text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize));
    }
    assert!(parsed.model.is_some() || parsed.diagnostics.iter().any(|finding| finding.is_error()));
    let Some(model) = parsed.model.map(Arc::new) else { return };
    let options = GroundOptions { memory_bytes: MEMORY, ..GroundOptions::default() };
    let mut ground = Ground::new(Arc::clone(&model), options);
    let mut budget = Budget::units(UNITS);
    let task = loop {
        match ground.step(&mut budget) {
            Progress::Done(Ok(task)) => break task,
            Progress::Pending if !budget.is_spent() => {}
            _ => return,
        }
    };
    let engine = EngineConfig { search: SearchKind::Gbfs, ..EngineConfig::default() };
    let heuristic = engine.prepare(&task.task, &task.instance);
    let instance = task.instance.clone();
    let mut search = Search::new(&task.task, instance, heuristic, Ordering::new(&engine), MEMORY, NoObserver);
    if let Progress::Done(finished) = search.step(&mut Budget::units(UNITS))
        && finished.end == SearchEnd::Solved
    {
        let steps: Vec<_> = finished.plan.iter().filter_map(|&id| task.step(&model, id)).collect();
        assert!(replay(&model, &steps).is_ok(), "a plan that does not hold");
    }
});
