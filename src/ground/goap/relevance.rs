//! Which variables and actions any goal can need.
//!
//! Backward from the conditions of all goals: an action that changes a relevant variable is
//! relevant, and so is everything that it reads, and every variable whose range could keep it from
//! applying. Taking an action out of a plan that is not relevant leaves a plan, so nothing is lost,
//! optimality included.

use crate::lang::goap::Model;
use crate::lang::goap::grounded::{GroundAction, GroundCondition, Operand};
use crate::lang::goap::range::can_fail;

/// What is relevant.
#[derive(Debug)]
pub(super) struct Relevance {
    /// Per model variable.
    pub(super) variables: Vec<bool>,
    /// Per ground action.
    pub(super) actions: Vec<bool>,
}

/// Finds what is relevant. O(total size of the actions).
pub(super) fn relevance(model: &Model, actions: &[GroundAction], goals: &[GroundCondition]) -> Relevance {
    let mut writers: Vec<Vec<u32>> = vec![Vec::new(); model.variables.len()];
    for (id, action) in actions.iter().enumerate() {
        for effect in &action.effects {
            writers[effect.variable].push(id as u32);
        }
    }
    let mut found =
        Relevance { variables: vec![false; model.variables.len()], actions: vec![false; actions.len()] };
    let mut queue = Vec::new();
    for goal in goals {
        condition(goal, &mut |variable| found.need(variable, &mut queue));
    }
    while let Some(variable) = queue.pop() {
        for &writer in &writers[variable] {
            if std::mem::replace(&mut found.actions[writer as usize], true) {
                continue;
            }
            let action = &actions[writer as usize];
            condition(&action.precondition, &mut |variable| found.need(variable, &mut queue));
            for &(variable, _) in &action.per {
                found.need(variable, &mut queue);
            }
            for effect in &action.effects {
                if let Operand::Variable(variable) = effect.value {
                    found.need(variable, &mut queue);
                }
                if can_fail(model, effect) {
                    found.need(effect.variable, &mut queue);
                }
            }
        }
    }
    found
}

impl Relevance {
    fn need(&mut self, variable: usize, queue: &mut Vec<usize>) {
        if !std::mem::replace(&mut self.variables[variable], true) {
            queue.push(variable);
        }
    }
}

fn condition(condition: &GroundCondition, need: &mut impl FnMut(usize)) {
    let mut stack = vec![condition];
    while let Some(condition) = stack.pop() {
        match condition {
            GroundCondition::All(parts) | GroundCondition::Any(parts) => stack.extend(parts),
            GroundCondition::Not(inner) => stack.push(inner),
            GroundCondition::Compare { variable, right, .. } => {
                need(*variable);
                if let Operand::Variable(variable) = right {
                    need(*variable);
                }
            }
        }
    }
}
