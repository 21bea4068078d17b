//! From a request to its answer: parse, choose goals, look for a pattern, compile, search,
//! validate.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::attempts::{Attempt, outcome_of_stop};
use super::goals::Candidates;
use super::job::{JobCore, Phase, total};
use super::replay::Checking;
use super::response::{Provenance, Response};
use super::subject::{Compiled, Model};
use super::verdict::GoalVerdict;
use super::{Environment, GoalPolicy, Problem, Request, Until};
use crate::diagnostic::Diagnostic;
use crate::ground::goap::{Compile, Failure};
use crate::lang::goap::reach::Reach;
use crate::lang::plan::Step;
use crate::lang::{goap, pddl};
use crate::plan::explain_pddl::{self, ReachedAtoms};
use crate::plan::{Guarantee, Pattern, Plan, explain};
use crate::runtime::{Paced, Stop, drive};
use crate::search::{Optimality, Ordering, Outcome};
use crate::step::run;

impl Paced for goap::Parse {}
impl Paced for pddl::Parse {}
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
    /// Whether the driver has stopped, though there is a plan: what is left is done in one piece.
    pub(super) is_stopped: bool,
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

/// Answers a request. Never fails: whatever happens is an answer.
pub(super) async fn answer(environment: &Environment, core: &JobCore, request: &Request) -> Response {
    core.began.set(Some(environment.pacing.clock.now()));
    let mut work = Work { environment, core, request, response: Response::empty(), is_stopped: false };
    if let Err(stop) = work.run().await {
        work.response.set_outcome(outcome_of_stop(stop));
    }
    work.close();
    work.response
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
        if self.answer_from_pattern(&model, &mut candidates).await? {
            return Ok(());
        }
        let Some(compiled) = self.compile(&model).await? else { return Ok(()) };
        let attempt = match self.request.goals {
            GoalPolicy::Cheapest => self.cheapest(&model, &compiled, &mut candidates).await?,
            GoalPolicy::Priority | GoalPolicy::Named(_) => {
                self.by_priority(&model, &compiled, &mut candidates).await?
            }
        };
        if let Some(attempt) = attempt {
            self.conclude(&model, attempt, &mut candidates).await?;
            if !self.is_stopped {
                // Where the time ends first, there is a plan all the same.
                let _ = self.explain(&model, &compiled, &mut candidates).await;
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
        let tasks = self.environment.tasks.clone();
        let loaded = tasks
            .get_or_load(model.task_key(), async || {
                let compiled = match model {
                    Model::Goap(model) => self.compile_goap(model).await,
                    Model::Pddl(model) => self.ground(model).await,
                }?;
                let bytes = compiled.memory_bytes();
                Ok((compiled, bytes))
            })
            .await;
        self.response.phases.ground = self.lap(mark);
        match loaded {
            Ok((compiled, was_there)) => {
                self.response.compiled_hit = was_there;
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

    /// Sums up what the searches of the job have done.
    pub(super) fn collect(&mut self) {
        let facts: Vec<_> = self.core.searches().iter().map(|search| search.borrow().facts()).collect();
        self.response.statistics = total(&facts);
        let peak = facts.iter().map(|facts| facts.peak_memory_bytes);
        self.response.peak_memory_bytes = match self.request.goals {
            GoalPolicy::Cheapest => peak.sum(),
            _ => peak.max().unwrap_or(0),
        };
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
                let mut reached = ReachedAtoms::default();
                for (predicate, arguments, is_initial) in compiled.reached() {
                    reached.push(predicate, arguments, is_initial);
                }
                for goal in goals {
                    let name = model.goal_name(goal);
                    candidates.explain(goal, explain_pddl::explain(source, &reached, name));
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
        let guarantee = if self.response.optimal { Guarantee::Optimal } else { Guarantee::Plan };
        if self.request.use_patterns {
            let key = model.pattern_key(attempt.goal);
            let pattern = Pattern::new(key, goal, attempt.steps, plan.cost, guarantee)
                .with_engine(self.request.engine.to_string());
            // A pattern that cannot be kept costs a search later, nothing else.
            let _ = self.environment.patterns.put(pattern).await;
        }
        self.response.plan = Some(plan);
        Ok(())
    }

    async fn replay(&mut self, model: &Model, goal: usize, steps: Vec<Step>) -> Result<Option<Plan>, Stop> {
        self.core.enter(Phase::Validate);
        let mark = self.core.meter.worked();
        let checking = Checking::new(model, goal, steps);
        let plan =
            if self.is_stopped { Ok(run(checking)) } else { self.drive(&RefCell::new(checking)).await };
        self.response.phases.validate += self.lap(mark);
        plan
    }

    /// Answers from a kept pattern where one still holds and its guarantee suffices. Only the first
    /// candidate's pattern can answer by priority; several candidates for the cheapest plan need a
    /// search.
    async fn answer_from_pattern(
        &mut self,
        model: &Model,
        candidates: &mut Candidates,
    ) -> Result<bool, Stop> {
        let is_open = self.request.goals == GoalPolicy::Cheapest && candidates.goals.len() > 1;
        if !self.request.use_patterns || is_open {
            return Ok(false);
        }
        let goal = candidates.goals[0];
        let key = model.pattern_key(goal);
        let patterns = Rc::clone(&self.environment.patterns);
        let Ok(Some(pattern)) = patterns.get(key).await else { return Ok(false) };
        let wants_optimal = self.request.wants_optimal();
        if wants_optimal && pattern.guarantee != Guarantee::Optimal {
            return Ok(false);
        }
        let plan = self.replay(model, goal, pattern.steps.clone()).await?;
        let used = patterns.record_use(key, plan.is_some()).await;
        let Some(plan) = plan else { return Ok(false) };
        let used = used.ok().flatten().unwrap_or(pattern);
        candidates.note(goal, GoalVerdict::Planned { cost: plan.cost, chosen: true });
        self.response.goals = candidates.reports();
        self.response.goal = Some(model.goal_name(goal).to_owned());
        self.response.outcome = Some(Outcome::Solved);
        self.response.message = "a kept plan was checked by replay; nothing was searched".into();
        self.response.optimal = used.guarantee == Guarantee::Optimal;
        self.response.optimality = match used.guarantee {
            Guarantee::Optimal => format!("proven optimal when it was found by {}", used.engine),
            Guarantee::Plan => "not claimed optimal: it was not when it was found".into(),
        };
        self.response.provenance = Provenance::Pattern { uses: used.uses, successes: used.successes };
        self.response.plan = Some(plan);
        Ok(true)
    }

    /// Gives back what the job no longer needs.
    fn close(&mut self) {
        if self.response.statistics.registered == 0 {
            self.collect();
        }
        self.core.searches().iter().for_each(|search| search.borrow_mut().close());
    }
}

impl Request {
    /// Whether only a plan that is known to be optimal answers in place of the engine.
    fn wants_optimal(&self) -> bool {
        let is_admissible = Ordering::heuristics(&self.engine).are_admissible();
        let optimality = Ordering::new(&self.engine).optimality(is_admissible, false);
        optimality == Optimality::Proven || self.engine.search.aims_at_optimal()
    }
}
