//! The rules of the GOAP format, one test each: what is read, what is refused, and where.
#![expect(clippy::float_cmp, reason = "defaults are exact")]

use crate::texts::{STATE, check, document, model, with_action, with_effect, with_precondition, with_state};
use planscope::lang::goap::model::{Comparator, Condition, EffectKind, Kind, Term, Value};
use planscope::lang::goap::{Instances, parse};

fn goal(conditions: &str) -> String {
    document(STATE, "", &format!(r#"{{"name": "g", "conditions": {{{conditions}}}}}"#))
}

// The document.

#[test]
fn the_example_of_every_feature_is_read() {
    let model = model(include_str!("../fixtures/goap/every-feature.goap.json"));
    assert_eq!(model.name, "Axe, wood, fire");
    assert_eq!(model.variables.len(), 5);
    assert_eq!(model.actions[0].parameters[0].values.len(), 3);
    assert_eq!(model.actions[1].cost.base.text, "2");
    assert_eq!(model.actions[1].confidence, 95);
    assert_eq!(model.goals[0].priority, 8);
    assert_eq!(Instances::new(&model).count(), 5);
}

#[test]
fn the_format_is_named() {
    let rest = r#""state": {}, "actions": [], "goals": [{"name": "g", "conditions": {}}]}"#;
    check(&format!("«{{»{rest}"), &["GP102"]);
    check(&format!("{{\"format\": «\"planscope-goap/2\"», {rest}"), &["GP103"]);
    check(&format!("{{\"format\": «1», {rest}"), &["GP104"]);
}

#[test]
fn a_document_may_name_its_schema_and_leave_its_name_out() {
    let text = with_state("").replacen('{', "{\"$schema\": \"goap.schema.json\", ", 1);
    assert_eq!(model(&text).name, "");
}

#[test]
fn missing_sections_are_reported_together() {
    let (codes, text) = (["GP102"; 3], "«««{»»»\"format\": \"planscope-goap/1\"}");
    check(text, &codes);
    check("«[]»", &["GP104"]);
}

#[test]
fn sections_are_of_their_types() {
    let text = r#"{"format": "planscope-goap/1", "name": «1», "state": «[]», "actions": «{}», "goals": «"g"», "metric": «null»}"#;
    check(text, &["GP104"; 5]);
}

#[test]
fn unknown_keys_name_the_nearest_known_one() {
    let text = with_state("").replacen("\"state\"", "«\"nmae\"»: \"x\", \"state\"", 1);
    check(&text, &["GP101"]);
    let parsed = parse(&text.replace(['«', '»'], ""));
    assert_eq!(parsed.diagnostics[0].fix.as_ref().unwrap().replacement, "\"name\"");
    check(&with_action(r#"{"name": "a", «"precondition"»: {}, «"zzz"»: 1}"#), &["GP101", "GP101"]);
    check(&document("", "", r#"{"name": "g", "conditions": {}, «"prio"»: 1}"#), &["GP101"]);
    check(&with_state(r#""a": {"int": [0, 1], "value": 0, «"vaule"»: 1}"#), &["GP101"]);
    check(&with_action(r#"{"name": "a", "cost": {«"bse"»: 1}}"#), &["GP101"]);
    check(&with_precondition(r#""i": {"<": {«"vra"»: "i"}}"#), &["GP101"]);
}

#[test]
fn duplicate_keys_are_errors_in_every_object() {
    check(&with_state(r#""a": 1, «"a"»: 2"#), &["GP100"]);
    check(&with_action(r#"{"name": "a", «"name"»: "b"}"#), &["GP100"]);
    check(&with_precondition(r#""i": {"<": 1, «"<"»: 2}"#), &["GP100"]);
    check(&with_effect(r#""i": 1, «"\u0069"»: 2"#), &["GP100"]);
}

// State.

#[test]
fn the_lexeme_decides_between_integer_and_float() {
    let model = model(&with_state(r#""a": 1, "b": 1.0, "c": 1e2, "d": -0.0, "e": -7"#));
    let kinds: Vec<_> = model.variables.iter().map(|variable| variable.kind.clone()).collect();
    assert_eq!(
        kinds,
        [Kind::Int(None), Kind::Float(None), Kind::Float(None), Kind::Float(None), Kind::Int(None)]
    );
    assert_eq!(model.variables[2].initial, Value::Float(100.0));
    assert!(matches!(model.variables[3].initial, Value::Float(zero) if zero.is_sign_positive()));
}

#[test]
fn bounded_numbers_and_enums_are_declared_with_a_value() {
    let model = model(&with_state(STATE));
    assert_eq!(model.variables[3].kind, Kind::Int(Some((0, 9))));
    assert_eq!(model.variables[4].kind, Kind::Float(Some((0.0, 1.0))));
    assert_eq!(model.variables[5].initial, Value::Symbol("x".to_owned()));
}

#[test]
fn an_integer_is_accepted_for_a_float_and_a_whole_float_for_an_integer() {
    let read = model(&with_state(r#""a": {"float": [0, 9], "value": 1}"#));
    assert_eq!(read.variables[0].initial, Value::Float(1.0));
    let read = model(&with_state(r#""a": {"int": [0.0, 1e2], "value": 1.0}"#));
    assert_eq!(
        (&read.variables[0].kind, &read.variables[0].initial),
        (&Kind::Int(Some((0, 100))), &Value::Int(1))
    );
    check(&with_state(r#""a": {"int": [«0.5», 9], "value": «1.5»}"#), &["GP104", "GP104"]);
}

#[test]
fn integers_are_exact_or_refused() {
    model(&with_state(r#""a": 9007199254740991, "b": -9007199254740991"#));
    check(
        &with_state(r#""a": «9007199254740992», "b": «-9223372036854775808», "c": «99999999999999999999»"#),
        &["GP105"; 3],
    );
    check(&with_precondition(r#""i": {"<": «9007199254740992»}"#), &["GP105"]);
    check(&with_state(r#""a": {"int": [0, «9007199254740992»], "value": 0}"#), &["GP105"]);
}

#[test]
fn floats_are_finite() {
    check(&with_state(r#""a": «1e999», "b": {"float": [«-1e999», 0], "value": 0}"#), &["GP105", "GP105"]);
    check(&with_action(r#"{"name": "a", "cost": «1e400»}"#), &["GP105"]);
}

#[test]
fn initial_values_lie_in_their_range_or_enum() {
    check(
        &with_state(r#""a": {"int": [0, 9], "value": «10»}, "b": {"float": [0, 1], "value": «-0.1»}"#),
        &["GP105", "GP105"],
    );
    check(&with_state(r#""a": {"enum": ["camp", "shop"], "value": «"shpo"»}"#), &["GP106"]);
}

#[test]
fn ranges_are_two_ends_in_order() {
    check(&with_state(r#""a": {"int": «[9, 0]», "value": 0}"#), &["GP111"]);
    check(
        &with_state(r#""a": {"int": «[1]», "value": 0}, "b": {"float": «5», "value": 0}"#),
        &["GP104", "GP104"],
    );
}

#[test]
fn enums_have_values_and_each_once() {
    check(&with_state(r#""a": {"enum": «[]», "value": "x"}"#), &["GP112"]);
    check(&with_state(r#""a": {"enum": ["x", «"x"»], "value": "x"}"#), &["GP110"]);
    check(&with_state(r#""a": {"enum": ["x", «1»], "value": "x"}"#), &["GP104"]);
}

#[test]
fn a_variable_says_once_what_it_may_hold() {
    check(
        &with_state(r#""a": «{"value": 1}», "b": «{"int": [0, 1], "enum": ["x"], "value": 0}»"#),
        &["GP114", "GP114"],
    );
    check(
        &with_state(r#""a": «{»"int": [0, 1]}, "b": «"x"», "c": «null», "d": «[]»"#),
        &["GP102", "GP104", "GP104", "GP104"],
    );
}

#[test]
fn reserved_names_are_errors() {
    check(
        &with_state(r#"«"any"»: 1, «"all"»: 2, «"not"»: 3, «"a$b"»: 4, «""»: 5"#),
        &["GP116", "GP116", "GP116", "GP116", "GP118"],
    );
}

// Conditions.

#[test]
fn a_literal_means_equality() {
    let model = model(&with_precondition(r#""b": true, "e": "y", "f": 1"#));
    let Condition::All(parts) = &model.actions[0].precondition else { panic!() };
    assert!(
        parts.iter().all(|part| matches!(part, Condition::Compare(one) if one.operator == Comparator::Equal))
    );
}

#[test]
fn several_operators_hold_at_once() {
    let model = model(&with_precondition(r#""i": {">=": 1, "<": 5, "!=": 3}"#));
    let Condition::All(parts) = &model.actions[0].precondition else { panic!() };
    assert_eq!(parts.len(), 3);
}

#[test]
fn the_right_side_may_be_a_variable_alone_or_behind_an_operator() {
    let model = model(&with_precondition(
        r#""i": {"var": "r"}, "f": {"<": {"var": "i"}}, "e": {"==": {"var": "e2"}}"#,
    ));
    let Condition::All(parts) = &model.actions[0].precondition else { panic!() };
    assert!(
        parts
            .iter()
            .all(|part| matches!(part, Condition::Compare(one) if matches!(one.right, Term::Variable(_))))
    );
    check(&with_precondition(r#""i": {«"var"»: "r", "<": 5}"#), &["GP114"]);
    check(&with_precondition(r#""i": {"<": «{»}}"#), &["GP102"]);
}

#[test]
fn any_all_and_not_nest_and_stand_beside_other_keys() {
    let model = model(&goal(r#""b": true, "any": [{"i": 1}, {"all": [], "not": {"b": true}}], "all": [{}]"#));
    let Condition::All(parts) = &model.goals[0].conditions else { panic!() };
    assert!(matches!(&parts[1], Condition::Any(choices) if choices.len() == 2));
    check(&goal(r#""any": «{}», "all": [«1»], "not": «[]»"#), &["GP104", "GP104", "GP104"]);
}

#[test]
fn a_condition_has_an_operator_that_is_known() {
    check(&with_precondition(r#""i": «{}»"#), &["GP114"]);
    check(&with_precondition(r#""i": {«"=<"»: 1, «"gte"»: 0, «"~"»: 2}"#), &["GP115", "GP115", "GP115"]);
    check(&with_precondition(r#""i": «[1]», "b": «null»"#), &["GP104", "GP104"]);
    check(&with_precondition(r#""i": {"<": «[]»}"#), &["GP104"]);
}

#[test]
fn undeclared_variables_are_found_wherever_they_stand() {
    check(&with_precondition(r#"«"j2"»: 1, "i": {"<": {"var": «"rr"»}}"#), &["GP107", "GP107"]);
    check(&with_effect(r#"«"nope"»: 1, "i": {"+": {"var": «"no"»}}"#), &["GP107", "GP107"]);
    check(&with_action(r#"{"name": "a", "cost": {"per": {«"w"»: 1}}}"#), &["GP107"]);
    check(&goal(r#"«"nope"»: true"#), &["GP107"]);
    check(&document("", "", r#"{"name": "g", "when": {«"x"»: 1}, "conditions": {}}"#), &["GP107"]);
}

#[test]
fn values_are_of_the_variables_type() {
    check(&with_precondition(r#""b": «1», "i": «1.5», "e": «true», "f": «"x"»"#), &["GP104"; 4]);
    check(
        &with_precondition(r#""i": {"<": {"var": «"f"»}}, "b": {"var": «"e"»}, "e": {"var": «"b"»}"#),
        &["GP104"; 3],
    );
    check(&with_precondition(r#""b": {«"<"»: true}, "e": {«">="»: "x"}"#), &["GP104", "GP104"]);
    model(&with_precondition(r#""f": {"<": 1}, "q": {"==": {"var": "r"}}"#));
}

#[test]
fn equality_outside_of_the_range_or_enum_is_an_error() {
    check(&with_precondition(r#""r": «10», "q": {"!=": «1.5»}, "e": «"z"»"#), &["GP105", "GP105", "GP106"]);
    check(&with_precondition(r#""e": {"!=": «"z"»}"#), &["GP106"]);
}

#[test]
fn ordering_outside_of_the_range_is_a_warning() {
    let text = with_precondition(r#""r": {"<": «20», ">": «-1»}, "q": {">=": «2»}"#);
    check(&text, &["GP123", "GP123", "GP123"]);
    let parsed = parse(&text.replace(['«', '»'], ""));
    assert!(parsed.model.is_some());
    let says = |at: usize, what: &str| {
        parsed.diagnostics.iter().filter(|d| d.code == "GP123").nth(at).unwrap().message.contains(what)
    };
    assert!(says(0, "always true") && says(1, "always true") && says(2, "never true"));
}

#[test]
fn different_enums_may_be_compared_and_assigned() {
    model(&with_precondition(r#""e": {"var": "e2"}"#));
    model(&with_effect(r#""e": {"set": {"var": "e2"}}"#));
}

// Effects.

#[test]
fn effects_set_add_and_subtract() {
    let model = model(&with_effect(
        r#""b": true, "i": {"+": 2}, "r": {"-": {"var": "i"}}, "f": {"set": {"var": "q"}}, "e": {"var": "e2"}"#,
    ));
    let kinds: Vec<_> = model.actions[0].effects.iter().map(|effect| effect.kind).collect();
    let set = EffectKind::Set;
    assert_eq!(kinds, [set, EffectKind::Increase, EffectKind::Decrease, set, set]);
}

#[test]
fn an_effect_has_exactly_one_operator() {
    check(&with_effect(r#""i": «{"+": 1, "-": 1}», "b": «{}»"#), &["GP114", "GP114"]);
    check(
        &with_effect(r#""i": {«"+="»: 1}, "r": {«"="»: 1}, "b": {«"zz"»: 1}"#),
        &["GP115", "GP115", "GP115"],
    );
    check(&with_effect(r#""i": «[1]», "b": «null»"#), &["GP104", "GP104"]);
}

#[test]
fn effects_fit_the_variables_type_and_range() {
    check(&with_effect(r#""b": {«"+"»: 1}, "e": {«"-"»: 1}"#), &["GP104", "GP104"]);
    check(
        &with_effect(r#""i": {"+": «0.5»}, "f": {"+": 1}, "b": «0», "r": {"set": «10»}"#),
        &["GP104", "GP104", "GP105"],
    );
    check(
        &with_effect(r#""e": «"z"», "i": {"-": {"var": «"f"»}}, "e2": «true»"#),
        &["GP106", "GP104", "GP104"],
    );
}

#[test]
fn parts_of_an_action_may_be_left_out() {
    let model = model(&with_action(r#"{"name": "a"}"#));
    assert_eq!(model.actions[0].precondition, Condition::All(vec![]));
    assert_eq!((model.actions[0].cost.base.text.as_str(), model.actions[0].confidence), ("1", 100));
}

// Parameters.

fn instances(text: &str) -> usize {
    Instances::new(&model(text)).count()
}

#[test]
fn parameters_range_over_an_enum_or_a_list() {
    assert_eq!(
        instances(&with_action(
            r#"{"name": "a", "parameters": {"p": "e", "n": [1, 2, 3]}, "effects": {"e": "$p", "i": "$n"}}"#
        )),
        6
    );
    assert_eq!(
        instances(&with_action(
            r#"{"name": "a", "parameters": {"p": [true, false]}, "effects": {"b": "$p"}}"#
        )),
        2
    );
    check(
        &with_action(
            r#"{"name": "a", "parameters": {"p": «"f"», "n": «"nix"», "m": «1»}, "effects": {"x$p$n$m": 1}}"#,
        ),
        &["GP104", "GP107", "GP104"],
    );
}

#[test]
fn a_list_is_of_one_type_and_numbers_become_floats_together() {
    check(
        &with_action(r#"{"name": "a", "parameters": {"p": [1, «"x"»]}, "effects": {"i": "$p"}}"#),
        &["GP121"],
    );
    check(
        &with_action(r#"{"name": "a", "parameters": {"p": [1, «1»]}, "effects": {"i": "$p"}}"#),
        &["GP110"],
    );
    let read = model(&with_action(r#"{"name": "a", "parameters": {"p": [1, 2.5]}, "effects": {"f": "$p"}}"#));
    assert_eq!(read.actions[0].parameters[0].values[0].value, Value::Float(1.0));
    check(
        &with_action(r#"{"name": "a", "parameters": {"p": [1, 2.5]}, "effects": {"i": «"$p"»}}"#),
        &["GP104"],
    );
}

#[test]
fn the_longest_declared_name_wins_and_braces_are_exact() {
    let state = r#""to_x": 1, "x_n": 2, "x": 3, "y": 4"#;
    let action = r#"{"name": "a", "parameters": {"t": ["y"], "to": ["x"]}, "effects": {"$to": 1, "to_$to": 2, "${to}_n": 3, "$t": 4}}"#;
    let model = model(&document(state, action, ""));
    let written: Vec<_> =
        Instances::new(&model).flat_map(|one| one.effects).map(|effect| effect.variable).collect();
    assert_eq!(written, [2, 0, 1, 3]);
}

#[test]
fn parameters_stand_in_values_keys_references_and_costs() {
    let state = r#""dist_a_b": 1, "dist_b_a": 2, "at": {"enum": ["a", "b"], "value": "a"}, "room_1": false, "room_2": false,
        "where": {"enum": ["room_1", "room_2"], "value": "room_1"}"#;
    let action = r#"{"name": "go", "parameters": {"from": "at", "to": "at"},
        "preconditions": {"at": "$from", "dist_${from}_${to}": {"<": 5}},
        "effects": {"at": "$to", "room_$n": true}, "cost": {"per": {"dist_${from}_${to}": 1}}}"#;
    let unequal = action.replace(r#""room_$n": true"#, r#""dist_${from}_${to}": {"-": 1}"#);
    // Where both ends are the same place there is no distance: undeclared under that binding.
    let parsed = parse(&document(state, &unequal, ""));
    assert!(
        parsed.diagnostics.iter().all(|d| d.code == "GP107" && d.message.contains("from = a, to = a")),
        "{parsed:#?}"
    );
    assert_eq!(parsed.diagnostics.len(), 3);
    let numbered = r#"{"name": "clean", "parameters": {"n": [1, 2]}, "preconditions": {"where": "room_$n"}, "effects": {"room_$n": true, "where": {"set": "room_${n}"}}}"#;
    assert_eq!(instances(&document(state, numbered, "")), 2);
}

#[test]
fn an_instance_that_writes_a_variable_twice_is_dropped_with_a_warning() {
    let state = r#""at_a": true, "at_b": false, "dist_a_b": 1, "dist_b_a": 1"#;
    let action = r#"{"name": "go", "parameters": {"from": ["a", "b"], "to": ["a", "b"]}, "preconditions": {"at_$from": true},
        "effects": {"at_$from": false, «"at_$to"»: true}, "cost": {"per": {"dist_${from}_${to}": 1}}}"#;
    let text = document(state, action, "");
    check(&text, &["GP124"]);
    let parsed = parse(&text.replace(['«', '»'], ""));
    assert_eq!(Instances::new(&parsed.model.unwrap()).count(), 2);
}

#[test]
fn undeclared_parameters_are_found_where_they_stand() {
    check(
        &with_action(
            r#"{"name": "a", "parameters": {"to": "e"}, "effects": {"e": "«$ot»", "«${too}»": 1, "i": "«$»"}}"#,
        ),
        &["GP108"; 3],
    );
    check(&goal(r#""e": "«$to»""#), &["GP108"]);
    check(
        &with_action(r#"{"name": "a", "parameters": {"to": "e"}, "effects": {"e": "$to", "x${to": 1}}"#)
            .replace("x${to", "x«$»{to"),
        &["GP108"],
    );
}

#[test]
fn an_unused_parameter_is_a_warning() {
    check(
        &with_action(r#"{"name": "a", "parameters": {«"p"»: "e", "n": [1]}, "effects": {"i": "$n"}}"#),
        &["GP122"],
    );
}

#[test]
fn a_template_is_checked_under_every_binding() {
    let undeclared = r#"{"name": "a", "parameters": {"n": [1, 2]}, "effects": {«"x$n"»: 1}}"#;
    check(&document(r#""x1": 0"#, undeclared, ""), &["GP107"]);
    check(&with_action(r#"{"name": "a", "parameters": {"p": "e2"}, "effects": {"e": «"$p"»}}"#), &["GP106"]);
    check(
        &with_action(r#"{"name": "a", "parameters": {"n": [5, 10]}, "effects": {"r": «"$n"»}}"#),
        &["GP105"],
    );
    check(
        &with_action(r#"{"name": "a", "parameters": {"n": [5, 10]}, "preconditions": {"r": {"<": «"$n"»}}}"#),
        &["GP123"],
    );
}

#[test]
fn too_many_instances_are_refused() {
    let list = (0..101).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let action = format!(
        r#"{{"name": «"a"», "parameters": {{"x": [{list}], "y": [{list}], "z": [{list}]}}, "effects": {{"i": "$x", "f": "$y"}}, "preconditions": {{"i": "$z"}}}}"#
    );
    check(&with_action(&action), &["GP120"]);
}

// Actions.

#[test]
fn actions_have_names_of_their_own() {
    check(
        &document("", r#"{"name": "a"}, {"name": «"a"»}, «{»}, {"name": «""»}, {"name": «1»}, «2»"#, ""),
        &["GP109", "GP102", "GP118", "GP104", "GP104"],
    );
}

#[test]
fn durations_and_confidences_are_in_range() {
    check(&with_action(r#"{"name": "a", "duration": «-1», "confidence": «0»}"#), &["GP105", "GP105"]);
    check(&with_action(r#"{"name": "a", "duration": «"1"», "confidence": «95.5»}"#), &["GP104", "GP104"]);
    check(&with_action(r#"{"name": "a", "confidence": «101»}"#), &["GP105"]);
    let model = model(&with_action(r#"{"name": "a", "duration": 3.5, "confidence": 1}"#));
    assert_eq!((model.actions[0].duration.text.as_str(), model.actions[0].confidence), ("3.5", 1));
}

#[test]
fn costs_are_numbers_or_linear_in_numeric_state() {
    let read = model(&with_action(r#"{"name": "a", "cost": {"per": {"r": 0.5, "q": 1}}}"#));
    assert_eq!((read.actions[0].cost.base.text.as_str(), read.actions[0].cost.per.len()), ("0", 2));
    check(
        &with_action(r#"{"name": "a", "cost": {"per": {"b": «1», "e": «1», "r": «"x"»}, "base": «true»}}"#),
        &["GP104"; 4],
    );
    check(&with_action(r#"{"name": "a", "cost": «[]»}"#), &["GP104"]);
}

#[test]
fn a_metric_that_can_be_negative_is_an_error() {
    check(&with_action(r#"{"name": "a", "cost": «-1»}"#), &["GP119"]);
    check(&with_action(r#"{"name": "a", "cost": «{"base": 8, "per": {"r": -1}}»}"#), &["GP119"]);
    check(&with_action(r#"{"name": "a", "cost": «{"per": {"i": 1, "r": -0.1}, "base": 0.5}»}"#), &["GP119"]);
    model(&with_action(r#"{"name": "a", "cost": {"base": 9, "per": {"r": -1}}}"#));
    model(&with_action(r#"{"name": "a", "cost": {"base": 0.9, "per": {"r": -0.1}}}"#));
    // Unbounded variables count at their initial value.
    model(&with_action(r#"{"name": "a", "cost": {"base": 0, "per": {"i": -1}}}"#));
}

#[test]
fn metric_weights_default_and_may_be_negative_where_the_metric_is_not() {
    let with = |metric: &str, action: &str| {
        with_action(action).replacen("\"state\"", &format!("\"metric\": {metric}, \"state\""), 1)
    };
    let model = model(&with("{}", r#"{"name": "a"}"#));
    let weights = [&model.metric.cost, &model.metric.duration, &model.metric.risk].map(|weight| weight.value);
    assert_eq!(weights, [1.0, 0.0, 0.0]);
    crate::texts::model(&with(r#"{"duration": -1}"#, r#"{"name": "a", "cost": 5, "duration": 4}"#));
    check(&with(r#"{"duration": «-1»}"#, r#"{"name": "a", "cost": 5, "duration": 6}"#), &["GP119"]);
    check(&with(r#"{"risk": «-1»}"#, r#"{"name": "a", "cost": 0.1, "confidence": 50}"#), &["GP119"]);
    check(&with(r#"{«"costs"»: 1, "risk": «"x"»}"#, r#"{"name": "a"}"#), &["GP101", "GP104"]);
}

// Goals.

#[test]
fn goals_are_there_and_whole() {
    let text = with_state("").replace(r#"[{"name": "g", "conditions": {}}]"#, "«[]»");
    check(&text, &["GP113"]);
    check(
        &document("", "", r#"«{»"name": "g"}, «{»"conditions": {}}, {"name": «"g"», "conditions": {}}"#),
        &["GP102", "GP102", "GP109"],
    );
}

#[test]
fn priority_is_any_integer() {
    let read = model(&document(
        "",
        "",
        r#"{"name": "g", "priority": -9223372036854775808, "conditions": {}}, {"name": "h", "conditions": {}}"#,
    ));
    assert_eq!((read.goals[0].priority, read.goals[1].priority), (i64::MIN, 0));
    check(&document("", "", r#"{"name": "g", "priority": «1.5», "conditions": {}}"#), &["GP104"]);
}

#[test]
fn goals_have_no_parameters() {
    check(&goal(r#""i": {"<": {"var": "«$x»"}}"#), &["GP108"]);
}
