//! Invariants on small domains, and on random ones against all reachable states.

mod explore;
mod random;
mod read;

use super::{Atoms, Cover, Covering, Groups, Instantiation, Invariant, MutexGroups, Synthesis, Synthesized};
use crate::lang::pddl::Model;
use crate::lang::pddl::model::PredicateId;
use crate::step::{Budget, Progress, Stepper, run};
use explore::{Atom, bindings, reachable};
use read::read;
use std::sync::Arc;

/// Atoms of all predicates.
struct AllAtoms {
    atoms: Vec<Atom>,
    indices: Vec<Vec<u32>>,
}

impl AllAtoms {
    fn new(model: &Model) -> Self {
        let mut atoms: Vec<Atom> = Vec::new();
        for (index, predicate) in model.predicates.iter().enumerate() {
            let arguments = bindings(model, &predicate.parameters, &[]);
            atoms.extend(arguments.into_iter().map(|arguments| (PredicateId(index as u32), arguments)));
        }
        let index = |atom: &Atom| atom.1.iter().map(|object| object.0).collect();
        let indices = atoms.iter().map(index).collect();
        Self { atoms, indices }
    }
}

impl Atoms for AllAtoms {
    fn len(&self) -> usize {
        self.atoms.len()
    }

    fn atom(&self, index: u32) -> (PredicateId, &[u32]) {
        (self.atoms[index as usize].0, &self.indices[index as usize])
    }
}

/// An invariant in words: predicates with the number of the parameter at each position, or `_`.
fn words(model: &Model, invariant: &Invariant) -> String {
    let part = |part: &super::Part| {
        let predicate = &model.predicates[part.predicate.0 as usize];
        let place = |position| {
            let parameter = part.parameters.iter().position(|&at| at == position);
            parameter.map_or("_".to_owned(), |parameter| parameter.to_string())
        };
        let places: Vec<String> = (0..predicate.parameters.len()).map(place).collect();
        format!("{}({})", predicate.name, places.join(" "))
    };
    let parts: Vec<String> = invariant.parts.iter().map(part).collect();
    parts.join(" + ")
}

fn invariants(domain: &str, problem: &str) -> Vec<String> {
    let model = Arc::new(read(domain, problem));
    let found = run(Synthesis::new(Arc::clone(&model), u64::MAX));
    assert!(found.is_complete);
    found.invariants.iter().map(|one| words(&model, one)).collect()
}

/// An action alone, over objects a, b, c of type t, d of type u.
fn of_actions(actions: &str) -> Vec<String> {
    let domain = format!(
        "(define (domain d) (:types t u) (:predicates (p ?x - t) (q ?x - t) (at ?x - t ?y - t) (on ?x - t ?y - t) (free)) {actions})"
    );
    invariants(&domain, "(define (problem p) (:objects a b c - t d - u))")
}

#[test]
fn blocks_have_the_invariants_of_the_paper() {
    let found = invariants(
        "(define (domain blocks) (:predicates (on ?x ?y) (ontable ?x) (clear ?x) (handempty) (holding ?x))
        (:action pick-up :parameters (?x) :precondition (and (clear ?x) (ontable ?x) (handempty))
          :effect (and (not (ontable ?x)) (not (clear ?x)) (not (handempty)) (holding ?x)))
        (:action put-down :parameters (?x) :precondition (holding ?x)
          :effect (and (not (holding ?x)) (clear ?x) (handempty) (ontable ?x)))
        (:action stack :parameters (?x ?y) :precondition (and (holding ?x) (clear ?y))
          :effect (and (not (holding ?x)) (not (clear ?y)) (clear ?x) (handempty) (on ?x ?y)))
        (:action unstack :parameters (?x ?y) :precondition (and (on ?x ?y) (clear ?x) (handempty))
          :effect (and (holding ?x) (clear ?y) (not (clear ?x)) (not (handempty)) (not (on ?x ?y)))))",
        "(define (problem p) (:objects a b))",
    );
    assert_eq!(
        found,
        ["handempty() + holding(_)", "on(_ 0) + clear(0) + holding(0)", "on(0 _) + ontable(0) + holding(0)"]
    );
}

#[test]
fn a_position_is_one_at_a_time() {
    let go = "(:action go :parameters (?x - t ?y - t ?z - t) :precondition (at ?x ?y)
        :effect (and (not (at ?x ?y)) (at ?x ?z)))";
    assert_eq!(of_actions(go), ["at(0 _)"]);
}

#[test]
fn a_delete_that_may_not_happen_balances_nothing() {
    let unmet = "(:action go :parameters (?x - t ?y - t ?z - t) :effect (and (not (at ?x ?y)) (at ?x ?z)))";
    assert!(of_actions(unmet).is_empty());
    let conditional = "(:action go :parameters (?x - t ?y - t ?z - t) :precondition (at ?x ?y)
        :effect (and (when (p ?x) (not (at ?x ?y))) (at ?x ?z)))";
    assert!(of_actions(conditional).is_empty());
    let disjunctive = "(:action go :parameters (?x - t ?y - t ?z - t) :precondition (or (at ?x ?y) (p ?x))
        :effect (and (not (at ?x ?y)) (at ?x ?z)))";
    assert!(of_actions(disjunctive).is_empty());
}

#[test]
fn an_add_under_a_condition_is_balanced_by_a_delete_under_the_same() {
    let same = "(:action go :parameters (?x - t ?y - t ?z - t) :precondition (at ?x ?y)
        :effect (and (when (p ?x) (not (at ?x ?y))) (when (and (p ?x) (free)) (at ?x ?z))))";
    assert_eq!(of_actions(same), ["at(0 _)"]);
    let other = "(:action go :parameters (?x - t ?y - t ?z - t) :precondition (at ?x ?y)
        :effect (and (when (p ?x) (not (at ?x ?y))) (when (not (p ?x)) (at ?x ?z))))";
    assert!(of_actions(other).is_empty());
}

#[test]
fn universal_effects_move_what_they_carry() {
    let carry = "(:action go :parameters (?y - t ?z - t) :precondition (p ?y)
        :effect (and (not (p ?y)) (p ?z) (forall (?x - t) (when (at ?x ?y) (and (not (at ?x ?y)) (at ?x ?z))))))";
    assert_eq!(of_actions(carry), ["p(_)", "at(0 _)"]);
}

#[test]
fn parameters_of_one_object_can_make_an_action_too_heavy() {
    let two = |inequality: &str| {
        format!(
            "(:action go :parameters (?x - t ?y - t ?a - t ?b - t ?c - t ?d - t)
            :precondition (and (at ?x ?a) (at ?y ?b) {inequality})
            :effect (and (not (at ?x ?a)) (not (at ?y ?b)) (at ?x ?c) (at ?y ?d)))"
        )
    };
    assert!(of_actions(&two("")).is_empty());
    assert_eq!(of_actions(&two("(not (= ?x ?y))")), ["at(0 _)"]);
}

#[test]
fn what_is_deleted_and_added_again_balances_nothing() {
    let again = "(:action go :parameters (?x - t ?y - t ?z - t) :precondition (and (p ?y) (p ?z))
        :effect (and (not (p ?y)) (q ?x) (p ?z)))";
    assert_eq!(of_actions(again), ["p(_)"]);
}

#[test]
fn an_atom_that_excludes_the_doubtful_case_is_counted() {
    // Where a box is put on itself, `p` is deleted and added again: only that it is carried excludes it.
    let put = "(:action put :parameters (?x - t ?y - t) :precondition (and (q ?x) (p ?y))
          :effect (and (not (q ?x)) (not (p ?y)) (p ?x) (on ?x ?y)))
        (:action take :parameters (?x - t ?y - t) :precondition (and (p ?x) (on ?x ?y))
          :effect (and (q ?x) (p ?y) (not (p ?x)) (not (on ?x ?y))))";
    assert!(of_actions(put).contains(&"p(0) + q(0) + on(_ 0)".to_owned()));
}

#[test]
fn types_keep_instances_apart() {
    let domain = |second: &str| {
        format!(
            "(define (domain d) (:types t u) (:predicates (at ?x ?y))
            (:action go :parameters (?x - t ?y - {second} ?a ?b ?c ?d)
            :precondition (and (at ?x ?a) (at ?y ?b))
            :effect (and (not (at ?x ?a)) (not (at ?y ?b)) (at ?x ?c) (at ?y ?d))))"
        )
    };
    let problem = "(define (problem p) (:objects a b - t c d - u))";
    assert_eq!(invariants(&domain("u"), problem), ["at(0 _)"]);
    assert!(invariants(&domain("t"), problem).is_empty());
}

#[test]
fn equal_terms_balance_each_other() {
    let equal =
        "(:action go :parameters (?x - t ?w - t ?y - t ?z - t) :precondition (and (at ?w ?y) (= ?x ?w))
        :effect (and (not (at ?w ?y)) (at ?x ?z)))";
    assert_eq!(of_actions(equal), ["at(0 _)"]);
}

#[test]
fn an_add_is_balanced_where_all_else_is_cleared() {
    let paint = "(:action paint :parameters (?x - t ?y - t)
        :effect (and (at ?x ?y) (forall (?z - t) (when (and (at ?x ?z) (not (= ?z ?y))) (not (at ?x ?z))))))";
    assert_eq!(of_actions(paint), ["at(0 _)"]);
    let some = "(:action paint :parameters (?x - t ?y - t)
        :effect (and (at ?x ?y) (forall (?z - t) (when (and (at ?x ?z) (p ?z)) (not (at ?x ?z))))))";
    assert!(of_actions(some).is_empty());
}

#[test]
fn the_limit_of_work_ends_a_synthesis_early_and_slices_do_not() {
    let domain = "(define (domain d) (:predicates (p ?x) (q ?x) (r ?x) (at ?x ?y))
        (:action go :parameters (?x ?y ?z) :precondition (at ?x ?y) :effect (and (not (at ?x ?y)) (at ?x ?z)))
        (:action a :parameters (?x) :precondition (p ?x) :effect (and (not (p ?x)) (q ?x)))
        (:action b :parameters (?x) :precondition (q ?x) :effect (and (not (q ?x)) (r ?x) )))";
    let model = Arc::new(read(domain, "(define (problem p) (:objects a b))"));
    let whole = run(Synthesis::new(Arc::clone(&model), u64::MAX));
    let cut = run(Synthesis::new(Arc::clone(&model), 12));
    assert!(whole.is_complete && !cut.is_complete && cut.invariants.len() < whole.invariants.len());
    assert_eq!(in_slices(Synthesis::new(Arc::clone(&model), u64::MAX)), whole);
    assert_eq!(in_slices(Synthesis::new(Arc::clone(&model), 12)), cut);
}

fn in_slices<S: Stepper>(mut stepper: S) -> S::Output {
    loop {
        if let Progress::Done(output) = stepper.step(&mut Budget::units(1)) {
            return output;
        }
    }
}

/// What all three steps find, in slices and at once.
fn cover(model: &Arc<Model>, atoms: &AllAtoms) -> (Synthesized, Groups, Covering) {
    let found = run(Synthesis::new(Arc::clone(model), u64::MAX));
    let mut whole = Instantiation::new(Arc::clone(model), found.invariants.clone());
    let Progress::Done(groups) = whole.step(atoms, &mut Budget::unlimited()) else { unreachable!() };
    let covering = run(Cover::new(groups.clone(), atoms.len()));
    let mut slices = MutexGroups::new(Arc::clone(model), u64::MAX);
    let sliced = loop {
        if let Progress::Done(covering) = slices.step(atoms, &mut Budget::units(1)) {
            break covering;
        }
    };
    assert_eq!(sliced, covering);
    (found, groups, covering)
}

#[test]
fn no_reachable_state_of_a_random_domain_breaks_a_group() {
    let mut found_in = 0;
    let mut checked = 0;
    for seed in 0..1500 {
        let (domain, problem) = random::task(seed);
        let model = Arc::new(read(&domain, &problem));
        let atoms = AllAtoms::new(&model);
        let (found, groups, covering) = cover(&model, &atoms);
        assert!(found.is_complete);
        check_covering(&groups, &covering, atoms.len());
        let groups: Vec<&[u32]> = groups.iter().filter(|group| group.len() > 1).collect();
        if groups.is_empty() {
            continue;
        }
        found_in += 1;
        let states = reachable(&model, 300);
        for state in &states {
            for group in &groups {
                let holds = group.iter().filter(|&&atom| state.contains(&atoms.atoms[atom as usize]));
                let holding: Vec<&Atom> = holds.map(|&atom| &atoms.atoms[atom as usize]).collect();
                let found: Vec<String> = found.invariants.iter().map(|one| words(&model, one)).collect();
                assert!(holding.len() < 2, "seed {seed}: {holding:?} of {found:?}\n{domain}\n{problem}");
            }
        }
        checked += usize::from(states.len() > 3);
    }
    assert!(found_in > 200 && checked > 100, "{found_in} with groups, {checked} of them with states");
}

fn check_covering(groups: &Groups, covering: &Covering, atoms: usize) {
    let mut count = vec![0; atoms];
    let chosen = covering.groups.iter().flatten().chain(&covering.rest);
    chosen.for_each(|&atom| count[atom as usize] += 1);
    assert!(count.iter().all(|&count| count == 1));
    let largest = groups.iter().map(<[u32]>::len).max().unwrap_or(0);
    assert_eq!(covering.groups.iter().map(<[u32]>::len).max().unwrap_or(0), largest);
    for group in covering.groups.iter() {
        assert!(group.len() > 1 && groups.iter().any(|whole| group.iter().all(|atom| whole.contains(atom))));
    }
}
