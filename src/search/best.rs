//! The best plan of an engine so far, and what may be said of it.

use super::engine::{Finished, SearchEnd};
use super::ordering::Optimality;
use super::passes::Guides;

/// A plan that an engine came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Improvement {
    /// Its cost in task units.
    pub cost: i64,
    /// Its operators.
    pub length: usize,
    /// Expansions of the whole engine when it was found.
    pub expanded: u64,
}

/// Plans and claims.
pub(super) struct Best<O> {
    pub(super) plan: Option<Finished>,
    pub(super) improvements: Vec<Improvement>,
    pub(super) optimality: Optimality,
    /// Who watched the last pass that found a plan, and what guided it.
    pub(super) witness: Option<(O, Guides)>,
    /// Whether the best plan is the answer, and its witness the one to be asked.
    pub(super) is_over: bool,
    /// What a pass came to that ended without a plan or a proof.
    failed: Option<Finished>,
}

impl<O> Best<O> {
    pub(super) fn new(optimality: Optimality) -> Self {
        let (plan, witness, failed) = (None, None, None);
        Self { plan, improvements: Vec::new(), optimality, witness, is_over: false, failed }
    }

    /// Whether a plan would be better than all before it.
    pub(super) fn is_better(&self, plan: &Finished) -> bool {
        self.plan.as_ref().is_none_or(|best| plan.cost < best.cost)
    }

    /// What plans must cost less than.
    pub(super) fn bound(&self) -> i64 {
        self.plan.as_ref().map_or(i64::MAX, |best| best.cost)
    }

    /// Notes a plan that is better than all before it.
    pub(super) fn note(&mut self, plan: &Finished, expanded: u64) {
        self.improvements.push(Improvement { cost: plan.cost, length: plan.plan.len(), expanded });
    }

    /// Notes a pass that ended without a plan or a proof: a limit says more than exhaustion.
    pub(super) fn fail(&mut self, finished: Finished) {
        if self.failed.as_ref().is_none_or(|known| known.end != SearchEnd::MemoryLimit) {
            self.failed = Some(finished);
        }
    }

    /// The best plan, where there is one, as the answer.
    pub(super) fn answer(&mut self, optimality: Optimality) -> Option<Finished> {
        let best = self.plan.take()?;
        (self.optimality, self.is_over) = (optimality, true);
        Some(best)
    }

    /// The answer where nobody is left who could find a better one.
    pub(super) fn run_out(&mut self) -> Finished {
        let nothing = Finished { end: SearchEnd::Exhausted, plan: Vec::new(), cost: 0 };
        self.answer(Optimality::Stopped).or_else(|| self.failed.take()).unwrap_or(nothing)
    }

    /// The pass to be asked at the end: the one that found the plan.
    pub(super) fn watched(&self) -> Option<&(O, Guides)> {
        self.witness.as_ref().filter(|_| self.is_over)
    }
}
