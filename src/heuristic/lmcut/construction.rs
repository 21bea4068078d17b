//! Construction of LM-cut in bounded pieces.

use std::sync::Arc;

use super::super::Heuristic;
use super::super::amount::Amount;
use super::super::cost::OperatorCosts;
use super::super::hmax::Hmax;
use super::super::pausing::Tally;
use super::super::relaxed::{NONE, Relaxation, Rows};
use super::cut::Cutter;
use super::exploration::{Exploration, Price};
use super::graph::Graph;
use super::{Lmcut, Phase};
use crate::step::Budget;
use crate::task::Task;

/// The next piece of the construction.
#[derive(Clone, Copy, Debug)]
enum Stage {
    Graph,
    NeededBy,
    AddedBy,
    Hmax,
    Finish,
}

/// LM-cut under construction.
pub(in crate::heuristic) struct Construction {
    relaxation: Relaxation,
    /// Units of work that one exploration of the relaxation takes.
    units: u64,
    hmax: Option<Hmax>,
    graph: Graph,
    costs: OperatorCosts,
    stage: Stage,
}

impl Construction {
    /// Prepares the construction; it takes the relaxation and the operator costs.
    pub(in crate::heuristic) fn new(relaxation: Relaxation, costs: OperatorCosts) -> Self {
        let units = relaxation.exploration_units();
        Self { relaxation, units, hmax: None, graph: Graph::default(), costs, stage: Stage::Graph }
    }

    /// Does the next piece; answers the heuristic after the last piece.
    pub(in crate::heuristic) fn advance(
        &mut self,
        task: &Arc<Task>,
        budget: &mut Budget,
    ) -> Option<Box<dyn Heuristic>> {
        budget.spend(self.units);
        let Self { relaxation, graph, .. } = self;
        self.stage = match self.stage {
            Stage::Graph => {
                *graph = Graph::new(relaxation, task.operators.len());
                Stage::NeededBy
            }
            Stage::NeededBy => {
                graph.needed_by = graph.preconditions.transposed(graph.propositions());
                Stage::AddedBy
            }
            Stage::AddedBy => {
                graph.added_by = graph.adds.transposed(graph.propositions());
                Stage::Hmax
            }
            Stage::Hmax => {
                let may_be_below = !graph.groups.is_empty() || !relaxation.numeric.axes.is_empty();
                self.hmax = may_be_below.then(|| Hmax::over(task, relaxation.clone(), &self.costs));
                // The graph has its own copies of these rows, with the goal operator's.
                (relaxation.preconditions, relaxation.adds) = Default::default();
                relaxation.needed_by = Rows::default();
                Stage::Finish
            }
            Stage::Finish => {
                let is_small = |&cost: &i64| cost < i64::from(<u32 as Amount>::CEILING) >> 8;
                let is_small = self.costs.least.iter().all(is_small);
                return Some(if is_small { self.finish::<u32>(task) } else { self.finish::<i64>(task) });
            }
        };
        None
    }

    fn finish<C: Amount>(&mut self, task: &Arc<Task>) -> Box<dyn Heuristic> {
        let (relaxation, graph) = (std::mem::take(&mut self.relaxation), std::mem::take(&mut self.graph));
        // The goal operator comes last and costs nothing.
        let sources = relaxation.source.iter().copied().chain([NONE]);
        let own = |source| if source == NONE { C::ZERO } else { C::of(self.costs.least[source as usize]) };
        let prices: Vec<Price<C>> = sources.map(|source| Price::new(own(source))).collect();
        Box::new(Lmcut {
            cutter: Cutter::new(&graph, &prices),
            exploration: Exploration::new(&graph, prices),
            task: Arc::clone(task),
            relaxation,
            units: self.units,
            hmax: self.hmax.take(),
            graph,
            phase: Phase::Idle,
            tally: Tally::default(),
            floor: 0,
            sum: 0,
        })
    }

    /// Bytes held now, plus the bytes that the next piece allocates.
    pub(in crate::heuristic) fn memory_bytes(&self) -> u64 {
        let hmax = self.hmax.as_ref().map_or(0, Heuristic::memory_bytes);
        let next = match self.stage {
            Stage::NeededBy => self.graph.preconditions.memory_bytes(),
            Stage::AddedBy => self.graph.adds.memory_bytes(),
            Stage::Hmax => self.relaxation.memory_bytes() + self.relaxation.column_bytes(),
            Stage::Graph | Stage::Finish => self.relaxation.column_bytes(),
        };
        next as u64
            + (self.relaxation.memory_bytes() + self.graph.memory_bytes() + self.costs.memory_bytes()) as u64
            + hmax
    }
}
