//! The step at which a search ended because it would cost less than nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use super::subject::Subject;
use crate::lang::plan::pddl_step;
use crate::search::Finished;

/// A step that would cost less than nothing, and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RefusedStep {
    /// The step, as `(action object …)`.
    pub step: String,
    /// What it would cost.
    pub cost: f64,
    /// The steps before it.
    pub after: Vec<String>,
    /// Atoms that hold before the step, as `name object …`; only atoms that matter to the goal.
    pub atoms: Vec<String>,
    /// Fluents before the step, as `name object …`, with their values.
    pub values: BTreeMap<String, f64>,
}

impl RefusedStep {
    /// The step at which the search ended: the last one of `finished.plan`. O(length × state).
    pub(super) fn new(subject: &Subject, finished: &Finished) -> Option<Self> {
        let Subject::Pddl(model, compiled) = subject else { return None };
        let task = &compiled.task;
        let (&last, before) = finished.plan.split_last()?;
        let mut state = compiled.instance.initial.clone();
        let mut next = state.clone();
        for id in before {
            task.apply(task.operators.get(id.0 as usize)?, &state, &mut next)?;
            task.derive(&mut next);
            state.clone_from(&next);
        }
        let name = |&id| Some(pddl_step(&compiled.step(model, id)?));
        let found = compiled.state(model, &state);
        Some(Self {
            step: name(&last)?,
            cost: finished.cost as f64 * task.unit,
            after: before.iter().map(name).collect::<Option<_>>()?,
            atoms: found.atoms,
            values: found.values.into_iter().collect(),
        })
    }

    /// What happened, in a sentence.
    pub(super) fn message(&self) -> String {
        let at = match self.after.len() {
            0 => "at the start".to_owned(),
            1 => "after 1 step".to_owned(),
            steps => format!("after {steps} steps"),
        };
        format!(
            "{at} {} would cost {}, which is less than nothing: no claim either way",
            self.step, self.cost
        )
    }
}
