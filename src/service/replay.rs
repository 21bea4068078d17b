//! The validator's part: a plan is replayed on the source model before it is shown.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use futures::future::LocalBoxFuture;

use super::progress::Phase;
use super::subject::Model;
use super::work::Work;
use crate::lang::goap::model::Value;
use crate::lang::plan::Step;
use crate::lang::{goap, pddl};
use crate::plan::{Change, CostKind, Plan, PlanStep};
use crate::runtime::{Control, Paced, Stop, drive};
use crate::step::{Budget, Pace, Progress, Stepper, poll};
use crate::validate::{self, ReplayedStep, Violation};

/// Time for checking a plan once the job is cancelled.
const GRACE_OF_CANCEL: Duration = Duration::from_millis(80);
/// Time for checking a plan after the job's time is over: the time limit divided by `GRACE_SHARE`, but at
/// least `GRACE_MIN`.
const GRACE_MIN: Duration = Duration::from_millis(150);
const GRACE_SHARE: u32 = 6;

/// Steps and changes of a plan that are put into words per unit of work.
const TOLD_PER_UNIT: u64 = 64;

/// Replays a plan, then describes the cost and the changes of each step, both in pieces. The result is the
/// plan, or why it does not hold.
pub(super) struct Checking<'m> {
    stage: Stage<'m>,
    steps: Vec<Step>,
    pace: Rc<Pace>,
}

enum Stage<'m> {
    Goap(&'m goap::Model, validate::Replaying<'m>),
    Pddl(&'m pddl::Model, validate::pddl::Replaying<'m>),
    Telling(LocalBoxFuture<'m, Plan>),
}

impl<'m> Checking<'m> {
    pub(super) fn new(model: &'m Model, goal: usize, steps: Vec<Step>) -> Self {
        let stage = match model {
            Model::Goap(model) => {
                let initial = validate::State::initial(model);
                let conditions = &model.goals[goal].conditions;
                let replaying = validate::Replaying::new(model, initial, conditions, steps.clone());
                Stage::Goap(model, replaying)
            }
            Model::Pddl(model) => Stage::Pddl(model, validate::pddl::Replaying::new(model, steps.clone())),
        };
        Self { stage, steps, pace: Rc::new(Pace::unlimited()) }
    }
}

impl Stepper for Checking<'_> {
    type Output = Result<Plan, Violation>;

    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output> {
        let telling: LocalBoxFuture<'_, Plan> = match &mut self.stage {
            Stage::Goap(model, replaying) => match replaying.step(budget) {
                Progress::Pending => return Progress::Pending,
                Progress::Done(Err(violation)) => return Progress::Done(Err(violation)),
                Progress::Done(Ok(replay)) => {
                    let steps = std::mem::take(&mut self.steps);
                    Box::pin(of_goap(model, steps, replay, Rc::clone(&self.pace)))
                }
            },
            Stage::Pddl(model, replaying) => match replaying.step(budget) {
                Progress::Pending => return Progress::Pending,
                Progress::Done(Err(violation)) => return Progress::Done(Err(violation)),
                Progress::Done(Ok(replay)) => {
                    let steps = std::mem::take(&mut self.steps);
                    Box::pin(of_pddl(model, steps, replay, Rc::clone(&self.pace)))
                }
            },
            Stage::Telling(telling) => {
                return match poll(telling.as_mut(), &self.pace, TOLD_PER_UNIT, budget) {
                    Progress::Pending => Progress::Pending,
                    Progress::Done(plan) => Progress::Done(Ok(plan)),
                };
            }
        };
        self.stage = Stage::Telling(telling);
        Progress::Pending
    }
}

impl Paced for Checking<'_> {}

impl Work<'_> {
    /// Replays the plan of the answer, which is a phase of its own; `None` where it does not hold.
    pub(super) async fn replay(
        &mut self,
        model: &Model,
        goal: usize,
        steps: Vec<Step>,
    ) -> Result<Option<Plan>, Stop> {
        self.core.enter(Phase::Validate);
        let mark = self.core.meter.worked();
        let plan = self.check(model, goal, steps).await;
        self.response.phases.validate += self.worked_since(mark);
        plan
    }

    /// Validates a plan; `None` if it does not hold. If the job is stopped when it already has a plan, the
    /// check may take a little longer than the job.
    ///
    /// # Errors
    /// [`Stop`] if that time did not suffice.
    pub(super) async fn check(
        &mut self,
        model: &Model,
        goal: usize,
        steps: Vec<Step>,
    ) -> Result<Option<Plan>, Stop> {
        let checking = RefCell::new(Checking::new(model, goal, steps));
        if self.stopped.is_none() {
            match self.drive(&checking).await {
                Err(Stop::TimeLimit) => self.note_stop(Stop::TimeLimit),
                ended => return ended.map(Result::ok),
            }
        }
        let Some((stop, at)) = self.stopped else { return Err(Stop::TimeLimit) };
        let pacing = &self.environment.pacing;
        // The job was stopped by being cancelled; that must not stop the check too.
        let none = Control::default();
        let (control, grace) = match stop {
            Stop::Cancelled => (&none, GRACE_OF_CANCEL),
            Stop::TimeLimit => {
                let share = self.request.limits.timeout.unwrap_or_default() / GRACE_SHARE;
                (&self.core.control, share.max(GRACE_MIN))
            }
        };
        let left = grace.saturating_sub(pacing.clock.now().saturating_sub(at));
        let ended = drive(&self.core.turns, control, &self.core.meter, Some(left), &checking).await;
        ended.map(Result::ok).map_err(|ended| match ended {
            Stop::Cancelled => Stop::Cancelled,
            Stop::TimeLimit => stop,
        })
    }

    /// Notes that the driver stopped the job, and there is a plan.
    pub(super) fn note_stop(&mut self, stop: Stop) {
        self.stopped.get_or_insert((stop, self.environment.pacing.clock.now()));
    }
}

fn plan_step(step: Step, cost: f64, total: f64, changes: Vec<Change>) -> PlanStep {
    PlanStep { action: step.action, arguments: step.arguments, cost, total, changes }
}

async fn of_goap(model: &goap::Model, steps: Vec<Step>, replay: validate::Replay, pace: Rc<Pace>) -> Plan {
    let mut plan = Plan {
        variables: model.variables.iter().map(|variable| variable.name.clone()).collect(),
        initial: validate::State::initial(model).values,
        costs: None,
        steps: Vec::with_capacity(steps.len()),
        cost: replay.total,
    };
    for (step, ReplayedStep { cost, total, changes }) in steps.into_iter().zip(replay.steps) {
        pace.pass().await;
        plan.steps.push(plan_step(step, cost, total, changes));
    }
    plan
}

/// The plan's variables are what its steps change, in the order in which they first do.
async fn of_pddl(
    model: &pddl::Model,
    steps: Vec<Step>,
    replay: validate::pddl::Replay,
    pace: Rc<Pace>,
) -> Plan {
    let costs = match model.metric {
        pddl::model::Metric::Steps => CostKind::Unit,
        pddl::model::Metric::Minimize(_) => CostKind::General,
    };
    let mut plan = Plan { cost: replay.total, costs: Some(costs), ..Plan::default() };
    plan.steps.reserve_exact(steps.len());
    let mut known: HashMap<String, usize> = HashMap::new();
    for (step, replayed) in steps.into_iter().zip(replay.steps) {
        pace.pass().await;
        let mut changes = Vec::with_capacity(replayed.changes.len());
        for change in replayed.changes {
            pace.pass().await;
            let from = change.from.unwrap_or_else(|| Value::Symbol("undefined".into()));
            let variable = match known.get(&change.name) {
                Some(&variable) => variable,
                None => {
                    plan.variables.push(change.name.clone());
                    plan.initial.push(from.clone());
                    known.insert(change.name, plan.initial.len() - 1);
                    plan.initial.len() - 1
                }
            };
            changes.push(Change { variable, from, to: change.to });
        }
        plan.steps.push(plan_step(step, replayed.cost, replayed.total, changes));
    }
    plan
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn what_a_plan_changes_is_told_in_pieces() {
        let domain = "(define (domain d) (:predicates (p ?x ?y)) (:requirements :adl)
          (:action all :parameters (?x) :effect (forall (?y) (p ?x ?y))))";
        let objects: Vec<String> = (0..80).map(|at| format!("o{at}")).collect();
        let problem = format!(
            "(define (problem q) (:domain d) (:objects {}) (:init) (:goal (p o0 o1)))",
            objects.join(" ")
        );
        let model = pddl::parse(domain, &problem).model.expect("the task has no errors");
        let step =
            |name: &String| Step { action: "all".into(), arguments: vec![Value::Symbol(name.clone())] };
        let steps: Vec<Step> = objects.iter().map(step).collect();
        let model = Model::Pddl(Arc::new(model));
        let mut checking = Checking::new(&model, 0, steps.clone());
        let mut told = 0;
        let plan = loop {
            told += u64::from(matches!(checking.stage, Stage::Telling(_)));
            if let Progress::Done(plan) = checking.step(&mut Budget::units(1)) {
                break plan.expect("the plan holds");
            }
        };
        assert!(told >= 80 * 80 / TOLD_PER_UNIT, "{told} units");
        assert_eq!((plan.steps.len(), plan.variables.len()), (80, 80 * 80));
        let last = &plan.steps[79];
        assert_eq!((&last.arguments, last.total), (&steps[79].arguments, 80.0));
        let names: Vec<&str> =
            last.changes.iter().map(|change| plan.variables[change.variable].as_str()).collect();
        assert_eq!((names.len(), names[5]), (80, "(p o79 o5)"));
        assert_eq!(plan.initial[last.changes[5].variable], Value::Bool(false));
    }
}
