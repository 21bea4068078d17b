//! Bytes that are equal for texts that mean the same: keys of compiled tasks and of stored plans.
//!
//! Whitespace, comments, letter case, the spelling of numbers, requirements, and the names of domain and
//! problem make no difference; the order of declarations does. Everything is length-prefixed and
//! little-endian. [`VERSION`] comes first and changes with the layout.

use super::model::{
    Action, Arithmetic, Assignment, Axiom, Comparator, Condition, ConditionKind, Effect, EffectKind,
    Expression, ExpressionKind, Metric, Model, Parameter, Quantified, Term, TypeId,
};

/// First byte of every key.
pub const VERSION: u8 = 1;

/// Types, predicates, functions, actions and rules. Constants count by name where they are used.
pub fn domain_bytes(model: &Model) -> Vec<u8> {
    let mut out = Bytes { model, bytes: vec![VERSION] };
    out.list(&model.types, |out, one| {
        out.text(&one.name);
        out.types(&one.parents);
    });
    out.list(&model.predicates, |out, one| {
        out.text(&one.name);
        out.parameters(&one.parameters);
        out.count(one.stratum.map_or(0, |stratum| stratum as usize + 1));
    });
    out.list(&model.functions, |out, one| {
        out.text(&one.name);
        out.parameters(&one.parameters);
    });
    out.list(&model.actions, Bytes::action);
    out.list(&model.axioms, Bytes::axiom);
    out.bytes
}

/// Objects (constants among them), initial state, goal and metric.
pub fn instance_bytes(model: &Model) -> Vec<u8> {
    let mut out = Bytes { model, bytes: vec![VERSION] };
    out.list(&model.objects, |out, one| {
        out.text(&one.name);
        out.types(&one.types);
    });
    // Cyclic supertypes show only in these counts.
    out.list(&model.types, |out, one| out.count(one.objects.len()));
    out.count(model.atoms.len());
    for (predicate, arguments, _) in model.atoms.iter() {
        out.number(predicate.0);
        out.list(arguments, |out, object| out.number(object.0));
    }
    out.count(model.values.len());
    for (function, arguments, value, _) in model.values.iter() {
        out.number(function.0);
        out.list(arguments, |out, object| out.number(object.0));
        out.float(value);
    }
    out.condition(&model.goal);
    match &model.metric {
        Metric::Steps => out.tag(0),
        Metric::Minimize(expression) => {
            out.tag(1);
            out.expression(expression);
        }
    }
    out.bytes
}

/// One condition of the goal.
pub fn condition_bytes(model: &Model, condition: &Condition) -> Vec<u8> {
    let mut out = Bytes { model, bytes: vec![VERSION] };
    out.condition(condition);
    out.bytes
}

struct Bytes<'a> {
    model: &'a Model,
    bytes: Vec<u8>,
}

impl Bytes<'_> {
    fn tag(&mut self, tag: u8) {
        self.bytes.push(tag);
    }

    fn number(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    fn count(&mut self, count: usize) {
        self.number(count as u32);
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes.extend(text.as_bytes());
    }

    fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.count(items.len());
        for item in items {
            each(self, item);
        }
    }

    /// Zero and minus zero have the same bytes.
    fn float(&mut self, value: f64) {
        self.bytes.extend((value + 0.0).to_bits().to_le_bytes());
    }

    fn types(&mut self, types: &[TypeId]) {
        self.list(types, |out, one| out.number(one.0));
    }

    /// The names of variables make no difference; their positions do.
    fn parameters(&mut self, parameters: &[Parameter]) {
        self.list(parameters, |out, one| out.types(&one.types));
    }

    fn terms(&mut self, terms: &[Term]) {
        self.list(terms, |out, term| out.term(*term));
    }

    fn term(&mut self, term: Term) {
        match term {
            Term::Variable(variable) => {
                self.tag(0);
                self.number(variable);
            }
            Term::Object(object) => {
                self.tag(1);
                let model = self.model;
                self.text(&model.objects[object.0 as usize].name);
            }
        }
    }

    fn action(&mut self, action: &Action) {
        self.text(&action.name);
        self.parameters(&action.parameters);
        self.condition(&action.precondition);
        self.list(&action.effects, Self::effect);
    }

    fn axiom(&mut self, axiom: &Axiom) {
        self.number(axiom.predicate.0);
        self.parameters(&axiom.parameters);
        self.condition(&axiom.condition);
    }

    fn quantified<T>(&mut self, quantified: &Quantified<T>, body: impl FnOnce(&mut Self, &T)) {
        self.parameters(&quantified.parameters);
        body(self, &quantified.body);
    }

    fn condition(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::Atom(predicate, terms) => {
                self.tag(0);
                self.number(predicate.0);
                self.terms(terms);
            }
            ConditionKind::Equal(left, right) => {
                self.tag(1);
                self.term(*left);
                self.term(*right);
            }
            ConditionKind::Compare(comparator, left, right) => {
                self.tag(match comparator {
                    Comparator::Equal => 2,
                    Comparator::Less => 3,
                    Comparator::AtMost => 4,
                    Comparator::Greater => 5,
                    Comparator::AtLeast => 6,
                });
                self.expression(left);
                self.expression(right);
            }
            ConditionKind::Not(part) => {
                self.tag(7);
                self.condition(part);
            }
            ConditionKind::And(parts) => {
                self.tag(8);
                self.list(parts, Self::condition);
            }
            ConditionKind::Or(parts) => {
                self.tag(9);
                self.list(parts, Self::condition);
            }
            ConditionKind::Imply(sides) => {
                self.tag(10);
                self.condition(&sides[0]);
                self.condition(&sides[1]);
            }
            ConditionKind::Forall(inner) => {
                self.tag(11);
                self.quantified(inner, Self::condition);
            }
            ConditionKind::Exists(inner) => {
                self.tag(12);
                self.quantified(inner, Self::condition);
            }
        }
    }

    fn effect(&mut self, effect: &Effect) {
        match &effect.kind {
            EffectKind::Add(predicate, terms) => {
                self.tag(0);
                self.number(predicate.0);
                self.terms(terms);
            }
            EffectKind::Delete(predicate, terms) => {
                self.tag(1);
                self.number(predicate.0);
                self.terms(terms);
            }
            EffectKind::Change(change) => {
                self.tag(match change.assignment {
                    Assignment::Assign => 2,
                    Assignment::Increase => 3,
                    Assignment::Decrease => 4,
                    Assignment::ScaleUp => 5,
                    Assignment::ScaleDown => 6,
                });
                self.number(change.function.0);
                self.terms(&change.arguments);
                self.expression(&change.value);
            }
            EffectKind::Forall(inner) => {
                self.tag(7);
                self.quantified(inner, |out, body| out.list(body, Self::effect));
            }
            EffectKind::When(condition, effects) => {
                self.tag(8);
                self.condition(condition);
                self.list(effects, Self::effect);
            }
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Number(number) => {
                self.tag(0);
                self.float(*number);
            }
            ExpressionKind::Fluent(function, terms) => {
                self.tag(1);
                self.number(function.0);
                self.terms(terms);
            }
            ExpressionKind::Negate(inner) => {
                self.tag(2);
                self.expression(inner);
            }
            ExpressionKind::Binary(operation, sides) => {
                self.tag(match operation {
                    Arithmetic::Add => 3,
                    Arithmetic::Subtract => 4,
                    Arithmetic::Multiply => 5,
                    Arithmetic::Divide => 6,
                });
                self.expression(&sides[0]);
                self.expression(&sides[1]);
            }
        }
    }
}
