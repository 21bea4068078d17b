//! From a model and its reachable atoms to disjoint mutex groups.

use std::sync::Arc;

use super::cover::{Cover, Covering};
use super::groups::{Atoms, Instantiation};
use super::synthesis::Synthesis;
use crate::lang::pddl::Model;
use crate::step::{Budget, Progress, Stepper};

/// Runs the three steps one after the other.
#[derive(Debug)]
pub struct MutexGroups {
    model: Arc<Model>,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Synthesis(Synthesis),
    Instantiation(Instantiation),
    Cover(Cover),
}

impl MutexGroups {
    /// Prepares the search. Invariants are searched for with at most `limit_units` of work.
    pub fn new(model: Arc<Model>, limit_units: u64) -> Self {
        let stage = Stage::Synthesis(Synthesis::new(Arc::clone(&model), limit_units));
        Self { model, stage }
    }

    /// Continues while the budget lasts, always with the same atoms.
    pub fn step(&mut self, atoms: &impl Atoms, budget: &mut Budget) -> Progress<Covering> {
        while !budget.is_spent() {
            match &mut self.stage {
                Stage::Synthesis(synthesis) => {
                    let Progress::Done(found) = synthesis.step(budget) else { continue };
                    let next = Instantiation::new(Arc::clone(&self.model), found.invariants);
                    self.stage = Stage::Instantiation(next);
                }
                Stage::Instantiation(instantiation) => {
                    let Progress::Done(groups) = instantiation.step(atoms, budget) else { continue };
                    self.stage = Stage::Cover(Cover::new(groups, atoms.len()));
                }
                Stage::Cover(cover) => {
                    let Progress::Done(covering) = cover.step(budget) else { continue };
                    return Progress::Done(covering);
                }
            }
        }
        Progress::Pending
    }

    /// Bytes held, as far as they grow with the atoms.
    pub fn memory_bytes(&self) -> u64 {
        match &self.stage {
            Stage::Synthesis(_) => 0,
            Stage::Instantiation(instantiation) => instantiation.memory_bytes(),
            Stage::Cover(cover) => cover.memory_bytes(),
        }
    }
}
