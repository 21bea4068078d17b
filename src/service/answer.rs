//! From a request to its answer: parse, choose goals, look for a pattern, compile, search,
//! validate.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::attempts::{Attempt, outcome_of_stop};
use super::goals::Candidates;
use super::job::{JobCore, Phase, total};
use super::response::{GoalVerdict, Provenance, Response};
use super::{Environment, GoalPolicy, Problem, Request};
use crate::ground::goap::{Compile, GoapTask};
use crate::hash;
use crate::lang::goap::reach::Reach;
use crate::lang::goap::{Model, Parse, canonical};
use crate::lang::plan::Step;
use crate::plan::{Guarantee, Pattern, PatternKey, Plan, PlanStep, explain};
use crate::runtime::{Paced, Stop, drive};
use crate::search::{Optimality, Ordering, Outcome};
use crate::validate::{Replay, Replaying, Validator};

impl Paced for Parse {}
impl Paced for Reach {}
impl Paced for Compile<'_> {}
impl Paced for Replaying<'_> {}

/// A job under way: what is known of its answer so far.
pub(super) struct Work<'a> {
    environment: &'a Environment,
    pub(super) core: &'a JobCore,
    pub(super) request: &'a Request,
    pub(super) response: Response,
}

/// Answers a request. Never fails: whatever happens is an answer.
pub(super) async fn answer(environment: &Environment, core: &JobCore, request: &Request) -> Response {
    core.began.set(Some(environment.pacing.clock.now()));
    let mut work = Work { environment, core, request, response: Response::empty() };
    if let Err(stop) = work.run().await {
        work.response.set_outcome(outcome_of_stop(stop));
    }
    work.close();
    work.response
}

impl Work<'_> {
    async fn run(&mut self) -> Result<(), Stop> {
        let Some(model) = self.parse().await? else { return Ok(()) };
        let mut candidates = match Candidates::new(&model, &self.request.goals) {
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
        let Some(task) = self.compile(&model).await? else { return Ok(()) };
        let attempt = match self.request.goals {
            GoalPolicy::Cheapest => self.cheapest(&model, &task, &mut candidates).await?,
            GoalPolicy::Priority | GoalPolicy::Named(_) => {
                self.by_priority(&model, &task, &mut candidates).await?
            }
        };
        if let Some(attempt) = attempt {
            self.conclude(&model, attempt, &mut candidates).await?;
        }
        Ok(())
    }

    pub(super) async fn drive<S: Paced>(&self, stepper: &RefCell<S>) -> Result<S::Output, Stop> {
        let core = self.core;
        drive(&self.environment.pacing, &core.control, &core.meter, core.remaining(), stepper).await
    }

    /// Time of work since the last call of it with this mark.
    pub(super) fn lap(&self, mark: Duration) -> Duration {
        self.core.meter.worked().saturating_sub(mark)
    }

    async fn parse(&mut self) -> Result<Option<Arc<Model>>, Stop> {
        self.core.phase.set(Phase::Parse);
        let Problem::Goap { text } = &self.request.problem;
        let stepper = RefCell::new(Parse::new(Arc::<str>::from(&**text)));
        let mark = self.core.meter.worked();
        let parsed = self.drive(&stepper).await;
        self.response.phases.parse = self.lap(mark);
        let parsed = parsed?;
        self.response.diagnostics = parsed.diagnostics;
        let model = parsed.model.map(Arc::new);
        self.response.model.clone_from(&model);
        if model.is_none() {
            let errors = self.response.diagnostics.iter().filter(|finding| finding.is_error()).count();
            let plural = if errors == 1 { "" } else { "s" };
            self.response.message = format!("the document has {errors} error{plural}");
        }
        Ok(model)
    }

    /// The compiled task, from the cache or made now; `None` where its costs do not fit.
    async fn compile(&mut self, model: &Arc<Model>) -> Result<Option<Arc<GoapTask>>, Stop> {
        self.core.phase.set(Phase::Ground);
        let mark = self.core.meter.worked();
        let key = task_key(model);
        let tasks = self.environment.tasks.clone();
        let loaded = tasks
            .get_or_load(key, async || {
                let stepper = RefCell::new(Compile::new(model));
                match self.drive(&stepper).await {
                    Ok(Ok(task)) => {
                        let bytes = task.memory_bytes();
                        Ok((Arc::new(task), bytes))
                    }
                    Ok(Err(diagnostics)) => Err(Ok(diagnostics)),
                    Err(stop) => Err(Err(stop)),
                }
            })
            .await;
        self.response.phases.ground = self.lap(mark);
        match loaded {
            Ok((task, was_there)) => {
                self.response.compiled_hit = was_there;
                Ok(Some(task))
            }
            Err(Ok(diagnostics)) => {
                self.response.message = "the costs of the document do not fit".into();
                self.response.diagnostics.extend(diagnostics);
                Ok(None)
            }
            Err(Err(stop)) => Err(stop),
        }
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
        model: &Arc<Model>,
        candidates: &Candidates,
        outcome: Outcome,
    ) -> Result<(), Stop> {
        self.response.goals = candidates.reports();
        let first = candidates.goals[0];
        self.response.goal = Some(model.goals[first].name.clone());
        self.response.set_outcome(outcome);
        if outcome == Outcome::Unsolvable {
            let states = self.response.statistics.registered;
            self.response.message = match self.response.statistics.expanded {
                0 => "proven before the search: relaxed reachability does not reach the goal".into(),
                _ => format!("proven: all {states} reachable states were seen or are dead ends"),
            };
            let reached = self.drive(&RefCell::new(Reach::new(Arc::clone(model)))).await?;
            self.response.explanation = Some(explain::explain(model, &reached, first));
        }
        Ok(())
    }

    /// Replays the plan on the source model; only then it is an answer.
    async fn conclude(
        &mut self,
        model: &Arc<Model>,
        attempt: Attempt,
        candidates: &mut Candidates,
    ) -> Result<(), Stop> {
        let goal = &model.goals[attempt.goal];
        self.response.goal = Some(goal.name.clone());
        let Some(replay) = self.replay(model, attempt.goal, attempt.steps.clone()).await? else {
            self.response.reject();
            return Ok(());
        };
        candidates.note(attempt.goal, GoalVerdict::Planned { cost: replay.total, chosen: true });
        self.response.goals = candidates.reports();
        self.response.outcome = Some(Outcome::Solved);
        self.response.message = "the plan was checked by replay".into();
        self.response.optimal = attempt.optimality == Optimality::Proven;
        self.response.optimality = attempt.optimality.to_string();
        let guarantee = if self.response.optimal { Guarantee::Optimal } else { Guarantee::Plan };
        let plan = plan(model, &attempt.steps, &replay);
        if self.request.use_patterns {
            let key = pattern_key(model, attempt.goal);
            let pattern = Pattern::new(key, goal.name.clone(), attempt.steps, plan.cost, guarantee)
                .with_engine(self.request.engine.to_string());
            // A pattern that cannot be kept costs a search later, nothing else.
            let _ = self.environment.patterns.put(pattern).await;
        }
        self.response.plan = Some(plan);
        Ok(())
    }

    async fn replay(
        &mut self,
        model: &Arc<Model>,
        goal: usize,
        steps: Vec<Step>,
    ) -> Result<Option<Replay>, Stop> {
        self.core.phase.set(Phase::Validate);
        let initial = Validator::new(model).initial();
        let stepper = RefCell::new(Replaying::new(model, initial, &model.goals[goal].conditions, steps));
        let mark = self.core.meter.worked();
        let replay = self.drive(&stepper).await;
        self.response.phases.validate += self.lap(mark);
        Ok(replay?.ok())
    }

    /// Answers from a kept pattern where one still holds and its guarantee suffices. Only the first
    /// candidate's pattern can answer by priority; several candidates for the cheapest plan need a
    /// search.
    async fn answer_from_pattern(
        &mut self,
        model: &Arc<Model>,
        candidates: &mut Candidates,
    ) -> Result<bool, Stop> {
        let is_open = self.request.goals == GoalPolicy::Cheapest && candidates.goals.len() > 1;
        if !self.request.use_patterns || is_open {
            return Ok(false);
        }
        let goal = candidates.goals[0];
        let key = pattern_key(model, goal);
        let patterns = Rc::clone(&self.environment.patterns);
        let Ok(Some(pattern)) = patterns.get(key).await else { return Ok(false) };
        let wants_optimal = self.request.wants_optimal();
        if wants_optimal && pattern.guarantee != Guarantee::Optimal {
            return Ok(false);
        }
        let replay = self.replay(model, goal, pattern.steps.clone()).await?;
        let used = patterns.record_use(key, replay.is_some()).await;
        let Some(replay) = replay else { return Ok(false) };
        let used = used.ok().flatten().unwrap_or(pattern);
        candidates.note(goal, GoalVerdict::Planned { cost: replay.total, chosen: true });
        self.response.goals = candidates.reports();
        self.response.goal = Some(model.goals[goal].name.clone());
        self.response.outcome = Some(Outcome::Solved);
        self.response.message = "a kept plan was checked by replay; nothing was searched".into();
        self.response.optimal = used.guarantee == Guarantee::Optimal;
        self.response.optimality = match used.guarantee {
            Guarantee::Optimal => format!("proven optimal when it was found by {}", used.engine),
            Guarantee::Plan => "not claimed optimal: it was not when it was found".into(),
        };
        self.response.provenance = Provenance::Pattern { uses: used.uses, successes: used.successes };
        self.response.plan = Some(plan(model, &used.steps, &replay));
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
    /// Whether the engine asked for promises optimal plans.
    fn wants_optimal(&self) -> bool {
        let is_admissible = Ordering::heuristic(&self.engine).is_admissible();
        Ordering::new(&self.engine).optimality(is_admissible, false) == Optimality::Proven
    }
}

/// Everything that the compiled task depends on.
fn task_key(model: &Model) -> hash::ContentHash {
    let mut bytes = canonical::domain_bytes(model);
    for goal in &model.goals {
        bytes.extend(canonical::instance_bytes(model, &goal.conditions));
    }
    hash::content(&bytes)
}

fn pattern_key(model: &Model, goal: usize) -> PatternKey {
    let instance = canonical::instance_bytes(model, &model.goals[goal].conditions);
    PatternKey::new(&canonical::domain_bytes(model), &instance, b"")
}

fn plan(model: &Model, steps: &[Step], replay: &Replay) -> Plan {
    let steps = steps.iter().zip(&replay.steps).map(|(step, replayed)| PlanStep {
        action: step.action.clone(),
        arguments: step.arguments.clone(),
        cost: replayed.cost,
        total: replayed.total,
        changes: replayed.changes.iter().map(crate::plan::Change::from).collect(),
    });
    Plan { initial: Validator::new(model).initial().values, steps: steps.collect(), cost: replay.total }
}
