//! What can be claimed about a plan's cost.

use std::fmt;

use crate::task::Rounding;

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
    /// It was made of a plan for a similar problem.
    Repaired,
    /// Costs were rounded, which could have decided.
    Rounded,
}

impl Optimality {
    /// The claim that remains, given that rounding may have changed which plan is cheapest.
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
            Self::Repaired => "not claimed optimal: the plan of a similar problem was repaired",
            Self::Rounded => {
                "not claimed optimal: costs count to nine decimals, and rounding could have decided"
            }
            Self::Incomplete => "not proven cheapest: the search for another goal hit a limit",
        })
    }
}
