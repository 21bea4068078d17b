//! A plan as text, and the states along it.

use super::visible::visible;
use crate::lang::goap::model::Value;
use crate::plan::{Plan, PlanStep};

/// A step as it is read: `go market`.
pub fn label(action: &str, arguments: &[Value]) -> String {
    let words: Vec<_> =
        std::iter::once(action.to_owned()).chain(arguments.iter().map(Value::to_string)).collect();
    visible(&words.join(" ")).into_owned()
}

/// A step of a plan as it is read.
pub fn step_label(step: &PlanStep) -> String {
    label(&step.action, &step.arguments)
}

/// The values after the first `steps` steps, in the order of the plan's variables.
pub fn state_after(plan: &Plan, steps: usize) -> Vec<Value> {
    let mut state = plan.initial.clone();
    for change in plan.steps.iter().take(steps).flat_map(|step| &step.changes) {
        if let Some(value) = state.get_mut(change.variable) {
            *value = change.to.clone();
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Change;

    fn two_steps() -> Plan {
        let change = |from, to| Change { variable: 0, from: Value::Int(from), to: Value::Int(to) };
        let step = |total, change| PlanStep {
            action: "go".into(),
            arguments: vec![Value::Symbol("mine".into())],
            cost: 1.5,
            total,
            changes: vec![change],
        };
        Plan {
            variables: vec!["coal".into(), "lit".into()],
            costs: None,
            initial: vec![Value::Int(0), Value::Bool(true)],
            steps: vec![step(1.5, change(0, 1)), step(3.0, change(1, 2))],
            cost: 3.0,
        }
    }

    #[test]
    fn a_plan_file_has_a_line_per_step_and_the_cost() {
        assert_eq!(two_steps().text(), "(go mine)\n(go mine)\n; cost = 3\n");
    }

    #[test]
    fn states_follow_the_changes() {
        let plan = two_steps();
        assert_eq!(state_after(&plan, 0), plan.initial);
        assert_eq!(state_after(&plan, 1)[0], Value::Int(1));
        assert_eq!(state_after(&plan, 9), vec![Value::Int(2), Value::Bool(true)]);
    }
}
