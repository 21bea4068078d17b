//! What people write who come from other formats, or whose text was copied: the finding names the cause, at its
//! place, and its fixes lead to a document that is read.

use crate::texts::{apply, check_manners, document, with_action, with_effect, with_precondition, with_state};
use planscope::diagnostic::Diagnostic;
use planscope::lang::goap::model::{Condition, Kind, Value};
use planscope::lang::goap::{Model, parse};

/// Applies fix after fix, errors first, until none is left. Every finding on the way has its manners.
fn mended(text: &str) -> (String, Model) {
    let mut text = text.to_owned();
    for _ in 0..100 {
        let parsed = parse(&text);
        check_manners(&text, &parsed);
        let errors = parsed.diagnostics.iter().filter(|finding| finding.is_error());
        let fix = errors.chain(&parsed.diagnostics).find_map(|finding| finding.fix.clone());
        match (fix, parsed.model) {
            (Some(fix), _) => text = apply(&text, fix.span, &fix.replacement),
            (None, Some(model)) => return (text, model),
            (None, None) => panic!("no way out: {:#?}\n{text}", parsed.diagnostics),
        }
    }
    panic!("the fixes lead nowhere: {text}");
}

/// The one finding about a text, which covers `place` and says `words`; and the document that its fix leads to.
fn one(text: &str, place: &str, words: &str) -> (String, Model) {
    let parsed = parse(text);
    let counted = |finding: &&Diagnostic| finding.code.as_str() < "GP200" && finding.code != "GP117";
    let found: Vec<_> = parsed.diagnostics.iter().filter(counted).collect();
    assert_eq!(found.len(), 1, "{text}\n{found:#?}");
    assert_eq!(found[0].span.of(text), place, "{found:#?}");
    let said = format!("{}; {}", found[0].message, found[0].help.clone().unwrap_or_default());
    assert!(said.contains(words), "{said}");
    mended(text)
}

const PLAIN: &str = r#"{"format": "planscope-goap/1", "state": {"a": false},
 "actions": [{"name": "t", "effects": {"a": true}}],
 "goals": [{"name": "g", "conditions": {"a": true}}]}"#;

#[test]
fn quotes_of_other_kinds_are_changed_one_by_one() {
    for (open, close) in [("'", "'"), ("“", "”"), ("„", "“"), ("‘", "’"), ("`", "`"), ("«", "»")]
    {
        let mut is_open = false;
        let other: String = PLAIN
            .chars()
            .map(|c| match c {
                '"' => {
                    is_open = !is_open;
                    if is_open { open.to_owned() } else { close.to_owned() }
                }
                c => c.to_string(),
            })
            .collect();
        let codes: Vec<_> = parse(&other).diagnostics.into_iter().map(|finding| finding.code).collect();
        assert!(codes.iter().all(|code| code == "GP013"), "{other}\n{codes:?}");
        assert_eq!(mended(&other).0, PLAIN);
    }
    let (text, _) = mended(&PLAIN.replace("\"g\"", r"'it\'s\n\u0041\q'"));
    assert!(text.contains(r#""it's\nA\\q""#), "{text}");
}

#[test]
fn keys_of_other_libraries_are_known() {
    let action = |key: &str, value: &str| with_action(&format!(r#"{{"name": "t", "{key}": {value}}}"#));
    for key in ["pre", "requires", "conditions", "if"] {
        let (_, model) = one(&action(key, r#"{"b": true}"#), &format!("\"{key}\""), "\"preconditions\"");
        assert_ne!(model.actions[0].precondition, Condition::All(Vec::new()));
    }
    for key in ["post", "postconditions", "result", "effect"] {
        let (_, model) = one(&action(key, r#"{"b": true}"#), &format!("\"{key}\""), "\"effects\"");
        assert_eq!(model.actions[0].effects.len(), 1);
    }
    let goal = document(r#""a": true"#, "", r#"{"name": "g", "pre": {"a": true}}"#);
    one(&goal, "\"pre\"", "\"conditions\"");
    let weight = document(r#""a": true"#, "", r#"{"name": "g", "weight": 3, "conditions": {"a": true}}"#);
    assert_eq!(one(&weight, "\"weight\"", "\"priority\"").1.goals[0].priority, 3);
    one(&PLAIN.replace("\"state\"", "\"world_state\""), "\"world_state\"", "\"state\"");
    one(&PLAIN.replace("\"actions\"", "\"operators\""), "\"operators\"", "\"actions\"");
    // What is there already is not written twice.
    let both = with_action(r#"{"name": "t", "effects": {"b": true}, "post": {"i": 1}}"#);
    assert_eq!(parse(&both).diagnostics[0].fix, None);
}

#[test]
fn other_ways_to_join_conditions_are_known() {
    for key in ["or", "$or", "anyOf", "||"] {
        let list = format!(r#""{key}": [{{"b": true}}, {{"i": 1}}]"#);
        let (_, model) = one(&with_precondition(&list), &format!("\"{key}\""), "\"any\"");
        let Condition::All(parts) = &model.actions[0].precondition else { panic!("{model:?}") };
        assert!(matches!(&parts[0], Condition::Any(parts) if parts.len() == 2), "{parts:?}");
        let object = format!(r#""{key}": {{"b": true, "i": 1}}"#);
        one(&with_precondition(&object), &format!("\"{key}\""), "\"any\"");
    }
    one(&with_precondition(r#""and": [{"b": true}, {"i": 1}]"#), "\"and\"", "\"all\"");
    one(&with_precondition(r#""any": {"b": true, "i": 1}"#), r#"{"b": true, "i": 1}"#, "list of objects");
    let denied = r#"[{"b": true}, {"i": 1}]"#;
    one(&with_precondition(&format!(r#""not": {denied}"#)), denied, "\"not\"");
    one(&with_precondition(r#""e": ["x", "y"]"#), r#"["x", "y"]"#, "\"any\"");
    one(&with_precondition(r#""any": [{"b": true}], "or": [{"i": 1}]"#), "\"or\"", "\"any\"");
}

#[test]
fn a_sign_before_a_name_is_no_negation() {
    let (_, model) = one(&with_precondition(r#""!b": true"#), "\"!b\"", "\"b\": false");
    let (_, other) = one(&with_precondition(r#""not b": false"#), "\"not b\"", "\"b\": true");
    assert_ne!(model.actions[0].precondition, other.actions[0].precondition);
    one(&with_precondition(r#""!e": "x""#), "\"!e\"", r#""e": { "!=": "x" }"#);
    one(&with_effect(r#""!b": true"#), "\"!b\"", "\"b\": false");
}

#[test]
fn lists_in_place_of_objects_are_read_as_they_are_meant() {
    let list = with_action(r#"{"name": "t", "preconditions": ["b", "!c"], "effects": ["c"]}"#)
        .replace("\"b\": false", "\"b\": false, \"c\": false");
    let (_, model) = mended(&list);
    assert_eq!(model.actions[0].effects.len(), 1);
    mended(&with_action(r#"{"name": "t", "preconditions": [{"b": true}, {"i": 1}]}"#));
}

#[test]
fn the_name_of_a_variable_in_place_of_its_value_is_seen() {
    for text in [with_effect(r#""i": {"+": "r"}"#), with_precondition(r#""i": {"<": "r"}"#)] {
        one(&text, "\"r\"", r#"{ "var": "r" }"#);
    }
    one(&with_effect(r#""e": "e2""#), "\"e2\"", r#"{ "var": "e2" }"#);
    one(&with_effect(r#""f": {"set": "i"}"#), "\"i\"", r#"{ "var": "i" }"#);
}

#[test]
fn conditions_under_one_key_are_joined_by_all() {
    let (text, model) = mended(&with_precondition(
        r#""i": 1, "any": [{"b": true}], // first
        "any": [{"f": {">": 0}}], "any": [{"r": 2}, {"r": 3}]"#,
    ));
    assert!(text.contains("// first"), "{text}");
    let found = format!("{:?}", model.actions[0].precondition);
    assert_eq!(found.matches("Any(").count(), 3, "{found}");
    one(&with_precondition(r#""r": {">": 1}, "r": {"<": 5}"#), "\"r\"", "\"all\"");
    one(&with_precondition(r#""not": {"b": true}, "not": {"i": 1}"#), "\"not\"", "\"all\"");
}

#[test]
fn a_weight_below_zero_is_said_once_and_at_its_place() {
    let actions = r#"{"name": "a", "cost": 2}, {"name": "b", "duration": 3}"#;
    let text = document("", actions, "").replace("\"state\"", "\"metric\": {\"cost\": -1}, \"state\"");
    let (text, _) = one(&text, "-1", "as cheap as they can be");
    assert!(text.contains("{\"cost\": 1}"), "{text}");
}

#[test]
fn decimals_have_a_point() {
    let cost = |number: &str| with_action(&format!(r#"{{"name": "t", "cost": {number}, "effects": {{}}}}"#));
    for (written, right) in [("1,5", "1.5"), ("0,125", "0.125"), ("12,75", "12.75"), ("1,000,000", "1000000")]
    {
        let (text, _) = one(&cost(written), written, right);
        assert_eq!(text, cost(right));
    }
    one(&with_action(r#"{"name": "t", "cost": 1,5}"#), "1,5", "1.5");
    let (text, _) =
        one(&with_state(r#""a": {"float": [0,5, 2,5], "value": 1.0}"#), "[0,5, 2,5]", "[0.5, 2.5]");
    assert!(text.contains("[0.5, 2.5]"), "{text}");
    one(&with_state(r#""a": {"float": [0, 2,5], "value": 1.0}"#), "[0, 2,5]", "[0, 2.5]");
    one(&cost("\"1,5\""), "\"1,5\"", "1.5");
    one(&with_state("\"a\": 1,5"), "1,5", "1.5");
}

#[test]
fn halves_of_characters_and_foreign_escapes_are_named() {
    for half in [r"\ud83d", r"\ude00"] {
        one(&with_state(&format!("\"a{half}\": 1")), half, "half of a character");
    }
    for (written, right) in [
        (r"\u{1f600}", "😀"),
        (r"\x41", "A"),
        (r"\'", "'"),
        (r"\0", r"\u0000"),
        (r"\$", "$"),
        (r"\q", r"\\q"),
    ] {
        let text = document("", "", &format!(r#"{{"name": "a{written}", "conditions": {{}}}}"#));
        let (text, _) = one(&text, written, "is not an escape");
        assert!(text.contains(&format!("\"a{right}\"")), "{text}");
    }
}

#[test]
fn numbers_that_are_too_large_have_a_largest_in_their_place() {
    for text in [
        with_state(r#""a": 1e400"#),
        with_state(r#""a": {"float": [0, 1e400], "value": 0}"#),
        with_precondition(r#""f": {"<": 1e400}"#),
        with_precondition(r#""i": {"<": 1e400}"#),
        with_action(r#"{"name": "a", "cost": 1e400}"#),
        with_action(r#"{"name": "a", "duration": 1e400}"#),
        with_action(r#"{"name": "a", "cost": {"per": {"r": 1e400}}}"#),
        document("", "", "").replace("\"state\"", "\"metric\": {\"risk\": 1e400}, \"state\""),
    ] {
        let (mended, model) = one(&text, "1e400", "the largest that can stand here");
        assert!(planscope::ground::goap::compile(&model).is_ok(), "{mended}");
    }
    one(&with_state(r#""a": 99999999999999999999"#), "99999999999999999999", "9007199254740991");
}

#[test]
fn characters_that_nobody_sees_are_named() {
    for (unseen, name) in
        [('\u{200b}', "zero width space"), ('\u{feff}', "byte order mark"), ('\u{ad}', "soft hyphen")]
    {
        let between = PLAIN.replace("\"state\":", &format!("\"state\":{unseen}"));
        assert_eq!(one(&between, &unseen.to_string(), name).0, PLAIN);
        // In a name it would make another one.
        let within = PLAIN.replacen("\"a\"", &format!("\"{unseen}a\""), 1);
        assert_eq!(one(&within, &unseen.to_string(), name).0, PLAIN);
        let word = format!("tr{unseen}ue");
        let broken = PLAIN.replacen("true", &word, 1);
        assert_eq!(one(&broken, &word, name).0, PLAIN);
    }
    let spaces = PLAIN.replace(": {", ":\u{a0}{");
    assert!(parse(&spaces).diagnostics.iter().all(|finding| finding.message.contains("no-break space")));
    assert_eq!(mended(&spaces).0, PLAIN);
    let number = with_state("\"a\": 1\u{200b}0");
    one(&number, "1\u{200b}0", "10");
    let name = with_precondition("\"no\u{a0}me\": 1").replace("\"i\": 0", "\"i\": 0, \"no me\": 0");
    one(&name, "\"no\u{a0}me\"", "no<U+00A0>me");
    // Joiners belong to the writing of some languages, and to pictures.
    parse(&with_state("\"می\u{200c}خواهم\": 1, \"👩\u{200d}🌾\": 2")).model.unwrap();
}

#[test]
fn a_second_byte_order_mark_is_named() {
    let text = format!("\u{feff}\u{feff}{PLAIN}");
    assert_eq!(one(&text, "\u{feff}", "byte order mark").0, format!("\u{feff}{PLAIN}"));
}

#[test]
fn lines_may_end_with_a_carriage_return_alone() {
    let text = "// first\r{\"format\": \"planscope-goap/1\", // note\r \"state\": {\"a\": false}, \"actions\": [],\r\
                \"goals\": [{\"name\": \"g\", \"conditions\": {\"a\": true}}]} // end";
    assert_eq!(parse(text).model.unwrap().variables.len(), 1);
    let wrong = text.replace("\"a\": true", "\"b\": true");
    let found = &parse(&wrong).diagnostics[0];
    assert_eq!(planscope::diagnostic::LineIndex::new(&wrong).position(found.span.start).line, 4);
    let unclosed = parse("{\"a: 1,\r\"b\": 2}").diagnostics;
    assert!(
        unclosed.iter().any(|found| (found.code.as_str(), found.span.start) == ("GP004", 1)),
        "{unclosed:#?}"
    );
}

#[test]
fn comments_of_other_languages_are_named() {
    for sign in ["#", "##", ";", ";;", "--"] {
        let text = PLAIN.replace('\n', &format!("\n{sign} a note, \"say\n"));
        let text = if sign.starts_with(';') { text.replace("\"say", "say") } else { text };
        let found = parse(&text).diagnostics;
        assert!(found.iter().all(|finding| finding.code == "GP003"), "{text}\n{found:#?}");
        assert_eq!(found.len(), 2);
        mended(&text);
    }
    one(&PLAIN.replace("\n \"actions\"", " # why\n \"actions\""), "#", "// …");
    one(&PLAIN.replace("\"actions\"", "<!-- why\n not --> \"actions\""), "<!-- why\n not -->", "/* … */");
    one(&PLAIN.replace("\"actions\"", "\n; why\n\"actions\""), ";", "// …");
}

#[test]
fn a_bool_is_never_advised_to_be_quoted() {
    for (written, right) in
        [("flase", "false"), ("treu", "true"), ("yes", "true"), ("\"false\"", "false"), ("1", "true")]
    {
        let (text, _) =
            one(&with_precondition(&format!("\"b\": {written}")), written, &format!("did you mean {right}"));
        assert_eq!(text, with_precondition(&format!("\"b\": {right}")));
        one(&with_effect(&format!("\"b\": {written}")), written, &format!("did you mean {right}"));
    }
    one(&with_state("\"a\": flase"), "flase", "did you mean false");
    one(&with_precondition("\"e\": x"), "x", "without quotes");
    one(&with_precondition("\"i\": \"12\""), "\"12\"", "12");
    one(&with_precondition("\"i\": 2.0"), "2.0", "did you mean 2?");
}

#[test]
fn a_string_in_state_becomes_an_enum() {
    for written in ["\"camp\"", "camp"] {
        let (_, model) = one(&with_state(&format!("\"at\": {written}")), written, "which values there are");
        assert_eq!(model.variables[0].kind, Kind::Enum(vec!["camp".to_owned()]));
    }
}

#[test]
fn a_dollar_is_written_twice() {
    let price = r#""price": {"enum": ["$5", "$10"], "value": "$5"}"#;
    let text = |value: &str| {
        document(price, &format!(r#"{{"name": "raise", "effects": {{"price": "{value}"}}}}"#), "")
    };
    let (mended, model) = one(&text("$10"), "$10", "$$");
    assert_eq!(mended, text("$$10"));
    let effect = &model.actions[0].effects[0].value;
    assert_eq!(
        format!("{effect:?}"),
        format!("{:?}", planscope::lang::goap::model::Term::Literal(Value::Symbol("$10".into())))
    );
    let both = document(
        r#""p": {"enum": ["$a", "$b"], "value": "$a"}"#,
        r#"{"name": "set", "parameters": {"x": ["a", "b"]}, "effects": {"p": "$$$x"}}"#,
        "",
    );
    assert!(parse(&both).model.is_some(), "{:#?}", parse(&both).diagnostics);
    let named = with_action(r#"{"name": "t", "parameters": {"$to": "e"}, "effects": {"e": "$to"}}"#);
    one(&named, "\"$to\"", "without");
}

#[test]
fn goals_that_cannot_be_met_are_warned_about_where_they_stand() {
    let goal = |conditions: &str| {
        let state = r#""a": false, "x": 0, "e": {"enum": ["p", "q"], "value": "p"}"#;
        let actions = r#"{"name": "t", "effects": {"a": true, "x": {"+": 1}}},
            {"name": "q", "effects": {"e": "q"}}, {"name": "p", "effects": {"e": "p", "a": false}}"#;
        document(state, actions, &format!(r#"{{"name": "g", "conditions": {{{conditions}}}}}"#))
    };
    for (conditions, place, words) in [
        (r#""any": []"#, r#""any": []"#, "\"any\" of nothing is never true"),
        (r#""not": {}"#, r#""not": {}"#, "never true"),
        (r#""not": {"all": []}"#, r#""not": {"all": []}"#, "never true"),
        (r#""x": {">=": 5, "<=": 3}"#, r#""<=": 3"#, "`x ≥ 5` and `x ≤ 3`"),
        (r#""all": [{"e": "p"}, {"e": "q"}]"#, r#""e": "q""#, "`e = p` and `e = q`"),
        (r#""a": true, "not": {"a": true}"#, r#""a": true"#, "`a = true` and `not(a = true)`"),
        (r#""x": {"==": 1, "!=": 1}"#, r#""!=": 1"#, "`x = 1` and `x ≠ 1`"),
    ] {
        let text = goal(conditions);
        let parsed = parse(&text);
        check_manners(&text, &parsed);
        let found: Vec<_> = parsed.diagnostics.iter().filter(|finding| finding.code == "GP202").collect();
        assert_eq!(found.len(), 1, "{conditions}: {:#?}", parsed.diagnostics);
        assert_eq!(found[0].span.of(&text), place);
        assert!(found[0].message.contains(words), "{}", found[0].message);
    }
    let fine = parse(&goal(r#""x": {">=": 3, "<=": 5}, "any": [{"a": true}, {"a": false}]"#));
    assert!(fine.diagnostics.iter().all(|finding| finding.code != "GP202"), "{:#?}", fine.diagnostics);
}
