//! Texts of a few kilobytes that mean more than fits: grounding, checking and explaining them stop where they
//! are told to, and hold what they say they hold. Measured by what the allocator gives out, so that no clock
//! is needed.
#![cfg(not(target_arch = "wasm32"))]
#![expect(unsafe_code, reason = "an allocator that counts is an unsafe trait")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use planscope::ground::pddl::{Failure, Ground, GroundOptions};
use planscope::lang::pddl::{Model, parse};
use planscope::lang::plan::Step;
use planscope::step::{Budget, Progress, Stepper};
use planscope::validate::pddl::Replaying;
use support::large_pddl;

struct Counting;

static LIVE: AtomicIsize = AtomicIsize::new(0);
static MOST: AtomicIsize = AtomicIsize::new(0);
static GIVEN: AtomicIsize = AtomicIsize::new(0);

// SAFETY: hands every call to the system's allocator unchanged; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size() as isize;
        GIVEN.fetch_add(size, Ordering::Relaxed);
        MOST.fetch_max(LIVE.fetch_add(size, Ordering::Relaxed) + size, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MEBIBYTE: isize = 1 << 20;
/// Bytes that grounding may hold.
const LIMIT: isize = 12 * MEBIBYTE;
/// What it may hold beyond that: what a look at the memory can miss, and the lifted model.
const SLACK: isize = 4 * MEBIBYTE;
/// Bytes that one unit of work may allocate and give back.
const PER_UNIT: isize = 24 * MEBIBYTE;
/// Units after which a task is given up.
const UNITS: u64 = 6_000;

fn model(domain: &str, problem: &str) -> Arc<Model> {
    let parsed = parse(domain, problem);
    let found = parsed.diagnostics;
    Arc::new(parsed.model.unwrap_or_else(|| panic!("{found:?}\n{domain}\n{problem}")))
}

/// What grounding in single units came to.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Ground,
    MemoryLimit,
    GivenUp,
}

/// Grounds in single units and looks at each.
fn ground(name: &str, model: &Arc<Model>, limit: isize) -> End {
    let before = LIVE.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    let options = GroundOptions { memory_bytes: limit as u64, ..GroundOptions::default() };
    let mut ground = Ground::new(Arc::clone(model), options);
    for _ in 0..UNITS {
        let given = GIVEN.load(Ordering::Relaxed);
        let progress = ground.step(&mut Budget::units(1));
        let given = GIVEN.load(Ordering::Relaxed) - given;
        assert!(given <= PER_UNIT, "{name}: {given} bytes in one unit, {:?}", ground.phase());
        let most = MOST.load(Ordering::Relaxed) - before;
        assert!(most <= limit + SLACK, "{name}: {most} bytes held, {:?}", ground.phase());
        match progress {
            Progress::Done(Ok(_)) => return End::Ground,
            Progress::Done(Err(Failure::MemoryLimit)) => return End::MemoryLimit,
            Progress::Done(Err(other)) => panic!("{name}: {other:?}"),
            Progress::Pending => {}
        }
        let (held, said) = (LIVE.load(Ordering::Relaxed) - before, ground.memory_bytes() as isize);
        assert!((held - said).abs() <= SLACK, "{name}: {held} bytes are {said}, {:?}", ground.phase());
    }
    End::GivenUp
}

fn objects(count: usize) -> String {
    (0..count).map(|id| format!(" o{id}")).collect()
}

/// A condition that no atom leads to, over four variables.
const HARD: &str = "(forall (?a ?b ?c) (exists (?d) (or (p ?a) (not (q ?b ?d)) (not (q ?c ?a)) (= ?d ?b))))";

/// A task that asks for a condition, where its action has an effect.
fn asking(condition: &str, effect: &str, count: usize) -> Arc<Model> {
    let domain = format!(
        "(define (domain d) (:requirements :adl) (:predicates (p ?x) (q ?x ?y) (g))
          (:action show :parameters (?x) :effect (p ?x))
          (:action pair :parameters (?x ?y) :precondition (p ?x) :effect (q ?x ?y))
          (:action all :parameters () :precondition {condition} :effect (and (g) {effect})))"
    );
    let problem = format!(
        "(define (problem one) (:domain d) (:objects{}) (:init) (:goal (and (g) {condition})))",
        objects(count)
    );
    model(&domain, &problem)
}

/// A list of `count` conditions or effects, each made from its number.
fn listed(word: &str, count: usize, one: impl Fn(usize) -> String) -> String {
    format!("({word} {})", (0..count).map(one).collect::<String>())
}

/// A task whose two-place action compares numbers and reads constants in lists of many parts.
fn wide(precondition: &str, effect: &str, derived: &str, count: usize) -> Arc<Model> {
    let domain = format!(
        "(define (domain d) (:requirements :adl :fluents :derived-predicates) (:constants{})
          (:predicates (g) (q ?x ?y) (d ?x ?y)) (:functions (n ?x)) {derived}
          (:action pair :parameters (?x ?y) :effect (q ?x ?y))
          (:action count :parameters (?x) :effect (increase (n ?x) 1))
          (:action all :parameters (?x ?y) :precondition {precondition} :effect (and (g) {effect})))",
        objects(count)
    );
    let values: String = (0..count).map(|id| format!(" (= (n o{id}) {})", id % 7)).collect();
    let problem = format!("(define (problem one) (:domain d) (:objects) (:init{values}) (:goal (g)))");
    model(&domain, &problem)
}

/// Lists that are long in the text already, under each of very many bindings.
fn wide_ones() -> Vec<(&'static str, Arc<Model>)> {
    let sum = |id| format!(" (>= (+ (n ?x) (* (n ?y) {id})) (- (n ?y) {id}))");
    let either = |id| format!(" (or (q ?x o{}) (not (q ?y o{})))", id % 80, (3 * id) % 80);
    let when =
        |id| format!(" (when (and (q ?x o{id}) (not (q ?y o{id}))) (and (q ?y o{id}) (not (q ?x o{id}))))");
    let derived = format!("(:derived (d ?x ?y) {})", listed("and", 130, either));
    vec![
        ("many sums", wide(&listed("and", 120, sum), "", "", 80)),
        ("many disjunctions", wide(&listed("and", 80, either), "(not (q ?x ?y))", "", 80)),
        ("an axiom of disjunctions", wide("(d ?x ?y)", "", &derived, 80)),
        ("many conditional effects", wide("(and)", &listed("and", 80, when), "", 80)),
    ]
}

/// One test, so that no other one allocates beside it.
#[test]
fn no_unit_of_work_does_or_holds_more_than_it_may() {
    let mut ends = Vec::new();
    for seed in 0..160 {
        let (domain, problem) = large_pddl::task(seed, 20 + seed * 3);
        assert!(domain.len() + problem.len() < 12 << 10, "{} bytes", domain.len() + problem.len());
        let name = format!("seed {seed}");
        ends.push(ground(&name, &model(&domain, &problem), LIMIT));
    }
    assert!(ends.iter().filter(|end| **end == End::Ground).count() > 20, "{ends:?}");
    assert!(ends.iter().filter(|end| **end != End::Ground).count() > 20, "{ends:?}");

    assert_ne!(ground("a hard condition", &asking(HARD, "", 120), 2 * LIMIT), End::Ground);
    let block = "(forall (?a ?b ?c) (when (and (p ?a) (not (q ?b ?c))) (q ?a ?c)))";
    assert_ne!(ground("a block per triple", &asking("(and)", block, 150), 2 * LIMIT), End::Ground);

    let nested = "(forall (?a) (when (p ?a) (forall (?b) (when (not (q ?a ?b))
        (forall (?c) (when (q ?b ?c) (q ?a ?c)))))))";
    assert_ne!(ground("nested conditional effects", &asking("(and)", nested, 100), LIMIT), End::Ground);
    for (name, model) in wide_ones() {
        assert_ne!(ground(name, &model, LIMIT), End::Ground, "{name}");
    }

    // The validator goes through the same condition in units, too.
    let model = asking(HARD, "", 60);
    let plan = vec![Step { action: "all".into(), arguments: Vec::new() }];
    let mut replaying = Replaying::new(&model, plan);
    let mut units = 0;
    while matches!(replaying.step(&mut Budget::units(1)), Progress::Pending) && units < 1_000 {
        units += 1;
    }
    assert_eq!(units, 1_000, "it was not done in one piece");
}
