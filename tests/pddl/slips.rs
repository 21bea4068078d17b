//! One slip of the pen in texts of some fifty lines is one finding, at the slip, whose edit mends it.

use crate::texts::{apply, check_manners, model, unmark};
use planscope::diagnostic::Diagnostic;
use planscope::lang::pddl::parse;

const DOMAIN: &str = "(define (domain depot)
  (:requirements :strips :typing :negative-preconditions :equality :adl :numeric-fluents :derived-predicates)
  (:types
    place vehicle box - object
    truck drone - vehicle)
  (:constants home - place)
  (:predicates
    (at ?v - vehicle ?p - place)
    (in ?b - box ?v - vehicle)
    (lies ?b - box ?p - place)
    (road ?from ?to - place)
    (open ?p - place)
    (busy ?v - vehicle)
    (reached ?p - place))
  (:functions
    (total-cost)
    (fuel ?v - vehicle)
    (weight ?b - box))

  (:derived (reached ?p - place)
    (exists (?v - vehicle) (at ?v ?p)))

  (:action drive
    :parameters (?t - truck ?from ?to - place)
    :precondition (and
      (at ?t ?from)
      (road ?from ?to)
      (not (= ?from ?to))
      (>= (fuel ?t) 1))
    :effect (and
      (not (at ?t ?from))
      (at ?t ?to)
      (decrease (fuel ?t) 1)
      (increase (total-cost) 2)))

  (:action load
    :parameters (?b - box ?v - vehicle ?p - place)
    :precondition (and
      (lies ?b ?p)
      (at ?v ?p)
      (imply (busy ?v) (open ?p))
      (forall (?other - box)
        (or (= ?other ?b) (not (in ?other ?v)))))
    :effect (and
      (not (lies ?b ?p))
      (in ?b ?v)
      (when (open ?p)
        (busy ?v)))))
";

const PROBLEM: &str = "(define (problem one)
  (:domain depot)
  (:objects
    t1 t2 - truck
    d1 - drone
    b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 - box
    north south - place)
  (:init
    (at t1 home) (at t2 north) (at d1 south)
    (lies b0 home) (lies b1 home) (lies b2 home) (lies b3 north) (lies b4 north)
    (lies b5 north) (lies b6 south) (lies b7 south) (lies b8 south) (lies b9 south)
    (road home north) (road north home) (road north south) (road south north)
    (open home)
    (= (fuel t1) 5) (= (fuel t2) 5) (= (fuel d1) 1)
    (= (weight b0) 1.5)
    (= (total-cost) 0))
  (:goal (and
    (in b0 t1)
    (in b3 t2)
    (reached south)))
  (:metric minimize (total-cost)))
";

/// What is written in place of what; the finding stands at the marks.
type Slip = (&'static str, &'static str);

/// Slips whose findings come with the edit that mends them.
const MENDED: &[Slip] = &[
    // Characters.
    ("t1 t2 - truck", "t1«,» t2 - truck"),
    ("b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 - box", "b0«,» b1, b2, b3, b4, b5, b6, b7, b8, b9 - box"),
    ("t1 t2 - truck", "t1«,»t2 - truck"),
    ("(and\n    (in b0 t1)\n    (in b3 t2)", "(and\n    (in b0 t1)«,»\n    (in b3 t2),"),
    ("b8 b9 - box", "b8 b9 «–» box"),
    ("b8 b9 - box", "b8 b9 «—» box"),
    ("(decrease (fuel ?t) 1)", "(increase (fuel ?t) «−»1)"),
    ("(:action drive", "(:action «\"»drive\""),
    ("(:action drive", "(:action «“»drive”"),
    ("(:action drive", "(:action drive«:»"),
    ("(:action drive", "(:action drive«[»1]"),
    ("(weight b0) 1.5", "(weight b0) 1«,»5"),
    ("?p - place)\n    :precondition (and\n      (lies", "?p«:» place)\n    :precondition (and\n      (lies"),
    ("(?v - vehicle) (at", "(?v «:» vehicle) (at"),
    ("(open home)", "«[»open home]"),
    ("(open home)", "«{»open home}"),
    ("(open home)", "(open«\u{a0}»home)"),
    ("(open home)", "(open ho«\u{200b}»me)"),
    // Hyphens of types.
    ("b8 b9 - box", "b8 b9 «-box»"),
    ("b8 b9 - box", "b8 «b9-» box"),
    ("?b - box ?v - vehicle ?p", "?b «-box» ?v - vehicle ?p"),
    ("truck drone - vehicle", "truck drone «-vehicle»"),
    ("?b - box ?v - vehicle ?p", "«?b-box» ?v - vehicle ?p"),
    ("d1 - drone", "«d1-drone»"),
    ("(lies ?b ?p)\n      (at", "(lies ?b «- box» ?p)\n      (at"),
    // Brackets.
    ("(at ?t ?from)\n      (road", "«(»at ?t ?from\n      (road"),
    ("(road ?from ?to)\n      (not", "(road ?from ?to)«)»\n      (not"),
    ("(:action load", "«»:action load"),
    // Names.
    ("- truck ?from", "- «truk» ?from"),
    ("(busy ?v)))))", "(«bussy» ?v)))))"),
    ("(>= (fuel ?t) 1)", "(>= («fule» ?t) 1)"),
    ("(at t2 north)", "(at t2 «nroth»)"),
    ("(at ?t ?to)", "(at ?t «?too»)"),
    ("(at ?t ?to)", "(at ?t «to»)"),
    ("truck drone - vehicle", "«trukc» drone - vehicle"),
    ("(lies ?b - box ?p - place)\n", "(«leis» ?b - box ?p - place)\n"),
    ("(fuel ?v - vehicle)", "(«feul» ?v - vehicle)"),
    ("(road ?from ?to - place)", "(road ?from «to» - place)"),
    // Sections and keys.
    ("(:predicates", "(«:predicate»"),
    ("(:predicates", "(«predicates»"),
    ("(:objects", "(«objects»"),
    ("(:action load", "(«action» load"),
    (":precondition (and\n      (lies", "«:preconditions» (and\n      (lies"),
    (":parameters (?b", "«:parameter» (?b"),
    (":parameters (?b", "«parameters» (?b"),
    (":parameters (?b", "«(»?b"),
    (":typing", "«:typping»"),
    ("(:domain depot)", "(:domain «depots»)"),
    // Words of other languages.
    ("(not (= ?from ?to))", "(«!=» ?from ?to)"),
    ("(not (= ?from ?to))", "(«!» (= ?from ?to))"),
    ("(not (= ?from ?to))", "«!»(= ?from ?to)"),
    ("(not (= ?from ?to))", "«not» (= ?from ?to)"),
    ("(or (= ?other ?b) (not", "(«||» (= ?other ?b) (not"),
    ("(or (= ?other ?b) (not", "(or («==» ?other ?b) (not"),
    ("(imply (busy", "(«implies» (busy"),
    ("(imply (busy", "(«if» (busy"),
    ("(imply (busy", "(«=>» (busy"),
    ("(imply (busy", "«(»when (busy"),
    ("(>= (fuel ?t) 1)", "(«≥» (fuel ?t) 1)"),
    ("(>= (fuel ?t) 1)", "(«=>» (fuel ?t) 1)"),
    ("(>= (fuel ?t) 1)", "«(»(fuel ?t) >= 1)"),
    ("(imply (busy ?v) (open ?p))", "«(»(busy ?v) or (open ?p))"),
    ("(when (open ?p)", "(«if» (open ?p)"),
    ("(when (open ?p)", "«(»imply (open ?p)"),
    ("(decrease (fuel ?t) 1)", "(«-=» (fuel ?t) 1)"),
    ("(forall (?other", "(«for-all» (?other"),
    ("(forall (?other", "(«all» (?other"),
];

/// Slips whose way out is not one edit.
const TOLD: &[Slip] = &[
    ("b6 b7 b8 b9 - box", "b6 b8 b9 - box"),
    ("place vehicle box - object", "place vehicle - object"),
    ("    (open ?p - place)\n", ""),
    ("    (fuel ?v - vehicle)\n", ""),
    ("north south - place", "north south - box"),
];

fn slipped((from, to): Slip) -> (String, String) {
    let count = DOMAIN.matches(from).count() + PROBLEM.matches(from).count();
    assert_eq!(count, 1, "{from} stands once");
    (DOMAIN.replace(from, to), PROBLEM.replace(from, to))
}

#[test]
fn texts_without_a_slip_have_no_finding() {
    model(DOMAIN, PROBLEM);
}

#[test]
fn one_slip_is_one_finding_that_its_edit_mends() {
    let mut wrong = Vec::new();
    for &slip in MENDED {
        let (domain, problem) = slipped(slip);
        let (domain, mut spans) = unmark(&domain, 0);
        let (problem, more) = unmark(&problem, domain.len() as u32 + 1);
        spans.extend(more);
        let parsed = parse(&domain, &problem);
        check_manners(&domain, &problem, &parsed);
        let found: Vec<_> = parsed.diagnostics.iter().map(|one| one.span).collect();
        let fix = parsed.diagnostics.first().and_then(|one| one.fix.as_ref());
        let left = fix.map(|fix| {
            let (domain, problem) = apply(&domain, &problem, fix);
            parse(&domain, &problem).diagnostics
        });
        let is_mended = left.as_ref().is_some_and(|left| !left.iter().any(Diagnostic::is_error));
        if found != spans || !is_mended {
            let texts: Vec<_> =
                parsed.diagnostics.iter().map(|one| (&one.code, &one.message, one.span, &one.fix)).collect();
            wrong.push(format!("{slip:?} wanted {spans:?}\n  found {texts:#?}\n  left {left:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{} slips:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_declared_nowhere_is_told_once() {
    let mut wrong = Vec::new();
    for &slip in TOLD {
        let (domain, problem) = slipped(slip);
        let parsed = parse(&domain, &problem);
        if parsed.diagnostics.len() != 1 {
            wrong.push(format!("{slip:?}\n{:#?}", parsed.diagnostics));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_stands_where_an_atom_belongs_is_called_what_it_is() {
    let cases = [
        (
            "(:derived (reached ?p - place)",
            "(:derived «(»and (open home) (open home))",
            "as the head of a rule",
        ),
        ("(:derived (reached ?p - place)", "(:derived «(»not (open home))", "as the head of a rule"),
        (
            "(not (lies ?b ?p))\n      (in",
            "(not «(»and (lies ?b ?p) (open ?p)))\n      (in",
            "the `not` of an effect",
        ),
        ("(busy ?v)))))", "«(»or (busy ?v) (open ?p))))))", "in an effect"),
        ("(imply (busy", "(«xor» (busy", "`xor` is no word of PDDL"),
        ("(imply (busy", "(«nor» (busy", "`nor` is no word of PDDL"),
        ("(at ?v ?p)\n      (imply", "(«box» ?b)\n      (imply", "`box` is a type, not a predicate"),
        ("(at ?v ?p)\n      (imply", "(«fuel» ?v)\n      (imply", "`fuel` is a function, not a predicate"),
        ("(at ?v ?p)\n      (imply", "(«drive» ?v)\n      (imply", "`drive` is an action, not a predicate"),
        ("(at ?v ?p)\n      (imply", "(«?v» ?p)\n      (imply", "the variable `?v` stands where"),
        ("(at ?v ?p)\n      (imply", "«(»increase (fuel ?v) 1)\n      (imply", "in a condition"),
        ("(>= (fuel ?t) 1)", "(>= («busy» ?t) 1)", "`busy` is a predicate, not a function"),
        ("(open home)\n", "«(»> (fuel t1) 2)\n", "in the initial state"),
        ("(open home)\n", "(open «place»)\n", "`place` is a type, not an object"),
    ];
    for (from, to, message) in cases {
        let (domain, problem) = slipped((from, to));
        let (domain, mut spans) = unmark(&domain, 0);
        let (problem, more) = unmark(&problem, domain.len() as u32 + 1);
        spans.extend(more);
        let parsed = parse(&domain, &problem);
        let first = parsed.diagnostics.iter().find(|one| one.is_error()).expect("a finding");
        assert!(first.message.contains(message) && first.span == spans[0], "{to}: {:#?}", parsed.diagnostics);
        let help = first.help.as_deref().unwrap_or_default();
        assert!(!help.starts_with("did you mean"), "{to}: {help}");
    }
}

#[test]
fn a_type_among_the_facts_is_answered_with_where_objects_are_declared() {
    let (domain, problem) = slipped(("(open home)\n", "(place home)\n"));
    let parsed = parse(&domain, &problem);
    let first = parsed.diagnostics.iter().find(|one| one.is_error()).expect("a finding");
    assert_eq!(first.message, "`place` is a type, not a predicate");
    assert!(first.help.as_deref().is_some_and(|help| help.contains("`:objects`")), "{first:?}");
}

#[test]
fn quotes_and_brackets_of_names_are_found_at_themselves_wherever_they_stand() {
    let domain = "(define (domain d) (:predicates (p ?x)) (:action «\"»a\" :parameters (?x) :effect (p ?x)))";
    let problem = "(define (problem q) (:domain d) (:objects k «“»l” m«[»1] n) (:init)
      (:goal (and (p k) (p «'»l') (p m«[»1]))))";
    let parsed = crate::texts::check(domain, problem, &["PD104"; 5]);
    assert!(parsed.diagnostics.iter().all(|one| one.fix.is_some()));
}
