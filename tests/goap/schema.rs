//! The JSON Schema that is served with the page says what the checker says, as far as a schema can.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::texts::{document, with_action, with_effect, with_precondition, with_state};
use planscope::diagnostic::Diagnostic;
use planscope::hash::SplitMix64;
use planscope::lang::goap::check::keys;
use planscope::lang::goap::parse;
use planscope::lang::goap::syntax::{Data, NodeId, Tree, tree};
use serde_json::{Map, Value};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../www/goap.schema.json")).unwrap()
}

fn json(tree: &Tree, id: NodeId) -> Value {
    match &tree.node(id).data {
        Data::Null | Data::Broken => Value::Null,
        Data::Bool(value) => Value::Bool(*value),
        Data::Number => serde_json::from_str(tree.text(id)).unwrap(),
        Data::String(text) => Value::String(text.clone()),
        Data::Array(elements) => elements.iter().map(|&element| json(tree, element)).collect(),
        Data::Object(members) => {
            let pairs = members.iter().map(|member| (member.key.clone(), json(tree, member.value)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
    }
}

fn accepts(text: &str) -> bool {
    let (tree, findings) = tree(text);
    assert!(!findings.iter().any(Diagnostic::is_error), "{findings:#?}");
    jsonschema::validator_for(&schema()).unwrap().is_valid(&json(&tree, tree.root.unwrap()))
}

#[test]
fn the_schema_is_a_schema() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn the_keys_of_the_schema_are_the_keys_of_the_checker() {
    let schema = schema();
    let of = |names: &[&str]| -> BTreeSet<String> {
        let properties = names.iter().map(|name| schema["$defs"][*name]["properties"].as_object().unwrap());
        properties.flat_map(|properties| properties.keys().cloned()).collect()
    };
    let known = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(of(&["document"]), known(keys::DOCUMENT));
    assert_eq!(of(&["action"]), known(keys::ACTION));
    assert_eq!(of(&["goal"]), known(keys::GOAL));
    assert_eq!(of(&["metric"]), known(keys::METRIC));
    assert_eq!(of(&["cost"]), known(keys::COST));
    assert_eq!(of(&["boundedInteger", "boundedFloat", "enum"]), known(keys::VARIABLE));
    assert_eq!(of(&["condition"]), known(keys::JUNCTIONS));
    assert_eq!(of(&["comparison", "reference"]), known(keys::COMPARISON));
    assert_eq!(of(&["effect"]), known(keys::EFFECT));
    assert_eq!(of(&["reference"]), known(keys::REFERENCE));
    assert_eq!(schema["$defs"]["document"]["properties"]["format"]["const"], keys::FORMAT);
}

#[test]
fn every_document_that_the_checker_accepts_is_accepted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/goap");
    let mut seen = 0;
    for folder in [folder.clone(), folder.join("codes")] {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|one| one.path().is_file()) {
            let text = fs::read_to_string(entry.path()).unwrap();
            if parse(&text).model.is_some() {
                seen += 1;
                assert!(accepts(&text), "{}", entry.path().display());
            }
        }
    }
    assert!(seen > 5);
    assert!(accepts(&with_state(crate::texts::STATE)));
    assert!(accepts(&with_effect(r#""e": {"var": "e2"}, "i": {"+": {"var": "r"}}"#)));
    assert!(accepts(&with_precondition(
        r#""i": {"var": "r"}, "any": [{"not": {"i": {"<": 1, ">": {"var": "r"}}}}]"#
    )));
}

/// A number as somebody may write it: small, huge, at the edge of what is exact, whole with a fraction or an
/// exponent.
fn random_number(random: &mut SplitMix64) -> String {
    let sign = if random.below(3) == 0 { "-" } else { "" };
    let whole = match random.below(5) {
        0 => random.below(3),
        1 => random.below(101),
        2 => (1 << 53) - 2 + random.below(4),
        3 => random.next_u64() >> (2 + random.below(40)),
        _ => 10u64.pow(random.below(19) as u32),
    };
    let tail = match random.below(6) {
        0 => ".0".to_owned(),
        1 => ".5".to_owned(),
        2 => format!("e{}", random.below(20)),
        3 => format!(".0E+{}", random.below(4)),
        4 => format!("e-{}", random.below(4)),
        _ => String::new(),
    };
    format!("{sign}{whole}{tail}")
}

#[test]
fn numbers_are_numbers_of_the_same_kind_to_both() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let mut random = SplitMix64::new(11);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..1_000 {
        let number = random_number(&mut random);
        let action = |member: &str| with_action(&format!(r#"{{"name": "a", {member}}}"#));
        let goal = format!(r#"{{"name": "g", "priority": {number}, "conditions": {{}}}}"#);
        for text in [
            with_state(&format!(r#""a": {{"int": [{number}, {number}], "value": {number}}}"#)),
            with_state(&format!(r#""a": {{"float": [{number}, {number}], "value": {number}}}"#)),
            document("", "", &goal),
            action(&format!(r#""confidence": {number}"#)),
            action(&format!(r#""duration": {number}"#)),
            action(&format!(r#""cost": {number}"#)),
            action(&format!(r#""cost": {{"base": {number}, "per": {{"r": {number}}}}}"#)),
        ] {
            // Whether a sum of costs is negative is beyond a schema.
            let is_number = !parse(&text).diagnostics.iter().any(|one| one.is_error() && one.code != "GP119");
            let (tree, _) = tree(&text);
            assert_eq!(is_number, schema.is_valid(&json(&tree, tree.root.unwrap())), "{text}");
            *(if is_number { &mut accepted } else { &mut refused }) += 1;
        }
    }
    assert!(accepted > 1_000 && refused > 1_000, "{accepted} {refused}");
}

#[test]
fn documents_of_a_wrong_structure_are_refused_by_both() {
    let texts = [
        "{}".to_owned(),
        "[]".to_owned(),
        with_state("").replace("planscope-goap/1", "goap"),
        with_state("").replacen("\"state\"", "\"extra\": 1, \"state\"", 1),
        with_state("").replace(r#"[{"name": "g", "conditions": {}}]"#, "[]"),
        with_state(r#""a": "x""#),
        with_state(r#""a": null"#),
        with_state(r#""any": 1"#),
        with_state(r#""a$": 1"#),
        with_state(r#""a": {"int": [0], "value": 0}"#),
        with_state(r#""a": {"int": [0, 1]}"#),
        with_state(r#""a": {"enum": [], "value": "x"}"#),
        with_state(r#""a": {"enum": ["x", "x"], "value": "x"}"#),
        with_state(r#""a": {"int": [0, 1], "enum": ["x"], "value": 0}"#),
        with_action("{}"),
        with_action(r#"{"name": ""}"#),
        with_action(r#"{"name": "a", "parameters": {"p": 1}}"#),
        with_action(r#"{"name": "a", "parameters": {"$p": [1]}}"#),
        with_action(r#"{"name": "a", "duration": -1}"#),
        with_action(r#"{"name": "a", "confidence": 0}"#),
        with_action(r#"{"name": "a", "confidence": 2.5}"#),
        with_action(r#"{"name": "a", "cost": "1"}"#),
        with_action(r#"{"name": "a", "cost": {"per": {"i": "1"}}}"#),
        with_effect(r#""i": {"+": 1, "-": 1}"#),
        with_effect(r#""i": {}"#),
        with_effect(r#""i": {"*": 2}"#),
        with_precondition(r#""i": {"=": 1}"#),
        with_precondition(r#""i": {"var": "r", "<": 1}"#),
        with_precondition(r#""i": []"#),
        with_precondition(r#""any": {}"#),
        document("", "", r#"{"name": "g"}"#),
        document("", "", r#"{"name": "g", "priority": 1.5, "conditions": {}}"#),
    ];
    for text in texts {
        assert!(parse(&text).model.is_none(), "the checker accepts {text}");
        assert!(!accepts(&text), "the schema accepts {text}");
    }
}
