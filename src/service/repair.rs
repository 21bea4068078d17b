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
use super::work::Work;
use super::{GoalPolicy, KeptPlans};
use crate::cache::NearPlan;
use crate::lang::plan::{self, Step};
use crate::plan::Pattern;
use crate::runtime::{Paced, Stop};
use crate::search::{Finished, Optimality, Prefix, Retrace, Retraced, SearchEnd};
use crate::task::{Instance, OperatorId};

/// Problems that have less in common are not called similar.
const LEAST_SIMILARITY: f64 = 0.5;

impl Paced for Retrace {}

impl Work<'_> {
    /// Looks for the plan of a similar problem, and repairs it. `None` where the request does not ask for that, where
    /// there is no such plan, or where the search from the start was over first without a plan.
    pub(super) async fn repair(
        &mut self,
        subject: &Subject,
        candidates: &Candidates,
    ) -> Result<Option<Attempt>, Stop> {
        if !self.reuses_near_plans() {
            return Ok(None);
        }
        let (model, goal) = (subject.model(), candidates.goals[0]);
        let (domain, signature) = (model.domain_key(), model.signature(goal));
        let Some(near) = self.environment.near.find(&domain, &signature, LEAST_SIMILARITY) else {
            return Ok(None);
        };
        let Some(instance) = subject.instance(goal) else { return Ok(None) };
        self.core.enter(Phase::Search);
        let mark = self.core.meter.worked();
        let repaired = self.repair_from(subject, goal, instance, &near).await;
        self.response.phases.search += self.worked_since(mark);
        let Some(attempt) = repaired? else { return Ok(None) };
        self.response.repair = Some(RepairReport::new(&near, &attempt.steps));
        Ok(Some(attempt))
    }

    /// Whether the request may be answered with a plan of a similar problem.
    fn reuses_near_plans(&self) -> bool {
        let is_one_goal = self.request.goals != GoalPolicy::Cheapest;
        self.request.kept == KeptPlans::Reuse && is_one_goal && !self.request.wants_optimal()
    }

    async fn repair_from(
        &mut self,
        subject: &Subject,
        goal: usize,
        instance: Instance,
        near: &NearPlan,
    ) -> Result<Option<Attempt>, Stop> {
        let task = subject.task();
        let operators = operators(subject, &near.pattern.steps);
        let retrace = RefCell::new(Retrace::new(task, instance.clone(), operators));
        let plan = match self.drive(&retrace).await? {
            Retraced::Reached(finished) => finished.plan,
            Retraced::Prefix(prefix) if prefix.operators.is_empty() => return Ok(None),
            Retraced::Prefix(prefix) => {
                let found = self.search_on(subject, goal, &instance, prefix).await?;
                let Some(found) = found else { return Ok(None) };
                // What was needed for the old goal alone is left out.
                let shortened = RefCell::new(Retrace::new(task, instance, found));
                match self.drive(&shortened).await? {
                    Retraced::Reached(finished) => finished.plan,
                    Retraced::Prefix(_) => return Ok(None),
                }
            }
        };
        let steps = plan.iter().filter_map(|&operator| subject.step(operator)).collect();
        Ok(Some(Attempt { goal, steps, optimality: Optimality::Inadmissible }))
    }

    /// Searches from the state that the old plan leads to and from the start, side by side; answers the plan that is
    /// found first.
    async fn search_on(
        &mut self,
        subject: &Subject,
        goal: usize,
        instance: &Instance,
        prefix: Prefix,
    ) -> Result<Option<Vec<OperatorId>>, Stop> {
        let left = self.request.limits.memory_bytes.saturating_sub(self.task_bytes.get()) / 2;
        let search = |initial: &[u64]| {
            let target = Target { subject: subject.clone(), goal };
            let instance = Instance { initial: initial.to_vec(), goal: Arc::clone(&instance.goal) };
            let meter = Rc::clone(&self.core.meter);
            let search = GoalSearch::new(target, instance, &self.request.engine, left, None, meter);
            Rc::new(RefCell::new(search))
        };
        let searches = vec![search(&prefix.state), search(&instance.initial)];
        searches.iter().for_each(|search| self.core.add_search(Rc::clone(search)));
        let both = RefCell::new(SideBySide::until_first_plan(searches.clone()));
        let ended = self.drive(&both).await;
        self.collect();
        let results = both.into_inner().into_results();
        let plans = searches.iter().zip(results).map(|(search, result)| {
            let finished = result.or_else(|| search.borrow_mut().stop())?;
            (finished.end == SearchEnd::Solved).then_some(finished)
        });
        let plans: Vec<Option<Finished>> = plans.collect();
        searches.iter().for_each(|search| search.borrow_mut().close());
        let before = |at: usize| if at == 0 { prefix.operators.as_slice() } else { &[] };
        let cost = |(at, plan): &(usize, Finished)| plan.cost + if *at == 0 { prefix.cost } else { 0 };
        let plans = plans.into_iter().enumerate().filter_map(|(at, plan)| Some((at, plan?)));
        match plans.min_by_key(cost) {
            Some((at, plan)) => Ok(Some([before(at), &plan.plan].concat())),
            None => ended.map(|()| None),
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

/// The operators of the steps that the task has. O(operators), and O(steps).
fn operators(subject: &Subject, steps: &[Step]) -> Vec<OperatorId> {
    let mut wanted: HashMap<String, Option<OperatorId>> =
        steps.iter().map(|step| (plan::step(step), None)).collect();
    let actions: HashSet<&str> = steps.iter().map(|step| step.action.as_str()).collect();
    for id in (0..subject.task().operators.len()).map(|at| OperatorId(at as u32)) {
        if let Some(step) = subject.step(id).filter(|step| actions.contains(step.action.as_str()))
            && let Some(place) = wanted.get_mut(&plan::step(&step))
        {
            place.get_or_insert(id);
        }
    }
    steps.iter().filter_map(|step| wanted.get(&plan::step(step)).copied().flatten()).collect()
}
