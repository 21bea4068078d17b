//! The validator: what applies, what it does, what it costs, and what is wrong with a plan.
#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a test that cannot go on fails; sums here are exact"
)]

use crate::texts::{document, model};
use planscope::lang::goap::Model;
use planscope::lang::goap::model::Value;
use planscope::lang::plan::{self, Step};
use planscope::step::{Budget, Progress, Stepper};
use planscope::validate::{Reason, Replaying, State, Validator, Violation, replay};

fn step(text: &str) -> Step {
    let file = plan::read(text);
    assert!(file.diagnostics.is_empty(), "{:?}", file.diagnostics);
    file.steps[0].clone()
}

fn with(state: &str, action: &str) -> Model {
    model(&document(state, &format!(r#"{{"name": "a", {action}}}"#), ""))
}

fn after(model: &Model, text: &str) -> Result<(Vec<String>, f64), String> {
    let validator = Validator::new(model);
    let applied =
        validator.apply(&validator.initial(), &step(text)).map_err(|violation| violation.to_string())?;
    Ok((applied.state.values.iter().map(Value::to_string).collect(), applied.metric))
}

/// Checks the state after `(a)`, or why it cannot be taken.
fn check(state: &str, action: &str, expected: Result<&[&str], &str>) {
    let found = after(&with(state, action), "(a)").map(|(values, _)| values);
    let expected = expected.map(|values| values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>());
    assert_eq!(found, expected.map_err(|why| format!("step 1 (a): {why}")), "{state} {action}");
}

#[test]
fn everything_reads_the_state_before_the_action() {
    check(
        r#""x": 1, "y": 2"#,
        r#""effects": {"x": {"var": "y"}, "y": {"set": {"var": "x"}}}"#,
        Ok(&["2", "1"]),
    );
    check(r#""x": 1, "y": 2"#, r#""effects": {"x": {"+": 5}, "y": {"+": {"var": "x"}}}"#, Ok(&["6", "3"]));
}

#[test]
fn an_effect_that_leaves_a_range_or_enum_keeps_the_action_from_applying() {
    let bounded = r#""x": {"int": [0, 3], "value": 3}"#;
    check(bounded, r#""effects": {"x": {"+": 1}}"#, Err("`x` would become 4, which it cannot hold"));
    check(bounded, r#""effects": {"x": {"-": 3}}"#, Ok(&["0"]));
    let float = r#""x": {"float": [0, 1], "value": 0.5}"#;
    check(float, r#""effects": {"x": {"-": 0.75}}"#, Err("`x` would become -0.25, which it cannot hold"));
    let enums = r#""x": {"enum": ["a", "b"], "value": "a"}, "y": {"enum": ["b", "c"], "value": "c"}"#;
    check(enums, r#""effects": {"x": {"var": "y"}}"#, Err("`x` would become c, which it cannot hold"));
}

#[test]
fn integers_stay_exact_and_floats_finite() {
    check(r#""x": 9007199254740990"#, r#""effects": {"x": {"+": 1}}"#, Ok(&["9007199254740991"]));
    check(
        r#""x": 9007199254740991"#,
        r#""effects": {"x": {"+": 1}}"#,
        Err("`x` would become 9007199254740992, which it cannot hold"),
    );
    check(
        r#""x": -9007199254740991"#,
        r#""effects": {"x": {"-": 9007199254740991}}"#,
        Err("`x` would become -18014398509481982, which it cannot hold"),
    );
    check(
        r#""x": 1e308"#,
        r#""effects": {"x": {"+": {"var": "x"}}}"#,
        Err("`x` would become inf, which it cannot hold"),
    );
}

#[test]
fn minus_zero_is_zero() {
    let model = with(r#""x": 0.5, "y": -0.0"#, r#""effects": {"x": {"-": 0.5}, "y": {"set": -0.0}}"#);
    let validator = Validator::new(&model);
    let applied = validator.apply(&validator.initial(), &step("(a)")).unwrap();
    assert!(
        applied
            .state
            .values
            .iter()
            .all(|value| matches!(value, Value::Float(zero) if zero.is_sign_positive()))
    );
    let zeros = State { values: vec![Value::Float(-0.0), Value::Float(0.0)] };
    assert_eq!(applied.state.key(), zeros.key());
}

#[test]
fn an_integer_becomes_a_float_where_one_is_set() {
    check(r#""x": 0.5, "i": 3"#, r#""effects": {"x": {"var": "i"}}"#, Ok(&["3.0", "3"]));
    check(r#""x": 0.5"#, r#""effects": {"x": 2}"#, Ok(&["2.0"]));
}

#[test]
fn conditions_of_every_kind_are_evaluated() {
    let state = r#""i": 2, "f": 2.0, "b": true, "e": {"enum": ["x", "y"], "value": "y"}, "g": {"enum": ["y"], "value": "y"}"#;
    let holds = [
        r#""i": 2"#,
        r#""i": {">=": 2, "<": 3, "!=": 1}"#,
        r#""i": {"<=": {"var": "i"}}"#,
        r#""f": {"var": "i"}"#,
        r#""f": {">": 1}"#,
        r#""e": {"var": "g"}"#,
        r#""e": {"!=": "x"}"#,
        r#""all": [], "not": {"any": []}"#,
        r#""any": [{"i": 9}, {"b": true, "f": 2}]"#,
        r#""not": {"i": 9, "b": true}"#,
    ];
    let fails = [
        (r#""i": {"<": 2}"#, "`i < 2` does not hold: i = 2"),
        (
            r#""any": [{"i": 1}, {"b": false}]"#,
            "`any(all(i = 1), all(b = false))` does not hold: i = 2, b = true",
        ),
        (r#""any": []"#, "`any()` does not hold: "),
        (r#""not": {"e": {"var": "g"}}"#, "`not(all(e = g))` does not hold: e = y, g = y"),
    ];
    for condition in holds {
        check(state, &format!(r#""preconditions": {{{condition}}}"#), Ok(&["2", "2.0", "true", "y", "y"]));
    }
    for (condition, why) in fails {
        check(state, &format!(r#""preconditions": {{{condition}}}"#), Err(why));
    }
}

#[test]
fn the_metric_weighs_cost_duration_and_risk() {
    let text = document(
        r#""d": 4, "f": 0.5"#,
        r#"{"name": "a", "cost": {"base": 1, "per": {"d": 0.5, "f": 2}}, "duration": 3, "confidence": 50}"#,
        "",
    );
    let text =
        text.replacen("\"state\"", r#""metric": {"cost": 2, "duration": 0.1, "risk": 10}, "state""#, 1);
    let metric = after(&model(&text), "(a)").unwrap().1;
    assert!((metric - (2.0 * 4.0 + 0.1 * 3.0 + 10.0 * std::f64::consts::LN_2)).abs() < 1e-12, "{metric}");
}

#[test]
fn a_negative_metric_keeps_the_action_from_applying() {
    let model = with(r#""x": 5"#, r#""cost": {"base": 6, "per": {"x": -1}}, "effects": {"x": {"+": 1}}"#);
    let validator = Validator::new(&model);
    let applied = validator.apply(&validator.initial(), &step("(a)")).unwrap();
    let applied = validator.apply(&applied.state, &step("(a)")).unwrap();
    assert_eq!(applied.metric, 0.0);
    let violation = validator.applicable(&applied.state, &step("(a)")).unwrap_err();
    assert_eq!(violation.to_string(), "step 1 (a): the metric of the step would be -1");
    // What decimals lose in binary is not negative.
    let model = with(r#""x": {"int": [0, 3], "value": 3}"#, r#""cost": {"base": 0.3, "per": {"x": -0.1}}"#);
    assert_eq!(after(&model, "(a)").unwrap().1, 0.0);
}

const TRAVEL: &str = r#"{"name": "go", "parameters": {"to": "at"}, "preconditions": {"at": {"!=": "$to"}},
    "effects": {"at": "$to"}, "cost": {"per": {"far_$to": 0.1}}},
    {"name": "swap", "parameters": {"x": ["n", "m"], "y": ["n", "m"]}, "effects": {"$x": 1, "$y": 2}}"#;

fn travel() -> Model {
    let state =
        r#""at": {"enum": ["home", "shop"], "value": "home"}, "far_home": 1, "far_shop": 2, "n": 0, "m": 0"#;
    let parsed = planscope::lang::goap::parse(&document(
        state,
        TRAVEL,
        r#"{"name": "g", "conditions": {"at": "home"}}"#,
    ));
    parsed.model.unwrap()
}

fn replayed(plan: &[&str]) -> Result<planscope::validate::Replay, Violation> {
    let model = travel();
    let steps: Vec<_> = plan.iter().map(|text| step(text)).collect();
    replay(&model, Validator::new(&model).initial(), &model.goals[0].conditions, &steps)
}

#[test]
fn a_plan_is_replayed_with_costs_and_changes() {
    let plan = ["(go shop)", "(go home)", "(go shop)", "(go home)", "(go shop)", "(go home)"];
    let replay = replayed(&plan).unwrap();
    assert_eq!(replay.steps.len(), 6);
    assert_eq!((replay.steps[0].cost, replay.steps[1].cost), (0.2, 0.1));
    assert!((replay.total - 0.9).abs() < 1e-15, "{:?}", replay.total);
    assert_eq!(replay.steps[5].total, replay.total);
    let change = &replay.steps[0].changes[0];
    assert_eq!((change.variable, change.to.to_string()), (0, "shop".to_owned()));
    assert!(replayed(&[]).unwrap().steps.is_empty());
}

#[test]
fn what_is_wrong_with_a_plan_is_named_with_its_step() {
    let fails = [
        (&["(go shop)", "(go shop)"][..], 1, "step 2 (go shop): `at ≠ shop` does not hold: at = shop"),
        (&["(go shop)"], 1, "at the end: `at = home` does not hold: at = shop"),
        (&["(fly)"], 0, "step 1 (fly): there is no action called `fly`"),
        (&["(go)"], 0, "step 1 (go): the action takes 1 arguments, and the step has 0"),
        (&["(go mine)"], 0, "step 1 (go mine): `mine` is not a value of the parameter `to`"),
        (&["(swap n n)"], 0, "step 1 (swap n n): the step writes `n` twice"),
    ];
    for (plan, at, message) in fails {
        let violation = replayed(plan).unwrap_err();
        assert_eq!((violation.step, violation.to_string().as_str()), (at, message));
    }
    let violation = replayed(&["(go home)"]).unwrap_err();
    assert!(matches!(violation.reason, Reason::Unmet { .. }));
    assert_ne!(violation.span.start, violation.span.end);
}

#[test]
fn replaying_in_slices_changes_nothing() {
    let model = travel();
    let steps = vec![step("(go shop)"), step("(go home)")];
    let mut replaying =
        Replaying::new(&model, Validator::new(&model).initial(), &model.goals[0].conditions, steps);
    let mut slices = 1;
    let outcome = loop {
        match replaying.step(&mut Budget::units(1)) {
            Progress::Pending => slices += 1,
            Progress::Done(outcome) => break outcome,
        }
    };
    assert_eq!(slices, 3);
    assert_eq!(outcome, replayed(&["(go shop)", "(go home)"]));
}

#[test]
fn applicable_steps_are_listed_up_to_a_limit() {
    let model = travel();
    let validator = Validator::new(&model);
    let all = validator.enumerate_applicable(&validator.initial(), usize::MAX);
    let names: Vec<_> = all.steps.iter().map(|(step, _)| plan::step(step)).collect();
    assert_eq!(names, ["(go shop)", "(swap n m)", "(swap m n)"]);
    assert!(all.complete);
    let first = validator.enumerate_applicable(&validator.initial(), 2);
    assert_eq!((first.steps.len(), first.complete), (2, false));
}

#[test]
fn a_state_of_another_model_is_refused() {
    let model = travel();
    let validator = Validator::new(&model);
    let state = State { values: vec![] };
    let refused =
        |outcome: Result<(), Violation>| matches!(outcome.unwrap_err().reason, Reason::State { .. });
    assert!(refused(validator.applicable(&state, &step("(go shop)"))));
    assert!(refused(validator.holds(&state, &model.goals[0].conditions)));
    assert!(refused(validator.metric_of(&state, &step("(go shop)")).map(drop)));
}

#[test]
fn plan_files_are_read_on_after_an_error() {
    let file = plan::read(
        "; by hand\n(go shop)\n\ngo home\n( go  \"a b\" 1 1.5 true )\n(x \"open\n(go) x\n()\n; cost = 2.5 (general)\n",
    );
    assert_eq!(file.steps.len(), 2);
    assert_eq!(
        file.steps[1].arguments,
        [Value::Symbol("a b".to_owned()), Value::Int(1), Value::Float(1.5), Value::Bool(true)]
    );
    assert_eq!(file.cost, Some(2.5));
    let codes: Vec<_> = file.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["PL001", "PL002", "PL001", "PL001"]);
}
