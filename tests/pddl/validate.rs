//! The validator of PDDL: each rule of what a step means, each way in which a plan can be wrong, and
//! agreement with an independent interpreter on random tasks.

use crate::support::lifted_brute::{Answer, Written};
use crate::support::random_pddl::{self, Features};
use planscope::diagnostic::Diagnostic;
use planscope::hash::SplitMix64;
use planscope::lang::goap::model::Value;
use planscope::lang::pddl::{Model, parse};
use planscope::lang::plan::{self, Step};
use planscope::step::{Budget, Progress, Stepper};
use planscope::validate::pddl::{Change, Replaying, Validator, replay};
use planscope::validate::{Reason, Violation};

/// A domain that every test adds to: blocks `a`, `b`, `c` and a truck `t`.
struct Task {
    domain: String,
    problem: String,
}

impl Task {
    fn new(parts: &str, init: &str, goal: &str) -> Self {
        let domain = format!(
            "(define (domain d) (:requirements :adl :derived-predicates :numeric-fluents)
             (:types block truck) (:constants a - block)
             (:predicates (p) (q) (r) (clear ?x - block) (on ?x ?y - block) (near ?x - object) (hot ?x - truck))
             (:functions (f) (g) (weight ?x - block) (total-cost)) {parts})"
        );
        let problem = format!(
            "(define (problem one) (:domain d) (:objects b c - block t - truck) (:init {init}) (:goal {goal})
             (:metric minimize (total-cost)))"
        );
        Self { domain, problem }
    }

    fn model(&self) -> Model {
        let parsed = parse(&self.domain, &self.problem);
        let errors: Vec<&Diagnostic> = parsed.diagnostics.iter().filter(|one| one.is_error()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{}\n{}", self.domain, self.problem);
        parsed.model.unwrap()
    }

    /// The text that a violation points at.
    fn at(&self, violation: &Violation) -> String {
        let (start, end) = (violation.span.start as usize, violation.span.end as usize);
        let both = format!("{}\n{}", self.domain, self.problem);
        both[start..end].to_owned()
    }
}

fn steps(text: &str) -> Vec<Step> {
    let file = plan::read_pddl(text);
    assert!(file.diagnostics.is_empty(), "{:?}", file.diagnostics);
    file.steps
}

/// One step `(act …)` of an action with these parts, in a state, and what it changes.
fn changes(action: &str, init: &str, step: &str) -> Result<Vec<String>, String> {
    let task = Task::new(&format!("(:action act {action})"), init, "(and)");
    let model = task.model();
    let validator = Validator::new(&model);
    let state = validator.initial();
    let applied = validator.apply(&state, &steps(step)[0]).map_err(|violation| violation.to_string())?;
    let mut after = state.clone();
    after.take(&applied);
    let text = |change: &Change| match &change.to {
        Value::Bool(true) => change.name.clone(),
        Value::Bool(false) => format!("not {}", change.name),
        value => format!("{} = {value}", change.name),
    };
    Ok(validator.changes(&state, &applied).iter().map(text).collect())
}

#[track_caller]
fn check(action: &str, init: &str, expected: Result<&[&str], &str>) {
    let found = changes(&format!(":parameters () {action}"), init, "(act)");
    let found = found.as_ref().map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
    let expected = expected.map(<[&str]>::to_vec).map_err(|why| format!("step 1 (act): {why}"));
    assert_eq!(found, expected.as_ref().cloned());
}

/// Whether a condition is true, as a precondition.
#[track_caller]
fn holds(condition: &str, init: &str, expected: bool) {
    let task = Task::new("", init, condition);
    let model = task.model();
    let validator = Validator::new(&model);
    assert_eq!(validator.reaches(&validator.initial()).is_ok(), expected, "{condition} in {init}");
    assert_eq!(validator.holds(&validator.initial(), &model.goal, &[]), expected);
}

#[test]
fn adding_wins_over_deleting() {
    check(":effect (and (p) (not (p)))", "", Ok(&["(p)"]));
    check(":effect (and (not (p)) (p))", "(p)", Ok(&[]));
    check(":effect (and (when (q) (not (p))) (when (q) (p)))", "(q) (p)", Ok(&[]));
    check(":effect (and (when (q) (p)) (not (p)))", "(q)", Ok(&["(p)"]));
    let swap = ":parameters (?x ?y - block) :effect (and (not (clear ?x)) (clear ?y))";
    assert_eq!(changes(swap, "(clear a)", "(act a a)").unwrap(), Vec::<String>::new());
    assert_eq!(changes(swap, "(clear a)", "(act a b)").unwrap(), ["not (clear a)", "(clear b)"]);
}

#[test]
fn everything_reads_the_state_before() {
    check(":effect (and (not (p)) (when (p) (q)))", "(p)", Ok(&["not (p)", "(q)"]));
    check(":effect (and (p) (when (p) (q)))", "", Ok(&["(p)"]));
    check(
        ":effect (and (assign (f) (g)) (assign (g) (f)))",
        "(= (f) 1) (= (g) 2)",
        Ok(&["(f) = 2.0", "(g) = 1.0"]),
    );
    check(":effect (and (increase (f) 1) (when (> (f) 1) (p)))", "(= (f) 1)", Ok(&["(f) = 2.0"]));
}

#[test]
fn changes_of_one_fluent_are_made_in_order() {
    check(":effect (and (increase (f) 1) (increase (f) 2))", "(= (f) 1)", Ok(&["(f) = 4.0"]));
    check(":effect (and (assign (f) 5) (increase (f) 2))", "(= (f) 1)", Ok(&["(f) = 7.0"]));
    check(":effect (and (increase (f) 2) (assign (f) 5))", "(= (f) 1)", Ok(&["(f) = 5.0"]));
    check(":effect (and (scale-up (f) 3) (decrease (f) 1) (scale-down (f) 2))", "(= (f) 1)", Ok(&[]));
    check(":effect (and (assign (f) 5) (increase (f) 2))", "", Ok(&["(f) = 7.0"]));
    // Of `forall`, in the order of the objects: (((1 - 10) × 2 - 20) × 2 - 30) × 2.
    check(
        ":effect (forall (?x - block) (and (decrease (f) (weight ?x)) (scale-up (f) 2)))",
        "(= (f) 1) (= (weight a) 10) (= (weight b) 20) (= (weight c) 30)",
        Ok(&["(f) = -212.0"]),
    );
}

#[test]
fn effects_nest() {
    check(
        ":effect (when (p) (forall (?x - block) (when (clear ?x) (and (not (clear ?x)) (when (q) (near ?x))))))",
        "(p) (q) (clear b) (clear c)",
        Ok(&["not (clear b)", "not (clear c)", "(near b)", "(near c)"]),
    );
    check(
        ":effect (forall (?x - block) (forall (?y - block) (when (on ?x ?y) (not (on ?x ?y)))))",
        "(on a b) (on b c)",
        Ok(&["not (on a b)", "not (on b c)"]),
    );
    check(":effect (forall (?x - block ?y - truck) (near ?y))", "", Ok(&["(near t)"]));
}

#[test]
fn what_is_undefined_keeps_an_action_from_applying() {
    let no_f = "(f) has no value";
    check(":precondition (> (f) 0) :effect (p)", "", Err(no_f));
    check(":precondition (not (> (f) 0)) :effect (p)", "", Err(no_f));
    check(":effect (and (p) (when (> (f) 0) (q)))", "", Err(no_f));
    check(":effect (and (p) (when (and (r) (> (f) 0)) (q)))", "", Ok(&["(p)"]));
    check(":effect (increase (f) 1)", "", Err(no_f));
    check(":effect (assign (g) (+ 1 (f)))", "", Err(no_f));
    check(":effect (assign (f) 1)", "", Ok(&["(f) = 1.0"]));
    check(":effect (when (p) (increase (f) 1))", "", Ok(&[]));
    check(
        ":effect (forall (?x - block) (when (> (weight ?x) 1) (clear ?x)))",
        "(= (weight a) 2)",
        Err("(weight b) has no value, with ?x = b"),
    );
}

#[test]
fn conditions_have_three_values() {
    holds("(or (p) (> (f) 0))", "(p)", true);
    holds("(or (p) (> (f) 0))", "", false);
    holds("(not (and (p) (> (f) 0)))", "", true);
    holds("(not (and (p) (> (f) 0)))", "(p)", false);
    holds("(imply (> (f) 0) (p))", "(p)", true);
    holds("(imply (> (f) 0) (p))", "", false);
    holds("(exists (?x - block) (> (weight ?x) 1))", "(= (weight b) 2)", true);
    holds("(exists (?x - block) (> (weight ?x) 2))", "(= (weight b) 2)", false);
    holds("(not (exists (?x - block) (> (weight ?x) 2)))", "(= (weight b) 2)", false);
    holds("(forall (?x - block) (> (weight ?x) 1))", "(= (weight b) 2)", false);
    holds("(not (forall (?x - block) (> (weight ?x) 1)))", "(= (weight b) 2)", false);
    holds("(not (forall (?x - block) (> (weight ?x) 2)))", "(= (weight b) 2)", true);
    holds("(> (/ (g) (f)) 0)", "(= (f) 0) (= (g) 1)", false);
    holds("(not (> (/ (g) (f)) 0))", "(= (f) 0) (= (g) 1)", false);
    holds("(= (- (f)) -2)", "(= (f) 2)", true);
}

#[test]
fn quantifiers_keep_to_their_types() {
    holds("(forall (?x - block) (clear ?x))", "(clear a) (clear b) (clear c)", true);
    holds("(forall (?x - object) (near ?x))", "(near a) (near b) (near c)", false);
    holds("(exists (?x - truck) (near ?x))", "(near a)", false);
    holds("(exists (?x - (either truck block)) (near ?x))", "(near a)", true);
    holds("(exists (?x ?y - block) (and (on ?x ?y) (not (= ?x ?y))))", "(on a a)", false);
    holds("(exists (?x ?y - block) (and (on ?x ?y) (not (= ?x ?y))))", "(on a a) (on b a)", true);
    holds("(forall (?x - block) (exists (?y - block) (on ?x ?y)))", "(on a b) (on b c)", false);
    holds("(forall (?x - block) (exists (?y - block) (on ?y ?x)))", "(on a b) (on b c) (on c a)", true);
    holds(
        "(and (exists (?x - block) (clear ?x)) (exists (?y - block) (on ?y ?y)))",
        "(clear a) (on b b)",
        true,
    );
    holds("(exists (?x - truck) (p))", "(p)", true);
}

const REACH: &str =
    "(:derived (near ?x - block) (or (clear ?x) (exists (?y - block) (and (on ?x ?y) (near ?y)))))";

#[test]
fn derived_predicates_are_a_least_fixpoint() {
    let at = |goal: &str, init: &str| {
        let task = Task::new(REACH, init, goal);
        let model = task.model();
        let validator = Validator::new(&model);
        validator.reaches(&validator.initial()).is_ok()
    };
    assert!(at("(near a)", "(on a b) (on b c) (clear c)"));
    assert!(!at("(near a)", "(on a b) (on b a) (clear c)"));
    assert!(at("(not (near a))", "(on a b) (on b a) (clear c)"));
    assert!(at("(forall (?x - block) (imply (on ?x ?x) (near ?x)))", "(on a b) (clear b)"));
}

#[test]
fn derived_predicates_follow_the_state() {
    let parts = format!(
        "{REACH} (:derived (q) (forall (?x - block) (near ?x))) (:derived (r) (not (q)))
         (:action cut :parameters (?x ?y - block) :precondition (near ?x) :effect (not (on ?x ?y)))
         (:action end :precondition (r) :effect (p))"
    );
    let task = Task::new(&parts, "(on a b) (on b c) (clear c)", "(p)");
    let model = task.model();
    assert!(replay(&model, &steps("(cut b c)\n(end)")).is_ok());
    let violation = replay(&model, &steps("(end)")).unwrap_err();
    assert_eq!(violation.to_string(), "step 1 (end): (r) does not hold");
    let violation = replay(&model, &steps("(cut b c)\n(cut a b)")).unwrap_err();
    assert_eq!(violation.to_string(), "step 2 (cut a b): (near a) does not hold, with ?x = a");
}

#[test]
fn rules_may_read_their_own_stratum_under_forall() {
    // A block is safe when all that it stands on is: well-founded, so not on a cycle.
    let parts = "(:derived (near ?x - block) (forall (?y - block) (imply (on ?x ?y) (near ?y))))";
    for (init, expected) in [("(on a b) (on b c)", true), ("(on a b) (on b a)", false)] {
        let model = Task::new(parts, init, "(near a)").model();
        let validator = Validator::new(&model);
        assert_eq!(validator.reaches(&validator.initial()).is_ok(), expected, "{init}");
    }
}

/// Checks what is said of a plan of one step and what it points at.
#[track_caller]
fn wrong(precondition: &str, init: &str, expected: &str, place: &str) {
    let parts = format!(
        "(:action act :parameters (?x - block ?y - (either block truck)) :precondition {precondition} :effect (p))"
    );
    let task = Task::new(&parts, init, "(and)");
    let violation = replay(&task.model(), &steps("(ACT a b)")).unwrap_err();
    assert_eq!(violation.to_string(), format!("step 1 (act a b): {expected}"));
    assert_eq!(task.at(&violation), place);
}

#[test]
fn a_violation_names_the_smallest_unmet_part_and_its_binding() {
    wrong("(and (clear ?x) (on ?x a))", "(clear a)", "(on a a) does not hold, with ?x = a", "(on ?x a)");
    wrong(
        "(and (not (and (clear ?x) (clear a))))",
        "(clear a)",
        "(not (and (clear a) (clear a))) does not hold, with ?x = a",
        "(and (clear ?x) (clear a))",
    );
    wrong(
        "(not (or (q) (clear ?x)))",
        "(clear a)",
        "(not (clear a)) does not hold, with ?x = a",
        "(clear ?x)",
    );
    wrong("(or (q) (near ?y))", "", "(or (q) (near b)) does not hold, with ?y = b", "(or (q) (near ?y))");
    wrong("(imply (q) (r))", "(q)", "(imply (q) (r)) does not hold", "(imply (q) (r))");
    wrong(
        "(forall (?z - block) (or (near ?z)))",
        "(near a) (near c)",
        "(near b) does not hold, with ?z = b",
        "(near ?z)",
    );
    wrong(
        "(not (exists (?z - block) (on ?z ?x)))",
        "(on c a)",
        "(not (on c a)) does not hold, with ?x = a, ?z = c",
        "(on ?z ?x)",
    );
    wrong(
        "(exists (?z - block) (on ?z ?x))",
        "",
        "(exists (?z) (on ?z a)) does not hold, with ?x = a",
        "(exists (?z - block) (on ?z ?x))",
    );
    wrong("(not (= ?x a))", "", "(not (= a a)) does not hold, with ?x = a", "(= ?x a)");
    wrong("(= ?x ?y)", "", "(= a b) does not hold, with ?x = a, ?y = b", "(= ?x ?y)");
    wrong(
        "(>= (- (weight ?x) 1) (f))",
        "(= (weight a) 2) (= (f) 3)",
        "(>= (- (weight a) 1) (f)) does not hold: (weight a) = 2, (f) = 3, with ?x = a",
        "(>= (- (weight ?x) 1) (f))",
    );
    wrong("(> (weight ?x) 1)", "", "(weight a) has no value, with ?x = a", "(weight ?x)");
    wrong("(or (q) (> (weight ?x) 1))", "", "(weight a) has no value, with ?x = a", "(weight ?x)");
    wrong(
        "(> (/ (f) (- (weight ?x) 1)) 1)",
        "(= (weight a) 1) (= (f) 3)",
        "(/ (f) (- (weight a) 1)) has no value: it divides by zero or passes all bounds, with ?x = a",
        "(/ (f) (- (weight ?x) 1))",
    );
}

#[test]
fn steps_that_the_domain_does_not_have_are_told_apart() {
    let task = Task::new("(:action act :parameters (?x - block) :effect (p))", "", "(and)");
    let model = task.model();
    let say = |text: &str| replay(&model, &steps(text)).unwrap_err().to_string();
    assert_eq!(say("(fly)"), "step 1 (fly): there is no action called `fly`");
    assert_eq!(say("(act)"), "step 1 (act): the action takes 1 arguments, and the step has 0");
    assert_eq!(say("(act z)"), "step 1 (act z): there is no object called `z`");
    assert_eq!(say("(act t)"), "step 1 (act t): `t` is no block, as the parameter ?x asks for");
    assert_eq!(say("(act b)\n(act t)"), "step 2 (act t): `t` is no block, as the parameter ?x asks for");
    let violation = replay(&model, &steps("(act t)")).unwrap_err();
    assert!(matches!(violation.reason, Reason::WrongType { .. }));
}

#[test]
fn numbers_stay_finite() {
    check(":effect (scale-up (f) (f))", "(= (f) 1e200)", Err("(f) would become inf, which is not finite"));
    check(
        ":effect (scale-down (f) (g))",
        "(= (f) 1) (= (g) 0)",
        Err("(scale-down (f) 0) has no value: it divides by zero or passes all bounds"),
    );
}

#[test]
fn the_goal_names_the_part_that_is_missing() {
    let task = Task::new("(:action act :effect (p))", "", "(and (p) (forall (?x - block) (near ?x)))");
    let violation = replay(&task.model(), &steps("(act)")).unwrap_err();
    assert_eq!(violation.to_string(), "at the end: (near a) does not hold, with ?x = a");
    assert_eq!((violation.step, task.at(&violation).as_str()), (1, "(near ?x)"));
    let empty = replay(&task.model(), &[]).unwrap_err();
    assert_eq!(empty.to_string(), "at the end: (p) does not hold");
}

#[test]
fn a_plan_costs_the_change_of_the_metric() {
    let actions = "(:action act :effect (and (p) (increase (total-cost) 0.1))) (:action free :effect (q))";
    let cost = |init: &str, metric: &str| {
        let mut task = Task::new(actions, init, "(p)");
        task.problem = task.problem.replace("(:metric minimize (total-cost))", metric);
        replay(&task.model(), &steps("(act)\n(free)\n(act)\n(act)")).unwrap().total
    };
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    near(cost("", "(:metric minimize (total-cost))"), 0.3);
    near(cost("(= (total-cost) 7)", "(:metric minimize (total-cost))"), 0.3);
    near(cost("", "(:metric minimize (+ (* 2 (total-cost)) 5))"), 0.6);
    near(cost("", "(:metric minimize (+ (total-cost) (f)))"), 0.3);
    near(cost("", ""), 4.0);
    near(cost("", "(:metric minimize (total-time))"), 4.0);
}

#[test]
fn a_replay_may_be_cut_into_units() {
    let task = Task::new("(:action act :effect (increase (total-cost) 2))", "", "(and)");
    let model = task.model();
    let plan = steps(&"(act)\n".repeat(60));
    let whole = replay(&model, &plan).unwrap();
    let mut replaying = Replaying::new(&model, plan);
    let mut slices = 0;
    let cut = loop {
        slices += 1;
        if let Progress::Done(outcome) = replaying.step(&mut Budget::units(1)) {
            break outcome.unwrap();
        }
    };
    assert_eq!(cut, whole);
    assert!(slices > 4, "{slices} slices");
    let totals: Vec<f64> = whole.steps.iter().map(|step| step.total).take(3).collect();
    assert_eq!(totals, [2.0, 4.0, 6.0]);
}

#[test]
fn one_step_with_many_effects_is_replayed_in_many_pieces() {
    const OBJECTS: usize = 90;
    let objects: String = (0..OBJECTS).map(|at| format!(" o{at}")).collect();
    let effect = "(forall (?x ?y) (and (p ?x ?y) (not (q ?x ?y)) (increase (f ?x ?y) 1)))";
    let domain = format!(
        "(define (domain d) (:requirements :adl :fluents) (:predicates (p ?x ?y) (q ?x ?y)) (:functions (f ?x ?y))
          (:action all :parameters () :effect {effect}))"
    );
    let pair = |at: usize| format!("o{} o{}", at / OBJECTS, at % OBJECTS);
    let facts: String =
        (0..OBJECTS * OBJECTS).map(|at| format!(" (q {0}) (= (f {0}) 0)", pair(at))).collect();
    let problem =
        format!("(define (problem one) (:domain d) (:objects{objects}) (:init{facts}) (:goal (p o0 o0)))");
    let model = parse(&domain, &problem).model.unwrap();
    let mut replaying = Replaying::new(&model, steps("(all)\n"));
    let mut units = 0;
    let replay = loop {
        units += 1;
        if let Progress::Done(outcome) = replaying.step(&mut Budget::units(1)) {
            break outcome.unwrap();
        }
    };
    let changes = 3 * OBJECTS * OBJECTS;
    assert_eq!(replay.steps[0].changes.len(), changes);
    // Each change is found, compared with the state, put into words, and made.
    assert!(units > 4 * changes / 16, "{units} units");
}

/// States that the brute search sees at most.
const STATES_MAX: usize = 3_000;

/// Every other seed leaves a part of the language out, so that each part is also met by itself.
fn features(seed: u64) -> Features {
    match seed % 6 {
        0 => Features::strips_only(),
        1 => Features::ALL.without_numbers(),
        2 => Features::ALL.without_axioms(),
        3 => Features { adl: false, conditional_effects: false, ..Features::ALL },
        _ => Features::ALL,
    }
}

fn random_model(seed: u64) -> (Model, String) {
    let task = random_pddl::task(seed, features(seed));
    let text = format!("seed {seed}\n{}{}", task.domain, task.problem);
    let parsed = parse(&task.domain, &task.problem);
    let errors: Vec<&Diagnostic> = parsed.diagnostics.iter().filter(|one| one.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    (parsed.model.unwrap(), text)
}

type Words = Vec<(String, Vec<String>)>;

fn words(written: &Written, plan: &[usize]) -> Words {
    plan.iter().map(|&at| (written.steps[at].action.clone(), written.steps[at].objects.clone())).collect()
}

fn as_steps(plan: &Words) -> Vec<Step> {
    let step = |(action, objects): &(String, Vec<String>)| Step {
        action: action.clone(),
        arguments: objects.iter().cloned().map(Value::Symbol).collect(),
    };
    plan.iter().map(step).collect()
}

/// Compares the two verdicts; whether the plan is one.
fn agree(model: &Model, written: &Written, plan: &Words, text: &str) -> bool {
    let expected = written.verdict(plan);
    let found = replay(model, &as_steps(plan));
    match (&found, expected) {
        (Ok(replay), Some(cost)) => {
            assert!((replay.total - cost).abs() < 1e-9, "{} is not {cost}: {plan:?}\n{text}", replay.total);
        }
        (Err(_), None) => {}
        _ => panic!("{found:?} is not {expected:?}: {plan:?}\n{text}"),
    }
    expected.is_some()
}

#[test]
fn cheapest_plans_of_500_random_tasks_are_valid_and_cost_the_same() {
    let (mut solved, mut unsolvable, mut large, mut steps, mut longest) = (0, 0, 0, 0, 0);
    for seed in 0..500 {
        let (model, text) = random_model(seed);
        let written = Written::new(&model);
        match written.solve(STATES_MAX) {
            Answer::Solved { cost, plan } => {
                solved += 1;
                steps += plan.len();
                longest = longest.max(plan.len());
                let plan = words(&written, &plan);
                let found = replay(&model, &as_steps(&plan)).unwrap_or_else(|why| panic!("{why}\n{text}"));
                assert!((found.total - cost).abs() < 1e-9, "{} is not {cost}\n{text}", found.total);
            }
            Answer::Unsolvable => unsolvable += 1,
            Answer::TooLarge => large += 1,
        }
    }
    let counts =
        format!("{solved} solved in {steps} steps (at most {longest}), {unsolvable} not, {large} too large");
    assert!(solved >= 275 && steps > solved && unsolvable >= 75 && large <= 25, "{counts}");
}

/// One change of a plan: a step dropped, two swapped, an argument changed, the last step dropped, or a step
/// put in.
fn damage(plan: &mut Words, model: &Model, written: &Written, random: &mut SplitMix64) {
    let mut below = |n: usize| random.below(n as u64) as usize;
    let kind = below(5);
    match kind {
        0 if !plan.is_empty() => {
            plan.remove(below(plan.len()));
        }
        1 if plan.len() > 1 => {
            let (one, other) = (below(plan.len()), below(plan.len()));
            plan.swap(one, other);
        }
        2 if !plan.is_empty() => {
            let at = below(plan.len());
            let objects = &mut plan[at].1;
            if !objects.is_empty() {
                let at = below(objects.len());
                objects[at].clone_from(&model.objects[below(model.objects.len())].name);
            }
        }
        3 => {
            plan.pop();
        }
        _ if !written.steps.is_empty() => {
            let step = below(written.steps.len());
            let at = below(plan.len() + 1);
            plan.insert(at, words(written, &[step]).remove(0));
        }
        _ => {}
    }
}

#[test]
fn verdicts_on_2000_plans_of_which_half_are_damaged_are_those_of_the_interpreter() {
    let mut random = SplitMix64::new(7);
    let (mut compared, mut valid, mut seed) = (0, 0, 10_000);
    while compared < 2000 {
        seed += 1;
        let (model, text) = random_model(seed);
        let written = Written::new(&model);
        let Answer::Solved { plan, .. } = written.solve(STATES_MAX) else { continue };
        // Steps that apply, one after the other, wherever they lead.
        let mut wandering: Vec<usize> = Vec::new();
        let mut state = written.initial.clone();
        for _ in 0..random.below(6) {
            let next = written.successors(&state);
            if next.is_empty() {
                break;
            }
            let (step, after, _) = next[random.below(next.len() as u64) as usize].clone();
            wandering.push(step);
            state = after;
        }
        for plan in [plan, wandering] {
            let mut plan = words(&written, &plan);
            valid += usize::from(agree(&model, &written, &plan, &text));
            damage(&mut plan, &model, &written, &mut random);
            valid += usize::from(agree(&model, &written, &plan, &text));
            compared += 2;
        }
    }
    assert!(valid > 600 && compared - valid > 500, "{valid} of {compared}, seeds to {seed}");
}

/// Writes plans of random tasks, half of them damaged, for `tests/tools/compare_validators.py`: see
/// `make compare-validators`.
#[test]
#[ignore = "writes files into the folder that PLANSCOPE_PLANS names"]
fn plans_are_written_for_another_validator() {
    let folder = std::path::PathBuf::from(std::env::var_os("PLANSCOPE_PLANS").unwrap());
    std::fs::create_dir_all(&folder).unwrap();
    let mut random = SplitMix64::new(11);
    let (mut count, mut seed) = (0, 0);
    while count < 2000 {
        seed += 1;
        let task = random_pddl::task(seed, Features::COMPARABLE);
        let model = parse(&task.domain, &task.problem).model.unwrap();
        let written = Written::new(&model);
        let Answer::Solved { plan, .. } = written.solve(STATES_MAX) else { continue };
        if plan.is_empty() {
            continue;
        }
        let write =
            |name: &str, text: &str| std::fs::write(folder.join(format!("{seed:05}.{name}")), text).unwrap();
        write("domain.pddl", &task.domain);
        write("problem.pddl", &task.problem);
        let plan = words(&written, &plan);
        let mut damaged = plan.clone();
        damage(&mut damaged, &model, &written, &mut random);
        for (name, plan) in [("cheapest.plan", plan), ("damaged.plan", damaged)] {
            write(name, &plan::write_pddl(&as_steps(&plan), "0", false));
            count += 1;
        }
    }
}
