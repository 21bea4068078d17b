//! From a request to its answer: parse, choose goals, look for a pattern, compile, search,
//! validate.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{Either, select};

use super::attempts::{Attempt, outcome_of_stop};
use super::goals::Candidates;
use super::job_state::JobCore;
use super::progress::Phase;
use super::response::Response;
use super::subject::{Compiled, Model};
use super::upkeep::Upkeep;
use super::verdict::GoalVerdict;
use super::{Environment, GoalPolicy, KeptPlans, Problem, Request, Until};
use crate::cache::tasks::Claim;
use crate::diagnostic::Diagnostic;
use crate::ground::goap::{Compile, Failure};
use crate::lang::goap::reach::Reach;
use crate::lang::{goap, pddl};
use crate::plan::explain_pddl::Explaining;
use crate::plan::{Guarantee, Pattern, explain};
use crate::runtime::{Bounds, Paced, Stop, drive};
use crate::search::{Optimality, Outcome};

impl Paced for goap::Parse {}
impl Paced for pddl::Parse {}
impl Paced for Explaining<'_> {}
impl Paced for Reach {}
impl Paced for Compile<'_> {}

/// Goals that are explained at most: each takes time in proportion to the document.
const EXPLAINED_MAX: usize = 8;

/// A job under way: what is known of its answer so far.
pub(super) struct Work<'a> {
    pub(super) environment: &'a Environment,
    pub(super) core: &'a JobCore,
    pub(super) request: &'a Request,
    pub(super) response: Response,
    /// Why and when the driver stopped, though there is a plan: it is still checked.
    pub(super) stopped: Option<(Stop, Duration)>,
    /// Most bytes that grounding held, and bytes of the task that it came to.
    pub(super) grounding_bytes: Cell<u64>,
    pub(super) task_bytes: Cell<u64>,
    /// What the store is told once the job is answered.
    pub(super) upkeep: Vec<Upkeep>,
}

/// Why there is no compiled task.
pub(super) enum NotCompiled {
    /// The driver stopped.
    Stopped(Stop),
    /// The memory budget was reached.
    MemoryLimit,
    /// The problem has errors that only show when it is compiled.
    Findings { message: &'static str, findings: Vec<Diagnostic>, is_unsupported: bool },
}

/// Answers a request. Never fails: whatever happens is an answer. What the store has to be told is left
/// to the caller.
pub(super) async fn answer(
    environment: &Environment,
    core: &JobCore,
    request: &Request,
) -> (Response, Vec<Upkeep>) {
    core.begin();
    let response = Response::empty();
    let (grounding_bytes, task_bytes) = (Cell::new(0), Cell::new(0));
    let (stopped, upkeep) = (None, Vec::new());
    let mut work =
        Work { environment, core, request, response, stopped, grounding_bytes, task_bytes, upkeep };
    if let Err(stop) = work.run().await {
        work.response.set_outcome(outcome_of_stop(stop));
    }
    work.close();
    (work.response, work.upkeep)
}

impl Work<'_> {
    async fn run(&mut self) -> Result<(), Stop> {
        let Some(model) = self.parse().await? else { return Ok(()) };
        if self.request.until == Until::Ground {
            return self.compile_only(&model).await;
        }
        let mut candidates = match Candidates::new(&model.goals(), &self.request.goals) {
            Ok(candidates) => candidates,
            Err(diagnostic) => {
                self.response.message.clone_from(&diagnostic.message);
                self.response.diagnostics.push(*diagnostic);
                return Ok(());
            }
        };
        self.response.goals = candidates.reports();
        if candidates.goals.is_empty() {
            self.response.outcome = Some(Outcome::Unsolvable);
            self.response.message = "no goal is a candidate: the `when` of none holds at the start".into();
            return Ok(());
        }
        let mut look = self.look(&model, &candidates);
        if self.answer_with_kept(&model, &mut look, &mut candidates).await? {
            return Ok(());
        }
        let Some(compiled) = look.beside(self.compile(&model)).await? else { return Ok(()) };
        self.offer(&model, &mut look).await?;
        look.beside(self.plan(&model, &compiled, &mut candidates)).await?;
        // There is an answer: an offer that comes too late is none.
        let _ = self.offer(&model, &mut look).await;
        Ok(())
    }

    /// Searches for the goals as the request says, and has the plan found checked.
    async fn plan(
        &mut self,
        model: &Model,
        compiled: &Compiled,
        candidates: &mut Candidates,
    ) -> Result<(), Stop> {
        let attempt = match self.request.goals {
            GoalPolicy::Cheapest => self.cheapest(model, compiled, candidates).await?,
            GoalPolicy::Priority | GoalPolicy::Named(_) => {
                self.by_priority(model, compiled, candidates).await?
            }
        };
        if let Some(attempt) = attempt {
            self.conclude(model, attempt, candidates).await?;
            if self.stopped.is_none() {
                // Where the time ends first, there is a plan all the same.
                let _ = self.explain(model, compiled, candidates).await;
                self.response.goals = candidates.reports();
            }
        }
        Ok(())
    }

    pub(super) async fn drive<S: Paced>(&self, stepper: &RefCell<S>) -> Result<S::Output, Stop> {
        self.drive_for(self.core.remaining(), stepper).await
    }

    /// The same for a part of the time that is left.
    pub(super) async fn drive_for<S: Paced>(
        &self,
        time: Option<Duration>,
        stepper: &RefCell<S>,
    ) -> Result<S::Output, Stop> {
        let core = self.core;
        drive(&self.environment.pacing, &core.control, &core.meter, time, stepper).await
    }

    /// Waits for something that is not the job's own work, and no longer than the job may take.
    pub(super) async fn wait<T>(&self, wait: impl Future<Output = T>) -> Result<T, Stop> {
        let core = self.core;
        let pacing = &self.environment.pacing;
        Bounds::new(pacing, &core.control, &core.meter, core.remaining()).race(wait).await
    }

    /// Time of work since the last call of it with this mark.
    pub(super) fn lap(&self, mark: Duration) -> Duration {
        self.core.meter.worked().saturating_sub(mark)
    }

    async fn parse(&mut self) -> Result<Option<Model>, Stop> {
        self.core.enter(Phase::Parse);
        let mark = self.core.meter.worked();
        let model = match &self.request.problem {
            Problem::Goap { text } => {
                let parsed = self.drive(&RefCell::new(goap::Parse::new(Arc::clone(text)))).await;
                self.response.phases.parse = self.lap(mark);
                let parsed = parsed?;
                self.response.diagnostics = parsed.diagnostics;
                parsed.model.map(|model| Model::Goap(Arc::new(model)))
            }
            Problem::Pddl { domain, problem } => {
                let limit = u64::from(u32::MAX);
                let parse = pddl::Parse::with_limit(Arc::clone(domain), Arc::clone(problem), limit);
                let parsed = self.drive(&RefCell::new(parse)).await;
                self.response.phases.parse = self.lap(mark);
                let parsed = parsed?;
                self.response.is_unsupported = parsed.verdict() == pddl::Verdict::Unsupported;
                self.response.diagnostics = parsed.diagnostics;
                parsed.model.map(|model| Model::Pddl(Arc::new(model)))
            }
        };
        match &model {
            Some(model) => {
                model.name().clone_into(&mut self.response.name);
                self.response.actions = model.actions();
            }
            None if self.response.is_unsupported => {
                self.response.message = "the problem asks for what is not supported".into();
            }
            None => {
                let errors = self.response.diagnostics.iter().filter(|finding| finding.is_error()).count();
                let plural = if errors == 1 { "" } else { "s" };
                self.response.message = format!("the document has {errors} error{plural}");
            }
        }
        Ok(model)
    }

    /// The compiled task, from the cache or made now; `None` where there is none, which the response says.
    async fn compile(&mut self, model: &Model) -> Result<Option<Compiled>, Stop> {
        self.core.enter(Phase::Ground);
        let mark = self.core.meter.worked();
        let loaded = self.load(model).await;
        self.response.phases.ground = self.lap(mark);
        match loaded {
            Ok((compiled, was_there)) => {
                self.response.compiled_hit = was_there;
                self.task_bytes.set(compiled.memory_bytes());
                self.note_grounding(&compiled);
                Ok(Some(compiled))
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

    /// The compiled task and whether it was in the cache. Whoever waits for this job's task does not wait
    /// while it is paused: the next one compiles it then.
    async fn load(&self, model: &Model) -> Result<(Compiled, bool), NotCompiled> {
        let key = model.task_key();
        let tasks = &self.environment.tasks;
        let ticket = match self.wait(tasks.claim(key)).await.map_err(NotCompiled::Stopped)? {
            Claim::Hit(compiled) => return Ok((compiled, true)),
            Claim::Load(ticket) => ticket,
        };
        let compiling = pin!(async {
            match model {
                Model::Goap(model) => self.compile_goap(model).await,
                Model::Pddl(model) => self.ground(model).await,
            }
        });
        let (compiled, ticket) = match select(compiling, pin!(self.core.control.paused())).await {
            Either::Left((compiled, _)) => (compiled, Some(ticket)),
            Either::Right(((), compiling)) => {
                drop(ticket);
                (compiling.await, None)
            }
        };
        let compiled = compiled?;
        let bytes = compiled.memory_bytes();
        match ticket {
            Some(ticket) => ticket.fill(compiled.clone(), bytes),
            None => tasks.keep(&key, &compiled, bytes),
        }
        Ok((compiled, false))
    }

    async fn compile_goap(&self, model: &goap::Model) -> Result<Compiled, NotCompiled> {
        let compile = Compile::new(model).within(self.request.limits.memory_bytes);
        match self.drive(&RefCell::new(compile)).await {
            Ok(Ok(task)) => Ok(Compiled::Goap(Arc::new(task))),
            Ok(Err(Failure::MemoryLimit)) => Err(NotCompiled::MemoryLimit),
            Ok(Err(Failure::Diagnostics(findings))) => {
                let message = "the costs of the document do not fit";
                Err(NotCompiled::Findings { message, findings, is_unsupported: false })
            }
            Err(stop) => Err(NotCompiled::Stopped(stop)),
        }
    }

    /// Compiles and leaves it at that.
    async fn compile_only(&mut self, model: &Model) -> Result<(), Stop> {
        if let Some(compiled) = self.compile(model).await? {
            self.response.message = "the task is compiled".into();
            self.response.compiled = Some(compiled);
            if let Model::Pddl(model) = model {
                self.response.pddl = Some(Arc::clone(model));
            }
        }
        Ok(())
    }

    pub(super) async fn unsolved(
        &mut self,
        model: &Model,
        compiled: &Compiled,
        candidates: &mut Candidates,
        outcome: Outcome,
    ) {
        let first = candidates.goals[0];
        self.response.goal = Some(model.goal_name(first).to_owned());
        self.response.set_outcome(outcome);
        if outcome == Outcome::Unsolvable {
            let states = self.response.statistics.registered;
            self.response.message = match self.response.statistics.expanded {
                0 => "proven before the search: relaxed reachability does not reach the goal".into(),
                _ => format!("proven: all {states} reachable states were seen or are dead ends"),
            };
        }
        // What was proven stays proven where the time ends before it is explained.
        let _ = self.explain(model, compiled, candidates).await;
        self.response.goals = candidates.reports();
        if outcome == Outcome::Unsolvable {
            let first =
                self.response.goals.iter().find(|goal| Some(&goal.name) == self.response.goal.as_ref());
            self.response.explanation = first.and_then(|goal| goal.explanation.clone());
        }
    }

    /// Says of the first goals that are proven to be out of reach why they are.
    async fn explain(
        &mut self,
        model: &Model,
        compiled: &Compiled,
        candidates: &mut Candidates,
    ) -> Result<(), Stop> {
        let goals: Vec<usize> = candidates.unsolvable().take(EXPLAINED_MAX).collect();
        if goals.is_empty() {
            return Ok(());
        }
        match (model, compiled) {
            (Model::Goap(model), _) => {
                let reached = self.drive(&RefCell::new(Reach::new(Arc::clone(model)))).await?;
                for goal in goals {
                    candidates.explain(goal, explain::explain(model, &reached, goal));
                }
            }
            (Model::Pddl(source), Compiled::Pddl(compiled)) if compiled.instance.goal.is_false => {
                for goal in goals {
                    let name = model.goal_name(goal).to_owned();
                    let explaining = Explaining::new(source, compiled.reached(), name);
                    let explanation = self.drive(&RefCell::new(explaining)).await?;
                    candidates.explain(goal, explanation);
                }
            }
            (Model::Pddl(_), _) => {}
        }
        Ok(())
    }

    /// Replays the plan on the source model; only then it is an answer.
    async fn conclude(
        &mut self,
        model: &Model,
        attempt: Attempt,
        candidates: &mut Candidates,
    ) -> Result<(), Stop> {
        let goal = model.goal_name(attempt.goal).to_owned();
        self.response.goal = Some(goal.clone());
        let Some(plan) = self.replay(model, attempt.goal, attempt.steps.clone()).await? else {
            self.response.reject();
            return Ok(());
        };
        candidates.note(attempt.goal, GoalVerdict::Planned { cost: plan.cost, chosen: true });
        self.response.goals = candidates.reports();
        self.response.outcome = Some(Outcome::Solved);
        self.response.message = "the plan was checked by replay".into();
        self.response.optimal = attempt.optimality == Optimality::Proven;
        self.response.optimality = attempt.optimality.to_string();
        if self.request.kept != KeptPlans::Ignore {
            let guarantee = if self.response.optimal { Guarantee::Optimal } else { Guarantee::Plan };
            let key = model.pattern_key(attempt.goal);
            let pattern = Pattern::new(key, goal, attempt.steps, plan.cost, guarantee)
                .with_engine(self.request.engine.to_string());
            self.upkeep.push(Upkeep::Keep(pattern));
        }
        self.response.plan = Some(plan);
        Ok(())
    }

    /// Gives back what the job no longer needs.
    fn close(&mut self) {
        if self.response.statistics.registered == 0 {
            self.collect();
        }
        // Searching, the task is there too; grounding is over by then.
        let searching = self.task_bytes.get() + self.response.peak_memory_bytes;
        self.response.peak_memory_bytes = searching.max(self.grounding_bytes.get());
        self.core.searches().iter().for_each(|search| search.borrow_mut().close());
        self.response.offer = self.core.offered().filter(|offer| offer.betters(&self.response));
    }
}
