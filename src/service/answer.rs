//! From a request to its answer: parse, choose goals, look for a pattern, compile, search,
//! validate.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::{Either, select};

use super::attempts::Attempt;
use super::fault::FaultCause;
use super::goals::Candidates;
use super::job_state::JobCore;
use super::progress::Phase;
use super::response::{Response, outcome_of_stop};
use super::subject::{Model, Subject};
use super::upkeep::Upkeep;
use super::verdict::GoalVerdict;
use super::work::Work;
use super::{Environment, GoalPolicy, KeptPlans, Problem, Request, Until};
use crate::lang::{goap, pddl};
use crate::plan::{Guarantee, Pattern};
use crate::runtime::{Paced, Stop};
use crate::search::{Optimality, Outcome};

impl Paced for goap::Parse {}
impl Paced for pddl::Parse {}

/// Answers a request; a panic becomes an answer too, where panics can be caught. Once `is_over` resolves, the job is
/// cancelled, and the answer says that the service shut down.
pub(super) async fn contained(
    environment: &Environment,
    core: &JobCore,
    request: &Request,
    is_over: impl Future<Output = ()>,
) -> (Response, Vec<Upkeep>) {
    let answer = pin!(AssertUnwindSafe(answer(environment, core, request)).catch_unwind());
    let answer = match select(answer, pin!(is_over)).await {
        Either::Left((answer, _)) => answer,
        Either::Right(((), answer)) => {
            core.control.cancel();
            answer.await.map(|(response, upkeep)| (response.cut_short(), upkeep))
        }
    };
    answer.unwrap_or_else(|panic| (Response::failed(FaultCause::of_panic(&*panic)), Vec::new()))
}

/// Answers a request. Never fails: whatever happens is an answer. The changes to the store are left to the caller.
async fn answer(environment: &Environment, core: &JobCore, request: &Request) -> (Response, Vec<Upkeep>) {
    core.begin();
    let mut work = Work::new(environment, core, request);
    if let Err(stop) = work.run().await {
        work.response.set_outcome(outcome_of_stop(stop));
    }
    work.close();
    (work.response, work.upkeep)
}

impl Work<'_> {
    async fn run(&mut self) -> Result<(), Stop> {
        let model = match &self.request.opened {
            Some(opened) => Some(opened.model.clone()),
            None => self.parse().await?,
        };
        let Some(model) = model else { return Ok(()) };
        model.name().clone_into(&mut self.response.name);
        self.core.name_it(model.name());
        self.response.actions = model.actions();
        if self.request.until == Until::Ground {
            self.compile(&model).await?;
            return Ok(());
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
        let mut lookup = self.look_up(&model, &candidates);
        if self.answer_with_kept(&model, &mut lookup, &mut candidates).await? {
            return Ok(());
        }
        let Some(subject) = lookup.beside(self.compile(&model)).await? else { return Ok(()) };
        self.offer(&model, &mut lookup).await?;
        lookup.beside(self.plan(&subject, &mut candidates)).await?;
        // The request is answered; an offer that comes later than this is dropped.
        let _ = self.offer(&model, &mut lookup).await;
        Ok(())
    }

    /// Searches for the goals in the way that the request says, and has the plan checked.
    async fn plan(&mut self, subject: &Subject, candidates: &mut Candidates) -> Result<(), Stop> {
        let repaired = self.repair(subject, candidates).await?;
        let found = match (repaired, &self.request.goals) {
            (Some(repaired), _) => repaired,
            (None, GoalPolicy::Cheapest) => self.cheapest(subject, candidates).await?,
            (None, GoalPolicy::Priority | GoalPolicy::Named(_)) => {
                self.by_priority(subject, candidates).await?
            }
        };
        match found {
            Ok(attempt) => self.conclude(&subject.model(), attempt, candidates).await?,
            Err(outcome) => self.conclude_without_plan(&subject.model(), candidates, outcome),
        }
        if self.stopped.is_none() {
            // If the time ends before the goals are explained, the answer is valid all the same.
            let _ = self.explain(subject, candidates).await;
            self.response.goals = candidates.reports();
        }
        if self.response.outcome == Some(Outcome::Unsolvable) {
            let first =
                self.response.goals.iter().find(|goal| Some(&goal.name) == self.response.goal.as_ref());
            self.response.explanation = first.and_then(|goal| goal.explanation.clone());
        }
        Ok(())
    }

    async fn parse(&mut self) -> Result<Option<Model>, Stop> {
        self.core.enter(Phase::Parse);
        let kept = self.environment.read.as_ref().and_then(|kept| kept.find(&self.request.problem));
        let model = if let Some(read) = kept {
            self.response.diagnostics = read.diagnostics.to_vec();
            self.response.is_unsupported = read.is_unsupported;
            self.keys = read.keys;
            read.model
        } else {
            let model = self.read().await?;
            if let Some(kept) = &self.environment.read {
                let Response { diagnostics, is_unsupported, .. } = &self.response;
                self.keys = kept.keep(&self.request.problem, model.as_ref(), diagnostics, *is_unsupported);
            }
            model
        };
        match &model {
            Some(_) => {}
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

    /// Reads and checks the texts.
    async fn read(&mut self) -> Result<Option<Model>, Stop> {
        let mark = self.core.meter.worked();
        Ok(match &self.request.problem {
            Problem::Goap { text } => {
                let parsed = self.drive(&RefCell::new(goap::Parse::new(Arc::clone(text)))).await;
                self.response.phases.parse = self.worked_since(mark);
                let parsed = parsed?;
                self.response.diagnostics = parsed.diagnostics;
                parsed.model.map(|model| Model::Goap(Arc::new(model)))
            }
            Problem::Pddl { domain, problem } => {
                let limit = u64::from(u32::MAX);
                let parse = pddl::Parse::with_limit(Arc::clone(domain), Arc::clone(problem), limit);
                let parsed = self.drive(&RefCell::new(parse)).await;
                self.response.phases.parse = self.worked_since(mark);
                let parsed = parsed?;
                self.response.is_unsupported = parsed.verdict() == pddl::Verdict::Unsupported;
                self.response.diagnostics = parsed.diagnostics;
                parsed.model.map(|model| Model::Pddl(Arc::new(model)))
            }
        })
    }

    /// Writes the outcome where no goal has a plan.
    fn conclude_without_plan(&mut self, model: &Model, candidates: &Candidates, outcome: Outcome) {
        let first = candidates.goals[0];
        self.response.goal = Some(model.goal_name(first).to_owned());
        self.response.goals = candidates.reports();
        self.response.set_outcome(outcome);
        if outcome == Outcome::Unsolvable {
            let states = self.response.statistics.registered;
            self.response.message = match self.response.statistics.expanded {
                0 => "proven before the search: relaxed reachability does not reach the goal".into(),
                _ => format!("proven: all {states} reachable states were seen or are dead ends"),
            };
        }
    }

    /// Replays the plan on the source model. Only a plan that passes becomes the answer.
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
        self.response.message = match self.response.repair {
            Some(_) => "the plan of a similar problem was repaired, and checked by replay",
            None => "the plan was checked by replay",
        }
        .into();
        self.response.optimal = attempt.optimality == Optimality::Proven;
        self.response.optimality = attempt.optimality.to_string();
        if self.request.kept != KeptPlans::Ignore {
            let guarantee = if self.response.optimal { Guarantee::Optimal } else { Guarantee::Plan };
            let key = self.keys.pattern(model, attempt.goal);
            let pattern = Pattern {
                engine: self.engine_of_the_plan(),
                found_in_ms: self.found_in_ms(),
                ..Pattern::new(key, goal, attempt.steps, plan.cost, guarantee)
            };
            self.keep_for_similar(model, attempt.goal, &pattern);
            self.upkeep.push(Upkeep::Keep(pattern));
        }
        self.response.plan = Some(plan);
        Ok(())
    }

    /// Milliseconds of what a kept plan spares: to compile the task, and to search.
    pub(super) fn found_in_ms(&self) -> f64 {
        (self.response.phases.ground + self.response.phases.search).as_secs_f64() * 1e3
    }

    /// The engine that found the plan of the answer, in words.
    fn engine_of_the_plan(&self) -> String {
        match self.response.repair {
            Some(_) => format!("{}, repairing the plan of a similar problem", self.request.engine),
            None => self.request.engine.to_string(),
        }
    }

    /// Releases what the job no longer needs.
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
