//! What an instance of an action schema consists of: conditions, operands and effects in which every name is
//! resolved to a variable's index.

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

impl GroundCondition {
    /// Whether it compares a variable with itself.
    pub fn is_with_itself(&self) -> bool {
        matches!(self, Self::Compare { variable, right: Operand::Variable(other), .. } if variable == other)
    }
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

impl GroundAction {
    /// Bytes held, nearly.
    pub fn memory_bytes(&self) -> usize {
        let text = |value: &Operand| match value {
            Operand::Value(Value::Symbol(symbol)) => symbol.len(),
            _ => 0,
        };
        let effects = self.effects.iter().map(|effect| size_of::<GroundEffect>() + text(&effect.value));
        let per = self.per.iter().map(|(_, factor)| size_of::<(usize, Number)>() + factor.text.len());
        let mut conditions = 0;
        let mut stack = vec![&self.precondition];
        while let Some(condition) = stack.pop() {
            conditions += size_of::<GroundCondition>();
            match condition {
                GroundCondition::All(parts) | GroundCondition::Any(parts) => stack.extend(parts),
                GroundCondition::Not(inner) => stack.push(inner),
                GroundCondition::Compare { right, .. } => conditions += text(right),
            }
        }
        size_of::<Self>() + self.arguments.len() * 8 + effects.chain(per).sum::<usize>() + conditions
    }
}
