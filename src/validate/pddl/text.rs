//! Atoms, fluents and conditions in PDDL's own words, with objects in place of variables.

use super::scope::Scope;
use crate::lang::pddl::model::{
    Condition, Expression, ExpressionKind, FunctionId, ObjectId, PredicateId, TypeId,
};
use crate::lang::pddl::{Model, text};

/// Characters of a condition shown at most.
const SHOWN_MAX: usize = 300;

/// `truck or plane`.
pub(super) fn types(model: &Model, types: &[TypeId]) -> String {
    let names: Vec<&str> = types.iter().map(|one| model.types[one.0 as usize].name.as_str()).collect();
    names.join(" or ")
}

/// `(on a b)` of the key of an atom.
pub(super) fn key_of_atom(model: &Model, key: &[u32]) -> String {
    text::atom(model, super::state::predicate_of(key), &objects(key))
}

/// `(fuel t)` of the key of a fluent.
pub(super) fn key_of_fluent(model: &Model, key: &[u32]) -> String {
    text::fluent(model, FunctionId(key[0]), &objects(key))
}

/// `(on a b)` or `(fuel t)` of a key of [`touch`](super::touch).
pub(super) fn key_of_touched(model: &Model, key: &[u32]) -> String {
    let index = key[0] / 2;
    if key[0].is_multiple_of(2) {
        text::atom(model, PredicateId(index), &objects(key))
    } else {
        text::fluent(model, FunctionId(index), &objects(key))
    }
}

fn objects(key: &[u32]) -> Vec<ObjectId> {
    key[1..].iter().map(|&word| ObjectId(word)).collect()
}

/// A text cut off where it grows too long.
pub(super) fn shortened(text: String) -> String {
    match text.char_indices().nth(SHOWN_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// A condition; the variables in scope that occur in it are added to `variables`.
pub(super) fn condition(
    model: &Model,
    scope: &Scope<'_>,
    condition: &Condition,
    variables: &mut Vec<u32>,
) -> String {
    text::condition(model, condition, &mut |variable| object_of(model, scope, variable, variables))
}

/// An expression; the variables in scope that occur in it are added to `variables`.
pub(super) fn expression(
    model: &Model,
    scope: &Scope<'_>,
    expression: &Expression,
    variables: &mut Vec<u32>,
) -> String {
    text::expression(model, expression, &mut |variable| object_of(model, scope, variable, variables))
}

fn object_of(model: &Model, scope: &Scope<'_>, variable: u32, variables: &mut Vec<u32>) -> String {
    variables.push(variable);
    scope.objects.get(variable as usize).map_or("", |&object| text::object_name(model, object)).to_owned()
}

/// Calls `each` with every fluent that an expression reads.
pub(super) fn fluents<'e>(expression: &'e Expression, each: &mut dyn FnMut(&'e Expression)) {
    match &expression.kind {
        ExpressionKind::Number(_) => {}
        ExpressionKind::Fluent(..) => each(expression),
        ExpressionKind::Negate(part) => fluents(part, each),
        ExpressionKind::Binary(_, parts) => parts.iter().for_each(|part| fluents(part, each)),
    }
}
