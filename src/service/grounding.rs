//! The report on grounding: its result, and the time of each of its phases.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use serde::Serialize;

use crate::ground::pddl::{Counts, Ground};

/// The result of grounding, or its progress so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GroundReport {
    /// How many atoms, operators, variables and so on there are.
    #[serde(flatten)]
    pub counts: Counts,
    /// Milliseconds by phase, in order; empty where the task was in the cache.
    pub phases: Vec<GroundPhase>,
}

/// A phase of grounding and the time it took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroundPhase {
    /// Its name.
    pub name: &'static str,
    /// Milliseconds of work.
    pub ms: f64,
}

/// A grounding under way, shared by the job that steps it and the views that show it.
pub(super) type SharedGround = Rc<RefCell<Ground>>;

/// Adds time to a phase. A phase that is entered twice is listed once, with the sum.
pub(super) fn add_phase_time(phases: &mut Vec<GroundPhase>, name: &'static str, time: Duration) {
    let ms = time.as_secs_f64() * 1e3;
    match phases.iter_mut().find(|phase| phase.name == name) {
        Some(phase) => phase.ms += ms,
        None => phases.push(GroundPhase { name, ms }),
    }
}
