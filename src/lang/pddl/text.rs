//! Atoms, numbers and conditions in PDDL's own words, for messages.

use super::model::{
    Arithmetic, Comparator, Condition, ConditionKind, Expression, ExpressionKind, Model, ObjectId,
    PredicateId, Quantified, Term,
};

/// `(on a b)`.
pub fn atom(model: &Model, predicate: PredicateId, objects: &[ObjectId]) -> String {
    let name = model.predicates.get(predicate.0 as usize).map_or("", |predicate| &predicate.name);
    let objects = objects.iter().map(|object| object_name(model, *object).to_owned());
    list(name, objects.collect())
}

/// A condition with objects in place of the outermost variables: `environment` holds those of the first
/// variables, in their order. Recursion is bounded by the depth of conditions.
pub fn condition(model: &Model, condition: &Condition, environment: &[ObjectId]) -> String {
    Writer { model, environment, inner: Vec::new() }.condition(condition)
}

/// The same for a number.
pub fn expression(model: &Model, expression: &Expression, environment: &[ObjectId]) -> String {
    Writer { model, environment, inner: Vec::new() }.expression(expression)
}

struct Writer<'a> {
    model: &'a Model,
    environment: &'a [ObjectId],
    /// Variables of the quantifiers around, each with its place in the environment.
    inner: Vec<(u32, &'a str)>,
}

impl<'a> Writer<'a> {
    fn condition(&mut self, condition: &'a Condition) -> String {
        let (word, parts) = match &condition.kind {
            ConditionKind::Atom(predicate, terms) => {
                let name = &self.model.predicates[predicate.0 as usize].name;
                return list(name, terms.iter().map(|term| self.term(*term)).collect());
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

    fn expression(&self, expression: &Expression) -> String {
        match &expression.kind {
            ExpressionKind::Number(number) => number.to_string(),
            ExpressionKind::Fluent(function, terms) => {
                let name = &self.model.functions[function.0 as usize].name;
                list(name, terms.iter().map(|term| self.term(*term)).collect())
            }
            ExpressionKind::Negate(inner) => list("-", vec![self.expression(inner)]),
            ExpressionKind::Binary(operation, sides) => {
                let word = match operation {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "-",
                    Arithmetic::Multiply => "*",
                    Arithmetic::Divide => "/",
                };
                list(word, sides.iter().map(|side| self.expression(side)).collect())
            }
        }
    }

    fn term(&self, term: Term) -> String {
        let variable = match term {
            Term::Object(object) => return object_name(self.model, object).to_owned(),
            Term::Variable(variable) => variable,
        };
        let inner = self.inner.iter().rev().find(|(place, _)| *place == variable);
        match (inner, self.environment.get(variable as usize)) {
            (Some((_, name)), _) => format!("?{name}"),
            (None, Some(&object)) => object_name(self.model, object).to_owned(),
            (None, None) => format!("?{variable}"),
        }
    }
}

fn object_name(model: &Model, object: ObjectId) -> &str {
    model.objects.get(object.0 as usize).map_or("", |object| &object.name)
}

/// The comparison as PDDL writes it.
pub fn symbol(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Equal => "=",
        Comparator::Less => "<",
        Comparator::AtMost => "<=",
        Comparator::Greater => ">",
        Comparator::AtLeast => ">=",
    }
}

fn list(word: &str, parts: Vec<String>) -> String {
    let mut text = format!("({word}");
    for part in parts {
        text.push(' ');
        text += &part;
    }
    text.push(')');
    text
}
