//! Mistakes that GOAP planners are known to make, one test each, and mistakes that were made here.

use crate::support::engines::{Found, engine, engines, initial, read, solve};
use planscope::ground::goap::compile;
use planscope::lang::goap::{Model, parse};
use planscope::search::{EngineConfig, HeuristicKind, NoObserver, Policy, Search, SearchEnd, SearchKind};
use planscope::validate::{State, replay};

/// The document with these parts.
fn document(state: &str, actions: &[&str], goal: &str) -> String {
    let actions: Vec<String> = actions.iter().map(|action| format!("    {{ {action} }}")).collect();
    format!(
        "{{ \"format\": \"planscope-goap/1\",\n  \"state\": {{ {state} }},\n  \"actions\": [\n{}\n  ],\n  \
         \"goals\": [{{ \"name\": \"goal\", \"conditions\": {{ {goal} }} }}] }}",
        actions.join(",\n")
    )
}

/// The plan in words, with its cost by the validator.
fn words(model: &Model, found: &Found) -> (Vec<String>, f64) {
    let replayed =
        replay(model, State { values: initial(model) }, &model.goals[0].conditions, &found.steps).unwrap();
    let step = |step: &planscope::lang::plan::Step| {
        let arguments = step.arguments.iter().map(ToString::to_string);
        std::iter::once(step.action.clone()).chain(arguments).collect::<Vec<_>>().join(" ")
    };
    (found.steps.iter().map(step).collect(), replayed.total)
}

/// Every engine finds a plan; those that promise it find one of this cost; A* finds these steps.
fn is_planned(text: &str, cost: f64, steps: &[&str]) {
    let (model, compiled) = read(text);
    for config in engines() {
        let found = solve(&model, &compiled, 0, &config);
        assert_eq!(found.end, SearchEnd::Solved, "{config}");
        let (plan, total) = words(&model, &found);
        assert!(total >= cost - 1e-9, "{config}: {plan:?}");
        if found.is_optimal {
            assert!((total - cost).abs() <= 1e-9, "{config}: {plan:?} costs {total}");
        }
        if config == engine(SearchKind::Astar, HeuristicKind::Hmax) {
            assert_eq!(plan, steps);
        }
    }
}

fn has_no_plan(text: &str) {
    let (model, compiled) = read(text);
    for config in engines() {
        assert_eq!(solve(&model, &compiled, 0, &config).end, SearchEnd::Unsolvable, "{config}");
    }
}

/// How a search with this much memory ends.
fn end_within(text: &str, bytes: u64, config: &EngineConfig) -> SearchEnd {
    let (model, compiled) = read(text);
    let instance = compiled.instance(&model, &initial(&model), 0).unwrap();
    let heuristic = config.heuristic_for(&compiled.task, &instance);
    let policy = Policy::new(config);
    planscope::step::run(Search::new(&compiled.task, instance, heuristic, policy, bytes, NoObserver)).end
}

#[test]
fn trap_buy_and_sell_loop() {
    // What is sold can be bought again at no cost: a planner that forgets states turns in circles.
    let actions = [
        r#""name": "mine", "preconditions": { "pick": true }, "effects": { "ore": { "+": 1 } }, "cost": 4"#,
        r#""name": "buy pick", "preconditions": { "coins": { ">=": 3 }, "pick": false }, "effects": { "coins": { "-": 3 }, "pick": true }, "cost": 0"#,
        r#""name": "sell pick", "preconditions": { "pick": true }, "effects": { "coins": { "+": 3 }, "pick": false }, "cost": 0"#,
        r#""name": "sell ore", "preconditions": { "ore": { ">": 0 } }, "effects": { "coins": { "+": 2 }, "ore": { "-": 1 } }, "cost": 1"#,
    ];
    let state =
        r#""coins": { "int": [0, 9], "value": 3 }, "ore": { "int": [0, 2], "value": 0 }, "pick": false"#;
    is_planned(
        &document(state, &actions, r#""coins": { ">=": 5 }"#),
        5.0,
        &["buy pick", "mine", "sell pick", "sell ore"],
    );
    has_no_plan(&document(state, &actions[1..3], r#""coins": { ">=": 5 }"#));
}

#[test]
fn trap_ingredient_spent_twice() {
    let make = |what: &str| {
        format!(
            r#""name": "make {what}", "preconditions": {{ "plank": true }}, "effects": {{ "plank": false, "{what}": true }}"#
        )
    };
    let (shelf, box_) = (make("shelf"), make("box"));
    let saw = r#""name": "saw", "preconditions": { "log": true }, "effects": { "log": false, "plank": true }, "cost": 5"#;
    let goal = r#""shelf": true, "box": true"#;
    let state = |log: bool| format!(r#""plank": true, "log": {log}, "shelf": false, "box": false"#);
    has_no_plan(&document(&state(false), &[&shelf, &box_, saw], goal));
    let (model, compiled) = read(&document(&state(true), &[&shelf, &box_, saw], goal));
    for config in engines() {
        let found = solve(&model, &compiled, 0, &config);
        let (plan, total) = words(&model, &found);
        assert!(
            plan.len() == 3 && plan[1] == "saw" && total.to_bits() == 7f64.to_bits(),
            "{config}: {plan:?}"
        );
    }
}

#[test]
fn trap_order_of_go_to_actions() {
    let text = document(
        r#""at": { "enum": ["home", "shop", "forest"], "value": "home" }, "axe": false, "wood": false, "fire": false"#,
        &[
            r#""name": "go to", "parameters": { "place": "at" }, "preconditions": { "at": { "!=": "$place" } }, "effects": { "at": "$place" }, "cost": 2"#,
            r#""name": "light", "preconditions": { "at": "home", "wood": true }, "effects": { "fire": true }"#,
            r#""name": "chop", "preconditions": { "at": "forest", "axe": true }, "effects": { "wood": true }"#,
            r#""name": "buy", "preconditions": { "at": "shop" }, "effects": { "axe": true }"#,
        ],
        r#""fire": true"#,
    );
    is_planned(&text, 9.0, &["go to shop", "buy", "go to forest", "chop", "go to home", "light"]);
}

/// Whether the first heuristic looks at numeric conditions.
fn knows_numbers(config: &EngineConfig) -> bool {
    let first = Policy::heuristics(config).first();
    !matches!(first, HeuristicKind::Blind | HeuristicKind::GoalCount | HeuristicKind::Landmarks)
}

#[test]
fn trap_counters_that_grow_for_ever() {
    let grow = r#""name": "grow", "effects": { "n": { "+": 1 } }"#;
    // A goal far away is reached, and one that no action helps is proven out of reach at once.
    let far = document(r#""n": 0"#, &[grow], r#""n": { ">=": 500 }"#);
    let (model, compiled) = read(&far);
    for config in engines() {
        assert_eq!(solve(&model, &compiled, 0, &config).steps.len(), 500, "{config}");
    }
    let shrink = document(r#""n": 0"#, &[grow], r#""n": { "<": 0 }"#);
    for config in engines()
        .into_iter()
        .filter(|config| !matches!(config.search, SearchKind::Bfs | SearchKind::Ucs) && knows_numbers(config))
    {
        assert_eq!(end_within(&shrink, 1 << 20, &config), SearchEnd::Unsolvable, "{config}");
    }
    // What only an endless search could show is never called unsolvable.
    let apart = document(
        r#""n": 0, "m": 0"#,
        &[r#""name": "both", "effects": { "n": { "+": 1 }, "m": { "+": 1 } }"#],
        r#""n": { ">": { "var": "m" } }, "m": { ">": 3 }"#,
    );
    for config in engines() {
        let end = end_within(&apart, 1 << 20, &config);
        let is_proof = end == SearchEnd::Unsolvable;
        assert!(end == SearchEnd::MemoryLimit || is_proof && knows_numbers(&config), "{config}: {end:?}");
    }
}

#[test]
fn trap_only_the_first_effect_used() {
    let text = document(
        r#""a": 0, "b": false, "c": { "enum": ["x", "y"], "value": "x" }, "d": 0.5"#,
        &[r#""name": "all", "effects": { "a": { "+": 2 }, "b": true, "c": "y", "d": { "-": 0.25 } }"#],
        r#""a": 4, "b": true, "c": "y", "d": 0.0"#,
    );
    is_planned(&text, 2.0, &["all", "all"]);
}

#[test]
fn trap_cost_taken_from_the_start_state() {
    // Each stone makes the next step dearer: the way back is paid with the load of that moment.
    let actions = [
        r#""name": "walk", "preconditions": { "there": false }, "effects": { "there": true }, "cost": { "base": 1, "per": { "load": 10 } }"#,
        r#""name": "pick up here", "preconditions": { "there": false }, "effects": { "load": { "+": 1 } }, "cost": 1"#,
        r#""name": "pick up there", "preconditions": { "there": true }, "effects": { "load": { "+": 1 } }, "cost": { "base": 5, "per": { "load": -1 } }"#,
    ];
    let text = document(
        r#""there": false, "load": { "int": [0, 3], "value": 0 }"#,
        &actions,
        r#""there": true, "load": 2"#,
    );
    is_planned(&text, 10.0, &["walk", "pick up there", "pick up there"]);
}

#[test]
fn trap_key_missing_from_the_state() {
    let action = r#""name": "chop", "preconditions": { "axe": true }, "effects": { "wood": { "+": 1 } }, "cost": { "per": { "rust": 1 } }"#;
    let parsed = parse(&document(r#""wod": 0"#, &[action], r#""wood": 1"#));
    assert!(parsed.model.is_none());
    let undeclared: Vec<_> = parsed.diagnostics.iter().filter(|finding| finding.code == "GP107").collect();
    assert_eq!(undeclared.len(), 4, "{undeclared:#?}");
}

#[test]
fn metric_below_zero_by_rounding_counts_as_zero() {
    let text = |owed: &str| {
        document(
            r#""owed": 0.0, "done": false"#,
            &[
                &format!(r#""name": "owe", "effects": {{ "owed": {owed} }}, "cost": 1"#),
                r#""name": "pay", "preconditions": { "owed": { ">": 0 } }, "effects": { "done": true }, "cost": { "per": { "owed": -1 } }"#,
            ],
            r#""done": true"#,
        )
    };
    is_planned(&text("0.0000000004"), 1.0, &["owe", "pay"]);
    has_no_plan(&text("0.0000000006"));
    let third = document(
        r#""n": { "float": [0, 3], "value": 0 }, "done": false"#,
        &[
            r#""name": "add", "effects": { "n": { "+": 1 } }, "cost": 1"#,
            r#""name": "end", "preconditions": { "n": 3 }, "effects": { "done": true }, "cost": { "base": 0.3, "per": { "n": -0.1 } }"#,
        ],
        r#""done": true"#,
    );
    is_planned(&third, 3.0, &["add", "add", "add", "end"]);
}

#[test]
fn sums_of_floats_that_drift_are_no_dead_ends() {
    // 0.1 + 0.2 is not 0.3, but both plus 0.1 are 0.4: equal steps can make unequal floats equal.
    let text = document(
        r#""a": 0.1, "b": 0.3, "is_begun": false"#,
        &[
            r#""name": "begin", "preconditions": { "is_begun": false }, "effects": { "a": { "+": 0.2 }, "is_begun": true }"#,
            r#""name": "both", "preconditions": { "is_begun": true, "a": { "<": 3 } }, "effects": { "a": { "+": 0.1 }, "b": { "+": 0.1 } }"#,
        ],
        r#""is_begun": true, "a": { "<=": { "var": "b" } }"#,
    );
    is_planned(&text, 2.0, &["begin", "both"]);
}

#[test]
fn a_cost_too_large_to_add_up_is_not_called_unsolvable() {
    for cost in
        [r#"{ "per": { "way": 1, "part": 0.001 } }"#, r#"{ "base": 1, "per": { "steps": 1152921504606 } }"#]
    {
        let text = document(
            r#""way": 1e12, "part": 0.0, "steps": 2000000, "done": false"#,
            &[&format!(r#""name": "go", "effects": {{ "done": true }}, "cost": {cost}"#)],
            r#""done": true"#,
        );
        let (model, compiled) = read(&text);
        for config in engines() {
            assert_eq!(solve(&model, &compiled, 0, &config).end, SearchEnd::Exhausted, "{config}");
        }
    }
}

#[test]
fn integers_stop_at_their_natural_bounds() {
    let text = |goal: &str| {
        document(
            r#""n": 9007199254740990, "done": 0"#,
            &[r#""name": "grow", "effects": { "n": { "+": 1 }, "done": { "+": 1 } }"#],
            goal,
        )
    };
    is_planned(&text(r#""done": 1"#), 1.0, &["grow"]);
    has_no_plan(&text(r#""done": 2"#));
}

/// The places of the findings with this code.
fn places(text: &str, code: &str) -> Vec<String> {
    let found = planscope::ground::goap::check(text).diagnostics;
    found.iter().filter(|one| one.code == code).map(|one| one.span.of(text).to_owned()).collect()
}

#[test]
fn checking_finds_the_costs_that_planning_would_refuse() {
    let win = |cost: &str| format!(r#""name": "win", "effects": {{ "won": true }}, {cost}"#);
    let large = document(r#""won": false"#, &[&win(r#""cost": 1e19"#)], r#""won": true"#);
    assert_eq!(places(&large, "GP301"), ["1e19"]);
    let step = r#""name": "a", "effects": { "r": true }, "cost": 2e9"#;
    let fine = win(r#""preconditions": { "r": true }, "cost": 0.000000001"#);
    let span = document(r#""won": false, "r": false"#, &[step, &fine], r#""won": true"#);
    assert_eq!(places(&span, "GP301"), ["2e9"]);
    let risk = document(r#""won": false"#, &[&win(r#""cost": 2e9, "confidence": 50"#)], r#""won": true"#)
        .replacen("\"state\"", "\"metric\": { \"risk\": 1 }, \"state\"", 1);
    assert_eq!(places(&risk, "GP301"), ["2e9"]);
    for text in [large, span, risk] {
        assert!(compile(&parse(&text).model.unwrap()).is_err());
        assert!(planscope::ground::goap::check(&text).model.is_none());
    }
    // What no goal needs is compiled nowhere, and costs of one scale add up.
    let unneeded = r#""name": "boast", "effects": { "r": true }, "cost": 1e19"#;
    let whole =
        document(r#""won": false, "r": false"#, &[unneeded, &win(r#""cost": 2e9"#)], r#""won": true"#);
    assert!(places(&whole, "GP301").is_empty());
    assert!(compile(&parse(&whole).model.unwrap()).is_ok());
}

#[test]
fn a_cost_that_can_turn_negative_on_the_way_is_a_warning() {
    let train = |when: &str| {
        format!(r#""name": "train", "preconditions": {{ {when} }}, "effects": {{ "skill": {{ "+": 1 }} }}"#)
    };
    let win = |when: &str| {
        format!(
            r#""name": "win", "preconditions": {{ {when} }}, "effects": {{ "won": true }},
            "cost": {{ "base": 100, "per": {{ "skill": -2 }} }}"#
        )
    };
    let is_warned = |trained: &str, won: &str| {
        let text = document(r#""won": false, "skill": 0"#, &[&train(trained), &win(won)], r#""won": true"#);
        !places(&text, "GP205").is_empty()
    };
    assert!(is_warned("", ""));
    assert!(is_warned("", r#""skill": { ">": 3 }"#));
    assert!(is_warned(r#""skill": { "<": 60 }"#, ""));
    // What the conditions allow keeps the cost above zero.
    assert!(!is_warned("", r#""skill": { "<=": 50 }"#));
    assert!(!is_warned(r#""skill": { "<": 50 }"#, ""));
    assert!(!is_warned(r#""skill": { "<": 0 }"#, ""));
}
