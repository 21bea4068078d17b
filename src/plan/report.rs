//! A validated plan with what each step costs and changes.

use crate::lang::goap::model::Value;

/// A plan that has passed the validator.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Names of the variables that values and changes are about: those of a GOAP document; of a PDDL
    /// task, the atoms and fluents that hold at the start or that a step changes.
    pub variables: Vec<String>,
    /// Their values before the first step.
    pub initial: Vec<Value>,
    /// Its steps.
    pub steps: Vec<PlanStep>,
    /// The validator's sum of the metric.
    pub cost: f64,
}

/// A step of a [`Plan`].
#[derive(Clone, Debug, PartialEq)]
pub struct PlanStep {
    /// The action's name.
    pub action: String,
    /// Arguments in declared order.
    pub arguments: Vec<Value>,
    /// Its metric in the state before it.
    pub cost: f64,
    /// The metric of the plan up to and with this step.
    pub total: f64,
    /// What it changed, in the order of the plan's variables.
    pub changes: Vec<Change>,
}

/// A variable that a step changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Index into the plan's variables.
    pub variable: usize,
    /// Its value before.
    pub from: Value,
    /// Its value after.
    pub to: Value,
}

impl From<&crate::validate::Change> for Change {
    fn from(change: &crate::validate::Change) -> Self {
        Self { variable: change.variable, from: change.from.clone(), to: change.to.clone() }
    }
}
