//! A GOAP document: parsed, compiled, searched for a while. Findings have places within the text, and slices
//! change nothing. Plans that are found hold, and engines agree on whether there is one and what the cheapest
//! costs.
#![no_main]

mod support;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use planscope::ground::goap::{Compile, GoapTask};
use planscope::lang::goap::{Model, Parse, Parsed, canonical, parse};
use planscope::search::{EngineConfig, HeuristicKind, NoObserver, Ordering, Search, SearchEnd, SearchKind};
use planscope::step::{Budget, Progress, Stepper};
use planscope::validate::{Validator, replay};
use support::findings;
use support::mutate::{Language, mutate_input};

/// Enough for small tasks; the rest is given up.
const UNITS: u64 = 20_000;
const MEMORY: u64 = 64 << 20;
/// Units of a slice where the same is done in slices.
const SLICE: u64 = 3;
/// Goals that are searched for.
const GOALS_MAX: usize = 3;
/// Costs from here on are not compared: floats do not hold them.
const COST_MAX: f64 = 1e9;

const GOAP: Language = Language {
    separators: b",:",
    comma: ", ",
    words: &[
        "\"format\"",
        "\"planscope-goap/1\"",
        "\"name\"",
        "\"state\"",
        "\"actions\"",
        "\"goals\"",
        "\"conditions\"",
        "\"preconditions\"",
        "\"effects\"",
        "\"cost\"",
        "\"parameters\"",
        "\"metric\"",
        "\"priority\"",
        "\"confidence\"",
        "\"+\"",
        "\"-\"",
        "\">=\"",
        "\"<\"",
        "\"!=\"",
        "\"min\"",
        "\"max\"",
        "\"{x}\"",
        "\"a\"",
        "{}",
        "[]",
        "true",
        "false",
        "null",
        "0",
        "1",
        "-1",
        "0.5",
        "1e300",
        "9007199254740991",
        "{\"+\": 1}",
        "{\"-\": 2}",
        "{\">=\": 3}",
    ],
    frames: &["[@]", "{\"a\": @}", "{\">=\": @}", "{\"+\": @}", "{\"not\": @}", "\"@\"", "@, @", "-@", "@0"],
};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_input(data, size, max_size, seed, &GOAP)
});

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let parsed = parse(text);
    check_reading(text, &parsed);
    let Some(model) = parsed.model else { return };
    let mut compile = Compile::new(&model);
    let Progress::Done(Ok(task)) = compile.step(&mut Budget::units(UNITS)) else { return };
    for goal in 0..model.goals.len().min(GOALS_MAX) {
        check_goal(&model, &task, goal);
    }
});

fn check_reading(text: &str, parsed: &Parsed) {
    findings::check(&parsed.diagnostics, &[text]);
    assert_eq!(parsed.model.is_some(), !parsed.diagnostics.iter().any(|finding| finding.is_error()));
    let mut sliced = Parse::new(text);
    let sliced = loop {
        if let Progress::Done(sliced) = sliced.step(&mut Budget::units(SLICE)) {
            break sliced;
        }
    };
    assert_eq!(sliced.diagnostics, parsed.diagnostics);
    let bytes = |parsed: &Parsed| parsed.model.as_ref().map(canonical::domain_bytes);
    assert_eq!(bytes(&sliced), bytes(parsed));
    if let Some(mended) = parsed.diagnostics.first().and_then(|first| findings::mended(first, &[text])) {
        let again = parse(&mended[0]);
        findings::check(&again.diagnostics, &[&mended[0]]);
    }
}

fn check_goal(model: &Model, task: &GoapTask, goal: usize) {
    let initial = Validator::new(model).initial();
    let Some(instance) = task.instance(model, &initial.values, goal) else { return };
    let mut costs = Vec::new();
    for (search, heuristic) in [
        (SearchKind::Gbfs, HeuristicKind::Ff),
        (SearchKind::Astar, HeuristicKind::Blind),
        (SearchKind::Astar, HeuristicKind::Hmax),
    ] {
        let engine = EngineConfig { search, heuristic, ..EngineConfig::default() };
        let heuristic = engine.prepare(&task.task, &instance);
        let instance = instance.clone();
        let mut search =
            Search::new(&task.task, instance, heuristic, Ordering::new(&engine), MEMORY, NoObserver);
        let Progress::Done(finished) = search.step(&mut Budget::units(UNITS)) else { continue };
        match finished.end {
            SearchEnd::Solved => {
                let steps: Vec<_> = finished.plan.iter().filter_map(|&id| task.step(model, id)).collect();
                assert_eq!(steps.len(), finished.plan.len());
                let replayed = replay(model, initial.clone(), &model.goals[goal].conditions, &steps);
                let total = replayed.expect("a plan that holds").total;
                let cost = finished.cost as f64 * task.task.unit;
                let is_optimal = engine.search == SearchKind::Astar;
                // A cheaper way to a node on the path may have been found after the node was expanded.
                let is_less = !is_optimal && total < cost;
                assert!(is_less || agree(total, cost), "{total} by the validator, {cost}");
                costs.push((Some(total), is_optimal));
            }
            SearchEnd::Unsolvable => costs.push((None, true)),
            _ => {}
        }
    }
    assert!(
        costs.windows(2).all(|pair| pair[0].0.is_some() == pair[1].0.is_some()),
        "a plan or not: {costs:?}"
    );
    let least: Vec<f64> =
        costs.iter().filter(|(_, is_least)| *is_least).filter_map(|(cost, _)| *cost).collect();
    assert!(least.windows(2).all(|pair| agree(pair[0], pair[1])), "{costs:?}");
}

fn agree(one: f64, other: f64) -> bool {
    one.abs() > COST_MAX || other.abs() > COST_MAX || (one - other).abs() <= 1e-6 * (1.0 + one.abs())
}
