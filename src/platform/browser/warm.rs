//! Warms the engine up while nobody asks anything of the page.
//!
//! A browser compiles a function of WebAssembly when it is first called, quickly and not well, and again,
//! well, once it has been called often. The first run of a cold page would pay for both. So small problems
//! of our own go through the reader, the grounder, the searches, the validator and the inspector as soon as
//! the engine has come: through a service of their own, whose jobs yield to the page as any other's do, and
//! which keeps no plan and no task. Any input holds the lessons back for a while, and the first request of a
//! person or a script ends them: from then on the engine warms at real work.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::arrival;
use super::globals::{spawn, window};
use super::time::{PerformanceClock, TimerSleep};
use super::yielder::pacing;
use crate::cache::HashPatternCache;
use crate::examples::Generator;
use crate::runtime::{Clock, Sleep};
use crate::search::{EngineConfig, HeuristicKind, SearchKind};
use crate::service::{
    Environment, Job, KeptPlans, LayeredPatterns, Limits, Problem, Request, Service, ServiceConfig,
};
use crate::trace::TraceLimits;

/// What counts as input.
const INPUTS: [&str; 4] = ["pointerdown", "keydown", "wheel", "touchstart"];
/// The lessons go on this long after the last input.
const QUIET: Duration = Duration::from_millis(700);
/// Work of all lessons together; what is not warm by then becomes so at real work.
const WORK_MAX: Duration = Duration::from_millis(2_500);
/// Bounds of one lesson.
const LESSON: Limits = Limits { timeout: Some(Duration::from_millis(250)), memory_bytes: 24 << 20 };

const GOAP: &str = include_str!("../../../www/examples/axe-wood-fire.goap.json");
const DOMAIN: &str = include_str!("../../../www/examples/pddl/logistics.domain.pddl");

thread_local! {
    static WARMING: RefCell<Option<Rc<Warming>>> = const { RefCell::new(None) };
}

/// The lessons under way.
#[derive(Default)]
struct Warming {
    is_over: Cell<bool>,
    last_input: Cell<Duration>,
    job: RefCell<Option<Job>>,
}

/// Begins once the engine's code is there. Once a page.
pub fn begin() {
    let warming = Rc::new(Warming::default());
    let is_first = WARMING.with(|kept| kept.replace(Some(Rc::clone(&warming))).is_none());
    if is_first {
        warming.listen();
        spawn(async move { warming.run().await });
    }
}

/// Ends the lessons: somebody asks for a plan.
pub fn end() {
    WARMING.with(|kept| {
        if let Some(warming) = kept.borrow().as_ref() {
            warming.is_over.set(true);
            warming.interrupt();
        }
    });
}

impl Warming {
    fn listen(self: &Rc<Self>) {
        let Some(window) = window() else { return };
        for input in INPUTS {
            let warming = Rc::clone(self);
            let heard = Closure::<dyn FnMut()>::new(move || {
                warming.last_input.set(PerformanceClock.now());
                warming.interrupt();
            });
            // Without this listener, input during a lesson may wait for one slice of it.
            let _ = window.add_event_listener_with_callback(input, heard.into_js_value().unchecked_ref());
        }
    }

    fn interrupt(&self) {
        if let Some(job) = self.job.take() {
            job.cancel();
        }
    }

    async fn run(self: Rc<Self>) {
        arrival::gate().opened().await;
        // Behind a pointer, so that it is a function apart, of the engine's module.
        teach(&self).boxed_local().await;
    }

    fn is_quiet(&self) -> bool {
        let is_seen =
            window().and_then(|window| window.document()).is_some_and(|document| !document.hidden());
        let last = self.last_input.get();
        is_seen && (last.is_zero() || PerformanceClock.now().saturating_sub(last) >= QUIET)
    }
}

/// Gives the lessons, one after the other.
async fn teach(warming: &Warming) {
    let service = service();
    let mut worked = Duration::ZERO;
    for lesson in lessons() {
        while !warming.is_over.get() && !warming.is_quiet() {
            TimerSleep.sleep(QUIET).await;
        }
        if warming.is_over.get() || worked > WORK_MAX {
            return;
        }
        let Ok(job) = service.try_submit(lesson) else { return };
        warming.job.replace(Some(job.clone()));
        taught(&job).await;
        warming.job.take();
        worked += job.progress().worked;
    }
}

/// Waits for the lesson, and looks at its tree as a person would.
async fn taught(job: &Job) {
    job.finished().await;
    for node in 0..4 {
        let _ = job.inspect(node, None).await;
    }
}

/// A service that shares nothing with the page's own.
#[inline(never)]
fn service() -> Service {
    let patterns = Rc::new(LayeredPatterns::new(Rc::new(HashPatternCache::default()), None, || 0.0));
    let (service, running) = Service::new(Environment::new(pacing(), patterns), ServiceConfig::default());
    spawn(running);
    service
}

/// The lessons, the commonest work first; later rounds are larger.
fn lessons() -> impl Iterator<Item = Request> {
    use HeuristicKind::{Blind, Ff, Hmax, Lmcut};
    use SearchKind::{Astar, Auto, Bfs, Gbfs, Lama, LamaFirst};
    let engine = |search, heuristic: HeuristicKind| EngineConfig {
        search,
        heuristic: heuristic.into(),
        ..EngineConfig::default()
    };
    let round = move |size: u32| {
        let goap = Problem::Goap { text: GOAP.into() };
        let problem = Generator::Logistics.problem(size, u64::from(size));
        let pddl = Problem::Pddl { domain: DOMAIN.into(), problem: problem.into() };
        [
            (&pddl, engine(Auto, Ff)),
            (&goap, engine(Auto, Ff)),
            (&goap, engine(Astar, Ff)),
            (&pddl, engine(LamaFirst, Ff)),
            (&pddl, engine(Astar, Lmcut)),
            (&pddl, engine(Gbfs, Ff)),
            (&pddl, engine(Astar, Blind)),
            (&goap, engine(Bfs, Blind)),
            (&pddl, engine(Astar, Hmax)),
            (&pddl, engine(Lama, Ff)),
        ]
        .map(|(problem, engine)| (problem.clone(), engine))
    };
    // The page records its searches, a script's calls do not: these are functions apart.
    let traces = [None, Some(TraceLimits { nodes: 10_000, bytes: 4 << 20 })];
    (1..=4).flat_map(round).flat_map(move |(problem, engine)| {
        traces.map(|trace| Request {
            engine,
            limits: LESSON,
            kept: KeptPlans::Ignore,
            trace,
            ..Request::new(problem.clone())
        })
    })
}
