//! hadd and FF over one exploration.
//!
//! hadd (Bonet & Geffner 2001) sums the costs of the goal's propositions in the delete
//! relaxation. FF (Hoffmann & Nebel 2001) takes the cost of a relaxed plan; its supporters are the
//! cheapest ones by hadd (Keyder & Geffner 2008), and it is found by marking from the goal, never by
//! scanning all operators. Preferred operators are those of the relaxed plan that apply. Neither is
//! admissible; both are safe.
//!
//! A numeric atom is supported by repeating one operator `ceil(deficit / step)` times (Scala,
//! Haslum & Thiébaux 2016), or by one that assigns enough.

use std::sync::Arc;

use super::Heuristic;
use super::cost::{Measure, cost_in};
use super::queue::MonotoneQueue;
use super::relaxed::{InfluenceKind, NONE, Relaxation, repetitions};
use crate::task::{Cost, Instance, OperatorId, Task};

/// "Not reached".
const INFINITE: i64 = i64::MAX;
/// Sums stop here; still far from overflow when a few are added.
const CEILING: i64 = i64::MAX / 16;

/// hadd, or FF.
#[derive(Debug)]
pub struct Additive {
    task: Arc<Task>,
    relaxation: Relaxation,
    extracts_plan: bool,
    least: Vec<i64>,
    /// Task operators whose cost depends on the state.
    varying: Vec<u32>,
    /// Per task operator its cost in the present state.
    costs: Vec<i64>,
    unmet: Vec<u32>,
    unmet_at_first: Vec<u32>,
    /// Per relaxed operator the sum of its preconditions' costs.
    paid: Vec<i64>,
    reached: Vec<i64>,
    /// Per proposition the entry of `adds` that supports it; [`NONE`] where it holds.
    supporter: Vec<u32>,
    /// Per influence the times its operator is repeated; 0 where it does not help.
    times: Vec<i64>,
    is_goal: Vec<bool>,
    queue: MonotoneQueue,
    marks: Marks,
}

/// Scratch space of the relaxed plan.
#[derive(Debug, Default)]
struct Marks {
    /// Per proposition the evaluation that marked it last.
    proposition: Vec<u32>,
    /// Per task operator likewise, and how often it stands in the relaxed plan.
    operator: Vec<(u32, i64)>,
    epoch: u32,
    stack: Vec<u32>,
    plan: Vec<u32>,
    preferred: Vec<OperatorId>,
}

impl Additive {
    /// hadd. Builds the relaxation: O(size of the task).
    pub fn add(task: &Arc<Task>, instance: &Instance, measure: Measure) -> Self {
        Self::over(task, instance, measure, Relaxation::new(task, instance), false)
    }

    /// FF. Builds the relaxation: O(size of the task).
    pub fn ff(task: &Arc<Task>, instance: &Instance, measure: Measure) -> Self {
        Self::over(task, instance, measure, Relaxation::new(task, instance), true)
    }

    /// The one or the other over a relaxation that is there.
    pub(super) fn over(
        task: &Arc<Task>,
        instance: &Instance,
        measure: Measure,
        relaxation: Relaxation,
        extracts_plan: bool,
    ) -> Self {
        let least = measure.least_costs(task, instance);
        let is_varying = |&id: &u32| {
            let is_constant = matches!(task.operators[id as usize].cost, Cost::Constant(_));
            measure == Measure::Cost && !is_constant
        };
        let mut is_goal = vec![false; relaxation.propositions];
        for &goal in &relaxation.goal {
            is_goal[goal as usize] = true;
        }
        let unmet_at_first = relaxation.unmet_counts();
        Self {
            varying: (0..least.len() as u32).filter(is_varying).collect(),
            costs: least.clone(),
            least,
            unmet: unmet_at_first.clone(),
            unmet_at_first,
            paid: vec![0; relaxation.operators()],
            reached: vec![INFINITE; relaxation.propositions],
            supporter: vec![NONE; relaxation.propositions],
            times: vec![1; relaxation.influences.len()],
            is_goal,
            queue: MonotoneQueue::default(),
            marks: Marks {
                proposition: vec![0; relaxation.propositions],
                operator: vec![(0, 0); task.operators.len()],
                ..Marks::default()
            },
            task: Arc::clone(task),
            relaxation,
            extracts_plan,
        }
    }

    fn start(&mut self, state: &[u64]) {
        for &operator in &self.varying {
            let id = operator as usize;
            self.costs[id] = cost_in(&self.task, id, state, self.least[id]);
        }
        self.unmet.copy_from_slice(&self.unmet_at_first);
        self.paid.fill(0);
        self.reached.fill(INFINITE);
        self.queue.clear();
        let Self { relaxation, reached, supporter, queue, task, times, .. } = self;
        let mut hold = |proposition: u32| {
            reached[proposition as usize] = 0;
            supporter[proposition as usize] = NONE;
            queue.push(0, proposition);
        };
        relaxation.facts_of(&task.layout, state, &mut hold);
        for (id, atom) in relaxation.atoms.iter().enumerate() {
            let Some(deficit) = atom.deficit(atom.left(&task.layout, state)) else {
                hold((relaxation.atom_base + id) as u32);
                continue;
            };
            for &influence in relaxation.by_atom.row(id) {
                times[influence as usize] = match relaxation.influences[influence as usize].kind {
                    InfluenceKind::Grows(delta) => repetitions(deficit, delta),
                    InfluenceKind::Varies => 1,
                    InfluenceKind::Becomes(value) => i64::from(atom.deficit(value).is_none()),
                };
            }
        }
        for i in 0..self.relaxation.free.len() {
            self.fire(self.relaxation.free[i] as usize);
        }
    }

    #[inline]
    fn fire(&mut self, operator: usize) {
        let source = self.relaxation.source[operator];
        let own = if source == NONE { 0 } else { self.costs[source as usize] };
        let paid = self.paid[operator];
        for i in self.relaxation.adds.range(operator) {
            let influence = self.relaxation.influence_of[i];
            let cost = match influence {
                NONE => own,
                influence => match self.times[influence as usize] {
                    0 => continue,
                    times => own.saturating_mul(times),
                },
            };
            let proposition = self.relaxation.adds.item(i);
            let total = paid.saturating_add(cost).min(CEILING);
            if total < self.reached[proposition as usize] {
                self.reached[proposition as usize] = total;
                self.supporter[proposition as usize] = i as u32;
                self.queue.push(total, proposition);
            }
        }
    }

    /// Explores until the goal is reached; `false` where it cannot be.
    fn explore(&mut self, state: &[u64]) -> bool {
        self.start(state);
        let mut goals = self.relaxation.goal.len();
        if goals == 0 {
            return true;
        }
        while let Some((cost, proposition)) = self.queue.pop() {
            let proposition = proposition as usize;
            if cost > self.reached[proposition] {
                continue;
            }
            if self.is_goal[proposition] {
                goals -= 1;
                if goals == 0 {
                    return true;
                }
            }
            for i in self.relaxation.needed_by.range(proposition) {
                let operator = self.relaxation.needed_by.item(i) as usize;
                self.paid[operator] = self.paid[operator].saturating_add(cost).min(CEILING);
                self.unmet[operator] -= 1;
                if self.unmet[operator] == 0 {
                    self.fire(operator);
                }
            }
        }
        false
    }

    /// Marks a relaxed plan backwards from the goal and answers its cost.
    fn relaxed_plan(&mut self, state: &[u64]) -> i64 {
        let marks = &mut self.marks;
        marks.epoch += 1;
        marks.plan.clear();
        marks.stack.extend(&self.relaxation.goal);
        while let Some(proposition) = marks.stack.pop() {
            let mark = &mut marks.proposition[proposition as usize];
            let entry = self.supporter[proposition as usize];
            if *mark == marks.epoch || entry == NONE || self.reached[proposition as usize] == INFINITE {
                continue;
            }
            *mark = marks.epoch;
            let operator = self.relaxation.adds.row_of(entry);
            let times = match self.relaxation.influence_of[entry as usize] {
                NONE => 1,
                influence => self.times[influence as usize],
            };
            let source = self.relaxation.source[operator];
            if source != NONE {
                let mark = &mut marks.operator[source as usize];
                if mark.0 != marks.epoch {
                    *mark = (marks.epoch, 0);
                    marks.plan.push(source);
                }
                mark.1 = mark.1.max(times);
            }
            marks.stack.extend(self.relaxation.preconditions.row(operator));
        }
        marks.plan.sort_unstable();
        let (layout, operators) = (&self.task.layout, &self.task.operators);
        marks.preferred.clear();
        let applies = |id: &&u32| operators[**id as usize].precondition.holds(layout, state);
        marks.preferred.extend(marks.plan.iter().filter(applies).map(|&id| OperatorId(id)));
        marks.plan.iter().fold(0i64, |sum, &id| {
            let times = marks.operator[id as usize].1;
            sum.saturating_add(self.costs[id as usize].saturating_mul(times)).min(CEILING)
        })
    }
}

impl Heuristic for Additive {
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        if self.relaxation.is_goal_false || !self.explore(state) {
            return None;
        }
        if self.extracts_plan {
            return Some(self.relaxed_plan(state));
        }
        let costs = self.relaxation.goal.iter().map(|&goal| self.reached[goal as usize]);
        Some(costs.fold(0i64, |sum, cost| sum.saturating_add(cost).min(CEILING)))
    }

    fn has_preferred(&self) -> bool {
        self.extracts_plan
    }

    fn preferred(&self) -> &[OperatorId] {
        &self.marks.preferred
    }

    fn evaluation_units(&self) -> u64 {
        super::RELAXED_UNITS
    }

    fn is_admissible(&self) -> bool {
        false
    }

    fn memory_bytes(&self) -> u64 {
        let columns = self.paid.len() * 16 + self.reached.len() * 17 + self.least.len() * 36;
        (self.relaxation.memory_bytes() + columns) as u64
    }
}
