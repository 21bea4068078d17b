//! Conditions, effects and costs in one state. Everything reads the state before the action.

use crate::diagnostic::Span;
use crate::lang::goap::model::{
    Action, Argument, Comparator, Comparison, Condition, Effect, EffectKind, INT_MAX, Kind, Template, Term,
    Value,
};
use crate::lang::plan::{self, Step};

use super::super::{Reason, Violation};
use super::describe::{describe, fill};
use super::{State, Validator};

/// A cost below zero by less than this counts as zero: sums of decimals are rounded.
const ROUNDING: f64 = 5e-10;

/// What a step does to a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The state after it.
    pub state: State,
    /// Its metric.
    pub metric: f64,
    /// The variables whose values differ, by index.
    pub changes: Vec<Change>,
}

/// A variable that a step changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Index into `Model::variables`; of a [`Plan`](crate::plan::Plan), into its own variables.
    pub variable: usize,
    /// Its value before.
    pub from: Value,
    /// Its value after.
    pub to: Value,
}

/// What is wrong and where; the step is added by the caller.
type Fault = (Span, Reason);

/// An action with its arguments.
pub(super) struct Bound<'m> {
    pub action: &'m Action,
    pub arguments: Vec<&'m Argument>,
}

impl<'m> Validator<'m> {
    /// Whether `step` can be taken in `state`.
    ///
    /// # Errors
    /// The first thing that stands in the way.
    pub fn applicable(&self, state: &State, step: &Step) -> Result<(), Violation> {
        self.apply(state, step).map(drop)
    }

    /// Takes `step` in `state`.
    ///
    /// # Errors
    /// The first thing that stands in the way.
    pub fn apply(&self, state: &State, step: &Step) -> Result<Applied, Violation> {
        self.bind(step)
            .and_then(|bound| self.apply_bound(state, &bound))
            .map_err(|(span, reason)| Violation { step: 0, action: plan::step(step), span, reason })
    }

    /// The metric of `step` in `state`, applicable or not.
    ///
    /// # Errors
    /// Where there is no such step, or its metric is negative or not finite.
    pub fn metric_of(&self, state: &State, step: &Step) -> Result<f64, Violation> {
        let fault = |(span, reason)| Violation { step: 0, action: plan::step(step), span, reason };
        self.bind(step).and_then(|bound| self.metric(state, &bound)).map_err(fault)
    }

    /// Whether a condition without parameters, as goals have, holds.
    ///
    /// # Errors
    /// The first part that does not hold.
    pub fn holds(&self, state: &State, condition: &Condition) -> Result<(), Violation> {
        let fault = |(span, reason)| Violation { step: 0, action: String::new(), span, reason };
        self.complete(state).and_then(|()| self.demand(state, condition, &[])).map_err(fault)
    }

    fn complete(&self, state: &State) -> Result<(), Fault> {
        let (expected, found) = (self.model.variables.len(), state.values.len());
        if expected == found { Ok(()) } else { Err((Span::default(), Reason::State { expected, found })) }
    }

    fn bind(&self, step: &Step) -> Result<Bound<'m>, Fault> {
        let unknown = || (Span::default(), Reason::UnknownAction { action: step.action.clone() });
        let index = self.actions.get(step.action.as_str()).ok_or_else(unknown)?;
        let action = &self.model.actions[*index];
        let (expected, found) = (action.parameters.len(), step.arguments.len());
        if expected != found {
            return Err((action.span, Reason::ArgumentCount { expected, found }));
        }
        let mut arguments = Vec::with_capacity(found);
        for (parameter, value) in action.parameters.iter().zip(&step.arguments) {
            let argument = parameter.values.iter().find(|argument| same(&argument.value, value));
            let reason =
                || Reason::UnknownArgument { parameter: parameter.name.clone(), value: value.to_string() };
            arguments.push(argument.ok_or_else(|| (parameter.span, reason()))?);
        }
        Ok(Bound { action, arguments })
    }

    pub(super) fn apply_bound(&self, state: &State, bound: &Bound<'m>) -> Result<Applied, Fault> {
        self.complete(state)?;
        self.demand(state, &bound.action.precondition, &bound.arguments)?;
        let mut after = state.clone();
        let mut written = vec![false; state.values.len()];
        for effect in &bound.action.effects {
            let variable = self.variable(&effect.variable, &bound.arguments)?;
            if std::mem::replace(&mut written[variable], true) {
                let variable = self.model.variables[variable].name.clone();
                return Err((effect.span, Reason::WrittenTwice { variable }));
            }
            after.values[variable] = self.outcome(state, variable, effect, &bound.arguments)?;
        }
        let metric = self.metric(state, bound)?;
        let pairs = state.values.iter().zip(&after.values).enumerate();
        let changes = pairs
            .filter(|(_, (from, to))| from != to)
            .map(|(variable, (from, to))| Change { variable, from: from.clone(), to: to.clone() })
            .collect();
        Ok(Applied { state: after, metric, changes })
    }

    /// Fails with the first part of `condition` that does not hold.
    fn demand(&self, state: &State, condition: &Condition, arguments: &[&Argument]) -> Result<(), Fault> {
        if let Condition::All(parts) = condition {
            return parts.iter().try_for_each(|part| self.demand(state, part, arguments));
        }
        if self.is_true(state, condition, arguments)? {
            return Ok(());
        }
        let (mut names, mut span) = (Vec::new(), None);
        let text = describe(condition, arguments, &mut names, &mut span);
        let actual: Vec<String> = names
            .into_iter()
            .filter_map(|name| {
                Some(format!("{name} = {}", state.values[*self.variables.get(name.as_str())?]))
            })
            .collect();
        Err((span.unwrap_or_default(), Reason::Unmet { condition: text, actual: actual.join(", ") }))
    }

    fn is_true(&self, state: &State, condition: &Condition, arguments: &[&Argument]) -> Result<bool, Fault> {
        match condition {
            Condition::All(parts) => {
                for part in parts {
                    if !self.is_true(state, part, arguments)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Condition::Any(parts) => {
                for part in parts {
                    if self.is_true(state, part, arguments)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Condition::Not(part) => Ok(!self.is_true(state, part, arguments)?),
            Condition::Compare(comparison) => self.compare(state, comparison, arguments),
        }
    }

    fn compare(
        &self,
        state: &State,
        comparison: &Comparison,
        arguments: &[&Argument],
    ) -> Result<bool, Fault> {
        let left = &state.values[self.variable(&comparison.variable, arguments)?];
        let right = self.value(state, &comparison.right, arguments, comparison.span)?;
        let (Some(a), Some(b)) = (number(left), number(&right)) else {
            return Ok(match comparison.operator {
                Comparator::Equal => *left == right,
                Comparator::NotEqual => *left != right,
                _ => false,
            });
        };
        Ok(match comparison.operator {
            Comparator::Equal => same(left, &right),
            Comparator::NotEqual => !same(left, &right),
            Comparator::Less => a < b,
            Comparator::AtMost => a <= b,
            Comparator::Greater => a > b,
            Comparator::AtLeast => a >= b,
        })
    }

    /// The value an effect gives its variable.
    fn outcome(
        &self,
        state: &State,
        index: usize,
        effect: &Effect,
        arguments: &[&Argument],
    ) -> Result<Value, Fault> {
        let right = self.value(state, &effect.value, arguments, effect.span)?;
        let variable = &self.model.variables[index];
        let sign = if effect.kind == EffectKind::Decrease { -1 } else { 1 };
        let value = match (&variable.kind, effect.kind, &state.values[index], &right) {
            (Kind::Float(_), EffectKind::Set, _, Value::Int(value)) => Value::Float(*value as f64),
            (_, EffectKind::Set, _, _) => right,
            (_, _, Value::Int(left), Value::Int(right)) => {
                Value::Int(left.saturating_add(right.saturating_mul(sign)))
            }
            (_, _, left, right) => {
                let sum = number(left).zip(number(right)).map(|(left, right)| left + sign as f64 * right);
                Value::Float(sum.unwrap_or(f64::NAN))
            }
        };
        if !can_hold(&variable.kind, &value) {
            let reason = Reason::OutOfRange { variable: variable.name.clone(), value: value.to_string() };
            return Err((effect.span, reason));
        }
        Ok(match value {
            // Minus zero becomes zero, so that equal states have equal bits.
            Value::Float(value) => Value::Float(value + 0.0),
            value => value,
        })
    }

    fn metric(&self, state: &State, bound: &Bound<'m>) -> Result<f64, Fault> {
        self.complete(state)?;
        let cost = &bound.action.cost;
        let (mut sum, mut magnitude) = (cost.base.value, cost.base.value.abs());
        for (template, factor) in &cost.per {
            let value = &state.values[self.variable(template, &bound.arguments)?];
            let part = factor.value * number(value).unwrap_or(f64::NAN);
            sum += part;
            magnitude += part.abs();
        }
        let weights = &self.model.metric;
        let risk = -libm::log(f64::from(bound.action.confidence) / 100.0);
        let metric = weights.cost.value * sum
            + weights.duration.value * bound.action.duration.value
            + weights.risk.value * risk;
        let rounding = ROUNDING.max(weights.cost.value.abs() * magnitude * 1e-15);
        if !metric.is_finite() || metric < -rounding {
            return Err((cost.span, Reason::Metric { metric: metric.to_string() }));
        }
        Ok(metric.max(0.0))
    }

    pub(super) fn variable(&self, template: &Template, arguments: &[&Argument]) -> Result<usize, Fault> {
        let name = fill(template, arguments);
        let found = self.variables.get(name.as_str()).copied();
        found.ok_or((template.span, Reason::Undeclared { name }))
    }

    fn value(&self, state: &State, term: &Term, arguments: &[&Argument], span: Span) -> Result<Value, Fault> {
        match term {
            Term::Literal(value) => Ok(value.clone()),
            Term::Parameter(parameter) => {
                let argument = arguments.get(*parameter).map(|argument| argument.value.clone());
                argument.ok_or((span, Reason::Undeclared { name: format!("${parameter}") }))
            }
            Term::Symbol(template) => Ok(Value::Symbol(fill(template, arguments))),
            Term::Variable(template) => Ok(state.values[self.variable(template, arguments)?].clone()),
        }
    }
}

/// Whether a variable of this kind can hold `value`.
fn can_hold(kind: &Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Bool, Value::Bool(_)) => true,
        (Kind::Int(range), Value::Int(value)) => {
            let (lo, hi) = range.unwrap_or((-INT_MAX, INT_MAX));
            (lo..=hi).contains(value)
        }
        (Kind::Float(range), Value::Float(value)) => {
            value.is_finite() && range.is_none_or(|(lo, hi)| (lo..=hi).contains(value))
        }
        (Kind::Enum(symbols), Value::Symbol(value)) => symbols.contains(value),
        _ => false,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        Value::Bool(_) | Value::Symbol(_) => None,
    }
}

/// Equality of values, numbers by what they stand for.
#[expect(clippy::float_cmp, reason = "equality of floats is what the format asks for")]
fn same(a: &Value, b: &Value) -> bool {
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}
