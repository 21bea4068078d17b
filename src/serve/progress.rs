//! How a job stands, and what happens to it, as clients see it.

use serde::Serialize;
use serde_json::json;

use crate::search::Outcome;
use crate::service::{Event, Job, PlanReport, ProgressEntry, ResultReport};

/// Something that happens to a job.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Happening {
    /// Its work begins.
    Started,
    /// A phase begins.
    Phase(ProgressEntry),
    /// The phase goes on.
    Progress(ProgressEntry),
    /// An anytime engine has found a cheaper plan.
    Improved(PlanReport),
    /// Events came faster than they were noted, and so many are lost.
    Lost(u64),
    /// It is over.
    Ended(JobResult),
}

/// How a job ended, in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct JobResult {
    status: &'static str,
    outcome: Option<Outcome>,
    message: Option<String>,
    cost: Option<f64>,
    length: Option<usize>,
    optimal: Option<bool>,
}

impl Happening {
    /// What an event of a job is to clients. They can neither hold a job nor let it go on, and its end comes with its
    /// result.
    pub(super) fn new(event: &Event, job: &Job) -> Option<Self> {
        Some(match event {
            Event::Started => Self::Started,
            Event::Phase(_) => Self::Phase(ProgressEntry::from(&job.progress())),
            Event::Progress => Self::Progress(ProgressEntry::from(&job.progress())),
            Event::Improved(plan) => Self::Improved(*plan),
            Event::Lost(count) => Self::Lost(*count),
            Event::Paused | Event::Resumed | Event::Ended(_) => return None,
        })
    }

    /// Its name in the stream of events.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Phase(_) => "phase",
            Self::Progress(_) => "progress",
            Self::Improved(_) => "improved",
            Self::Lost(_) => "lost",
            Self::Ended(_) => "ended",
        }
    }

    /// Its data as JSON, on one line.
    pub(super) fn data(&self) -> String {
        let data = match self {
            Self::Started => Ok("{}".to_owned()),
            Self::Lost(count) => serde_json::to_string(&json!({"events": count})),
            Self::Phase(progress) | Self::Progress(progress) => serde_json::to_string(progress),
            Self::Improved(plan) => serde_json::to_string(plan),
            Self::Ended(result) => serde_json::to_string(result),
        };
        data.unwrap_or_default()
    }
}

impl JobResult {
    pub(super) fn new(status: &'static str, report: Option<&ResultReport>) -> Self {
        Self {
            status,
            outcome: report.and_then(|report| report.outcome),
            message: report.map(|report| report.message.clone()),
            cost: report.and_then(|report| report.cost),
            length: report.and_then(|report| report.length),
            optimal: report.map(|report| report.optimal),
        }
    }
}
