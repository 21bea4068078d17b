//! The policy of a search: the key of the open list, how ties are broken, whether closed nodes are reopened, and
//! when goals are tested.

use std::sync::Arc;

use super::config::{EngineConfig, Tie};
use super::heuristics::Heuristics;
use super::kinds::{Rule, SearchKind};
use super::optimality::Optimality;
use crate::heuristic::{Heuristic, Measure, Preparation};
use crate::task::{Instance, Task};

/// Key in the open list: least first, the second part breaks ties.
pub(super) type Key = (i64, i64);

/// What makes one best-first search differ from another.
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
pub struct Policy {
    rule: Rule,
    /// Weight of h in thousandths.
    weight_milli: i64,
    tie: Option<Tie>,
    preferred: bool,
    boost: i64,
    measure: Measure,
    has_softmin: bool,
    seed: u64,
}

impl Policy {
    /// The policy of a configuration; of a preset, that of its first search. The weight is rounded to thousandths
    /// and kept within 1 to 100.
    pub fn new(config: &EngineConfig) -> Self {
        let rule = config.search.rule();
        let weight = if config.search == SearchKind::Wastar { config.weight } else { 1.0 };
        let (tie, preferred, boost) = if config.search.is_preset() {
            (None, true, EngineConfig::default().boost)
        } else {
            (config.tie, config.preferred, config.boost)
        };
        Self {
            rule,
            weight_milli: milli(weight),
            tie,
            preferred,
            boost: i64::from(boost),
            measure: match rule {
                Rule::Greedy | Rule::Climb | Rule::Lazy => Measure::Steps,
                _ => Measure::Cost,
            },
            has_softmin: config.search.has_softmin(),
            seed: config.seed,
        }
    }

    /// The same policy as lazy weighted A*.
    pub(super) fn lazy_weighted(self, weight: f64) -> Self {
        Self { rule: Rule::LazyWeighted, weight_milli: milli(weight), ..self.with_measure(Measure::PlusOne) }
    }

    /// The same policy with estimates in another measure.
    pub(super) fn with_measure(self, measure: Measure) -> Self {
        Self { measure, ..self }
    }

    /// What the search is called.
    pub fn name(&self) -> &'static str {
        match self.rule {
            Rule::Depth => "breadth-first search",
            Rule::Cost => "uniform-cost search",
            Rule::Astar => "A*",
            Rule::Weighted => "weighted A*",
            Rule::Greedy => "greedy search",
            Rule::Climb => "hill-climbing",
            Rule::Lazy => "lazy greedy search",
            Rule::LazyWeighted => "lazy weighted A*",
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

    /// Whether progress clears the open list (enforced hill-climbing).
    pub(super) fn climbs(&self) -> bool {
        self.rule == Rule::Climb
    }

    /// Weight of h in f; 0 where f is g.
    pub fn weight(&self) -> f64 {
        match self.rule {
            Rule::Depth | Rule::Cost => 0.0,
            _ => self.weight_milli as f64 / 1000.0,
        }
    }

    /// Whether the key weights h.
    pub fn has_weight(&self) -> bool {
        matches!(self.rule, Rule::Weighted | Rule::LazyWeighted)
    }

    /// The heuristics that a configuration uses: breadth-first and uniform-cost search use none. For a
    /// preset, those of its first search.
    pub fn heuristics(config: &EngineConfig) -> Heuristics {
        config.search.heuristics(config.heuristic)
    }

    /// What its heuristics estimate: costs, or operators.
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// Value of one unit of h in the document's terms, where `unit` is that of g.
    pub fn h_unit(&self, unit: f64) -> f64 {
        if self.measure() == Measure::Steps { 1.0 } else { unit }
    }

    #[inline]
    pub(super) fn key(&self, g: i64, h: i64, is_preferred: bool) -> Key {
        match self.rule {
            Rule::Depth | Rule::Climb => (0, 0),
            Rule::Cost => (g, 0),
            Rule::Astar => (g.saturating_add(h), h),
            Rule::Weighted => (self.weighted(g, h), h),
            Rule::Greedy => (h, i64::from(self.preferred && !is_preferred)),
            Rule::Lazy => (h, 0),
            Rule::LazyWeighted => (self.weighted(g, h), 0),
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
        let by_itself = match self.rule {
            Rule::Astar | Rule::Weighted => Tie::Lifo,
            _ => Tie::Fifo,
        };
        self.tie.unwrap_or(by_itself) == Tie::Lifo
    }

    /// Whether the key is f = g + h.
    pub(super) fn is_by_f(&self) -> bool {
        self.rule == Rule::Astar
    }

    /// Whether each of several heuristics has an open list; otherwise their maximum counts.
    pub fn alternates(&self) -> bool {
        matches!(self.rule, Rule::Greedy | Rule::Lazy | Rule::LazyWeighted)
    }

    pub(super) fn boost(&self) -> i64 {
        self.boost
    }

    pub(super) fn reopens(&self) -> bool {
        matches!(self.rule, Rule::Cost | Rule::Astar | Rule::Weighted | Rule::LazyWeighted)
    }

    /// Whether each heuristic has a second queue, for successors by preferred operators.
    pub fn has_preferred_queues(&self) -> bool {
        self.uses_preferred() && matches!(self.rule, Rule::Lazy | Rule::LazyWeighted)
    }

    /// Whether it favours preferred operators, where a heuristic has some.
    pub fn uses_preferred(&self) -> bool {
        self.preferred && matches!(self.rule, Rule::Greedy | Rule::Climb | Rule::Lazy | Rule::LazyWeighted)
    }

    pub(super) fn tests_goal_on_generation(&self) -> bool {
        matches!(self.rule, Rule::Depth | Rule::Greedy | Rule::Climb)
    }

    /// Whether a plan is optimal, given whether the heuristic is admissible and whether costs are uniform: all
    /// operators have the same constant cost, which makes breadth-first search optimal.
    pub fn optimality(&self, is_admissible: bool, is_uniform: bool) -> Optimality {
        match self.rule {
            Rule::Depth if is_uniform => Optimality::Proven,
            Rule::Depth | Rule::Greedy | Rule::Climb | Rule::Lazy => Optimality::NotByCost,
            Rule::Astar | Rule::Weighted | Rule::LazyWeighted if !is_admissible => Optimality::Inadmissible,
            Rule::Weighted | Rule::LazyWeighted if self.weight_milli > 1000 => Optimality::Weighted,
            Rule::LazyWeighted => Optimality::NotByCost,
            Rule::Cost | Rule::Astar | Rule::Weighted => Optimality::Proven,
        }
    }
}

impl EngineConfig {
    /// The first heuristic that this engine uses, for one instance. O(size of the task).
    pub fn heuristic_for(&self, task: &Arc<Task>, instance: &Instance) -> Box<dyn Heuristic> {
        self.prepare(task, instance).finish()
    }

    /// The same, to be set up in bounded pieces.
    pub fn prepare(&self, task: &Arc<Task>, instance: &Instance) -> Preparation {
        Policy::heuristics(self).first().prepare(task, instance, Policy::new(self).measure())
    }
}

/// A weight in thousandths.
fn milli(weight: f64) -> i64 {
    (weight.clamp(1.0, 100.0) * 1000.0).round() as i64
}
