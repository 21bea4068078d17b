//! The result of replaying a plan, in either language.

/// A plan that holds, over states `S`, with changes `C` of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay<S, C> {
    /// What each step does, in order.
    pub steps: Vec<ReplayedStep<C>>,
    /// The state in the end.
    pub end: S,
    /// The plan's metric.
    pub total: f64,
}

/// What a step of a plan does.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayedStep<C> {
    /// Its metric.
    pub cost: f64,
    /// The metric of the plan up to and with it.
    pub total: f64,
    /// What it changes. In PDDL: first atoms that it deletes, then atoms that it adds, then fluents.
    pub changes: Vec<C>,
}
