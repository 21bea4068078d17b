//! Whatever the store does (it never answers, it fails, it is slow, it cannot be opened, it panics), each job
//! ends with its own outcome, and within its deadline.

use std::future::pending;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use crate::support::generators::{classic, switchboard};
use crate::support::served::{SLICE, TURN, Working, blind, greedy};
use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, select};
use planscope::cache::HashPatternCache;
use planscope::plan::{Pattern, PatternKey, Use, Uses};
use planscope::runtime::sim::Sim;
use planscope::runtime::{Pacing, Sleep, Yield};
use planscope::search::Outcome;
use planscope::service::{
    Environment, KeptPlans, LayeredPatterns, Limits, Phase, Problem, Request, Service, ServiceConfig,
};
use planscope::store::{PatternRecords, PatternStore, StoreError};

/// The deadline of every job here.
const TIMEOUT: Duration = Duration::from_secs(4);

/// What is wrong with a store.
#[derive(Clone, Copy, Debug)]
enum Fault {
    NeverAnswers,
    Fails,
    IsSlow(Duration),
}

/// A store, or the disk below one, with a fault.
struct Faulty {
    sim: Sim,
    fault: Fault,
}

impl Faulty {
    fn answer<T: 'static>(&self, slowly: T) -> LocalBoxFuture<'_, Result<T, StoreError>> {
        match self.fault {
            Fault::NeverAnswers => pending().boxed_local(),
            Fault::Fails => {
                async { Err(StoreError::Unavailable { detail: "the disk is gone".into() }) }.boxed_local()
            }
            Fault::IsSlow(time) => self.sim.sleep(time).map(|()| Ok(slowly)).boxed_local(),
        }
    }
}

impl PatternStore for Faulty {
    fn get(&self, _: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        self.answer(None)
    }

    fn put(&self, _: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.answer(())
    }

    fn record_use(&self, _: PatternKey, _: Use) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.answer(())
    }

    fn remove(&self, _: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.answer(())
    }
}

/// The disk below the patterns in memory: a database whose opening never ends, for one.
impl PatternRecords for Faulty {
    fn read(&self, _: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        self.answer(None)
    }

    fn keep(&self, _: Pattern) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        self.answer(None)
    }

    fn note_use(&self, _: PatternKey, _: Uses) -> Result<(), StoreError> {
        match self.fault {
            Fault::Fails => Err(StoreError::Unavailable { detail: "the disk is gone".into() }),
            Fault::NeverAnswers | Fault::IsSlow(_) => Ok(()),
        }
    }

    fn delete(&self, _: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        self.answer(())
    }

    fn list_after(
        &self,
        _: Option<PatternKey>,
        _: usize,
    ) -> LocalBoxFuture<'_, Result<Vec<Pattern>, StoreError>> {
        self.answer(Vec::new())
    }
}

/// Every store with a fault, by itself and below the patterns in memory.
fn stores(sim: &Sim) -> Vec<(String, Rc<dyn PatternStore>)> {
    let faults = [Fault::NeverAnswers, Fault::Fails, Fault::IsSlow(SLICE), Fault::IsSlow(2 * TIMEOUT)];
    let mut stores: Vec<(String, Rc<dyn PatternStore>)> = Vec::new();
    for fault in faults {
        let faulty = || Faulty { sim: sim.clone(), fault };
        stores.push((format!("a store: {fault:?}"), Rc::new(faulty())));
        let disk: Rc<dyn PatternRecords> = Rc::new(faulty());
        let layered = LayeredPatterns::new(Rc::new(HashPatternCache::default()), Some(disk), || 1.0);
        stores.push((format!("a disk: {fault:?}"), Rc::new(layered)));
    }
    stores
}

/// A document whose goal nothing reaches.
const UNREACHABLE: &str = r#"{"format": "planscope-goap/1", "state": {"a": false, "b": false},
    "actions": [{"name": "do", "effects": {"a": true}}], "goals": [{"name": "b", "conditions": {"b": true}}]}"#;

/// A request for each kind of outcome, and whether it is cancelled.
fn requests() -> Vec<(Option<Outcome>, Request, bool)> {
    let long = blind(&switchboard(1, 14));
    let limits = Limits { memory_bytes: 30_000, ..long.limits };
    let broken = Request::new(Problem::Goap { text: "{".into() });
    vec![
        (Some(Outcome::Solved), greedy(&classic()), false),
        (Some(Outcome::Unsolvable), greedy(UNREACHABLE), false),
        (Some(Outcome::MemoryLimit), Request { limits, ..blind(&switchboard(1, 10)) }, false),
        (Some(Outcome::TimeLimit), long.clone(), false),
        (Some(Outcome::Cancelled), long, true),
        (None, broken, false),
    ]
}

/// Runs `test` beside a service.
fn beside<T>(sim: &Sim, environment: Environment, test: impl AsyncFnOnce(Service) -> T) -> T {
    let (service, running) = Service::new(environment, ServiceConfig::default());
    let (test, running) = (pin!(test(service)), pin!(running));
    sim.run(async {
        match select(test, running).await {
            Either::Left((output, _)) => output,
            Either::Right(((), test)) => test.await,
        }
    })
}

fn working(sim: &Sim) -> Pacing {
    Pacing { clock: Rc::new(Working(sim.clone())), ..sim.pacing() }
}

#[test]
fn every_outcome_comes_in_time_whatever_the_store_does() {
    let sim = Sim::with_yield_cost(TURN);
    for (name, store) in stores(&sim) {
        beside(&sim, Environment::new(working(&sim), store), async |service| {
            for kept in [KeptPlans::Ignore, KeptPlans::Offer, KeptPlans::Reuse] {
                for (outcome, request, is_cancelled) in requests() {
                    let limits = Limits { timeout: Some(TIMEOUT), ..request.limits };
                    let job = service.try_submit(Request { kept, limits, ..request }).unwrap();
                    if is_cancelled {
                        while job.progress().phase == Phase::Queued {
                            sim.yield_now().await;
                        }
                        sim.yield_now().await;
                        job.cancel();
                    }
                    let response = job.finished().await;
                    assert_eq!(response.outcome, outcome, "{name}, {kept:?}: {}", response.message);
                    let elapsed = job.progress().elapsed;
                    assert!(elapsed <= TIMEOUT + 10 * SLICE, "{name}, {kept:?}, {outcome:?}: {elapsed:?}");
                }
            }
        });
    }
}

#[test]
fn a_grounding_that_another_job_holds_ends_with_the_deadline_of_who_waits() {
    let sim = Sim::with_yield_cost(TURN);
    let store = Rc::new(Faulty { sim: sim.clone(), fault: Fault::NeverAnswers });
    beside(&sim, Environment::new(working(&sim), store), async |service| {
        let text = switchboard(1, 14);
        let holder = service.try_submit(Request { kept: KeptPlans::Ignore, ..blind(&text) }).unwrap();
        while holder.progress().phase != Phase::Ground {
            sim.yield_now().await;
        }
        holder.pause();
        for (outcome, is_cancelled) in [(Outcome::TimeLimit, false), (Outcome::Cancelled, true)] {
            let limits = Limits { timeout: Some(TIMEOUT), ..Limits::default() };
            let request = Request { kept: KeptPlans::Reuse, limits, ..blind(&text) };
            let job = service.try_submit(request).unwrap();
            if is_cancelled {
                sim.yield_now().await;
                job.cancel();
            }
            assert_eq!(job.finished().await.outcome, Some(outcome));
            assert!(job.progress().elapsed <= TIMEOUT + 10 * SLICE, "{:?}", job.progress().elapsed);
        }
        assert!(holder.response().is_none());
        holder.cancel();
        assert_eq!(holder.finished().await.outcome, Some(Outcome::Cancelled));
    });
}

/// A store that has a fault of its own.
struct Panics;

impl PatternStore for Panics {
    fn get(&self, _: PatternKey) -> LocalBoxFuture<'_, Result<Option<Pattern>, StoreError>> {
        panic!("the store has a fault")
    }

    fn put(&self, _: Pattern) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        panic!("the store has a fault")
    }

    fn record_use(&self, _: PatternKey, _: Use) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        panic!("the store has a fault")
    }

    fn remove(&self, _: PatternKey) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        panic!("the store has a fault")
    }
}

#[test]
fn a_panic_is_an_answer_of_its_own_and_ends_no_other_job() {
    let sim = Sim::with_yield_cost(TURN);
    beside(&sim, Environment::new(working(&sim), Rc::new(Panics)), async |service| {
        let failed = service.try_submit(greedy(&classic())).unwrap().finished().await;
        assert_eq!(failed.outcome, Some(Outcome::Fault));
        assert!(failed.plan.is_none() && failed.message.contains("fault of the planner"));
        let other = Request { kept: KeptPlans::Ignore, ..greedy(&classic()) };
        assert_eq!(service.try_submit(other).unwrap().finished().await.outcome, Some(Outcome::Solved));
    });
}
