//! Laws of reading and analysing GOAP documents, on fixtures, mutated fixtures and random documents.

use std::sync::Arc;

use crate::texts::random::Generator;
use crate::texts::{document, model};
use planscope::hash::SplitMix64;
use planscope::lang::goap::canonical::{domain_bytes, instance_bytes};
use planscope::lang::goap::reach::{Domain, Reach, Reached};
use planscope::lang::goap::syntax::{TokenKind, tokens};
use planscope::lang::goap::{Instances, Model, Parse, Parsed, parse, text};
use planscope::lang::plan;
use planscope::step::{Budget, Progress, Stepper, run};
use planscope::validate::{State, Validator};
use proptest::prelude::*;

const FIXTURES: [&str; 2] = [
    include_str!("../fixtures/goap/every-feature.goap.json"),
    include_str!("../fixtures/goap/smith-without-coal.goap.json"),
];

fn sliced(text: &str, units: u64) -> Parsed {
    let mut parse = Parse::new(text);
    loop {
        if let Progress::Done(parsed) = parse.step(&mut Budget::units(units)) {
            return parsed;
        }
    }
}

/// Whatever the text, reading it ends, findings lie within it, and slicing changes nothing.
fn check_reading(text: &str) {
    let whole = parse(text);
    assert!(whole.diagnostics.len() <= 401);
    for diagnostic in &whole.diagnostics {
        let span = diagnostic.span;
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{diagnostic:?}");
    }
    assert_eq!(whole, sliced(text, 1));
    assert_eq!(whole, sliced(text, 7));
}

fn char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_documents_are_read_without_panic(seed in any::<u64>(), mutations in 1usize..6) {
        const PIECES: [&str; 24] = [
            "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "//", "/*", "*/", "\n", "$", "${", "true", "None", "-",
            "1e999", "\"any\"", "{\"var\":", "\u{e9}", "\u{1}", "9007199254740992",
        ];
        let mut random = SplitMix64::new(seed);
        let mut text = FIXTURES[random.below(2) as usize].to_owned();
        for _ in 0..mutations {
            let start = char_boundary(&text, random.below(text.len() as u64 + 1) as usize);
            let end = char_boundary(&text, start + random.below(40) as usize).max(start);
            let piece = match random.below(3) {
                0 => String::new(),
                1 => PIECES[random.below(PIECES.len() as u64) as usize].to_owned(),
                _ => text[start..end].repeat(2),
            };
            text.replace_range(start..end, &piece);
        }
        check_reading(&text);
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,60}") {
        check_reading(&text);
    }

    #[test]
    fn plans_read_back_as_they_were_written(names in proptest::collection::vec("\\PC{0,8}", 1..4)) {
        use planscope::lang::goap::model::Value;
        let symbols = names.iter().cloned().map(Value::Symbol);
        let arguments: Vec<_> = symbols.chain([Value::Bool(true), Value::Int(-3), Value::Float(2.0)]).collect();
        let steps = [plan::Step { action: names[0].clone(), arguments }];
        let file = plan::read(&plan::write(&steps, "1.5"));
        prop_assert!(file.diagnostics.is_empty(), "{:?}", file.diagnostics);
        prop_assert_eq!(file.steps, steps);
        prop_assert_eq!(file.cost, Some(1.5));
    }
}

#[test]
fn names_with_characters_that_are_not_seen_read_back_from_plans() {
    let name = "a b\u{61c}\u{202e}\u{200d}c";
    let steps = [plan::Step { action: name.into(), arguments: Vec::new() }];
    let text = plan::write(&steps, "1");
    assert!(text.is_ascii(), "{text}");
    assert_eq!(plan::read(&text).steps, steps);
}

#[test]
fn slicing_changes_nothing() {
    FIXTURES.into_iter().for_each(check_reading);
    (0..30).for_each(|seed| check_reading(&Generator::new(seed).document()));
}

#[test]
fn tokens_and_the_whitespace_between_them_are_the_whole_text() {
    for fixture in FIXTURES {
        let mut at = 0;
        for token in tokens(fixture) {
            assert!(fixture[at..token.span.start as usize].trim().is_empty());
            assert_eq!(token.kind == TokenKind::End, token.span.start == token.span.end);
            at = token.span.end as usize;
        }
        assert_eq!(at, fixture.len());
    }
}

fn reached(model: &Model) -> Reached {
    run(Reach::new(Arc::new(model.clone())))
}

fn holds(domain: &Domain, model: &Model, state: &State, variable: usize, reached: &Reached) -> bool {
    use planscope::lang::goap::model::Value;
    match (domain, &state.values[variable]) {
        (Domain::Interval { lo, hi }, Value::Int(value)) => (*lo..=*hi).contains(&(*value as f64)),
        (Domain::Interval { lo, hi }, Value::Float(value)) => (*lo..=*hi).contains(value),
        (_, value) => reached.values(model, variable).contains(value),
    }
}

/// Walks at random through the states of `model` and checks that none contradicts the analysis.
fn walk(model: &Model, reached: &Reached, random: &mut SplitMix64) {
    let validator = Validator::new(model);
    let mut state = validator.initial();
    for depth in 0..12 {
        for variable in 0..model.variables.len() {
            assert!(
                holds(reached.domain(variable), model, &state, variable, reached),
                "{}",
                model.variables[variable].name
            );
        }
        for (goal, analysed) in model.goals.iter().zip(&reached.goals) {
            if validator.holds(&state, &goal.conditions).is_ok() {
                assert!(analysed.together.is_some_and(|layer| layer <= depth));
                assert!(
                    analysed.conditions.iter().all(|(_, layer)| layer.is_some_and(|layer| layer <= depth))
                );
            }
        }
        let found = validator.enumerate_applicable(&state, usize::MAX);
        assert!(found.complete);
        for (step, _) in &found.steps {
            let words = plan::step(step).replace(".0)", ")");
            let instance =
                (0..reached.instances()).find(|&at| text::instance(model, &reached.instance(at)) == words);
            let layer = reached.applied[instance.unwrap()];
            assert!(
                layer.is_some_and(|layer| layer <= depth),
                "{words} applies at {depth}, and is said to at {layer:?}"
            );
        }
        if found.steps.is_empty() {
            return;
        }
        let chosen = random.below(found.steps.len() as u64) as usize;
        state = found.steps[chosen].1.state.clone();
    }
}

#[test]
fn what_is_called_unreachable_is_never_reached() {
    let mut unreachable = 0;
    for seed in 0..400 {
        let text = Generator::new(seed).document();
        let Some(model) = parse(&text).model else { panic!("{text}\n{:#?}", parse(&text).diagnostics) };
        let reached = reached(&model);
        unreachable += reached.applied.iter().filter(|layer| layer.is_none()).count();
        let mut random = SplitMix64::new(seed);
        (0..10).for_each(|_| walk(&model, &reached, &mut random));
    }
    assert!(unreachable > 50, "the analysis finds something: {unreachable}");
}

#[test]
fn every_unreachable_goal_condition_has_a_chain_of_blame() {
    let mut chains = 0;
    for seed in 0..400 {
        let model = parse(&Generator::new(seed).document()).model.unwrap();
        let reached = reached(&model);
        for goal in 0..model.goals.len() {
            let never = reached.goals[goal].conditions.iter().any(|(_, layer)| layer.is_none());
            let blame = reached.blame(&model, goal);
            assert!(blame.is_none() || never);
            for link in blame.iter().flat_map(|blame| &blame.links) {
                assert!(!reached.could_hold(&link.condition), "{}", text::condition(&model, &link.condition));
            }
            chains += usize::from(blame.is_some());
        }
    }
    assert!(chains > 10, "{chains}");
}

#[test]
fn instances_come_in_order_and_agree_with_the_validator() {
    let action = r#"{"name": "a", "parameters": {"p": ["u", "v"], "n": [1, 2]}, "effects": {"x": "$n", "${p}_$n": true}},
        {"name": "b", "parameters": {"p": ["u", "x"]}, "effects": {"u_1": true, "${p}_1": false}}"#;
    let state = r#""x": 0, "u_1": true, "u_2": true, "v_1": true, "v_2": true, "x_1": true"#;
    let model = parse(&document(state, action, "")).model.unwrap();
    let names: Vec<_> = Instances::new(&model).map(|one| text::instance(&model, &one)).collect();
    assert_eq!(names, ["(a u 1)", "(a u 2)", "(a v 1)", "(a v 2)", "(b x)"]);
    let validator = Validator::new(&model);
    let steps = validator.enumerate_applicable(&validator.initial(), usize::MAX).steps;
    assert_eq!(steps.iter().map(|(step, _)| plan::step(step)).collect::<Vec<_>>(), names);
}

#[test]
fn canonical_bytes_tell_meanings_and_not_spellings_apart() {
    let plain = model(
        r#"{"format": "planscope-goap/1", "name": "one", "state": {"a": 1}, "actions": [{"name": "x", "cost": 1.0, "effects": {"a": 2}}], "goals": [{"name": "g", "conditions": {"a": 2}}]}"#,
    );
    let spelled = model(
        "{\"state\": {/* */ \"\\u0061\": 1,}, \"goals\": [{\"conditions\": {\"a\": {\"==\": 2}}, \"name\": \"other\"}], \"format\": \"planscope-goap/1\", \"actions\": [{\"effects\": {\"a\": {\"set\": 2}}, \"cost\": 10e-1, \"name\": \"x\"}]}",
    );
    assert_eq!(domain_bytes(&plain), domain_bytes(&spelled));
    assert_eq!(
        instance_bytes(&plain, &plain.goals[0].conditions),
        instance_bytes(&spelled, &spelled.goals[0].conditions)
    );
    let mut other = plain.clone();
    other.variables[0].initial = planscope::lang::goap::model::Value::Int(3);
    assert_eq!(domain_bytes(&plain), domain_bytes(&other));
    assert_ne!(
        instance_bytes(&plain, &plain.goals[0].conditions),
        instance_bytes(&other, &other.goals[0].conditions)
    );
    other.actions[0].confidence = 50;
    assert_ne!(domain_bytes(&plain), domain_bytes(&other));
}
