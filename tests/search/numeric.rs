//! Numbers in conditions and effects: what heuristics may claim of doubles that round, and what many conditions
//! on one number may take.

use std::fmt::Write as _;

use crate::support::engines::{HEURISTICS, engine, initial, presets, read, solve};
use crate::support::random_floats;
use planscope::ground::goap::GoapTask;
use planscope::heuristic::{Heuristic, Landmarks, Measure, OverRelaxation, Preparation};
use planscope::lang::goap::Model;
use planscope::search::{EngineConfig, HeuristicKind, SearchEnd, SearchKind};
use planscope::step::{Budget, Progress};
use planscope::task::StateId;

/// Documents of the comparison with uniform-cost search.
const DOCUMENTS: u64 = 4_000;

fn document(state: &str, actions: &[String], goal: &str) -> String {
    format!(
        r#"{{ "format": "planscope-goap/1", "state": {{ {state} }}, "actions": [ {} ],
  "goals": [ {{ "name": "goal", "conditions": {{ {goal} }} }} ] }}"#,
        actions.join(",\n")
    )
}

/// Every search finds a plan; those that claim it is optimal are right.
fn every_engine_solves(text: &str, cost: f64) {
    let (model, compiled) = read(text);
    let searches = [SearchKind::Astar, SearchKind::Gbfs, SearchKind::Lazy];
    let all = searches.into_iter().flat_map(|search| HEURISTICS.map(|heuristic| engine(search, heuristic)));
    for config in all.chain(presets()) {
        let found = solve(&model, &compiled, 0, &config);
        assert_eq!(found.end, SearchEnd::Solved, "{config}");
        assert!(!found.is_optimal || (found.cost - cost).abs() < 1e-9, "{config}: {}", found.cost);
    }
}

fn heuristic(model: &Model, compiled: &GoapTask, kind: OverRelaxation) -> Box<dyn Heuristic> {
    let instance = compiled.instance(model, &initial(model), 0).unwrap();
    Preparation::new(&compiled.task, &instance, Measure::Cost, kind).finish()
}

#[test]
fn admissible_heuristics_stay_below_uniform_cost_where_sums_round() {
    let mut solved = 0;
    for seed in 0..DOCUMENTS {
        let text = random_floats::document(seed);
        let (model, compiled) = read(&text);
        let cheapest = solve(&model, &compiled, 0, &engine(SearchKind::Ucs, HeuristicKind::Blind));
        // Far from zero a small step can change nothing.
        let has_plan = cheapest.end == SearchEnd::Solved;
        let admissible = [
            engine(SearchKind::Astar, HeuristicKind::Blind),
            engine(SearchKind::Astar, HeuristicKind::Hmax),
            engine(SearchKind::Astar, HeuristicKind::Lmcut),
            EngineConfig { search: SearchKind::Auto, ..EngineConfig::default() },
        ];
        for config in admissible {
            let found = solve(&model, &compiled, 0, &config);
            assert_eq!(found.end == SearchEnd::Solved, has_plan, "seed {seed}, {config}\n{text}");
            assert!(
                !has_plan || !found.is_optimal || (found.cost - cheapest.cost).abs() < 1e-9,
                "seed {seed}, {config}: {} instead of {}\n{text}",
                found.cost,
                cheapest.cost
            );
        }
        solved += u64::from(has_plan && cheapest.statistics.expanded > 3);
    }
    assert!(solved > DOCUMENTS / 3, "{solved}");
}

#[test]
fn hmax_counts_repeated_steps_where_nothing_rounds() {
    // Halves and integers are exact in doubles, so that ten steps are ten steps.
    for (start, step, goal) in [("0", "1", "10"), ("100000.0", "0.5", "100005.0"), ("2.0", "3.0", "32.0")] {
        let text = document(
            &format!(r#""x": {start}"#),
            &[format!(r#"{{ "name": "step", "effects": {{ "x": {{ "+": {step} }} }} }}"#)],
            &format!(r#""x": {{ ">=": {goal} }}"#),
        );
        let (model, compiled) = read(&text);
        let instance = compiled.instance(&model, &initial(&model), 0).unwrap();
        let h = heuristic(&model, &compiled, OverRelaxation::Hmax).evaluate(&instance.initial).unwrap();
        assert!((h as f64 * compiled.task.unit - 10.0).abs() < 1e-9, "{h}: {text}");
    }
}

/// A chain of `length` actions, each of which needs what the one before it set.
fn chain(length: usize, more: &str) -> String {
    let actions: Vec<String> = (0..length)
        .map(|at| {
            let next = at + 1;
            format!(r#"{{ "name": "a{at}", "preconditions": {{ "n": {at} }}, "effects": {{ "n": {next}{more} }} }}"#)
        })
        .collect();
    document(r#""n": 0, "m": 0"#, &actions, &format!(r#""n": {length}"#))
}

/// Actions that step along a number, each under a condition of its own, and set another one.
fn steps(count: usize) -> String {
    let actions: Vec<String> = (0..count)
        .map(|at| {
            let set = (at * 7) % count;
            format!(
                r#"{{ "name": "a{at}", "preconditions": {{ "n": {{ ">=": {at} }}, "m": {{ "<=": {set} }} }},
  "effects": {{ "n": {{ "+": 1 }}, "m": {set} }} }}"#
            )
        })
        .collect();
    document(r#""n": 0, "m": 0"#, &actions, r#""n": { ">=": 3 }"#)
}

/// Numbers of which each is compared with each, and stepped by many actions.
fn compared(count: usize) -> String {
    let mut state = r#""n": 0"#.to_owned();
    let mut actions = Vec::new();
    for at in 0..count {
        write!(state, r#", "v{at}": {at}, "b{at}": false"#).unwrap();
        actions.push(format!(
            r#"{{ "name": "a{at}", "preconditions": {{ "n": {{ ">=": {{ "var": "v{at}" }} }} }},
  "effects": {{ "n": {{ "+": {} }}, "v{at}": {{ "-": 1 }} }} }}"#,
            1 + at % 5
        ));
    }
    document(&state, &actions, r#""n": { ">=": 3 }"#)
}

#[test]
fn heuristics_take_memory_linear_in_numeric_conditions_and_effects() {
    for (name, make) in [("steps", steps as fn(usize) -> String), ("compared", compared)] {
        for kind in [OverRelaxation::Hmax, OverRelaxation::Ff, OverRelaxation::Lmcut] {
            let bytes = |count| {
                let (model, compiled) = read(&make(count));
                heuristic(&model, &compiled, kind).memory_bytes()
            };
            let (small, large) = (bytes(300), bytes(1_200));
            assert!(large < 5 * small, "{name}, {kind:?}: {small} and {large}");
        }
    }
}

#[test]
fn every_preset_solves_chains_and_comparisons_of_numbers() {
    every_engine_solves(&chain(60, ""), 60.0);
    // Something is computed with this one, which keeps it a number.
    every_engine_solves(&chain(60, r#", "m": { "+": { "var": "n" } }"#), 60.0);
    every_engine_solves(&steps(40), 3.0);
    every_engine_solves(&compared(40), 2.0);
}

/// A place, travelled from each to each, as an integer, as an integer that keeps its slot, or as an enum.
fn stops(count: usize, kind: &str) -> String {
    let value = |at: usize| if kind == "enum" { format!(r#""s{at}""#) } else { at.to_string() };
    let all = (0..count).map(value).collect::<Vec<_>>().join(",");
    let state = match kind {
        "enum" => format!(r#""stop": {{ "enum": [{all}], "value": "s0" }}"#),
        _ => format!(r#""stop": {{ "int": [0, {}], "value": 0 }}"#, count - 1),
    };
    let actions = [
        format!(
            r#"{{ "name": "travel", "parameters": {{ "from": [{all}], "to": [{all}] }},
  "preconditions": {{ "stop": "$from" }}, "effects": {{ "stop": "$to" }} }}"#
        ),
        format!(
            r#"{{ "name": "visit", "preconditions": {{ "stop": {} }}, "effects": {{ "visited": true }} }}"#,
            value(count - 1)
        ),
    ];
    document(&format!(r#"{state}, "visited": false"#), &actions, r#""visited": true"#)
}

#[test]
fn an_integer_that_is_only_set_and_compared_searches_like_an_enum() {
    let (numbers, symbols) = (read(&stops(40, "int")), read(&stops(40, "enum")));
    assert!(numbers.1.task.layout.slots.is_empty());
    for kind in [OverRelaxation::Hmax, OverRelaxation::Ff, OverRelaxation::Lmcut] {
        let bytes =
            [&numbers, &symbols].map(|(model, compiled)| heuristic(model, compiled, kind).memory_bytes());
        assert!(bytes[0] <= bytes[1] + bytes[1] / 8, "{bytes:?}");
    }
    for config in presets() {
        let found = [&numbers, &symbols].map(|(model, compiled)| solve(model, compiled, 0, &config));
        assert_eq!(found[0].end, SearchEnd::Solved, "{config}");
        assert_eq!((found[0].cost, found[0].statistics), (2.0, found[1].statistics), "{config}");
    }
}

#[test]
fn numbers_compared_by_inequalities_keep_their_plans_as_classes() {
    let actions = [
        r#"{ "name": "warm", "preconditions": { "heat": { "<": 20.5 } }, "effects": { "heat": 20.5 }, "cost": 2 }"#,
        r#"{ "name": "boil", "preconditions": { "heat": { ">=": 20.5 } }, "effects": { "heat": 100.0 }, "cost": 2 }"#,
        r#"{ "name": "vent", "preconditions": { "heat": { ">": 60.0 } }, "effects": { "heat": 70.25, "open": true } }"#,
        r#"{ "name": "cool", "preconditions": { "heat": { "!=": 20.5 } }, "effects": { "heat": -3.0 } }"#,
    ];
    let text = document(
        r#""heat": 11.125, "open": false"#,
        &actions.map(str::to_owned),
        r#""open": true, "heat": { "<=": 20.5 }"#,
    );
    assert!(read(&text).1.task.layout.slots.is_empty());
    every_engine_solves(&text, 6.0);
}

#[test]
fn excluding_values_of_a_large_domain_takes_memory_linear_in_them() {
    let actions = |count: usize| -> Vec<String> {
        let one = |at| {
            format!(
                r#"{{ "name": "a{at}", "preconditions": {{ "n": {{ "!=": {at} }} }}, "effects": {{ "n": {at} }} }}"#
            )
        };
        (0..count).map(one).collect()
    };
    let bytes = |count: usize| {
        let (model, compiled) =
            read(&document(r#""n": 0"#, &actions(count), &format!(r#""n": {}"#, count - 1)));
        heuristic(&model, &compiled, OverRelaxation::Ff).memory_bytes()
    };
    let (small, large) = (bytes(200), bytes(800));
    assert!(large < 5 * small, "{small} and {large}");
    every_engine_solves(&document(r#""n": 0"#, &actions(50), r#""n": 49"#), 1.0);
}

#[test]
fn evaluations_pause_on_their_budget_and_come_to_the_same() {
    let kinds = [
        OverRelaxation::Hmax,
        OverRelaxation::Add,
        OverRelaxation::Ff,
        OverRelaxation::Lmcut,
        OverRelaxation::Novelty,
    ];
    for text in [steps(400), chain(1_500, "")] {
        let (model, compiled) = read(&text);
        let state = compiled.instance(&model, &initial(&model), 0).unwrap().initial;
        for kind in kinds {
            let mut at_once = heuristic(&model, &compiled, kind);
            let whole = at_once.evaluate_node(StateId(0), None, &state);
            let mut sliced = heuristic(&model, &compiled, kind);
            let mut pauses = 0;
            let paused = loop {
                let mut budget = Budget::units(1);
                match sliced.proceed(StateId(0), None, &state, &mut budget) {
                    Progress::Done(h) => break h,
                    Progress::Pending => pauses += 1,
                }
            };
            assert_eq!((paused, sliced.preferred()), (whole, at_once.preferred()), "{kind:?}");
            assert!(pauses > 8, "{kind:?} paused {pauses} times");
        }
    }
}

#[test]
fn setting_a_heuristic_up_is_refused_before_it_takes_the_memory() {
    let (model, compiled) = read(&steps(2_000));
    let instance = compiled.instance(&model, &initial(&model), 0).unwrap();
    for kind in [OverRelaxation::Hmax, OverRelaxation::Ff, OverRelaxation::Lmcut] {
        let needed = heuristic(&model, &compiled, kind).memory_bytes();
        let mut preparation = Preparation::new(&compiled.task, &instance, Measure::Cost, kind);
        let limit = needed / 4;
        let refused = loop {
            if preparation.step(&mut Budget::units(1), limit).is_err() {
                break preparation.memory_bytes();
            }
            assert!(matches!(preparation, Preparation::Building(_)), "{kind:?}");
        };
        assert!(refused < 2 * needed, "{kind:?}: {refused} of {needed}");
    }
}

#[test]
fn a_plan_is_not_called_optimal_where_rounding_of_costs_could_have_decided() {
    let action = |name, by, cost| {
        format!(r#"{{ "name": "{name}", "effects": {{ "n": {{ "+": {by} }} }}, "cost": {cost} }}"#)
    };
    let claims = |actions: &[String]| {
        let text = document(r#""n": { "int": [0, 20], "value": 0 }"#, actions, r#""n": { ">=": 10 }"#);
        let (model, compiled) = read(&text);
        let kinds =
            [SearchKind::Ucs, SearchKind::AstarLmcut, SearchKind::Bfs, SearchKind::Auto, SearchKind::Lama];
        kinds.map(|search| {
            let found = solve(&model, &compiled, 0, &engine(search, HeuristicKind::Hmax));
            assert_eq!(found.end, SearchEnd::Solved);
            found.is_optimal
        })
    };
    // Below the scale.
    assert_eq!(claims(&[action("one", 1, "4e-10"), action("ten", 10, "1e-9")]), [false; 5]);
    // Above it, but decided below it.
    assert_eq!(claims(&[action("five", 5, "0.5000000001"), action("ten", 10, "1.0000000003")]), [false; 5]);
    // Equal once rounded, so that breadth-first search would do.
    assert_eq!(claims(&[action("one", 1, "1.2e-9"), action("ten", 10, "1.4e-9")]), [false; 5]);
    // Nine decimals are exact.
    assert_eq!(
        claims(&[action("five", 5, "0.500000001"), action("ten", 10, "1.000000003")]),
        [true, true, false, true, true]
    );
}

#[test]
fn costs_that_are_computed_are_called_optimal_where_rounding_is_far_too_small_to_matter() {
    let document = |risk: &str| {
        format!(
            r#"{{ "format": "planscope-goap/1", "state": {{ "done": false }},
  "actions": [ {{ "name": "quick", "effects": {{ "done": true }}, "cost": 0, "confidence": 50 }},
    {{ "name": "careful", "effects": {{ "done": true }}, "cost": 0, "confidence": 90 }} ],
  "metric": {{ "cost": 1, "duration": 0, "risk": {risk} }},
  "goals": [ {{ "name": "goal", "conditions": {{ "done": true }} }} ] }}"#
        )
    };
    for (risk, is_claimed) in [("1", true), ("1e-8", false)] {
        let (model, compiled) = read(&document(risk));
        let found = solve(&model, &compiled, 0, &engine(SearchKind::Ucs, HeuristicKind::Blind));
        assert_eq!((found.end, found.is_optimal), (SearchEnd::Solved, is_claimed), "{risk}");
    }
}

#[test]
fn landmarks_of_a_long_chain_take_a_bit_for_each_two_that_are_ordered() {
    let n = 600;
    let (model, compiled) = read(&chain(n, ""));
    let instance = compiled.instance(&model, &initial(&model), 0).unwrap();
    let landmarks = Landmarks::new(&compiled.task, &instance, Measure::Steps);
    let orders = landmarks.counts().orders;
    assert!(landmarks.landmarks().len() > n, "{}", landmarks.landmarks().len());
    assert!(orders.natural as usize > n * (n - 2) / 2, "{orders:?}");
    assert!(landmarks.memory_bytes() < (n * (n / 8 + 512)) as u64, "{}", landmarks.memory_bytes());
    let config = EngineConfig { search: SearchKind::LamaFirst, ..EngineConfig::default() };
    let found = solve(&model, &compiled, 0, &config);
    assert_eq!(found.end, SearchEnd::Solved);
    assert!(found.statistics.expanded <= n as u64 + 1, "{:?}", found.statistics);
}
