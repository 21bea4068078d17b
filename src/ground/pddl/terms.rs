//! Terms, literals and numbers of the model, with slots of an environment in place of its variables.

use super::lifted::{Arg, FALSE, Literal, Nnf, Number, TRUE};
use crate::lang::pddl::model::{Arithmetic, Expression, ExpressionKind, Term};
use crate::task;

/// Where the model's variables went.
pub(super) struct Scope {
    pub(super) slots: Vec<u32>,
    pub(super) next: u32,
}

/// A number of the model.
pub(super) fn number(expression: &Expression, scope: &Scope) -> Number {
    match &expression.kind {
        ExpressionKind::Number(value) => Number::Constant(*value),
        ExpressionKind::Fluent(function, terms) => {
            Number::Fluent(function.0, terms.iter().map(|&term| arg(term, scope)).collect())
        }
        ExpressionKind::Negate(inner) => {
            let sides = [Number::Constant(0.0), number(inner, scope)];
            Number::Binary(task::Arithmetic::Subtract, Box::new(sides))
        }
        ExpressionKind::Binary(operator, sides) => {
            let operator = match operator {
                Arithmetic::Add => task::Arithmetic::Add,
                Arithmetic::Subtract => task::Arithmetic::Subtract,
                Arithmetic::Multiply => task::Arithmetic::Multiply,
                Arithmetic::Divide => task::Arithmetic::Divide,
            };
            let sides = [number(&sides[0], scope), number(&sides[1], scope)];
            Number::Binary(operator, Box::new(sides))
        }
    }
}

pub(super) fn arg(term: Term, scope: &Scope) -> Arg {
    match term {
        Term::Variable(variable) => Arg::variable(scope.slots[variable as usize]),
        Term::Object(object) => Arg::object(object.0),
    }
}

pub(super) fn literal(symbol: u32, terms: &[Term], is_positive: bool, scope: &Scope) -> Literal {
    Literal { symbol, arguments: terms.iter().map(|&term| arg(term, scope)).collect(), is_positive }
}

pub(super) fn equal(left: Arg, right: Arg, is_positive: bool) -> Nnf {
    if left == right {
        return if is_positive { TRUE } else { FALSE };
    }
    if left.slot().is_none() && right.slot().is_none() {
        return if is_positive { FALSE } else { TRUE };
    }
    Nnf::Equal { left, right, is_positive }
}
