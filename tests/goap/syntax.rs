//! The text of GOAP documents: comments, trailing commas, and every syntax error with its place.

use crate::texts::{check, check_manners, model, with_state};
use planscope::lang::goap::syntax::{MAX_BYTES, MAX_NESTING};
use planscope::lang::goap::{codes, parse};

#[test]
fn comments_and_trailing_commas_are_allowed() {
    let text = "// first\n{ /* a */ \"format\": \"planscope-goap/1\", \"state\": {\"a\": 1, /* ** / */ },\n\
                \"actions\": [], \"goals\": [ { \"name\": \"g\", \"conditions\": { }, }, ], } // last";
    assert_eq!(model(text).variables.len(), 1);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "time is what is tested")]
fn many_wrong_names_are_found_as_quickly_as_few() {
    let state: Vec<_> = (0..9000).map(|i| format!("\"variable_number_{i}\": 0")).collect();
    let action = |i| format!("{{\"name\": \"a{i}\", \"preconditions\": {{\"varable_nmber_{i}\": 1}}}}");
    let actions: Vec<_> = (0..9000).map(action).collect();
    let text = crate::texts::document(&state.join(","), &actions.join(","), "");
    let start = std::time::Instant::now();
    let parsed = parse(&text);
    // A comparison of every wrong name with every variable takes many minutes in a build that is not optimised;
    // this takes a second or two there, and several on a busy machine.
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
    let (last, kept) = parsed.diagnostics.split_last().unwrap();
    assert_eq!((kept.len(), last.code.as_str()), (200, "GP019"));
    assert!(last.message.starts_with("8800 more"), "{}", last.message);
    assert_eq!(kept[0].fix.as_ref().unwrap().replacement, "\"variable_number_0\"");
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    model(&format!("\u{feff}{}", with_state("\"a\": 1")));
}

#[test]
fn strings_are_decoded() {
    let model = model(&with_state(r#""tab\t\"\\\/\u00e4\ud83d\ude00": 1"#));
    assert_eq!(model.variables[0].name, "tab\t\"\\/ä😀");
}

#[test]
fn a_missing_comma_is_found_between_members_and_elements() {
    check(&with_state("\"a\": 1 «\"b\"»: 2 «\"c\"»: 3"), &["GP010", "GP010"]);
    check(&with_state("\"a\": {\"int\": [0 «9»], \"value\": 1}"), &["GP010"]);
    check(&with_state("\"a\": {\"int\": [0, 9] // why\n «\"value\"»: 1}"), &["GP010"]);
}

#[test]
fn a_missing_colon_is_found() {
    check(&with_state("\"a\" «1», \"b\" «{»\"int\": [0, 1], \"value\": 0}"), &["GP011", "GP011"]);
    check(&with_state("\"a\" «=» 1"), &["GP003"]);
    check(&with_state("\"a\": 1«;» \"b\": 2"), &["GP003"]);
}

#[test]
fn a_missing_value_or_key_is_found() {
    check(&with_state("\"a\": «,» \"b\": 1"), &["GP012"]);
    check(&with_state("«\"a\"», \"b\": 1"), &["GP012"]);
    check(&with_state("\"b\": 1, «\"a\"»"), &["GP012"]);
    check(&with_state("\"b\": 1, ««'ä'»»"), &["GP013", "GP012"]);
    check(&with_state("«:» 1"), &["GP012"]);
    check(&with_state("\"a\": 1, «{»\"b\": 1}"), &["GP012"]);
}

#[test]
fn a_bracket_that_is_never_closed_is_shown_where_it_opens() {
    check("«{»\"format\": \"planscope-goap/1\"", &["GP008"]);
    check("{\"state\": «[»1, 2}", &["GP008"]);
    check("{\"a\": {\"b\": [«{»\"c\": 1], \"d\": 2}}", &["GP008"]);
    check("«{»\n  \"a\": «[»\n    «{»", &["GP008", "GP008", "GP008"]);
}

#[test]
fn indentation_tells_which_bracket_is_not_closed() {
    check("{\n  \"state\": «{»\n    \"a\": 1,\n  \"actions\": [\n  ],\n  \"goals\": [\n  ]\n}\n", &["GP008"]);
}

#[test]
fn a_closing_bracket_of_the_wrong_kind_is_changed_or_removed() {
    check(&with_state("\"a\": {\"int\": [0, 9«}», \"value\": 1}"), &["GP009"]);
    check(&with_state("\"a\": {\"int\": [0, 9], \"value\": 1«]», \"b\": 2"), &["GP009"]);
}

#[test]
fn a_closing_bracket_too_many_is_removed() {
    let text = with_state("\"a\": {\"int\": [0, 9]«]», \"value\": 1}");
    check(&text, &["GP009"]);
}

#[test]
fn text_after_the_document_is_reported_once() {
    check(&format!("{} «}}» ] 1", with_state("")), &["GP016"]);
}

#[test]
fn a_string_that_does_not_end_is_closed_before_the_punctuation() {
    check(&with_state("\"a\": {\"enum\": [\"x\", «\"y»],\n \"value\": «\"x»\n}"), &["GP004", "GP004"]);
}

#[test]
fn other_quotes_and_missing_quotes_are_found() {
    check(&with_state("«'a'»: 1, «“b”»: 2, «c»: 3, «4»: 4"), &["GP013"; 4]);
    check(&with_state("\"a\": {\"enum\": [\"x\"], \"value\": «x»}"), &["GP013"]);
}

#[test]
fn wrong_escapes_are_found_each() {
    check(&with_state(r#""a«\x»«\u12»": 1, "b«\ud800»": 2"#), &["GP005"; 3]);
}

#[test]
fn raw_control_characters_are_found() {
    check(&with_state("\"a«\t»b\": 1"), &["GP018"]);
}

#[test]
fn numbers_are_written_as_in_json() {
    let text =
        "\"a\": «01», \"b\": «.5», \"c\": «5.», \"d\": «+1», \"e\": «0x1F», \"f\": «1_000», \"g\": «1e»";
    check(&with_state(text), &["GP006"; 7]);
    check(&with_state("\"a\": «NaN», \"b\": «-Infinity», \"c\": «--1»"), &["GP006"; 3]);
}

#[test]
fn literals_of_other_languages_are_found() {
    check(&with_state("\"a\": «True», \"b\": «FALSE», \"c\": «None», \"d\": «undefined»"), &["GP014"; 4]);
}

#[test]
fn stray_commas_colons_and_characters_are_found() {
    check(&with_state("«,» \"a\": 1, «,» \"b\": «:» 2"), &["GP015"; 3]);
    check(&with_state("\"a\": 1 «@#»"), &["GP003"]);
}

#[test]
fn a_comment_that_does_not_end_is_shown_where_it_begins() {
    check(&format!("{} «/*» no end", with_state("")), &["GP007"]);
}

#[test]
fn an_empty_document_is_an_error() {
    check("«»", &["GP017"]);
    check(" // nothing\n«»", &["GP017"]);
}

#[test]
fn several_syntax_errors_and_what_stands_between_them_are_reported_at_once() {
    let state = "\"a\": «True», \"b\" «1», \"c\": {\"enum\": [\"x\"], \"value\": «\"y\"»}, «d»: 2";
    check(&with_state(state), &["GP014", "GP011", "GP106", "GP013"]);
}

fn nested(depth: usize) -> String {
    // The document, the goals, the goal and the innermost conditions are four levels.
    let inner = depth - 4;
    let conditions = format!("{}{{}}{}", "{\"not\": ".repeat(inner), "}".repeat(inner));
    format!(
        "{{\"format\": \"planscope-goap/1\", \"state\": {{}}, \"actions\": [], \
         \"goals\": [{{\"name\": \"g\", \"conditions\": {conditions}}}]}}"
    )
}

#[test]
fn nesting_is_allowed_up_to_its_limit() {
    let parsed = parse(&nested(MAX_NESTING));
    assert!(parsed.model.is_some(), "{:?}", parsed.diagnostics);
    let parsed = parse(&nested(MAX_NESTING + 1));
    let found: Vec<_> = parsed.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(found, [codes::NESTED_TOO_DEEP]);
    let at = parsed.diagnostics[0].span;
    assert_eq!(at.of(&nested(MAX_NESTING + 1)), "{");
}

#[test]
fn a_hundred_thousand_brackets_do_no_harm() {
    for bracket in ["[", "{", "{\"a\":", "[[]", "]", "}"] {
        let text = bracket.repeat(100_000);
        let parsed = parse(&text);
        assert!(parsed.model.is_none());
        assert!(parsed.diagnostics.len() <= 401);
    }
}

#[test]
fn a_document_over_a_mebibyte_is_an_error_and_one_of_it_is_not() {
    let text = with_state("\"a\": 1");
    let full = format!("{text}{}", " ".repeat(MAX_BYTES - text.len()));
    assert!(parse(&full).model.is_some());
    let parsed = parse(&format!("{full} "));
    assert_eq!(parsed.diagnostics[0].code, codes::FILE_TOO_LARGE);
    assert_eq!(parsed.diagnostics[0].span.start as usize, MAX_BYTES);
    check_manners(&format!("{full} "), &parsed);
    let wide = "ä".repeat(MAX_BYTES);
    check_manners(&wide, &parse(&wide));
}

#[test]
fn long_texts_of_any_kind_are_read_in_linear_time() {
    let quote = "\"".repeat(MAX_BYTES);
    let comment = "/*".repeat(MAX_BYTES / 2);
    let line = format!("[{}]", "\"a\",".repeat(200_000));
    let keys = format!("{{{}}}", "\"a\":1,".repeat(150_000));
    for text in [quote, comment, line, keys, "'".repeat(MAX_BYTES), "/".repeat(MAX_BYTES)] {
        assert!(parse(&text).model.is_none());
    }
}

#[test]
fn more_findings_than_anybody_reads_are_counted() {
    let parsed = parse(&with_state(&",".repeat(1000)));
    let last = parsed.diagnostics.last().unwrap();
    assert_eq!(last.code, codes::MORE_FINDINGS);
    assert!(last.message.starts_with("800 more"), "{}", last.message);
}
