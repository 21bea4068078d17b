//! What makes one search differ from another: the key of the open list, ties, reopening, and when
//! goals are tested.

use std::fmt;

use super::config::{EngineConfig, HeuristicKind, SearchKind};
use crate::heuristic::Measure;

/// Key in the open list: least first, the second part breaks ties.
pub(super) type Key = (i64, i64);

/// How the one loop is configured.
///
/// | search | key | among equal keys | reopens | tests the goal |
/// |---|---|---|---|---|
/// | breadth-first | – | first in, first out | no | on generation |
/// | uniform-cost | g | first in, first out | yes | on expansion |
/// | A* | g + h, then h | last in, first out | yes | on expansion |
/// | weighted A* | g + ⌊w·h⌋, then h | last in, first out | yes | on expansion |
/// | greedy | h in operators, then preferred operators | first in, first out | no | on generation |
///
/// Ties of A* follow Asai & Fukunaga (2017). A search that does not reopen still keeps the cheaper
/// path to a state that it knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ordering {
    kind: SearchKind,
    /// Weight of h in thousandths.
    weight_milli: i64,
}

/// Whether a plan may be called optimal, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimality {
    /// The search is admissible.
    Proven,
    /// The heuristic can overestimate.
    Inadmissible,
    /// The ordering does not follow cost.
    NotByCost,
    /// The weight on h is more than 1.
    Weighted,
    /// Another goal's search hit a limit, so a cheaper plan for it may exist.
    Incomplete,
}

impl fmt::Display for Optimality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Proven => "proven optimal",
            Self::Inadmissible => "not claimed optimal: the heuristic can overestimate",
            Self::NotByCost => "not claimed optimal: the search does not go by cost",
            Self::Weighted => "not claimed optimal: the weight on h is more than 1",
            Self::Incomplete => "not proven cheapest: the search for another goal hit a limit",
        })
    }
}

impl Ordering {
    /// The ordering of a configuration; weights are kept to thousandths, within 1 to 100.
    pub fn new(config: &EngineConfig) -> Self {
        let weight = if config.search == SearchKind::Wastar { config.weight } else { 1.0 };
        let weight_milli = (weight.clamp(1.0, 100.0) * 1000.0).round() as i64;
        Self { kind: config.search, weight_milli }
    }

    /// Weight of h in f; 0 where f is g.
    pub fn weight(&self) -> f64 {
        match self.kind {
            SearchKind::Bfs | SearchKind::Ucs => 0.0,
            _ => self.weight_milli as f64 / 1000.0,
        }
    }

    /// Value of one unit of h in the document's terms, where `unit` is that of g.
    pub fn h_unit(&self, unit: f64) -> f64 {
        if self.measure() == Measure::Steps { 1.0 } else { unit }
    }

    /// The heuristic that a configuration uses: breadth-first and uniform-cost search use none.
    pub fn heuristic(config: &EngineConfig) -> HeuristicKind {
        match config.search {
            SearchKind::Bfs | SearchKind::Ucs => HeuristicKind::Blind,
            _ => config.heuristic,
        }
    }

    /// What its heuristic should estimate.
    pub fn measure(&self) -> Measure {
        if self.kind == SearchKind::Gbfs { Measure::Steps } else { Measure::Cost }
    }

    #[inline]
    pub(super) fn key(&self, g: i64, h: i64, is_preferred: bool) -> Key {
        match self.kind {
            SearchKind::Bfs => (0, 0),
            SearchKind::Ucs => (g, 0),
            SearchKind::Astar => (g.saturating_add(h), h),
            SearchKind::Wastar => {
                let weighted = i128::from(h) * i128::from(self.weight_milli) / 1000;
                (g.saturating_add(i64::try_from(weighted).unwrap_or(i64::MAX)), h)
            }
            SearchKind::Gbfs => (h, i64::from(!is_preferred)),
        }
    }

    pub(super) fn is_lifo(&self) -> bool {
        matches!(self.kind, SearchKind::Astar | SearchKind::Wastar)
    }

    pub(super) fn reopens(&self) -> bool {
        matches!(self.kind, SearchKind::Ucs | SearchKind::Astar | SearchKind::Wastar)
    }

    pub(super) fn uses_preferred(&self) -> bool {
        self.kind == SearchKind::Gbfs
    }

    pub(super) fn tests_goal_on_generation(&self) -> bool {
        matches!(self.kind, SearchKind::Bfs | SearchKind::Gbfs)
    }

    /// Whether plans found with a heuristic of this admissibility are optimal. `is_uniform`: all
    /// operators have the same constant cost, which makes breadth-first search optimal.
    pub fn optimality(&self, is_admissible: bool, is_uniform: bool) -> Optimality {
        match self.kind {
            SearchKind::Bfs if is_uniform => Optimality::Proven,
            SearchKind::Bfs | SearchKind::Gbfs => Optimality::NotByCost,
            SearchKind::Astar | SearchKind::Wastar if !is_admissible => Optimality::Inadmissible,
            SearchKind::Wastar if self.weight_milli > 1000 => Optimality::Weighted,
            SearchKind::Ucs | SearchKind::Astar | SearchKind::Wastar => Optimality::Proven,
        }
    }
}
