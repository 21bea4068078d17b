//! What an engine does for a task: one search, or several one after the other.

use super::Ordering;
use super::config::{EngineConfig, Heuristics, SearchKind};
use crate::heuristic::Measure;

/// Which loop runs a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loop {
    /// States are evaluated when they are generated.
    Eager,
    /// States are evaluated when it is their turn.
    Lazy,
}

/// One search of an engine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    pub(super) runs: Loop,
    pub(super) ordering: Ordering,
    pub(super) heuristics: Heuristics,
    /// It ends without a claim after so many evaluations.
    pub(super) evaluations: u64,
    /// Whether the next pass begins even after a plan, looking for a cheaper one.
    pub(super) improves: bool,
}

/// Evaluations of the passes of `auto` before the last, in their order: the optimal one, LAMA's first, and
/// BFWS. What one of them finds in the end, it mostly finds by then; and they fail on different tasks.
const AUTO_EVALUATIONS: [(SearchKind, u64); 3] =
    [(SearchKind::AstarLmcut, 4_000), (SearchKind::LamaFirst, 50_000), (SearchKind::Bfws, 250_000)];
/// Operators up to which `auto` looks for an optimal plan: beyond, LM-cut takes too long for a single state.
const AUTO_OPERATORS: usize = 40_000;
/// Weights of LAMA's later passes.
const LAMA_WEIGHTS: [f64; 4] = [5.0, 3.0, 2.0, 1.0];
/// Evaluations of a later pass but the last: where it finds nothing cheaper by then, the next weight often does.
/// Fast Downward has no such limit, and can stay in its second pass for good.
const LAMA_EVALUATIONS: u64 = 20_000;

impl Pass {
    /// The pass of a search that is no preset, or the first one of a preset.
    fn of(config: &EngineConfig) -> Self {
        let runs = match config.search {
            SearchKind::Lazy
            | SearchKind::LazyFf
            | SearchKind::LamaFirst
            | SearchKind::Lama
            | SearchKind::SoftminLama => Loop::Lazy,
            _ => Loop::Eager,
        };
        Self {
            runs,
            ordering: Ordering::new(config),
            heuristics: Ordering::heuristics(config),
            evaluations: u64::MAX,
            improves: false,
        }
    }

    /// The pass of a preset by its name.
    fn named(search: SearchKind, config: &EngineConfig) -> Self {
        Self::of(&EngineConfig { search, ..*config })
    }

    /// Whether its plans are shortened: what greedy search finds has detours.
    pub(super) fn shortens(&self) -> bool {
        self.runs == Loop::Lazy
    }

    /// Whether its heuristics never overestimate.
    pub(super) fn is_admissible(&self) -> bool {
        self.heuristics.are_admissible()
    }
}

/// The passes of an engine, the last one first. Each but the last may end without a claim.
pub(super) fn passes(config: &EngineConfig, has_uniform_cost: bool, operators: usize) -> (Pass, Vec<Pass>) {
    let first = Pass::of(config);
    match config.search {
        SearchKind::Ehc => {
            // Where there is no way up, all over again and complete.
            let greedy = EngineConfig { search: SearchKind::Gbfs, ..*config };
            (first, vec![Pass::of(&greedy)])
        }
        SearchKind::Auto => {
            let limited = |(search, evaluations)| Pass { evaluations, ..Pass::named(search, config) };
            let [optimal, early, wide] = AUTO_EVALUATIONS.map(limited);
            let last = Pass::named(SearchKind::SoftminLama, config);
            if operators > AUTO_OPERATORS {
                return (early, vec![last, wide]);
            }
            (optimal, vec![last, wide, early])
        }
        SearchKind::Lama => {
            let first = Pass { improves: true, ..first };
            let later = |ordering| Pass { ordering, evaluations: LAMA_EVALUATIONS, ..first };
            let weighted = |weight| later(first.ordering.lazy_weighted(weight));
            // Each begins anew for a plan that is cheaper still; the last one until there is none.
            let mut left: Vec<Pass> = LAMA_WEIGHTS.into_iter().rev().map(weighted).collect();
            left[0].evaluations = u64::MAX;
            if !has_uniform_cost {
                left.push(later(first.ordering.with_measure(Measure::PlusOne)));
            }
            (first, left)
        }
        _ => (first, Vec::new()),
    }
}
