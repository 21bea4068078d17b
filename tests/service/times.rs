//! What the service says about times.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use crate::support::generators::classic;
use crate::support::served::{TURN, request};
use futures::future::{Either, select};
use planscope::cache::HashPatternCache;
use planscope::runtime::Clock;
use planscope::runtime::sim::Sim;
use planscope::search::{HeuristicKind, SearchKind};
use planscope::service::{Environment, LayeredPatterns, Service, ServiceConfig};

/// A clock on which a millisecond passes with every reading, so that every slice has a length.
#[derive(Default)]
struct Ticking(Cell<u64>);

impl Clock for Ticking {
    fn now(&self) -> Duration {
        self.0.set(self.0.get() + 1);
        Duration::from_millis(self.0.get())
    }
}

#[test]
fn a_plan_is_told_with_the_time_at_which_it_was_found_though_nobody_asked_then() {
    let sim = Sim::with_yield_cost(TURN);
    let mut pacing = sim.pacing();
    pacing.clock = Rc::new(Ticking::default());
    let patterns = LayeredPatterns::new(Rc::new(HashPatternCache::default()), None, || 1.0);
    let environment = Environment::new(pacing, Rc::new(patterns));
    let (service, running) = Service::new(environment, ServiceConfig::default());
    let job = service.try_submit(request(&classic(), SearchKind::Lama, HeuristicKind::Ff)).unwrap();
    let response = sim.run(async {
        match select(pin!(job.finished()), pin!(running)).await {
            Either::Left((response, _)) => response,
            Either::Right(((), answer)) => answer.await,
        }
    });
    let times: Vec<f64> = response.improvements.iter().map(|plan| plan.ms).collect();
    let phases = response.phases;
    let whole = (phases.parse + phases.ground + phases.search).as_secs_f64() * 1e3;
    assert!(!times.is_empty() && times.is_sorted(), "{times:?}");
    assert!(times[0] < whole, "{times:?} of {whole}");
}
