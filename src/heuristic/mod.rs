//! Heuristics: estimates of the cost from a state to the goal, in task units.
//!
//! | heuristic | admissible | safe | source |
//! |---|---|---|---|
//! | [`Blind`] | yes | yes | – |
//! | [`GoalCount`] | no | yes | – |
//! | [`Hmax`] | yes | yes | Bonet & Geffner 2001; numeric part after Scala, Haslum & Thiébaux 2016 |
//! | LM-cut | yes | yes | Helmert & Domshlak 2009 |
//! | hadd | no | yes | Bonet & Geffner 2001 |
//! | novelty | no | yes | Lipovetzky & Geffner 2017 |
//! | FF | no | yes | Hoffmann & Nebel 2001, with hadd supporters (Keyder & Geffner 2008) |
//! | [`Landmarks`] | no | yes | Richter & Westphal 2010; progression after Büchner et al. 2023 |
//!
//! *Safe*: a state called a dead end has no plan. Costs that depend on the state count with their
//! least value over what can be reached from the initial state ([`least_costs`]), so that
//! admissibility holds for them too. Only [`Landmarks`] and novelty keep something of one
//! state for the next.

mod additive;
mod amount;
mod cost;
mod hmax;
mod landmarks;
mod lmcut;
mod novelty;
mod pausing;
mod prepare;
mod queue;
mod relaxed;
mod simple;

use crate::step::{Budget, Progress};
use crate::task::{Fact, OperatorId, StateId};

pub use cost::{Measure, least_costs};
pub use hmax::Hmax;
pub use landmarks::{Landmark, LandmarkCounts, Landmarks, Order, OrderKind, Status};
pub use prepare::{OverRelaxation, Preparation};
pub use relaxed::Relaxation;
pub use simple::{Blind, GoalCount};

/// Units of work that one exploration of the smallest delete relaxation takes.
const RELAXED_UNITS: u64 = 31;
/// Preconditions and add effects that can be looked at in the time of generating a successor.
const EDGES_PER_UNIT: usize = 48;

/// An estimate of the cost to the goal.
pub trait Heuristic {
    /// The estimate for a full state; `None` for a proven dead end.
    fn evaluate(&mut self, state: &[u64]) -> Option<i64>;

    /// The estimate for a registered state, told how it was first reached (`None`: the initial state).
    /// Heuristics that depend on the path keep what they need per state; for the others it is
    /// [`evaluate`](Self::evaluate).
    fn evaluate_node(
        &mut self,
        _node: StateId,
        _from: Option<(StateId, OperatorId)>,
        state: &[u64],
    ) -> Option<i64> {
        self.evaluate(state)
    }

    /// Continues an evaluation while the budget lasts, and charges its work to the budget. Until it is done
    /// it must be called again with the same state. A heuristic that never pauses spends
    /// [`evaluation_units`](Self::evaluation_units) at once.
    fn proceed(
        &mut self,
        node: StateId,
        from: Option<(StateId, OperatorId)>,
        state: &[u64],
        budget: &mut Budget,
    ) -> Progress<Option<i64>> {
        budget.spend(self.evaluation_units());
        Progress::Done(self.evaluate_node(node, from, state))
    }

    /// Units of work of an evaluation, where generating a successor is one unit: with this, slices with few new
    /// states and slices with many take equally long. Where evaluations differ, it is an estimate for the last one.
    fn evaluation_units(&self) -> u64 {
        0
    }

    /// Whether [`preferred`](Self::preferred) can ever return an operator.
    fn has_preferred(&self) -> bool {
        false
    }

    /// Operators that the last evaluation prefers, all applicable in its state, sorted.
    fn preferred(&self) -> &[OperatorId] {
        &[]
    }

    /// How many landmarks and orders it has; `None` if it is not a landmark heuristic.
    fn landmark_counts(&self) -> Option<LandmarkCounts> {
        None
    }

    /// Replaces the goal by a conjunction of facts that preconditions mention. Answers `false`, and changes
    /// nothing, if the heuristic would have to be set up again for that.
    fn aim(&mut self, _goal: &[Fact]) -> bool {
        false
    }

    /// Bytes held.
    fn memory_bytes(&self) -> u64 {
        0
    }
}
