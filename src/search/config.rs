//! What an engine is made of: the ordering, the heuristic, the weight.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Ordering;
use crate::heuristic::{Blind, GoalCount, Heuristic, OverRelaxation, Preparation};
use crate::task::{Instance, Task};

/// How the open list is ordered. All are one best-first loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SearchKind {
    /// Breadth-first: by depth, then order of generation.
    Bfs,
    /// Uniform-cost: by g.
    Ucs,
    /// A*: by g + h, then h; reopens.
    #[default]
    Astar,
    /// Weighted A*: by g + w·h, then h; reopens.
    Wastar,
    /// Greedy best-first: by h, then order of generation.
    Gbfs,
}

/// Which heuristic guides the search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeuristicKind {
    /// Zero at the goal, the cheapest operator elsewhere.
    Blind,
    /// Unmet goal conditions.
    GoalCount,
    /// hmax: admissible.
    Hmax,
    /// hadd.
    Add,
    /// The cost of a relaxed plan.
    #[default]
    Ff,
}

impl HeuristicKind {
    /// Whether it never overestimates the cost.
    pub fn is_admissible(self) -> bool {
        matches!(self, Self::Blind | Self::Hmax)
    }
}

impl fmt::Display for SearchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bfs => "breadth-first",
            Self::Ucs => "uniform cost",
            Self::Astar => "A*",
            Self::Wastar => "weighted A*",
            Self::Gbfs => "greedy",
        })
    }
}

impl fmt::Display for HeuristicKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blind => "blind",
            Self::GoalCount => "goal count",
            Self::Hmax => "hmax",
            Self::Add => "hadd",
            Self::Ff => "FF",
        })
    }
}

/// As people say it: `A* · FF`.
impl fmt::Display for EngineConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.search {
            SearchKind::Bfs | SearchKind::Ucs => write!(f, "{}", self.search),
            SearchKind::Wastar => write!(f, "{} {} · {}", self.search, self.weight, self.heuristic),
            SearchKind::Astar | SearchKind::Gbfs => write!(f, "{} · {}", self.search, self.heuristic),
        }
    }
}

/// The engine of a request.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngineConfig {
    /// The ordering.
    pub search: SearchKind,
    /// The heuristic; `Bfs` and `Ucs` use none.
    pub heuristic: HeuristicKind,
    /// Weight of h in `Wastar`, from 1.0 to 100.0.
    pub weight: f64,
    /// Seed for whatever is drawn at random.
    pub seed: u64,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self { search: SearchKind::default(), heuristic: HeuristicKind::default(), weight: 2.0, seed: 0 }
    }
}

impl EngineConfig {
    /// The heuristic that this engine uses, for one instance. O(size of the task).
    pub fn heuristic_for(&self, task: &Arc<Task>, instance: &Instance) -> Box<dyn Heuristic> {
        self.prepare(task, instance).finish()
    }

    /// The same, to be set up in bounded pieces.
    pub fn prepare(&self, task: &Arc<Task>, instance: &Instance) -> Preparation {
        let measure = Ordering::new(self).measure();
        let over = |kind| Preparation::new(task, instance, measure, kind);
        match Ordering::heuristic(self) {
            HeuristicKind::Blind => Preparation::Ready(Box::new(Blind::new(task, instance, measure))),
            HeuristicKind::GoalCount => Preparation::Ready(Box::new(GoalCount::new(task, instance, measure))),
            HeuristicKind::Hmax => over(OverRelaxation::Hmax),
            HeuristicKind::Add => over(OverRelaxation::Add),
            HeuristicKind::Ff => over(OverRelaxation::Ff),
        }
    }
}
