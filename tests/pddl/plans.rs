//! Plan files for PDDL: how they are written, letter case, times, and steps that happen together.

use planscope::lang::pddl::{Model, parse};
use planscope::lang::plan::{PlanFile, pddl_step, read, read_pddl};
use planscope::step::{Budget, Progress, Stepper};
use planscope::validate::pddl::{Replaying, replay, replay_timed};
use planscope::validate::{Reason, Violation};

const DOMAIN: &str = "(define (domain walk)
  (:requirements :adl :derived-predicates :numeric-fluents)
  (:types room)
  (:predicates (at ?r - room) (next ?a ?b - room) (lit) (dusty ?r - room) (clean))
  (:functions (total-cost) (steps) (dust))
  (:derived (clean) (forall (?r - room) (not (dusty ?r))))
  (:action go :parameters (?a ?b - room) :precondition (and (at ?a) (next ?a ?b))
    :effect (and (not (at ?a)) (at ?b) (increase (total-cost) 2)))
  (:action light :effect (and (lit) (increase (total-cost) 1)))
  (:action count :effect (increase (steps) 1))
  (:action double :effect (scale-up (steps) 2))
  (:action read :precondition (>= (steps) 0) :effect (lit))
  (:action dirty :parameters (?r - room) :effect (and (dusty ?r) (not (lit))))
  (:action sweep :parameters (?r - room) :effect (and (not (dusty ?r)) (decrease (dust) 1)))
  (:action look :precondition (clean) :effect (lit))
  (:action all-dusty :precondition (forall (?r - room) (dusty ?r)) :effect (lit)))";

fn walk(goal: &str) -> Model {
    let problem = format!(
        "(define (problem q) (:domain walk) (:objects a b c - room)
          (:init (at a) (next a b) (next b c) (= (total-cost) 0) (= (steps) 3) (= (dust) 9))
          (:goal {goal}) (:metric minimize (total-cost)))"
    );
    let parsed = parse(DOMAIN, &problem);
    assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
    parsed.model.expect("texts without errors have a model")
}

fn plan(text: &str) -> PlanFile {
    let file = read_pddl(text);
    assert!(file.diagnostics.is_empty(), "{text}\n{:#?}", file.diagnostics);
    file
}

fn steps(text: &str) -> Vec<String> {
    plan(text).steps.iter().map(pddl_step).collect()
}

fn judge(goal: &str, text: &str) -> Result<f64, Violation> {
    let file = plan(text);
    replay_timed(&walk(goal), &file.steps, &file.times).map(|replay| replay.total)
}

/// The two steps that interfere, and over what.
fn clash(text: &str) -> (usize, usize, String) {
    let violation = judge("()", text).expect_err("the steps interfere");
    match violation.reason {
        Reason::Interferes { other, what, .. } => (other, violation.step, what),
        reason => panic!("{text}: {reason}"),
    }
}

const WALK: [&str; 3] = ["(go a b)", "(go b c)", "(light)"];

#[test]
fn steps_may_share_lines_and_span_lines() {
    let texts = [
        "(go a b)\n(go b c)\n(light)\n",
        "(go a b) (go b c) (light)",
        "(go a b)(go b c)(light)",
        "(go a\n    b)\n(go\n b c)\n(light\n)\n",
        "\u{feff}\u{feff}(go a b)\r\n(go b c)\r\n(light)\r\n",
        "(go a b)\r(go b c)\r(light)",
        "; a walk\n(GO A B) ; first\n(go b ; the middle\n c) (light)\n; cost = 5 (general cost)",
        "0.0: (go a b) [1.0]\n1.0: (go b c) [1.000]\n2.0: (light) [1]",
        "0.000: (go a b)[1]\n1e0 : (go b c)\n2: (light)",
        "0: GO A B\n1: GO B C\n2: LIGHT",
        "step    0: GO A B\n        1: GO B C\n        2: LIGHT\n",
        "1. (go a b)\n2. (go b c)\n3. (light)",
        "0.5:\n(go a b)\n1.5: (go b c) [D:1.00; C:1.00]\n2.5: (light)",
    ];
    for text in texts {
        assert_eq!(steps(text), WALK, "{text}");
        assert_eq!(judge("(and (at c) (lit))", text), Ok(5.0), "{text}");
    }
    assert_eq!(plan(texts[6]).cost, Some(5.0));
}

#[test]
fn what_is_no_step_has_a_place() {
    let texts = [
        ("«go a b»", "PL001"),
        ("(go a b)\n«walk»\n(light)", "PL001"),
        ("«(»go a b\n(light)", "PL001"),
        ("«(»go a b", "PL001"),
        ("«()»", "PL001"),
        ("«(go a b) [1»", "PL001"),
        ("«(go \"a\" b)»", "PL001"),
        ("«)»", "PL001"),
        ("(go a«,» b)", "PL001"),
        ("(go a«,»b)\n(light)", "PL001"),
        ("0: (go a b)\n«(light)»", "PL003"),
    ];
    for (marked, code) in texts {
        let (start, end) = (marked.find('«').unwrap(), marked.find('»').unwrap() - '«'.len_utf8());
        let text = marked.replace(['«', '»'], "");
        let file = read_pddl(&text);
        let found: Vec<_> = file.diagnostics.iter().map(|one| (one.code.as_str(), one.span)).collect();
        assert_eq!(found, [(code, planscope::diagnostic::Span::new(start, end))], "{text}");
    }
    let file = read_pddl("(go a b\n(light)");
    let fix = file.diagnostics[0].fix.clone().expect("an edit");
    let mut text = "(go a b\n(light)".to_owned();
    text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
    assert_eq!(steps(&text), ["(go a b)", "(light)"]);
}

#[test]
fn a_plan_of_goap_may_begin_with_a_byte_order_mark() {
    assert_eq!(read("\u{feff}(go shop)\n").steps.len(), 1);
}

#[test]
fn times_order_the_steps() {
    let text = "2.0: (light) [1]\n1.0: (go b c) [1]\n0.0: (go a b) [1]";
    assert_eq!(steps(text), WALK);
    assert_eq!(judge("(and (at c) (lit))", text), Ok(5.0));
    let reversed =
        judge("(at c)", "2.0: (go a b)\n1.0: (go b c)\n0.0: (light)").expect_err("the wrong way round");
    assert_eq!((reversed.step, reversed.action.as_str()), (1, "(go b c)"));
    // The violation names the step by its place in time, and the place in the text stays its own.
    assert_eq!(plan("1: (light)\n0: (count)").spans[0].start, 11);
}

#[test]
fn steps_at_one_time_read_the_state_before() {
    assert_eq!(judge("(and (at b) (lit))", "0: (go a b)\n0: (light)"), Ok(3.0));
    let together = "0: (go a b)\n0: (go b c)\n0: (light)";
    assert_eq!(clash(together), (0, 1, "(at b)".to_owned()));
    let message = judge("(at c)", together).expect_err("they interfere").to_string();
    assert!(message.contains("step 2 (go b c)") && message.contains("step 1 (go a b)"), "{message}");
    assert!(message.contains("(at b)"), "{message}");
    assert_eq!(clash("0: (go b c)\n0: (go a b)"), (0, 1, "(at b)".to_owned()));
    // The same steps at different times are fine.
    assert_eq!(judge("(at c)", "0: (go a b)\n0.001: (go b c)"), Ok(4.0));
    // None writes what another touches, yet one does not apply.
    let unmet = judge("()", "0: (light)\n0: (all-dusty)").expect_err("a condition does not hold");
    assert!(matches!(unmet.reason, Reason::Unsatisfied { .. }), "{unmet}");
}

#[test]
fn steps_interfere_where_their_order_would_matter() {
    let pairs = [
        ("0: (light)\n0: (dirty a)", "(lit)"),
        ("0: (dirty a)\n0: (sweep a)", "(dusty a)"),
        ("0: (double)\n0: (count)", "(steps)"),
        ("0: (double)\n0: (double)", "(steps)"),
        ("0: (read)\n0: (count)", "(steps)"),
        ("0: (count)\n0: (read)", "(steps)"),
        ("0: (sweep b)\n0: (all-dusty)", "(dusty b)"),
        ("0: (all-dusty)\n0: (sweep b)", "(dusty b)"),
        ("0: (look)\n0: (sweep c)", "(dusty c)"),
        ("0: (sweep c)\n0: (look)", "(dusty c)"),
    ];
    for (text, what) in pairs {
        assert_eq!(clash(text), (0, 1, what.to_owned()), "{text}");
    }
}

#[test]
fn what_several_steps_add_to_a_number_adds_up() {
    let goal = "(and (= (steps) 5) (= (dust) 7))";
    let text = "1: (count)\n1: (count)\n1: (sweep a)\n1: (sweep b)\n1: (light)";
    assert_eq!(judge(goal, text), Ok(1.0));
}

#[test]
fn replaying_by_times_in_slices_is_the_same() {
    let model = walk("(and (at c) (lit))");
    let file = plan("0: (go a b)\n0: (light)\n1: (go b c)\n1: (count)");
    let whole = replay_timed(&model, &file.steps, &file.times).expect("a plan that holds");
    let mut replaying = Replaying::timed(&model, file.steps.clone(), file.times.clone());
    let sliced = loop {
        if let Progress::Done(done) = replaying.step(&mut Budget::units(1)) {
            break done.expect("the same plan");
        }
    };
    assert_eq!(whole, sliced);
    assert_eq!(whole.steps.len(), 4);
}

#[test]
fn letter_case_is_one_thing_in_texts_and_plans() {
    let domain = "(define (domain Zoo) (:predicates (fed ?x))
      (:action FÜTTERN :parameters (?Wer) :effect (fed ?wer))
      (:action ühren :parameters (?x) :precondition (FED ?x) :effect (fed ?X)))";
    let names = ["Öandü", "Äffchen", "\u{1c5}", "ΣΊΣΥΦΟΣ", "\u{212a}ing", "İstanbul", "Straẞe", "Ⱥ"];
    for name in names {
        let problem =
            format!("(define (problem q) (:domain zoo) (:objects {name}) (:init) (:goal (fed {name})))");
        let parsed = parse(domain, &problem);
        let model = parsed.model.unwrap_or_else(|| panic!("{name}: {:#?}", parsed.diagnostics));
        let object = &model.objects[0];
        let place = (object.span.start - domain.len() as u32 - 1) as usize;
        assert_eq!(&problem[place..][..(object.span.end - object.span.start) as usize], name);
        let as_written = format!("(füttern {})", object.name);
        for text in
            [as_written.clone(), format!("(FüTTERN {name})"), format!("(füttern {})", name.to_lowercase())]
        {
            let file = plan(&text);
            assert!(replay(&model, &file.steps).is_ok(), "{text}");
            assert_eq!(pddl_step(&file.steps[0]), as_written);
        }
    }
}
