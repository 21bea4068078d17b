//! What can be reached, why something cannot, and the warnings that follow.

use std::sync::Arc;

use crate::texts::{apply, check, document};
use planscope::diagnostic::LineIndex;
use planscope::lang::goap::reach::{AskedBy, MAX_INSTANCE_BYTES, Obstacle, Reach, Reached, Root};
use planscope::lang::goap::{Model, parse, text};
use planscope::step::run;

const SMITH: &str = include_str!("../fixtures/goap/smith-without-coal.goap.json");

fn analysed(text: &str) -> (Model, Reached) {
    let parsed = parse(text);
    let model = parsed.model.unwrap_or_else(|| panic!("{:#?}", parsed.diagnostics));
    let reached = run(Reach::new(Arc::new(model.clone())));
    (model, reached)
}

fn goal(conditions: &str) -> String {
    format!(r#"{{"name": "g", "conditions": {{{conditions}}}}}"#)
}

/// Whether an effect is said to change what nothing reads.
fn is_never_read(text: &str) -> bool {
    parse(text).diagnostics.iter().any(|finding| finding.code == "GP117")
}

#[test]
fn a_range_that_limits_an_action_is_a_way_to_be_read() {
    let dance = |energy: &str, effect: &str| {
        let action =
            format!(r#"{{"name": "dance", "effects": {{"score": {{"+": 2}}, "energy": {effect}}}}}"#);
        document(&format!(r#""score": 0, "energy": {energy}"#), &action, &goal(r#""score": {">=": 10}"#))
    };
    let bounded = r#"{"int": [0, 6], "value": 5}"#;
    assert!(!is_never_read(&dance(bounded, r#"{"-": 2}"#)));
    assert!(!is_never_read(&dance(r#"{"float": [0, 6], "value": 5}"#, r#"{"-": 0.5}"#)));
    assert!(!is_never_read(&dance(bounded, r#"{"var": "score"}"#)));
    // Whatever these do, their actions apply.
    assert!(is_never_read(&dance("5", r#"{"-": 2}"#)));
    assert!(is_never_read(&dance(bounded, "3")));
    assert!(is_never_read(&dance("5", r#"{"var": "score"}"#)));
    let equip = |slot: &str| {
        let state = format!(
            r#""slot": {{"enum": [{slot}], "value": "bow"}},
            "found": {{"enum": ["bow", "junk"], "value": "junk"}}, "armed": false"#
        );
        let action = r#"{"name": "equip", "effects": {"slot": {"var": "found"}, "armed": true}}"#;
        document(&state, action, &goal(r#""armed": true"#))
    };
    assert!(!is_never_read(&equip(r#""bow", "sword""#)));
    assert!(is_never_read(&equip(r#""bow", "sword", "junk""#)));
}

#[test]
fn an_unsolvable_document_is_explained_in_its_warnings() {
    let parsed = parse(SMITH);
    let lines = LineIndex::new(SMITH);
    let found: Vec<_> = parsed
        .diagnostics
        .iter()
        .map(|d| (d.code.as_str(), lines.position(d.span.start).line, d.span.of(SMITH)))
        .collect();
    let expected = [
        ("GP204", 20, "\"-\""),
        ("GP201", 21, "\"smelt\""),
        ("GP202", 21, "\"coal\": { \">=\": 1 }"),
        ("GP201", 23, "\"forge_sword\""),
        ("GP202", 25, "\"sword\": true"),
    ];
    assert_eq!(found, expected);
    let miss = &parsed.diagnostics[0];
    assert_eq!(miss.message, "nothing ever raises `coal`: it starts at 0, and `smelt` needs `coal ≥ 1`");
    let fix = miss.fix.as_ref().unwrap();
    assert_eq!(fix.label, "Change to \"+\"");
    assert!(parse(&apply(SMITH, fix.span, &fix.replacement)).diagnostics.is_empty());
}

#[test]
fn blame_goes_down_to_the_cause() {
    let (model, reached) = analysed(SMITH);
    let blame = reached.blame(&model, 0).unwrap();
    let chain: Vec<_> = blame.links.iter().map(|link| text::condition(&model, &link.condition)).collect();
    assert_eq!(chain, ["sword = true", "iron ≥ 1", "coal ≥ 1"]);
    assert_eq!(blame.root, Root::NoProducer);
    assert_eq!(blame.links[0].asked_by, AskedBy::Goal(0));
    let producers: Vec<_> =
        blame.links[..2].iter().map(|link| model.actions[link.producers[0]].name.as_str()).collect();
    assert_eq!(producers, ["forge_sword", "smelt"]);
    assert!(blame.links[2].producers.is_empty());
    assert_eq!(model.actions[blame.nearest_miss.unwrap().action].name, "char");
    let goal = &reached.goals[0];
    assert_eq!(goal.conditions.iter().map(|(_, layer)| *layer).collect::<Vec<_>>(), [None, Some(0)]);
    let coal = model.variables.iter().position(|variable| variable.name == "coal").unwrap();
    assert_eq!(reached.extent(coal), Some((0.0, 0.0)));
}

#[test]
fn layers_count_the_steps_that_are_needed_at_least() {
    let actions = r#"{"name": "ab", "preconditions": {"at": "a"}, "effects": {"at": "b"}},
        {"name": "bc", "preconditions": {"at": "b"}, "effects": {"at": "c", "n": {"+": 2}}}"#;
    let state = r#""at": {"enum": ["a", "b", "c"], "value": "a"}, "n": 0"#;
    let (_, reached) = analysed(&document(state, actions, &goal(r#""at": "c", "n": {">=": 2}"#)));
    assert_eq!(reached.applied, [Some(0), Some(1)]);
    assert_eq!(reached.goals[0].together, Some(2));
}

#[test]
fn actions_that_wait_for_each_other_are_a_cycle() {
    let actions = r#"{"name": «"a"», "preconditions": {"y": true}, "effects": {"x": true}},
        {"name": «"b"», "preconditions": {"x": true}, "effects": {"y": true}}"#;
    let marked = document(r#""x": false, "y": false"#, actions, &goal(r#"«"x": true»"#));
    check(&marked, &["GP201", "GP201", "GP202"]);
    let (model, reached) = analysed(&marked.replace(['«', '»'], ""));
    assert_eq!(reached.blame(&model, 0).unwrap().root, Root::Cycle);
}

#[test]
fn a_guard_bounds_what_a_number_reaches() {
    let action = r#"{"name": "chop", "preconditions": {"wood": {"<": 5}}, "effects": {"wood": {"+": 1}}}"#;
    let marked = document(r#""wood": 0"#, action, &goal(r#"«"wood": {">=": 6}»"#));
    check(&marked, &["GP202"]);
    let (model, reached) = analysed(&marked.replace(['«', '»'], ""));
    assert_eq!(reached.extent(0), Some((0.0, 5.0)));
    assert_eq!(reached.blame(&model, 0).unwrap().root, Root::OutOfReach);
}

#[test]
fn counters_without_a_bound_are_widened() {
    let action = r#"{"name": "a", "effects": {"i": {"+": 1}, "f": {"-": 0.5}}}"#;
    let (_, reached) = analysed(&document(r#""i": 0, "f": 0.0"#, action, &goal(r#""i": {">=": 1000000}"#)));
    assert!(reached.goals[0].together.is_some());
    assert_eq!(reached.extent(1), Some((f64::MIN, 0.0)));
}

#[test]
fn conditions_that_exclude_each_other_and_effects_out_of_range_are_told_apart() {
    let state = r#""x": {"int": [0, 9], "value": 3}, "y": {"int": [0, 2], "value": 0}"#;
    let actions = r#"{"name": «"both"», "preconditions": {"x": {"<": 3}, "all": [{"x": {">": 3}}]}},
        {"name": "free", "effects": {"x": 1}}, {"name": "more", "effects": {"x": 9}},
        {"name": «"over"», "effects": {"y": {"+": 5}}}"#;
    let marked = document(state, actions, "");
    check(&marked, &["GP201", "GP201"]);
    let (_, reached) = analysed(&marked.replace(['«', '»'], ""));
    assert_eq!(reached.obstacle(0), Some(Obstacle::Together));
    assert_eq!(reached.obstacle(3), Some(Obstacle::Effect(0)));
}

#[test]
fn preconditions_that_exclude_each_other_are_both_named() {
    let (state, wanted) =
        (r#""at": {"enum": ["home", "shop"], "value": "home"}, "done": false"#, goal(r#""done": true"#));
    let action = r#"{"name": "a", "preconditions": {"all": [{"at": "home"}, {"at": "shop"}]}, "effects": {"done": true, "at": "shop"}}"#;
    let parsed = parse(&document(state, action, &wanted));
    let found = parsed.diagnostics.iter().find(|one| one.code == "GP201").expect("a warning");
    assert!(found.message.contains("`at = home` and `at = shop` can never hold at once"), "{found:?}");
}

#[test]
fn a_comparison_of_a_variable_with_itself_holds_always_or_never() {
    let with = |operator: &str, name: &str| {
        let condition = format!(r#""{name}": {{"{operator}": {{"var": "{name}"}}}}"#);
        let state = r#""n": {"int": [0, 9], "value": 3}, "b": false"#;
        let action = r#"{"name": "a", "effects": {"n": {"+": 1}, "b": true}}"#;
        parse(&document(state, action, &goal(&condition))).diagnostics
    };
    for (operator, name) in [(">", "n"), ("<", "n"), ("!=", "n"), ("!=", "b")] {
        let found = with(operator, name);
        let never =
            found.iter().find(|one| one.code == "GP202").unwrap_or_else(|| panic!("{operator} {name}"));
        let help = never.help.as_deref().unwrap_or_default();
        assert!(help.contains(&format!("both sides are `{name}`")), "{never:?}");
    }
    for (operator, name) in [(">=", "n"), ("<=", "n"), ("==", "n"), ("==", "b")] {
        assert!(with(operator, name).iter().all(|one| one.code != "GP202"), "{operator} {name}");
    }
}

#[test]
fn an_action_without_instances_never_applies() {
    check(
        &document(r#""x": 0"#, r#"{"name": «"a"», "parameters": {"n": []}, "effects": {"x": "$n"}}"#, ""),
        &["GP201"],
    );
    let twice = r#"{"name": «"a"», "parameters": {"n": ["x"]}, "effects": {"x": 1, «"$n"»: 2}}"#;
    check(&document(r#""x": 0"#, twice, ""), &["GP201", "GP124"]);
}

#[test]
fn a_branch_that_is_never_true_is_reported_and_one_that_is_denied_is_not() {
    let action = r#"{"name": "a", "preconditions": {"any": [{"x": 1}, {«"x": 7»}], "not": {"y": true}}}"#;
    check(&document(r#""x": 1, "y": false"#, action, ""), &["GP202"]);
}

#[test]
fn a_condition_that_holds_under_some_binding_is_not_reported() {
    let action = r#"{"name": "a", "parameters": {"n": [1, 2]}, "preconditions": {"x": "$n"}}"#;
    check(&document(r#""x": 1"#, action, ""), &[]);
}

#[test]
fn what_is_set_and_never_read_is_noted() {
    let actions = r#"{"name": "a", "effects": {«"fed": true», "x": {"+": {"var": "y"}}, "y": 2}}"#;
    check(&document(r#""fed": false, "x": 0, "y": 1"#, actions, &goal(r#""x": 2"#)), &["GP117"]);
}

#[test]
fn nothing_is_claimed_beyond_the_limit_on_instances() {
    let list = (0..400).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let action = format!(
        r#"{{"name": "a", "parameters": {{"n": [{list}], "m": [{list}]}}, "preconditions": {{"x": "$n", "y": "$m"}}}}"#
    );
    let (model, reached) = analysed(&document(r#""x": -1, "y": 0"#, &action, &goal(r#""x": 5"#)));
    assert!(!reached.complete);
    assert!(reached.blame(&model, 0).is_none());
    assert!(parse(&document(r#""x": -1, "y": 0"#, &action, &goal(r#""x": 5"#))).diagnostics.is_empty());
}

#[test]
fn a_long_chain_of_places_is_analysed_quickly() {
    let places = (0..300).map(|n| format!("\"p{n}\"")).collect::<Vec<_>>().join(",");
    let state = format!(r#""at": {{"enum": [{places}], "value": "p0"}}"#);
    let moves = (0..299).map(|n| {
        format!(r#"{{"name": "m{n}", "preconditions": {{"at": "p{n}"}}, "effects": {{"at": "p{}"}}}}"#, n + 1)
    });
    let any = r#"{"name": "jump", "parameters": {"from": "at", "to": "at"}, "preconditions": {"at": "$from"}, "effects": {"at": "$to"}}"#;
    let actions = moves.chain([any.to_owned()]).collect::<Vec<_>>().join(",");
    let (_, reached) = analysed(&document(&state, &actions, &goal(r#""at": "p299""#)));
    assert_eq!(reached.goals[0].together, Some(1));
}

#[test]
fn instances_that_hold_too_much_are_not_analysed_and_nothing_is_claimed_of_them() {
    let numbers = |count: usize| (0..count).map(|at| at.to_string()).collect::<Vec<_>>().join(", ");
    let state = (0..200).map(|at| format!(r#""v{at}": 0"#)).collect::<Vec<_>>().join(", ");
    let any = (0..200).map(|at| format!(r#"{{"v{at}": {{">": "$i"}}}}"#)).collect::<Vec<_>>().join(", ");
    let action = |values: usize| {
        format!(
            r#"{{"name": "act", "parameters": {{"i": [{0}], "j": [{0}]}},
               "preconditions": {{"any": [{any}]}}, "effects": {{"v0": "$j"}}}}"#,
            numbers(values)
        )
    };
    let never = goal(r#""v1": 1"#);
    let bytes = |reached: &Reached| {
        (0..reached.instances()).map(|at| reached.instance(at).memory_bytes()).sum::<usize>()
    };
    let (_, few) = analysed(&document(&state, &action(10), &never));
    assert!(few.complete && few.goals[0].together.is_none());
    let (_, many) = analysed(&document(&state, &action(70), &never));
    assert!(!many.complete && bytes(&many) < MAX_INSTANCE_BYTES + bytes(&few), "{} bytes", bytes(&many));
    assert!(many.goals.is_empty() && many.obstacle(0).is_none());
}
