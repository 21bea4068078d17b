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
//! * Which of equally dear preconditions is an operator's supporter matters a lot. It is always the first one;
//!   but where the goal zone is extended through an operator without cost, it is one that keeps the zone small,
//!   as in Fast Downward 26 (`goal_zone_detection` and `border_detection`).
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
use super::pausing::{self, Edges, Pausing, Tally};
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
    /// hmax is asked for a lower bound.
    Bounding,
    /// The exploration is to begin with the state.
    Starting,
    /// Costs by hmax, with the preconditions that they come from.
    Exploring,
    /// The next cut is to be found.
    Cutting,
    /// Those costs after a cut.
    Updating,
}

/// The heuristic LM-cut. An evaluation can pause.
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
    tally: Tally,
    /// hmax of the state, where it is asked.
    floor: i64,
    /// Cost of the cuts so far.
    sum: i64,
}

impl<C: Amount> Lmcut<C> {
    /// Begins to evaluate a state.
    fn begin(&mut self, state: &[u64]) {
        self.sum = 0;
        self.cutter.begin();
        let Self { relaxation, exploration, graph, task, .. } = self;
        exploration.begin(graph.start, |each| relaxation.facts_of(&task.layout, state, each));
    }

    fn end(&mut self, estimate: Option<i64>) -> Progress<Option<i64>> {
        self.phase = Phase::Idle;
        Progress::Done(estimate)
    }
}

impl<C: Amount> Pausing for Lmcut<C> {
    fn tally(&mut self) -> &mut Tally {
        &mut self.tally
    }

    fn abandon(&mut self) {
        self.phase = Phase::Idle;
        if let Some(hmax) = &mut self.hmax {
            hmax.abandon();
        }
    }

    fn work(&mut self, state: &[u64], edges: &mut Edges) -> Progress<Option<i64>> {
        while !edges.are_spent() {
            let Self { exploration, graph, cutter, hmax, .. } = self;
            match self.phase {
                Phase::Idle if self.relaxation.is_goal_false => return Progress::Done(None),
                Phase::Idle => {
                    self.floor = 0;
                    self.phase = if hmax.is_some() { Phase::Bounding } else { Phase::Starting };
                }
                Phase::Bounding => {
                    match hmax.as_mut().map_or(Progress::Done(Some(0)), |hmax| hmax.work(state, edges)) {
                        Progress::Pending => break,
                        Progress::Done(None) => return self.end(None),
                        Progress::Done(Some(floor)) => self.floor = floor,
                    }
                    self.phase = Phase::Starting;
                }
                Phase::Starting => {
                    edges.look_at(self.units.saturating_mul(EDGES_PER_UNIT as u64));
                    self.begin(state);
                    self.phase = Phase::Exploring;
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
}

impl<C: Amount> Heuristic for Lmcut<C> {
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
