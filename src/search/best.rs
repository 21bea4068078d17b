//! The best plan of an engine so far, and whether it may be called optimal.

use super::finished::{Finished, SearchEnd};
use super::optimality::Optimality;
use super::passes::Guides;

/// A plan that an engine found.
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
    /// The observer of the last pass that found a plan, and what guided that pass.
    pub(super) witness: Option<(O, Guides)>,
    /// Whether the engine has ended with the best plan: then the witness is shown, and not a pass under way.
    pub(super) is_over: bool,
    /// The result of a pass that ended without a plan and without a proof that there is none.
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

    /// Only plans that cost less than this are still of use.
    pub(super) fn bound(&self) -> i64 {
        self.plan.as_ref().map_or(i64::MAX, |best| best.cost)
    }

    /// Notes a plan that is better than all before it.
    pub(super) fn note(&mut self, plan: &Finished, expanded: u64) {
        self.improvements.push(Improvement { cost: plan.cost, length: plan.plan.len(), expanded });
    }

    /// Keeps the result of a pass that ended without a plan or a proof. A memory limit takes precedence over
    /// exhaustion: it tells the user more.
    pub(super) fn fail(&mut self, finished: Finished) {
        if self.failed.as_ref().is_none_or(|known| known.end != SearchEnd::MemoryLimit) {
            self.failed = Some(finished);
        }
    }

    /// Ends the engine with the best plan, where there is one.
    pub(super) fn answer(&mut self, optimality: Optimality) -> Option<Finished> {
        let best = self.plan.take()?;
        (self.optimality, self.is_over) = (optimality, true);
        Some(best)
    }

    /// Ends the engine because no pass is left that could find a better plan.
    pub(super) fn run_out(&mut self) -> Finished {
        let nothing = Finished { end: SearchEnd::Exhausted, plan: Vec::new(), cost: 0 };
        self.answer(Optimality::Stopped).or_else(|| self.failed.take()).unwrap_or(nothing)
    }

    /// Once the engine has ended, the pass that found the plan.
    pub(super) fn watched(&self) -> Option<&(O, Guides)> {
        self.witness.as_ref().filter(|_| self.is_over)
    }
}
