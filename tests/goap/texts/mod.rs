//! Shared by the tests of the GOAP format: documents from parts, and expectations marked in them.
#![allow(dead_code, reason = "each test file uses a part of this")]

pub mod random;

use planscope::diagnostic::{Diagnostic, Severity, Span};
use planscope::lang::goap::{Model, Parsed, parse};

/// A document with one harmless action and goal where none are given.
pub fn document(state: &str, actions: &str, goals: &str) -> String {
    let goals = if goals.is_empty() { r#"{"name": "g", "conditions": {}}"# } else { goals };
    format!(
        "{{\"format\": \"planscope-goap/1\", \"state\": {{{state}}},\n\"actions\": [{actions}],\n\"goals\": [{goals}]}}"
    )
}

/// A document with these variables.
pub fn with_state(state: &str) -> String {
    document(state, "", "")
}

/// A document with a few variables of every kind and this action.
pub fn with_action(action: &str) -> String {
    document(STATE, action, "")
}

/// A document with a few variables of every kind and an action with these preconditions.
pub fn with_precondition(preconditions: &str) -> String {
    with_action(&format!(r#"{{"name": "a", "preconditions": {{{preconditions}}}}}"#))
}

/// A document with a few variables of every kind and an action with these effects.
pub fn with_effect(effects: &str) -> String {
    with_action(&format!(r#"{{"name": "a", "effects": {{{effects}}}}}"#))
}

/// Variables of every kind.
pub const STATE: &str = r#""b": false, "i": 0, "f": 0.5, "r": {"int": [0, 9], "value": 3},
"q": {"float": [0, 1], "value": 0.5}, "e": {"enum": ["x", "y"], "value": "x"},
"e2": {"enum": ["y", "z"], "value": "y"}"#;

/// Parses and expects a model with neither errors nor warnings about the text.
pub fn model(text: &str) -> Model {
    let parsed = parse(text);
    let wrong: Vec<_> =
        parsed.diagnostics.iter().filter(|d| d.code.as_str() < "GP200" && d.code != "GP117").collect();
    assert!(wrong.is_empty(), "{text}\n{wrong:#?}");
    parsed.model.expect("a document without errors has a model")
}

/// Checks `marked`, in which each expected finding is marked as `«…»`: their codes in order of
/// place. Findings about reachability count only where one is expected. Every finding has help,
/// and every fix removes the finding that offers it.
pub fn check(marked: &str, codes: &[&str]) {
    let (text, spans) = unmark(marked);
    let parsed = parse(&text);
    let counted = |d: &&Diagnostic| {
        codes.contains(&d.code.as_str()) || (d.code.as_str() < "GP200" && d.severity != Severity::Note)
    };
    let found: Vec<_> = parsed.diagnostics.iter().filter(counted).collect();
    let found_codes: Vec<&str> = found.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(found_codes, codes, "{text}\n{found:#?}");
    for (diagnostic, span) in found.iter().zip(&spans) {
        assert_eq!(diagnostic.span, *span, "{:?} {text}\n{diagnostic:#?}", diagnostic.span.of(&text));
    }
    assert_eq!(spans.len(), codes.len(), "every expected finding is marked");
    check_manners(&text, &parsed);
}

/// What holds for the findings about any text.
pub fn check_manners(text: &str, parsed: &Parsed) {
    assert_eq!(parsed.model.is_none(), parsed.diagnostics.iter().any(Diagnostic::is_error), "{text}");
    for diagnostic in &parsed.diagnostics {
        let Diagnostic { message, help, span, .. } = diagnostic;
        assert!(help.as_ref().is_some_and(|help| !help.is_empty()), "no way out: {diagnostic:#?}");
        assert!(!message.ends_with('.') && !message.starts_with(char::is_uppercase), "{message}");
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{text}\n{diagnostic:#?}");
        // Where findings are cut off, a mended one makes room for another.
        let all_listed = parsed.diagnostics.iter().all(|d| d.code != "GP019");
        if let Some(fix) = diagnostic.fix.as_ref().filter(|_| all_listed) {
            let mended = apply(text, fix.span, &fix.replacement);
            let same = |d: &&Diagnostic| d.code == diagnostic.code && d.message == diagnostic.message;
            let before = parsed.diagnostics.iter().filter(same).count();
            let after = parse(&mended).diagnostics.iter().filter(same).count();
            assert!(after < before, "the fix changes nothing: {diagnostic:#?}\n{mended}");
        }
    }
}

/// `text` with the text at `span` replaced.
pub fn apply(text: &str, span: Span, replacement: &str) -> String {
    let mut out = text.to_owned();
    out.replace_range(span.start as usize..span.end as usize, replacement);
    out
}

fn unmark(marked: &str) -> (String, Vec<Span>) {
    let (mut text, mut spans, mut open) = (String::new(), Vec::new(), Vec::new());
    for c in marked.chars() {
        match c {
            '«' => open.push(text.len()),
            '»' => spans.push(Span::new(open.pop().expect("marks match"), text.len())),
            c => text.push(c),
        }
    }
    spans.sort_by_key(|span| span.start);
    (text, spans)
}
