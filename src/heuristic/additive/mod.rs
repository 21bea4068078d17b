//! hadd and FF, over one shared exploration.
//!
//! hadd (Bonet & Geffner 2001) sums the costs of the goal's propositions in the delete relaxation. FF
//! (Hoffmann & Nebel 2001) is the cost of a relaxed plan. Its supporters are the cheapest ones by hadd
//! (Keyder & Geffner 2008), and it is found by marking backwards from the goal, without a scan of all
//! operators. Preferred operators are the operators of the relaxed plan that apply in the state. Neither
//! heuristic is admissible; both are safe.
//!
//! Effects that another operator [dominates](Dominance) support nothing and are left out.
//!
//! A numeric atom is supported by repeating one operator `ceil(deficit / step)` times (Scala, Haslum &
//! Thiébaux 2016), or by an operator that assigns a large enough value.
//!
//! An evaluation can pause.

mod dominance;
mod exploration;
mod relaxed_plan;
mod taken;

use std::sync::Arc;

use super::Heuristic;
use super::amount::Summed;
use super::cost::OperatorCosts;
use super::pausing::{self, Edges, Pausing, Tally};
use super::relaxed::Relaxation;
use crate::step::{Budget, Progress};
use crate::task::{Fact, OperatorId, StateId, Task};
pub(super) use dominance::Dominance;
use exploration::Exploration;
use relaxed_plan::RelaxedPlan;

/// hadd, or FF.
#[derive(Debug)]
struct Additive<C: Summed> {
    task: Arc<Task>,
    exploration: Exploration<C>,
    /// The relaxed plan of FF; hadd has none.
    plan: Option<RelaxedPlan>,
    phase: Phase,
    tally: Tally,
}

/// The step that an evaluation is at.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// No evaluation is under way.
    Idle,
    /// Propositions are being reached.
    Exploring,
    /// The relaxed plan is being marked.
    Marking,
}

/// A heuristic that knows which propositions a relaxed plan reaches.
pub(super) trait PlanPropositions: Heuristic {
    /// The propositions that the relaxed plan of the last evaluation reaches; empty for hadd.
    fn plan_propositions(&self) -> &[u32];
}

/// Makes hadd, or with `extracts_plan` FF, over a finished relaxation.
pub(super) fn over(
    task: &Arc<Task>,
    relaxation: Relaxation,
    costs: OperatorCosts,
    extracts_plan: bool,
) -> Box<dyn PlanPropositions> {
    let is_narrow = costs.varying.is_empty()
        && relaxation.numeric.axes.is_empty()
        && costs.least.iter().all(|&cost| cost < i64::from(u32::LIMIT) >> 8)
        && (0..relaxation.operators())
            .all(|operator| u32::fits(relaxation.preconditions.row(operator).len()));
    if is_narrow {
        Box::new(Additive::<u32>::new(task, relaxation, costs, extracts_plan))
    } else {
        Box::new(Additive::<i64>::new(task, relaxation, costs, extracts_plan))
    }
}

impl<C: Summed> Additive<C> {
    fn new(task: &Arc<Task>, relaxation: Relaxation, costs: OperatorCosts, extracts_plan: bool) -> Self {
        let plan = extracts_plan.then(|| RelaxedPlan::new(relaxation.propositions, task.operators.len()));
        let exploration = Exploration::new(relaxation, costs);
        Self { task: Arc::clone(task), exploration, plan, phase: Phase::Idle, tally: Tally::default() }
    }

    fn end(&mut self, estimate: Option<i64>) -> Progress<Option<i64>> {
        self.phase = Phase::Idle;
        Progress::Done(estimate)
    }
}

impl<C: Summed> Pausing for Additive<C> {
    fn tally(&mut self) -> &mut Tally {
        &mut self.tally
    }

    fn abandon(&mut self) {
        self.phase = Phase::Idle;
    }

    fn work(&mut self, state: &[u64], edges: &mut Edges) -> Progress<Option<i64>> {
        while !edges.are_spent() {
            let Self { task, exploration, plan, .. } = self;
            match self.phase {
                Phase::Idle if exploration.relaxation.is_goal_false => return Progress::Done(None),
                Phase::Idle => {
                    edges.look_at(exploration.starting_edges());
                    exploration.start(task, state);
                    self.phase = Phase::Exploring;
                }
                Phase::Exploring => match (exploration.explore(edges), plan) {
                    (Progress::Pending, _) => break,
                    (Progress::Done(false), _) => return self.end(None),
                    (Progress::Done(true), None) => {
                        let cost = exploration.goal_cost();
                        return self.end(Some(cost));
                    }
                    (Progress::Done(true), Some(plan)) => {
                        plan.begin(&exploration.relaxation.goal);
                        self.phase = Phase::Marking;
                    }
                },
                Phase::Marking => {
                    let Some(plan) = plan else { return self.end(None) };
                    match plan.mark(exploration, task, state, edges) {
                        Progress::Pending => break,
                        Progress::Done(cost) => return self.end(Some(cost)),
                    }
                }
            }
        }
        Progress::Pending
    }
}

impl<C: Summed> PlanPropositions for Additive<C> {
    fn plan_propositions(&self) -> &[u32] {
        self.plan.as_ref().map_or(&[], |plan| &plan.reached)
    }
}

impl<C: Summed> Heuristic for Additive<C> {
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        pausing::whole(self, state)
    }

    fn proceed(
        &mut self,
        _node: StateId,
        _from: Option<(StateId, OperatorId)>,
        state: &[u64],
        budget: &mut Budget,
    ) -> Progress<Option<i64>> {
        pausing::within(self, state, budget)
    }

    fn has_preferred(&self) -> bool {
        self.plan.is_some()
    }

    fn preferred(&self) -> &[OperatorId] {
        self.plan.as_ref().map_or(&[], |plan| &plan.preferred)
    }

    fn evaluation_units(&self) -> u64 {
        self.tally.units_or(&self.exploration.relaxation)
    }

    fn aim(&mut self, goal: &[Fact]) -> bool {
        self.exploration.aim(&self.task, goal);
        true
    }

    fn memory_bytes(&self) -> u64 {
        let plan = self.plan.as_ref().map_or(0, RelaxedPlan::memory_bytes);
        (self.exploration.memory_bytes() + plan) as u64
    }
}
