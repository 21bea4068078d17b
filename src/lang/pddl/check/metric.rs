//! `:metric`, and the changes that actions make to it, checked as far as they are known before grounding.

use std::collections::{BTreeMap, BTreeSet};

use super::super::codes;
use super::super::model::{
    Action, Arithmetic, Assignment, EffectKind, Expression, ExpressionKind, FunctionId, Metric, NumericChange,
};
use super::super::syntax::{NodeId, words};
use super::action::each_effect;
use super::declare::behind_head;
use super::needs::Need;
use super::world::World;
use crate::diagnostic::Span;

/// Code, place, message and help.
type Fault = (&'static str, Span, &'static str, String);

/// A numeric expression as a weighted sum of the fluents that actions change.
#[derive(Clone, Debug)]
struct Linear {
    /// `None`: it depends on numbers of the initial state.
    constant: Option<f64>,
    /// Factors by function; none where they are numbers of the initial state.
    factors: BTreeMap<FunctionId, Option<f64>>,
}

impl World {
    /// Reads `(:metric minimize …)`.
    pub(super) fn metric(&mut self, section: NodeId) {
        let mut cursor = behind_head(section, self);
        let direction = cursor.take(&self.tree);
        let number = cursor.take(&self.tree);
        let (Some(direction), Some(number), None) = (direction, number, cursor.peek()) else {
            let span = self.tree.head_span(section);
            let help = "write `(:metric minimize (total-cost))`";
            return self.error(codes::WRONG_PARTS, span, "a metric has a direction and a number", help);
        };
        let span = self.tree.opening(direction);
        match self.tree.word(direction) {
            Some(words::MINIMIZE) => self.minimized(number),
            Some(words::MAXIMIZE) => {
                let help = "minimize what is lost instead";
                self.error(codes::MAXIMIZE, span, "a metric to be maximized is not supported", help);
                // Its errors are errors all the same.
                self.expression(number);
            }
            _ => {
                let help = "write `(:metric minimize …)`";
                self.error(codes::WRONG_PARTS, span, "`minimize` is expected here", help);
            }
        }
    }

    fn minimized(&mut self, number: NodeId) {
        let leading = self.tree.word(number).or_else(|| self.tree.head(number));
        if leading == Some(words::TOTAL_TIME) && self.names.functions.find(words::TOTAL_TIME).is_none() {
            let span = self.tree.span(number);
            let help = "each step takes one unit of it; without a metric the plan is as short as well";
            return self.warn(codes::TOTAL_TIME, span, "the total time is the number of steps here", help);
        }
        let is_cost = leading == Some(words::TOTAL_COST);
        self.needs.note(if is_cost { Need::Costs } else { Need::Numeric }, self.tree.span(number));
        if let Some(number) = self.expression(number) {
            self.model.metric = Metric::Minimize(number);
        }
    }
}

/// Checks actions against the metric.
#[derive(Debug, Default)]
pub(super) struct Costs {
    next: usize,
    changed: BTreeSet<FunctionId>,
    metric: Option<BTreeMap<FunctionId, Option<f64>>>,
}

impl Costs {
    /// Looks at one action; whether there are more to look at.
    pub(super) fn advance(&mut self, world: &mut World) -> bool {
        let count = world.model.actions.len();
        if let Some(action) = world.model.actions.get(self.next) {
            each_change(action, &mut |change, _| {
                self.changed.insert(change.function);
            });
            self.next += 1;
            return true;
        }
        if self.next == count {
            self.metric = self.factors(world);
            self.next += 1;
            return true;
        }
        let Some(action) = world.model.actions.get(self.next - count - 1) else { return false };
        self.next += 1;
        let mut found = Vec::new();
        each_change(action, &mut |change, span| found.extend(self.judge(change, span, world)));
        if found.is_empty() {
            found.extend(self.decreasing(action, world));
        }
        for (code, span, message, help) in found {
            world.error(code, span, message, help);
        }
        true
    }

    /// Factors of the metric, where it is a weighted sum.
    fn factors(&self, world: &mut World) -> Option<BTreeMap<FunctionId, Option<f64>>> {
        let Metric::Minimize(number) = &world.model.metric else { return None };
        let linear = self.linear(number);
        if linear.is_none() {
            let span = number.span;
            let help = "minimize a sum of functions, each times a number that no action changes";
            let message = "a metric that is not a weighted sum is not supported";
            world.error(codes::NONLINEAR_METRIC, span, message, help);
        }
        linear.map(|linear| linear.factors)
    }

    /// What is wrong with a change, whatever else its action does.
    fn judge(&self, change: &NumericChange, span: Span, world: &World) -> Option<Fault> {
        let is_total_cost = world.model.total_cost() == Some(change.function);
        is_total_cost.then(|| cost_fault(change, &self.amount(&change.value, world), span, world)).flatten()
    }

    /// What is wrong with an action that only decreases the metric, in every state. All other costs are checked
    /// where they arise: in the search and in the validator.
    fn decreasing(&self, action: &Action, world: &World) -> Option<Fault> {
        let factors = self.metric.as_ref()?;
        let (mut first, mut is_open) = (None, false);
        each_change(action, &mut |change, span| {
            let Some(&factor) = factors.get(&change.function) else { return };
            let by = factor.zip(self.amount(&change.value, world).constant);
            let by = by.map(|(factor, amount)| factor * amount);
            match (change.assignment, by) {
                (Assignment::Increase, Some(by)) if by < 0.0 => first = first.or(Some(span)),
                (Assignment::Decrease, Some(by)) if by > 0.0 => first = first.or(Some(span)),
                (_, Some(0.0)) => {}
                _ => is_open |= factor != Some(0.0),
            }
        });
        first.filter(|_| !is_open).map(|span| {
            let message = "this can decrease the metric, which is not supported";
            let help = "minimize something that no action decreases".to_owned();
            (codes::DECREASING_METRIC, span, message, help)
        })
    }

    fn amount(&self, value: &Expression, world: &World) -> Amount {
        let linear = self.linear(value);
        let constant = linear.and_then(|linear| linear.constant.filter(|_| linear.factors.is_empty()));
        let negative = match (&value.kind, constant) {
            (_, Some(constant)) if constant < 0.0 => Negative::Written,
            (ExpressionKind::Fluent(function, _), None) if !self.changed.contains(function) => {
                let before = world.negative.get(function.0 as usize).copied().flatten();
                before.map_or(Negative::No, Negative::Initially)
            }
            _ => Negative::No,
        };
        Amount { constant, negative }
    }

    /// A number as a weighted sum. Recursion is bounded by the depth of expressions.
    fn linear(&self, number: &Expression) -> Option<Linear> {
        let constant = |constant| Some(Linear { constant, factors: BTreeMap::new() });
        match &number.kind {
            ExpressionKind::Number(number) => constant(Some(*number)),
            ExpressionKind::Fluent(function, _) if !self.changed.contains(function) => constant(None),
            ExpressionKind::Fluent(function, _) => {
                let factors = BTreeMap::from([(*function, Some(1.0))]);
                Some(Linear { constant: Some(0.0), factors })
            }
            ExpressionKind::Negate(inner) => Some(self.linear(inner)?.times(Some(-1.0))),
            ExpressionKind::Binary(operation, sides) => {
                let (left, right) = (self.linear(&sides[0])?, self.linear(&sides[1])?);
                match operation {
                    Arithmetic::Add => Some(left.plus(right)),
                    Arithmetic::Subtract => Some(left.plus(right.times(Some(-1.0)))),
                    Arithmetic::Multiply if right.factors.is_empty() => Some(left.times(right.constant)),
                    Arithmetic::Multiply if left.factors.is_empty() => Some(right.times(left.constant)),
                    Arithmetic::Divide if right.factors.is_empty() => {
                        Some(left.times(right.constant.map(|constant| 1.0 / constant)))
                    }
                    Arithmetic::Multiply | Arithmetic::Divide => None,
                }
            }
        }
    }
}

/// How a number is known to be negative.
enum Negative {
    No,
    /// It is written as a negative number.
    Written,
    /// The initial state gives it a negative value at this place.
    Initially(Span),
}

/// By how much a fluent changes.
struct Amount {
    /// The number, where it is written out.
    constant: Option<f64>,
    negative: Negative,
}

/// What is wrong with a change of `total-cost`.
fn cost_fault(change: &NumericChange, amount: &Amount, span: Span, world: &World) -> Option<Fault> {
    let message = "this decreases `total-cost`";
    let help = "`total-cost` can only increase, by numbers that are not negative".to_owned();
    let place = change.value.span;
    match (change.assignment, &amount.negative) {
        (Assignment::Decrease, _) => Some((codes::NEGATIVE_COST, span, message, help)),
        (Assignment::Increase, Negative::Written) => Some((codes::NEGATIVE_COST, place, message, help)),
        (Assignment::Increase, Negative::Initially(before)) => {
            let help = format!("the number is negative in {}", world.line(*before, span));
            Some((codes::NEGATIVE_COST, place, message, help))
        }
        _ => None,
    }
}

impl Linear {
    fn times(mut self, factor: Option<f64>) -> Self {
        let product = |one: Option<f64>| Some(one? * factor?);
        self.constant = product(self.constant);
        self.factors.values_mut().for_each(|one| *one = product(*one));
        self
    }

    fn plus(mut self, other: Self) -> Self {
        self.constant = self.constant.zip(other.constant).map(|(one, other)| one + other);
        for (function, factor) in other.factors {
            let own = self.factors.entry(function).or_insert(Some(0.0));
            *own = own.zip(factor).map(|(one, other)| one + other);
        }
        self
    }
}

fn each_change(action: &Action, visit: &mut dyn FnMut(&NumericChange, Span)) {
    each_effect(&action.effects, &mut |effect| {
        if let EffectKind::Change(change) = &effect.kind {
            visit(change, effect.span);
        }
    });
}
