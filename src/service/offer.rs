//! A kept plan, as it is offered beside a run.

use crate::plan::Plan;

/// A plan that was kept before, and that holds on the text of the request.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The goal it reaches.
    pub goal: String,
    /// The plan, replayed.
    pub plan: Plan,
    /// Whether it was proven optimal when it was found.
    pub optimal: bool,
    /// The engine that found it, in words.
    pub engine: String,
    /// Milliseconds since 1970 when it was kept.
    pub kept_ms: f64,
    /// Times it was used to answer.
    pub uses: u32,
    /// Times its replay held.
    pub successes: u32,
}
