//! From a checked model to the compiled task: out of the cache, or compiled now.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use futures::future::{Either, select};

use super::Until;
use super::grounding::{GroundReport, SharedGround};
use super::progress::Phase;
use super::subject::{Model, Opened, Subject};
use super::work::Work;
use crate::cache::tasks::Claim;
use crate::diagnostic::Diagnostic;
use crate::ground::goap::{Compile, Failure as GoapFailure};
use crate::ground::pddl::{Failure, Ground, GroundOptions, PddlTask, Phase as GroundingPhase};
use crate::lang::{goap, pddl};
use crate::runtime::{Paced, Stop, spans};
use crate::search::Outcome;
use crate::step::{Budget, Progress, Stepper};

impl Paced for Compile<'_> {}

/// Why there is no compiled task.
enum NotCompiled {
    /// The driver stopped.
    Stopped(Stop),
    /// The memory budget was reached.
    MemoryLimit,
    /// The problem has errors that only show when it is compiled.
    Findings { message: &'static str, findings: Vec<Diagnostic>, is_unsupported: bool },
}

impl From<Stop> for NotCompiled {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

/// Steps a grounding until its phase changes, so that each phase has its own time.
struct OnePhase {
    ground: SharedGround,
    phase: GroundingPhase,
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
    /// The model with its compiled task; `None` where the model cannot be compiled, and the response says why.
    pub(super) async fn compile(&mut self, model: &Model) -> Result<Option<Subject>, Stop> {
        self.core.enter(Phase::Ground);
        let mark = self.core.meter.worked();
        let loaded = self.load(model).await;
        self.response.phases.ground = self.worked_since(mark);
        match loaded {
            Ok((subject, was_cached)) => {
                self.response.compiled_hit = was_cached;
                self.task_bytes.set(subject.memory_bytes());
                if let Subject::Pddl(_, task) = &subject {
                    let report = GroundReport { counts: task.counts, phases: self.core.ground_phases() };
                    self.response.grounding = Some(report);
                }
                if self.request.until == Until::Ground {
                    self.response.message = "the task is compiled".into();
                    self.response.compiled = Some(subject.clone());
                }
                Ok(Some(subject))
            }
            Err(NotCompiled::Stopped(stop)) => Err(stop),
            Err(NotCompiled::MemoryLimit) => {
                self.response.set_outcome(Outcome::MemoryLimit);
                self.response.message =
                    "the memory limit was reached while grounding: no claim either way".into();
                Ok(None)
            }
            Err(NotCompiled::Findings { message, findings, is_unsupported }) => {
                self.response.message = message.into();
                self.response.is_unsupported = is_unsupported;
                self.response.diagnostics.extend(findings);
                Ok(None)
            }
        }
    }

    /// Finds the task of a model in the cache, or compiles it; answers whether it was in the cache. Other
    /// jobs that need the same task wait for the job that compiles it. If that job is paused, the next of
    /// them compiles the task itself.
    async fn load(&self, model: &Model) -> Result<(Subject, bool), NotCompiled> {
        if let Some(subject) = self.request.opened.as_ref().and_then(Opened::subject) {
            return Ok((subject, true));
        }
        let key = self.keys.task(model);
        let tasks = &self.environment.tasks;
        let claim = self.wait(tasks.claim(key)).await?;
        spans::cache("task", matches!(claim, Claim::Hit(_)));
        let ticket = match claim {
            Claim::Hit(compiled) => match Subject::pair(model, compiled) {
                Some(subject) => return Ok((subject, true)),
                // The cached task has the same key but belongs to a model in the other language.
                None => None,
            },
            Claim::Load(ticket) => Some(ticket),
        };
        let compiling = pin!(async {
            match model {
                Model::Goap(model) => self.compile_goap(model).await,
                Model::Pddl(model) => self.ground(model).await,
            }
        });
        let (subject, ticket) = match select(compiling, pin!(self.core.control.paused())).await {
            Either::Left((subject, _)) => (subject?, ticket),
            Either::Right(((), compiling)) => {
                drop(ticket);
                (compiling.await?, None)
            }
        };
        let bytes = subject.memory_bytes();
        match ticket {
            Some(ticket) => ticket.fill(subject.compiled(), bytes),
            None => tasks.keep(&key, &subject.compiled(), bytes),
        }
        Ok((subject, false))
    }

    async fn compile_goap(&self, model: &Arc<goap::Model>) -> Result<Subject, NotCompiled> {
        let compile = Compile::new(model).within(self.request.limits.memory_bytes);
        let compile = RefCell::new(compile);
        let compiled = self.drive(&compile).await;
        self.grounding_bytes.set(compile.borrow().memory_bytes());
        match compiled? {
            Ok(task) => Ok(Subject::Goap(Arc::clone(model), Arc::new(task))),
            Err(GoapFailure::MemoryLimit) => Err(NotCompiled::MemoryLimit),
            Err(GoapFailure::Diagnostics(findings)) => {
                let message = "the costs of the document do not fit";
                Err(NotCompiled::Findings { message, findings, is_unsupported: false })
            }
        }
    }

    /// Grounds a PDDL task phase by phase, and shows it in progress reports meanwhile.
    async fn ground(&self, model: &Arc<pddl::Model>) -> Result<Subject, NotCompiled> {
        let options =
            GroundOptions { memory_bytes: self.request.limits.memory_bytes, ..GroundOptions::default() };
        let ground = Rc::new(RefCell::new(Ground::new(Arc::clone(model), options)));
        self.core.show_grounding(&ground);
        let grounded = self.ground_phases(&ground).await;
        self.core.hide_grounding();
        if let (Err(_) | Ok(Err(_)), Ok(ground)) = (&grounded, Rc::try_unwrap(ground)) {
            (self.environment.discard)(Box::new(ground.into_inner()));
        }
        match grounded? {
            Ok(task) => Ok(Subject::Pddl(Arc::clone(model), Arc::new(task))),
            Err(Failure::MemoryLimit) => Err(NotCompiled::MemoryLimit),
            Err(Failure::Diagnostics(findings)) => {
                let is_unsupported =
                    findings.iter().all(|finding| !finding.is_error() || pddl::is_unsupported(&finding.code));
                let message = "the problem cannot be grounded";
                Err(NotCompiled::Findings { message, findings, is_unsupported })
            }
        }
    }

    async fn ground_phases(&self, ground: &SharedGround) -> Result<Result<PddlTask, Failure>, Stop> {
        loop {
            let phase = ground.borrow().phase();
            let mark = self.core.meter.worked();
            let ended = self.drive(&RefCell::new(OnePhase { ground: Rc::clone(ground), phase })).await;
            self.core.note_ground_phase(phase.name(), self.worked_since(mark));
            self.grounding_bytes.set(ground.borrow().peak_bytes());
            if let Some(grounded) = ended? {
                return Ok(grounded);
            }
        }
    }
}
