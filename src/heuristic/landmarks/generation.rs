//! Generation of landmarks in bounded pieces: the relaxation, backchaining, then orders.

use super::Landmarks;
use super::backchain::Backchaining;
use super::reasonable::Reasonable;
use super::rules::Rules;
use crate::heuristic::cost::Measure;
use crate::heuristic::relaxed::{Builder, Relaxation, Transposing};
use crate::step::Budget;
use crate::task::{Instance, Task};

/// Pairs of landmarks that are compared per unit of work.
const COMPARED_PER_UNIT: usize = 32;

/// A generation under way.
pub(in crate::heuristic) struct Generation {
    measure: Measure,
    phase: Phase,
}

enum Phase {
    Relax(Box<Builder>),
    /// The relaxation is put together; which operators need a proposition is being listed.
    Invert(Box<(Relaxation, Transposing)>),
    /// The relaxed operators have to be grouped into achievers.
    Rule(Box<Relaxation>),
    /// The achievers are known; backchaining has to start.
    Ruled(Box<Rules>),
    Backchain(Box<Backchaining>),
    /// Natural orders are added for what an exploration did not reach; with the next landmark.
    Order(Box<Backchaining>, u32),
    /// Reasonable orders are added; with the next landmark.
    Reason(Box<(Backchaining, Reasonable)>, u32),
    Over,
}

impl Generation {
    /// Prepares a generation.
    pub(in crate::heuristic) fn new(task: &Task, instance: &Instance, measure: Measure) -> Self {
        Self { measure, phase: Phase::Relax(Box::new(Builder::new(task, instance))) }
    }

    /// Does a bounded piece of work, always with the same task and instance. Answers the landmarks at the
    /// end; it must not be called again after that.
    pub(in crate::heuristic) fn advance(
        &mut self,
        task: &Task,
        instance: &Instance,
        budget: &mut Budget,
    ) -> Option<Landmarks> {
        self.phase = match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Relax(mut builder) => match builder.advance(task, instance, budget) {
                None => Phase::Relax(builder),
                Some(relaxation) => {
                    let relaxation = relaxation.without_amounts();
                    let needed_by = Transposing::new(relaxation.propositions);
                    Phase::Invert(Box::new((relaxation, needed_by)))
                }
            },
            Phase::Invert(mut parts) => match parts.1.step(&parts.0.preconditions, budget) {
                None => Phase::Invert(parts),
                Some(needed_by) => Phase::Rule(Box::new(Relaxation { needed_by, ..parts.0 })),
            },
            Phase::Rule(relaxation) => {
                budget.spend(relaxation.exploration_units());
                Phase::Ruled(Box::new(Rules::new(task, instance, self.measure, *relaxation)))
            }
            Phase::Ruled(rules) => {
                budget.spend(rules.relaxation.exploration_units());
                Phase::Backchain(Box::new(Backchaining::new(task, instance, *rules)))
            }
            Phase::Backchain(mut backchaining) => {
                // One piece at a time, so that the caller can check the memory in between.
                let is_over = backchaining.step(task, budget);
                if is_over { Phase::Order(backchaining, 0) } else { Phase::Backchain(backchaining) }
            }
            Phase::Order(mut backchaining, next) => {
                let landmarks = backchaining.graph.nodes.len();
                if (next as usize) < landmarks {
                    budget.spend(1 + (landmarks / COMPARED_PER_UNIT) as u64);
                    backchaining.order_unreached(next);
                    Phase::Order(backchaining, next + 1)
                } else {
                    let reasonable = Reasonable::new(task, &backchaining.rules, &backchaining.graph);
                    Phase::Reason(Box::new((*backchaining, reasonable)), 0)
                }
            }
            Phase::Reason(mut parts, next) => {
                let (Backchaining { rules, graph, .. }, reasonable) = &mut *parts;
                if (next as usize) < graph.nodes.len() {
                    let compared = reasonable.before(task, rules, graph, next);
                    budget.spend(1 + (compared / COMPARED_PER_UNIT) as u64);
                    Phase::Reason(parts, next + 1)
                } else {
                    let Backchaining { rules, graph, .. } = parts.0;
                    return Some(Landmarks::over(task, &graph.compacted(), &rules));
                }
            }
            Phase::Over => Phase::Over,
        };
        None
    }

    /// Bytes held, and bytes needed to continue. O(1).
    pub(in crate::heuristic) fn memory_bytes(&self) -> u64 {
        match &self.phase {
            Phase::Relax(builder) => builder.memory_bytes(),
            Phase::Invert(parts) => (parts.0.memory_bytes() + parts.0.inverting_bytes()) as u64,
            Phase::Rule(relaxation) => relaxation.memory_bytes() as u64,
            Phase::Ruled(rules) => rules.memory_bytes() as u64,
            Phase::Backchain(backchaining) | Phase::Order(backchaining, _) => {
                backchaining.memory_bytes() as u64
            }
            Phase::Reason(parts, _) => (parts.0.memory_bytes() + parts.1.memory_bytes()) as u64,
            Phase::Over => 0,
        }
    }
}
