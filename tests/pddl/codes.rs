//! Every code of `lang::pddl::codes` is produced by a text made for it, at its place, with a way out and
//! a fix that works where there is one.

use std::collections::BTreeSet;

use crate::texts::{
    ACTION, HEAD, check, domain, plain, problem, problem_with, with_effect, with_precondition,
};
use planscope::lang::pddl::codes;

/// A domain, a problem, and the codes at their marks.
type Case = (String, String, &'static [&'static str]);

fn in_domain(sections: &str, codes: &'static [&'static str]) -> Case {
    (domain(sections), plain(), codes)
}

fn in_precondition(condition: &str, codes: &'static [&'static str]) -> Case {
    (with_precondition(condition), plain(), codes)
}

fn in_effect(effect: &str, codes: &'static [&'static str]) -> Case {
    (with_effect(effect), plain(), codes)
}

fn in_problem(sections: &str, codes: &'static [&'static str]) -> Case {
    (domain(ACTION), problem_with(sections), codes)
}

fn in_init(facts: &str, codes: &'static [&'static str]) -> Case {
    (domain(ACTION), problem(facts, "(done)"), codes)
}

fn in_goal(goal: &str, codes: &'static [&'static str]) -> Case {
    (domain(ACTION), problem("", goal), codes)
}

fn in_head(from: &str, to: &str, codes: &'static [&'static str]) -> Case {
    assert!(HEAD.contains(from), "{from}");
    (domain(ACTION).replacen(from, to, 1), plain(), codes)
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn texts() -> Vec<Case> {
    vec![
        in_precondition("(clear «“»?x)", &["PD104"]),
        in_domain("(:action a\n  :precondition «(»and (done)\n  :effect (done))", &["PD105"]),
        in_domain("(:action a :effect (done))«)»\n(:action b :effect (done))", &["PD106"]),
        in_domain("(:action a :effect (done))\n«»:action b :effect (done))", &["PD107"]),
        (domain(ACTION), "«»".into(), &["PD108"]),
        ("(«defyne» (domain d))".into(), plain(), &["PD109"]),
        (plain().replacen("(problem p)", "«(problem p)»", 1), plain(), &["PD110"]),
        (domain(ACTION) + " «the» end", plain(), &["PD111"]),
        in_domain("(«:actions» a :effect (done))", &["PD112"]),
        in_domain("(«:goal» (done))", &["PD112"]),
        in_problem("(:init) (:goal (done)) («:goal» (done))", &["PD113"]),
        in_domain("(:action a :effect (done) «:effect» (done))", &["PD113"]),
        in_domain("(«:action» :effect (done))", &["PD114"]),
        in_head("(domain d)", "«(domain)»", &["PD114"]),
        in_head("(done)", "«(»)", &["PD114"]),
        in_precondition("«done»", &["PD115"]),
        in_precondition("(and (done) «done»)", &["PD115"]),
        in_precondition("(clear «(»done))", &["PD115"]),
        in_precondition("(clear «(»weight ?x))", &["PD115"]),
        in_effect("«(»or (done) (clear ?x))", &["PD115"]),
        in_domain("(:action a :precondition (done) «(»clear k) :effect (done))", &["PD115"]),
        in_domain("«junk»", &["PD115"]),
        in_precondition("(«not» (done) (clear ?x))", &["PD116"]),
        in_precondition("(«=» ?x)", &["PD116"]),
        in_precondition("(> «(/ 1)» 2)", &["PD116"]),
        in_problem("(:init) («:goal» (done) (clear a))", &["PD116"]),
        in_init("(= (fuel) «much»)", &["PD117"]),
        in_precondition("(> 1 «2x»)", &["PD117"]),
        in_head("red - block", "red «-»", &["PD118"]),
        in_head("(on ?x - block", "(on ?x «-block»", &["PD118"]),
        in_domain("(:action a :parameters («x» - block) :effect (clear x))", &["PD119"]),
        in_domain("(:action a «:preconditions» (done) :effect (done))", &["PD120"]),
        in_domain("(:action a :parameters (?x - «blok») :effect (done))", &["PD201"]),
        in_precondition("(«cleer» ?x)", &["PD202"]),
        in_goal("(«dome»)", &["PD202"]),
        in_precondition("(> («wieght» ?x) 1)", &["PD203"]),
        in_init("(clear «aa»)", &["PD204"]),
        in_precondition("(clear «q7»)", &["PD204"]),
        in_precondition("(clear «a»)", &["PD204"]),
        in_precondition("(clear «x»)", &["PD204"]),
        in_precondition("(clear «?y»)", &["PD205"]),
        in_precondition("«(clear ?x ?x)»", &["PD206"]),
        in_init("«(on a)»", &["PD206"]),
        in_goal("(clear «t»)", &["PD207"]),
        in_precondition("(clear «?p»)", &["PD207"]),
        in_domain(&format!("{ACTION}(:action «LIFT» :effect (done))"), &["PD208"]),
        in_domain("(:action a :parameters (?x «?x» - block) :effect (done))", &["PD209"]),
        in_head("home - place", "home «k» - place", &["PD210"]),
        in_head("(done)", "(done) («done» ?x)", &["PD211"]),
        in_head("(fuel)", "(fuel) («fuel» ?x)", &["PD212"]),
        in_head("place - object", "place «number» - object", &["PD213"]),
        (domain(ACTION), problem_with("(:init)").replace("(problem p)", "«(problem p)»"), &["PD301"]),
        in_domain("(:derived (done) (clear k)) (:action a :effect «(done)»)", &["PD302"]),
        (domain("(:derived (done) (clear k))"), problem("«(done)»", "()"), &["PD303"]),
        in_domain("(:derived (done) (not «(done)»))", &["PD304"]),
        in_domain(
            &format!(
                "(:action a :parameters ({} «?x»))",
                (0..1000).map(|x| format!("?x{x} ")).collect::<String>()
            ),
            &["PD305"],
        ),
        in_effect("(increase (total-cost) «-1»)", &["PD310"]),
        in_domain("(«:durative-action» a :duration (= ?duration 1))", &["PD401"]),
        in_effect("«(at start (done))»", &["PD401"]),
        in_precondition("«(preference p (done))»", &["PD402"]),
        in_domain("(«:constraints» (always (done)))", &["PD403"]),
        in_goal("«(sometime (done))»", &["PD403"]),
        (
            with_effect("(increase (fuel) 1)"),
            problem_with("(:init) (:goal ()) (:metric minimize «(* (fuel) (fuel))»)"),
            &["PD404"],
        ),
        (
            with_effect("«(decrease (fuel) 1)»"),
            problem_with("(:init) (:goal ()) (:metric minimize (fuel))"),
            &["PD405"],
        ),
        in_init("«(at 5 (done))»", &["PD406"]),
        in_head("(fuel)", "(fuel) - number (near ?x) - «place»", &["PD407"]),
        in_domain("(«:process» p :effect (done))", &["PD408"]),
        in_problem("(:init) (:goal ()) (:metric «maximize» (fuel))", &["PD409"]),
        (
            domain("(:action a :precondition «(not (done))» :effect (done))").replace(":adl", ":typing"),
            plain(),
            &["PD501"],
        ),
        in_head(":adl", ":adl «:preferences»", &["PD502"]),
        in_head(":adl", ":adl «:typin»", &["PD503"]),
        (domain(ACTION), plain().replace("(:domain d)", "(:domain «e»)"), &["PD504"]),
        (domain(ACTION), problem_with("(:goal ())").replace("(problem p)", "«(problem p)»"), &["PD505"]),
        (domain(ACTION), plain().replace("(problem p) (:domain d)", "«(problem p)»"), &["PD506"]),
        in_problem("(:init) (:goal ()) (:metric minimize «(total-time)»)", &["PD507"]),
        in_init("(done) «(not (done))»", &["PD508"]),
        in_init("(= (fuel) 1) «(= (fuel) 2)»", &["PD508"]),
        in_init("(clear a) «(clear a)»", &["PD509"]),
        in_problem("(«:objects» «r» - red) (:init) (:goal ())", &["PD510", "PD510"]),
        in_head("(done)", "(done) («done»)", &["PD510"]),
        in_head("red - block", "«red» - block block - red", &["PD511"]),
        in_head("red - block", "red - «stone»", &["PD512"]),
        in_domain(
            "(:action a :parameters (?o - object) :precondition (clear «?o») :effect (done))",
            &["PD513"],
        ),
        in_precondition("(exists («?x» - block) (clear ?x))", &["PD514"]),
        (
            with_effect("(increase («total-cost») 1)").replace("(:functions (total-cost)", "(:functions"),
            plain(),
            &["PD515"],
        ),
        in_problem("(:init) (:goal ()) «(»:length (:serial 3))", &["PD516"]),
        in_head("red - block", "red «–» block", &["PD517"]),
    ]
}

#[test]
fn every_code_is_produced_at_its_place() {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (domain, problem, codes) in texts() {
        check(&domain, &problem, codes);
        seen.extend(codes);
    }
    // The limits are tested with the syntax; the caller finds bytes that are not UTF-8, grounding costs
    // that are too large.
    let elsewhere = [
        codes::FILE_TOO_LARGE,
        codes::NOT_UTF8,
        codes::NESTED_TOO_DEEP,
        codes::COST_TOO_LARGE,
        codes::MORE_FINDINGS,
    ];
    for code in codes::ALL.iter().map(|code| code.code).filter(|code| !elsewhere.contains(code)) {
        assert!(seen.contains(code), "no text for {code}");
    }
}
