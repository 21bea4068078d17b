//! Shared by the tests of PDDL texts: texts from parts, and expectations marked in them.
#![allow(dead_code, reason = "each test file uses a part of this")]

use planscope::diagnostic::{Diagnostic, Fix, Span};
use planscope::lang::pddl::{Model, Parsed, codes, parse};

/// What the domains below declare: two blocks' worlds in one.
pub const HEAD: &str = "(define (domain d)
  (:requirements :adl :derived-predicates :numeric-fluents)
  (:types block place - object red - block)
  (:constants k - block home - place)
  (:predicates (on ?x - block ?y - block) (clear ?x - block) (at ?x - block ?p - place) (done)
    (above ?x ?y - block))
  (:functions (total-cost) (weight ?x - block) (fuel))
";

/// An action that harms nobody.
pub const ACTION: &str = "  (:action lift :parameters (?x - block) :precondition (clear ?x)
    :effect (not (clear ?x)))
";

/// A domain with these sections behind the usual declarations.
pub fn domain(sections: &str) -> String {
    format!("{HEAD}{sections}\n)")
}

/// A domain with an action with this precondition, over `?x - block ?p - place`.
pub fn with_precondition(condition: &str) -> String {
    domain(&format!(
        "(:action go :parameters (?x - block ?p - place) :precondition {condition} :effect (done))"
    ))
}

/// A domain with an action with this effect, over `?x - block ?p - place`.
pub fn with_effect(effect: &str) -> String {
    domain(&format!("(:action go :parameters (?x - block ?p - place) :effect {effect})"))
}

/// A problem of the domain with these facts and this goal, over `a b - block r - red t - place`.
pub fn problem(init: &str, goal: &str) -> String {
    problem_with(&format!("(:init {init}) (:goal {goal})"))
}

/// A problem of the domain with these sections behind its objects.
pub fn problem_with(sections: &str) -> String {
    format!("(define (problem p) (:domain d) (:objects a b - block r - red t - place)\n  {sections})")
}

/// A problem without a fault.
pub fn plain() -> String {
    problem("(clear a)", "(done)")
}

/// The model of texts without any finding.
pub fn model(domain: &str, problem: &str) -> Model {
    let parsed = parse(domain, problem);
    assert!(parsed.diagnostics.is_empty(), "{domain}\n{problem}\n{:#?}", parsed.diagnostics);
    parsed.model.expect("texts without errors have a model")
}

/// Checks marked texts, in which each expected finding stands in `«…»`: their codes in order of place.
/// There must be no others. Every finding has the severity of its code, has help, and every fix removes
/// the finding that offers it.
pub fn check(domain: &str, problem: &str, expected: &[&str]) -> Parsed {
    let (domain, mut spans) = unmark(domain, 0);
    let (problem, more) = unmark(problem, domain.len() as u32 + 1);
    spans.extend(more);
    let parsed = parse(&domain, &problem);
    let found: Vec<_> = parsed.diagnostics.iter().map(|one| (one.code.as_str(), one.span)).collect();
    let mut wanted: Vec<_> = expected.iter().copied().zip(spans.iter().copied()).collect();
    wanted.sort_by_key(|(_, span)| span.start);
    assert_eq!(expected.len(), spans.len(), "as many marks as codes");
    assert_eq!(found, wanted, "{domain}\n{problem}\n{:#?}", parsed.diagnostics);
    check_manners(&domain, &problem, &parsed);
    parsed
}

/// Takes the marks out; spans count from `start` and are in the order in which they open.
pub fn unmark(marked: &str, start: u32) -> (String, Vec<Span>) {
    let (mut text, mut spans, mut open) = (String::new(), Vec::new(), Vec::new());
    for c in marked.chars() {
        let at = start + text.len() as u32;
        match c {
            '«' => {
                open.push(spans.len());
                spans.push(Span { start: at, end: at });
            }
            '»' => spans[open.pop().expect("a mark that opens")].end = at,
            _ => text.push(c),
        }
    }
    (text, spans)
}

/// What holds for every finding.
pub fn check_manners(domain: &str, problem: &str, parsed: &Parsed) {
    let has_errors = parsed.diagnostics.iter().any(Diagnostic::is_error);
    assert_eq!(parsed.model.is_none(), has_errors);
    for finding in &parsed.diagnostics {
        let code = codes::ALL.iter().find(|code| code.code == finding.code).expect("a known code");
        assert_eq!(code.severity, finding.severity, "{finding:#?}");
        assert!(finding.help.as_deref().is_some_and(|help| !help.is_empty()), "{finding:#?}");
        let end = (domain.len() + 1 + problem.len()) as u32;
        assert!(finding.span.start <= finding.span.end && finding.span.end <= end, "{finding:#?}");
        let first = finding.message.chars().next().expect("a message");
        assert!(!first.is_uppercase() && !finding.message.ends_with('.'), "{finding:#?}");
        if let Some(fix) = &finding.fix {
            let (domain, problem) = apply(domain, problem, fix);
            let after = parse(&domain, &problem);
            let same = |one: &&Diagnostic| one.code == finding.code && one.message == finding.message;
            let before = parsed.diagnostics.iter().filter(same).count();
            let left = after.diagnostics.iter().filter(same).count();
            assert!(left < before, "{domain}\n{problem}\n{finding:#?}\n{:#?}", after.diagnostics);
        }
    }
}

/// The texts after an edit.
pub fn apply(domain: &str, problem: &str, fix: &Fix) -> (String, String) {
    let (mut domain, mut problem) = (domain.to_owned(), problem.to_owned());
    let start = domain.len() as u32 + 1;
    let (text, start) = if fix.span.start < start { (&mut domain, 0) } else { (&mut problem, start) };
    text.replace_range((fix.span.start - start) as usize..(fix.span.end - start) as usize, &fix.replacement);
    (domain, problem)
}
