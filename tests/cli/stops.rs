//! What ends a run on the command line before it has a plan: Ctrl-C, limits, and steps that nobody would pay for.

use std::fmt::Write;

use crate::command::{Run, files, run};

const DOMAIN: &str = "(define (domain d) (:requirements :adl)
  (:predicates (p ?x) (r ?a ?b) (g))
  (:action show :parameters (?x) :effect (p ?x))
  (:action pair :parameters (?a ?b) :precondition (p ?a) :effect (r ?a ?b))
  (:action win :parameters () :precondition PRECONDITION :effect (g)))";

/// A condition over three variables that does not fall apart into smaller ones.
const TRIPLES: &str = "(forall (?a ?b ?c) (or (r ?a ?b) (r ?b ?c)))";

/// A task with a condition on reaching the goal.
fn task(precondition: &str, objects: usize, goal: &str) -> (String, String) {
    let objects: String = (0..objects).map(|id| format!(" o{id}")).collect();
    let problem = format!("(define (problem q) (:domain d) (:objects{objects}) (:init) (:goal {goal}))");
    (DOMAIN.replace("PRECONDITION", precondition), problem)
}

/// Presses Ctrl-C while a task is worked on, once that holds so much memory.
#[cfg(target_os = "linux")]
fn interrupted((domain, problem): (String, String), options: &[&str], kibibytes: u64) -> Run {
    let (_folder, domain, problem) = files(&domain, &problem);
    let arguments =
        [&["plan", &domain, &problem, "--no-cache", "--json", "--memory", "8192"], options].concat();
    crate::command::interrupted(&arguments, |id| crate::command::resident_kib(id) >= kibibytes)
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_grounding_and_searching() {
    let four = "(exists (?a ?b ?c ?d) (and (not (p ?a)) (not (r ?b ?c)) (not (r ?c ?d))))";
    let steps = "(and (exists (?a) (not (p ?a))) (forall (?a) (r ?a ?a)))";
    let cases = [
        ("a condition over four variables", task(four, 300, "(g)"), &[][..], 30),
        ("a goal over three variables", task("(and)", 300, TRIPLES), &[], 60),
        ("a search that does not end", task(steps, 60, "(g)"), &["--search", "bfs"], 60),
    ];
    for (name, task, options, mebibytes) in cases {
        for at in [0, mebibytes << 10] {
            let run = interrupted(task.clone(), options, at);
            assert_eq!(run.code, Some(130), "{name}: {}", run.stderr);
            assert_eq!(run.json()["outcome"], "cancelled", "{name}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_reading_of_a_large_file() {
    let mut goal = String::from("(and");
    for at in 0..400_000 {
        let _ = write!(goal, " (r o{} o{})", at % 5, at % 7);
    }
    goal.push(')');
    let run = interrupted(task("(and)", 7, &goal), &[], 0);
    assert_eq!((run.code, &run.json()["outcome"]), (Some(130), &"cancelled".into()));
}

/// A task in which a step costs what is left of a fluent that another step decreases.
fn owing() -> (&'static str, &'static str) {
    let domain = "(define (domain d) (:requirements :fluents :action-costs)
      (:predicates (paid) (at ?x) (next ?x ?y)) (:functions (total-cost) (fuel))
      (:action drive :parameters (?x ?y) :precondition (and (at ?x) (next ?x ?y))
        :effect (and (not (at ?x)) (at ?y) (decrease (fuel) 2)))
      (:action pay :parameters (?x) :precondition (at ?x)
        :effect (and (paid) (increase (total-cost) (fuel)))))";
    let problem =
        "(define (problem q) (:domain d) (:objects a b c) (:init (at a) (next a b) (next b c) (= (fuel) 3))
      (:goal (and (paid) (at c))) (:metric minimize (total-cost)))";
    (domain, problem)
}

#[test]
fn a_step_that_would_cost_less_than_nothing_ends_a_search_and_is_named_with_its_state() {
    let (domain, problem) = owing();
    let (_folder, domain, problem) = files(domain, problem);
    for search in ["astar", "gbfs", "lazy"] {
        let options = ["plan", &domain, &problem, "--search", search, "--no-cache"];
        let text = run(&options);
        assert_eq!(text.code, Some(35), "{search}: {}{}", text.stdout, text.stderr);
        let said = "(pay c) would cost -1, which is less than nothing";
        assert!(text.stderr.contains(said) && text.stdout.is_empty(), "{search}: {}", text.stderr);

        let json = run(&[&options[..], &["--json"]].concat());
        assert_eq!(json.code, Some(35));
        let json = json.json();
        assert_eq!((&json["outcome"], &json["plan"]), (&"negative_cost".into(), &serde_json::Value::Null));
        let refused = &json["refused"];
        assert_eq!((&refused["step"], &refused["cost"]), (&"(pay c)".into(), &(-1.0).into()), "{json}");
        assert_eq!(refused["values"]["fuel"], -1.0, "{json}");
        assert!(refused["atoms"].as_array().is_some_and(|atoms| atoms.contains(&"at c".into())), "{json}");
        let after = refused["after"].as_array().expect("the steps before it");
        assert_eq!(after.iter().filter(|step| *step != "(pay a)" && *step != "(pay b)").count(), 2, "{json}");
    }
    // One of its searches has a plan before another one meets that step: the plan is the answer, and not optimal.
    let auto = run(&["plan", &domain, &problem, "--search", "auto", "--no-cache", "--json"]);
    let json = auto.json();
    assert_eq!((auto.code, &json["outcome"]), (Some(0), &"solved".into()), "{json}");
    assert_eq!(json["optimal"], false, "{json}");
}

#[test]
fn a_memory_limit_while_a_document_is_compiled_is_said_with_the_memory() {
    let numbers = (0..200).map(|at| at.to_string()).collect::<Vec<_>>().join(", ");
    let document = format!(
        r#"{{"format": "planscope-goap/1", "state": {{"n": 0}}, "actions": [{{"name": "add",
          "parameters": {{"i": [{numbers}], "j": [{numbers}]}}, "preconditions": {{"n": {{">=": "$i"}}}},
          "effects": {{"n": {{"+": "$j"}}}}}}], "goals": [{{"name": "g", "conditions": {{"n": 100000}}}}]}}"#
    );
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.goap.json");
    std::fs::write(&path, document).expect("it can be written");
    let path = path.to_str().expect("its path is UTF-8");
    let run = run(&["plan", path, "--no-cache", "--json", "--memory", "8"]);
    assert_eq!((run.code, &run.json()["outcome"]), (Some(22), &"memory_limit".into()));
    let said = run.json()["peak_memory_bytes"].as_u64().expect("a number");
    assert!(said > 3 << 20, "{said} bytes");
}

/// The memory that a run is said to have taken agrees with what the process had.
#[cfg(target_os = "linux")]
#[test]
fn a_memory_limit_while_a_goal_is_built_is_kept_by_the_process() {
    let (domain, problem) = task("(and)", 300, TRIPLES);
    let (_folder, domain, problem) = files(&domain, &problem);
    let options = ["plan", &domain, &problem, "--no-cache", "--json", "--memory", "64"];
    let (run, most_kib) = crate::command::with_peak(&options);
    assert_eq!((run.code, &run.json()["outcome"]), (Some(22), &"memory_limit".into()));
    let said = run.json()["peak_memory_bytes"].as_u64().expect("a number");
    assert!((48 << 20..=64 << 20).contains(&said), "{said} bytes");
    // What the program needs by itself comes on top, which is more where it is not optimised.
    assert!((said >> 10..128 << 10).contains(&most_kib), "{most_kib} KiB, {said} bytes are said");
}
