//! Answers calls on a planning thread, over the service of that thread.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use futures::future::{Either, select};
use futures::stream::{LocalBoxStream, once};
use futures::{FutureExt, StreamExt, select_biased};
use tracing::Instrument;

use super::call::{Answer, Call, Reply, Validation, Work};
use crate::ground::goap::Check;
use crate::lang::{goap, pddl};
use crate::runtime::{Pacing, in_slices};
use crate::service::validation::{ValidationReport, judge_goap, judge_pddl, read_plan};
use crate::service::{CheckReport, Event, Job, Problem, Request, Response, ResultReport, Service};

/// Answers calls. It stays on its thread.
pub struct Worker {
    service: Service,
    pacing: Pacing,
}

impl Worker {
    /// A worker over a service whose jobs run on this thread, and the time of that service.
    pub fn new(service: Service, pacing: Pacing) -> Self {
        Self { service, pacing }
    }

    /// Answers a call, unless nobody wants the answer any more. Once `ending` resolves, searches are cancelled
    /// and answered with what they have come to. `place` is dropped before the answer goes: whoever has it and
    /// calls again at once finds the thread free.
    pub async fn answer(&self, call: Call, place: impl Sized, ending: impl Future<Output = ()>) {
        let Call { work, mut reply, held, span } = call;
        let answer = AssertUnwindSafe(self.work(work, &mut reply, ending)).catch_unwind();
        let answer = answer.instrument(span).await;
        drop((held, place));
        match answer {
            Ok(Some(answer)) => reply.send(answer),
            Ok(None) => {}
            Err(_) => reply.send(Answer::Failed),
        }
    }

    async fn work(&self, work: Work, reply: &mut Reply, ending: impl Future<Output = ()>) -> Option<Answer> {
        match work {
            Work::Plan(request) => self.plan(*request, reply, ending).await,
            Work::Check(problem) => {
                wanted(reply, async { Answer::Checked(self.check(&problem).await) }).await
            }
            Work::Validate(validation) => {
                wanted(reply, async { Answer::Validated(Box::new(self.validate(&validation).await)) }).await
            }
        }
    }

    async fn plan(
        &self,
        request: Request,
        reply: &mut Reply,
        ending: impl Future<Output = ()>,
    ) -> Option<Answer> {
        let sources = request.problem.sources();
        let job = self.service.submit(request).await;
        let response = self.finished(&job, reply, ending).await?;
        Some(Answer::Planned(Box::new(ResultReport::from_response(&response, &sources))))
    }

    /// The response; `None` once nobody wants it.
    async fn finished(
        &self,
        job: &Job,
        reply: &mut Reply,
        ending: impl Future<Output = ()>,
    ) -> Option<Rc<Response>> {
        let mut events: LocalBoxStream<'_, Event> = if reply.shows_progress() {
            job.events()
        } else {
            once(job.finished()).map(Event::Ended).boxed_local()
        };
        let mut ending = pin!(ending.fuse());
        loop {
            select_biased! {
                event = events.next().fuse() => match event {
                    Some(Event::Ended(response)) => return Some(response),
                    Some(event) => reply.note(&event, job),
                    None => return Some(job.finished().await),
                },
                () = reply.unwanted().fuse() => return None,
                () = ending => job.cancel(),
            }
        }
    }

    async fn check(&self, problem: &Problem) -> CheckReport {
        let findings = match problem {
            Problem::Goap { text } => in_slices(&self.pacing, Check::new(Arc::clone(text))).await.diagnostics,
            Problem::Pddl { domain, problem } if problem.is_empty() => {
                in_slices(&self.pacing, pddl::Parse::domain(Arc::clone(domain))).await.diagnostics
            }
            Problem::Pddl { domain, problem } => {
                let parse = pddl::Parse::new(Arc::clone(domain), Arc::clone(problem));
                in_slices(&self.pacing, parse).await.diagnostics
            }
        };
        CheckReport::new(&findings, &problem.sources())
    }

    async fn validate(&self, validation: &Validation) -> ValidationReport {
        let Validation { problem, plan, goal } = validation;
        let sources = problem.sources().with("plan", Arc::clone(plan));
        let start = sources.files().last().map_or(0, |file| file.start);
        let plan = read_plan(plan, problem.is_pddl(), start);
        let judged = match problem {
            Problem::Goap { text } => {
                let parsed = in_slices(&self.pacing, goap::Parse::new(Arc::clone(text))).await;
                judge_goap(parsed, &plan, goal.as_deref(), Some(&self.pacing)).await
            }
            Problem::Pddl { domain, problem } => {
                let parse = pddl::Parse::new(Arc::clone(domain), Arc::clone(problem));
                judge_pddl(in_slices(&self.pacing, parse).await, &plan, Some(&self.pacing)).await
            }
        };
        let errors = judged.as_ref().err().map_or(&[][..], |unreadable| &unreadable.findings);
        let diagnostics = CheckReport::new(errors, &sources).diagnostics;
        ValidationReport::new(&plan, judged.as_ref().ok(), &sources, diagnostics)
    }
}

/// The answer, unless nobody wants it any more.
async fn wanted(reply: &mut Reply, answer: impl Future<Output = Answer>) -> Option<Answer> {
    match select(pin!(answer), pin!(reply.unwanted())).await {
        Either::Left((answer, _)) => Some(answer),
        Either::Right(_) => None,
    }
}
