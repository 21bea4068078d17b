//! Reads numeric expressions: constants, fluents, and operations on them.

use super::super::codes;
use super::super::model::{Arithmetic, DEPTH_MAX, Expression, ExpressionKind, FunctionId, Parameter, Term};
use super::super::syntax::{Cursor, NodeId, Symbol, words};
use super::arguments::Owner;
use super::declare::behind_head;
use super::needs::Need;
use super::world::World;
use crate::diagnostic::Span;

/// Operands of one operation, at most.
const OPERANDS_MAX: usize = 1 << 14;

/// Operands of a sum or product that nest to the left; longer ones nest in groups of so many.
const GROUP: usize = 32;

impl World {
    /// The number that a word spells.
    pub(super) fn number(&self, node: NodeId) -> Option<f64> {
        let text = self.tree.name(node);
        let begins = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
        if !begins || !text.ends_with(|c: char| c.is_ascii_digit() || c == '.') {
            return None;
        }
        text.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// Whether this is to be read as a number, where an object may stand as well.
    pub(super) fn is_numeric(&self, node: NodeId) -> bool {
        let Some(symbol) = self.tree.word(node) else { return self.tree.is_list(node) };
        let is_term = self.names.objects.find(symbol).is_some() || self.scope.find(symbol).is_some();
        !is_term && (self.number(node).is_some() || self.names.functions.find(symbol).is_some())
    }

    /// Reads a number. None where it cannot be read, which is reported.
    pub(super) fn expression(&mut self, node: NodeId) -> Option<Expression> {
        let (expression, depth) = self.nested_expression(node)?;
        if depth > DEPTH_MAX {
            let help = "compute parts of it in functions of their own";
            let span = self.tree.opening(node);
            self.error(codes::NESTED_TOO_DEEP, span, "this number is nested too deep", help);
            return None;
        }
        Some(expression)
    }

    fn nested_expression(&mut self, node: NodeId) -> Option<(Expression, usize)> {
        self.nodes_made += 1;
        let span = self.tree.span(node);
        if let Some(number) = self.number(node) {
            return Some((Expression { kind: ExpressionKind::Number(number), span }, 1));
        }
        let Some(symbol) = self.tree.word(node).or_else(|| self.tree.head(node)) else {
            let help = "write a number, `(function …)`, or an operation such as `(+ 1 2)`";
            let span = self.tree.opening(node);
            self.error(codes::BAD_NUMBER, span, "a number is expected here", help);
            return None;
        };
        let is_list = self.tree.is_list(node);
        let operation = match symbol {
            words::PLUS => Some(Arithmetic::Add),
            words::MINUS => Some(Arithmetic::Subtract),
            words::TIMES => Some(Arithmetic::Multiply),
            words::DIVIDE => Some(Arithmetic::Divide),
            _ => None,
        };
        if let Some(operation) = operation.filter(|_| is_list) {
            return self.operation(node, operation);
        }
        let (function, arguments) = self.fluent(node, symbol)?;
        Some((Expression { kind: ExpressionKind::Fluent(function, arguments), span }, 1))
    }

    fn operation(&mut self, list: NodeId, operation: Arithmetic) -> Option<(Expression, usize)> {
        let span = self.tree.span(list);
        let mut cursor = behind_head(list, self);
        let (mut operands, mut count) = (Vec::new(), 0);
        while let Some(item) = cursor.take(&self.tree) {
            if count == OPERANDS_MAX {
                self.too_many(self.tree.span(item), OPERANDS_MAX, "operands");
                return None;
            }
            operands.extend(self.nested_expression(item));
            count += 1;
        }
        let fits = match operation {
            Arithmetic::Add | Arithmetic::Multiply => count >= 1,
            Arithmetic::Subtract => count == 1 || count == 2,
            Arithmetic::Divide => count == 2,
        };
        if !fits {
            let help = "`+` and `*` take two or more numbers, `-` one or two, and `/` two";
            let plural = if count == 1 { "number stands" } else { "numbers stand" };
            self.error(codes::WRONG_PARTS, span, format!("{count} {plural} in this operation"), help);
        }
        if !fits || operands.len() < count {
            return None;
        }
        if operation != Arithmetic::Subtract || count > 1 {
            return fold(operands, operation, span);
        }
        let (operand, depth) = operands.pop()?;
        Some((Expression { kind: ExpressionKind::Negate(Box::new(operand)), span }, depth + 1))
    }

    /// The fluent that a list, or a word alone, names.
    pub(super) fn fluent(&mut self, node: NodeId, symbol: Symbol) -> Option<(FunctionId, Vec<Term>)> {
        let span = self.tree.span(node);
        let mut cursor = self.tree.cursor(node);
        let name = cursor.take(&self.tree).unwrap_or(node);
        let function = self.function_named(name, symbol, cursor)?;
        if self.is_object_fluent[function as usize] {
            // Reported where it is declared.
            return None;
        }
        let function = FunctionId(function);
        let arguments = self.arguments(Owner::Function(function), cursor, span)?;
        Some((function, arguments))
    }

    /// The function of a name. Reported where there is none.
    pub(super) fn function_named(&mut self, name: NodeId, symbol: Symbol, arguments: Cursor) -> Option<u32> {
        let found = self.names.functions.find(symbol).or_else(|| self.implicit(symbol, name, arguments));
        if found.is_none() {
            self.no_function(name, symbol);
        }
        found
    }

    /// Declares `total-cost` where it is used without a declaration.
    fn implicit(&mut self, symbol: Symbol, name: NodeId, arguments: Cursor) -> Option<u32> {
        if symbol != words::TOTAL_COST || arguments.peek().is_some() || self.gaps.functions {
            return None;
        }
        let span = self.tree.span(name);
        let help = "add `(:functions (total-cost) - number)` to the domain";
        self.warn(codes::IMPLICIT_TOTAL_COST, span, "the function `total-cost` is not declared", help);
        let text = self.tree.symbols.text(symbol).to_owned();
        self.add_function(symbol, text, Vec::<Parameter>::new(), span);
        self.names.functions.find(symbol)
    }

    fn no_function(&mut self, name: NodeId, symbol: Symbol) {
        let span = self.tree.span(name);
        let starts_number = self.tree.name(name).starts_with(|c: char| c.is_ascii_digit());
        match symbol {
            words::ELAPSED => self.unsupported(Need::Continuous, span),
            words::TOTAL_TIME | words::VARIABLE_DURATION => self.unsupported(Need::Temporal, span),
            words::IS_VIOLATED => self.unsupported(Need::Preferences, span),
            _ if starts_number || self.tree.name(name).starts_with('-') => {
                let message = format!("`{}` is not a number", self.tree.name(name));
                let help = "write numbers as `12` or `0.5`";
                self.error(codes::BAD_NUMBER, span, message, help);
            }
            _ => self.unknown_function(name),
        }
    }

    /// Reports what is not supported.
    pub(super) fn unsupported(&mut self, need: Need, span: Span) {
        self.needs.note(need, span);
        let (code, message, help) = match need {
            Need::Timed => (
                codes::TIMED_LITERALS,
                "facts that come true at a point in time are not supported",
                "leave them out, or model time as a number that actions increase",
            ),
            Need::Preferences => {
                (codes::PREFERENCES, "preferences are not supported", "make it a goal, or leave it out")
            }
            Need::Constraints => (
                codes::CONSTRAINTS,
                "constraints on the way to the goal are not supported",
                "keep track of them with a predicate that actions change",
            ),
            Need::ObjectFluents => (
                codes::OBJECT_FLUENTS,
                "functions whose values are objects are not supported",
                "use a predicate with one more parameter",
            ),
            Need::Continuous => (
                codes::CONTINUOUS,
                "processes, events and continuous change are not supported",
                "use actions that change numbers at once",
            ),
            _ => (
                codes::TEMPORAL,
                "durations and points in time are not supported",
                "use `:action`, and `total-cost` for what it costs",
            ),
        };
        self.error(code, span, message, help);
    }
}

/// A sum or product of operands with their depths. Up to [`GROUP`] of them nest to the left.
fn fold(
    mut operands: Vec<(Expression, usize)>,
    operation: Arithmetic,
    span: Span,
) -> Option<(Expression, usize)> {
    while operands.len() > 1 {
        let mut groups: Vec<(Expression, usize)> = Vec::with_capacity(operands.len() / GROUP + 1);
        for (index, (operand, depth)) in operands.into_iter().enumerate() {
            let left = if index % GROUP == 0 { None } else { groups.pop() };
            groups.push(match left {
                Some((left, deep)) => {
                    let kind = ExpressionKind::Binary(operation, Box::new([left, operand]));
                    (Expression { kind, span }, deep.max(depth) + 1)
                }
                None => (operand, depth),
            });
        }
        operands = groups;
    }
    operands.pop()
}
