//! Relevance: which variables and actions a goal can need.
//!
//! It spreads backwards from the conditions of all goals. An action that writes a relevant variable is
//! relevant. So is everything that a relevant action reads, and every variable whose range could keep a
//! relevant action from applying. If an irrelevant action is taken out of a plan, the rest is still a plan.
//! So no plan is lost that matters, and optimal costs stay the same.

use crate::lang::goap::Model;
use crate::lang::goap::grounded::{GroundAction, GroundCondition, Operand};
use crate::lang::goap::instance::{InstanceTable, Workspace};
use crate::lang::goap::range::can_fail;

/// The relevant variables and actions.
#[derive(Debug)]
pub(super) struct Relevance {
    /// Indexed by model variable.
    pub(super) variables: Vec<bool>,
    /// Indexed by ground action.
    pub(super) actions: Vec<bool>,
}

/// Actions that are read per unit of work.
const LOOKED_AT_PER_UNIT: usize = 16;

/// Finds the relevant variables and actions in bounded pieces.
#[derive(Debug)]
pub(super) struct Spreading {
    /// How many actions have been entered in `writers`.
    listed: usize,
    /// Indexed by variable: the actions that write it.
    writers: Vec<Vec<u32>>,
    /// Relevant variables whose writers have not been looked at.
    queue: Vec<usize>,
    /// The variable whose writers are being looked at, and the place of the next writer.
    current: Option<(usize, usize)>,
    found: Relevance,
    workspace: Workspace,
    /// Bytes that `writers` holds.
    bytes: usize,
}

impl Spreading {
    /// Starts with the variables that the goals read.
    pub(super) fn new(model: &Model, actions: usize, goals: &[GroundCondition]) -> Self {
        let variables = model.variables.len();
        let mut found = Relevance { variables: vec![false; variables], actions: vec![false; actions] };
        let mut queue = Vec::new();
        for goal in goals {
            condition(goal, &mut |variable| found.need(variable, &mut queue));
        }
        let (writers, workspace) = (vec![Vec::new(); variables], Workspace::default());
        Self { listed: 0, writers, queue, current: None, found, workspace, bytes: 0 }
    }

    /// One unit of work; answers the result at the end.
    pub(super) fn unit(&mut self, model: &Model, table: &InstanceTable) -> Option<Relevance> {
        if self.listed < table.len() {
            let end = (self.listed + LOOKED_AT_PER_UNIT).min(table.len());
            for id in self.listed..end {
                for effect in &table.at(model, id, &mut self.workspace).effects {
                    let writers = &mut self.writers[effect.variable];
                    self.bytes -= writers.capacity() * 4;
                    writers.push(id as u32);
                    self.bytes += writers.capacity() * 4;
                }
            }
            self.listed = end;
            return None;
        }
        let Some((variable, from)) = self.current.take().or_else(|| Some((self.queue.pop()?, 0))) else {
            return Some(Relevance {
                variables: std::mem::take(&mut self.found.variables),
                actions: std::mem::take(&mut self.found.actions),
            });
        };
        let end = (from + LOOKED_AT_PER_UNIT).min(self.writers[variable].len());
        for at in from..end {
            let writer = self.writers[variable][at] as usize;
            if !std::mem::replace(&mut self.found.actions[writer], true) {
                let mut workspace = std::mem::take(&mut self.workspace);
                self.reads(model, table.at(model, writer, &mut workspace));
                self.workspace = workspace;
            }
        }
        if end < self.writers[variable].len() {
            self.current = Some((variable, end));
        }
        None
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes + self.found.memory_bytes()
    }

    /// Marks the variables that a relevant action reads, or that could keep it from applying.
    fn reads(&mut self, model: &Model, action: &GroundAction) {
        let Self { queue, found, .. } = self;
        condition(&action.precondition, &mut |variable| found.need(variable, queue));
        for &(variable, _) in &action.per {
            found.need(variable, queue);
        }
        for effect in &action.effects {
            if let Operand::Variable(variable) = effect.value {
                found.need(variable, queue);
            }
            if can_fail(model, effect) {
                found.need(effect.variable, queue);
            }
        }
    }
}

impl Relevance {
    /// How many actions are relevant. O(actions).
    pub(super) fn count(&self) -> usize {
        self.actions.iter().filter(|is| **is).count()
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.actions.len() + self.variables.len()
    }

    fn need(&mut self, variable: usize, queue: &mut Vec<usize>) {
        if !std::mem::replace(&mut self.variables[variable], true) {
            queue.push(variable);
        }
    }
}

/// Marks the variables that a condition reads. Nesting is bounded by the language.
fn condition(ground: &GroundCondition, need: &mut impl FnMut(usize)) {
    match ground {
        GroundCondition::All(parts) | GroundCondition::Any(parts) => {
            parts.iter().for_each(|part| condition(part, need));
        }
        GroundCondition::Not(inner) => condition(inner, need),
        GroundCondition::Compare { variable, right, .. } => {
            need(*variable);
            if let Operand::Variable(variable) = right {
                need(*variable);
            }
        }
    }
}
