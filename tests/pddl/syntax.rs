//! PDDL texts: words, brackets, and every syntax error with its place.

use std::fmt::Write as _;

use crate::texts::{ACTION, check, domain, model, plain, problem, problem_with, with_precondition};
use planscope::diagnostic::Span;
use planscope::lang::pddl::model::DEPTH_MAX;
use planscope::lang::pddl::{MAX_FINDINGS, Parse, Verdict, codes, parse, parse_domain};
use planscope::step::{Budget, Progress, Stepper, run};

#[test]
fn letter_case_is_ignored_and_comments_are_passed_over() {
    let domain = domain(ACTION).to_uppercase() + " ; the end";
    let model = model(&domain.replace("CLEAR", "Clear ; why?\n"), &plain());
    assert_eq!(model.actions[0].name, "lift");
    assert_eq!(model.predicates[1].name, "clear");
}

#[test]
fn a_byte_order_mark_and_any_line_end_is_passed_over() {
    model(&format!("\u{feff}{}", domain(ACTION).replace('\n', "\r\n")), &plain().replace(' ', "\t"));
}

#[test]
fn a_question_mark_begins_a_word() {
    let model = model(&with_precondition("(and(at?x?p)(clear?x))"), &plain());
    assert_eq!(model.actions[0].parameters.len(), 2);
}

#[test]
fn names_may_have_letters_of_all_languages() {
    let domain = "(define (domain häuser) (:predicates (grün ?x)) (:action färben :parameters (?größe) :effect (grün ?größe)))";
    let problem = "(define (problem p) (:domain häuser) (:objects Tür) (:init) (:goal (grün Tür)))";
    assert_eq!(model(domain, problem).predicates[0].name, "grün");
}

#[test]
fn other_characters_are_shown() {
    let parsed = check(&with_precondition("(at ?x«\u{a0}»?p)"), &plain(), &["PD104"]);
    assert_eq!(parsed.diagnostics[0].message, "a no-break space (U+00A0) stands here");
    let parsed = check(&with_precondition("(at ?x«\u{200b}» ?p)"), &plain(), &["PD104"]);
    assert!(parsed.diagnostics[0].message.starts_with("a zero width space (U+200B) stands"), "{parsed:?}");
    let parsed = check(&with_precondition("«“»(clear ?x)«”»"), &plain(), &["PD104", "PD104"]);
    assert_eq!(parsed.diagnostics[0].message, "unexpected character `“`");
}

#[test]
fn a_bracket_that_is_never_closed_is_shown_where_it_opens() {
    check(&domain("(:action a\n  :effect «(»and (done) (not (done))\n)"), &plain(), &["PD105"]);
    check(
        &domain("(:action a\n  :parameters «(»?x - block\n  :precondition (clear ?x)\n  :effect (done))"),
        &plain(),
        &["PD105"],
    );
    check(
        &domain("«(»:action a\n  :parameters ()\n  :effect (done)\n(:action b :effect (done))"),
        &plain(),
        &["PD105"],
    );
    check("«(»define (domain d)", &plain(), &["PD105"]);
}

#[test]
fn what_belongs_elsewhere_tells_which_bracket_is_not_closed() {
    check(
        &domain(
            "(:action a :parameters (?x - block)\n :precondition «(»and (clear ?x) (done)\n :effect (done))",
        ),
        &plain(),
        &["PD105"],
    );
    check(&domain("(:action a :precondition (and «(»done (clear k)) :effect (done))"), &plain(), &["PD105"]);
    check(
        &domain("(:action a :precondition (and «(»not (done) (clear k)) :effect (done))"),
        &plain(),
        &["PD105"],
    );
    check(&domain(ACTION), &problem("(clear a) «(»clear b (on a b)", "(done)"), &["PD105"]);
    check(&domain(ACTION), &problem("(= «(»weight a 3) (clear b)", "(done)"), &["PD105"]);
}

#[test]
fn indentation_tells_which_bracket_is_not_closed() {
    check(
        &domain("(:action a\n  :parameters (?x - block)\n  :effect «(»and (done)\n    (not (clear ?x))\n)"),
        &plain(),
        &["PD105"],
    );
    check(
        &domain("(:action a\n  :effect (and\n    «(»forall (?x - block)\n      (clear ?x)\n    (done)))"),
        &plain(),
        &["PD105"],
    );
}

#[test]
fn sections_keep_their_findings_apart() {
    let text = domain(
        "(:action a\n  :effect «(»and (done)\n)\n(:action b :effect (done))«)»\n(:action c :effect («dome»))",
    );
    check(&text, &plain(), &["PD105", "PD106", "PD202"]);
}

#[test]
fn many_sections_left_open_do_not_count_as_nested() {
    let actions: String = (0..300).map(|one| format!("(:action a{one} :effect (done)\n")).collect();
    let parsed = parse(&domain(&actions), &plain());
    assert!(parsed.diagnostics.iter().take(50).all(|one| one.code == codes::UNCLOSED_BRACKET));
}

#[test]
fn a_closing_bracket_too_many_is_shown_itself() {
    check(&(domain(ACTION) + "«)»"), &plain(), &["PD106"]);
    check(&domain("(:action a :effect (done))«)»\n(:action b :effect (done))"), &plain(), &["PD106"]);
    check(
        &domain("(:action a\n :parameters (?x - block)«)»\n :precondition (clear ?x)\n :effect (done))"),
        &plain(),
        &["PD106"],
    );
    check(&domain(ACTION), &problem("(clear a)«)» (clear b)", "(done)"), &["PD106"]);
    check(&domain(ACTION), &problem("(clear a)", "(and (done)«)» (clear a))"), &["PD106"]);
    check("«)»", &plain(), &["PD106"]);
}

#[test]
fn an_opening_bracket_that_is_missing_is_shown_at_its_word() {
    check(&domain("«»:action a :effect (done))"), &plain(), &["PD107"]);
    let problem = "(define (problem p) (:domain d) (:init) (:goal ()))";
    check("«»define (domain d))", problem, &["PD107"]);
    check(&domain(ACTION), &problem_with("(:init)\n «»:goal (done))"), &["PD107"]);
}

#[test]
fn a_file_without_anything_says_so() {
    check("«»", &plain(), &["PD108"]);
    check("«» ; nothing\n", "«»", &["PD108", "PD108"]);
}

#[test]
fn a_text_that_is_something_else_says_so() {
    check("(«defin» (domain d))", &plain(), &["PD109"]);
    let parsed = check("«{»\"format\": \"planscope-goap/1\"}", &plain(), &["PD109"]);
    assert_eq!(parsed.diagnostics[0].message, "this is a GOAP document, not PDDL");
}

#[test]
fn swapped_files_are_named_as_that() {
    let parsed = check(
        "(define «(problem p)» (:domain d) (:goal ()))",
        "(define «(domain d)» (:predicates (p)))",
        &["PD110", "PD110"],
    );
    assert_eq!(parsed.diagnostics[0].message, "this is a problem where a domain is expected");
    let parsed = parse_domain("(define (problem p) (:domain d) (:goal ()))");
    assert_eq!(parsed.diagnostics[0].code, codes::OTHER_KIND);
}

#[test]
fn text_after_the_end_is_shown() {
    check(&(domain(ACTION) + "\n«more» (of it)"), &plain(), &["PD111"]);
    check(&(domain(ACTION) + "\n«(define» (problem p) (:goal ()))"), &plain(), &["PD111"]);
}

#[test]
fn nesting_has_a_limit_with_a_place() {
    let deep = |count: usize| "(not ".repeat(count) + "(done)" + &")".repeat(count);
    model(&domain(ACTION), &problem("", &deep(DEPTH_MAX - 3)));
    let at = problem("", "").find("(:goal").unwrap() + "(:goal ".len();
    for count in [DEPTH_MAX, 100_000] {
        let parsed = parse(&domain(ACTION), &problem("", &deep(count)));
        let start = domain(ACTION).len() + 1 + at + (DEPTH_MAX - 2) * "(not ".len();
        let found = &parsed.diagnostics[0];
        assert_eq!((found.code.as_str(), found.span), (codes::NESTED_TOO_DEEP, Span::new(start, start + 1)));
    }
    for text in ["(".repeat(100_000), ")".repeat(100_000), "(define ".repeat(100_000)] {
        let parsed = parse(&text, &text);
        assert!(!parsed.diagnostics.is_empty() && parsed.diagnostics.len() <= MAX_FINDINGS);
    }
}

#[test]
fn files_over_the_limit_are_not_read() {
    let long = format!("{}{}", domain(ACTION), " ".repeat(1000));
    let limit = 1000;
    let parsed = run(Parse::with_limit(long.as_str().into(), plain().into(), limit));
    assert_eq!(parsed.diagnostics[0].code, codes::FILE_TOO_LARGE);
    assert_eq!(parsed.diagnostics[0].span, Span::new(limit as usize, long.len()));
    assert!(run(Parse::with_limit(long.into(), plain().into(), 1 << 20)).model.is_some());
}

#[test]
fn findings_are_bounded() {
    let mut facts = String::new();
    (0..1000).for_each(|index| write!(facts, "(wrong{index} a) ").unwrap());
    let parsed = parse(&domain(ACTION), &problem(&facts, "(done)"));
    assert_eq!(parsed.diagnostics.len(), MAX_FINDINGS);
    let last = &parsed.diagnostics[MAX_FINDINGS - 1];
    assert_eq!(
        (last.code.as_str(), last.message.as_str()),
        (codes::MORE_FINDINGS, "901 more findings are not listed")
    );
}

#[test]
fn how_the_work_is_sliced_changes_nothing() {
    let texts = [
        (domain(ACTION), plain()),
        (domain("(:action a :effect (and (done)\n(:action b :effect (dome))"), problem("(clear x)", "(done")),
    ];
    for (domain, problem) in texts {
        let whole = parse(&domain, &problem);
        let mut parse = Parse::new(domain.into(), problem.into());
        let sliced = loop {
            if let Progress::Done(parsed) = parse.step(&mut Budget::units(1)) {
                break parsed;
            }
        };
        assert_eq!(format!("{:?}", whole.model), format!("{:?}", sliced.model));
        assert_eq!(whole.diagnostics, sliced.diagnostics);
    }
}

/// A domain in which every kind of list occurs.
fn rich() -> String {
    domain(
        "  (:derived (above ?x ?y - block)
    (or (on ?x ?y) (exists (?z - block) (and (on ?x ?z) (above ?z ?y)))))
  (:action move
    :parameters (?x ?y - block ?p - place)
    :precondition (and (clear ?x) (not (= ?x ?y))
      (forall (?z - (either red block)) (imply (on ?z ?y) (at ?z ?p)))
      (>= (weight ?x) (+ 1 (fuel))))
    :effect (and (on ?x ?y) (not (clear ?y))
      (forall (?z - block) (when (on ?x ?z) (and (clear ?z) (not (on ?x ?z)))))
      (increase (total-cost) (weight ?x)) (decrease (fuel) 1)))
  (:action lift :parameters (?x - block) :precondition (clear ?x)
    :effect (not (clear ?x)))",
    )
}

fn rich_problem() -> String {
    problem_with(
        "(:init (clear a) (on a b) (at r t)\n    (= (weight a) 3) (= (fuel) 9))\n  (:goal (and (done) (not (clear a))))\n  (:metric minimize (total-cost))",
    )
}

#[test]
fn every_prefix_has_a_finding_and_a_place() {
    let (domain, problem) = (rich(), rich_problem());
    model(&domain, &problem);
    for end in 0..domain.len() {
        let parsed = parse(&domain[..end], &problem);
        let found = parsed.diagnostics.iter().find(|one| one.is_error());
        assert!(found.is_some_and(|one| one.span.start as usize <= end), "{}", &domain[..end]);
    }
    for end in 0..problem.len() {
        let parsed = parse(&domain, &problem[..end]);
        assert_eq!(parsed.verdict(), Verdict::Errors, "{}", &problem[..end]);
        let start = domain.len() as u32 + 1;
        let all = parsed.diagnostics.iter().filter(|one| one.is_error());
        assert!(all.clone().all(|one| one.span.start >= start), "{}\n{all:#?}", &problem[..end]);
    }
}

/// Byte ranges of the sections of a text.
fn sections(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut starts: Vec<usize> = text.match_indices("(:").map(|(at, _)| at).collect();
    starts.insert(0, 0);
    let ends = starts.iter().skip(1).copied().chain([text.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|(start, end)| start..end).collect()
}

#[test]
fn each_bracket_that_is_taken_away_is_missed_in_its_section() {
    let (domain, problem) = (rich(), rich_problem());
    let (mut exact, mut all) = (0, 0);
    let mut open = Vec::new();
    let mut partner = vec![0; domain.len()];
    for (at, byte) in domain.bytes().enumerate() {
        match byte {
            b'(' => open.push(at),
            b')' => partner[at] = open.pop().unwrap(),
            _ => {}
        }
    }
    for (at, _) in domain.match_indices(['(', ')']) {
        let mut text = domain.clone();
        text.remove(at);
        let parsed = parse(&text, &problem);
        let codes = [codes::UNCLOSED_BRACKET, codes::EXTRA_BRACKET, codes::MISSING_BRACKET];
        let mut found = parsed.diagnostics.iter().filter(|one| codes.contains(&one.code.as_str()));
        let Some(first) = found.next() else { panic!("no finding without the bracket at {at}:\n{text}") };
        assert!(found.next().is_none(), "more than one finding at {at}:\n{text}\n{:#?}", parsed.diagnostics);
        let place = first.span.start as usize + usize::from(first.span.start as usize >= at);
        let section = sections(&domain).into_iter().find(|section| section.contains(&at)).unwrap();
        let is_last = section.end == domain.len();
        let is_near = section.contains(&place) || (is_last && place == 0);
        assert!(is_near, "{at} is missed at {place}:\n{text}\n{first:#?}");
        if domain.as_bytes()[at] == b')' {
            // Of brackets that close behind each other, any may be the one that is missing.
            let is_between = |from: usize, to: usize| {
                domain[from.min(to)..from.max(to)].chars().all(|c| c == ')' || c.is_whitespace())
            };
            all += 1;
            exact +=
                usize::from((0..domain.len()).any(|other| partner[other] == place && is_between(at, other)));
        }
    }
    assert_eq!(exact, all, "places that may be meant, of all");
}
