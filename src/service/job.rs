//! A running or finished request, as its caller holds it.
//!
//! A job is a cheap handle (reference-counted, one thread). Dropping every handle cancels it.

use std::rc::Rc;
use std::time::Duration;

use crate::lang::goap::model::Value;
use crate::lang::plan::Step;
use crate::search::Statistics;
use crate::service::Response;
use crate::trace::{NodeStatus, Trace};

/// What a job is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// Time since it began, pauses excluded and pacing included.
    pub elapsed: Duration,
    /// The time limit.
    pub timeout: Option<Duration>,
    /// Counters so far.
    pub statistics: Statistics,
    /// Least h so far, in the document's unit.
    pub best_h: Option<f64>,
    /// h of the initial state, in the document's unit.
    pub initial_h: Option<f64>,
    /// Entries in the open list.
    pub open: u64,
    /// Bytes held by the search now.
    pub memory_bytes: u64,
    /// The memory limit.
    pub memory_limit_bytes: u64,
    /// The goal being planned for.
    pub goal: Option<String>,
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
    /// `(expansions done when the slice ended, length in ms)` of the latest slices, at most 4,096.
    pub recent: Vec<(u32, f32)>,
}

/// A node opened for inspection. Costs are in the document's unit.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeReport {
    /// The node.
    pub node: u32,
    /// Its parent; `None` for the root.
    pub parent: Option<u32>,
    /// Steps from the root.
    pub depth: u32,
    /// Metric paid on the way.
    pub g: f64,
    /// The heuristic's estimate; `None` for a dead end or where it was not evaluated.
    pub h: Option<f64>,
    /// g + weight × h.
    pub f: Option<f64>,
    /// What became of it.
    pub status: NodeStatus,
    /// Expansion that generated it; 0 for the root.
    pub generated_at: u32,
    /// Expansion that was its first.
    pub expanded_at: Option<u32>,
    /// The step that led here; `None` for the root.
    pub step: Option<Step>,
    /// Values in model order.
    pub state: Vec<Value>,
    /// The parent's values; equal to `state` for the root.
    pub parent_state: Vec<Value>,
    /// Whether each applicable action, and what became of it.
    pub operators: Vec<OperatorReport>,
    /// Whether more actions apply than are listed.
    pub truncated: bool,
}

/// An applicable action of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorReport {
    /// The step.
    pub step: Step,
    /// Its metric here.
    pub cost: f64,
    /// What became of it.
    pub became: Became,
}

/// What became of a successor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Became {
    /// A node of its own.
    New {
        /// The node.
        node: u32,
        /// Its h.
        h: Option<f64>,
        /// Its f.
        f: Option<f64>,
    },
    /// A state that was known already.
    Duplicate {
        /// The known node.
        node: u32,
        /// Whether the known node got this cheaper path.
        cheaper: bool,
    },
    /// It leads to a dead end.
    DeadEnd {
        /// The node.
        node: u32,
    },
    /// The action cannot matter to any goal and was left out of the task.
    Irrelevant,
    /// The node has not been expanded.
    NotYet,
    /// It was not recorded: the trace was full.
    NotRecorded,
}

/// A handle to a job.
#[derive(Clone)]
pub struct Job {
    shared: Rc<()>,
}

impl Job {
    /// Asks it to stop; it ends as cancelled within a slice.
    pub fn cancel(&self) {}

    /// Holds it after the current slice.
    pub fn pause(&self) {}

    /// Lets a paused job go on.
    pub fn resume(&self) {}

    /// One expansion, then paused again. Pauses a running job first.
    pub fn step(&self) {}

    /// Expansions a second to watch; `None` for full speed.
    pub fn set_pace(&self, _expansions_per_second: Option<f64>) {}

    /// A snapshot.
    pub fn progress(&self) -> ProgressReport {
        ProgressReport::default()
    }

    /// The response, once it is there.
    pub fn response(&self) -> Option<Rc<Response>> {
        None
    }

    /// Waits for the response.
    pub async fn finished(&self) -> Rc<Response> {
        std::future::pending().await
    }

    /// Shows the recording of the goal that is or was planned for; `None` where there is none.
    /// The closure must not call back into the job.
    pub fn with_trace<R>(&self, _look: impl FnOnce(&Trace) -> R) -> Option<R> {
        let _ = &self.shared;
        None
    }

    /// The name of an operator in the recording, as a step; `None` where it is not known.
    pub fn step_of(&self, _operator: u32) -> Option<Step> {
        None
    }

    /// Opens a node of the recording.
    pub fn inspect(&self, _node: u32) -> Option<NodeReport> {
        None
    }
}
