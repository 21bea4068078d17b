//! Writes conditions in words, and names with their arguments in place.

use crate::diagnostic::Span;
use crate::lang::goap::model::{Argument, Condition, Piece, Template, Term};
use crate::lang::goap::text::symbol;

/// `condition` with its arguments in place; collects the variables it names and the place it has
/// in the source.
pub(super) fn describe(
    condition: &Condition,
    arguments: &[&Argument],
    names: &mut Vec<String>,
    span: &mut Option<Span>,
) -> String {
    let mut list = |parts: &[Condition]| {
        let parts: Vec<_> = parts.iter().map(|part| describe(part, arguments, names, span)).collect();
        parts.join(", ")
    };
    match condition {
        Condition::All(parts) => format!("all({})", list(parts)),
        Condition::Any(parts) => format!("any({})", list(parts)),
        Condition::Not(part) => format!("not({})", list(std::slice::from_ref(part))),
        Condition::Compare(comparison) => {
            *span = Some(span.map_or(comparison.span, |span| span.to(comparison.span)));
            let left = fill(&comparison.variable, arguments);
            let right = match &comparison.right {
                Term::Literal(value) => value.to_string(),
                Term::Parameter(parameter) => {
                    arguments.get(*parameter).map_or(String::new(), |one| one.value.to_string())
                }
                Term::Symbol(template) | Term::Variable(template) => fill(template, arguments),
            };
            let text = format!("{left} {} {right}", symbol(comparison.operator));
            let other = matches!(comparison.right, Term::Variable(_)).then_some(right);
            for name in std::iter::once(left).chain(other) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            text
        }
    }
}

/// The text of `template` with the arguments in place.
pub(super) fn fill(template: &Template, arguments: &[&Argument]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Parameter(parameter) => {
            arguments.get(*parameter).map_or(String::new(), |one| one.text.clone())
        }
    };
    template.pieces.iter().map(text).collect()
}
