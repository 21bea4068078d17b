//! What tracing costs where nobody listens, and what it costs where somebody does.
//!
//! `cargo bench --features native --bench tracing`. A graph of a hundred actions is planned for again and again, from
//! its text on. What is off is measured in one run as a share: how many spans and events a request asks for, times
//! what one that nobody wants costs, of the time of a request. That is sharper than to compare two builds, whose
//! times differ by more than this from run to run.

#![expect(clippy::disallowed_methods, reason = "it measures in real time")]

mod support;

use std::hint::black_box;
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use futures::future::{Either, select};
use planscope::cache::HashPatternCache;
use planscope::runtime::sim::Sim;
use planscope::runtime::spans;
use planscope::search::Outcome;
use planscope::service::{Environment, KeptPlans, LayeredPatterns, Problem, Request, Service, ServiceConfig};
use support::first_plan;
use tracing::subscriber::with_default;
use tracing::{Instrument, Span};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{EnvFilter, Layer};

/// Rounds of which the median counts, and requests of a round.
const ROUNDS: usize = 15;
const REQUESTS: usize = 1_500;
/// Spans of a measurement.
const SPANS: u32 = 20_000_000;

/// Counts spans, their turns, and events.
#[derive(Clone, Default)]
struct Counting(Arc<AtomicU64>);

impl<S: tracing::Subscriber> Layer<S> for Counting {
    fn on_new_span(&self, _: &tracing::span::Attributes<'_>, _: &tracing::Id, _: Context<'_, S>) {
        self.0.fetch_add(1, Relaxed);
    }

    fn on_enter(&self, _: &tracing::Id, _: Context<'_, S>) {
        self.0.fetch_add(1, Relaxed);
    }

    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// Plans for one problem on one service.
struct Planning {
    sim: Sim,
    service: Service,
    request: Request,
}

impl Planning {
    fn run(&self, mut running: impl Future<Output = ()> + Unpin, requests: usize) {
        for _ in 0..requests {
            let job = self.service.try_submit(self.request.clone()).expect("room");
            let answered = pin!(async { job.finished().await });
            let Either::Left((response, _)) = self.sim.run(select(answered, &mut running)) else {
                panic!("the service ended")
            };
            assert_eq!(response.outcome, Some(Outcome::Solved));
        }
    }

    /// Microseconds of a request, the median of all rounds.
    fn micros(&self, mut running: impl Future<Output = ()> + Unpin) -> f64 {
        let mut rounds: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let began = Instant::now();
                self.run(&mut running, REQUESTS);
                began.elapsed().as_secs_f64() * 1e6 / REQUESTS as f64
            })
            .collect();
        rounds.sort_by(f64::total_cmp);
        rounds[ROUNDS / 2]
    }
}

/// Nanoseconds of what is done again and again.
fn nanos(mut once: impl FnMut()) -> f64 {
    let began = Instant::now();
    (0..SPANS).for_each(|_| once());
    began.elapsed().as_secs_f64() * 1e9 / f64::from(SPANS)
}

#[expect(clippy::print_stdout, reason = "the figures are what this is for")]
fn main() {
    // `cargo test --benches` wants to see that it runs, and has no time for it.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let [_, graph, _] = support::tasks();
    let sim = Sim::new();
    let patterns = LayeredPatterns::new(Rc::new(HashPatternCache::default()), None, || 1.0);
    let environment = Environment::new(sim.pacing(), Rc::new(patterns));
    let (service, running) = Service::new(environment, ServiceConfig::default());
    let mut running = pin!(running);
    let problem = Problem::Goap { text: graph.text.as_str().into() };
    let request = Request { engine: first_plan(), kept: KeptPlans::Ignore, ..Request::new(problem) };
    let planning = Planning { sim, service, request };
    planning.run(running.as_mut(), REQUESTS);

    let off = planning.micros(running.as_mut());
    let again = planning.micros(running.as_mut());
    let span = nanos(|| drop(black_box(spans::request(black_box(1)))));
    let enter = nanos(|| drop(black_box(Span::none().entered())));
    let mut ready = pin!(async { std::future::pending::<()>().await }.instrument(Span::none()));
    let mut context = std::task::Context::from_waker(futures::task::noop_waker_ref());
    let turn = nanos(|| assert!(black_box(ready.as_mut().poll(&mut context)).is_pending()));
    println!("{}, {} actions: {off:.2} µs a request, nobody listens", graph.name, graph.model.actions.len());
    println!("the same again: {again:.2} µs, {:+.2} % (what runs differ by)", (again / off - 1.0) * 100.0);
    println!(
        "nobody listens: a span {span:.2} ns, entering it {enter:.2} ns, a turn of a future in it {turn:.2} ns"
    );

    let counting = Counting::default();
    let listener = tracing_subscriber::registry().with(counting.clone());
    with_default(listener, || planning.run(running.as_mut(), REQUESTS));
    let happenings = counting.0.load(Relaxed) as f64 / REQUESTS as f64;
    let share = happenings * span.max(enter).max(turn) / (off * 1e3);
    println!(
        "a request asks for {happenings:.1} spans, turns and events: {:.3} % of its time",
        share * 100.0
    );

    for (what, directives) in [
        ("the log of a server", "warn,planscope::http=info,planscope::request=info,planscope::summary=info"),
        ("debug", "planscope=debug"),
        ("trace", "planscope=trace"),
    ] {
        let lines = tracing_subscriber::fmt::layer().with_writer(io::sink);
        let filter = EnvFilter::new(directives);
        let listener = tracing_subscriber::registry().with(lines.with_filter(filter));
        let on = with_default(listener, || planning.micros(running.as_mut()));
        println!("{what}: {on:.2} µs, {:+.1} %", (on / off - 1.0) * 100.0);
    }
    assert!(share < 0.01, "tracing that is off takes a hundredth of the time");
}
