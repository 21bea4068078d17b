//! A validated plan with what each step costs and changes.

pub use crate::validate::Change;

use crate::lang;
use crate::lang::goap::model::Value;
use crate::lang::plan::Step;

/// A plan that has passed the validator.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Names of the variables that values and changes are about: those of a GOAP document; of a PDDL
    /// task, the atoms and fluents that hold at the start or that a step changes.
    pub variables: Vec<String>,
    /// Their values before the first step.
    pub initial: Vec<Value>,
    /// What kind of costs it has, for PDDL.
    pub costs: Option<CostKind>,
    /// Its steps.
    pub steps: Vec<PlanStep>,
    /// The validator's sum of the metric.
    pub cost: f64,
}

/// What the steps of a PDDL plan cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostKind {
    /// One each: the task has no metric.
    Unit,
    /// What the metric says.
    General,
}

impl Plan {
    /// The plan as a plan file: `(action args)` lines and the cost.
    pub fn text(&self) -> String {
        let step = |step: &PlanStep| Step { action: step.action.clone(), arguments: step.arguments.clone() };
        let steps: Vec<Step> = self.steps.iter().map(step).collect();
        let cost = cost_text(self.cost);
        match self.costs {
            None => lang::plan::write(&steps, &cost),
            Some(kind) => lang::plan::write_pddl(&steps, &cost, kind == CostKind::Unit),
        }
    }
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

/// A cost in the shortest form that agrees with it to 10⁻⁹: `12.5`, never `12.500000000000002`.
pub fn cost_text(cost: f64) -> String {
    let exact = cost.to_string();
    let rounded = format!("{cost:.9}");
    let rounded = rounded.trim_end_matches('0').trim_end_matches('.');
    let shortest = if rounded.len() < exact.len() { rounded } else { &exact };
    if shortest == "-0" { "0".to_owned() } else { shortest.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_shown_without_noise() {
        for (cost, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (3.0, "3"),
            (12.5, "12.5"),
            (0.1 + 0.2, "0.3"),
            (100.0, "100"),
            (-1.25, "-1.25"),
            (123_456_789.1, "123456789.1"),
            (0.051_293_294_387_55, "0.051293294"),
            (1e-12, "0"),
        ] {
            assert_eq!(cost_text(cost), text);
        }
    }
}
