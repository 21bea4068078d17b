//! GOAP documents to tasks.
//!
//! Booleans and enums become finite-domain variables. Numbers become slots or, if nothing is computed with
//! them, finite-domain variables too (`classes`). Variables and actions that no goal can need are left out
//! (`relevance`). Variables that no remaining action writes are stored outside of registered states.
//! Disjunctions are not multiplied out.

mod check;
mod classes;
mod condition;
mod costs;
mod effects;
mod placing;
mod relevance;
mod stepper;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::lang::goap::Model;
use crate::lang::goap::grounded::{GroundCondition, Operand};
use crate::lang::goap::instance::{arguments_of, resolve_goal};
use crate::lang::goap::model::{Kind, Value};
use crate::lang::plan::Step;
use crate::task::{self, Comparison, Conjunction, Fact, Instance, OperatorId, SlotId, Task, VariableId};

pub use check::{Check, check};
pub use stepper::Compile;

use classes::Classes;

/// A compiled GOAP document. It does not depend on the initial values.
#[derive(Debug)]
pub struct GoapTask {
    /// The task.
    pub task: Arc<Task>,
    /// Indexed by model variable: where it is stored.
    targets: Vec<Target>,
    /// Indexed by operator: its action, and the number of its binding.
    sources: Vec<(u32, u32)>,
    /// The classes of each variable that stands for a number.
    classes: Vec<Classes>,
    /// Indexed by goal of the model: its condition.
    goals: Vec<Arc<Conjunction>>,
    /// Indexed by goal of the model: its condition before compilation.
    ground_goals: Vec<GroundCondition>,
    /// Ground actions that were left out: no goal needs them, or they can never apply.
    pub irrelevant_actions: usize,
    /// Whether all operators have the same constant cost.
    pub has_uniform_cost: bool,
}

/// Where a model variable is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// Nowhere: no goal can need it.
    LeftOut,
    /// A finite-domain variable.
    Variable(VariableId),
    /// In a finite-domain variable over classes of numbers; with the index of the classes.
    Classes(VariableId, u32),
    /// A numeric slot.
    Slot(SlotId),
}

/// Why compilation failed.
#[derive(Clone, Debug)]
pub enum Failure {
    /// Costs do not fit.
    Diagnostics(Vec<Diagnostic>),
    /// It would take more memory than allowed.
    MemoryLimit,
}

/// Compiles a checked model in one go.
///
/// # Errors
/// Costs that do not fit; see [`Compile`].
pub fn compile(model: &Model) -> Result<GoapTask, Vec<Diagnostic>> {
    crate::step::run(Compile::new(model)).map_err(|failure| match failure {
        Failure::Diagnostics(diagnostics) => diagnostics,
        // Without a limit it never runs out of memory.
        Failure::MemoryLimit => Vec::new(),
    })
}

impl GoapTask {
    /// The instance for these values of the model's variables and this goal (by index).
    /// `None` where a value is not of its variable's kind or range.
    pub fn instance(&self, model: &Model, values: &[Value], goal: usize) -> Option<Instance> {
        Some(Instance { initial: self.pack(model, values)?, goal: Arc::clone(self.goals.get(goal)?) })
    }

    /// The packed state of these values of the model's variables.
    pub fn pack(&self, model: &Model, values: &[Value]) -> Option<Vec<u64>> {
        let layout = &self.task.layout;
        let mut state = vec![0; layout.words()];
        for ((target, variable), value) in self.targets.iter().zip(&model.variables).zip(values) {
            match *target {
                Target::LeftOut => {}
                Target::Variable(id) => {
                    layout.variable(id).write(&mut state, index_of(&variable.kind, value)?.into());
                }
                Target::Classes(id, classes) => {
                    let class = self.classes[classes as usize].index_of(number(value)?.as_f64())?;
                    layout.variable(id).write(&mut state, class.into());
                }
                Target::Slot(id) => {
                    let raw = layout.encode(id, number(value)?)?;
                    layout.slot_field(id).write(&mut state, raw);
                }
            }
        }
        Some(state)
    }

    /// An operator in the document's words.
    pub fn step(&self, model: &Model, operator: OperatorId) -> Option<Step> {
        let source = self.task.operators.get(operator.0 as usize)?.source;
        let &(action, binding) = self.sources.get(source as usize)?;
        let action = model.actions.get(action as usize)?;
        let arguments = action.parameters.iter().zip(arguments_of(action, binding));
        let arguments = arguments.map(|(parameter, index)| parameter.values[index].value.clone());
        Some(Step { action: action.name.clone(), arguments: arguments.collect() })
    }

    /// A fact as `name = value`; `None` if it does not belong to a variable of the model.
    pub fn fact_name(&self, model: &Model, fact: Fact) -> Option<String> {
        let is_own = |target: &Target| match target {
            Target::Variable(id) | Target::Classes(id, _) => *id == fact.variable,
            Target::LeftOut | Target::Slot(_) => false,
        };
        let at = self.targets.iter().position(is_own)?;
        let variable = &model.variables[at];
        if let Target::Classes(_, classes) = self.targets[at] {
            return self.classes[classes as usize].words(&variable.name, fact.value);
        }
        let value = condition::values(&variable.kind).into_iter().nth(fact.value as usize)?;
        Some(format!("{} = {value}", variable.name))
    }

    /// The condition of a goal with its names resolved.
    pub fn ground_goal(&self, goal: usize) -> Option<&GroundCondition> {
        self.ground_goals.get(goal)
    }

    /// Bytes held, for caches.
    pub fn memory_bytes(&self) -> u64 {
        let sources = self.sources.capacity() * size_of::<(u32, u32)>();
        let classes: usize = self.classes.iter().map(Classes::memory_bytes).sum();
        self.task.memory_bytes() + (sources + classes + self.targets.len() * 12) as u64
    }
}

/// The goals of a model with their names resolved.
fn ground_goals(model: &Model) -> Vec<GroundCondition> {
    let never = || GroundCondition::Any(Vec::new());
    model.goals.iter().map(|goal| resolve_goal(model, &goal.conditions).unwrap_or_else(never)).collect()
}

/// Calls `each` for every comparison in a condition, with its variable, operator and right side. Negations
/// around a comparison are ignored.
fn ground_operands(condition: &GroundCondition, each: &mut impl FnMut(usize, Comparison, &Operand)) {
    match condition {
        GroundCondition::All(parts) | GroundCondition::Any(parts) => {
            parts.iter().for_each(|part| ground_operands(part, each));
        }
        GroundCondition::Not(inner) => ground_operands(inner, each),
        GroundCondition::Compare { variable, operator, right, .. } => {
            each(*variable, condition::comparison(*operator), right);
        }
    }
}

/// The value's place in its variable's domain; `None` where it has none.
fn index_of(kind: &Kind, value: &Value) -> Option<u32> {
    match (kind, value) {
        (Kind::Bool, Value::Bool(value)) => Some(u32::from(*value)),
        (Kind::Enum(symbols), Value::Symbol(value)) => {
            symbols.iter().position(|symbol| symbol == value).map(|index| index as u32)
        }
        _ => None,
    }
}

/// A numeric value; `None` for bools and symbols.
fn number(value: &Value) -> Option<task::Value> {
    match value {
        Value::Int(value) => Some(task::Value::Int(*value)),
        Value::Float(value) => Some(task::Value::Float(*value)),
        Value::Bool(_) | Value::Symbol(_) => None,
    }
}
