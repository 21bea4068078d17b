//! Setting up a heuristic in bounded pieces: on a large task the whole takes longer than a frame. No piece
//! takes much longer than one exploration of the relaxation.

use std::sync::Arc;

use super::Heuristic;
use super::additive::{self, Dominance};
use super::cost::{Measure, OperatorCosts};
use super::hmax::Hmax;
use super::landmarks::Generation;
use super::lmcut;
use super::novelty::Novelty;
use super::relaxed::{Builder, Completion, Relaxation};
use crate::step::Budget;
use crate::task::{Instance, OutOfMemory, Task};

/// A heuristic that is ready, or being set up.
pub enum Preparation {
    /// It is being set up.
    Building(Box<Building>),
    /// It is ready for evaluations.
    Ready(Box<dyn Heuristic>),
}

/// A heuristic over the delete relaxation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverRelaxation {
    /// hmax.
    Hmax,
    /// hadd.
    Add,
    /// FF.
    Ff,
    /// LM-cut.
    Lmcut,
    /// Novelty; it counts the facts of FF's relaxed plans.
    Novelty,
}

/// A heuristic under construction.
pub struct Building {
    task: Arc<Task>,
    instance: Instance,
    work: Work,
}

/// The step that the construction is at.
enum Work {
    Relaxation {
        builder: Box<Builder>,
        measure: Measure,
        kind: OverRelaxation,
    },
    /// The relaxation is built, but not yet pruned and inverted.
    Raw {
        relaxation: Box<Relaxation>,
        completion: Box<Completion>,
        measure: Measure,
        kind: OverRelaxation,
    },
    /// The relaxation is ready; the operator costs have to be computed.
    Unpriced {
        relaxation: Box<Relaxation>,
        measure: Measure,
        kind: OverRelaxation,
    },
    /// The relaxation and the operator costs are ready; the heuristic over them has to be built.
    Over {
        relaxation: Box<Relaxation>,
        costs: OperatorCosts,
        kind: OverRelaxation,
    },
    /// Dominated effects are being searched for.
    Dominance {
        dominance: Box<Dominance>,
        relaxation: Box<Relaxation>,
        costs: OperatorCosts,
        kind: OverRelaxation,
    },
    Lmcut(Box<lmcut::Construction>),
    Landmarks(Generation),
}

impl Preparation {
    /// Sets up a heuristic over the delete relaxation.
    pub fn new(task: &Arc<Task>, instance: &Instance, measure: Measure, kind: OverRelaxation) -> Self {
        Self::building(
            task,
            instance,
            Work::Relaxation { builder: Box::new(Builder::new(task, instance)), measure, kind },
        )
    }

    /// Sets up the landmark heuristic.
    pub fn landmarks(task: &Arc<Task>, instance: &Instance, measure: Measure) -> Self {
        Self::building(task, instance, Work::Landmarks(Generation::new(task, instance, measure)))
    }

    fn building(task: &Arc<Task>, instance: &Instance, work: Work) -> Self {
        let (task, instance) = (Arc::clone(task), instance.clone());
        Self::Building(Box::new(Building { task, instance, work }))
    }

    /// Finishes the set-up in one go. O(size of the task).
    pub fn finish(mut self) -> Box<dyn Heuristic> {
        loop {
            match self {
                Self::Ready(heuristic) => return heuristic,
                // Without a limit it never runs out of memory.
                Self::Building(_) => drop(self.step(&mut Budget::unlimited(), u64::MAX)),
            }
        }
    }

    /// Bytes that it holds, plus the bytes that the next piece of work allocates.
    pub fn memory_bytes(&self) -> u64 {
        match self {
            Self::Building(building) => building.memory_bytes(),
            Self::Ready(heuristic) => heuristic.memory_bytes(),
        }
    }

    /// Continues the set-up while the budget lasts and while it takes at most `limit` bytes.
    ///
    /// # Errors
    /// [`OutOfMemory`] where it would take more. How the work is sliced does not change where that happens.
    pub fn step(&mut self, budget: &mut Budget, limit: u64) -> Result<(), OutOfMemory> {
        if let Self::Building(building) = self {
            let heuristic = loop {
                if building.memory_bytes() > limit {
                    return Err(OutOfMemory);
                }
                if budget.is_spent() {
                    return Ok(());
                }
                if let Some(heuristic) = building.advance(budget) {
                    break heuristic;
                }
            };
            *self = Self::Ready(heuristic);
        }
        if self.memory_bytes() > limit { Err(OutOfMemory) } else { Ok(()) }
    }
}

impl Building {
    /// Does a piece of the work; answers the heuristic once it is ready.
    fn advance(&mut self, budget: &mut Budget) -> Option<Box<dyn Heuristic>> {
        let Self { task, instance, work } = self;
        match work {
            Work::Landmarks(generation) => {
                let landmarks = generation.advance(task, instance, budget)?;
                Some(Box::new(landmarks))
            }
            Work::Relaxation { builder, measure, kind } => {
                let relaxation = Box::new(builder.advance(task, instance, budget)?);
                let completion = Box::new(Completion::new(&relaxation));
                *work = Work::Raw { relaxation, completion, measure: *measure, kind: *kind };
                None
            }
            Work::Raw { relaxation, completion, measure, kind } => {
                if !completion.step(relaxation, budget) {
                    return None;
                }
                let relaxation = std::mem::take(relaxation);
                *work = Work::Unpriced { relaxation, measure: *measure, kind: *kind };
                None
            }
            Work::Unpriced { relaxation, measure, kind } => {
                budget.spend(relaxation.exploration_units());
                let relaxation = Box::new(std::mem::take(&mut **relaxation));
                let costs = measure.operator_costs(task, instance);
                *work = Work::Over { relaxation, costs, kind: *kind };
                None
            }
            Work::Over { relaxation, costs, kind } => {
                budget.spend(relaxation.exploration_units());
                let (relaxation, costs, kind) = (std::mem::take(relaxation), std::mem::take(costs), *kind);
                match kind {
                    OverRelaxation::Lmcut => {
                        *work = Work::Lmcut(Box::new(lmcut::Construction::new(*relaxation, costs)));
                        None
                    }
                    OverRelaxation::Hmax => Some(Box::new(Hmax::over(task, *relaxation, &costs))),
                    OverRelaxation::Add | OverRelaxation::Ff | OverRelaxation::Novelty => {
                        let dominance = Box::new(Dominance::new(&relaxation));
                        *work = Work::Dominance { dominance, relaxation, costs, kind };
                        None
                    }
                }
            }
            Work::Dominance { dominance, relaxation, costs, kind } => {
                if !dominance.step(relaxation, costs, budget) {
                    return None;
                }
                budget.spend(relaxation.exploration_units());
                let relaxation = dominance.removed_from(std::mem::take(&mut **relaxation));
                let relaxed =
                    additive::over(task, relaxation, std::mem::take(costs), *kind != OverRelaxation::Add);
                Some(match kind {
                    OverRelaxation::Novelty => Box::new(Novelty::new(task, instance, relaxed)),
                    _ => relaxed,
                })
            }
            Work::Lmcut(construction) => construction.advance(task, budget),
        }
    }

    /// Bytes held now, plus the bytes that the next piece of work allocates.
    fn memory_bytes(&self) -> u64 {
        match &self.work {
            Work::Relaxation { builder, .. } => builder.memory_bytes(),
            Work::Raw { completion, .. } => completion.memory_bytes() as u64,
            Work::Unpriced { relaxation, .. } => {
                (relaxation.memory_bytes() + self.task.operators.len() * size_of::<i64>()) as u64
            }
            Work::Over { relaxation, costs, kind } => {
                let rows = if *kind == OverRelaxation::Hmax { 0 } else { relaxation.row_bytes() };
                (relaxation.memory_bytes() + costs.memory_bytes() + rows + relaxation.column_bytes()) as u64
            }
            Work::Dominance { dominance, relaxation, costs, .. } => {
                let held = relaxation.memory_bytes() + costs.memory_bytes() + dominance.memory_bytes();
                (held + relaxation.row_bytes() + relaxation.column_bytes()) as u64
            }
            Work::Lmcut(construction) => construction.memory_bytes(),
            Work::Landmarks(generation) => generation.memory_bytes(),
        }
    }
}

impl From<Box<dyn Heuristic>> for Preparation {
    fn from(heuristic: Box<dyn Heuristic>) -> Self {
        Self::Ready(heuristic)
    }
}
