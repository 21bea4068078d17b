//! A GOAP document: parsed, compiled, searched for a while. Findings have places within the text, and slices
//! change nothing. Plans that are found hold, and engines agree on whether there is one and what the cheapest
//! costs.
#![no_main]

mod support;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use planscope::ground::goap::{Compile, GoapTask};
use planscope::lang::goap::{Model, Parse, Parsed, canonical, parse};
use planscope::step::{Budget, Progress, Stepper};
use planscope::validate::{Validator, replay};
use support::engines::{self, Costs, Found};
use support::findings;
use support::mutate::{Language, mutate_input};

/// Units that compiling may take: enough for small tasks; the rest is given up.
const UNITS: u64 = 20_000;
/// Units of a slice where the same is done in slices.
const SLICE: u64 = 3;
/// Goals that are searched for.
const GOALS_MAX: usize = 3;

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
        check_goal(&model, &task, goal, data);
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

fn check_goal(model: &Model, task: &GoapTask, goal: usize, input: &[u8]) {
    let initial = Validator::new(model).initial();
    let Some(instance) = task.instance(model, &initial.values, goal) else { return };
    let mut costs = Costs::default();
    for engine in &engines::engines(input) {
        match engines::search(&task.task, &instance, engine, task.has_uniform_cost) {
            Some(Found::Plan(plan, cost, is_least)) => {
                let steps: Vec<_> = plan.iter().filter_map(|&id| task.step(model, id)).collect();
                assert_eq!(steps.len(), plan.len());
                let replayed = replay(model, initial.clone(), &model.goals[goal].conditions, &steps);
                let total = replayed.expect("a plan that holds").total;
                costs.plan(total, cost as f64 * task.task.unit, is_least);
            }
            Some(Found::Nothing) => costs.push(None, true),
            None => {}
        }
    }
    costs.check();
}
