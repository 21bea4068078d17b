//! The service's queue is bounded, and every request in it is answered.

use std::rc::Rc;

use futures::executor::block_on;
use futures::future::{join, join_all};
use planscope::cache::HashPatternCache;
use planscope::platform::native::{TokioSleep, TokioYield, WallClock};
use planscope::runtime::Pacing;
use planscope::service::{Busy, Environment, LayeredPatterns, Problem, Request, Service, ServiceConfig};

#[test]
fn a_full_queue_refuses_and_what_it_took_is_answered() {
    let pacing = Pacing {
        clock: Rc::new(WallClock::default()),
        sleep: Rc::new(TokioSleep),
        yielder: Rc::new(TokioYield),
    };
    let patterns = Rc::new(LayeredPatterns::new(Rc::new(HashPatternCache::default()), None, || 1.0));
    let config = ServiceConfig { queue: 4, max_in_flight: 2 };
    let (service, running) = Service::new(Environment::new(pacing, patterns), config);
    let request = || Request::new(Problem::Goap { text: "{}".into() });
    let jobs: Vec<_> = (0..4).map(|_| service.try_submit(request()).unwrap()).collect();
    assert_eq!(service.try_submit(request()).err(), Some(Busy { waiting: 4, capacity: 4 }));
    let finished = async move {
        let responses = join_all(jobs.iter().map(planscope::service::Job::finished)).await;
        // There is room again.
        let more = service.try_submit(request()).unwrap();
        more.finished().await;
        responses.len()
    };
    assert_eq!(block_on(join(finished, running)).0, 4);
}
