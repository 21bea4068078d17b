//! The kinds of answers, which a reader cannot mistake for one another.

use super::fault::{Fault, FaultCause};
use super::response::Response;
use super::subject::Subject;
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::search::Outcome;

/// What an answer is. Of each response exactly one of these holds.
#[derive(Clone, Debug)]
pub enum Answer<'a> {
    /// There is a plan, and it has passed the validator.
    Planned(&'a Plan),
    /// The task is compiled, and nothing more was asked for.
    Compiled(&'a Subject),
    /// There is no plan; the outcome says why, and whether that is proven. Never [`Outcome::Solved`] or
    /// [`Outcome::Fault`].
    NoPlan(Outcome),
    /// The problem has errors, which are among these findings.
    Invalid(&'a [Diagnostic]),
    /// The problem asks for what is not supported, as these findings say.
    Unsupported(&'a [Diagnostic]),
    /// The service shut down before there was an answer. Another one may take the same request.
    ShutDown,
    /// The planner failed. The problem is not to blame.
    Fault(Fault),
}

impl Response {
    /// What the answer is.
    pub fn answer(&self) -> Answer<'_> {
        let fault = |cause| Answer::Fault(Fault { request: self.id, cause });
        match (self.outcome, &self.plan, &self.compiled) {
            (Some(Outcome::Fault), ..) => fault(self.fault.clone().unwrap_or(FaultCause::GoalMisfit)),
            (Some(_), Some(plan), _) => Answer::Planned(plan),
            // Solved is what has a plan; without one, the plan was not accepted.
            (Some(Outcome::Solved), None, _) => fault(FaultCause::PlanRejected),
            (Some(_), None, _) if self.is_shut_down => Answer::ShutDown,
            (Some(outcome), None, _) => Answer::NoPlan(outcome),
            (None, _, Some(subject)) => Answer::Compiled(subject),
            (None, _, None) if self.is_unsupported => Answer::Unsupported(&self.diagnostics),
            (None, _, None) => Answer::Invalid(&self.diagnostics),
        }
    }
}
