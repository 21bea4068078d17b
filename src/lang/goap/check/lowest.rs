//! The lowest metric an action can have: a bounded variable may have any value of its range, any other variable has
//! its initial value.

use std::collections::BTreeMap;

use super::super::codes;
use super::super::model::{Action, Kind, Metric, Number, Value};
use super::super::resolve::{Binding, substitute};
use super::super::syntax::shortened;
use super::declared::Declared;
use crate::diagnostic::Diagnostic;

/// Below zero by less than this counts as zero: the engine's own scale is no finer than 10⁻⁹.
const TOLERANCE: f64 = 5e-10;

/// Reports an action whose metric can be negative under `binding`. Variables that could not be
/// resolved are left out; that is reported elsewhere.
pub(super) fn negative_metric(
    action: &Action,
    metric: &Metric,
    binding: Binding<'_>,
    declared: &Declared,
    buffer: &mut String,
) -> Option<Diagnostic> {
    let mut factors: BTreeMap<usize, f64> = BTreeMap::new();
    for (template, factor) in &action.cost.per {
        let variable = declared.find(substitute(template, binding, buffer))?;
        *factors.entry(variable).or_default() += factor.value;
    }
    let fixed = metric.fixed(action);
    let mut total = fixed;
    let mut magnitude = fixed.abs();
    let mut values = Vec::new();
    for (variable, factor) in factors {
        let weight = metric.cost.value * factor;
        let (lo, hi) = reach(declared, variable)?;
        let worst = if weight < 0.0 { hi } else { lo };
        total += weight * worst;
        magnitude += (weight * worst).abs();
        values.push(format!("{} = {worst}", shortened(&declared.variables[variable].name)));
    }
    // A metric that overflows is reported by the engine.
    if total.is_nan() || total >= -TOLERANCE.max(magnitude * 1e-15) {
        return None;
    }
    if let Some(weight) =
        [&metric.cost, &metric.duration, &metric.risk].into_iter().find(|one| one.value < 0.0)
    {
        return Some(negative_weight(weight, total, action));
    }
    values.insert(0, binding.describe());
    values.retain(|value| !value.is_empty());
    let under = if values.is_empty() { String::new() } else { format!(" with {}", values.join(", ")) };
    let message = format!("the metric of `{}` can be {total}{under}", shortened(&action.name));
    Some(
        Diagnostic::error(codes::NEGATIVE_METRIC, action.cost.span, message)
            .with_help("an action may not earn: raise its cost, or bound the variables it depends on"),
    )
}

/// The finding that a weight below zero makes an action earn.
fn negative_weight(weight: &Number, total: f64, action: &Action) -> Diagnostic {
    let (shown, name) = (shortened(&weight.text), shortened(&action.name));
    let right = weight.text.trim_start_matches('-');
    let message = format!("a weight of {shown} makes actions earn: the metric of `{name}` would be {total}");
    Diagnostic::error(codes::NEGATIVE_METRIC, weight.span, message)
        .with_help(
            "plans are made as cheap as they can be, and nothing is sought to be dear: weights are 0 or more",
        )
        .with_fix(format!("Change to {}", shortened(right)), weight.span, right)
}

/// The values over which a variable may range; its initial value where it is not bounded.
fn reach(declared: &Declared, variable: usize) -> Option<(f64, f64)> {
    let initial = match declared.variables[variable].initial {
        Value::Int(value) => value as f64,
        Value::Float(value) => value,
        Value::Bool(_) | Value::Symbol(_) => 0.0,
    };
    Some(match declared.kind(variable)? {
        Kind::Int(Some((lo, hi))) => (*lo as f64, *hi as f64),
        Kind::Float(Some((lo, hi))) => (*lo, *hi),
        _ => (initial, initial),
    })
}
