//! Grounding a PDDL task for a request: phase by phase, so that each has its time, and shown while it goes
//! on.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::answer::{NotCompiled, Work};
use super::subject::Compiled;
use crate::ground::pddl::{Counts, Failure, Ground, GroundOptions, PddlTask, Phase};
use crate::lang::pddl;
use crate::runtime::Paced;
use crate::step::{Budget, Progress, Stepper};

/// What grounding came to, or has come to so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GroundReport {
    /// What there is of everything.
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

/// Grounding that is under way, shared with whoever shows it.
pub(super) type Shown = Rc<RefCell<Ground>>;

/// Steps a grounding until its phase changes.
struct OnePhase {
    ground: Shown,
    phase: Phase,
}

impl Stepper for OnePhase {
    type Output = Option<Result<PddlTask, Failure>>;

    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output> {
        let mut ground = self.ground.borrow_mut();
        match ground.step(budget) {
            Progress::Done(result) => Progress::Done(Some(result)),
            Progress::Pending if ground.phase() != self.phase => Progress::Done(None),
            Progress::Pending => Progress::Pending,
        }
    }
}

impl Paced for OnePhase {}

impl Work<'_> {
    /// Grounds a task.
    pub(super) async fn ground(&self, model: &Arc<pddl::Model>) -> Result<Compiled, NotCompiled> {
        let options =
            GroundOptions { memory_bytes: self.request.limits.memory_bytes, ..GroundOptions::default() };
        let ground = Rc::new(RefCell::new(Ground::new(Arc::clone(model), options)));
        self.core.show_grounding(&ground);
        let result = loop {
            let phase = ground.borrow().phase();
            let mark = self.core.meter.worked();
            let stepper = RefCell::new(OnePhase { ground: Rc::clone(&ground), phase });
            let ended = self.drive(&stepper).await;
            self.core.note_ground_phase(phase.name(), self.lap(mark));
            self.grounding_bytes.set(ground.borrow().peak_bytes());
            match ended {
                Ok(Some(result)) => break result,
                Ok(None) => {}
                Err(stop) => {
                    self.core.hide_grounding();
                    return Err(NotCompiled::Stopped(stop));
                }
            }
        };
        self.core.hide_grounding();
        match result {
            Ok(task) => Ok(Compiled::Pddl(Arc::new(task))),
            Err(Failure::MemoryLimit) => Err(NotCompiled::MemoryLimit),
            Err(Failure::Diagnostics(findings)) => {
                let is_unsupported =
                    findings.iter().all(|finding| !finding.is_error() || pddl::is_unsupported(&finding.code));
                let message = "the problem cannot be grounded";
                Err(NotCompiled::Findings { message, findings, is_unsupported })
            }
        }
    }

    /// Puts what grounding came to into the response.
    pub(super) fn note_grounding(&mut self, compiled: &Compiled) {
        if let Compiled::Pddl(compiled) = compiled {
            self.response.grounding =
                Some(GroundReport { counts: compiled.counts, phases: self.core.ground_phases() });
        }
    }
}

/// Adds time to a phase; a phase that was entered twice is listed once.
pub(super) fn note_phase(phases: &mut Vec<GroundPhase>, name: &'static str, time: Duration) {
    let ms = time.as_secs_f64() * 1e3;
    match phases.iter_mut().find(|phase| phase.name == name) {
        Some(phase) => phase.ms += ms,
        None => phases.push(GroundPhase { name, ms }),
    }
}
