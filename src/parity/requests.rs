//! Requests to a service: many side by side, near matches, and what is held after many.

use std::rc::Rc;
use std::time::Duration;

use futures::future::LocalBoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};

use super::lab::Lab;
use super::problems::{deliveries, first_plan, hundred_actions, typical};
use super::rounds::{Round, Rounds, SLICE, pause};
use crate::runtime::Pacing;
use crate::search::Outcome;
use crate::service::{
    Environment, KeptPlans, LayeredPatterns, Provenance, ReadProblems, Request, Response, Service,
    ServiceConfig, Tasks,
};

/// Bounds of the services that are measured.
const BOUNDS: ServiceConfig = ServiceConfig { queue: 128, max_in_flight: 4 };
/// Requests side by side where memory is measured.
const SIDE_BY_SIDE: usize = 10;
/// Changed worlds of which some are repaired.
const CHANGED: u64 = 48;
/// A plan is kept after so many requests at the latest.
const PRIMED_MOST: u32 = 16;
/// So many of them have to be.
const REPAIRED_LEAST: usize = 16;

/// Requests of a service, so many at once.
struct Requests {
    pacing: Pacing,
    service: Service,
    requests: Vec<Request>,
    in_flight: usize,
    is_right: fn(&Response) -> bool,
}

/// Worlds that differ from one by a little, planned for anew.
struct Near<'a> {
    lab: &'a dyn Lab,
    shared: Shared,
    first: Request,
    changed: Vec<Request>,
}

/// What services that follow each other have in common: texts are read and compiled once.
#[derive(Clone)]
struct Shared {
    tasks: Tasks,
    read: ReadProblems,
}

/// Many requests, and what is held after them.
struct Held<'a> {
    lab: &'a dyn Lab,
    before: u64,
    requests: Requests,
}

/// The same request again and again, which a kept plan answers, or which is planned for.
pub(super) async fn requests(
    lab: &dyn Lab,
    is_cached: bool,
    in_flight: usize,
) -> Result<Box<dyn Rounds>, String> {
    let kept = if is_cached { KeptPlans::Reuse } else { KeptPlans::Ignore };
    let request = Request { engine: first_plan(), kept, ..Request::new(hundred_actions()) };
    let is_right: fn(&Response) -> bool =
        if is_cached { |response| is_kept(response) } else { |response| !is_kept(response) };
    let service = service(lab, None);
    // Compiles the task. The plan is kept a little later than it is answered.
    for _ in 0..PRIMED_MOST {
        if is_right(&*solved(&service, request.clone()).await?) {
            break;
        }
        lab.pacing().yielder.yield_now().await;
    }
    Ok(Box::new(Requests { pacing: lab.pacing(), service, requests: vec![request], in_flight, is_right }))
}

/// Near matches that are repaired.
pub(super) async fn near(lab: &dyn Lab) -> Result<Box<dyn Rounds + '_>, String> {
    let (first, changed) = deliveries(CHANGED)?;
    let request = |problem| Request { engine: first_plan(), kept: KeptPlans::Reuse, ..Request::new(problem) };
    let (first, changed) = (request(first), changed.into_iter().map(request).collect());
    let scratch = service(lab, None);
    let tasks = scratch.tasks().clone();
    let mut near = Near { lab, shared: Shared { tasks, read: ReadProblems::default() }, first, changed };
    let repaired = near.answer().await?.into_iter().map(|(_, is_repaired)| is_repaired);
    let mut repaired = repaired.collect::<Vec<_>>().into_iter();
    near.changed.retain(|_| repaired.next().unwrap_or(false));
    if near.changed.len() < REPAIRED_LEAST {
        return Err(format!("only {} of {CHANGED} plans were repaired", near.changed.len()));
    }
    Ok(Box::new(near))
}

/// Many requests of a typical program: of ten, one is planned for and the others are answered with kept plans.
pub(super) fn held(lab: &dyn Lab) -> Option<Box<dyn Rounds + '_>> {
    let before = lab.held_bytes()?;
    let requests = (0..10).flat_map(|turn| {
        typical().into_iter().enumerate().map(move |(at, problem)| {
            let kept = if at == turn { KeptPlans::Ignore } else { KeptPlans::Reuse };
            Request { engine: first_plan(), kept, ..Request::new(problem) }
        })
    });
    let requests = Requests {
        pacing: lab.pacing(),
        service: service(lab, None),
        requests: requests.collect(),
        in_flight: SIDE_BY_SIDE,
        is_right: |_| true,
    };
    Some(Box::new(Held { lab, before, requests }))
}

impl Rounds for Requests {
    fn round(&mut self, repetitions: u64) -> LocalBoxFuture<'_, Result<Round, String>> {
        async move {
            let clock = &*self.pacing.clock;
            let begun = clock.now();
            let mut turn = begun;
            let mut requests = self.requests.iter().cycle().take(repetitions as usize);
            let mut under_way = FuturesUnordered::new();
            loop {
                while under_way.len() < self.in_flight
                    && let Some(request) = requests.next()
                {
                    under_way.push(solved(&self.service, request.clone()));
                }
                let Some(response) = under_way.next().await else { break };
                if !(self.is_right)(&*response?) {
                    return Err("a request was answered in another way than it has to".to_owned());
                }
                pause(&self.pacing, &mut turn, SLICE).await;
            }
            Ok(Round::of(clock.now().saturating_sub(begun), repetitions))
        }
        .boxed_local()
    }
}

impl Near<'_> {
    /// Answers all requests by a service that knows nothing but the first: the work of each, and whether a plan was
    /// repaired for it.
    async fn answer(&self) -> Result<Vec<(Duration, bool)>, String> {
        let service = service(self.lab, Some(self.shared.clone()));
        solved(&service, self.first.clone()).await?;
        let mut answers = Vec::new();
        for request in &self.changed {
            let job = service.submit(request.clone()).await;
            let response = job.finished().await;
            answers.push((job.worked(), response.repair.is_some()));
            self.lab.pacing().yielder.yield_now().await;
        }
        Ok(answers)
    }
}

impl Rounds for Near<'_> {
    fn round(&mut self, _: u64) -> LocalBoxFuture<'_, Result<Round, String>> {
        async move {
            let answers = self.answer().await?;
            let repaired = answers.iter().filter(|(_, is_repaired)| *is_repaired).count();
            if repaired * 4 < answers.len() * 3 {
                return Err(format!("only {repaired} of {} plans were repaired", answers.len()));
            }
            let took = answers.iter().map(|(worked, _)| *worked).sum();
            Ok(Round::of(took, answers.len() as u64))
        }
        .boxed_local()
    }
}

impl Rounds for Held<'_> {
    fn round(&mut self, repetitions: u64) -> LocalBoxFuture<'_, Result<Round, String>> {
        async move {
            let round = self.requests.round(repetitions).await?;
            let held = self.lab.held_bytes().unwrap_or(self.before).saturating_sub(self.before);
            Ok(Round { figure: held as f64, took: round.took })
        }
        .boxed_local()
    }
}

/// A service of its own, as a server has it.
fn service(lab: &dyn Lab, shared: Option<Shared>) -> Service {
    let patterns = Rc::new(LayeredPatterns::new(lab.patterns(), None, || 0.0));
    let mut environment = Environment::new(lab.pacing(), patterns);
    let read = match shared {
        Some(shared) => {
            environment.tasks = shared.tasks;
            shared.read
        }
        None => ReadProblems::default(),
    };
    environment.read = Some(read);
    let (service, running) = Service::new(environment, BOUNDS);
    lab.spawn(running.boxed_local());
    service
}

/// The answer to a request, which has to be a plan.
async fn solved(service: &Service, request: Request) -> Result<Rc<Response>, String> {
    let job = service.submit(request).await;
    let response = job.finished().await;
    match response.outcome {
        Some(Outcome::Solved) => Ok(response),
        _ => Err(response.message.clone()),
    }
}

fn is_kept(response: &Response) -> bool {
    matches!(response.provenance, Provenance::Pattern { .. })
}
