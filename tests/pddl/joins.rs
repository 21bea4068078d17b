//! Disjunctions, quantifiers, conditional effects and axioms over sparse relations: what they come to, and that
//! the work grows with what results and not with what the types allow.

use std::fmt::Write as _;
use std::sync::Arc;

use planscope::ground::pddl::{Ground, GroundOptions, PddlTask};
use planscope::lang::pddl::parse;
use planscope::step::{Budget, Progress, Stepper};

/// A task over objects `o0`, `o1`, …, with its facts and its goal.
struct Shape {
    domain: &'static str,
    facts: fn(usize) -> String,
    goal: fn(usize) -> String,
}

impl Shape {
    /// The task of so many objects, and the units of work that grounding it took.
    fn ground(&self, objects: usize) -> (PddlTask, u64) {
        let mut names = String::new();
        (0..objects).for_each(|id| {
            let _ = write!(names, " o{id}");
        });
        let (facts, goal) = ((self.facts)(objects), (self.goal)(objects));
        let problem =
            format!("(define (problem one) (:domain d) (:objects{names}) (:init {facts}) (:goal {goal}))");
        let parsed = parse(self.domain, &problem);
        let found = parsed.diagnostics;
        let model = Arc::new(parsed.model.unwrap_or_else(|| panic!("{found:?}")));
        let mut ground = Ground::new(model, GroundOptions::default());
        let mut units = 0;
        loop {
            units += 1;
            if let Progress::Done(task) = ground.step(&mut Budget::units(1)) {
                return (task.expect("it fits"), units);
            }
        }
    }

    /// Asserts that four times the objects take at most about four times the work.
    fn assert_linear(&self, objects: usize) {
        let (few, many) = (self.ground(objects).1, self.ground(4 * objects).1);
        assert!(many < 6 * few, "{few} units for {objects} objects, {many} for four times as many");
    }
}

/// Facts of a relation between each object and the next.
fn chain(predicate: &str, objects: usize) -> String {
    (1..objects).map(|id| format!("({predicate} o{} o{id})", id - 1)).collect()
}

fn each(fact: &str, objects: usize) -> String {
    (0..objects).map(|id| fact.replace('#', &id.to_string())).collect()
}

const EITHER_WAY: Shape = Shape {
    domain: "(define (domain d) (:requirements :adl) (:predicates (at ?x) (road ?x ?y))
      (:action go :parameters (?x ?y) :precondition (and (at ?x) (or (road ?x ?y) (road ?y ?x)))
        :effect (and (not (at ?x)) (at ?y))))",
    facts: |objects| format!("(at o0) {}", chain("road", objects)),
    goal: |objects| format!("(at o{})", objects - 1),
};

#[test]
fn a_disjunction_of_static_atoms_is_joined() {
    assert_eq!(EITHER_WAY.ground(50).0.counts.operators, 2 * 49);
    EITHER_WAY.assert_linear(200);
}

const TWO_WAYS: Shape = Shape {
    domain: "(define (domain d) (:requirements :adl)
      (:predicates (at ?x) (road ?x ?y) (rail ?x ?y) (ticket) (via ?x))
      (:action pass :parameters (?x ?y ?z)
        :precondition (or (and (at ?x) (road ?x ?y) (road ?y ?z)) (and (at ?x) (ticket) (rail ?x ?y) (rail ?y ?z)))
        :effect (and (not (at ?x)) (at ?z) (via ?y))))",
    facts: |objects| format!("(at o0) (ticket) {} {}", chain("road", objects), chain("rail", objects / 2)),
    goal: |objects| format!("(or (via o{}) (via o1))", objects - 2),
};

#[test]
fn an_instance_that_two_alternatives_allow_is_one_operator() {
    // From each object at an even place two steps on; by rail the same again.
    assert_eq!(TWO_WAYS.ground(41).0.counts.instances, 20);
    TWO_WAYS.assert_linear(200);
}

/// A disjunction that binds only some of the parameters in each of its parts.
const OPEN_PARTS: Shape = Shape {
    domain:
        "(define (domain d) (:requirements :adl) (:predicates (at ?x) (p ?x) (r ?x ?y) (key ?y) (done ?y))
      (:action open :parameters (?x ?y)
        :precondition (and (r ?x ?y) (or (p ?x) (and (key ?y) (not (= ?x ?y))))) :effect (done ?y)))",
    facts: |objects| format!("(p o0) (key o3) (key o7) {}", chain("r", objects)),
    goal: |_| "(and (done o1) (done o3) (done o7))".into(),
};

#[test]
fn parts_of_a_disjunction_that_leave_parameters_open_are_joined_with_the_rest() {
    assert_eq!(OPEN_PARTS.ground(50).0.counts.instances, 3);
    OPEN_PARTS.assert_linear(200);
}

const MEETING: Shape = Shape {
    domain:
        "(define (domain d) (:requirements :adl) (:predicates (r ?x ?y) (s ?x ?y) (open ?x) (seen ?x) (met))
      (:action see :parameters (?x) :precondition (open ?x) :effect (seen ?x))
      (:action meet :parameters ()
        :precondition (exists (?x ?y ?z) (and (seen ?x) (seen ?y) (r ?x ?z) (s ?y ?z))) :effect (met)))",
    facts: |objects| {
        format!("{} {} {}", each("(open o#)", objects), chain("r", objects), chain("s", objects))
    },
    goal: |_| "(met)".into(),
};

#[test]
fn variables_under_exists_are_joined() {
    MEETING.assert_linear(200);
}

const WIDE: Shape = Shape {
    domain: "(define (domain d) (:requirements :adl) (:predicates (p ?x) (e ?a ?b ?c ?d) (g))
      (:action show :parameters (?x) :effect (p ?x))
      (:action win :parameters () :effect (g)
        :precondition (exists (?a ?b ?c ?d) (and (p ?a) (p ?b) (not (= ?c ?d)) (e ?a ?b ?c ?d)))))",
    facts: |_| "(e o0 o1 o2 o3) (e o4 o5 o6 o6)".into(),
    goal: |_| "(g)".into(),
};

#[test]
fn four_variables_of_one_atom_are_found_by_its_facts() {
    WIDE.assert_linear(100);
}

const COVER: Shape = Shape {
    domain: "(define (domain d) (:requirements :adl) (:predicates (edge ?x ?y) (in ?x) (hub ?x))
      (:action take :parameters (?x) :precondition (hub ?x) :effect (in ?x)))",
    facts: |objects| format!("(hub o0) {}", each("(edge o0 o#)", objects)),
    goal: |_| "(forall (?x ?y) (imply (edge ?x ?y) (or (in ?x) (in ?y))))".into(),
};

#[test]
fn a_goal_for_all_is_looked_at_where_it_could_fail() {
    COVER.assert_linear(300);
}

const READY: Shape = Shape {
    domain: "(define (domain d) (:requirements :adl) (:predicates (edge ?x ?y) (in ?x) (ready))
      (:action take :parameters (?x) :effect (in ?x))
      (:action end :parameters () :effect (ready)
        :precondition (and (forall (?x ?y) (or (not (edge ?x ?y)) (in ?x) (in ?y)))
          (forall (?x) (or (in ?x) (exists (?y) (and (edge ?x ?y) (in ?y))))))))",
    facts: |objects| chain("edge", objects),
    goal: |_| "(ready)".into(),
};

#[test]
fn a_precondition_for_all_goes_on_where_it_waited() {
    READY.assert_linear(200);
}

const SPREAD: Shape = Shape {
    domain: "(define (domain d) (:requirements :adl) (:predicates (edge ?x ?y) (lit ?x) (on) (r ?x ?y ?z))
      (:action spread :parameters ()
        :effect (and (on) (forall (?x ?y) (when (and (lit ?x) (or (edge ?x ?y) (edge ?y ?x))) (lit ?y)))
          (forall (?x ?y ?z) (when (and (lit ?x) (lit ?y) (lit ?z)) (not (r ?x ?y ?z)))))))",
    facts: |objects| format!("(lit o0) (r o0 o1 o2) {}", chain("edge", objects)),
    goal: |objects| format!("(and (on) (lit o{}) (not (r o0 o1 o2)))", objects - 1),
};

#[test]
fn conditional_effects_are_joined_and_deletes_are_found_by_what_can_be_deleted() {
    let (task, _) = SPREAD.ground(30);
    let operator = &task.task.operators[0];
    assert!(operator.conditional.len() <= 2 * 29 + 1, "{} effects", operator.conditional.len());
    SPREAD.assert_linear(150);
}

const NEAR: Shape = Shape {
    domain: "(define (domain d) (:requirements :adl :derived-predicates)
      (:predicates (edge ?x ?y) (at ?x) (near ?x) (hub ?x) (done))
      (:derived (near ?x) (or (at ?x) (exists (?y) (and (at ?y) (or (edge ?x ?y) (edge ?y ?x))))))
      (:action go :parameters (?x ?y) :precondition (and (at ?x) (edge ?x ?y)) :effect (and (not (at ?x)) (at ?y)))
      (:action end :parameters () :precondition (forall (?x) (imply (hub ?x) (near ?x))) :effect (done)))",
    facts: |objects| format!("(at o0) (hub o{}) {}", objects - 1, chain("edge", objects)),
    goal: |_| "(done)".into(),
};

#[test]
fn alternatives_of_an_axiom_are_joined() {
    NEAR.assert_linear(200);
}

const APART: Shape = Shape {
    domain: "(define (domain d) (:requirements :adl) (:predicates (q ?x) (r ?x) (s ?x))
      (:action show :parameters (?x) :effect (q ?x))
      (:action pair :parameters (?x) :precondition (q ?x) :effect (and (r ?x) (s ?x))))",
    facts: |_| String::new(),
    goal: |_| "(forall (?a ?b ?c) (or (q ?a) (r ?b) (s ?c)))".into(),
};

#[test]
fn what_shares_no_variable_is_not_multiplied() {
    APART.assert_linear(200);
}

#[test]
fn quantifiers_nested_sixty_deep_are_one() {
    let mut condition = "(and (p) (e ?x0 ?x59))".to_owned();
    for at in (0..60).rev() {
        condition = format!("(exists (?x{at}) {condition})");
    }
    let domain = format!(
        "(define (domain d) (:requirements :adl) (:predicates (p) (e ?a ?b) (g))
          (:action link :parameters (?a ?b) :effect (e ?a ?b))
          (:action win :parameters () :precondition {condition} :effect (g)))"
    );
    let nested = Shape { domain: domain.leak(), facts: |_| "(p)".into(), goal: |_| "(g)".into() };
    let (task, units) = nested.ground(3);
    assert!(!task.instance.goal.is_false && units < 300, "{units} units");
}
