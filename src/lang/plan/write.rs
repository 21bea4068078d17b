//! Writes plans as text.

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

/// The steps, one a line, then `; cost = N`, as it is given.
pub fn write(steps: &[Step], cost: &str) -> String {
    let mut out: String = steps.iter().map(|one| step(one) + "\n").collect();
    let _ = writeln!(out, "; cost = {cost}");
    out
}

/// A plan file for PDDL as Fast Downward writes it: the steps, one a line, then `; cost = N (unit cost)` or,
/// where steps have costs of their own, `; cost = N (general cost)`. The cost stands as it is given.
pub fn write_pddl(steps: &[Step], cost: &str, has_unit_costs: bool) -> String {
    let mut out: String = steps.iter().map(|one| pddl_step(one) + "\n").collect();
    let kind = if has_unit_costs { "unit" } else { "general" };
    let _ = writeln!(out, "; cost = {cost} ({kind} cost)");
    out
}

/// `(action arg …)` with names as PDDL has them.
pub fn pddl_step(step: &Step) -> String {
    let arguments: String = step.arguments.iter().map(|argument| format!(" {argument}")).collect();
    format!("({}{arguments})", step.action)
}

/// A name as it is, or in quotes where it would read as something else.
fn word(text: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"()\";".contains(c);
    let is_value = matches!(text, "true" | "false") || text.parse::<f64>().is_ok();
    if text.is_empty() || is_value || !text.chars().all(plain) { quoted(text) } else { text.to_owned() }
}
