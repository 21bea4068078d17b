//! A race: several engines on one problem, each a job of its own, side by side on one thread.
//!
//! The engines share the compiled task and get equal shares of the time that is worked. As soon as one of them has
//! decided the race, the others are cancelled. Nothing runs faster for it: what a race buys is that the choice of
//! the engine need not be right.

use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use serde::{Deserialize, Serialize};

use super::answered::Answer;
use super::events::Event;
use super::race_report::RaceReport;
use super::response::Response;
use super::{Job, Limits, Request};
use crate::search::{EngineConfig, Outcome};

/// What a race is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RacePolicy {
    /// The first plan, whatever it costs.
    #[default]
    First,
    /// The cheapest plan that any of them finds within its limits; a plan that is proven optimal ends the race.
    Best,
}

/// Engines under way on one problem.
pub struct Race {
    entrants: Vec<(String, Job)>,
    policy: RacePolicy,
}

/// How a race ended.
#[derive(Clone, Debug)]
pub struct RaceResult {
    /// Index of the engine whose answer is the answer.
    pub winner: usize,
    /// What became of each engine, in the order in which they were named.
    pub runs: Vec<RaceRun>,
}

/// What became of an engine in a race.
#[derive(Clone, Debug)]
pub struct RaceRun {
    /// The engine, in words.
    pub engine: String,
    /// Its answer; losers were cancelled.
    pub response: Rc<Response>,
    /// Time that it worked.
    pub worked: Duration,
    /// Its part of the time that all of them worked, 0 to 1.
    pub share: f64,
}

impl Race {
    /// One request for each engine. They share the memory that `request` may use.
    pub fn requests(request: &Request, engines: &[EngineConfig]) -> Vec<Request> {
        let memory_bytes = request.limits.memory_bytes / engines.len().max(1) as u64;
        let with = |engine: &EngineConfig| Request {
            engine: *engine,
            limits: Limits { memory_bytes, ..request.limits },
            ..request.clone()
        };
        engines.iter().map(with).collect()
    }

    /// A race of jobs that are under way, each with its engine in words. It runs side by side only as far as its
    /// service has room for all of them in flight.
    pub fn new(entrants: Vec<(String, Job)>, policy: RacePolicy) -> Self {
        Self { entrants, policy }
    }

    /// The jobs, in the order of the engines.
    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.entrants.iter().map(|(_, job)| job)
    }

    /// Cancels all of them.
    pub fn cancel(&self) {
        self.jobs().for_each(Job::cancel);
    }

    /// Waits until the race is decided and every engine has answered; `None` where there are no engines.
    pub async fn finished(&self) -> Option<RaceResult> {
        let mut running: FuturesUnordered<_> =
            self.jobs().enumerate().map(async |(at, job)| (at, self.follow(job).await)).collect();
        let mut ended = Vec::new();
        while let Some((at, response)) = running.next().await {
            if self.is_decided_by(&response) {
                self.cancel();
            }
            ended.push((at, response));
        }
        let rank = |(_, response): &(usize, Rc<Response>)| self.rank(response);
        let ranked = ended.iter().map(rank).enumerate();
        let (best, _) = ranked.min_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))?;
        let winner = ended[best].0;
        ended.sort_by_key(|(at, _)| *at);
        let all = self.jobs().map(Job::worked).sum::<Duration>().as_secs_f64();
        let runs = self.entrants.iter().zip(ended).map(|((engine, job), (_, response))| RaceRun {
            engine: engine.clone(),
            response,
            worked: job.worked(),
            share: if all > 0.0 { job.worked().as_secs_f64() / all } else { 0.0 },
        });
        Some(RaceResult { winner, runs: runs.collect() })
    }

    /// Waits for the answer of an engine. Where the first plan counts, an engine that goes on for a better one is
    /// stopped, and answers with the plan that it has.
    async fn follow(&self, job: &Job) -> Rc<Response> {
        let mut events = job.events();
        while let Some(event) = events.next().await {
            match event {
                Event::Ended(response) => return response,
                Event::Improved(_) if self.policy == RacePolicy::First => job.cancel(),
                _ => {}
            }
        }
        job.finished().await
    }

    /// Whether nothing that the other engines may find can matter.
    fn is_decided_by(&self, response: &Response) -> bool {
        match response.answer() {
            Answer::Planned(_) => self.policy == RacePolicy::First || response.optimal,
            Answer::NoPlan(outcome) => outcome == Outcome::Unsolvable,
            // The problem is to blame, and the same for all of them.
            Answer::Invalid(_) | Answer::Unsupported(_) => true,
            Answer::Compiled(_) | Answer::ShutDown | Answer::Fault(_) => false,
        }
    }

    /// The less, the better the answer is: what it is worth, then what its plan costs if that counts. Of equals, the
    /// one that came first is taken.
    fn rank(&self, response: &Response) -> (u8, f64) {
        match response.answer() {
            Answer::Planned(_) if response.optimal => (0, 0.0),
            Answer::Planned(plan) if self.policy == RacePolicy::Best => (1, plan.cost),
            Answer::Planned(_) => (0, 0.0),
            Answer::NoPlan(Outcome::Unsolvable) => (2, 0.0),
            Answer::Invalid(_) | Answer::Unsupported(_) | Answer::Compiled(_) => (3, 0.0),
            // Losers are cancelled, and where nobody has won, whatever ended by itself says more than that.
            Answer::NoPlan(Outcome::Cancelled) => (5, 0.0),
            Answer::NoPlan(_) => (4, 0.0),
            Answer::ShutDown => (6, 0.0),
            Answer::Fault(_) => (7, 0.0),
        }
    }
}

impl RaceResult {
    /// The answer.
    pub fn response(&self) -> &Rc<Response> {
        &self.runs[self.winner].response
    }

    /// What became of each engine, for reports.
    pub fn reports(&self) -> Vec<RaceReport> {
        let report = |(at, run): (usize, &RaceRun)| RaceReport {
            engine: run.engine.clone(),
            won: at == self.winner,
            outcome: run.response.outcome,
            cost: run.response.plan.as_ref().map(|plan| plan.cost),
            worked_ms: run.worked.as_secs_f64() * 1e3,
            share: run.share,
        };
        self.runs.iter().enumerate().map(report).collect()
    }
}
