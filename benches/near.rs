//! Streams of similar requests, with and without the reuse of near matches: time, costs, hits and misses.
//!
//! Each stream has a thousand requests for first plans by `lama-first`. Requests of a stream differ from the first
//! one by a fact or two, or by one condition of the goal; those of the last stream have nothing in common. Every
//! request is answered twice, by a service that reuses plans and by one that does not, in turns. Times are those of
//! planning (search, repair and replay of the plan) and of the whole request.
#![expect(clippy::print_stdout, reason = "it prints a table")]
#![expect(clippy::disallowed_methods, reason = "it measures, on a runtime of its own")]

mod support;

use std::rc::Rc;
use std::time::{Duration, Instant};

use planscope::cache::HashPatternCache;
use planscope::examples::Generator;
use planscope::hash::SplitMix64;
use planscope::platform::native::{TokioSleep, TokioYield, WallClock};
use planscope::runtime::Pacing;
use planscope::search::{EngineConfig, Outcome, SearchKind};
use planscope::service::{
    Environment, KeptPlans, LayeredPatterns, Limits, Problem, Provenance, Request, Response, Service,
    ServiceConfig,
};
use support::generators;
use tokio::runtime::Builder;
use tokio::task::{LocalSet, spawn_local};

const REQUESTS: usize = 1_000;
/// A time limit that no request comes near to.
const LIMIT: Duration = Duration::from_mins(1);

fn service() -> Service {
    let pacing = Pacing {
        clock: Rc::new(WallClock::default()),
        sleep: Rc::new(TokioSleep),
        yielder: Rc::new(TokioYield),
    };
    let patterns = LayeredPatterns::new(Rc::new(HashPatternCache::default()), None, || 1.0);
    let (service, running) =
        Service::new(Environment::new(pacing, Rc::new(patterns)), ServiceConfig::default());
    spawn_local(running);
    service
}

async fn answer(service: &Service, problem: &Problem, kept: KeptPlans) -> (Rc<Response>, Duration) {
    let engine = EngineConfig { search: SearchKind::LamaFirst, ..EngineConfig::default() };
    let limits = Limits { timeout: Some(LIMIT), memory_bytes: 1 << 30 };
    let request = Request { engine, kept, limits, ..Request::new(problem.clone()) };
    let begun = Instant::now();
    let job = service.try_submit(request).expect("an empty queue");
    (job.finished().await, begun.elapsed())
}

#[derive(Default)]
struct Sums {
    planning: [Duration; 2],
    whole: [Duration; 2],
    /// Logarithms of the ratios of costs.
    costs: f64,
    exact: usize,
    repaired: usize,
    searched: usize,
    /// Requests whose plan with reuse is more than a tenth dearer.
    dearer: usize,
    solved: usize,
}

async fn stream(name: &str, problems: &[Problem]) {
    let (with, without) = (service(), service());
    let mut sums = Sums::default();
    for problem in problems {
        let answers = [
            answer(&without, problem, KeptPlans::Ignore).await,
            answer(&with, problem, KeptPlans::Reuse).await,
        ];
        for (at, (response, whole)) in answers.iter().enumerate() {
            sums.planning[at] += response.phases.search + response.phases.validate;
            sums.whole[at] += *whole;
        }
        let [(searched, _), (reused, _)] = answers;
        assert_eq!(searched.outcome, reused.outcome, "{name}");
        match (&reused.repair, &reused.provenance) {
            (Some(_), _) => sums.repaired += 1,
            (None, Provenance::Pattern { .. }) => sums.exact += 1,
            (None, _) => sums.searched += 1,
        }
        if searched.outcome == Some(Outcome::Solved) {
            let cost = |response: &Response| response.plan.as_ref().expect("a plan").cost.max(1e-9);
            let ratio = cost(&reused) / cost(&searched);
            sums.costs += ratio.ln();
            sums.dearer += usize::from(ratio > 1.1);
            sums.solved += 1;
        }
    }
    let ms = |time: Duration| time.as_secs_f64() * 1e3 / problems.len() as f64;
    let share = |times: [Duration; 2]| times[1].as_secs_f64() / times[0].as_secs_f64();
    println!(
        "{name:<28} {:>9.3} {:>9.3} {:>6.2} {:>6.2} {:>7.3} {:>7} {:>8} {:>8} {:>9}",
        ms(sums.planning[0]),
        ms(sums.planning[1]),
        share(sums.planning),
        share(sums.whole),
        (sums.costs / sums.solved.max(1) as f64).exp(),
        sums.dearer,
        sums.repaired,
        sums.exact,
        sums.searched,
    );
}

/// Parcels on a grid, of which one or two lie elsewhere.
fn deliveries(random: &mut SplitMix64) -> Vec<Problem> {
    let base: serde_json::Value =
        serde_json::from_str(&generators::delivery(3, 8, 6)).expect("the generator writes JSON");
    let parcels: Vec<String> = base["state"]
        .as_object()
        .expect("a state")
        .keys()
        .filter(|name| name.starts_with("parcel"))
        .cloned()
        .collect();
    let change = |random: &mut SplitMix64| {
        let mut document = base.clone();
        for _ in 0..=random.below(2) {
            let parcel = &parcels[random.below(parcels.len() as u64) as usize];
            let places = document["state"][parcel]["enum"].as_array().expect("an enum");
            // The last one is the van.
            let place = places[random.below(places.len() as u64 - 1) as usize].clone();
            document["state"][parcel]["value"] = place;
        }
        Problem::Goap { text: document.to_string().into() }
    };
    (0..REQUESTS).map(|_| change(random)).collect()
}

/// Logistics, where one parcel goes to where another one goes.
fn logistics(random: &mut SplitMix64) -> Vec<Problem> {
    let domain: std::sync::Arc<str> = include_str!("../www/examples/pddl/logistics.domain.pddl").into();
    let text = Generator::Logistics.problem(6, 1);
    let at = text.find("(:goal").expect("a goal");
    let (before, goal) = text.split_at(at);
    let atoms: Vec<Vec<&str>> = goal
        .split('(')
        .filter_map(|part| part.split_once(')'))
        .map(|(atom, _)| atom.split_whitespace().collect::<Vec<_>>())
        .filter(|atom| atom.len() == 3)
        .collect();
    let change = |random: &mut SplitMix64| {
        let mut goal = atoms.clone();
        let (one, other) =
            (random.below(goal.len() as u64) as usize, random.below(goal.len() as u64) as usize);
        goal[one][2] = atoms[other][2];
        let goal: Vec<String> = goal.iter().map(|atom| format!("({})", atom.join(" "))).collect();
        let problem = format!("{before}(:goal (and {})))", goal.join(" "));
        Problem::Pddl { domain: std::sync::Arc::clone(&domain), problem: problem.into() }
    };
    (0..REQUESTS).map(|_| change(random)).collect()
}

/// Documents of one domain with nothing in common.
fn unlike() -> Vec<Problem> {
    let domain: std::sync::Arc<str> = include_str!("../www/examples/pddl/blocksworld.domain.pddl").into();
    let problem = |seed| Problem::Pddl {
        domain: std::sync::Arc::clone(&domain),
        problem: Generator::Blocksworld.problem(10, seed).into(),
    };
    (0..REQUESTS as u64).map(problem).collect()
}

fn main() {
    println!(
        "{:<28} {:>9} {:>9} {:>6} {:>6} {:>7} {:>7} {:>8} {:>8} {:>9}",
        "1000 requests of",
        "ms alone",
        "ms reuse",
        "ratio",
        "whole",
        "cost",
        "dearer",
        "repaired",
        "the same",
        "searched"
    );
    let mut random = SplitMix64::new(7);
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    LocalSet::new().block_on(&runtime, async {
        stream("delivery, parcels moved", &deliveries(&mut random)).await;
        stream("logistics, a goal changed", &logistics(&mut random)).await;
        stream("blocksworld, nothing alike", &unlike()).await;
    });
}
