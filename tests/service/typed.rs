//! What an answer is cannot be mistaken, and streams of requests are answered as they promise.

use std::error::Error;

use crate::support::generators::{classic, switchboard};
use crate::support::served::{blind, greedy, served};
use futures::{FutureExt, StreamExt, stream};
use planscope::diagnostic::Diagnostic;
use planscope::plan::{Pattern, PatternKey, Use};
use planscope::search::Outcome;
use planscope::service::{
    Answer, Environment, FaultCause, KeptPlans, Problem, Request, Service, ServiceConfig, Until,
};
use planscope::store::{PatternStore, StoreError};

use futures::future::LocalBoxFuture;
use std::rc::Rc;

/// A document whose goal nothing reaches.
const UNREACHABLE: &str = r#"{"format": "planscope-goap/1", "state": {"a": false, "b": false},
    "actions": [{"name": "do", "effects": {"a": true}}], "goals": [{"name": "b", "conditions": {"b": true}}]}"#;

fn pddl(domain: &str) -> Request {
    let problem = "(define (problem p) (:domain d) (:init) (:goal (and)))";
    Request::new(Problem::Pddl { domain: domain.into(), problem: problem.into() })
}

/// The name of an answer's kind.
fn kind(answer: &Answer<'_>) -> String {
    let has_errors = |found: &[Diagnostic]| found.iter().any(Diagnostic::is_error);
    match answer {
        Answer::Planned(plan) => format!("planned {}", plan.steps.len()),
        Answer::Compiled(_) => "compiled".into(),
        Answer::NoPlan(outcome) => format!("no plan: {outcome:?}"),
        Answer::Invalid(found) => format!("invalid {}", has_errors(found)),
        Answer::Unsupported(found) => format!("unsupported {}", has_errors(found)),
        Answer::ShutDown => "shut down".into(),
        Answer::Fault(fault) => format!("fault: {fault}"),
    }
}

#[test]
fn every_kind_of_answer_has_its_own_type_and_the_number_of_its_request() {
    served(ServiceConfig::default(), async |test| {
        let durative = "(define (domain d) (:requirements :durative-actions) (:predicates (p))
            (:durative-action a :parameters () :duration (= ?duration 1) :condition () :effect (at end (p))))";
        let cases = [
            (greedy(&classic()), "planned"),
            (Request { until: Until::Ground, ..greedy(&classic()) }, "compiled"),
            (greedy(UNREACHABLE), "no plan: Unsolvable"),
            (greedy("{"), "invalid true"),
            (pddl("(define (domain d) (:predicates (p))"), "invalid true"),
            (pddl(durative), "unsupported true"),
        ];
        for (request, expected) in cases {
            let job = test.service.try_submit(request).unwrap();
            let response = job.finished().await;
            assert_eq!(response.id, job.id());
            let kind = kind(&response.answer());
            assert!(kind.starts_with(expected), "{kind}, not {expected}");
        }
        let cancelled = test.service.try_submit(blind(&switchboard(1, 14))).unwrap();
        cancelled.cancel();
        assert_eq!(kind(&cancelled.finished().await.answer()), "no plan: Cancelled");
        test.service.shutdown(std::time::Duration::ZERO).await;
        let late = test.service.submit(greedy(&classic())).await;
        assert_eq!(kind(&late.finished().await.answer()), "shut down");
    });
}

/// A store that has a fault of its own.
pub struct Panics;

impl PatternStore for Panics {
    fn get(&self, _: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        async { panic!("the store has a fault") }.boxed_local()
    }

    fn put(&self, _: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        async { Ok(()) }.boxed_local()
    }

    fn record_use(&self, _: PatternKey, _: Use) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        async { Ok(()) }.boxed_local()
    }

    fn remove(&self, _: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        async { Ok(()) }.boxed_local()
    }
}

#[test]
fn a_fault_keeps_its_cause_and_is_not_blamed_on_the_document() {
    served(ServiceConfig::default(), async |test| {
        let environment = Environment { patterns: Rc::new(Panics), ..test.environment };
        let (service, running) = Service::new(environment, ServiceConfig::default());
        let asking = async {
            service.submit(Request { kept: KeptPlans::Ignore, ..greedy(&classic()) }).await.finished().await;
            let job = service.submit(greedy(&classic())).await;
            let response = job.finished().await;
            let Answer::Fault(fault) = response.answer() else { panic!("{:?}", response.outcome) };
            assert_eq!((fault.request, job.id()), (2, 2));
            assert_eq!(fault.cause, FaultCause::Panicked { message: "the store has a fault".into() });
            assert_eq!(fault.to_string(), "request 2 failed, which is a fault of the planner");
            let source = fault.source().unwrap().to_string();
            assert_eq!(source, "a part of the planner panicked: the store has a fault");
            assert!(response.diagnostics.iter().all(|found| !found.is_error()));
        };
        futures::select_biased! {
            () = asking.fuse() => {}
            () = running.fuse() => panic!("the service ended"),
        }
    });
}

/// Requests of which the first takes the longest, and the outcomes of their answers.
fn mixed() -> (Vec<Request>, [Option<Outcome>; 4]) {
    let slow = Request { pace: Some(200.0), ..greedy(&classic()) };
    let requests = vec![slow, greedy("{"), greedy(UNREACHABLE), greedy(&classic())];
    (requests, [Some(Outcome::Solved), None, Some(Outcome::Unsolvable), Some(Outcome::Solved)])
}

#[test]
fn a_stream_of_requests_is_answered_in_its_order() {
    served(ServiceConfig { queue: 2, max_in_flight: 2 }, async |test| {
        let (requests, expected) = mixed();
        let answers = test.service.respond(stream::iter(requests), 4);
        let answers: Vec<_> = answers.map(|answer| answer.outcome).collect().await;
        assert_eq!(answers, expected);
    });
}

#[test]
fn a_stream_of_requests_is_answered_as_the_answers_come() {
    served(ServiceConfig { queue: 2, max_in_flight: 2 }, async |test| {
        let (requests, expected) = mixed();
        let answers: Vec<_> = test.service.respond_as_completed(stream::iter(requests), 4).collect().await;
        let numbers: Vec<_> = answers.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 2, 3, 0]);
        assert!(answers.iter().all(|(number, answer)| answer.outcome == expected[*number as usize]));
    });
}

#[test]
fn no_more_requests_are_taken_from_a_stream_than_may_be_under_way_and_dropping_it_cancels_them() {
    served(ServiceConfig { queue: 8, max_in_flight: 2 }, async |test| {
        let taken = std::cell::Cell::new(0);
        let held = || Request { paused: true, ..blind(&switchboard(1, 8)) };
        let requests = stream::iter(0..100).map(|_| {
            taken.set(taken.get() + 1);
            held()
        });
        let mut answers = Box::pin(test.service.respond(requests, 5));
        assert!(answers.next().now_or_never().is_none());
        test.turns(20).await;
        assert!(answers.next().now_or_never().is_none());
        assert_eq!((taken.get(), test.service.waiting()), (5, 3));
        drop(answers);
        // Otherwise they would hold both places to run for ever.
        let job = test.service.submit(greedy(&classic())).await;
        assert_eq!(job.finished().await.outcome, Some(Outcome::Solved));
        assert_eq!(test.service.waiting(), 0);
    });
}
