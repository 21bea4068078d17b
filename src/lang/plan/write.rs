//! Plans to text.

use std::fmt::Write;

use super::super::goap::model::Value;
use super::super::goap::syntax::quoted;
use super::Step;

/// `(action arg …)`.
pub fn step(step: &Step) -> String {
    let mut out = format!("({}", word(&step.action));
    for argument in &step.arguments {
        out.push(' ');
        match argument {
            Value::Symbol(symbol) => out.push_str(&word(symbol)),
            value => {
                let _ = write!(out, "{value}");
            }
        }
    }
    out.push(')');
    out
}

/// The steps, one a line, then `; cost = N`.
pub fn write(steps: &[Step], cost: f64) -> String {
    let mut out: String = steps.iter().map(|one| step(one) + "\n").collect();
    let _ = writeln!(out, "; cost = {cost}");
    out
}

/// A name as it is, or in quotes where it would read as something else.
fn word(text: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"()\";".contains(c);
    let is_value = matches!(text, "true" | "false") || text.parse::<f64>().is_ok();
    if text.is_empty() || is_value || !text.chars().all(plain) { quoted(text) } else { text.to_owned() }
}
