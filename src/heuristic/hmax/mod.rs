//! hmax (Bonet & Geffner 2001): the most expensive of the goal's propositions, each as cheap as
//! its cheapest way in the delete relaxation. Admissible; not consistent where there are numeric
//! conditions, whose part is in `axes`.
//!
//! An evaluation can pause.

mod axes;

use std::sync::Arc;

use super::cost::{Measure, OperatorCosts};
use super::pausing::{self, Edges, Pausing, Tally};
use super::queue::MonotoneQueue;
use super::relaxed::{NONE, Relaxation};
use super::{EDGES_PER_UNIT, Heuristic, RELAXED_UNITS};
use crate::step::{Budget, Progress};
use crate::task::{Instance, OperatorId, StateId, Task};
use axes::Axes;

/// The cost of a proposition that is not reached.
const INFINITE: i64 = i64::MAX;
/// Costs stop growing here, so that an expensive proposition is not taken for an unreachable one.
const CEILING: i64 = i64::MAX / 2;
/// Counters and propositions that can be reset in the time of looking at one edge.
const SET_BACK_PER_EDGE: usize = 8;

/// The heuristic hmax.
#[derive(Debug)]
pub struct Hmax {
    task: Arc<Task>,
    relaxation: Relaxation,
    /// Indexed by relaxed operator: its least cost.
    costs: Vec<i64>,
    axes: Axes,
    /// Indexed by relaxed operator: how many preconditions are not reached yet.
    unmet: Vec<u32>,
    unmet_at_first: Vec<u32>,
    /// Indexed by proposition: the least cost found so far.
    reached: Vec<i64>,
    is_goal: Vec<bool>,
    /// How many propositions of the goal are not reached yet; `None` while no evaluation is under way.
    goals: Option<usize>,
    tally: Tally,
    queue: MonotoneQueue,
}

impl Hmax {
    /// Builds the relaxation: O(size of the task).
    pub fn new(task: &Arc<Task>, instance: &Instance, measure: Measure) -> Self {
        Self::over(task, Relaxation::new(task, instance), &measure.operator_costs(task, instance))
    }

    /// Builds the heuristic over a finished relaxation.
    pub(super) fn over(task: &Arc<Task>, relaxation: Relaxation, costs: &OperatorCosts) -> Self {
        let costs: Vec<i64> = relaxation
            .source
            .iter()
            .map(|&source| if source == NONE { 0 } else { costs.least[source as usize] })
            .collect();
        let mut is_goal = vec![false; relaxation.propositions];
        for &goal in &relaxation.goal {
            is_goal[goal as usize] = true;
        }
        let unmet_at_first = relaxation.unmet_counts();
        Self {
            task: Arc::clone(task),
            axes: Axes::new(&relaxation.numeric, &costs),
            unmet: unmet_at_first.clone(),
            unmet_at_first,
            reached: vec![INFINITE; relaxation.propositions],
            is_goal,
            goals: None,
            tally: Tally::default(),
            costs,
            relaxation,
            queue: MonotoneQueue::default(),
        }
    }

    /// How many edges could be looked at in the time that `start` takes.
    fn starting_edges(&self) -> u64 {
        let set_back = (self.unmet.len() + self.reached.len()) / SET_BACK_PER_EDGE;
        RELAXED_UNITS * EDGES_PER_UNIT as u64 + set_back as u64
    }

    fn start(&mut self, state: &[u64]) {
        self.unmet.copy_from_slice(&self.unmet_at_first);
        self.reached.fill(INFINITE);
        self.queue.clear();
        let Self { relaxation, reached, queue, task, axes, .. } = self;
        let mut hold = |proposition: u32| {
            reached[proposition as usize] = 0;
            queue.push(0, proposition);
        };
        relaxation.facts_of(&task.layout, state, &mut hold);
        let (numeric, base) = (&relaxation.numeric, relaxation.atom_base);
        numeric.stand(&task.layout, state, &mut axes.standing);
        numeric.held(&axes.standing).for_each(|atom| hold((base + atom) as u32));
        axes.clear();
        for i in 0..self.relaxation.free.len() {
            self.fire(self.relaxation.free[i] as usize, 0);
        }
    }

    #[inline]
    fn offer(&mut self, proposition: u32, total: i64) {
        let known = &mut self.reached[proposition as usize];
        if total < *known {
            *known = total;
            self.queue.push(total, proposition);
        }
    }

    /// Adds the effects of an operator whose preconditions are all reached, at cost `at`.
    #[inline]
    fn fire(&mut self, operator: usize, at: i64) {
        let total = at.saturating_add(self.costs[operator]).min(CEILING);
        for i in self.relaxation.adds.range(operator) {
            self.offer(self.relaxation.adds.item(i), total);
        }
        if self.relaxation.numeric.has_influences() {
            self.influence(operator, at);
        }
    }

    /// Offers the next atom of each axis that the operator moves along.
    fn influence(&mut self, operator: usize, at: i64) {
        let own = self.costs[operator];
        for i in self.relaxation.numeric.range(operator) {
            let numeric = &self.relaxation.numeric;
            let (_, influence) = numeric.influences()[i];
            if let Some((atom, total)) = self.axes.take(numeric, influence, at, own) {
                self.offer((self.relaxation.atom_base + atom) as u32, total.max(at));
            }
        }
    }

    /// Explores until all propositions of the goal are reached; answers the cost of the last, or `None` if
    /// one cannot be reached. Pending when `edges` are spent.
    fn explore(&mut self, mut goals: usize, edges: &mut Edges) -> Progress<Option<i64>> {
        let has_steps = self.relaxation.numeric.has_influences();
        while let Some((cost, proposition)) = self.queue.pop() {
            let proposition = proposition as usize;
            if cost > self.reached[proposition] {
                continue;
            }
            if self.is_goal[proposition] {
                goals -= 1;
                if goals == 0 {
                    return Progress::Done(Some(cost));
                }
            }
            if let (true, Some(atom)) = (has_steps, self.relaxation.atom(proposition)) {
                // The next atom implies this one, so it costs no less.
                if let Some((next, total)) = self.axes.reach(&self.relaxation.numeric, atom) {
                    self.offer((self.relaxation.atom_base + next) as u32, total.max(cost));
                }
            }
            let uses = self.relaxation.needed_by.range(proposition);
            edges.look_at(1 + uses.len() as u64);
            for i in uses {
                let operator = self.relaxation.needed_by.item(i) as usize;
                self.unmet[operator] -= 1;
                if self.unmet[operator] == 0 {
                    self.fire(operator, cost);
                }
            }
            if edges.are_spent() {
                self.goals = Some(goals);
                return Progress::Pending;
            }
        }
        Progress::Done(None)
    }
}

impl Pausing for Hmax {
    fn tally(&mut self) -> &mut Tally {
        &mut self.tally
    }

    fn abandon(&mut self) {
        self.goals = None;
    }

    fn work(&mut self, state: &[u64], edges: &mut Edges) -> Progress<Option<i64>> {
        if self.relaxation.is_goal_false {
            return Progress::Done(None);
        }
        if edges.are_spent() {
            return Progress::Pending;
        }
        let goals = match self.goals.take() {
            Some(goals) => goals,
            None => {
                edges.look_at(self.starting_edges());
                self.start(state);
                self.relaxation.goal.len()
            }
        };
        if goals == 0 {
            return Progress::Done(Some(0));
        }
        self.explore(goals, edges)
    }
}

impl Heuristic for Hmax {
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

    fn evaluation_units(&self) -> u64 {
        self.tally.units_or(&self.relaxation)
    }

    fn memory_bytes(&self) -> u64 {
        let columns = self.costs.len() * 16 + self.reached.len() * 9 + self.axes.memory_bytes();
        (self.relaxation.memory_bytes() + columns) as u64
    }
}
