//! Plans after the search: what is shown, kept and explained.

pub mod explain;
pub mod explain_pddl;
pub mod pattern;
pub mod report;
pub mod signature;

pub use explain::Explanation;
pub use pattern::{Guarantee, Pattern, PatternKey, Use, Uses};
pub use report::{Change, CostKind, Plan, PlanStep, cost_text};
pub use signature::Signature;
