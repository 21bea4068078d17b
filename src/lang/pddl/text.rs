//! Atoms, numbers and conditions in PDDL's own words, for messages.

use super::model::{
    Arithmetic, Comparator, Condition, ConditionKind, Expression, ExpressionKind, FunctionId, Model,
    ObjectId, PredicateId, Quantified, Term,
};

/// The text of a variable that no quantifier of the written text binds, by its place in the environment.
pub type Variables<'a> = dyn FnMut(u32) -> String + 'a;

/// `(on a b)`.
pub fn atom(model: &Model, predicate: PredicateId, objects: &[ObjectId]) -> String {
    let name = model.predicates.get(predicate.0 as usize).map_or("", |predicate| &predicate.name);
    list(name, objects.iter().map(|&object| object_name(model, object)))
}

/// `(fuel truck)`.
pub fn fluent(model: &Model, function: FunctionId, objects: &[ObjectId]) -> String {
    let name = model.functions.get(function.0 as usize).map_or("", |function| &function.name);
    list(name, objects.iter().map(|&object| object_name(model, object)))
}

/// A condition; `variables` says what stands for the variables from outside of it. Recursion is bounded by the
/// depth of conditions.
pub fn condition(model: &Model, condition: &Condition, variables: &mut Variables<'_>) -> String {
    Writer { model, variables, inner: Vec::new() }.condition(condition)
}

/// A number; `variables` says what stands for its variables.
pub fn expression(model: &Model, expression: &Expression, variables: &mut Variables<'_>) -> String {
    Writer { model, variables, inner: Vec::new() }.expression(expression)
}

struct Writer<'a, 'v> {
    model: &'a Model,
    variables: &'a mut Variables<'v>,
    /// Variables of the quantifiers around, each with its place in the environment.
    inner: Vec<(u32, &'a str)>,
}

impl<'a> Writer<'a, '_> {
    fn condition(&mut self, condition: &'a Condition) -> String {
        let (word, parts) = match &condition.kind {
            ConditionKind::Atom(predicate, terms) => {
                let name = &self.model.predicates[predicate.0 as usize].name;
                return list(name, terms.iter().map(|term| self.term(*term)));
            }
            ConditionKind::Equal(left, right) => ("=", vec![self.term(*left), self.term(*right)]),
            ConditionKind::Compare(comparator, left, right) => {
                (symbol(*comparator), vec![self.expression(left), self.expression(right)])
            }
            ConditionKind::Not(part) => ("not", vec![self.condition(part)]),
            ConditionKind::And(parts) => ("and", self.conditions(parts)),
            ConditionKind::Or(parts) => ("or", self.conditions(parts)),
            ConditionKind::Imply(sides) => ("imply", self.conditions(&sides[..])),
            ConditionKind::Forall(inner) => ("forall", self.quantified(inner)),
            ConditionKind::Exists(inner) => ("exists", self.quantified(inner)),
        };
        list(word, parts)
    }

    fn conditions(&mut self, parts: &'a [Condition]) -> Vec<String> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn quantified(&mut self, quantified: &'a Quantified<Condition>) -> Vec<String> {
        let depth = self.inner.len();
        let names = quantified.parameters.iter().map(|one| one.name.as_str());
        self.inner.extend((quantified.first..).zip(names));
        let variables: Vec<String> = self.inner[depth..].iter().map(|(_, name)| format!("?{name}")).collect();
        let body = self.condition(&quantified.body);
        self.inner.truncate(depth);
        vec![format!("({})", variables.join(" ")), body]
    }

    fn expression(&mut self, expression: &Expression) -> String {
        match &expression.kind {
            ExpressionKind::Number(number) => number.to_string(),
            ExpressionKind::Fluent(function, terms) => {
                let name = &self.model.functions[function.0 as usize].name;
                list(name, terms.iter().map(|term| self.term(*term)))
            }
            ExpressionKind::Negate(inner) => list("-", [self.expression(inner)]),
            ExpressionKind::Binary(operation, sides) => {
                let word = match operation {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "-",
                    Arithmetic::Multiply => "*",
                    Arithmetic::Divide => "/",
                };
                list(word, sides.iter().map(|side| self.expression(side)))
            }
        }
    }

    fn term(&mut self, term: Term) -> String {
        let variable = match term {
            Term::Object(object) => return object_name(self.model, object).to_owned(),
            Term::Variable(variable) => variable,
        };
        match self.inner.iter().rev().find(|(place, _)| *place == variable) {
            Some((_, name)) => format!("?{name}"),
            None => (self.variables)(variable),
        }
    }
}

/// The name of an object; empty where the model has no such object.
pub fn object_name(model: &Model, object: ObjectId) -> &str {
    model.objects.get(object.0 as usize).map_or("", |object| &object.name)
}

/// The comparison as PDDL writes it.
fn symbol(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Equal => "=",
        Comparator::Less => "<",
        Comparator::AtMost => "<=",
        Comparator::Greater => ">",
        Comparator::AtLeast => ">=",
    }
}

/// A list whose first word is `word`.
fn list(word: &str, parts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut text = format!("({word}");
    for part in parts {
        text.push(' ');
        text += part.as_ref();
    }
    text.push(')');
    text
}
