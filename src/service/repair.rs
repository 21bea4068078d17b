//! The plan of a similar problem, repaired: it is followed as far as it holds, and the rest is searched for.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use super::attempts::Attempt;
use super::goal_search::{GoalSearch, Target};
use super::goals::Candidates;
use super::progress::Phase;
use super::repaired::RepairReport;
use super::side_by_side::SideBySide;
use super::subject::{Model, Subject};
use super::upkeep::Upkeep;
use super::verdict::GoalVerdict;
use super::work::Work;
use super::{GoalPolicy, KeptPlans};
use crate::cache::NearPlan;
use crate::lang::plan::{self, Step};
use crate::plan::{Pattern, Use};
use crate::runtime::{Paced, Stop, spans};
use crate::search::{Finished, Optimality, Outcome, Prefix, Retrace, Retraced, SearchEnd};
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Instance, OperatorId};

/// Problems that have less in common are not called similar.
const LEAST_SIMILARITY: f64 = 0.5;
/// Operators that are put into words per unit of work.
const NAMED_PER_UNIT: usize = 8;

impl Paced for Retrace {}

/// What became of an attempt to repair a plan: a plan of the task, or the proof that there is none.
type Repaired = Result<Vec<OperatorId>, Outcome>;

impl Work<'_> {
    /// Looks for the plan of a similar problem, and repairs it. `None` where the request does not ask for that, where
    /// there is no such plan, or where nothing came of it: then the goals are searched for as usual.
    pub(super) async fn repair(
        &mut self,
        subject: &Subject,
        candidates: &mut Candidates,
    ) -> Result<Option<Result<Attempt, Outcome>>, Stop> {
        if !self.reuses_near_plans() {
            return Ok(None);
        }
        let (model, goal) = (subject.model(), candidates.goals[0]);
        let (domain, signature) = (model.domain_key(), model.signature(goal));
        let near = self.environment.near.find(&domain, &signature, LEAST_SIMILARITY);
        spans::cache("near", near.is_some());
        let Some(near) = near else { return Ok(None) };
        let Some(instance) = subject.instance(goal) else { return Ok(None) };
        self.core.enter(Phase::Search);
        self.core.plan_for(model.goal_name(goal));
        let mark = self.core.meter.worked();
        let goals = candidates.goals.len() as u32;
        let repaired =
            self.repair_from(Target { subject: subject.clone(), goal }, instance, &near, goals).await;
        self.response.phases.search += self.worked_since(mark);
        let repaired = repaired?;
        self.count_near(&near, repaired.as_ref());
        Ok(match repaired {
            None => None,
            Some(Ok(plan)) => {
                let steps: Vec<Step> = plan.iter().filter_map(|&operator| subject.step(operator)).collect();
                self.response.repair = Some(RepairReport::new(&near, &steps));
                Some(Ok(Attempt { goal, steps, optimality: Optimality::Repaired }))
            }
            // Another goal may have a plan.
            Some(Err(_)) if goals > 1 => None,
            Some(Err(outcome)) => {
                candidates.note(goal, GoalVerdict::Failed(outcome));
                Some(Err(outcome))
            }
        })
    }

    /// Counts what became of the old plan as a use of it. A proof that there is no plan says nothing about it.
    fn count_near(&mut self, near: &NearPlan, repaired: Option<&Repaired>) {
        let used = match repaired {
            Some(Ok(_)) => Use::Held { saved_ms: (near.pattern.found_in_ms - self.found_in_ms()).max(0.0) },
            None => Use::Failed,
            Some(Err(_)) => return,
        };
        self.upkeep.push(Upkeep::Used(near.pattern.key, used));
    }

    /// Whether the request may be answered with a plan of a similar problem.
    fn reuses_near_plans(&self) -> bool {
        let is_one_goal = self.request.goals != GoalPolicy::Cheapest;
        self.request.kept == KeptPlans::Reuse && is_one_goal && !self.request.wants_optimal()
    }

    /// Follows the old plan, and searches on where it ends. With `goals` of several goals, the search leaves as much
    /// time for each of the others as it takes.
    async fn repair_from(
        &mut self,
        target: Target,
        instance: Instance,
        near: &NearPlan,
        goals: u32,
    ) -> Result<Option<Repaired>, Stop> {
        let task = Arc::clone(target.subject.task());
        let naming = RefCell::new(Naming::new(&target.subject, &near.pattern.steps));
        let operators = self.drive(&naming).await?;
        let retrace = RefCell::new(Retrace::new(&task, instance.clone(), operators));
        let prefix = match self.drive(&retrace).await? {
            Retraced::Reached(finished) => return Ok(Some(Ok(finished.plan))),
            Retraced::Prefix(prefix) if prefix.operators.is_empty() => return Ok(None),
            Retraced::Prefix(prefix) => prefix,
        };
        let found = match self.search_on(target, &instance, prefix, goals).await? {
            Some(Ok(found)) => found,
            other => return Ok(other),
        };
        // What was needed for the old goal alone is left out. A plan that is there is not lost to a limit.
        let shortened = RefCell::new(Retrace::new(&task, instance, found.clone()));
        Ok(Some(Ok(match self.drive(&shortened).await {
            Ok(Retraced::Reached(finished)) => finished.plan,
            Ok(Retraced::Prefix(_)) => found,
            Err(stop) => {
                self.note_stop(stop);
                found
            }
        })))
    }

    /// Searches from the state that the old plan leads to and from the start, side by side, until one has a plan or
    /// the search from the start has ended. `None` where that says nothing.
    async fn search_on(
        &mut self,
        target: Target,
        instance: &Instance,
        prefix: Prefix,
        goals: u32,
    ) -> Result<Option<Repaired>, Stop> {
        let left = self.request.limits.memory_bytes.saturating_sub(self.task_bytes.get()) / 2;
        let search = |initial: &[u64]| {
            let instance = Instance { initial: initial.to_vec(), goal: Arc::clone(&instance.goal) };
            let meter = Rc::clone(&self.core.meter);
            let search = GoalSearch::new(target.clone(), instance, &self.request.engine, left, None, meter);
            Rc::new(RefCell::new(search))
        };
        let searches = [search(&prefix.state), search(&instance.initial)];
        searches.iter().for_each(|search| self.core.add_search(Rc::clone(search)));
        let both = RefCell::new(SideBySide::until_first_plan(searches.to_vec()));
        let share = self.core.remaining().map(|time| if goals > 1 { time / (goals + 1) } else { time });
        let ended = self.drive_for(share, &both).await;
        self.collect();
        // Both were there at once.
        let peaks = searches.iter().map(|search| search.borrow().figures().peak_memory_bytes);
        self.response.peak_memory_bytes = peaks.sum();
        let results = both.into_inner().into_results();
        let is_proven = matches!(&results[1], Some(Finished { end: SearchEnd::Unsolvable, .. }));
        let starts = [(prefix.operators.as_slice(), prefix.cost), (&[], 0)];
        let plans =
            searches.iter().zip(results).zip(starts).filter_map(|((search, result), (before, cost))| {
                // An engine that goes on for a better plan has one.
                let finished = result.or_else(|| search.borrow_mut().stop())?;
                let is_solved = finished.end == SearchEnd::Solved;
                is_solved.then(|| (cost.saturating_add(finished.cost), [before, &finished.plan].concat()))
            });
        let best = plans.min_by_key(|(cost, _)| *cost);
        searches.iter().for_each(|search| search.borrow_mut().close());
        match (best, ended) {
            (Some((_, plan)), ended) => {
                if let Err(stop) = ended {
                    self.note_stop(stop);
                }
                Ok(Some(Ok(plan)))
            }
            (None, Err(Stop::TimeLimit)) if goals > 1 => Ok(None),
            (None, Err(stop)) => Err(stop),
            (None, Ok(())) => Ok(is_proven.then_some(Err(Outcome::Unsolvable))),
        }
    }

    /// Keeps the plan of the answer for problems that are similar.
    pub(super) fn keep_for_similar(&self, model: &Model, goal: usize, pattern: &Pattern) {
        if self.reuses_near_plans() {
            let pattern = Arc::new(pattern.clone());
            self.environment.near.keep(model.domain_key(), model.signature(goal), pattern);
        }
    }
}

/// Finds the operators of the steps that the task has, in pieces. O(operators + steps).
struct Naming<'a> {
    subject: &'a Subject,
    steps: Vec<String>,
    actions: HashSet<&'a str>,
    found: HashMap<String, Option<OperatorId>>,
    /// The operator that is looked at next.
    at: usize,
}

impl<'a> Naming<'a> {
    fn new(subject: &'a Subject, steps: &'a [Step]) -> Self {
        let actions = steps.iter().map(|step| step.action.as_str()).collect();
        let steps: Vec<String> = steps.iter().map(plan::step).collect();
        let found = steps.iter().map(|step| (step.clone(), None)).collect();
        Self { subject, steps, actions, found, at: 0 }
    }

    fn look_at(&mut self, id: OperatorId) {
        if let Some(step) = self.subject.step(id).filter(|step| self.actions.contains(step.action.as_str()))
            && let Some(place) = self.found.get_mut(&plan::step(&step))
        {
            place.get_or_insert(id);
        }
    }
}

impl Stepper for Naming<'_> {
    type Output = Vec<OperatorId>;

    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output> {
        let operators = self.subject.task().operators.len();
        while self.at < operators {
            if budget.is_spent() {
                return Progress::Pending;
            }
            budget.spend(1);
            let until = operators.min(self.at + NAMED_PER_UNIT);
            (self.at..until).for_each(|at| self.look_at(OperatorId(at as u32)));
            self.at = until;
        }
        Progress::Done(self.steps.iter().filter_map(|step| self.found[step]).collect())
    }
}

impl Paced for Naming<'_> {}
