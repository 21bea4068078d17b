//! Ground instances of action schemas: every template resolved to a variable's index.

use super::model::{Comparator, EffectKind, Number, Value};
use crate::diagnostic::Span;

/// A condition with every name resolved.
#[derive(Clone, Debug, PartialEq)]
pub enum GroundCondition {
    /// Every one holds; true where empty.
    All(Vec<GroundCondition>),
    /// At least one holds; false where empty.
    Any(Vec<GroundCondition>),
    /// The inner one does not hold.
    Not(Box<GroundCondition>),
    /// A comparison.
    Compare {
        /// Index into `Model::variables`.
        variable: usize,
        /// How they compare.
        operator: Comparator,
        /// What it is compared with.
        right: Operand,
        /// The comparison as written in the schema.
        span: Span,
    },
}

/// A value or a variable's value in the state before the action.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A value; already of the left side's type where an integer stands for a float.
    Value(Value),
    /// Index into `Model::variables`.
    Variable(usize),
}

/// An effect with every name resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundEffect {
    /// Index into `Model::variables`; no two effects of an instance share it.
    pub variable: usize,
    /// What becomes of it.
    pub kind: EffectKind,
    /// With this value.
    pub value: Operand,
    /// The effect as written in the schema.
    pub span: Span,
}

/// An action schema under one binding.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundAction {
    /// Index into `Model::actions`.
    pub action: usize,
    /// For each parameter, an index into its values.
    pub arguments: Vec<usize>,
    /// What must hold.
    pub precondition: GroundCondition,
    /// What it does.
    pub effects: Vec<GroundEffect>,
    /// The linear part of its cost: variable's index and factor. A variable may stand twice.
    pub per: Vec<(usize, Number)>,
}
