//! What crosses from the connections to a planning thread and back: owned values, all of them `Send`.

use futures::channel::oneshot;

use super::body::Held;
use crate::service::{CheckReport, Problem, Request, ResultReport};

/// Work for a planning thread.
pub struct Call {
    /// What is asked.
    pub work: Work,
    /// Where the answer goes.
    pub reply: Reply,
    /// The bytes of the body that it came in, which count until it is answered.
    pub held: Held,
}

/// What is asked of a planning thread.
pub enum Work {
    /// A plan.
    Plan(Box<Request>),
    /// The findings about a problem. A PDDL problem that is empty is not looked at: the domain is checked alone.
    Check(Problem),
}

/// An answer of a planning thread.
pub enum Answer {
    /// To [`Work::Plan`]: the result, in the shape of `plan --json`.
    Planned(Box<ResultReport>),
    /// To [`Work::Check`].
    Checked(CheckReport),
    /// The planner failed, which says nothing about what it was asked.
    Failed,
}

/// Where an answer goes.
pub enum Reply {
    /// To a client that waits. Dropping the receiver cancels the call.
    Once(oneshot::Sender<Answer>),
}

impl Reply {
    /// Resolves when nobody wants the answer any more.
    pub async fn unwanted(&mut self) {
        match self {
            Self::Once(sender) => sender.cancellation().await,
        }
    }

    /// Answers.
    pub fn send(self, answer: Answer) {
        match self {
            Self::Once(sender) => {
                // A client that went away needs no answer.
                let _ = sender.send(answer);
            }
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
