//! Sessions: one compiled problem, planned for from states that change.

use std::time::Duration;

use crate::support::served::{Served, greedy, optimal, request, served};
use planscope::lang::goap::canonical::{domain_bytes, instance_bytes};
use planscope::lang::goap::model::Value as GoapValue;
use planscope::lang::goap::parse;
use planscope::lang::plan::Step;
use planscope::plan::PatternKey;
use planscope::search::{HeuristicKind, Outcome, SearchKind};
use planscope::service::{
    KeptPlans, Limits, ObserveError, Problem, Request, Response, ServiceConfig, Session,
};
use planscope::validate::Reason;
use serde_json::{Map, Value, json};

const CAMP: &str = r#"{
  "format": "planscope-goap/1",
  "state": {
    "at": { "enum": ["camp", "forest"], "value": "camp" },
    "wood": { "int": [0, 9], "value": 0 },
    "warmth": { "float": [0, 1], "value": 0.5 },
    "fire": false
  },
  "actions": [
    { "name": "walk", "preconditions": { "at": "camp" }, "effects": { "at": "forest" } },
    { "name": "return", "preconditions": { "at": "forest" }, "effects": { "at": "camp" } },
    { "name": "chop", "preconditions": { "at": "forest" }, "effects": { "wood": { "+": 1 } } },
    { "name": "light", "preconditions": { "at": "camp", "wood": { ">=": 2 } }, "effects": { "fire": true, "wood": { "-": 2 } } }
  ],
  "goals": [
    { "name": "warm", "priority": 2, "when": { "at": "camp" }, "conditions": { "fire": true } },
    { "name": "stocked", "priority": 1, "conditions": { "wood": { ">=": 1 } } }
  ]
}"#;

const DOMAIN: &str = "(define (domain move) (:requirements :typing :numeric-fluents :derived-predicates)
  (:types place truck)
  (:predicates (at ?t - truck ?p - place) (road ?from ?to - place) (stuck ?t - truck))
  (:functions (fuel ?t - truck))
  (:derived (stuck ?t - truck) (<= (fuel ?t) 0))
  (:action drive :parameters (?t - truck ?from ?to - place)
    :precondition (and (at ?t ?from) (road ?from ?to) (>= (fuel ?t) 1))
    :effect (and (not (at ?t ?from)) (at ?t ?to) (decrease (fuel ?t) 1))))";
const PROBLEM: &str = "(define (problem trip) (:domain move) (:objects a b c d - place red - truck)
  (:init (at red a) (road a b) (road b c) (= (fuel red) 5))
  (:goal (at red c)))";

fn facts(facts: &Value) -> Map<String, Value> {
    facts.as_object().unwrap().clone()
}

fn names(response: &Response) -> Vec<String> {
    response.plan.as_ref().unwrap().steps.iter().map(|step| step.action.clone()).collect()
}

async fn open(test: &Served, request: Request) -> Session {
    Session::open(&test.service, request).await.unwrap_or_else(|response| panic!("{}", response.message))
}

async fn planned(session: &Session) -> std::rc::Rc<Response> {
    session.plan().unwrap().finished().await
}

#[test]
fn a_changed_state_is_planned_for_and_compiles_nothing() {
    served(ServiceConfig::default(), async |test| {
        let mut session = open(&test, optimal(CAMP)).await;
        let misses = test.service.tasks().counters().misses;
        assert_eq!(names(&*planned(&session).await), ["walk", "chop", "chop", "return", "light"]);
        session.observe(&facts(&json!({ "wood": 1, "at": "forest" }))).unwrap();
        // The goal `warm` is no candidate there, and the other one holds already.
        let response = planned(&session).await;
        assert_eq!((response.goal.as_deref(), names(&response).len()), (Some("stocked"), 0));
        let response = session.plan_for("warm").unwrap().finished().await;
        assert_eq!(names(&response), ["chop", "return", "light"]);
        assert!(response.compiled_hit && response.diagnostics.is_empty());
        assert_eq!(session.state()["wood"], json!(1));
        // The text with these values has the same task, too.
        let changed = CAMP.replace(r#""int": [0, 9], "value": 0"#, r#""int": [0, 9], "value": 4"#);
        assert!(test.service.try_submit(optimal(&changed)).unwrap().finished().await.compiled_hit);
        assert_eq!(test.service.tasks().counters().misses, misses);
    });
}

#[test]
fn a_plan_from_an_observed_state_equals_that_of_a_document_which_begins_there() {
    served(ServiceConfig::default(), async |test| {
        let mut session = open(&test, Request { kept: KeptPlans::Ignore, ..optimal(CAMP) }).await;
        for wood in 0..=4 {
            session.observe(&facts(&json!({ "wood": wood }))).unwrap();
            let text =
                CAMP.replace(r#""int": [0, 9], "value": 0"#, &format!(r#""int": [0, 9], "value": {wood}"#));
            let fresh = Request { kept: KeptPlans::Ignore, ..optimal(&text) };
            let fresh = test.service.try_submit(fresh).unwrap().finished().await;
            let response = planned(&session).await;
            assert_eq!(response.plan, fresh.plan, "{wood}");
            assert_eq!(response.statistics, fresh.statistics, "{wood}");
        }
    });
}

#[test]
fn a_fork_has_a_state_of_its_own() {
    served(ServiceConfig::default(), async |test| {
        let session = open(&test, optimal(CAMP)).await;
        let mut fork = session.clone();
        fork.observe(&facts(&json!({ "wood": 2 }))).unwrap();
        assert_eq!(names(&*planned(&fork).await), ["light"]);
        assert_eq!(names(&*planned(&session).await).len(), 5);
        assert_eq!((session.state()["wood"].clone(), fork.state()["wood"].clone()), (json!(0), json!(2)));
    });
}

#[test]
fn what_a_variable_cannot_hold_is_refused_and_changes_nothing() {
    served(ServiceConfig::default(), async |test| {
        let mut session = open(&test, greedy(CAMP)).await;
        let before = session.state();
        for (given, said) in [
            (json!({ "wood": 2, "wod": 1 }), "there is no variable called \"wod\"; did you mean \"wood\"?"),
            (json!({ "wood": 10 }), "\"wood\" must be a whole number from 0 to 9, not 10"),
            (json!({ "wood": 1.5 }), "\"wood\" must be a whole number from 0 to 9, not 1.5"),
            (json!({ "warmth": 1.5 }), "\"warmth\" must be a number from 0 to 1, not 1.5"),
            (json!({ "at": "sea" }), "\"at\" must be one of camp, forest, not \"sea\""),
            (json!({ "fire": null }), "\"fire\" must be true or false, not null"),
        ] {
            assert_eq!(session.observe(&facts(&given)).unwrap_err().to_string(), said);
            assert_eq!(session.state(), before);
        }
        session.observe(&facts(&json!({ "wood": 2.0, "warmth": 1 }))).unwrap();
        assert_eq!(names(&*planned(&session).await), ["light"]);
    });
}

#[test]
fn a_plan_is_checked_from_the_present_state_without_a_search() {
    served(ServiceConfig::default(), async |test| {
        let mut session = open(&test, greedy(CAMP)).await;
        let step = |action: &str| Step { action: action.to_owned(), arguments: Vec::new() };
        let violation = session.check(vec![step("light")], None).await.unwrap_err().unwrap();
        assert!(matches!(violation.reason, Reason::Unmet { .. }) && violation.step == 0, "{violation:?}");
        session.observe(&facts(&json!({ "wood": 3 }))).unwrap();
        let plan = session.check(vec![step("light")], Some("warm")).await.unwrap();
        assert_eq!(plan.steps[0].changes.len(), 2);
        assert_eq!(session.check(Vec::new(), Some("worm")).await.unwrap_err(), None);
    });
}

#[test]
fn a_session_of_pddl_grounds_again_where_atoms_or_numbers_have_changed() {
    served(ServiceConfig::default(), async |test| {
        let problem = Problem::Pddl { domain: DOMAIN.into(), problem: PROBLEM.into() };
        let request = Request { problem, ..request("", SearchKind::Astar, HeuristicKind::Blind) };
        let mut session = open(&test, request).await;
        let first = planned(&session).await;
        assert!(first.compiled_hit && names(&first).len() == 2, "{}", first.message);
        // The road is closed; there is another one over `d`, which no operator of the first task uses.
        let closed = json!({ "(road b c)": false, "(road B D)": true, "road d c": true });
        session.observe(&facts(&closed)).unwrap();
        let round = planned(&session).await;
        assert!(!round.compiled_hit && names(&round).len() == 3);
        assert_eq!(round.plan.as_ref().unwrap().steps[1].arguments[2], GoapValue::Symbol("d".to_owned()));
        session.observe(&facts(&json!({ "(fuel red)": 2 }))).unwrap();
        assert_eq!(planned(&session).await.outcome, Some(Outcome::Unsolvable));
        assert_eq!(session.state()["(fuel red)"], json!(2.0));
        assert!(session.state().contains_key("(road d c)") && !session.state().contains_key("(road b c)"));
        for (given, said) in [
            (
                json!({ "(raod a b)": true }),
                "there is no predicate or function called \"raod\"; did you mean \"road\"?",
            ),
            (json!({ "(road a e)": true }), "there is no object called \"e\""),
            (json!({ "(road a)": true }), "\"(road a)\" takes 2 objects, and has 1"),
            (json!({ "(road a red)": true }), "\"(road a red)\" has red where it takes a place"),
            (json!({ "(road a b)": 1 }), "\"(road a b)\" must be true or false, not 1"),
            (json!({ "(fuel red)": true }), "\"(fuel red)\" must be a number, not true"),
            (json!({ "(stuck red)": true }), "\"(stuck red)\" is derived: observe what it is derived from"),
        ] {
            let error: ObserveError = session.observe(&facts(&given)).unwrap_err();
            assert_eq!(error.to_string(), said);
        }
    });
}

#[test]
fn a_session_of_a_broken_document_is_not_opened_and_says_why() {
    served(ServiceConfig::default(), async |test| {
        let response = Session::open(&test.service, greedy("{")).await.err().unwrap();
        assert!(response.diagnostics.iter().any(planscope::diagnostic::Diagnostic::is_error));
        assert!(response.message.starts_with("the document has"));
    });
}

/// A chain of rooms with a door between each two. A locked door can be unlocked, a walled one cannot.
fn rooms(count: usize, locked: &[usize], walled: &[usize]) -> String {
    let door = |door: usize| {
        let value = match door {
            _ if locked.contains(&door) => "locked",
            _ if walled.contains(&door) => "walled",
            _ => "open",
        };
        format!(r#""door{door}": {{ "enum": ["open", "locked", "walled"], "value": "{value}" }}"#)
    };
    let state: Vec<String> = (1..count).map(door).collect();
    let actions = (1..count).flat_map(|door| {
        let from = door - 1;
        [
            format!(
                r#"{{ "name": "go{door}", "preconditions": {{ "room": {from}, "door{door}": "open" }},
                "effects": {{ "room": {door} }} }}"#
            ),
            format!(
                r#"{{ "name": "unlock{door}", "preconditions": {{ "room": {from}, "door{door}": "locked" }},
                "effects": {{ "door{door}": "open" }}, "cost": 2 }}"#
            ),
        ]
    });
    let actions: Vec<String> = actions.collect();
    let last = count - 1;
    format!(
        r#"{{ "format": "planscope-goap/1",
        "state": {{ "room": {{ "int": [0, {last}], "value": 0 }}, {} }}, "actions": [ {} ],
        "goals": [ {{ "name": "out", "conditions": {{ "room": {last} }} }} ] }}"#,
        state.join(", "),
        actions.join(", ")
    )
}

#[test]
fn the_plan_of_a_similar_problem_is_repaired_where_reuse_is_asked_for() {
    served(ServiceConfig::default(), async |test| {
        let reuse = |text: &str| Request { kept: KeptPlans::Reuse, ..greedy(text) };
        let answer = async |request: Request| test.service.try_submit(request).unwrap().finished().await;
        let first = answer(reuse(&rooms(20, &[3, 15], &[]))).await;
        assert!(first.repair.is_none() && names(&first).len() == 21);
        // One door is not locked any more: the old plan still leads out, without unlocking it.
        let shorter = answer(reuse(&rooms(20, &[15], &[]))).await;
        let repair = shorter.repair.unwrap();
        assert_eq!((repair.kept, repair.added, repair.dropped), (20, 0, 1));
        assert!(repair.similarity > 0.7, "{}", repair.similarity);
        assert_eq!(shorter.statistics.expanded, 0);
        // Another door is locked: the old plan holds up to there.
        let longer = answer(reuse(&rooms(20, &[9, 15], &[]))).await;
        let repair = longer.repair.unwrap();
        assert_eq!((repair.kept, repair.added), (20, 1));
        assert_eq!(
            (names(&longer).len(), longer.plan.as_ref().unwrap().cost.to_bits()),
            (21, 23f64.to_bits())
        );
        // Each of them is a use of the plan that was repaired.
        let kept = async |text: &str| {
            let model = parse(text).model.unwrap();
            let instance = instance_bytes(&model, &model.goals[0].conditions);
            let key = PatternKey::new(&domain_bytes(&model), &instance, b"");
            test.environment.patterns.get(key).await.unwrap().unwrap()
        };
        for text in [rooms(20, &[3, 15], &[]), rooms(20, &[15], &[])] {
            let kept = kept(&text).await;
            assert_eq!((kept.uses, kept.successes, kept.failures()), (1, 1, 0));
        }
        // Nobody asked for reuse, an optimal plan was asked for, or nothing is similar.
        assert!(answer(greedy(&rooms(20, &[8], &[]))).await.repair.is_none());
        let proven = Request { kept: KeptPlans::Reuse, ..optimal(&rooms(20, &[7], &[])) };
        assert!(answer(proven).await.repair.is_none());
        assert!(answer(reuse(&rooms(21, &[7], &[]))).await.repair.is_none());
    });
}

#[test]
fn a_goal_that_is_out_of_reach_is_proven_so_though_a_similar_plan_is_known() {
    served(ServiceConfig::default(), async |test| {
        let reuse = |text: &str| Request { kept: KeptPlans::Reuse, ..greedy(text) };
        let answer = async |request: Request| test.service.try_submit(request).unwrap().finished().await;
        answer(reuse(&rooms(12, &[3], &[]))).await;
        let response = answer(reuse(&rooms(12, &[3], &[6]))).await;
        assert_eq!((response.outcome, response.repair), (Some(Outcome::Unsolvable), None));
        assert!(response.goals[0].explanation.is_some() || response.explanation.is_some());
        // It was proven once, from the start, beside what was searched from where the old plan ended.
        let alone = answer(greedy(&rooms(12, &[3], &[6]))).await;
        assert!(
            response.statistics.expanded <= 2 * alone.statistics.expanded + 1,
            "{:?}",
            response.statistics
        );
    });
}

/// `lamps` lamps that are switched one by one; the goal is that all are lit, and a lock besides, which nothing opens
/// in time.
fn lamps(lamps: usize, locked: bool) -> String {
    let state: Vec<String> = (0..lamps).map(|lamp| format!(r#""lamp{lamp}": false"#)).collect();
    let actions: Vec<String> = (0..lamps)
        .flat_map(|lamp| {
            [("on", false, true), ("off", true, false)].map(|(name, from, to)| {
                format!(
                    r#"{{ "name": "{name}{lamp}", "preconditions": {{ "lamp{lamp}": {from} }},
                "effects": {{ "lamp{lamp}": {to} }} }}"#
                )
            })
        })
        .collect();
    let goal: Vec<String> = (0..lamps).map(|lamp| format!(r#""lamp{lamp}": true"#)).collect();
    format!(
        r#"{{ "format": "planscope-goap/1", "state": {{ "locked": {locked}, "n": 0, {} }},
        "actions": [ {{ "name": "count", "effects": {{ "n": {{ "+": 1 }} }} }},
            {{ "name": "open", "preconditions": {{ "n": {{ ">=": 1000000 }} }}, "effects": {{ "locked": false }} }}, {} ],
        "goals": [ {{ "name": "light", "conditions": {{ "locked": false, {} }} }} ] }}"#,
        state.join(", "),
        actions.join(", "),
        goal.join(", ")
    )
}

#[test]
fn repairing_is_cancelled_and_bounded_as_every_search_is() {
    served(ServiceConfig::default(), async |test| {
        let reuse = |text: &str| Request { kept: KeptPlans::Reuse, ..greedy(text) };
        let first = test.service.try_submit(reuse(&lamps(12, false))).unwrap().finished().await;
        assert_eq!(names(&first).len(), 12);
        let limits = Limits { timeout: Some(Duration::from_millis(8)), memory_bytes: 1 << 30 };
        let limited = Request { limits, ..reuse(&lamps(12, true)) };
        let job = test.service.try_submit(limited).unwrap();
        let response = job.finished().await;
        assert_eq!((response.outcome, response.repair), (Some(Outcome::TimeLimit), None));
        assert!(response.statistics.expanded > 0);
        let job = test.service.try_submit(reuse(&lamps(12, true))).unwrap();
        while job.progress().statistics.expanded == 0 {
            test.turns(1).await;
        }
        job.cancel();
        assert_eq!(job.finished().await.outcome, Some(Outcome::Cancelled));
    });
}

#[test]
fn a_thousand_facts_of_a_thousand_objects_are_observed_at_once() {
    served(ServiceConfig::default(), async |test| {
        let places: Vec<String> = (0..1_000).map(|place| format!("p{place}")).collect();
        let problem = format!(
            "(define (problem trip) (:domain move) (:objects {} - place red - truck)
            (:init (at red p0) (= (fuel red) 5)) (:goal (at red p3)))",
            places.join(" ")
        );
        let problem = Problem::Pddl { domain: DOMAIN.into(), problem: problem.into() };
        let request = Request { problem, ..request("", SearchKind::Astar, HeuristicKind::Blind) };
        let mut session = open(&test, request).await;
        assert_eq!(planned(&session).await.outcome, Some(Outcome::Unsolvable));
        let roads = (1..1_000).map(|place| (format!("(road p{} p{place})", place - 1), json!(true)));
        session.observe(&roads.collect()).unwrap();
        assert_eq!(names(&*planned(&session).await).len(), 3);
        assert_eq!(session.state().len(), 1_001);
    });
}
