//! A service on the virtual clock, and requests for it.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::future::{Either, select};
use planscope::cache::HashPatternCache;
use planscope::runtime::sim::Sim;
use planscope::runtime::{Clock, Yield};
use planscope::search::{EngineConfig, HeuristicKind, SearchKind};
use planscope::service::{Environment, LayeredPatterns, Limits, Problem, Request, Service, ServiceConfig};

/// Virtual time that a turn of the event loop takes.
pub const TURN: Duration = Duration::from_millis(1);

/// A clock by which work takes time: so much passes whenever somebody looks at it, and every slice takes as long.
/// That keeps slices as small as the first one.
pub struct Working(pub Sim);

/// What passes at a look at the clock that works.
pub const SLICE: Duration = Duration::from_micros(4_800);

impl Clock for Working {
    fn now(&self) -> Duration {
        self.0.pass(SLICE);
        self.0.now()
    }
}

/// The parts of a test.
pub struct Served {
    /// The clock.
    pub sim: Sim,
    /// The service, with patterns in memory.
    pub service: Service,
    /// What it runs on.
    pub environment: Environment,
}

impl Served {
    /// Lets everybody else have this many turns.
    pub async fn turns(&self, turns: u32) {
        for _ in 0..turns {
            self.sim.yield_now().await;
        }
    }
}

/// Runs `test` beside a service until it is done.
pub fn served<T>(config: ServiceConfig, test: impl AsyncFnOnce(Served) -> T) -> T {
    let sim = Sim::with_yield_cost(TURN);
    let patterns = LayeredPatterns::new(Rc::new(HashPatternCache::default()), None, || 1.0);
    let environment = Environment::new(sim.pacing(), Rc::new(patterns));
    let (service, running) = Service::new(environment.clone(), config);
    let test = pin!(test(Served { sim: sim.clone(), service, environment }));
    beside(&sim, test, running)
}

fn beside<T>(sim: &Sim, test: impl Future<Output = T> + Unpin, running: impl Future<Output = ()>) -> T {
    let running = pin!(running);
    sim.run(async {
        match select(test, running).await {
            Either::Left((output, _)) => output,
            Either::Right(((), test)) => test.await,
        }
    })
}

/// A request with an engine, without limits.
pub fn request(text: &str, search: SearchKind, heuristic: HeuristicKind) -> Request {
    Request {
        engine: EngineConfig { search, heuristic: heuristic.into(), ..EngineConfig::default() },
        limits: Limits { timeout: None, memory_bytes: 1 << 30 },
        ..Request::new(Problem::Goap { text: text.into() })
    }
}

/// A* with hmax: optimal.
pub fn optimal(text: &str) -> Request {
    request(text, SearchKind::Astar, HeuristicKind::Hmax)
}

/// Greedy search with FF: any plan.
pub fn greedy(text: &str) -> Request {
    request(text, SearchKind::Gbfs, HeuristicKind::Ff)
}

/// A* without a heuristic.
pub fn blind(text: &str) -> Request {
    request(text, SearchKind::Astar, HeuristicKind::Blind)
}
