//! Why a plan does not hold.

use std::fmt;

use serde::Serialize;

use crate::diagnostic::Span;

/// The first thing that is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Violation {
    /// Index of the step; the number of steps where the goal does not hold in the end.
    pub step: usize,
    /// The step as text, for instance `(go shop)`; empty for the goal.
    pub action: String,
    /// The place in the source that is not met: a condition, an effect, a cost, or an action's name.
    pub span: Span,
    /// What is wrong.
    pub reason: Reason,
}

/// What a variable of a condition stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Binding {
    /// The variable, for instance `?x`.
    pub variable: String,
    /// The object.
    pub object: String,
}

/// `: values, with ?x = a, ?y = b`, as far as there is any of it.
fn aside(values: &str, binding: &[Binding]) -> String {
    let mut text = if values.is_empty() { String::new() } else { format!(": {values}") };
    for (at, Binding { variable, object }) in binding.iter().enumerate() {
        let lead = if at == 0 { ", with " } else { ", " };
        text += &format!("{lead}{variable} = {object}");
    }
    text
}

/// What can be wrong with a step or with the end of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The model has no such action.
    #[error("there is no action called `{action}`")]
    UnknownAction {
        /// The name in the plan.
        action: String,
    },
    /// The step has too few or too many arguments.
    #[error("the action takes {expected} arguments, and the step has {found}")]
    ArgumentCount {
        /// Parameters of the action.
        expected: usize,
        /// Arguments of the step.
        found: usize,
    },
    /// The argument is not one of the parameter's values.
    #[error("`{value}` is not a value of the parameter `{parameter}`")]
    UnknownArgument {
        /// The parameter.
        parameter: String,
        /// The argument.
        value: String,
    },
    /// The instance writes a variable twice and does not exist.
    #[error("the step writes `{variable}` twice")]
    WrittenTwice {
        /// The variable.
        variable: String,
    },
    /// Substitution leads to a name that is not declared; a checked model has none.
    #[error("`{name}` is not declared")]
    Undeclared {
        /// The name.
        name: String,
    },
    /// A condition does not hold.
    #[error("`{condition}` does not hold: {actual}")]
    Unmet {
        /// The condition with its arguments.
        condition: String,
        /// The values it speaks of, for instance `coal = 0`.
        actual: String,
    },
    /// An effect would leave what its variable can hold.
    #[error("`{variable}` would become {value}, which it cannot hold")]
    OutOfRange {
        /// The variable.
        variable: String,
        /// The value it would get.
        value: String,
    },
    /// The step's metric would be negative or not a number.
    #[error("the metric of the step would be {metric}")]
    Metric {
        /// The metric as text; JSON has no infinity.
        metric: String,
    },
    /// The model has no such object.
    #[error("there is no object called `{object}`")]
    UnknownObject {
        /// The name in the plan.
        object: String,
    },
    /// The object is of none of the parameter's types.
    #[error("`{object}` is no {expected}, as the parameter ?{parameter} asks for")]
    WrongType {
        /// The parameter, without its `?`.
        parameter: String,
        /// The argument.
        object: String,
        /// The parameter's types, for instance `truck or plane`.
        expected: String,
    },
    /// A part of a condition of PDDL does not hold: the smallest that keeps the whole from holding.
    #[error("{condition} does not hold{}", aside(values, binding))]
    Unsatisfied {
        /// The part with its objects in place, for instance `(on a b)`.
        condition: String,
        /// What its variables stand for.
        binding: Vec<Binding>,
        /// The fluents it reads, for instance `(fuel t) = 2`; empty where it reads none.
        values: String,
    },
    /// What is read has no value.
    #[error("{fluent} has no value{}", aside("", binding))]
    UndefinedFluent {
        /// The fluent, for instance `(fuel t)`.
        fluent: String,
        /// What the variables of the part that reads it stand for.
        binding: Vec<Binding>,
    },
    /// A number is divided by zero, or the result is not a number.
    #[error("{expression} has no value: it divides by zero or passes all bounds{}", aside("", binding))]
    DivisionByZero {
        /// The division.
        expression: String,
        /// What the variables of the part that divides stand for.
        binding: Vec<Binding>,
    },
    /// A fluent would become infinite.
    #[error("{fluent} would become {value}, which is not finite")]
    NotFinite {
        /// The fluent.
        fluent: String,
        /// The value as text; JSON has no infinity.
        value: String,
    },
    /// Two steps happen at the same time and interfere.
    #[error("it happens at the same time as step {} {action}, and {what} keeps them apart: {how}", .other + 1)]
    Interferes {
        /// Index of the other step.
        other: usize,
        /// The other step as text.
        action: String,
        /// The atom or fluent, for instance `(on a b)`.
        what: String,
        /// What the two do with it, in words.
        how: String,
    },
    /// The state given is not one of the model.
    #[error("the state has {found} values, and the model has {expected} variables")]
    State {
        /// Variables of the model.
        expected: usize,
        /// Values of the state.
        found: usize,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.action.is_empty() {
            write!(f, "at the end: {}", self.reason)
        } else {
            write!(f, "step {} {}: {}", self.step + 1, self.action, self.reason)
        }
    }
}

impl std::error::Error for Violation {}
