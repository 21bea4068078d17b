//! Names of engines and outcomes, the same wherever they are shown.

use crate::search::{EngineConfig, Guides, HeuristicKind, Heuristics, Outcome, Policy, SearchKind};
use crate::view::format;

/// Presets, in the order in which they are offered.
pub const PRESETS: [SearchKind; 7] = [
    SearchKind::Auto,
    SearchKind::LamaFirst,
    SearchKind::SoftminLama,
    SearchKind::Lama,
    SearchKind::LazyFf,
    SearchKind::Bfws,
    SearchKind::AstarLmcut,
];

/// Searches, in the order in which they are offered.
pub const SEARCHES: [SearchKind; 7] = [
    SearchKind::Astar,
    SearchKind::Wastar,
    SearchKind::Gbfs,
    SearchKind::Lazy,
    SearchKind::Ehc,
    SearchKind::Ucs,
    SearchKind::Bfs,
];

/// Heuristics, in the order in which they are offered.
pub const HEURISTICS: [HeuristicKind; 8] = [
    HeuristicKind::Ff,
    HeuristicKind::Landmarks,
    HeuristicKind::Lmcut,
    HeuristicKind::Hmax,
    HeuristicKind::Add,
    HeuristicKind::Novelty,
    HeuristicKind::GoalCount,
    HeuristicKind::Blind,
];

/// The name of a search or preset.
pub fn search(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Bfs => "Breadth-first",
        SearchKind::Ucs => "Uniform cost",
        SearchKind::Astar => "A*",
        SearchKind::Wastar => "Weighted A*",
        SearchKind::Gbfs => "Greedy",
        SearchKind::Lazy => "Lazy greedy",
        SearchKind::Ehc => "Hill-climbing",
        SearchKind::AstarLmcut => "A* with LM-cut",
        SearchKind::LazyFf => "Lazy FF",
        SearchKind::LamaFirst => "LAMA first",
        SearchKind::Lama => "LAMA",
        SearchKind::SoftminLama => "Softmin LAMA",
        SearchKind::Bfws => "BFWS",
        SearchKind::Auto => "Auto",
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
        HeuristicKind::Lmcut => "LM-cut",
        HeuristicKind::Landmarks => "Landmarks",
        HeuristicKind::Novelty => "Novelty",
    }
}

/// The names of the heuristics of a list.
pub fn heuristics(list: Heuristics) -> String {
    list.iter().map(heuristic).collect::<Vec<_>>().join(" and ")
}

/// The heuristic whose estimates are shown.
pub fn shown_heuristic(config: &EngineConfig) -> &'static str {
    heuristic(Policy::heuristics(config).first())
}

/// An engine in a few words, for instance `Weighted A* 2, FF`.
pub fn engine(config: &EngineConfig) -> String {
    let mut text = search(config.search).to_owned();
    if config.search == SearchKind::Wastar {
        text = format!("{text} {}", format::cost(config.weight));
    }
    if config.search.uses_heuristic() {
        text = format!("{text}, {}", heuristics(config.heuristic));
    }
    text
}

/// The engine of a kept plan, which was written down as [`EngineConfig`] displays it.
pub fn finder(written: &str) -> String {
    written.replace(" · ", ", ").replace(" + ", " and ")
}

/// Which of the searches of an engine is drawn: `search 3 of 5, lazy weighted A* with weight 3 by FF and
/// Landmarks`.
pub fn drawn(guides: &Guides, searches: u32) -> String {
    let Guides { heuristics, policy, number, .. } = guides;
    let number = if searches > 1 { format!("search {number} of {searches}, ") } else { String::new() };
    let weight = match policy.weight() {
        weight if policy.has_weight() => format!(" with weight {}", format::cost(weight)),
        _ => String::new(),
    };
    format!("{number}{}{weight} by {}", policy.name(), self::heuristics(*heuristics))
}

/// The word for an outcome.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Solved => "Solved",
        Outcome::Unsolvable => "Unsolvable",
        Outcome::Exhausted => "Exhausted",
        Outcome::TimeLimit => "Time limit",
        Outcome::MemoryLimit => "Memory limit",
        Outcome::NegativeCost => "Negative cost",
        Outcome::Cancelled => "Cancelled",
        Outcome::Fault => "Planner fault",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_of_a_kept_plan_reads_as_that_of_a_run() {
        let heuristic: Heuristics = "ff,landmarks".parse().unwrap();
        for search in [SearchKind::Astar, SearchKind::Wastar, SearchKind::Bfs, SearchKind::Lama] {
            let config = EngineConfig { search, heuristic, weight: 2.5, ..EngineConfig::default() };
            assert_eq!(finder(&config.to_string()).to_lowercase(), engine(&config).to_lowercase());
        }
    }

    #[test]
    fn an_engine_names_only_what_it_uses() {
        let of = |search| engine(&EngineConfig { search, ..EngineConfig::default() });
        assert_eq!(of(SearchKind::Astar), "A*, FF");
        assert_eq!(of(SearchKind::Wastar), "Weighted A* 2, FF");
        assert_eq!(of(SearchKind::Bfs), "Breadth-first");
    }
}
