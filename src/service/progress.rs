//! The progress of a job, as its owner sees it.

use std::rc::Rc;
use std::time::Duration;

use serde::Serialize;

use super::grounding::GroundReport;
use super::offer::Offer;
use super::response::{PhaseTimes, PlanReport};
use crate::search::{Guides, Statistics};

/// What a job is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Waiting in the queue.
    #[default]
    Queued,
    /// Text to checked model.
    Parse,
    /// Model to compiled task.
    Ground,
    /// Looking for a plan.
    Search,
    /// Replaying the plan on the source model.
    Validate,
    /// Over; the response is there.
    Finished,
}

/// A snapshot of a job, cheap to take once per animation frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProgressReport {
    /// What it is doing.
    pub phase: Phase,
    /// Whether it is paused.
    pub paused: bool,
    /// Time of work so far; pauses and pacing are not counted.
    pub worked: Duration,
    /// Time since it began, without the time that it was held by a pause or by its pace. The deadline counts
    /// this time.
    pub elapsed: Duration,
    /// Time of work by phase, the one under way included.
    pub phases: PhaseTimes,
    /// The time limit.
    pub timeout: Option<Duration>,
    /// Counters so far, summed over all searches of all goals.
    pub statistics: Statistics,
    /// Goals that were searched for, the one under way included.
    pub goals: u32,
    /// The search whose recording is shown.
    pub drawn: Option<DrawnReport>,
    /// Least h so far, in the document's unit.
    pub best_h: Option<f64>,
    /// h of the initial state, in the document's unit.
    pub initial_h: Option<f64>,
    /// Entries in the open list.
    pub open: u64,
    /// Bytes held by the search, or by grounding, now.
    pub memory_bytes: u64,
    /// The plans of an anytime engine so far, each cheaper than the one before.
    pub improvements: Vec<PlanReport>,
    /// What grounding has come to, for PDDL; while it goes on, the last phase is under way.
    pub grounding: Option<GroundReport>,
    /// The memory limit.
    pub memory_limit_bytes: u64,
    /// The goal being planned for.
    pub goal: Option<String>,
    /// A plan kept before, where there is one that holds.
    pub offer: Option<Rc<Offer>>,
    /// Slices so far.
    pub slices: SliceReport,
}

/// How the work was cut into slices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SliceReport {
    /// Slices so far.
    pub count: u64,
    /// The longest, in milliseconds.
    pub longest_ms: f64,
    /// Counts of slices by length: bucket `i` holds lengths in `[0.125·2^i, 0.125·2^(i+1))` ms,
    /// the first everything shorter, the last (128 ms and more) everything longer.
    pub histogram: [u32; 11],
    /// `(expansions of the job when the slice ended, length in ms)` of all slices, in at most 4,096 entries:
    /// where there are more slices, an entry stands for several, with the longest length.
    pub entries: Vec<(u32, f32)>,
}

/// The search whose recording is shown, among those of a job.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrawnReport {
    /// What guides the search, and its number among the engine's searches for this goal.
    pub guides: Guides,
    /// Searches that the engine has begun for this goal.
    pub searches: u32,
    /// Expansions of the job before this search: those of the engine's earlier searches and for earlier goals.
    pub expanded_before: u64,
}

/// The stable shape of a job's progress in JavaScript and over HTTP.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProgressEntry {
    /// What the job is doing.
    pub phase: Phase,
    /// The goal being planned for.
    pub goal: Option<String>,
    /// Milliseconds since its work began, without the time that it was held.
    pub elapsed_ms: f64,
    /// Milliseconds of work.
    pub worked_ms: f64,
    /// The time limit.
    pub timeout_ms: Option<f64>,
    /// Counters so far.
    pub statistics: Statistics,
    /// Least h so far, in the document's unit.
    pub best_h: Option<f64>,
    /// Entries in the open list.
    pub open: u64,
    /// Bytes held now.
    pub memory_bytes: u64,
    /// The memory limit.
    pub memory_limit_bytes: u64,
    /// What grounding has come to, for PDDL; while it goes on, the last phase is under way.
    pub grounding: Option<GroundReport>,
}

impl From<&ProgressReport> for ProgressEntry {
    fn from(report: &ProgressReport) -> Self {
        let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
        Self {
            phase: report.phase,
            goal: report.goal.clone(),
            elapsed_ms: ms(report.elapsed),
            worked_ms: ms(report.worked),
            timeout_ms: report.timeout.map(ms),
            statistics: report.statistics,
            best_h: report.best_h,
            open: report.open,
            memory_bytes: report.memory_bytes,
            memory_limit_bytes: report.memory_limit_bytes,
            grounding: report.grounding.clone(),
        }
    }
}
