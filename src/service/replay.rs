//! The validator's part: a plan is replayed on the source model before it is shown.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use super::progress::Phase;
use super::subject::Model;
use super::work::Work;
use crate::lang::goap::model::Value;
use crate::lang::plan::Step;
use crate::lang::{goap, pddl};
use crate::plan::{Change, CostKind, Plan, PlanStep};
use crate::runtime::{Control, Paced, Stop, drive};
use crate::step::{Budget, Progress, Stepper};
use crate::validate;

/// Time for checking a plan once the job is cancelled.
const GRACE_OF_CANCEL: Duration = Duration::from_millis(80);
/// Time for checking a plan once the job's time is over: at least, and by what its time is divided.
const GRACE_MIN: Duration = Duration::from_millis(150);
const GRACE_SHARE: u32 = 6;

/// Replays a plan: one step of it per unit. Comes to the plan with what it costs and changes, or to nothing
/// where it does not hold.
pub(super) struct Checking<'m> {
    replaying: Replaying<'m>,
    steps: Vec<Step>,
}

enum Replaying<'m> {
    Goap(&'m goap::Model, validate::Replaying<'m>),
    Pddl(&'m pddl::Model, validate::pddl::Replaying<'m>),
}

impl<'m> Checking<'m> {
    pub(super) fn new(model: &'m Model, goal: usize, steps: Vec<Step>) -> Self {
        let replaying = match model {
            Model::Goap(model) => {
                let initial = validate::Validator::new(model).initial();
                let conditions = &model.goals[goal].conditions;
                let replaying = validate::Replaying::new(model, initial, conditions, steps.clone());
                Replaying::Goap(model, replaying)
            }
            Model::Pddl(model) => {
                Replaying::Pddl(model, validate::pddl::Replaying::new(model, steps.clone()))
            }
        };
        Self { replaying, steps }
    }
}

impl Stepper for Checking<'_> {
    type Output = Option<Plan>;

    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output> {
        match &mut self.replaying {
            Replaying::Goap(model, replaying) => match replaying.step(budget) {
                Progress::Pending => Progress::Pending,
                Progress::Done(replay) => {
                    Progress::Done(replay.ok().map(|replay| of_goap(model, &self.steps, &replay)))
                }
            },
            Replaying::Pddl(model, replaying) => match replaying.step(budget) {
                Progress::Pending => Progress::Pending,
                Progress::Done(replay) => {
                    Progress::Done(replay.ok().map(|replay| of_pddl(model, &self.steps, &replay)))
                }
            },
        }
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

    /// What the validator makes of a plan; `None` where it does not hold. Where the job is stopped when the
    /// plan is there already, checking it may take a little longer than the job.
    ///
    /// # Errors
    /// [`Stop`] where that did not suffice.
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
                ended => return ended,
            }
        }
        let Some((stop, at)) = self.stopped else { return Err(Stop::TimeLimit) };
        let pacing = &self.environment.pacing;
        // Cancelling is what stopped the job: it does not stop the check, too.
        let none = Control::default();
        let (control, grace) = match stop {
            Stop::Cancelled => (&none, GRACE_OF_CANCEL),
            Stop::TimeLimit => {
                let share = self.request.limits.timeout.unwrap_or_default() / GRACE_SHARE;
                (&self.core.control, share.max(GRACE_MIN))
            }
        };
        let left = grace.saturating_sub(pacing.clock.now().saturating_sub(at));
        drive(pacing, control, &self.core.meter, Some(left), &checking).await.map_err(|ended| match ended {
            Stop::Cancelled => Stop::Cancelled,
            Stop::TimeLimit => stop,
        })
    }

    /// Notes that the driver stopped the job, and there is a plan.
    pub(super) fn note_stop(&mut self, stop: Stop) {
        self.stopped.get_or_insert((stop, self.environment.pacing.clock.now()));
    }
}

fn plan_step(step: &Step, cost: f64, total: f64, changes: Vec<Change>) -> PlanStep {
    PlanStep { action: step.action.clone(), arguments: step.arguments.clone(), cost, total, changes }
}

fn of_goap(model: &goap::Model, steps: &[Step], replay: &validate::Replay) -> Plan {
    let steps = steps
        .iter()
        .zip(&replay.steps)
        .map(|(step, replayed)| plan_step(step, replayed.cost, replayed.total, replayed.changes.clone()));
    Plan {
        variables: model.variables.iter().map(|variable| variable.name.clone()).collect(),
        initial: validate::Validator::new(model).initial().values,
        costs: None,
        steps: steps.collect(),
        cost: replay.total,
    }
}

/// The plan's variables are what its steps change, in the order in which they first do.
fn of_pddl(model: &pddl::Model, steps: &[Step], replay: &validate::pddl::Replay) -> Plan {
    let costs = match model.metric {
        pddl::model::Metric::Steps => CostKind::Unit,
        pddl::model::Metric::Minimize(_) => CostKind::General,
    };
    let mut plan = Plan { cost: replay.total, costs: Some(costs), ..Plan::default() };
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (step, replayed) in steps.iter().zip(&replay.steps) {
        let mut changes = Vec::with_capacity(replayed.changes.len());
        for change in &replayed.changes {
            let from = change.from.clone().unwrap_or_else(|| Value::Symbol("undefined".into()));
            let variable = *known.entry(&change.name).or_insert_with(|| {
                plan.variables.push(change.name.clone());
                plan.initial.push(from.clone());
                plan.initial.len() - 1
            });
            changes.push(Change { variable, from, to: change.to.clone() });
        }
        plan.steps.push(plan_step(step, replayed.cost, replayed.total, changes));
    }
    plan
}
