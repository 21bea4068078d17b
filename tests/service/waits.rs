//! Nothing that a job waits for outlasts the job: not a store, not another job's compilation, not the
//! queue, not the event loop.

use std::any::Any;
use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use crate::support::generators::{classic, craft100, switchboard};
use crate::support::served::{Served, TURN, blind, greedy, served};
use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, select};
use planscope::ground::pddl::Ground;
use planscope::plan::{Pattern, PatternKey, Use};
use planscope::runtime::sim::Sim;
use planscope::runtime::{Clock, Pacing, Yield};
use planscope::search::Outcome;
use planscope::service::{
    Environment, Job, KeptPlans, Limits, Phase, Problem, Provenance, Request, Service, ServiceConfig,
};
use planscope::store::{PatternStore, StoreError};

/// A store that never answers, as a database that another tab blocks.
struct Blocked;

impl PatternStore for Blocked {
    fn get(&self, _: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        pending().boxed_local()
    }

    fn put(&self, _: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        pending().boxed_local()
    }

    fn record_use(&self, _: PatternKey, _: Use) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        pending().boxed_local()
    }

    fn remove(&self, _: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        pending().boxed_local()
    }
}

/// Runs `test` beside a service on `environment`.
fn beside<T>(sim: &Sim, environment: Environment, test: impl AsyncFnOnce(Service) -> T) -> T {
    let (service, running) = Service::new(environment, ServiceConfig { queue: 100, max_in_flight: 2 });
    let (test, running) = (pin!(test(service)), pin!(running));
    sim.run(async {
        match select(test, running).await {
            Either::Left((output, _)) => output,
            Either::Right(((), test)) => test.await,
        }
    })
}

#[test]
fn a_store_that_never_answers_holds_no_job_up() {
    let sim = Sim::with_yield_cost(TURN);
    beside(&sim, Environment::new(sim.pacing(), Rc::new(Blocked)), async |service| {
        for _ in 0..80 {
            for kept in [KeptPlans::Offer, KeptPlans::Reuse] {
                let response =
                    service.try_submit(Request { kept, ..greedy(&classic()) }).unwrap().finished().await;
                assert_eq!(response.outcome, Some(Outcome::Solved));
                assert_eq!(response.provenance, Provenance::Search);
            }
        }
    });
}

#[test]
fn a_job_that_waits_for_the_store_can_be_cancelled_and_keeps_its_deadline() {
    let sim = Sim::with_yield_cost(TURN);
    let clock = sim.clone();
    beside(&sim, Environment::new(sim.pacing(), Rc::new(Blocked)), async |service| {
        let limits = Limits { timeout: Some(30 * TURN), ..Limits::default() };
        let ask = || Request { kept: KeptPlans::Reuse, limits, ..greedy(&classic()) };
        let late = service.try_submit(ask()).unwrap();
        assert_eq!(late.finished().await.outcome, Some(Outcome::TimeLimit));
        assert!(late.progress().elapsed <= 31 * TURN, "{:?}", late.progress().elapsed);
        let cancelled = service.try_submit(ask()).unwrap();
        for _ in 0..10 {
            clock.yield_now().await;
        }
        cancelled.cancel();
        assert_eq!(cancelled.finished().await.outcome, Some(Outcome::Cancelled));
    });
}

thread_local! {
    /// Groundings that were handed to the platform.
    static DISCARDED: Cell<usize> = const { Cell::new(0) };
}

#[test]
fn what_a_cancelled_grounding_holds_is_left_to_the_platform() {
    let sim = Sim::with_yield_cost(TURN);
    let clock = sim.clone();
    let discard = |what: Box<dyn Any + Send>| {
        assert!(what.is::<Ground>());
        DISCARDED.set(DISCARDED.get() + 1);
    };
    let environment = Environment { discard, ..Environment::new(sim.pacing(), Rc::new(Blocked)) };
    beside(&sim, environment, async |service| {
        let domain = "(define (domain d) (:requirements :adl) (:predicates (q ?a ?b ?c))
          (:action add :parameters (?a ?b ?c) :effect (q ?a ?b ?c)))";
        let objects: String = (0..300).map(|id| format!(" o{id}")).collect();
        let problem =
            format!("(define (problem one) (:domain d) (:objects{objects}) (:init) (:goal (q o0 o1 o2)))");
        let problem = Problem::Pddl { domain: domain.into(), problem: problem.into() };
        let job = service.try_submit(Request { kept: KeptPlans::Ignore, ..Request::new(problem) }).unwrap();
        while job.progress().phase != Phase::Ground {
            clock.yield_now().await;
        }
        job.cancel();
        assert_eq!(job.finished().await.outcome, Some(Outcome::Cancelled));
    });
    assert_eq!(DISCARDED.get(), 1);
}

/// Lets another service, on the same caches, come as far as compiling, and then does nothing for it.
async fn stuck_compilation(test: &Served, request: Request) -> (Job, impl Future<Output = ()>) {
    let (other, running) = Service::new(test.environment.clone(), ServiceConfig::default());
    let job = other.try_submit(request).unwrap();
    let mut running = Box::pin(running);
    let until_compiling = poll_fn(|context| {
        assert!(running.as_mut().poll(context).is_pending(), "it has ended");
        if job.progress().phase == Phase::Ground { Poll::Ready(()) } else { Poll::Pending }
    });
    until_compiling.await;
    (job, running)
}

#[test]
fn who_waits_for_a_compilation_that_does_not_go_on_keeps_its_own_limits() {
    served(ServiceConfig::default(), async |test| {
        let text = craft100();
        let (_job, _running) = stuck_compilation(&test, greedy(&text)).await;
        let limits = Limits { timeout: Some(50 * TURN), ..Limits::default() };
        let late = test.service.try_submit(Request { limits, ..greedy(&text) }).unwrap();
        assert_eq!(late.finished().await.outcome, Some(Outcome::TimeLimit));
        assert!(late.progress().elapsed <= 51 * TURN, "{:?}", late.progress().elapsed);

        let cancelled = test.service.try_submit(greedy(&text)).unwrap();
        while cancelled.progress().phase != Phase::Ground {
            test.turns(1).await;
        }
        test.turns(10).await;
        cancelled.cancel();
        assert_eq!(cancelled.finished().await.outcome, Some(Outcome::Cancelled));

        // Paused meanwhile, it does not run out of time.
        let held = test.service.try_submit(Request { limits, paused: true, ..greedy(&text) }).unwrap();
        held.step();
        test.turns(200).await;
        assert!(held.response().is_none());
        held.resume();
        assert_eq!(held.finished().await.outcome, Some(Outcome::TimeLimit));
    });
}

#[test]
fn a_deadline_ends_the_wait_for_a_compilation_and_for_a_store_a_paused_one_too() {
    served(ServiceConfig::default(), async |test| {
        let text = craft100();
        let (stuck, _running) = stuck_compilation(&test, greedy(&text)).await;
        let ask = || Request { deadline: Some(50 * TURN), ..greedy(&text) };
        for is_paused in [false, true] {
            let submitted = test.sim.now();
            let job = test.service.try_submit(ask()).unwrap();
            while job.progress().phase != Phase::Ground {
                test.turns(1).await;
            }
            if is_paused {
                job.pause();
            }
            // What the other one does later does not help it.
            stuck.pause();
            assert_eq!(job.finished().await.outcome, Some(Outcome::TimeLimit));
            let late = test.sim.now().saturating_sub(submitted);
            assert!(50 * TURN <= late && late <= 51 * TURN, "{late:?}");
        }
    });
    let sim = Sim::with_yield_cost(TURN);
    let clock = sim.clone();
    beside(&sim, Environment::new(sim.pacing(), Rc::new(Blocked)), async |service| {
        let ask = || Request { kept: KeptPlans::Reuse, deadline: Some(30 * TURN), ..greedy(&classic()) };
        let job = service.try_submit(ask()).unwrap();
        assert_eq!(job.finished().await.outcome, Some(Outcome::TimeLimit));
        assert!(clock.now() <= 31 * TURN, "{:?}", clock.now());
    });
}

#[test]
fn a_paused_compilation_holds_nobody_else_up() {
    served(ServiceConfig::default(), async |test| {
        let text = craft100();
        let first = test.service.try_submit(greedy(&text)).unwrap();
        let second = test.service.try_submit(greedy(&text)).unwrap();
        while first.progress().phase != Phase::Ground {
            test.turns(1).await;
        }
        first.pause();
        assert_eq!(second.finished().await.outcome, Some(Outcome::Solved));
        first.resume();
        assert_eq!(first.finished().await.outcome, Some(Outcome::Solved));
        assert_eq!(test.service.tasks().counters().items, 1);
    });
}

#[test]
fn a_job_in_the_queue_is_cancelled_though_its_turn_never_comes() {
    served(ServiceConfig { queue: 2, max_in_flight: 1 }, async |test| {
        let held = test.service.try_submit(Request { paused: true, ..blind(&switchboard(1, 8)) }).unwrap();
        test.turns(5).await;
        let waiting: Vec<_> = (0..2).map(|_| test.service.try_submit(greedy(&classic())).unwrap()).collect();
        assert!(test.service.try_submit(greedy(&classic())).is_err());
        waiting[1].cancel();
        assert_eq!(waiting[1].finished().await.outcome, Some(Outcome::Cancelled));
        // Its place is free again, and the one before it keeps its own.
        let third = test.service.try_submit(greedy(&classic())).unwrap();
        held.cancel();
        assert_eq!(waiting[0].finished().await.outcome, Some(Outcome::Solved));
        assert_eq!(third.finished().await.outcome, Some(Outcome::Solved));
    });
}

/// An event loop that stops giving turns after a while.
struct Stalls {
    sim: Sim,
    turns_left: Cell<u32>,
}

impl Yield for Stalls {
    fn yield_now(&self) -> LocalBoxFuture<'static, ()> {
        match self.turns_left.get() {
            0 => pending().boxed_local(),
            left => {
                self.turns_left.set(left - 1);
                self.sim.yield_now()
            }
        }
    }
}

#[test]
fn an_event_loop_that_gives_no_turn_outlasts_neither_deadline_nor_cancellation() {
    let sim = Sim::with_yield_cost(TURN);
    let stalls = Rc::new(Stalls { sim: sim.clone(), turns_left: Cell::new(3) });
    let pacing = Pacing { yielder: Rc::clone(&stalls) as _, ..sim.pacing() };
    beside(&sim, Environment::new(pacing, Rc::new(Blocked)), async |service| {
        let long = |timeout| Request {
            limits: Limits { timeout, ..Limits::default() },
            ..Request::new(Problem::Goap { text: switchboard(1, 14).into() })
        };
        let late = service.try_submit(long(Some(Duration::from_secs(2)))).unwrap();
        assert_eq!(late.finished().await.outcome, Some(Outcome::TimeLimit));
        assert_eq!(stalls.turns_left.get(), 0);
        let cancelled = service.try_submit(long(None)).unwrap();
        sim.yield_now().await;
        cancelled.cancel();
        assert_eq!(cancelled.finished().await.outcome, Some(Outcome::Cancelled));
    });
}
