//! Limits on PDDL tasks of a size that is felt: each has its own end, and is kept.

use std::sync::Arc;

use planscope::examples::Generator;
use planscope::ground::pddl::{Failure, Ground, GroundOptions};
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
