//! Answers calls on a planning thread, over the service of that thread.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::{Either, select};

use super::call::{Answer, Call, Reply, Work};
use crate::ground::goap::Check;
use crate::lang::pddl;
use crate::runtime::{Pacing, in_slices};
use crate::service::{CheckReport, Problem, Request, ResultReport, Service};

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
    /// and answered with what they have come to.
    pub async fn answer(&self, call: Call, ending: impl Future<Output = ()>) {
        let Call { work, mut reply, held } = call;
        let answer = AssertUnwindSafe(self.work(work, &mut reply, ending)).catch_unwind().await;
        drop(held);
        match answer {
            Ok(Some(answer)) => reply.send(answer),
            Ok(None) => {}
            Err(_) => reply.send(Answer::Failed),
        }
    }

    async fn work(&self, work: Work, reply: &mut Reply, ending: impl Future<Output = ()>) -> Option<Answer> {
        match work {
            Work::Plan(request) => self.plan(*request, reply, ending).await,
            Work::Check(problem) => match select(pin!(self.check(&problem)), pin!(reply.unwanted())).await {
                Either::Left((report, _)) => Some(Answer::Checked(report)),
                Either::Right(_) => None,
            },
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
        let finished = pin!(job.finished());
        let (unwanted, ending) = (pin!(reply.unwanted()), pin!(ending));
        let response = match select(finished, select(unwanted, ending)).await {
            Either::Left((response, _)) => response,
            Either::Right((Either::Left(_), _)) => return None,
            Either::Right((Either::Right(_), finished)) => {
                job.cancel();
                finished.await
            }
        };
        Some(Answer::Planned(Box::new(ResultReport::from_response(&response, &sources))))
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
}
