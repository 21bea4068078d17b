//! The stages of a grounding, each with the work that is under way.

use super::assemble::Assembly;
use super::base::Base;
use super::causal::CausalGraph;
use super::instantiate::Instantiate;
use super::join_plans::Extent;
use super::load::Load;
use super::mutex::Mutexes;
use super::order::Order;
use super::progress::Phase;
use super::prune::Prune;
use super::reach::Reach;
use super::relevance::Relevance;
use super::rules::Rules;
use super::task::PddlTask;
use crate::task::{Formula, SuccessorBuilder};

/// What is being done.
pub(super) enum Stage {
    Normalise,
    Load(Box<Load>),
    Plan(Box<(Rules, Vec<Option<Extent>>)>),
    Reach(Box<Reach>),
    Order(Box<Order>),
    Instantiate(Box<Instantiate>),
    Relevance(Box<Relevance>),
    Invariants(Box<Mutexes>),
    Prune(Box<Prune>),
    Variables,
    Sort(Box<CausalGraph>),
    Axioms(Box<Base>),
    Translate(Box<Assembly>),
    Goal(Box<Assembly>),
    /// Drops drafts and a goal that are translated.
    Shed(Box<(Assembly, Formula)>),
    Successors(Box<(Assembly, SuccessorBuilder)>),
    Over(Option<Box<PddlTask>>),
}

impl Stage {
    /// The part of grounding that it belongs to.
    pub(super) fn phase(&self) -> Phase {
        match self {
            Self::Normalise | Self::Load(_) | Self::Plan(_) => Phase::Prepare,
            Self::Reach(_) => Phase::Reach,
            Self::Order(_) | Self::Instantiate(_) => Phase::Instantiate,
            Self::Relevance(_) => Phase::Relevance,
            Self::Invariants(_) | Self::Prune(_) | Self::Variables => Phase::Invariants,
            Self::Sort(_) | Self::Axioms(_) | Self::Translate(_) | Self::Goal(_) | Self::Shed(_) => {
                Phase::Translate
            }
            Self::Successors(_) | Self::Over(_) => Phase::Successors,
        }
    }

    /// Bytes that its work holds.
    pub(super) fn memory_bytes(&self) -> usize {
        match self {
            Self::Reach(reach) => reach.memory_bytes(),
            Self::Instantiate(instantiate) => instantiate.memory_bytes(),
            Self::Order(order) => order.memory_bytes(),
            Self::Relevance(relevance) => relevance.memory_bytes(),
            Self::Invariants(mutexes) => mutexes.memory_bytes(),
            Self::Prune(prune) => prune.memory_bytes(),
            Self::Sort(graph) => graph.memory_bytes(),
            Self::Axioms(base) => base.memory_bytes(),
            Self::Translate(assembly) | Self::Goal(assembly) => assembly.memory_bytes(),
            Self::Shed(parts) => parts.0.memory_bytes(),
            Self::Successors(parts) => parts.0.memory_bytes(),
            _ => 0,
        }
    }
}
