//! `plan --race`: several engines at once, and what became of each.

use std::fmt::Write;
use std::pin::pin;

use anyhow::Result;
use futures::stream::select_all;
use futures::{FutureExt, StreamExt, select_biased};

use super::Host;
use super::config::PlanConfig;
use super::progress::Line;
use crate::plan::cost_text;
use crate::search::Outcome;
use crate::service::{Event, Job, Race, RaceResult, Request};

/// Lets the engines race; answers the job of the winner too. Ctrl-C cancels all of them.
///
/// # Errors
/// Where they find no place in the queue.
pub(super) async fn race(
    host: &dyn Host,
    config: &PlanConfig,
    request: &Request,
) -> Result<(Job, RaceResult)> {
    let mut entrants = Vec::new();
    for request in Race::requests(request, &config.race) {
        entrants.push((request.engine.to_string(), host.submit(request, &config.storage)?));
    }
    let race = Race::new(entrants, config.race_policy);
    let jobs: Vec<Job> = race.jobs().cloned().collect();
    let mut line = Line::new(host);
    let events = jobs.iter().enumerate().map(|(at, job)| job.events().map(move |event| (at, event)));
    let mut events = select_all(events).fuse();
    let mut finished = pin!(race.finished().fuse());
    let mut interrupted = host.interrupted().fuse();
    loop {
        select_biased! {
            () = interrupted => race.cancel(),
            result = finished => {
                let result = result.ok_or_else(|| anyhow::anyhow!("a race without engines"))?;
                return Ok((jobs[result.winner].clone(), result));
            }
            (at, event) = events.select_next_some() => if matches!(event, Event::Progress) {
                line.show(&jobs[at].progress());
            },
        }
    }
}

/// What became of each engine, in a line each.
pub(super) fn told(result: &RaceResult) -> String {
    let mut text = String::new();
    for run in result.reports() {
        let end = match (run.won, run.cost, run.outcome) {
            (true, Some(cost), _) => format!("won with a plan of cost {}", cost_text(cost)),
            (false, Some(cost), _) => format!("had a plan of cost {}", cost_text(cost)),
            (_, None, outcome) => ended(outcome).to_owned(),
        };
        let (engine, seconds, percent) = (&run.engine, run.worked_ms / 1e3, run.share * 100.0);
        let _ = writeln!(text, "race: {engine} {end}; it worked {seconds:.2} s, {percent:.0} % of all");
    }
    text
}

fn ended(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Unsolvable) => "proved that there is no plan",
        Some(Outcome::Exhausted) => "ran out of states, which proves nothing",
        Some(Outcome::TimeLimit) => "reached the time limit",
        Some(Outcome::MemoryLimit) => "reached its part of the memory",
        Some(Outcome::NegativeCost) => "met a step that would cost less than nothing",
        Some(Outcome::Cancelled) => "was cancelled",
        Some(Outcome::Fault) => "failed, which is a fault of the planner",
        Some(Outcome::Solved) | None => "had nothing to search",
    }
}
