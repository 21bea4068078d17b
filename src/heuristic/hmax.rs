//! hmax (Bonet & Geffner 2001): the most expensive of the goal's propositions, each as cheap as
//! its cheapest way in the delete relaxation. Admissible; not consistent where there are numeric
//! conditions.
//!
//! Numeric atoms, after the subgoaling of Scala, Haslum & Thiébaux (2016), made admissible. Let `R` be a lower
//! bound on what all operators together must pay to make an axis grow by what is missing: the best ratio of
//! cost to step, times the deficit. Either only such steps are taken: the first of them, `t`, is applied after
//! its preconditions are reached, which costs at least `h(pre(t)) + max(cost(t), R)`. Or the last other
//! operator, `t`, assigns a value: that costs `h(pre(t)) + cost(t)`, and `R` of what is missing from there.

use std::sync::Arc;

use super::Heuristic;
use super::cost::{Measure, OperatorCosts};
use super::queue::MonotoneQueue;
use super::relaxed::{Change, Left, NONE, Numeric, Relaxation, Standing};
use crate::task::{Instance, Task};

/// "Not reached".
const INFINITE: i64 = i64::MAX;
/// Costs stop here, so that what is dear is not taken for out of reach.
const CEILING: i64 = i64::MAX / 2;

/// The heuristic hmax.
#[derive(Debug)]
pub struct Hmax {
    task: Arc<Task>,
    relaxation: Relaxation,
    /// Per relaxed operator its least cost.
    costs: Vec<i64>,
    /// Per axis its steps with their costs, the dominated ones left out.
    steps: Vec<Vec<Step>>,
    /// Per relaxed operator the preconditions not reached yet.
    unmet: Vec<u32>,
    unmet_at_first: Vec<u32>,
    /// Per proposition the cheapest cost found.
    reached: Vec<i64>,
    /// Per atom the bound `R` from the present state.
    bounds: Vec<i64>,
    /// Where the present state stands on each axis.
    standing: Vec<Standing>,
    /// Per axis the least cost of a step taken so far.
    least_steps: Vec<i64>,
    is_goal: Vec<bool>,
    queue: MonotoneQueue,
}

impl Hmax {
    /// Builds the relaxation: O(size of the task).
    pub fn new(task: &Arc<Task>, instance: &Instance, measure: Measure) -> Self {
        Self::over(task, Relaxation::new(task, instance), &measure.operator_costs(task, instance))
    }

    /// The same over a relaxation that is there.
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
            steps: steps(&relaxation.numeric, &costs),
            standing: Vec::new(),
            least_steps: vec![INFINITE; relaxation.numeric.axes.len()],
            unmet: unmet_at_first.clone(),
            unmet_at_first,
            reached: vec![INFINITE; relaxation.propositions],
            bounds: vec![0; relaxation.numeric.axis_of.len()],
            is_goal,
            costs,
            relaxation,
            queue: MonotoneQueue::default(),
        }
    }

    fn start(&mut self, state: &[u64]) {
        self.unmet.copy_from_slice(&self.unmet_at_first);
        self.reached.fill(INFINITE);
        self.queue.clear();
        let Self { relaxation, reached, queue, task, .. } = self;
        relaxation.facts_of(&task.layout, state, |fact| {
            reached[fact as usize] = 0;
            queue.push(0, fact);
        });
        self.stand(state);
        for i in 0..self.relaxation.free.len() {
            self.fire(self.relaxation.free[i] as usize, 0);
        }
    }

    /// Finds out which atoms hold, and what the others cost at least by steps alone.
    fn stand(&mut self, state: &[u64]) {
        let Self { relaxation, reached, queue, task, standing, .. } = self;
        let numeric = &relaxation.numeric;
        numeric.stand(&task.layout, state, standing);
        for atom in numeric.held(standing) {
            let proposition = relaxation.atom_base + atom;
            reached[proposition] = 0;
            queue.push(0, proposition as u32);
        }
        for (id, axis) in numeric.axes.iter().enumerate() {
            if !self.steps[id].is_empty() {
                let Standing { left, unmet } = standing[id];
                for atom in unmet..axis.atoms.end {
                    self.bounds[atom] = growth(numeric, &self.steps[id], atom, left);
                }
            }
        }
        self.least_steps.fill(INFINITE);
    }

    #[inline]
    fn fire(&mut self, operator: usize, at: i64) {
        let total = at.saturating_add(self.costs[operator]).min(CEILING);
        for i in self.relaxation.adds.range(operator) {
            let proposition = self.relaxation.adds.item(i);
            if total < self.reached[proposition as usize] {
                self.reached[proposition as usize] = total;
                self.queue.push(total, proposition);
            }
        }
        if self.relaxation.numeric.has_influences() {
            self.influence(operator, at, total);
        }
    }

    /// Offers the atoms that the operator leads to by steps: its own, or those after it.
    fn influence(&mut self, operator: usize, at: i64, total: i64) {
        let Self { relaxation, reached, queue, steps, bounds, standing, least_steps, .. } = self;
        let numeric = &relaxation.numeric;
        let own = self.costs[operator];
        for influence in numeric.of(operator) {
            let axis = influence.axis as usize;
            let end = numeric.axes[axis].atoms.end;
            let mut offer = |atom: usize, total: i64| {
                let proposition = relaxation.atom_base + atom;
                if total < reached[proposition] {
                    reached[proposition] = total;
                    queue.push(total, proposition as u32);
                }
            };
            match influence.change {
                Change::Grows(_) if own < least_steps[axis] => {
                    // What comes later is reached later: only a cheaper step can lead to anything cheaper.
                    least_steps[axis] = own;
                    for (atom, &bound) in bounds.iter().enumerate().take(end).skip(standing[axis].unmet) {
                        offer(atom, at.saturating_add(own.max(bound)).min(CEILING));
                    }
                }
                Change::Becomes(value) => {
                    let left = Left::assigned(value);
                    if left.is_beyond(standing[axis].left) {
                        for atom in numeric.unmet_after(influence.axis, left)..end {
                            let rest = growth(numeric, &steps[axis], atom, left);
                            offer(atom, total.saturating_add(rest).min(CEILING));
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

impl Heuristic for Hmax {
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        if self.relaxation.is_goal_false {
            return None;
        }
        self.start(state);
        let mut goals = self.relaxation.goal.len();
        if goals == 0 {
            return Some(0);
        }
        while let Some((cost, proposition)) = self.queue.pop() {
            let proposition = proposition as usize;
            if cost > self.reached[proposition] {
                continue;
            }
            if self.is_goal[proposition] {
                goals -= 1;
                if goals == 0 {
                    return Some(cost);
                }
            }
            for i in self.relaxation.needed_by.range(proposition) {
                let operator = self.relaxation.needed_by.item(i) as usize;
                self.unmet[operator] -= 1;
                if self.unmet[operator] == 0 {
                    self.fire(operator, cost);
                }
            }
        }
        None
    }

    fn evaluation_units(&self) -> u64 {
        self.relaxation.exploration_units()
    }

    fn is_admissible(&self) -> bool {
        true
    }

    fn memory_bytes(&self) -> u64 {
        let axes = self.least_steps.len() * (size_of::<Standing>() + 8 + STEPS_MAX * size_of::<Step>());
        let columns = self.costs.len() * 16 + self.reached.len() * 9 + self.bounds.len() * 8 + axes;
        (self.relaxation.memory_bytes() + columns) as u64
    }
}

/// A step along an axis: what it costs, and what it adds.
type Step = (i64, f64);
/// Steps kept for an axis; more are merged, which only lowers bounds.
const STEPS_MAX: usize = 8;

/// Per axis its steps, cheaper ones first, each longer than those before it. Where nothing rounds, only the best.
fn steps(numeric: &Numeric, costs: &[i64]) -> Vec<Vec<Step>> {
    let mut steps: Vec<Vec<Step>> = vec![Vec::new(); numeric.axes.len()];
    for &(operator, influence) in numeric.influences() {
        let Change::Grows(delta) = influence.change else { continue };
        let step = (costs[operator as usize], delta);
        let known = &mut steps[influence.axis as usize];
        if numeric.axes[influence.axis as usize].is_exact() {
            let ratio = |(own, delta): Step| own as f64 / delta;
            if known.first().is_none_or(|&best| ratio(step) < ratio(best)) {
                *known = vec![step];
            }
        } else {
            add_step(known, step);
        }
    }
    steps
}

/// Adds a step to those of an axis unless one of them dominates it.
fn add_step(known: &mut Vec<Step>, (own, delta): Step) {
    let at = known.partition_point(|&(cost, longest)| cost < own || (cost == own && longest > delta));
    if at.checked_sub(1).is_some_and(|before| known[before].1 >= delta) {
        return;
    }
    let dominated = known[at..].iter().take_while(|&&(_, longest)| longest <= delta).count();
    known.splice(at..at + dominated, [(own, delta)]);
    if known.len() > STEPS_MAX {
        let (cheaper, _) = known.remove(STEPS_MAX - 1);
        known[STEPS_MAX - 1].0 = cheaper;
    }
}

/// The least that all steps together must pay to lead from there to an atom.
fn growth(numeric: &Numeric, steps: &[Step], atom: usize, left: Left) -> i64 {
    let ratio = |&(own, delta): &Step| own as f64 / numeric.gain(atom, delta, left);
    let ratio = steps.iter().map(ratio).fold(f64::INFINITY, f64::min);
    let least = (ratio * numeric.deficit(atom, left) * (1.0 - 1e-9)).ceil();
    if least.is_finite() { least.min(1e18) as i64 } else { 0 }
}
