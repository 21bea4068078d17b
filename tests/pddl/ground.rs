//! Grounding of PDDL against ways that are too simple to be wrong: reachable atoms against a naive fixpoint,
//! optimal costs against a search of the lifted model that sees every state.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::support::lifted_brute::{Answer, Written};
use crate::support::naive_ground::{Naive, bindings};
use crate::support::random_pddl::{self, Features};
use planscope::ground::pddl::{Failure, Ground, GroundOptions, PddlTask, Phase};
use planscope::lang::goap::model::Value;
use planscope::lang::pddl::{Model, parse};
use planscope::search::{EngineConfig, HeuristicKind, NoObserver, Policy, Search, SearchEnd, SearchKind};
use planscope::step::{Budget, Progress, Stepper, run};

/// Bindings up to which the naive fixpoint is tried.
const BINDINGS_MAX: u64 = 20_000;
/// States up to which the brute search sees all.
const STATES_MAX: usize = 4_000;

fn model(domain: &str, problem: &str) -> Arc<Model> {
    let parsed = parse(domain, problem);
    let found = parsed.diagnostics;
    Arc::new(parsed.model.unwrap_or_else(|| panic!("{found:?}\n{domain}\n{problem}")))
}

/// All of the language, and less of it with other seeds.
fn features(seed: u64) -> Features {
    let all = Features::ALL;
    match seed % 6 {
        0 => Features::strips_only(),
        1 => all.without_numbers(),
        2 => all.without_numbers().without_axioms(),
        3 => all.without_axioms(),
        _ => all,
    }
}

fn random(seed: u64) -> Arc<Model> {
    let task = random_pddl::task(seed, features(seed));
    model(&task.domain, &task.problem)
}

fn examples() -> Vec<(String, Arc<Model>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/examples/pddl");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the examples are there")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .filter_map(|name| name.strip_suffix(".domain.pddl").map(str::to_owned))
        .collect();
    names.sort();
    let read = |name: &str, part: &str| {
        fs::read_to_string(folder.join(format!("{name}.{part}.pddl"))).expect("both files are there")
    };
    let example = |name: String| {
        let model = model(&read(&name, "domain"), &read(&name, "problem"));
        (name, model)
    };
    names.into_iter().map(example).collect()
}

fn ground(model: &Arc<Model>, options: GroundOptions) -> PddlTask {
    run(Ground::new(Arc::clone(model), options)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn assert_reached(name: &str, model: &Arc<Model>) {
    let task = ground(model, GroundOptions::default());
    let found: BTreeSet<(u32, Vec<u32>)> = task
        .reached()
        .map(|(predicate, objects, _)| (predicate.0, objects.into_iter().map(|object| object.0).collect()))
        .collect();
    let naive = Naive::new(model);
    assert_eq!(found, naive.atoms, "{name}");
    assert!(naive.reaches_goal() || task.instance.goal.is_false, "{name}: the goal cannot be reached");
}

#[test]
fn reached_atoms_are_those_of_a_naive_fixpoint_on_examples() {
    let mut tried = 0;
    for (name, model) in examples() {
        if bindings(&model) <= BINDINGS_MAX {
            tried += 1;
            assert_reached(&name, &model);
        }
    }
    assert!(tried >= 10, "only {tried} examples are small enough");
}

#[test]
fn reached_atoms_are_those_of_a_naive_fixpoint_on_random_tasks() {
    for seed in 0..500 {
        let model = random(seed);
        if bindings(&model) <= BINDINGS_MAX {
            assert_reached(&format!("seed {seed}"), &model);
        }
    }
}

/// The cost of an optimal plan, which the brute search finds to be one; `None` where there is none.
fn optimal(written: &Written, model: &Model, task: &PddlTask, heuristic: HeuristicKind) -> Option<f64> {
    let engine = EngineConfig { heuristic: heuristic.into(), ..EngineConfig::default() };
    let heuristic = engine.heuristic_for(&task.task, &task.instance);
    let instance = task.instance.clone();
    let found = run(Search::new(&task.task, instance, heuristic, Policy::new(&engine), 1 << 30, NoObserver));
    if found.end == SearchEnd::Unsolvable {
        return None;
    }
    assert_eq!(found.end, SearchEnd::Solved);
    let word = |value: Value| match value {
        Value::Symbol(word) => word,
        other => panic!("{other:?} is no object"),
    };
    let step = |&id| {
        let step = task.step(model, id).expect("an operator of the task");
        (step.action, step.arguments.into_iter().map(word).collect())
    };
    let plan: Vec<(String, Vec<String>)> = found.plan.iter().map(step).collect();
    let cost = found.cost as f64 * task.task.unit;
    let verdict = written.verdict(&plan).expect("the plan is valid");
    assert!(is_close(verdict, cost), "the plan costs {verdict}, not {cost}");
    Some(cost)
}

fn is_close(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-6 * (1.0 + left.abs())
}

#[test]
fn optimal_costs_are_those_of_a_brute_search_with_and_without_invariants_and_relevance() {
    let mut solved = 0;
    for seed in 0..300 {
        let model = random(seed);
        let written = Written::new(&model);
        let expected = match written.solve(STATES_MAX) {
            Answer::Solved { cost, .. } => Some(cost),
            Answer::Unsolvable => None,
            Answer::TooLarge => continue,
        };
        solved += usize::from(expected.is_some());
        for (invariants, relevance) in [(true, true), (false, true), (true, false), (false, false)] {
            let task = ground(&model, GroundOptions { invariants, relevance, ..GroundOptions::default() });
            for heuristic in [HeuristicKind::Blind, HeuristicKind::Hmax] {
                let found = optimal(&written, &model, &task, heuristic);
                let is_equal = match (found, expected) {
                    (Some(found), Some(expected)) => is_close(found, expected),
                    (found, expected) => found == expected,
                };
                assert!(
                    is_equal,
                    "seed {seed}, invariants {invariants}, relevance {relevance}: {found:?}, not {expected:?}"
                );
            }
        }
    }
    assert!(solved >= 60, "only {solved} tasks have plans");
}

#[test]
fn how_the_work_is_sliced_changes_nothing() {
    for (name, model) in examples() {
        let whole = ground(&model, GroundOptions::default());
        let mut stepper = Ground::new(Arc::clone(&model), GroundOptions::default());
        let mut phases = vec![stepper.phase()];
        let cut = loop {
            let progress = stepper.step(&mut Budget::units(3));
            if phases.last() != Some(&stepper.phase()) {
                phases.push(stepper.phase());
            }
            if let Progress::Done(result) = progress {
                break result.expect("it fits");
            }
        };
        assert!(phases.is_sorted() && phases.first() == Some(&Phase::Prepare), "{name}: {phases:?}");
        assert_eq!(whole.counts, cut.counts, "{name}");
        assert_eq!(whole.instance.initial, cut.instance.initial, "{name}");
        let operators = |task: &PddlTask| format!("{:?}", task.task.operators);
        assert_eq!(operators(&whole), operators(&cut), "{name}");
    }
}

#[test]
fn a_memory_limit_ends_with_its_own_outcome() {
    let (_, model) = examples().into_iter().max_by_key(|(_, model)| bindings(model)).expect("examples");
    let options = GroundOptions { memory_bytes: 1 << 20, ..GroundOptions::default() };
    let result = run(Ground::new(model, options));
    assert!(matches!(result, Err(Failure::MemoryLimit)));
}

const LIGHTS: &str = "(define (domain lights) (:requirements :adl :action-costs)
  (:predicates (on ?x) (linked ?x ?y)) (:functions (total-cost) (effort ?x))
  (:action toggle :parameters (?x ?y) :precondition (and (linked ?x ?y) (not (= ?x ?y)))
    :effect (and (when (on ?x) (not (on ?x))) (when (not (on ?x)) (on ?x)) (increase (total-cost) (effort ?x)))))";

#[test]
fn parameters_that_no_effect_needs_make_no_second_operator() {
    let domain = "(define (domain d) (:predicates (p ?x) (q ?x))
      (:action mark :parameters (?x ?why) :precondition (p ?why) :effect (q ?x))
      (:action unused :parameters (?x ?y) :precondition () :effect (p ?x)))";
    let problem = "(define (problem p) (:domain d) (:objects a b c) (:init) (:goal (and (q a) (q b))))";
    let task = ground(&model(domain, problem), GroundOptions::default());
    let unused = 3;
    assert_eq!(task.counts.duplicates, 3 * 3 - unused);
}

#[test]
fn parameters_may_bind_the_same_object() {
    let domain = "(define (domain d) (:predicates (p ?x ?y))
      (:action pair :parameters (?x ?y) :precondition () :effect (p ?x ?y)))";
    let problem = "(define (problem p) (:domain d) (:objects a b) (:init) (:goal (p a a)))";
    let model = model(domain, problem);
    let task = ground(&model, GroundOptions::default());
    assert_eq!(task.counts.instances, 4);
    assert_eq!(task.counts.operators, 1, "what the goal does not need is left out");
}

#[test]
fn a_goal_that_is_not_reached_is_known_to_be() {
    let domain =
        "(define (domain d) (:predicates (p) (q)) (:action a :parameters () :precondition (q) :effect (p)))";
    let problem = "(define (problem p) (:domain d) (:init) (:goal (p)))";
    let task = ground(&model(domain, problem), GroundOptions::default());
    assert!(task.instance.goal.is_false);
}

#[test]
fn goals_that_hold_for_good_are_empty() {
    let domain =
        "(define (domain d) (:predicates (p) (q)) (:action a :parameters () :precondition (q) :effect (p)))";
    for goal in ["()", "(and)", "(q)", "(and (q) (not (p)) (= a a))"] {
        let problem = format!("(define (problem p) (:domain d) (:objects a) (:init (q)) (:goal {goal}))");
        let task = ground(&model(domain, &problem), GroundOptions::default());
        assert!(task.instance.goal.holds(&task.task.layout, &task.instance.initial), "{goal}");
    }
}

#[test]
fn effects_under_conditions_cost_what_the_action_costs() {
    let problem = "(define (problem p) (:domain lights) (:objects a b)
      (:init (on a) (linked a b) (linked b a) (= (effort a) 0.1) (= (effort b) 0.25))
      (:goal (and (not (on a)) (on b))) (:metric minimize (total-cost)))";
    let model = model(LIGHTS, problem);
    let task = ground(&model, GroundOptions::default());
    let written = Written::new(&model);
    let cost = optimal(&written, &model, &task, HeuristicKind::Blind).expect("there is a plan");
    assert!(is_close(cost, 0.35));
    assert!(!task.has_uniform_cost);
}

#[test]
fn a_total_cost_that_shrinks_is_an_error_and_any_other_metric_is_not_supported() {
    let domain = |effect: &str| {
        format!(
            "(define (domain d) (:predicates (p)) (:functions (total-cost) (fuel))
              (:action a :parameters () :precondition () :effect (and (p) {effect})))"
        )
    };
    let problem = |metric: &str| {
        format!(
            "(define (problem p) (:domain d) (:init (= (total-cost) 0) (= (fuel) 5)) (:goal (p))
              (:metric minimize {metric}))"
        )
    };
    let cases = [
        ("(increase (total-cost) (- 0 1))", "(total-cost)", "PD310"),
        ("(decrease (fuel) 1)", "(fuel)", "PD405"),
        ("(increase (fuel) 1)", "(- 0 (fuel))", "PD405"),
        ("(increase (fuel) 1)", "(* (fuel) (fuel))", "PD404"),
    ];
    for (effect, metric, code) in cases {
        let parsed = parse(&domain(effect), &problem(metric));
        let codes: Vec<String> = match parsed.model {
            None => parsed.diagnostics.into_iter().map(|found| found.code).collect(),
            Some(model) => match run(Ground::new(Arc::new(model), GroundOptions::default())) {
                Err(Failure::Diagnostics(found)) => found.into_iter().map(|found| found.code).collect(),
                other => panic!("{effect} {metric}: {other:?}"),
            },
        };
        assert!(codes.iter().any(|found| found == code), "{effect} {metric}: {codes:?}");
    }
}

/// A task in which a step costs what is left of a fluent that another one decreases, down to `least` at most.
fn paying(least: &str) -> (Arc<Model>, PddlTask) {
    let domain = format!(
        "(define (domain d) (:requirements :fluents :action-costs) (:predicates (paid) (at ?x) (next ?x ?y))
          (:functions (total-cost) (fuel))
          (:action drive :parameters (?x ?y) :precondition (and (at ?x) (next ?x ?y) (>= (fuel) {least}))
            :effect (and (not (at ?x)) (at ?y) (decrease (fuel) 2)))
          (:action pay :parameters () :precondition (at c)
            :effect (and (paid) (increase (total-cost) (fuel)))))"
    );
    let domain = domain.replace("(:predicates", "(:constants a b c) (:predicates");
    let problem = "(define (problem p) (:domain d) (:init (at a) (next a b) (next b c) (= (fuel) 3))
      (:goal (paid)) (:metric minimize (total-cost)))";
    let model = model(&domain, problem);
    let task = ground(&model, GroundOptions::default());
    (model, task)
}

#[test]
fn costs_that_other_actions_decrease_are_looked_at_where_they_arise() {
    for search in [SearchKind::Astar, SearchKind::Gbfs] {
        let engine =
            EngineConfig { search, heuristic: HeuristicKind::Blind.into(), ..EngineConfig::default() };
        let end = |task: &PddlTask| {
            let heuristic = engine.heuristic_for(&task.task, &task.instance);
            let policy = Policy::new(&engine);
            run(Search::new(&task.task, task.instance.clone(), heuristic, policy, 1 << 30, NoObserver))
        };
        let (_, never) = paying("2");
        assert_eq!(end(&never).end, SearchEnd::Unsolvable, "nothing costs less than nothing before that");
        let (model, once) = paying("0");
        let found = end(&once);
        assert_eq!(found.end, SearchEnd::NegativeCost);
        assert!(is_close(found.cost as f64 * once.task.unit, -1.0), "it costs {}", found.cost);
        let steps: Vec<_> = found.plan.iter().filter_map(|&id| once.step(&model, id)).collect();
        assert_eq!(
            steps.iter().map(|step| step.action.as_str()).collect::<Vec<_>>(),
            ["drive", "drive", "pay"]
        );
    }
}

#[test]
fn an_action_whose_changes_of_the_metric_make_up_for_each_other_is_planned_for() {
    let domain = "(define (domain d) (:requirements :fluents) (:predicates (p)) (:functions (f) (g))
      (:action a :parameters () :precondition () :effect (and (p) (decrease (f) 2) (increase (g) 5))))";
    let problem = "(define (problem p) (:domain d) (:init (= (f) 9) (= (g) 0)) (:goal (p))
      (:metric minimize (+ (f) (g))))";
    let model = model(domain, problem);
    let task = ground(&model, GroundOptions::default());
    assert_eq!(optimal(&Written::new(&model), &model, &task, HeuristicKind::Blind), Some(3.0));
}

#[test]
fn a_condition_that_cannot_hold_stays_so_beside_one_that_can() {
    let domain = "(define (domain d) (:requirements :adl) (:predicates (ready) (lit) (other))
      (:action unset :parameters (?x) :precondition () :effect (when (not (= ?x ?x)) (not (ready))))
      (:action light :parameters () :precondition (and (imply (ready) (not (ready))) (or (ready) (other)))
        :effect (lit)))";
    let problem = "(define (problem p) (:domain d) (:objects a) (:init (ready)) (:goal (lit)))";
    let task = ground(&model(domain, problem), GroundOptions::default());
    assert_eq!(task.counts.operators, 0);
}

#[test]
fn facts_have_names() {
    let problem = "(define (problem p) (:domain lights) (:objects a b)
      (:init (on a) (linked a b) (linked b a) (= (effort a) 1) (= (effort b) 1)) (:goal (and (not (on a)) (on b))))";
    let model = model(LIGHTS, problem);
    let task = ground(&model, GroundOptions::default());
    assert_eq!(task.state(&model, &task.instance.initial).atoms, ["on a"]);
    assert_eq!(task.reachable_atoms(&model), ["on a", "on b"]);
}
