//! LM-cut (Helmert & Domshlak 2009): a cost partitioning over disjunctive action landmarks, each a cut
//! in the justification graph of hmax. Admissible; at least hmax.
//!
//! A landmark is a set of *task* operators. Where several relaxed operators stand for one of them
//! (conditional effects, copies of variables), they share its cost and are cheapened together; that keeps the
//! sum admissible. In these tasks, and in tasks with numeric conditions (which the cuts take for met), hmax
//! can be higher than the sum of the cuts, so the estimate is the greater of the two. Axioms are rules
//! without cost, as everywhere in the relaxation.
//!
//! Two points differ from the paper:
//! - The supporter of an operator is always the first of its equally expensive preconditions. Where the goal
//!   zone grows through an operator without cost, it is a precondition that keeps the zone small, as in Fast
//!   Downward 26 (`goal_zone_detection` and `border_detection`). The choice matters a lot.
//! - After a cut, only costs below the goal's are updated, and all propositions that cost at least as much as
//!   the goal count as equally expensive. Any choice of supporters gives a valid landmark. Since no way to
//!   the goal is free before the goal itself costs nothing, every cut has a cost, and the sum is at least
//!   hmax.

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

/// The step that an evaluation is at.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// No evaluation is under way.
    Idle,
    /// hmax is computed, as a lower bound.
    Bounding,
    /// The exploration has to be started with the state.
    Starting,
    /// The hmax costs and supporters are computed.
    Exploring,
    /// The next cut has to be found.
    Cutting,
    /// The hmax costs are updated after a cut.
    Updating,
}

/// The heuristic LM-cut. An evaluation can pause.
struct Lmcut<C> {
    task: Arc<Task>,
    /// Its rows are empty: those of the graph replace them.
    relaxation: Relaxation,
    /// Units of work that one exploration of the relaxation takes.
    units: u64,
    /// Present where the sum of the cuts can be below hmax.
    hmax: Option<Hmax>,
    graph: Graph,
    exploration: Exploration<C>,
    cutter: Cutter,
    phase: Phase,
    tally: Tally,
    /// hmax of the state; 0 where `hmax` is absent.
    floor: i64,
    /// Sum of the costs of the cuts so far.
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
                    // Every cut has a cost. If one had none, this loop would never end.
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
