//! The figures that the engine is held to, each beside its limit: from a compiled task to a plan,
//! the heuristic's set-up included and no pattern kept. Parse, ground and validate stand beside.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use planscope::ground::goap::compile;
use planscope::lang::goap::parse;
use planscope::search::HeuristicKind;
use planscope::validate::{State, replay};
use support::{Prepared, astar, first_plan, initial, tasks};

/// A task's name, the known cost of its optimal plan, and what a first and an optimal plan may take.
type Limit = (&'static str, f64, Option<Duration>, Duration);

const LIMITS: [Limit; 3] = [
    ("classic", 18.0, None, Duration::from_micros(15)),
    ("craft100", 22.0, Some(Duration::from_micros(500)), Duration::from_millis(15)),
    ("craft1000", 16.0, Some(Duration::from_millis(3)), Duration::from_millis(40)),
];

/// How long each figure is measured.
const PATIENCE: Duration = Duration::from_millis(1_500);

fn main() {
    // Under `cargo test --benches` it is enough that everything runs.
    let patience =
        if std::env::args().any(|argument| argument == "--bench") { PATIENCE } else { Duration::ZERO };
    println!("{:<34} {:>12} {:>12} {:>12}", "from a compiled task", "median", "least", "limit");
    for (prepared, (name, cost, first, optimal)) in tasks().iter().zip(LIMITS) {
        assert_eq!(prepared.name, name);
        let (steps, found) = prepared.plan(&first_plan());
        let label = format!("{name}: first plan ({} steps, {found})", steps.len());
        report(&label, first, patience, || drop(black_box(prepared.solve(&first_plan()))));
        for heuristic in [HeuristicKind::Hmax, HeuristicKind::Blind] {
            let config = astar(heuristic);
            let (steps, found) = prepared.plan(&config);
            assert!((found - cost).abs() < 1e-9, "{name} costs {found}");
            let label = format!("{name}: optimal, {heuristic} ({} steps)", steps.len());
            report(&label, Some(optimal), patience, || drop(black_box(prepared.solve(&config))));
        }
        beside(prepared, patience);
    }
}

fn beside(prepared: &Prepared, patience: Duration) {
    let Prepared { name, text, model, .. } = prepared;
    report(&format!("{name}: parse and check"), None, patience, || drop(black_box(parse(text))));
    report(&format!("{name}: ground"), None, patience, || drop(black_box(compile(model))));
    let (steps, _) = prepared.plan(&first_plan());
    report(&format!("{name}: validate"), None, patience, || {
        let begin = State { values: initial(model) };
        assert!(black_box(replay(model, begin, &model.goals[0].conditions, &steps)).is_ok());
    });
}

fn report(label: &str, limit: Option<Duration>, patience: Duration, mut work: impl FnMut()) {
    let begin = Instant::now();
    let mut samples = Vec::new();
    while samples.is_empty() || begin.elapsed() < patience && samples.len() < 100_000 {
        let start = Instant::now();
        work();
        samples.push(start.elapsed());
    }
    samples.sort_unstable();
    let (median, least) = (samples[samples.len() / 2], samples[0]);
    let verdict = match limit {
        None => String::new(),
        Some(limit) if median < limit => format!("{:>12}", show(limit)),
        Some(limit) => format!("{:>12}  MISSED", show(limit)),
    };
    println!("{label:<34} {:>12} {:>12} {verdict}", show(median), show(least));
}

fn show(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}
