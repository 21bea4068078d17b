//! The checked GOAP document: what the author wrote, with names still unresolved.
//!
//! The model is lifted: parameters stand as they were written, inside [`Template`]s and
//! [`Term`]s. It is the *source* model that plans are validated against. A model exists only
//! where checking found no error, so every template resolves to a declared variable under every
//! binding that is not dropped.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;

/// A GOAP domain with its initial state, goals and metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The document's `name`; empty where it has none.
    pub name: String,
    /// State variables in file order.
    pub variables: Vec<Variable>,
    /// Action schemas in file order.
    pub actions: Vec<Action>,
    /// Goals in file order.
    pub goals: Vec<Goal>,
    /// Weights of the plan metric.
    pub metric: Metric,
}

/// A state variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its key in `state`.
    pub name: String,
    /// Where the key stands.
    pub span: Span,
    /// What it may hold.
    pub kind: Kind,
    /// What it holds at first; of the kind's type (an integer literal for a float is converted).
    pub initial: Value,
}

/// What a variable may hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// An exact integer; without a range, within ±(2^53 − 1). The range is inclusive.
    Int(Option<(i64, i64)>),
    /// A finite float; the range is inclusive.
    Float(Option<(f64, f64)>),
    /// One of these symbols, in file order.
    Enum(Vec<String>),
}

/// Largest magnitude of an integer: 2^53 − 1.
pub const INT_MAX: i64 = (1 << 53) - 1;

/// A value of a variable, a literal or a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// Integer.
    Int(i64),
    /// Finite float.
    Float(f64),
    /// Enum symbol.
    Symbol(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            // `{:?}` keeps the `.0` that tells a float from an integer.
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Symbol(value) => f.write_str(value),
        }
    }
}

/// An action schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Parameters in declared order.
    pub parameters: Vec<Parameter>,
    /// What must hold; `All(vec![])` where nothing must.
    pub precondition: Condition,
    /// What it does, all at once.
    pub effects: Vec<Effect>,
    /// Its cost.
    pub cost: Cost,
    /// Its duration, not negative.
    pub duration: Number,
    /// Its chance of success in per cent, 1 to 100.
    pub confidence: u8,
}

/// A parameter and the values it ranges over.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, without the `$`.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Its values in declared order, all of one type.
    pub values: Vec<Argument>,
}

/// One value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The value.
    pub value: Value,
    /// The text that stands for it inside names: the lexeme of a number, a symbol without quotes.
    pub text: String,
}

/// Text with parameters in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Pieces in order.
    pub pieces: Vec<Piece>,
    /// Where it stands, with its quotes.
    pub span: Span,
}

impl Template {
    /// Whether it is the same under every binding.
    pub fn is_fixed(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Text(_)))
    }
}

/// A piece of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// As written.
    Text(String),
    /// The text of the argument of this parameter (index into [`Action::parameters`]).
    Parameter(usize),
}

/// A condition on a state.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Every one holds; true where empty.
    All(Vec<Condition>),
    /// At least one holds; false where empty.
    Any(Vec<Condition>),
    /// The inner one does not hold.
    Not(Box<Condition>),
    /// A comparison of a variable.
    Compare(Comparison),
}

/// `variable operator right`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The variable on the left.
    pub variable: Template,
    /// How they compare.
    pub operator: Comparator,
    /// What it is compared with.
    pub right: Term,
    /// The whole comparison as written.
    pub span: Span,
}

/// How two values compare. Bools and symbols know only the first two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// A value that may depend on the binding or on the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A literal.
    Literal(Value),
    /// The whole value of a parameter (`"$n"`), with its type.
    Parameter(usize),
    /// A symbol put together from text and parameters (`"room_$n"`).
    Symbol(Template),
    /// The value of a variable in the state before the action (`{ "var": … }`).
    Variable(Template),
}

/// A change of one variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The variable.
    pub variable: Template,
    /// What becomes of it.
    pub kind: EffectKind,
    /// With this value.
    pub value: Term,
    /// The whole effect as written.
    pub span: Span,
    /// Its operator with the quotes; the value where a literal stands alone.
    pub operator_span: Span,
}

/// What an effect does with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EffectKind {
    /// The variable becomes the value.
    Set,
    /// The value is added.
    Increase,
    /// The value is subtracted.
    Decrease,
}

/// A finite number as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// The nearest float.
    pub value: f64,
    /// The lexeme, from which the engine reads the exact decimal.
    pub text: String,
    /// Where it stands; empty for a default.
    pub span: Span,
}

impl Number {
    /// A number that the document leaves to its default.
    pub fn default_of(value: i32) -> Self {
        Self { value: f64::from(value), text: value.to_string(), span: Span::default() }
    }
}

/// `base + Σ factor × variable`, in the state before the action.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// The constant part.
    pub base: Number,
    /// The linear part: numeric variable and factor.
    pub per: Vec<(Template, Number)>,
    /// Where the cost stands; the action's name for a default.
    pub span: Span,
}

/// Weights of the plan metric: `cost × cost + duration × duration + risk × (−ln confidence)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Weight of the cost.
    pub cost: Number,
    /// Weight of the duration.
    pub duration: Number,
    /// Weight of the risk.
    pub risk: Number,
}

impl Metric {
    /// What an action costs in every state: all but the linear part of its cost.
    pub fn fixed(&self, action: &Action) -> f64 {
        let risk = -libm::log(f64::from(action.confidence) / 100.0);
        self.cost.value * action.cost.base.value
            + self.duration.value * action.duration.value
            + self.risk.value * risk
    }
}

/// A goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Higher is more urgent.
    pub priority: i64,
    /// The goal is a candidate where this holds in the initial state.
    pub when: Condition,
    /// What must hold in the end.
    pub conditions: Condition,
    /// Where that stands.
    pub conditions_span: Span,
}
