//! What crosses from the connections to a planning thread and back: owned values, all of them `Send`.

use std::sync::Arc;

use futures::channel::oneshot;
use tracing::Span;

use super::body::Held;
use super::jobs::{End, KeptReply};
use super::progress::Happening;
use crate::service::validation::ValidationReport;
use crate::service::{CheckReport, Event, Job, Problem, Request, ResultReport};

/// Work for a planning thread.
pub struct Call {
    /// What is asked.
    pub work: Work,
    /// Where the answer goes.
    pub reply: Reply,
    /// The bytes of the body that it came in, which count until it is answered.
    pub held: Held,
    /// What it belongs to.
    pub span: Span,
}

/// What is asked of a planning thread.
pub enum Work {
    /// A plan.
    Plan(Box<Request>),
    /// The findings about a problem. A PDDL problem that is empty is not looked at: the domain is checked alone.
    Check(Problem),
    /// Whether a plan holds.
    Validate(Box<Validation>),
}

/// A plan to be validated.
pub struct Validation {
    /// The problem.
    pub problem: Problem,
    /// The plan's text.
    pub plan: Arc<str>,
    /// The goal to reach, by name; any goal otherwise.
    pub goal: Option<String>,
}

/// An answer of a planning thread.
pub enum Answer {
    /// To [`Work::Plan`]: the result, in the shape of `plan --json`.
    Planned(Box<ResultReport>),
    /// To [`Work::Check`].
    Checked(CheckReport),
    /// To [`Work::Validate`].
    Validated(Box<ValidationReport>),
    /// The planner failed, which says nothing about what it was asked.
    Failed,
}

/// Where an answer goes.
pub enum Reply {
    /// To a client that waits. Dropping the receiver cancels the call.
    Once(oneshot::Sender<Answer>),
    /// To a job that is kept. Deleting it cancels the call.
    Kept(KeptReply),
}

impl Reply {
    /// Resolves when nobody wants the answer any more.
    pub async fn unwanted(&mut self) {
        match self {
            Self::Once(sender) => sender.cancellation().await,
            Self::Kept(job) => job.unwanted().await,
        }
    }

    /// Whether somebody may look at the progress.
    pub fn shows_progress(&self) -> bool {
        matches!(self, Self::Kept(_))
    }

    /// Notes what has happened to the job of the call.
    pub fn note(&self, event: &Event, job: &Job) {
        if let (Self::Kept(kept), Some(happening)) = (self, Happening::new(event, job)) {
            kept.note(happening);
        }
    }

    /// Answers.
    pub fn send(self, answer: Answer) {
        match (self, answer) {
            (Self::Once(sender), answer) => {
                // A client that went away needs no answer.
                let _ = sender.send(answer);
            }
            (Self::Kept(job), Answer::Planned(report)) => job.end(End::Result(Arc::from(report))),
            (Self::Kept(job), _) => job.end(End::Failed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Tasks;

    fn crosses<T: Send + 'static>() {}

    #[test]
    fn what_crosses_threads_may() {
        crosses::<Call>();
        crosses::<Answer>();
        crosses::<Tasks>();
    }
}
