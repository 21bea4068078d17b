//! Operators come in order of their names, and variables in that of the causal graph, in whatever order they are
//! written and found.

use std::sync::Arc;

use planscope::ground::pddl::{Ground, GroundOptions};
use planscope::lang;
use planscope::step::run;
use planscope::task::{Fact, OperatorId, VariableId};

/// Cars that drive between places and behind one another, written and declared backwards.
const DOMAIN: &str = "(define (domain backwards)
  (:predicates (at ?c ?p) (car ?c) (place ?p) (clear ?c))
  (:action park :parameters (?c ?d ?p)
    :precondition (and (car ?c) (car ?d) (place ?p) (clear ?c) (clear ?d) (at ?d ?p))
    :effect (and (not (clear ?d)) (at ?c ?p)))
  (:action drive :parameters (?c ?p ?q)
    :precondition (and (car ?c) (place ?p) (place ?q) (at ?c ?p) (clear ?c))
    :effect (and (not (at ?c ?p)) (at ?c ?q))))";
const PROBLEM: &str = "(define (problem few) (:domain backwards)
  (:objects q p c b a)
  (:init (place q) (place p) (car b) (car c) (car a) (clear c) (clear b) (clear a) (at c q) (at a p) (at b q))
  (:goal (and (at a q) (not (clear b)))))";

#[test]
fn operators_come_in_order_of_their_names() {
    let model = Arc::new(lang::pddl::parse(DOMAIN, PROBLEM).model.unwrap());
    let ground = run(Ground::new(Arc::clone(&model), GroundOptions::default())).ok().unwrap();
    let names: Vec<String> = (0..ground.task.operators.len() as u32)
        .map(|id| {
            let step = ground.step(&model, OperatorId(id)).unwrap();
            let arguments: Vec<String> = step.arguments.iter().map(ToString::to_string).collect();
            format!("{} {}", step.action, arguments.join(" "))
        })
        .collect();
    assert!(names.len() >= 20 && names.is_sorted(), "{names:?}");
}

#[test]
fn variables_come_after_those_that_influence_them() {
    let domain = "(define (domain chain) (:predicates (a) (b) (c) (d))
      (:action open-c :precondition (d) :effect (c))
      (:action open-a :precondition (and (b) (c)) :effect (a))
      (:action open-b :precondition (c) :effect (b))
      (:action open-d :effect (d)))";
    let problem = "(define (problem all) (:domain chain) (:init) (:goal (and (a) (b) (c) (d))))";
    let model = Arc::new(lang::pddl::parse(domain, problem).model.unwrap());
    let ground = run(Ground::new(Arc::clone(&model), GroundOptions::default())).ok().unwrap();
    let name = |variable| ground.fact_name(&model, Fact { variable: VariableId(variable), value: 1 });
    assert_eq!((0..4).map(name).collect::<Vec<_>>(), ["d", "c", "b", "a"]);
}
