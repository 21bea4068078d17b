//! What was probably meant by a value that does not fit where it stands.

use super::super::model::{Kind, Value};
use super::super::syntax::{mended, quoted};
use crate::lang::nearest::nearest;

/// The bool that a word stands for: misspelled, in quotes, or of another language.
pub(super) fn bool(text: &str) -> Option<bool> {
    let text = text.trim().to_lowercase();
    let near = || nearest(&text, ["true", "false"].into_iter()).map(|near| near == "true");
    bool_in_quotes(&text).or_else(near)
}

/// The bool that a word stands for, where the word may also be a name.
pub(super) fn bool_in_quotes(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// The number that a text says, as JSON writes it; a comma counts as a point.
pub(super) fn number(text: &str) -> Option<String> {
    let text = text.trim();
    let looks_like_one = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let text = text.replacen(',', ".", 1);
    if looks_like_one {
        mended(&text).filter(|text| text.parse::<f64>().is_ok_and(f64::is_finite))
    } else {
        None
    }
}

/// What to write in place of `value` where a variable of `kind` wants another type.
pub(super) fn literal(kind: &Kind, value: &Value) -> Option<String> {
    match (kind, value) {
        (Kind::Bool, Value::Symbol(text)) => bool(text).map(|value| value.to_string()),
        (Kind::Bool, Value::Int(value @ (0 | 1))) => Some((*value == 1).to_string()),
        (Kind::Int(_), Value::Float(value)) if value.fract() == 0.0 && value.abs() < 9e15 => {
            Some((*value as i64).to_string())
        }
        (Kind::Int(_), Value::Symbol(text)) => number(text).filter(|text| text.parse::<i64>().is_ok()),
        (Kind::Float(_), Value::Symbol(text)) => number(text),
        _ => None,
    }
}

/// A value as the document writes it.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::Symbol(text) => quoted(text),
        value => value.to_string(),
    }
}
