//! Many thousands of requests of all kinds, with cancellations, deadlines, broken documents and panics among them:
//! each is answered exactly once and with the right type, in order where that is promised, and memory stays flat.
#![cfg(all(not(target_arch = "wasm32"), feature = "native"))]
#![expect(unsafe_code, reason = "an allocator that counts is an unsafe trait")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/live.rs"]
mod live;
#[path = "soak/requests.rs"]
mod requests;
mod support;

use std::cell::{Cell, RefCell};
use std::panic;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use futures::future::{Either, select};
use futures::stream::FuturesUnordered;
use futures::{StreamExt, stream};
use planscope::cache::tasks::DEFAULT_LIMITS;
use planscope::cache::{HashPatternCache, NearPlans, PatternCache, TaskCache};
use planscope::hash::SplitMix64;
use planscope::platform::native::DashPatternCache;
use planscope::runtime::Pacing;
use planscope::runtime::sim::Sim;
use planscope::service::{Environment, Event, LayeredPatterns, Service, ServiceConfig, Tasks};

use requests::{Kind, Panicking, Tally, draw, first_key};

const CONFIG: ServiceConfig = ServiceConfig { queue: 64, max_in_flight: 16 };

/// Requests of which a test in CI has this many; `make soak` has a hundred thousand.
const FEW: u64 = 3_200;
const MANY: u64 = 100_000;

/// Answers that are collected at once: more than the service holds, so that requests wait for a place.
const COLLECTED: usize = 128;

/// The caches of a soak.
struct Shared {
    tasks: Tasks,
    near: NearPlans,
    patterns: Rc<dyn PatternCache>,
}

impl Shared {
    fn own() -> Self {
        let patterns = Rc::new(HashPatternCache::default());
        Self { tasks: TaskCache::new(DEFAULT_LIMITS), near: NearPlans::default(), patterns }
    }
}

/// Runs a soak on a service of its own; the panics in it say nothing on standard error.
async fn soaked(pacing: Pacing, shared: Shared, requests: u64) -> Tally {
    panic::set_hook(Box::new(|panic| {
        let is_ours = panic.payload_as_str().is_some_and(|text| text == requests::PANIC);
        if !is_ours {
            eprintln!("{panic}");
        }
    }));
    let patterns = LayeredPatterns::new(shared.patterns, None, || 1.0);
    let store = Rc::new(Panicking::new(patterns));
    let environment = Environment::new(pacing.clone(), Rc::clone(&store) as _);
    let environment = Environment { tasks: shared.tasks, near: shared.near, ..environment };
    let (service, running) = Service::new(environment, CONFIG);
    let soak = pin!(async {
        store.panic_on(first_key(&service, &store).await);
        let mut tally = soak(&service, &pacing, requests * 3 / 4).await;
        in_order(&service, &mut tally, requests / 4).await;
        service.shutdown(Duration::from_secs(5)).await;
        tally
    });
    match select(soak, pin!(running)).await {
        Either::Left((tally, _)) => tally,
        Either::Right(((), soak)) => soak.await,
    }
}

/// Submits requests as places come free, collects the answers as they come, and looks at memory on the way.
async fn soak(service: &Service, pacing: &Pacing, requests: u64) -> Tally {
    let random = RefCell::new(SplitMix64::new(12));
    let tally = RefCell::new(Tally::default());
    let mut answers = FuturesUnordered::new();
    for number in 0..requests {
        let (kind, request) = draw(&mut random.borrow_mut());
        let job = service.submit(request).await;
        assert!(service.waiting() <= CONFIG.queue);
        let patience = random.borrow_mut().below(6);
        let (tally, pacing) = (&tally, &pacing);
        answers.push(async move {
            let events = job.events();
            if kind == Kind::Cancelled {
                for _ in 0..patience {
                    pacing.yielder.yield_now().await;
                }
                job.cancel();
            }
            let response = job.finished().await;
            let ends =
                events.filter(|event| std::future::ready(matches!(event, Event::Ended(_)))).count().await;
            assert_eq!((ends, response.id), (1, job.id()), "request {number}");
            assert!(Rc::ptr_eq(&response, &job.finished().await));
            tally.borrow_mut().count(kind, &response);
        });
        while answers.len() >= COLLECTED {
            answers.next().await;
        }
        if number % (requests / 8) == requests / 8 - 1 {
            // What is under way is at most what the bounds say, so live bytes stay within a little of one another.
            tally.borrow_mut().live.push(live::bytes());
        }
    }
    while answers.next().await.is_some() {}
    drop(answers);
    tally.into_inner()
}

/// A stream of requests whose answers come in its order.
async fn in_order(service: &Service, tally: &mut Tally, requests: u64) {
    let mut random = SplitMix64::new(13);
    let expected = RefCell::new(std::collections::VecDeque::new());
    let asked = stream::iter(0..requests).map(|_| {
        let (kind, request) = draw(&mut random);
        // Nobody cancels these.
        expected.borrow_mut().push_back(if kind == Kind::Cancelled { Kind::Plain } else { kind });
        request
    });
    let last = Cell::new(0);
    let mut answers = pin!(service.respond(asked, 100));
    while let Some(response) = answers.next().await {
        assert!(last.replace(response.id) < response.id, "{} after {}", response.id, last.get());
        let kind = expected.borrow_mut().pop_front().unwrap();
        tally.count(kind, &response);
    }
    assert!(expected.borrow().is_empty(), "each request has its answer");
}

fn on_the_virtual_clock(requests: u64) -> Tally {
    let sim = Sim::with_yield_cost(Duration::from_micros(50));
    sim.run(soaked(sim.pacing(), Shared::own(), requests))
}

fn on_the_real_clock(requests: u64) -> Tally {
    on_a_runtime(Shared::own(), requests)
}

/// Four threads, each with a service of its own, over caches that they share.
fn on_four_threads(requests: u64) -> Tally {
    let (tasks, near) = (TaskCache::new(DEFAULT_LIMITS), NearPlans::default());
    let patterns = Arc::new(DashPatternCache::default());
    let one = || {
        let patterns = Rc::new(Arc::clone(&patterns));
        on_a_runtime(Shared { tasks: tasks.clone(), near: near.clone(), patterns }, requests / 4)
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(one)).collect();
        let tallies = threads.into_iter().map(|thread| thread.join().expect("no thread fails"));
        tallies.reduce(Tally::and).expect("four of them")
    })
}

fn on_a_runtime(shared: Shared, requests: u64) -> Tally {
    use planscope::platform::native::{TokioSleep, TokioYield, WallClock};
    let pacing = Pacing {
        clock: Rc::new(WallClock::default()),
        sleep: Rc::new(TokioSleep),
        yielder: Rc::new(TokioYield),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(soaked(pacing, shared, requests))
}

/// One test, so that no other one allocates beside it.
#[test]
fn each_of_many_requests_is_answered_once_with_the_right_type_in_flat_memory() {
    on_the_virtual_clock(FEW).check(FEW);
    on_the_real_clock(FEW).check(FEW);
    on_four_threads(FEW).check(FEW);
}

#[test]
#[ignore = "takes minutes; see `make soak`"]
fn each_of_a_hundred_thousand_requests_is_answered_once_with_the_right_type_in_flat_memory() {
    let check = |clock: &str, tally: Tally| {
        tally.check(MANY);
        eprintln!("{clock}: {tally:?}");
    };
    check("real clock", on_the_real_clock(MANY));
    check("real clock, four threads", on_four_threads(MANY));
    check("virtual clock", on_the_virtual_clock(MANY));
}
