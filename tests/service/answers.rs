//! What the service answers: kept patterns, goals by policy, and the recording of a search.

use crate::support::generators::{classic, craft100, switchboard};
use crate::support::served::{Served, TURN, blind, greedy, optimal, request, served};
use planscope::lang::goap::canonical::{domain_bytes, instance_bytes};
use planscope::lang::goap::model::Value;
use planscope::lang::goap::parse;
use planscope::lang::plan::Step;
use planscope::plan::{Guarantee, Pattern, PatternKey};
use planscope::search::{HeuristicKind, Outcome, SearchKind, TraceHasher};
use planscope::service::{
    Became, GoalPolicy, GoalVerdict, KeptPlans, Limits, Provenance, Request, Response, ServiceConfig,
    StateRow,
};
use planscope::trace::{NodeStatus, TraceLimits};

async fn answer(test: &Served, request: Request) -> std::rc::Rc<Response> {
    let job = test.service.try_submit(request).unwrap();
    job.finished().await
}

fn cost(response: &Response) -> f64 {
    response.plan.as_ref().unwrap().cost
}

/// The same request, which a kept plan may answer.
fn reuse(request: Request) -> Request {
    Request { kept: KeptPlans::Reuse, ..request }
}

fn is_kept(response: &Response) -> bool {
    matches!(response.provenance, Provenance::Pattern { .. })
}

/// A task on which greedy search with the goal count finds a plan that costs more than the cheapest.
const TRAP: &str = r#"{
  "format": "planscope-goap/1",
  "state": { "at": { "enum": ["home", "road", "town"], "value": "home" } },
  "actions": [
    { "name": "fly", "preconditions": { "at": "home" }, "effects": { "at": "town" }, "cost": 9 },
    { "name": "walk", "preconditions": { "at": "home" }, "effects": { "at": "road" } },
    { "name": "ride", "preconditions": { "at": "road" }, "effects": { "at": "town" } }
  ],
  "goals": [ { "name": "arrive", "conditions": { "at": "town" } } ]
}"#;

#[test]
fn a_kept_plan_never_answers_for_another_engine_and_is_offered_beside_its_answer() {
    served(ServiceConfig::default(), async |test| {
        let cheapest = answer(&test, optimal(TRAP)).await;
        assert!(cheapest.optimal && cost(&cheapest).to_bits() == 2f64.to_bits());
        let first = request(TRAP, SearchKind::Bfs, HeuristicKind::Blind);
        let response = answer(&test, first.clone()).await;
        assert_eq!(
            (response.provenance.clone(), cost(&response).to_bits()),
            (Provenance::Search, 9f64.to_bits())
        );
        assert!(response.statistics.expanded > 0 && !response.optimal);
        let offer = response.offer.clone().unwrap();
        assert_eq!((offer.plan.cost.to_bits(), offer.optimal), (2f64.to_bits(), true));
        assert_eq!((offer.engine.as_str(), offer.goal.as_str()), ("A* · hmax", "arrive"));
        assert_eq!(Some(&offer.plan), cheapest.plan.as_ref());
        // The same engine again searches again, and has nothing better to be offered.
        let again = answer(&test, optimal(TRAP)).await;
        assert_eq!((again.statistics, again.offer.is_some()), (cheapest.statistics, false));
        // What is neither looked at nor kept is not offered.
        let unkept = Request { kept: KeptPlans::Ignore, ..first };
        assert!(answer(&test, unkept).await.offer.is_none());
    });
}

#[test]
fn a_run_that_ends_without_a_plan_is_offered_the_kept_one_already_while_it_goes_on() {
    served(ServiceConfig::default(), async |test| {
        answer(&test, optimal(TRAP)).await;
        let job = test.service.try_submit(Request { paused: true, ..greedy(TRAP) }).unwrap();
        job.step();
        while job.progress().statistics.expanded == 0 {
            test.turns(1).await;
        }
        assert_eq!(job.progress().offer.map(|offer| offer.plan.cost.to_bits()), Some(2f64.to_bits()));
        job.cancel();
        let response = job.finished().await;
        assert_eq!((response.outcome, response.plan.is_some()), (Some(Outcome::Cancelled), false));
        let kept = Response::of_offer(response.offer.as_ref().unwrap());
        assert!(is_kept(&kept) && kept.optimal && cost(&kept).to_bits() == 2f64.to_bits());
    });
}

#[test]
fn a_kept_plan_answers_where_that_is_asked_for_and_says_so() {
    served(ServiceConfig::default(), async |test| {
        let first = answer(&test, reuse(greedy(&craft100()))).await;
        assert_eq!(first.provenance, Provenance::Search);
        for uses in 1..=3 {
            let again = answer(&test, reuse(greedy(&craft100()))).await;
            let engine = "greedy · FF".to_owned();
            assert_eq!(again.provenance, Provenance::Pattern { engine, uses, successes: uses });
            assert_eq!(again.outcome, Some(Outcome::Solved));
            assert_eq!((again.plan.as_ref(), again.statistics.expanded), (first.plan.as_ref(), 0));
            assert!(!again.optimal);
        }
        // White space, comments and the order of keys do not matter; another cost does.
        let same = craft100().replace('\n', "  \n // again\n");
        assert!(is_kept(&*answer(&test, reuse(greedy(&same))).await));
        let other = craft100().replacen("\"cost\": 1", "\"cost\": 1.5", 1);
        assert!(!is_kept(&*answer(&test, reuse(greedy(&other))).await));
        let unkept = Request { kept: KeptPlans::Ignore, ..greedy(&craft100()) };
        assert!(!is_kept(&*answer(&test, unkept).await));
    });
}

#[test]
fn a_plan_that_is_not_optimal_never_answers_a_request_for_an_optimal_one() {
    served(ServiceConfig::default(), async |test| {
        let text = craft100();
        answer(&test, greedy(&text)).await;
        let optimal_one = answer(&test, reuse(optimal(&text))).await;
        assert_eq!(optimal_one.provenance, Provenance::Search);
        assert!(optimal_one.optimal && cost(&optimal_one).to_bits() == 22f64.to_bits());
        // The optimal one answers both from now on, and a worse one does not take its place.
        answer(&test, request(&text, SearchKind::Gbfs, HeuristicKind::GoalCount)).await;
        for request in [greedy(&text), optimal(&text)] {
            let again = answer(&test, reuse(request)).await;
            assert!(is_kept(&again));
            assert!(again.optimal && cost(&again).to_bits() == 22f64.to_bits());
        }
    });
}

#[test]
fn an_anytime_engine_that_is_stopped_answers_with_its_best_plan() {
    served(ServiceConfig::default(), async |test| {
        let text = craft100();
        let kept = cost(&*answer(&test, greedy(&text)).await);
        for goals in [GoalPolicy::Priority, GoalPolicy::Cheapest] {
            let limits = Limits { timeout: Some(7 * TURN), ..Limits::default() };
            let trace = Some(TraceLimits::default());
            let lama =
                Request { limits, goals, trace, ..request(&text, SearchKind::Lama, HeuristicKind::Ff) };
            let job = test.service.try_submit(lama).unwrap();
            let response = job.finished().await;
            // The greedy plan was kept, and is no answer: a better one is asked for.
            assert_eq!(response.provenance, Provenance::Search);
            assert_eq!(response.outcome, Some(Outcome::Solved), "{}", response.message);
            assert!(!response.optimal && cost(&response) <= kept, "{}", response.optimality);
            assert!(response.optimality.starts_with("not proven cheapest"), "{}", response.optimality);
            let improvements = job.progress().improvements;
            assert!(improvements.windows(2).all(|pair| pair[1].cost < pair[0].cost));
            let last = improvements.last().unwrap();
            assert!((last.cost - cost(&response)).abs() < 1e-9, "{last:?}");
            // What is shown is the search that found the plan, not the one that was stopped.
            let way = job.with_trace(|trace| trace.plan.len()).unwrap();
            assert!(way > response.plan.as_ref().unwrap().steps.len(), "{way} nodes");
        }
    });
}

#[test]
fn a_kept_plan_that_does_not_hold_is_not_trusted() {
    served(ServiceConfig::default(), async |test| {
        let model = parse(&classic()).model.unwrap();
        let instance = instance_bytes(&model, &model.goals[0].conditions);
        let key = PatternKey::new(&domain_bytes(&model), &instance, b"");
        let steps = vec![Step { action: "cook".to_owned(), arguments: Vec::new() }];
        let forged = Pattern::new(key, "goal".to_owned(), steps, 0.0, Guarantee::Optimal);
        test.environment.patterns.put(forged).await.unwrap();
        let response = answer(&test, optimal(&classic())).await;
        assert_eq!(response.provenance, Provenance::Search);
        assert_eq!((response.outcome, cost(&response).to_bits()), (Some(Outcome::Solved), 18f64.to_bits()));
        // It is forgotten, and what was found takes its place.
        let again = answer(&test, reuse(optimal(&classic()))).await;
        assert!(is_kept(&again) && cost(&again).to_bits() == 18f64.to_bits());
        // A plan that holds, at a cost that it does not have, is not trusted either.
        let kept = test.environment.patterns.get(key).await.unwrap().unwrap();
        test.environment.patterns.remove(key).await.unwrap();
        test.environment.patterns.put(Pattern { cost: 1.0, ..kept }).await.unwrap();
        assert!(!is_kept(&*answer(&test, reuse(optimal(&classic()))).await));
    });
}

/// Three goals over counters: dear and urgent, cheap, and one that cannot be reached.
const GOALS: &str = r#"{
  "format": "planscope-goap/1",
  "state": { "a": { "int": [0, 3], "value": 0 }, "b": 0, "c": false, "idle": true },
  "actions": [
    { "name": "add a", "effects": { "a": { "+": 1 } }, "cost": 5 },
    { "name": "add b", "effects": { "b": { "+": 1 } }, "cost": 2 }
  ],
  "goals": [
    { "name": "cheap", "priority": 1, "conditions": { "b": { ">=": 1 } } },
    { "name": "dear", "priority": 5, "conditions": { "a": 2 } },
    { "name": "never", "priority": 9, "conditions": { "c": true } },
    { "name": "asleep", "priority": 10, "when": { "idle": false }, "conditions": { "a": 1 } }
  ]
}"#;

fn verdicts(response: &Response) -> Vec<(&str, &GoalVerdict)> {
    response.goals.iter().map(|goal| (goal.name.as_str(), &goal.verdict)).collect()
}

fn planned(cost: f64, chosen: bool) -> GoalVerdict {
    GoalVerdict::Planned { cost, chosen }
}

#[test]
fn the_most_urgent_goal_with_a_plan_is_planned_for() {
    served(ServiceConfig::default(), async |test| {
        let response = answer(&test, optimal(GOALS)).await;
        assert_eq!(response.goal.as_deref(), Some("dear"));
        assert!(response.optimal && cost(&response).to_bits() == 10f64.to_bits());
        let expected = [
            ("asleep", &GoalVerdict::NotCandidate),
            ("never", &GoalVerdict::Failed(Outcome::Unsolvable)),
            ("dear", &planned(10.0, true)),
            ("cheap", &GoalVerdict::NotTried),
        ];
        assert_eq!(verdicts(&response), expected);
    });
}

#[test]
fn the_cheapest_plan_over_all_candidates_is_taken() {
    served(ServiceConfig::default(), async |test| {
        let cheapest = Request { goals: GoalPolicy::Cheapest, ..optimal(GOALS) };
        let response = answer(&test, cheapest).await;
        assert_eq!(response.goal.as_deref(), Some("cheap"));
        assert!(response.optimal && cost(&response).to_bits() == 2f64.to_bits());
        let expected = [
            ("asleep", &GoalVerdict::NotCandidate),
            ("never", &GoalVerdict::Failed(Outcome::Unsolvable)),
            ("dear", &planned(10.0, false)),
            ("cheap", &planned(2.0, true)),
        ];
        assert_eq!(verdicts(&response), expected);
    });
}

#[test]
fn equal_costs_go_to_the_more_urgent_goal_then_to_the_first() {
    served(ServiceConfig::default(), async |test| {
        let goal = |name: &str, priority: i64| {
            format!(r#"{{ "name": "{name}", "priority": {priority}, "conditions": {{ "{name}": true }} }}"#)
        };
        let document = |goals: [String; 3]| {
            let state = r#""x": false, "y": false, "z": false"#;
            let make =
                |name: &str| format!(r#"{{ "name": "make {name}", "effects": {{ "{name}": true }} }}"#);
            let actions = [make("x"), make("y"), make("z")].join(", ");
            let goals = goals.join(", ");
            format!(
                r#"{{ "format": "planscope-goap/1", "state": {{ {state} }}, "actions": [{actions}], "goals": [{goals}] }}"#
            )
        };
        let urgent = document([goal("x", 1), goal("y", 3), goal("z", 2)]);
        let equal = document([goal("z", 0), goal("y", 0), goal("x", 0)]);
        for (text, name) in [(urgent, "y"), (equal, "z")] {
            for goals in [GoalPolicy::Cheapest, GoalPolicy::Priority] {
                let response = answer(&test, Request { goals, ..optimal(&text) }).await;
                assert_eq!(response.goal.as_deref(), Some(name));
            }
        }
    });
}

#[test]
fn a_goal_that_hits_a_limit_leaves_the_best_plan_not_proven_cheapest() {
    served(ServiceConfig::default(), async |test| {
        let text =
            GOALS.replace(r#""conditions": { "a": 2 }"#, r#""conditions": { "b": { ">=": 100000000 } }"#);
        let limits = Limits { timeout: None, memory_bytes: 1 << 20 };
        let request =
            Request { goals: GoalPolicy::Cheapest, limits, kept: KeptPlans::Ignore, ..blind(&text) };
        let response = answer(&test, request.clone()).await;
        assert_eq!((response.outcome, response.goal.as_deref()), (Some(Outcome::Solved), Some("cheap")));
        assert!(!response.optimal && response.optimality.contains("not proven cheapest"));
        assert!(verdicts(&response).contains(&("dear", &GoalVerdict::Failed(Outcome::MemoryLimit))));
        assert!(response.peak_memory_bytes <= limits.memory_bytes);
        // By priority, too, a limit is no proof: the plan is for a less urgent goal.
        let response = answer(&test, Request { goals: GoalPolicy::Priority, ..request }).await;
        assert_eq!(response.goal.as_deref(), Some("cheap"));
        assert!(verdicts(&response).contains(&("dear", &GoalVerdict::Failed(Outcome::MemoryLimit))));
    });
}

#[test]
fn a_goal_that_is_named_is_planned_for_whatever_its_when_says() {
    served(ServiceConfig::default(), async |test| {
        let named = |name: &str| Request { goals: GoalPolicy::Named(name.to_owned()), ..optimal(GOALS) };
        let response = answer(&test, named("asleep")).await;
        assert_eq!((response.goal.as_deref(), cost(&response).to_bits()), (Some("asleep"), 5f64.to_bits()));
        let response = answer(&test, named("never")).await;
        assert_eq!(response.outcome, Some(Outcome::Unsolvable));
        assert!(response.explanation.is_some());
        let response = answer(&test, named("nobody")).await;
        assert_eq!(response.outcome, None);
        assert!(response.diagnostics.iter().any(|finding| finding.code == "GP302"));
    });
}

#[test]
fn without_a_candidate_there_is_a_message_of_its_own() {
    served(ServiceConfig::default(), async |test| {
        let text = GOALS.replace("\"priority\": 1,", r#""when": { "c": true },"#);
        let text = text.replace("\"priority\": 5,", r#""when": { "c": true },"#);
        let text = text.replace("\"priority\": 9,", r#""when": { "b": 7 },"#);
        let response = answer(&test, optimal(&text)).await;
        assert_eq!(response.outcome, Some(Outcome::Unsolvable));
        assert!(response.message.contains("candidate"), "{}", response.message);
        assert!(response.goals.iter().all(|goal| goal.verdict == GoalVerdict::NotCandidate));
    });
}

#[test]
fn a_goal_that_holds_already_has_the_empty_plan() {
    served(ServiceConfig::default(), async |test| {
        let text = GOALS.replace(r#""conditions": { "c": true }"#, r#""conditions": { "c": false }"#);
        for request in [optimal(&text), greedy(&text), blind(&text)] {
            let response = answer(&test, Request { kept: KeptPlans::Ignore, ..request }).await;
            assert_eq!((response.outcome, response.goal.as_deref()), (Some(Outcome::Solved), Some("never")));
            assert!(response.plan.as_ref().unwrap().steps.is_empty() && cost(&response) == 0.0);
        }
    });
}

#[test]
fn a_node_is_opened_as_it_was_at_a_time() {
    served(ServiceConfig::default(), async |test| {
        for request in [optimal(GOALS), greedy(GOALS)] {
            let job =
                test.service.try_submit(Request { trace: Some(TraceLimits::default()), ..request }).unwrap();
            job.finished().await;
            let (late, at) = job
                .with_trace(|trace| {
                    let late = *trace.expanded_node.last().unwrap();
                    (late, trace.expanded_at[late as usize])
                })
                .unwrap();
            assert!(at > 1, "the goal takes more than one expansion");
            let becomes = async |time| {
                let report = job.inspect(late, time).await.unwrap();
                report.operators.into_iter().map(|one| one.became)
            };
            assert!(
                becomes(Some(at - 1))
                    .await
                    .all(|became| matches!(became, Became::NotYet | Became::Irrelevant))
            );
            assert!(becomes(None).await.any(|became| !matches!(became, Became::NotYet | Became::Irrelevant)));
        }
    });
}

#[test]
fn a_node_with_thousands_of_bindings_is_opened_in_slices() {
    let numbers = (0..25).map(|number| number.to_string()).collect::<Vec<_>>().join(", ");
    let text = format!(
        r#"{{"format": "planscope-goap/1", "state": {{"a": 0, "b": 0, "c": 0, "done": false}},
        "actions": [{{"name": "try", "parameters": {{"x": [{numbers}], "y": [{numbers}], "z": [{numbers}]}},
            "preconditions": {{"a": "$x", "b": "$y", "c": "$z"}}, "effects": {{"done": true}}}}],
        "goals": [{{"name": "done", "conditions": {{"done": true}}}}]}}"#
    );
    served(ServiceConfig::default(), async |test| {
        let job = test
            .service
            .try_submit(Request { trace: Some(TraceLimits::default()), ..optimal(&text) })
            .unwrap();
        assert_eq!(job.finished().await.outcome, Some(Outcome::Solved));
        let before = test.sim.yields();
        let root = job.inspect(0, None).await.unwrap();
        assert!(test.sim.yields() > before + 3, "{} turns", test.sim.yields() - before);
        assert_eq!((root.operators.len(), root.truncated), (1, false));
        assert!(matches!(root.operators[0].became, Became::New { .. }));
    });
}

#[test]
fn a_node_can_be_opened_with_its_state_and_what_became_of_each_action() {
    served(ServiceConfig::default(), async |test| {
        let request = Request { trace: Some(TraceLimits::default()), ..optimal(GOALS) };
        let job = test.service.try_submit(request).unwrap();
        let response = job.finished().await;
        let root = job.inspect(0, None).await.unwrap();
        assert_eq!((root.parent, root.depth, root.step.clone()), (None, 0, None));
        let values = |rows: &[StateRow]| rows.iter().map(|row| row.to.clone()).collect::<Vec<_>>();
        assert_eq!(values(&root.state), response.plan.as_ref().unwrap().initial);
        assert_eq!(root.h, Some(10.0));
        assert_eq!(root.status, NodeStatus::Expanded);
        assert_eq!(root.operators.len(), 2, "both actions apply");
        let Became::New { node, h, f } = root.operators[0].became else { panic!("{:?}", root.operators) };
        assert_eq!((h, f), (Some(5.0), Some(10.0)));
        let child = job.inspect(node, None).await.unwrap();
        assert_eq!(child.step.as_ref().unwrap().action, "add a");
        assert_eq!((child.parent, child.depth, child.g.to_bits()), (Some(0), 1, 5f64.to_bits()));
        assert!(child.state.iter().map(|row| &row.from).eq(root.state.iter().map(|row| &row.to)));
        assert_eq!(child.state[0].to, Value::Int(1));
        let path = job.with_trace(|trace| trace.plan.clone()).unwrap();
        let goal = job.inspect(*path.last().unwrap(), None).await.unwrap();
        assert_eq!((goal.status, goal.g.to_bits()), (NodeStatus::Goal, 10f64.to_bits()));
        assert_eq!(job.inspect(1_000_000, None).await, None);
    });
}

#[test]
fn a_node_says_what_guides_the_search_there() {
    served(ServiceConfig::default(), async |test| {
        let trace = Some(TraceLimits::default());
        let guided = |search| Request { trace, ..request(&craft100(), search, HeuristicKind::Ff) };
        let job = test.service.try_submit(guided(SearchKind::LamaFirst)).unwrap();
        job.finished().await;
        let root = job.inspect(0, None).await.unwrap();
        let guidance = root.guidance.unwrap();
        let kinds: Vec<_> = guidance.estimates.iter().map(|one| one.heuristic).collect();
        assert_eq!(kinds, [HeuristicKind::Ff, HeuristicKind::Landmarks]);
        assert_eq!(guidance.estimates[0].estimate, root.h);
        assert!(guidance.alternates && guidance.has_preferred_queues && !guidance.draws);
        let preferred = root.operators.iter().filter(|operator| operator.is_preferred).count();
        assert!((1..root.operators.len()).contains(&preferred), "{preferred} of {}", root.operators.len());
        // Lazy search makes a state when it is its turn, and the recording was never full.
        let became = |wanted| root.operators.iter().filter(move |operator| operator.became == wanted).count();
        assert!(became(Became::NotGenerated) > 0);
        assert_eq!((became(Became::NotRecorded), became(Became::NotYet)), (0, 0));
        let landmarks = guidance.landmarks.unwrap();
        assert!(landmarks.future > 0 && landmarks.future < landmarks.total && landmarks.again == 0);
        assert!(landmarks.named.iter().all(|name| name.contains(" = ")), "{:?}", landmarks.named);
        // At the goal nothing is left.
        let path = job.with_trace(|trace| trace.plan.clone()).unwrap();
        let goal = job.inspect(*path.last().unwrap(), None).await.unwrap().guidance.unwrap();
        assert_eq!((goal.estimates[0].estimate, goal.landmarks.unwrap().future), (Some(0.0), 0));

        // A* takes the maximum, and prefers nothing.
        let job = test.service.try_submit(guided(SearchKind::AstarLmcut)).unwrap();
        job.finished().await;
        let root = job.inspect(0, None).await.unwrap();
        assert!(root.operators.iter().all(|operator| !operator.is_preferred));
        let guidance = root.guidance.unwrap();
        assert_eq!(guidance.estimates[0].estimate, root.h);
        assert!(guidance.landmarks.is_none() && !guidance.alternates && !guidance.has_preferred_queues);
    });
}

#[test]
fn a_recording_keeps_within_its_limits_and_counts_what_it_drops() {
    served(ServiceConfig::default(), async |test| {
        let text = switchboard(1, 8);
        let mut seen = Vec::new();
        for limits in [
            TraceLimits::default(),
            TraceLimits { nodes: 10, bytes: 1 << 20 },
            TraceLimits { nodes: 1_000, bytes: 4_000 },
        ] {
            let request = Request { trace: Some(limits), ..blind(&text) };
            let job = test.service.try_submit(request).unwrap();
            let response = job.finished().await;
            job.with_trace(|trace| {
                assert!(trace.len() <= limits.nodes as usize);
                let total = |kept: usize, dropped: u64| kept as u64 + dropped;
                assert_eq!(total(trace.len(), trace.dropped_nodes), response.statistics.registered);
                assert_eq!(total(trace.expansions(), trace.dropped_samples), response.statistics.expanded);
                let arrivals = response.statistics.generated + 1 - response.statistics.registered;
                assert_eq!(total(trace.arrivals.len(), trace.dropped_arrivals), arrivals);
                seen.push((trace.len(), trace.dropped_nodes));
            })
            .unwrap();
        }
        assert_eq!((seen[0], seen[1]), ((128, 0), (10, 118)));
        assert!(seen[2].1 > 0);
        // Without a recording there is none to look at.
        let job = test.service.try_submit(blind(&text)).unwrap();
        job.finished().await;
        assert!(job.with_trace(|_| ()).is_none() && job.inspect(0, None).await.is_none());
        assert_eq!(TraceHasher::default().expansions, 0);
    });
}

#[test]
fn equal_costs_are_equal_though_their_sums_of_floats_differ() {
    // 0.1 + 0.2 is more than 0.3 in floats, and as much at the scale of the costs.
    let text = r#"{"format": "planscope-goap/1", "state": {"a": false, "b": false, "r": false}, "actions": [
        {"name": "r1", "effects": {"r": true}, "cost": 0.1},
        {"name": "do_a", "preconditions": {"r": true}, "effects": {"a": true}, "cost": 0.2},
        {"name": "do_b", "effects": {"b": true}, "cost": 0.3}],
        "goals": [{"name": "a", "priority": 5, "conditions": {"a": true}},
            {"name": "b", "priority": 1, "conditions": {"b": true}}]}"#;
    served(ServiceConfig::default(), async |test| {
        let request = Request { goals: GoalPolicy::Cheapest, kept: KeptPlans::Ignore, ..optimal(text) };
        let response = answer(&test, request).await;
        assert_eq!(response.goal.as_deref(), Some("a"));
    });
}

#[test]
fn a_goal_that_is_passed_over_is_explained() {
    served(ServiceConfig::default(), async |test| {
        for goals in [GoalPolicy::Priority, GoalPolicy::Cheapest] {
            let request = Request { goals, kept: KeptPlans::Ignore, ..optimal(GOALS) };
            let response = answer(&test, request).await;
            assert_eq!(response.outcome, Some(Outcome::Solved));
            let never = response.goals.iter().find(|goal| goal.name == "never").unwrap();
            let why = never.explanation.as_ref().unwrap();
            assert!(why.chain.iter().any(|link| link.condition == "c = true"), "{why:?}");
            assert!(response.explanation.is_none());
        }
    });
}

#[test]
fn a_hard_goal_leaves_a_share_of_the_time_to_the_next() {
    served(ServiceConfig::default(), async |test| {
        let text =
            GOALS.replace(r#""conditions": { "a": 2 }"#, r#""conditions": { "b": { ">=": 100000000 } }"#);
        let limits = Limits { timeout: Some(10 * TURN), memory_bytes: 1 << 33 };
        let request =
            Request { goals: GoalPolicy::Priority, limits, kept: KeptPlans::Ignore, ..blind(&text) };
        let response = answer(&test, request).await;
        assert_eq!((response.outcome, response.goal.as_deref()), (Some(Outcome::Solved), Some("cheap")));
        assert!(verdicts(&response).contains(&("dear", &GoalVerdict::Failed(Outcome::TimeLimit))));
    });
}
