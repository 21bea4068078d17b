//! Atoms, fluents and conditions in PDDL's own words, with objects in place of variables.

use super::scope::Scope;
use crate::lang::pddl::Model;
use crate::lang::pddl::model::{
    Arithmetic, Comparator, Condition, ConditionKind, Expression, ExpressionKind, Quantified, Term, TypeId,
};

/// Characters of a condition shown at most.
const SHOWN_MAX: usize = 300;

/// `truck or plane`.
pub(super) fn types(model: &Model, types: &[TypeId]) -> String {
    let names: Vec<&str> = types.iter().map(|one| model.types[one.0 as usize].name.as_str()).collect();
    names.join(" or ")
}

/// `(on a b)` of the key of an atom.
pub(super) fn key_of_atom(model: &Model, key: &[u32]) -> String {
    row(model, &model.predicates[super::state::predicate_of(key).0 as usize].name, key)
}

/// `(fuel t)` of the key of a fluent.
pub(super) fn key_of_fluent(model: &Model, key: &[u32]) -> String {
    row(model, &model.functions[key[0] as usize].name, key)
}

/// The same of what [`touch`](super::touch) calls either.
pub(super) fn key_of_touched(model: &Model, key: &[u32]) -> String {
    let index = key[0] as usize / 2;
    let name =
        if key[0].is_multiple_of(2) { &model.predicates[index].name } else { &model.functions[index].name };
    row(model, name, key)
}

fn row(model: &Model, name: &str, key: &[u32]) -> String {
    let objects = key[1..].iter().map(|&word| model.objects[word as usize].name.clone());
    list(name, objects.collect())
}

/// A text cut off where it grows too long.
pub(super) fn shortened(text: String) -> String {
    match text.char_indices().nth(SHOWN_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// A condition; `variables` takes those that occur in it.
pub(super) fn condition(
    model: &Model,
    scope: &Scope<'_>,
    condition: &Condition,
    variables: &mut Vec<u32>,
) -> String {
    Writer { model, scope, inner: Vec::new(), variables }.condition(condition)
}

/// An expression; `variables` takes those that occur in it.
pub(super) fn expression(
    model: &Model,
    scope: &Scope<'_>,
    expression: &Expression,
    variables: &mut Vec<u32>,
) -> String {
    Writer { model, scope, inner: Vec::new(), variables }.expression(expression)
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

struct Writer<'w> {
    model: &'w Model,
    scope: &'w Scope<'w>,
    /// Names of the variables of quantifiers inside.
    inner: Vec<String>,
    variables: &'w mut Vec<u32>,
}

impl Writer<'_> {
    fn condition(&mut self, condition: &Condition) -> String {
        let mut all = |word: &str, parts: &[Condition]| {
            let parts = parts.iter().map(|part| self.condition(part)).collect();
            list(word, parts)
        };
        match &condition.kind {
            ConditionKind::Not(part) => all("not", std::slice::from_ref(part)),
            ConditionKind::And(parts) => all("and", parts),
            ConditionKind::Or(parts) => all("or", parts),
            ConditionKind::Imply(parts) => all("imply", &parts[..]),
            ConditionKind::Atom(predicate, terms) => {
                let name = &self.model.predicates[predicate.0 as usize].name;
                list(name, terms.iter().map(|&term| self.term(term)).collect())
            }
            ConditionKind::Equal(left, right) => list("=", vec![self.term(*left), self.term(*right)]),
            ConditionKind::Compare(comparator, left, right) => {
                let word = match comparator {
                    Comparator::Equal => "=",
                    Comparator::Less => "<",
                    Comparator::AtMost => "<=",
                    Comparator::Greater => ">",
                    Comparator::AtLeast => ">=",
                };
                list(word, vec![self.expression(left), self.expression(right)])
            }
            ConditionKind::Forall(quantified) => self.quantified("forall", quantified),
            ConditionKind::Exists(quantified) => self.quantified("exists", quantified),
        }
    }

    fn quantified(&mut self, word: &str, quantified: &Quantified<Condition>) -> String {
        let depth = self.inner.len();
        self.inner.extend(quantified.parameters.iter().map(|one| format!("?{}", one.name)));
        let names = self.inner[depth..].join(" ");
        let body = self.condition(&quantified.body);
        self.inner.truncate(depth);
        list(word, vec![format!("({names})"), body])
    }

    fn expression(&mut self, expression: &Expression) -> String {
        match &expression.kind {
            ExpressionKind::Number(number) => number.to_string(),
            ExpressionKind::Fluent(function, terms) => {
                let name = &self.model.functions[function.0 as usize].name;
                list(name, terms.iter().map(|&term| self.term(term)).collect())
            }
            ExpressionKind::Negate(part) => list("-", vec![self.expression(part)]),
            ExpressionKind::Binary(operator, parts) => {
                let word = match operator {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "-",
                    Arithmetic::Multiply => "*",
                    Arithmetic::Divide => "/",
                };
                list(word, parts.iter().map(|part| self.expression(part)).collect())
            }
        }
    }

    fn term(&mut self, term: Term) -> String {
        let variable = match term {
            Term::Object(object) => return self.model.objects[object.0 as usize].name.clone(),
            Term::Variable(variable) => variable as usize,
        };
        let Some(object) = self.scope.objects.get(variable) else {
            let inner = self.inner.get(variable - self.scope.objects.len());
            return inner.cloned().unwrap_or_default();
        };
        self.variables.push(variable as u32);
        self.model.objects[object.0 as usize].name.clone()
    }
}

fn list(word: &str, parts: Vec<String>) -> String {
    let parts: String = parts.into_iter().map(|part| format!(" {part}")).collect();
    format!("({word}{parts})")
}
