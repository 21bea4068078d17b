//! Names of engines and outcomes, the same wherever they are shown.

use crate::search::{EngineConfig, HeuristicKind, Outcome, SearchKind};
use crate::view::format;

/// Orderings, in the order in which they are offered.
pub const SEARCHES: [SearchKind; 5] =
    [SearchKind::Astar, SearchKind::Wastar, SearchKind::Gbfs, SearchKind::Ucs, SearchKind::Bfs];

/// Heuristics, in the order in which they are offered.
pub const HEURISTICS: [HeuristicKind; 5] = [
    HeuristicKind::Ff,
    HeuristicKind::Hmax,
    HeuristicKind::Add,
    HeuristicKind::GoalCount,
    HeuristicKind::Blind,
];

/// The name of an ordering.
pub fn search(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Bfs => "Breadth-first",
        SearchKind::Ucs => "Uniform cost",
        SearchKind::Astar => "A*",
        SearchKind::Wastar => "Weighted A*",
        SearchKind::Gbfs => "Greedy",
    }
}

/// The name of a heuristic.
pub fn heuristic(kind: HeuristicKind) -> &'static str {
    match kind {
        HeuristicKind::Blind => "Blind",
        HeuristicKind::GoalCount => "Goal count",
        HeuristicKind::Hmax => "hmax",
        HeuristicKind::Add => "hadd",
        HeuristicKind::Ff => "FF",
    }
}

/// Whether an ordering looks at h at all.
pub fn uses_heuristic(kind: SearchKind) -> bool {
    !matches!(kind, SearchKind::Bfs | SearchKind::Ucs)
}

/// An engine in a few words, for instance `Weighted A* 2, FF`.
pub fn engine(config: &EngineConfig) -> String {
    let mut text = search(config.search).to_owned();
    if config.search == SearchKind::Wastar {
        text = format!("{text} {}", format::cost(config.weight));
    }
    if uses_heuristic(config.search) {
        text = format!("{text}, {}", heuristic(config.heuristic));
    }
    text
}

/// The word for an outcome.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Solved => "Solved",
        Outcome::Unsolvable => "Unsolvable",
        Outcome::Exhausted => "Exhausted",
        Outcome::TimeLimit => "Time limit",
        Outcome::MemoryLimit => "Memory limit",
        Outcome::Cancelled => "Cancelled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_names_only_what_it_uses() {
        let of = |search| engine(&EngineConfig { search, ..EngineConfig::default() });
        assert_eq!(of(SearchKind::Astar), "A*, FF");
        assert_eq!(of(SearchKind::Wastar), "Weighted A* 2, FF");
        assert_eq!(of(SearchKind::Bfs), "Breadth-first");
    }
}
