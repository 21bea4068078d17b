//! Searching for the goals of a request, one after the other or side by side.

use std::cell::RefCell;
use std::rc::Rc;

use super::fault::FaultCause;
use super::goal_search::{GoalSearch, Target};
use super::goals::Candidates;
use super::job_state::total;
use super::progress::Phase;
use super::refused::RefusedStep;
use super::request::GoalPolicy;
use super::response::outcome_of_stop;
use super::side_by_side::SideBySide;
use super::subject::{Model, Subject};
use super::verdict::GoalVerdict;
use super::work::Work;
use crate::lang::plan::Step;
use crate::runtime::Stop;
use crate::search::{Finished, Optimality, Outcome, SearchEnd};

/// A plan that a search has found; it is not validated yet.
pub(super) struct Attempt {
    pub(super) goal: usize,
    pub(super) steps: Vec<Step>,
    pub(super) optimality: Optimality,
}

/// The results of several searches: the cheapest plan, with its cost in units of the task and the index of
/// its search; and the weakest claim about the goals without a plan.
#[derive(Default)]
struct Tally {
    best: Option<(i64, usize, Attempt)>,
    worst: Option<Outcome>,
}

impl Work<'_> {
    /// Plans for one goal after the other until one has a plan; otherwise answers the claim about all goals.
    /// Each goal gets an equal share of the time that is left, so that a hard goal leaves time for the goals
    /// after it. The last goal gets all the time that is left.
    pub(super) async fn by_priority(
        &mut self,
        subject: &Subject,
        candidates: &mut Candidates,
    ) -> Result<Result<Attempt, Outcome>, Stop> {
        self.core.enter(Phase::Search);
        let model = subject.model();
        let mut tally = Tally::default();
        let goals = candidates.goals.clone();
        for (at, &goal) in goals.iter().enumerate() {
            self.core.plan_for(model.goal_name(goal));
            let target = Target { subject: subject.clone(), goal };
            let Some(search) = self.search(target, 1) else {
                self.response.fault = Some(FaultCause::GoalMisfit);
                tally.fail_goal(goal, Outcome::Fault, candidates);
                continue;
            };
            self.core.show(self.core.searches().len() - 1);
            let mark = self.core.meter.worked();
            let is_last = at + 1 == goals.len();
            let share = self.core.remaining().map(|time| time / (goals.len() - at) as u32);
            let mut finished = self.drive_for(share, &*search).await;
            if finished == Err(Stop::TimeLimit) && !search.borrow().improvements().is_empty() {
                // There is a plan for this goal, so no other goal needs the time.
                finished = self.drive(&*search).await;
            }
            self.response.phases.search += self.worked_since(mark);
            self.collect();
            self.response.improvements = self.core.improvements();
            // An engine that was stopped while looking for a better plan has a plan.
            let finished = finished.or_else(|stop| {
                let best = search.borrow_mut().stop().ok_or(stop)?;
                self.note_stop(stop);
                Ok(best)
            });
            let finished = match finished {
                Ok(finished) => finished,
                Err(Stop::TimeLimit) if !is_last => {
                    tally.fail_goal(goal, Outcome::TimeLimit, candidates);
                    search.borrow_mut().close();
                    continue;
                }
                Err(stop) => {
                    candidates.note(goal, GoalVerdict::Failed(outcome_of_stop(stop)));
                    self.response.goals = candidates.reports();
                    self.response.goal = Some(model.goal_name(goal).to_owned());
                    return Err(stop);
                }
            };
            self.note_refused(subject, &finished);
            let attempt = attempt(goal, &search, &finished);
            search.borrow_mut().close();
            if finished.end == SearchEnd::Solved {
                return Ok(Ok(attempt));
            }
            tally.fail_goal(goal, outcome_of(&finished.end), candidates);
        }
        self.core.show(0);
        Ok(Err(tally.outcome()))
    }

    /// Plans for all candidates side by side and takes the cheapest plan. Without a plan, answers the claim
    /// about all goals.
    pub(super) async fn cheapest(
        &mut self,
        subject: &Subject,
        candidates: &mut Candidates,
    ) -> Result<Result<Attempt, Outcome>, Stop> {
        self.core.enter(Phase::Search);
        let model = subject.model();
        let mut searches = Vec::new();
        let mut tally = Tally::default();
        for goal in candidates.goals.clone() {
            let target = Target { subject: subject.clone(), goal };
            match self.search(target, candidates.goals.len() as u64) {
                Some(search) => searches.push(search),
                None => {
                    self.response.fault = Some(FaultCause::GoalMisfit);
                    tally.fail_goal(goal, Outcome::Fault, candidates);
                }
            }
        }
        let stepper = RefCell::new(SideBySide::new(searches.clone()));
        let mark = self.core.meter.worked();
        let ended = self.drive(&stepper).await;
        self.response.phases.search += self.worked_since(mark);
        self.collect();
        let stopped = ended.err().map_or(Outcome::Cancelled, outcome_of_stop);
        let mut results = stepper.into_inner().into_results();
        if ended == Err(Stop::TimeLimit) {
            // Plans that were found before the time was over count; they are still checked.
            for (result, search) in results.iter_mut().zip(&searches).filter(|(result, _)| result.is_none()) {
                *result = search.borrow_mut().stop();
            }
        }
        results.iter().flatten().for_each(|finished| self.note_refused(subject, finished));
        if let Err(stop) = ended {
            self.note_stop(stop);
        }
        let mut costs = Vec::new();
        for (search, result) in searches.iter().zip(&results) {
            let solved = result.as_ref().filter(|finished| finished.end == SearchEnd::Solved);
            let goal = search.borrow().target.goal;
            costs.push(match solved {
                Some(finished) => self.cost_of(&model, &attempt(goal, search, finished)).await?,
                None => None,
            });
        }
        tally.count(&searches, &results, &costs, stopped, candidates);
        searches.iter().for_each(|search| search.borrow_mut().close());
        self.response.goals = candidates.reports();
        if ended == Err(Stop::Cancelled) {
            return Err(Stop::Cancelled);
        }
        let Some((_, index, mut attempt)) = tally.best else {
            self.core.show(0);
            return Ok(Err(tally.outcome()));
        };
        self.core.show(index);
        self.collect();
        self.response.improvements = self.core.improvements();
        if tally.worst.is_some_and(|worst| worst != Outcome::Unsolvable) {
            attempt.optimality = Optimality::Incomplete;
        }
        Ok(Ok(attempt))
    }

    fn note_refused(&mut self, subject: &Subject, finished: &Finished) {
        if finished.end == SearchEnd::NegativeCost {
            self.response.refused = RefusedStep::new(subject, finished);
        }
    }

    /// Sums up the counters of the job's searches.
    pub(super) fn collect(&mut self) {
        let figures: Vec<_> = self.core.searches().iter().map(|search| search.borrow().figures()).collect();
        self.response.statistics = total(&figures);
        if let Some(search) = self.core.shown() {
            self.response.heuristics = search.borrow().heuristics();
        }
        let peak = figures.iter().map(|figures| figures.peak_memory_bytes);
        self.response.peak_memory_bytes = match self.request.goals {
            GoalPolicy::Cheapest => peak.sum(),
            _ => peak.max().unwrap_or(0),
        };
    }

    /// The cost by the validator; `None` if it rejects the plan. A plan is checked even if the time is over.
    async fn cost_of(&mut self, model: &Model, attempt: &Attempt) -> Result<Option<f64>, Stop> {
        let plan = self.check(model, attempt.goal, attempt.steps.clone()).await?;
        if plan.is_none() {
            self.response.fault = Some(FaultCause::PlanRejected);
        }
        Ok(plan.map(|plan| plan.cost))
    }

    /// Sets up the search of one goal, with its share of the memory that the task leaves.
    fn search(&self, target: Target, shares: u64) -> Option<Rc<RefCell<GoalSearch>>> {
        let instance = target.subject.instance(target.goal)?;
        let left = self.request.limits.memory_bytes.saturating_sub(self.task_bytes.get());
        let limit = left / shares.max(1);
        let (traces, meter) = (self.traces.clone(), Rc::clone(&self.core.meter));
        let search = GoalSearch::new(target, instance, &self.request.engine, limit, traces, meter);
        let search = Rc::new(RefCell::new(search));
        self.core.add_search(Rc::clone(&search));
        Some(search)
    }
}

impl Tally {
    /// The claim if no goal has a plan: unsolvable only if that is proven for every goal. A job that tried no
    /// goal has failed.
    fn outcome(&self) -> Outcome {
        self.worst.unwrap_or(Outcome::Fault)
    }

    /// Notes that a goal has no plan. One goal that ended at a limit makes the whole end at that limit.
    fn fail_goal(&mut self, goal: usize, outcome: Outcome, candidates: &mut Candidates) {
        candidates.note(goal, GoalVerdict::Failed(outcome));
        if self.worst.is_none_or(|worst| worst == Outcome::Unsolvable) {
            self.worst = Some(outcome);
        }
    }

    /// Records what became of each goal, given the validated costs of the plans. A search without a result
    /// has ended as `stopped` says. Among equally cheap plans, that of the first and most urgent candidate is
    /// taken.
    fn count(
        &mut self,
        searches: &[Rc<RefCell<GoalSearch>>],
        results: &[Option<Finished>],
        costs: &[Option<f64>],
        stopped: Outcome,
        candidates: &mut Candidates,
    ) {
        for (index, (search, result)) in searches.iter().zip(results).enumerate() {
            let goal = search.borrow().target.goal;
            let Some(finished) = result.as_ref().filter(|finished| finished.end == SearchEnd::Solved) else {
                let outcome = result.as_ref().map_or(stopped, |finished| outcome_of(&finished.end));
                self.fail_goal(goal, outcome, candidates);
                continue;
            };
            let attempt = attempt(goal, search, finished);
            let Some(cost) = costs[index] else {
                self.fail_goal(goal, Outcome::Fault, candidates);
                continue;
            };
            candidates.note(goal, GoalVerdict::Planned { cost, chosen: false });
            // The search's own sum decides, in whole units of the task: sums of floats can differ where costs
            // are equal.
            let units = finished.cost;
            if self.best.as_ref().is_none_or(|(least, ..)| units < *least) {
                self.best = Some((units, index, attempt));
            }
        }
    }
}

fn attempt(goal: usize, search: &RefCell<GoalSearch>, finished: &Finished) -> Attempt {
    let search = search.borrow();
    Attempt { goal, steps: search.steps(&finished.plan), optimality: search.optimality() }
}

fn outcome_of(end: &SearchEnd) -> Outcome {
    match end {
        SearchEnd::Solved => Outcome::Solved,
        SearchEnd::Unsolvable => Outcome::Unsolvable,
        SearchEnd::Exhausted => Outcome::Exhausted,
        SearchEnd::MemoryLimit => Outcome::MemoryLimit,
        SearchEnd::NegativeCost => Outcome::NegativeCost,
    }
}
