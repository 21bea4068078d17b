//! Conditions, effects and instances in words, for messages and explanations.

use super::grounded::{GroundAction, GroundCondition, GroundEffect, Operand};
use super::model::{Comparator, EffectKind, Model};
use super::resolve::Binding;

/// The operator as people write it: `=`, `≠`, `<`, `≤`, `>`, `≥`.
pub fn symbol(operator: Comparator) -> &'static str {
    match operator {
        Comparator::Equal => "=",
        Comparator::NotEqual => "≠",
        Comparator::Less => "<",
        Comparator::AtMost => "≤",
        Comparator::Greater => ">",
        Comparator::AtLeast => "≥",
    }
}

/// The name of a variable; empty where the index is not one of the model's.
pub fn name(model: &Model, variable: usize) -> &str {
    model.variables.get(variable).map_or("", |variable| &variable.name)
}

/// `coal ≥ 1`, `any(a = true, b = true)`, `not(…)`. Recursion is bounded by documents' nesting.
pub fn condition(model: &Model, condition: &GroundCondition) -> String {
    let list = |parts: &[GroundCondition]| {
        parts.iter().map(|part| self::condition(model, part)).collect::<Vec<_>>().join(", ")
    };
    match condition {
        GroundCondition::All(parts) | GroundCondition::Any(parts) if parts.len() == 1 => {
            self::condition(model, &parts[0])
        }
        GroundCondition::All(parts) if parts.is_empty() => "nothing".to_owned(),
        GroundCondition::Any(parts) if parts.is_empty() => "any of nothing".to_owned(),
        GroundCondition::All(parts) => format!("all({})", list(parts)),
        GroundCondition::Any(parts) => format!("any({})", list(parts)),
        GroundCondition::Not(part) => format!("not({})", self::condition(model, part)),
        GroundCondition::Compare { variable, operator, right, .. } => {
            format!("{} {} {}", name(model, *variable), symbol(*operator), operand(model, right))
        }
    }
}

/// `wood + 1`, `at := shop`.
pub fn effect(model: &Model, effect: &GroundEffect) -> String {
    let operator = match effect.kind {
        EffectKind::Set => ":=",
        EffectKind::Increase => "+",
        EffectKind::Decrease => "−",
    };
    format!("{} {operator} {}", name(model, effect.variable), operand(model, &effect.value))
}

/// `(go shop)`.
pub fn instance(model: &Model, instance: &GroundAction) -> String {
    let Some(action) = model.actions.get(instance.action) else { return String::new() };
    let binding = Binding { parameters: &action.parameters, arguments: &instance.arguments };
    let arguments = (0..action.parameters.len()).filter_map(|parameter| binding.argument(parameter));
    let words: Vec<&str> =
        std::iter::once(action.name.as_str()).chain(arguments.map(|one| one.text.as_str())).collect();
    format!("({})", words.join(" "))
}

fn operand(model: &Model, operand: &Operand) -> String {
    match operand {
        Operand::Value(value) => value.to_string(),
        Operand::Variable(variable) => name(model, *variable).to_owned(),
    }
}
