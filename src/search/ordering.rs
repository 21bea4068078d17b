//! What makes one search differ from another: the key of the open list, ties, reopening, and when
//! goals are tested.

use std::fmt;

use super::config::{EngineConfig, HeuristicKind, Heuristics, SearchKind, Tie};
use crate::heuristic::Measure;
use crate::task::Rounding;

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
/// | hill-climbing | depth, from the last state with a new best h | first in, first out | no | on generation |
/// | lazy greedy | h in operators, of the parent | first in, first out | no | on expansion |
/// | lazy weighted A* | g + ⌊w·h⌋, of the parent | first in, first out | yes | on expansion |
///
/// Ties of A* follow Asai & Fukunaga (2017). A search that does not reopen still keeps the cheaper
/// path to a state that it knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ordering {
    order: Order,
    /// Weight of h in thousandths.
    weight_milli: i64,
    tie: Option<Tie>,
    preferred: bool,
    boost: i64,
    measure: Measure,
    has_softmin: bool,
    seed: u64,
}

/// What the key is made of, and when states are evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Depth,
    Cost,
    Astar,
    Weighted,
    Greedy,
    Climb,
    Lazy,
    LazyWeighted,
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
    /// The search for a better plan hit a limit, or was cancelled.
    Stopped,
    /// Costs were rounded, which could have decided.
    Rounded,
}

impl Optimality {
    /// What is left of the claim once it is asked whether rounding could have decided.
    #[must_use]
    pub fn despite(self, rounding: Rounding, steps: usize, cost: i64) -> Self {
        if self == Self::Proven && rounding.could_decide(steps, cost) { Self::Rounded } else { self }
    }
}

impl fmt::Display for Optimality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Proven => "proven optimal",
            Self::Inadmissible => "not claimed optimal: the heuristic can overestimate",
            Self::NotByCost => "not claimed optimal: the search does not go by cost",
            Self::Weighted => "not claimed optimal: the weight on h is more than 1",
            Self::Stopped => "not proven cheapest: the search for a better plan was stopped",
            Self::Rounded => {
                "not claimed optimal: costs count to nine decimals, and rounding could have decided"
            }
            Self::Incomplete => "not proven cheapest: the search for another goal hit a limit",
        })
    }
}

impl Ordering {
    /// The ordering of a configuration; weights are kept to thousandths, within 1 to 100. For a preset,
    /// that of its first search.
    pub fn new(config: &EngineConfig) -> Self {
        let order = match config.search {
            SearchKind::Bfs => Order::Depth,
            SearchKind::Ucs => Order::Cost,
            SearchKind::Astar | SearchKind::AstarLmcut => Order::Astar,
            SearchKind::Wastar => Order::Weighted,
            SearchKind::Gbfs | SearchKind::Bfws => Order::Greedy,
            SearchKind::Ehc => Order::Climb,
            SearchKind::Lazy
            | SearchKind::LazyFf
            | SearchKind::LamaFirst
            | SearchKind::Lama
            | SearchKind::SoftminLama
            | SearchKind::Auto => Order::Lazy,
        };
        let weight = if config.search == SearchKind::Wastar { config.weight } else { 1.0 };
        let (tie, preferred, boost) = if config.search.is_preset() {
            (None, true, EngineConfig::default().boost)
        } else {
            (config.tie, config.preferred, config.boost)
        };
        Self {
            order,
            weight_milli: milli(weight),
            tie,
            preferred,
            boost: i64::from(boost),
            measure: match order {
                Order::Greedy | Order::Climb | Order::Lazy => Measure::Steps,
                _ => Measure::Cost,
            },
            has_softmin: config.search == SearchKind::SoftminLama,
            seed: config.seed,
        }
    }

    /// The same as lazy weighted A*.
    pub(super) fn lazy_weighted(self, weight: f64) -> Self {
        Self {
            order: Order::LazyWeighted,
            weight_milli: milli(weight),
            ..self.with_measure(Measure::PlusOne)
        }
    }

    /// The same with estimates of something else.
    pub(super) fn with_measure(self, measure: Measure) -> Self {
        Self { measure, ..self }
    }

    /// What the search is called.
    pub fn name(&self) -> &'static str {
        match self.order {
            Order::Depth => "breadth-first search",
            Order::Cost => "uniform-cost search",
            Order::Astar => "A*",
            Order::Weighted => "weighted A*",
            Order::Greedy => "greedy search",
            Order::Climb => "hill-climbing",
            Order::Lazy => "lazy greedy search",
            Order::LazyWeighted => "lazy weighted A*",
        }
    }

    /// Whether it has a softmin type-based queue beside the others.
    pub fn has_softmin(&self) -> bool {
        self.has_softmin
    }

    /// Seed for what is drawn at random.
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// Whether a state with a new best h makes it forget all others.
    pub(super) fn climbs(&self) -> bool {
        self.order == Order::Climb
    }

    /// Weight of h in f; 0 where f is g.
    pub fn weight(&self) -> f64 {
        match self.order {
            Order::Depth | Order::Cost => 0.0,
            _ => self.weight_milli as f64 / 1000.0,
        }
    }

    /// Whether its weight on h decides about what is next.
    pub fn has_weight(&self) -> bool {
        matches!(self.order, Order::Weighted | Order::LazyWeighted)
    }

    /// The heuristics that a configuration uses: breadth-first and uniform-cost search use none. For a
    /// preset, those of its first search.
    pub fn heuristics(config: &EngineConfig) -> Heuristics {
        let pair =
            |first: HeuristicKind, second| Heuristics::from(first).with(second).unwrap_or(first.into());
        match config.search {
            SearchKind::Bfs | SearchKind::Ucs => HeuristicKind::Blind.into(),
            SearchKind::AstarLmcut => HeuristicKind::Lmcut.into(),
            SearchKind::LazyFf => HeuristicKind::Ff.into(),
            SearchKind::LamaFirst | SearchKind::Lama | SearchKind::SoftminLama | SearchKind::Auto => {
                pair(HeuristicKind::Ff, HeuristicKind::Landmarks)
            }
            SearchKind::Bfws => HeuristicKind::Novelty.into(),
            _ => config.heuristic,
        }
    }

    /// What its heuristics should estimate.
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// Value of one unit of h in the document's terms, where `unit` is that of g.
    pub fn h_unit(&self, unit: f64) -> f64 {
        if self.measure() == Measure::Steps { 1.0 } else { unit }
    }

    #[inline]
    pub(super) fn key(&self, g: i64, h: i64, is_preferred: bool) -> Key {
        match self.order {
            Order::Depth | Order::Climb => (0, 0),
            Order::Cost => (g, 0),
            Order::Astar => (g.saturating_add(h), h),
            Order::Weighted => (self.weighted(g, h), h),
            Order::Greedy => (h, i64::from(self.preferred && !is_preferred)),
            Order::Lazy => (h, 0),
            Order::LazyWeighted => (self.weighted(g, h), 0),
        }
    }

    fn weighted(&self, g: i64, h: i64) -> i64 {
        let weighted = match h.checked_mul(self.weight_milli) {
            Some(thousandths) => thousandths / 1000,
            // Too large for 64 bits only before the division.
            None => i64::try_from(i128::from(h) * i128::from(self.weight_milli) / 1000).unwrap_or(i64::MAX),
        };
        g.saturating_add(weighted)
    }

    pub(super) fn is_lifo(&self) -> bool {
        let by_itself = match self.order {
            Order::Astar | Order::Weighted => Tie::Lifo,
            _ => Tie::Fifo,
        };
        self.tie.unwrap_or(by_itself) == Tie::Lifo
    }

    /// Whether the least g + h goes first.
    pub(super) fn is_by_f(&self) -> bool {
        self.order == Order::Astar
    }

    /// Whether several heuristics have a queue each; otherwise their maximum counts.
    pub fn alternates(&self) -> bool {
        matches!(self.order, Order::Greedy | Order::Lazy | Order::LazyWeighted)
    }

    pub(super) fn boost(&self) -> i64 {
        self.boost
    }

    pub(super) fn reopens(&self) -> bool {
        matches!(self.order, Order::Cost | Order::Astar | Order::Weighted | Order::LazyWeighted)
    }

    /// Whether each queue has a second one beside it, for successors by preferred operators.
    pub fn has_preferred_queues(&self) -> bool {
        self.uses_preferred() && matches!(self.order, Order::Lazy | Order::LazyWeighted)
    }

    /// Whether it favours preferred operators, where a heuristic has some.
    pub fn uses_preferred(&self) -> bool {
        self.preferred
            && matches!(self.order, Order::Greedy | Order::Climb | Order::Lazy | Order::LazyWeighted)
    }

    pub(super) fn tests_goal_on_generation(&self) -> bool {
        matches!(self.order, Order::Depth | Order::Greedy | Order::Climb)
    }

    /// Whether plans found with a heuristic of this admissibility are optimal. `is_uniform`: all
    /// operators have the same constant cost, which makes breadth-first search optimal.
    pub fn optimality(&self, is_admissible: bool, is_uniform: bool) -> Optimality {
        match self.order {
            Order::Depth if is_uniform => Optimality::Proven,
            Order::Depth | Order::Greedy | Order::Climb | Order::Lazy => Optimality::NotByCost,
            Order::Astar | Order::Weighted | Order::LazyWeighted if !is_admissible => {
                Optimality::Inadmissible
            }
            Order::Weighted | Order::LazyWeighted if self.weight_milli > 1000 => Optimality::Weighted,
            Order::LazyWeighted => Optimality::NotByCost,
            Order::Cost | Order::Astar | Order::Weighted => Optimality::Proven,
        }
    }
}

/// A weight in thousandths.
fn milli(weight: f64) -> i64 {
    (weight.clamp(1.0, 100.0) * 1000.0).round() as i64
}
