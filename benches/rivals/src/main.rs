//! The same tasks given to other planners' crates and to this engine, in one run on one machine.
//!
//! Every planner gets its task ready made (actions built, task compiled) and is timed from there to
//! a plan; this engine's time includes setting its heuristic up. The last column says how many times
//! as long as this engine's optimal search it took.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod facts;
mod planners;

use std::time::{Duration, Instant};

use facts::Facts;
use planners::{Answer, Planner};

#[path = "../../../tests/support/generators.rs"]
#[allow(dead_code, reason = "two of the tasks are measured here")]
mod generators;

/// How long a planner is measured on a task, unless a single plan takes longer.
const PATIENCE: Duration = Duration::from_secs(1);
/// Plans that are measured at least, so that the first does not stand alone.
const LEAST: usize = 2;
/// How many times faster the engine has to be on the larger task.
const GOAL: f64 = 100.0;

fn main() {
    let tasks = [("classic", generators::classic(), 18.0), ("craft100", generators::craft100(), 22.0)];
    for (name, text, optimum) in tasks {
        let facts = Facts::new(&text);
        println!("{name} (optimal cost {optimum})");
        println!("  {:<28} {:>14} {:>6} {:>6} {:>10}", "planner", "µs per plan", "cost", "steps", "ratio");
        let mut own = None;
        let mut least_ratio = f64::INFINITY;
        for planner in planners::all() {
            let (micros, answer) = measured(&planner, &facts);
            let own = *own.get_or_insert(micros);
            let note = if answer.cost > optimum { "  not optimal" } else { "" };
            let Answer { cost, steps } = answer;
            let ratio = micros / own;
            println!("  {:<28} {micros:>14.1} {cost:>6} {steps:>6} {ratio:>10.1}{note}", planner.name);
            if planner.is_rival {
                least_ratio = least_ratio.min(ratio);
            }
        }
        if name == "craft100" {
            let verdict = if least_ratio >= GOAL { "held" } else { "MISSED" };
            println!("  at least {GOAL} times faster than each: {verdict} ({least_ratio:.0})");
        }
    }
}

/// The median time of a plan in microseconds, and the plan.
fn measured(planner: &Planner, facts: &Facts) -> (f64, Answer) {
    let mut ready = (planner.prepare)(facts);
    let begin = Instant::now();
    let mut samples = Vec::new();
    let mut answer = ready();
    while samples.len() < LEAST || begin.elapsed() < PATIENCE {
        let start = Instant::now();
        answer = ready();
        samples.push(start.elapsed().as_secs_f64() * 1e6);
    }
    samples.sort_by(f64::total_cmp);
    (samples[samples.len() / 2], answer)
}
