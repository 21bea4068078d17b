//! Why there is no plan, in the document's own words.

use crate::diagnostic::{Fix, Span};

/// Why a goal cannot be reached.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// The goal it is about.
    pub goal: String,
    /// Each condition of the goal.
    pub conditions: Vec<ConditionReport>,
    /// From a goal condition that is never true down to the root cause; empty where each
    /// condition is reachable by itself and only their combination is not.
    pub chain: Vec<Link>,
    /// Preconditions that never become true, by action.
    pub unreachable: Vec<UnreachablePrecondition>,
    /// The action that comes nearest to a remedy: what it does instead, and where.
    pub nearest_miss: Option<NearestMiss>,
}

/// A condition of the goal.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionReport {
    /// As a person reads it, for instance `coal ≥ 1`.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Layer of relaxed reachability at which it first holds (0 = at the start); `None`: never.
    pub first_at: Option<u32>,
}

/// A link of the chain: a condition, and why it does not come true.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The condition.
    pub condition: String,
    /// Who asks for it and what could make it true.
    pub reason: String,
    /// Where it is asked for.
    pub span: Span,
    /// Whether the chain ends here.
    pub is_root: bool,
}

/// A precondition that never becomes true.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreachablePrecondition {
    /// The action.
    pub action: String,
    /// The condition.
    pub condition: String,
    /// The nearest value seen, for instance `coal 0`.
    pub seen: String,
    /// Where the condition stands.
    pub span: Span,
}

/// The action that comes nearest to a remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct NearestMiss {
    /// What it does and what would help, in a sentence.
    pub text: String,
    /// Where it does that.
    pub span: Span,
    /// The edit that would mend it.
    pub fix: Option<Fix>,
}
