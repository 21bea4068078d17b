//! hmax (Bonet & Geffner 2001): the most expensive of the goal's propositions, each as cheap as
//! its cheapest way in the delete relaxation. Admissible; not consistent where there are numeric
//! conditions.
//!
//! Numeric atoms, after the subgoaling of Scala, Haslum & Thiébaux (2016), made admissible: let
//! `R` be a lower bound on what all operators together must pay to make up the atom's deficit
//! (the best ratio of cost to step, or a single operator that assigns). The first of them, `t`, is
//! applied after its preconditions are reached, so the atom costs at least
//! `min over t of (h(pre(t)) + max(cost(t), R))`.

use std::sync::Arc;

use super::Heuristic;
use super::cost::{Measure, OperatorCosts};
use super::queue::MonotoneQueue;
use super::relaxed::{InfluenceKind, NONE, Relaxation};
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
    /// Per atom the least cost per unit of growth.
    ratios: Vec<f64>,
    /// Per relaxed operator the preconditions not reached yet.
    unmet: Vec<u32>,
    unmet_at_first: Vec<u32>,
    /// Per proposition the cheapest cost found.
    reached: Vec<i64>,
    /// Per atom the bound `R` in the present state.
    bounds: Vec<i64>,
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
            ratios: ratios(&relaxation, &costs),
            unmet: unmet_at_first.clone(),
            unmet_at_first,
            reached: vec![INFINITE; relaxation.propositions],
            bounds: vec![0; relaxation.atoms.len()],
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
        for (atom, one) in relaxation.atoms.iter().enumerate() {
            let left = one.left(&task.layout, state);
            match one.deficit(left) {
                None => {
                    let proposition = relaxation.atom_base + atom;
                    reached[proposition] = 0;
                    queue.push(0, proposition as u32);
                }
                Some(deficit) => {
                    self.bounds[atom] =
                        bound(relaxation, &self.costs, self.ratios[atom], atom, left, deficit);
                }
            }
        }
        for i in 0..self.relaxation.free.len() {
            self.fire(self.relaxation.free[i] as usize, 0);
        }
    }

    #[inline]
    fn fire(&mut self, operator: usize, at: i64) {
        let own = self.costs[operator];
        for i in self.relaxation.adds.range(operator) {
            let influence = self.relaxation.influence_of[i];
            let cost = if influence == NONE {
                own
            } else {
                let atom = self.relaxation.influences[influence as usize].atom;
                own.max(self.bounds[atom as usize])
            };
            if cost == INFINITE {
                continue;
            }
            let proposition = self.relaxation.adds.item(i);
            let total = at.saturating_add(cost).min(CEILING);
            if total < self.reached[proposition as usize] {
                self.reached[proposition as usize] = total;
                self.queue.push(total, proposition);
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
        let columns = self.costs.len() * 16 + self.reached.len() * 9 + self.bounds.len() * 16;
        (self.relaxation.memory_bytes() + columns) as u64
    }
}

/// Per atom the least cost per unit of growth; infinite where nothing makes it grow.
fn ratios(relaxation: &Relaxation, costs: &[i64]) -> Vec<f64> {
    let mut ratios = vec![f64::INFINITY; relaxation.atoms.len()];
    for influence in &relaxation.influences {
        if let InfluenceKind::Grows(delta) = influence.kind {
            let ratio = costs[influence.operator as usize] as f64 / delta;
            let least = &mut ratios[influence.atom as usize];
            *least = least.min(ratio);
        }
    }
    ratios
}

/// The least that all operators together must pay to make up `deficit` from `left`.
fn bound(relaxation: &Relaxation, costs: &[i64], ratio: f64, atom: usize, left: f64, deficit: f64) -> i64 {
    let by_growth = |deficit: f64| {
        let least = ratio * deficit;
        if ratio.is_infinite() { INFINITE } else { (least * (1.0 - 1e-9)).ceil().min(1e18) as i64 }
    };
    let mut bound = by_growth(deficit);
    for &influence in relaxation.by_atom.row(atom) {
        let influence = &relaxation.influences[influence as usize];
        let own = costs[influence.operator as usize];
        let total = match influence.kind {
            InfluenceKind::Grows(_) => continue,
            InfluenceKind::Varies => own,
            InfluenceKind::Becomes(value) => match relaxation.atoms[atom].deficit(value) {
                None => own,
                Some(rest) if value > left => own.saturating_add(by_growth(rest)),
                Some(_) => continue,
            },
        };
        bound = bound.min(total);
    }
    bound
}
