//! Operators and variables come in order of their names, in whatever order they are written and found.

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
fn operators_and_variables_come_in_order_of_their_names() {
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
    let least: Vec<String> = (0u32..)
        .zip(&ground.task.layout.domains)
        .filter_map(|(variable, &domain)| {
            let fact = |value| Fact { variable: VariableId(variable), value };
            let names = (0..domain).map(|value| ground.fact_name(&model, fact(value)));
            names.filter(|name| name.starts_with("at ") || name.starts_with("clear ")).min()
        })
        .collect();
    assert!(least.len() > 4 && least.is_sorted(), "{least:?}");
}
