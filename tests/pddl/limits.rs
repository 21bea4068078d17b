//! Limits on PDDL tasks of a size that is felt: each has its own end, and is kept.

use std::sync::Arc;

use planscope::examples::Generator;
use planscope::ground::pddl::{Failure, Ground, GroundOptions};
use planscope::heuristic::{Measure, OverRelaxation, Preparation};
use planscope::lang::pddl::{Model, parse};
use planscope::search::{EngineConfig, NoObserver, Policy, Search, SearchEnd, SearchKind};
use planscope::step::{Budget, Progress, Stepper, run};

const DOMAIN: &str = include_str!("../../www/examples/pddl/logistics.domain.pddl");

fn logistics(cities: u32) -> Arc<Model> {
    let parsed = parse(DOMAIN, &Generator::Logistics.problem(cities, 1));
    Arc::new(parsed.model.expect("generated problems are sound"))
}

#[test]
fn grounding_ends_at_the_memory_limit_and_keeps_to_it() {
    let limit = 2 << 20;
    let options = GroundOptions { memory_bytes: limit, ..GroundOptions::default() };
    let mut ground = Ground::new(logistics(20), options);
    let mut most = 0;
    let end = loop {
        let progress = ground.step(&mut Budget::units(50));
        most = most.max(ground.memory_bytes());
        if let Progress::Done(end) = progress {
            break end;
        }
    };
    assert!(matches!(end, Err(Failure::MemoryLimit)));
    assert!(most <= limit + limit / 2, "{most} of {limit} bytes");
}

/// Units that it takes to ground a task whose operators have a conditional effect per object.
fn units_to_ground(objects: usize) -> u64 {
    let domain = "(define (domain d) (:requirements :adl) (:predicates (p ?x) (q ?x) (chosen ?y))
      (:action go :parameters (?y) :precondition (chosen ?y)
        :effect (forall (?x) (when (p ?x) (and (q ?x) (not (p ?x))))))
      (:action back :parameters (?y) :precondition (chosen ?y)
        :effect (forall (?x) (when (not (q ?x)) (p ?x)))))";
    let each = |fact: &str| (0..objects).map(|id| fact.replace('#', &id.to_string())).collect::<String>();
    let problem = format!(
        "(define (problem one) (:domain d) (:objects {}) (:init (chosen o0) (chosen o1) {})
          (:goal (forall (?x) (q ?x))))",
        each("o# "),
        each("(p o#) ")
    );
    let model = Arc::new(parse(domain, &problem).model.expect("it is sound"));
    let mut ground = Ground::new(model, GroundOptions::default());
    let mut units = 0;
    while matches!(ground.step(&mut Budget::units(1)), Progress::Pending) {
        units += 1;
    }
    units
}

#[test]
fn conditional_effects_are_not_looked_at_once_more_for_each_of_them() {
    let (few, many) = (units_to_ground(200), units_to_ground(2000));
    assert!(many < 15 * few, "{few} units for 200 objects, {many} for 2000");
}

/// Pieces in which a heuristic is set up on a task where one action has a conditional effect for each pair of
/// objects, which changes a number.
fn pieces_to_set_up(objects: usize, kind: Option<OverRelaxation>) -> usize {
    let domain = "(define (domain d) (:requirements :adl :fluents) (:predicates (g)) (:functions (n ?x))
      (:action all :parameters () :effect (and (g)
        (forall (?a ?b) (when (> (n ?a) (n ?b)) (increase (n ?a) (n ?b))))))
      (:action one :parameters (?x) :effect (increase (n ?x) 1)))";
    let names: Vec<String> = (0..objects).map(|id| format!("o{id}")).collect();
    let values: String = names.iter().map(|name| format!("(= (n {name}) 0)")).collect();
    let problem = format!(
        "(define (problem one) (:domain d) (:objects {}) (:init {values})
          (:goal (and (g) (> (n o1) 3))))",
        names.join(" ")
    );
    let model = Arc::new(parse(domain, &problem).model.expect("it is sound"));
    let ground = run(Ground::new(model, GroundOptions::default())).expect("it fits");
    let (task, instance) = (ground.task, ground.instance);
    let mut preparation = match kind {
        Some(kind) => Preparation::new(&task, &instance, Measure::Cost, kind),
        None => Preparation::landmarks(&task, &instance, Measure::Cost),
    };
    let mut pieces = 0;
    while matches!(preparation, Preparation::Building(_)) {
        preparation.step(&mut Budget::units(1), u64::MAX).expect("there is no limit");
        pieces += 1;
    }
    pieces
}

#[test]
fn a_heuristic_takes_an_operator_of_many_conditional_effects_in_piece_by_piece() {
    for kind in [Some(OverRelaxation::Ff), Some(OverRelaxation::Lmcut), None] {
        let (few, many) = (pieces_to_set_up(30, kind), pieces_to_set_up(120, kind));
        // Sixteen times as many effects, and as many pieces at least as hold 64 of them.
        assert!(many > 120 * 120 / 64, "{kind:?}: {many} pieces");
        assert!(many < 40 * few, "{kind:?}: {few} pieces for 30 objects, {many} for 120");
    }
}

#[test]
fn setting_up_a_heuristic_keeps_to_the_memory_limit_however_it_is_cut() {
    let task = run(Ground::new(logistics(8), GroundOptions::default())).expect("it fits");
    let engine = EngineConfig { search: SearchKind::Gbfs, ..EngineConfig::default() };
    for units in [1, 1000, u64::MAX] {
        let limit = 64 << 10;
        let heuristic = engine.prepare(&task.task, &task.instance);
        let instance = task.instance.clone();
        let mut search =
            Search::new(&task.task, instance, heuristic, Policy::new(&engine), limit, NoObserver);
        let finished = loop {
            if let Progress::Done(finished) = search.step(&mut Budget::units(units)) {
                break finished;
            }
        };
        assert_eq!(finished.end, SearchEnd::MemoryLimit);
        assert_eq!(search.statistics().registered, 0, "it ended before the search");
        assert!(search.peak_memory_bytes() <= 2 * limit, "{} bytes", search.peak_memory_bytes());
    }
}
