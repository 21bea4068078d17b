//! Whether an effect could leave its variable's range, and so keep its action from applying.

use super::grounded::{GroundEffect, Operand};
use super::model::{EffectKind, INT_MAX, Kind, Model, Value};

/// From an initial value within [`REST`], steps of at most this size stay within the natural bounds of an integer
/// in every plan that fits in memory.
const SMALL_STEP: i64 = 1 << 20;
/// Initial integers up to this magnitude are far from the natural bounds.
const REST: i64 = 1 << 52;
/// Initial floats up to this magnitude are far from the bounds of floats.
const FLOAT_REST: f64 = 1e300;

/// Whether the effect could leave its variable's range. Errs on the side of yes. O(symbols) for a copy
/// between enums, O(1) otherwise.
pub fn can_fail(model: &Model, effect: &GroundEffect) -> bool {
    let variable = &model.variables[effect.variable];
    match (&variable.kind, effect.kind, &effect.value) {
        // Constants that do not fit are errors of the document.
        (_, EffectKind::Set, Operand::Value(_)) => false,
        (kind, EffectKind::Set, Operand::Variable(other)) => !holds_all(kind, &model.variables[*other].kind),
        (Kind::Int(None), _, Operand::Value(Value::Int(step))) => {
            let far = matches!(variable.initial, Value::Int(value) if value.abs() <= REST);
            !far || step.abs() > SMALL_STEP
        }
        (Kind::Float(None), _, Operand::Value(Value::Float(step))) => {
            let far = matches!(variable.initial, Value::Float(value) if value.abs() <= FLOAT_REST);
            !far || step.abs() > FLOAT_REST
        }
        _ => true,
    }
}

/// Whether a variable of `kind` can hold whatever one of kind `from` holds.
fn holds_all(kind: &Kind, from: &Kind) -> bool {
    const NATURAL: (i64, i64) = (-INT_MAX, INT_MAX);
    match (kind, from) {
        (Kind::Bool, Kind::Bool) | (Kind::Float(None), Kind::Int(_) | Kind::Float(_)) => true,
        (Kind::Int(to), Kind::Int(from)) => {
            let ((low, high), (lowest, highest)) = (to.unwrap_or(NATURAL), from.unwrap_or(NATURAL));
            low <= lowest && highest <= high
        }
        (Kind::Float(Some((low, high))), Kind::Float(Some((lowest, highest)))) => {
            low <= lowest && highest <= high
        }
        (Kind::Float(Some((low, high))), Kind::Int(from)) => {
            let (lowest, highest) = from.unwrap_or(NATURAL);
            *low <= lowest as f64 && highest as f64 <= *high
        }
        (Kind::Enum(to), Kind::Enum(from)) => {
            let to: std::collections::HashSet<&String> = to.iter().collect();
            from.iter().all(|symbol| to.contains(symbol))
        }
        _ => false,
    }
}
