//! Blind search and goal counting.

use std::sync::Arc;

use super::Heuristic;
use super::cost::Measure;
use crate::task::{Conjunction, Instance, Task};

/// Zero in goal states, the cost of the cheapest operator elsewhere. Admissible and consistent.
#[derive(Debug)]
pub struct Blind {
    task: Arc<Task>,
    goal: Arc<Conjunction>,
    least_cost: i64,
}

impl Blind {
    /// O(operators).
    pub fn new(task: &Arc<Task>, instance: &Instance, measure: Measure) -> Self {
        let least_cost = measure.least_costs(task, instance).into_iter().min().unwrap_or(0);
        Self { task: Arc::clone(task), goal: Arc::clone(&instance.goal), least_cost }
    }
}

impl Heuristic for Blind {
    #[inline]
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        Some(if self.goal.holds(&self.task.layout, state) { 0 } else { self.least_cost })
    }
}

/// The number of goal conditions that do not hold. Not admissible: one operator may achieve several, and
/// costs are ignored.
#[derive(Debug)]
pub struct GoalCount {
    task: Arc<Task>,
    goal: Arc<Conjunction>,
    each: i64,
}

impl GoalCount {
    /// Each condition counts as one operator, or, by cost, as a cost of 1 in the document's terms. O(goal).
    pub fn new(task: &Arc<Task>, instance: &Instance, measure: Measure) -> Self {
        let each = measure.one(task);
        Self { task: Arc::clone(task), goal: Arc::clone(&instance.goal), each }
    }
}

impl Heuristic for GoalCount {
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        Some(self.goal.unmet(&self.task.layout, state) as i64 * self.each)
    }
}
