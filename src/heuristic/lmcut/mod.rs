//! LM-cut (Helmert & Domshlak 2009): a cost partitioning over disjunctive action landmarks, each a cut
//! in the justification graph of hmax. Admissible; at least hmax.
//!
//! A landmark is a set of *task* operators: where several relaxed operators stand for one of them (conditional
//! effects, copies of variables), they share its cost and are cheapened together, which keeps the
//! sum admissible. Then, and where there are numeric conditions (which the cuts take for met), hmax may
//! be the higher of the two, so the greater one counts. Axioms are rules without cost, as everywhere in
//! the relaxation.
//!
//! Two things are done otherwise than in the paper:
//! * Which of equally dear preconditions stands for an operator matters a lot. It is the first, always; but
//!   where the goal zone passes through an operator without cost it is one that keeps the zone small, as in
//!   Fast Downward 26 (`goal_zone_detection` and `border_detection`).
//! * After a cut, costs are brought up to date below the goal's only, and whatever is at least as dear as
//!   the goal counts as equally dear. Any choice of preconditions makes a valid landmark, and with costs
//!   counted up to the goal's no way to the goal is free before the goal is, so that every cut has a cost
//!   and the sum is at least hmax.

mod construction;
mod cut;
mod exploration;
mod graph;

use std::sync::Arc;

use super::amount::Amount;
use super::hmax::Hmax;
use super::relaxed::{Relaxation, Rows};
use super::{EDGES_PER_UNIT, Heuristic};
use crate::step::{Budget, Progress};
use crate::task::{OperatorId, StateId, Task};

pub(super) use construction::Construction;

use cut::Cutter;
use exploration::Exploration;
use graph::Graph;

/// What an evaluation is at.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// None is under way.
    Idle,
    /// hmax of the state.
    Exploring,
    /// The next cut is to be found.
    Cutting,
    /// hmax after a cut.
    Updating,
}

/// The heuristic LM-cut. An evaluation can pause: on large tasks it takes longer than a frame.
struct Lmcut<C> {
    task: Arc<Task>,
    /// Without its rows, for which those of the graph stand.
    relaxation: Relaxation,
    /// Units of work of exploring it.
    units: u64,
    /// Where cuts alone may stay below it.
    hmax: Option<Hmax>,
    graph: Graph,
    exploration: Exploration<C>,
    cutter: Cutter,
    phase: Phase,
    /// hmax of the state, where it is asked.
    floor: i64,
    /// Cost of the cuts so far, and how many they are.
    sum: i64,
    cuts: u64,
}

impl<C: Amount> Lmcut<C> {
    /// Begins to evaluate a state; `false` for a dead end.
    fn begin(&mut self, state: &[u64]) -> bool {
        if self.relaxation.is_goal_false {
            return false;
        }
        self.floor = 0;
        if let Some(hmax) = &mut self.hmax {
            let Some(floor) = hmax.evaluate(state) else { return false };
            self.floor = floor;
        }
        (self.sum, self.cuts) = (0, 0);
        self.cutter.begin();
        let Self { relaxation, exploration, graph, task, .. } = self;
        exploration.begin(graph.start, |each| relaxation.facts_of(&task.layout, state, each));
        self.phase = Phase::Exploring;
        true
    }

    /// Works on the evaluation of a state while `edges` of the graph may be looked at; the estimate at its end.
    fn work(&mut self, state: &[u64], edges: &mut u64) -> Progress<Option<i64>> {
        while *edges > 0 {
            let Self { exploration, graph, cutter, .. } = self;
            match self.phase {
                Phase::Idle => {
                    let units = if self.hmax.is_some() { 2 * self.units } else { self.units };
                    *edges = edges.saturating_sub(units.saturating_mul(EDGES_PER_UNIT as u64));
                    if !self.begin(state) {
                        return Progress::Done(None);
                    }
                }
                Phase::Exploring => {
                    if !exploration.explore(graph, edges) {
                        break;
                    }
                    if exploration.cost(graph.goal) == C::INFINITE {
                        return self.end(None);
                    }
                    self.phase = Phase::Cutting;
                }
                Phase::Cutting => {
                    if exploration.cost(graph.goal) == C::ZERO {
                        return self.end(Some(self.sum.max(self.floor)));
                    }
                    let least = cutter.cut(graph, exploration, edges);
                    // A cut is never empty or free; without this, a slip would hang the page.
                    debug_assert!(least > C::ZERO);
                    if least == C::ZERO {
                        return self.end(Some(self.sum.max(self.floor)));
                    }
                    self.sum = self.sum.plus(least.as_i64()).min(i64::CEILING);
                    self.cuts += 1;
                    exploration.cheapen(graph, cutter.last());
                    self.phase = Phase::Updating;
                }
                Phase::Updating => {
                    if !exploration.update(graph, edges) {
                        break;
                    }
                    self.phase = Phase::Cutting;
                }
            }
        }
        Progress::Pending
    }

    fn end(&mut self, estimate: Option<i64>) -> Progress<Option<i64>> {
        self.phase = Phase::Idle;
        Progress::Done(estimate)
    }
}

impl<C: Amount> Heuristic for Lmcut<C> {
    fn evaluate(&mut self, state: &[u64]) -> Option<i64> {
        self.phase = Phase::Idle;
        loop {
            let mut edges = u64::MAX;
            if let Progress::Done(estimate) = self.work(state, &mut edges) {
                return estimate;
            }
        }
    }

    fn proceed(
        &mut self,
        _node: StateId,
        _from: Option<(StateId, OperatorId)>,
        state: &[u64],
        budget: &mut Budget,
    ) -> Progress<Option<i64>> {
        let allowed = budget.units_left().saturating_mul(EDGES_PER_UNIT as u64).max(1);
        let mut edges = allowed;
        let progress = self.work(state, &mut edges);
        budget.spend((allowed - edges).div_ceil(EDGES_PER_UNIT as u64));
        progress
    }

    /// Of the last evaluation, about: bringing costs up to date after a cut is a part of an exploration.
    fn evaluation_units(&self) -> u64 {
        self.units * (1 + self.cuts / 4)
    }

    fn is_admissible(&self) -> bool {
        true
    }

    fn memory_bytes(&self) -> u64 {
        let hmax = self.hmax.as_ref().map_or(0, Heuristic::memory_bytes);
        let parts = self.graph.memory_bytes() + self.exploration.memory_bytes() + self.cutter.memory_bytes();
        (parts + self.relaxation.memory_bytes()) as u64 + hmax
    }
}

/// Bytes of a vector.
fn bytes<T>(items: &Vec<T>) -> usize {
    items.capacity() * size_of::<T>()
}

/// Bytes of rows.
fn row_bytes<const N: usize>(rows: [&Rows; N]) -> usize {
    rows.map(Rows::memory_bytes).iter().sum()
}
