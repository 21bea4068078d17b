//! Bytes that are equal for tasks that mean the same: keys of compiled tasks and of stored plans.
//!
//! Whitespace, comments, case, and the names of the domain, the problem and of variables leave no mark. The
//! order of declarations does. Everything is length-prefixed and little-endian; [`VERSION`] comes first and
//! changes with the layout.

use super::model::{
    Condition, ConditionKind, Effect, EffectKind, Expression, ExpressionKind, Metric, Model, ObjectId,
    Parameter, Quantified, Term, TypeId,
};

/// First byte of every key.
pub const VERSION: u8 = 1;

/// Types, constants and objects, predicates, functions, actions, axioms and the metric; neither the initial
/// state nor the goal. O(size of the model).
pub fn domain_bytes(model: &Model) -> Vec<u8> {
    let mut out = Bytes(vec![VERSION]);
    out.list(&model.types, |out, one| {
        out.text(&one.name);
        out.types(&one.parents);
    });
    out.list(&model.objects, |out, object| {
        out.text(&object.name);
        out.types(&object.types);
    });
    out.list(&model.predicates, |out, predicate| {
        out.text(&predicate.name);
        out.parameters(&predicate.parameters);
    });
    out.list(&model.functions, |out, function| {
        out.text(&function.name);
        out.parameters(&function.parameters);
    });
    out.list(&model.actions, |out, action| {
        out.text(&action.name);
        out.parameters(&action.parameters);
        out.condition(&action.precondition);
        out.list(&action.effects, Bytes::effect);
    });
    out.list(&model.axioms, |out, axiom| {
        out.number(axiom.predicate.0);
        out.parameters(&axiom.parameters);
        out.condition(&axiom.condition);
    });
    match &model.metric {
        Metric::Steps => out.tag(0),
        Metric::Minimize(expression) => {
            out.tag(1);
            out.expression(expression);
        }
    }
    out.0
}

/// The initial state and the goal. O(size of both).
pub fn instance_bytes(model: &Model) -> Vec<u8> {
    let mut out = Bytes(vec![VERSION]);
    out.number(model.atoms.len() as u32);
    for (predicate, arguments, _) in model.atoms.iter() {
        out.number(predicate.0);
        out.objects(arguments);
    }
    out.number(model.values.len() as u32);
    for (function, arguments, value, _) in model.values.iter() {
        out.number(function.0);
        out.objects(arguments);
        out.float(value);
    }
    out.condition(&model.goal);
    out.0
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn tag(&mut self, tag: u8) {
        self.0.push(tag);
    }

    fn number(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    fn float(&mut self, value: f64) {
        self.0.extend((value + 0.0).to_bits().to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.0.extend(text.as_bytes());
    }

    fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.number(items.len() as u32);
        for item in items {
            each(self, item);
        }
    }

    fn types(&mut self, types: &[TypeId]) {
        self.list(types, |out, one| out.number(one.0));
    }

    fn objects(&mut self, objects: &[ObjectId]) {
        objects.iter().for_each(|object| self.number(object.0));
    }

    fn parameters(&mut self, parameters: &[Parameter]) {
        self.list(parameters, |out, parameter| out.types(&parameter.types));
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Variable(variable) => {
                self.tag(0);
                self.number(*variable);
            }
            Term::Object(object) => {
                self.tag(1);
                self.number(object.0);
            }
        }
    }

    fn quantified<T>(&mut self, quantified: &Quantified<T>) {
        self.number(quantified.first);
        self.parameters(&quantified.parameters);
    }

    fn condition(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::Atom(predicate, arguments) => {
                self.tag(0);
                self.number(predicate.0);
                self.list(arguments, Self::term);
            }
            ConditionKind::Equal(left, right) => {
                self.tag(1);
                self.term(left);
                self.term(right);
            }
            ConditionKind::Compare(comparator, left, right) => {
                self.tag(2);
                self.tag(*comparator as u8);
                self.expression(left);
                self.expression(right);
            }
            ConditionKind::Not(inner) => {
                self.tag(3);
                self.condition(inner);
            }
            ConditionKind::And(parts) => {
                self.tag(4);
                self.list(parts, Self::condition);
            }
            ConditionKind::Or(parts) => {
                self.tag(5);
                self.list(parts, Self::condition);
            }
            ConditionKind::Imply(parts) => {
                self.tag(6);
                self.list(&**parts, Self::condition);
            }
            ConditionKind::Forall(quantified) => {
                self.tag(7);
                self.quantified(quantified);
                self.condition(&quantified.body);
            }
            ConditionKind::Exists(quantified) => {
                self.tag(8);
                self.quantified(quantified);
                self.condition(&quantified.body);
            }
        }
    }

    fn effect(&mut self, effect: &Effect) {
        match &effect.kind {
            EffectKind::Add(predicate, arguments) | EffectKind::Delete(predicate, arguments) => {
                self.tag(u8::from(matches!(effect.kind, EffectKind::Delete(..))));
                self.number(predicate.0);
                self.list(arguments, Self::term);
            }
            EffectKind::Change(change) => {
                self.tag(2);
                self.tag(change.assignment as u8);
                self.number(change.function.0);
                self.list(&change.arguments, Self::term);
                self.expression(&change.value);
            }
            EffectKind::Forall(quantified) => {
                self.tag(3);
                self.quantified(quantified);
                self.list(&quantified.body, Self::effect);
            }
            EffectKind::When(condition, effects) => {
                self.tag(4);
                self.condition(condition);
                self.list(effects, Self::effect);
            }
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Number(value) => {
                self.tag(0);
                self.float(*value);
            }
            ExpressionKind::Fluent(function, arguments) => {
                self.tag(1);
                self.number(function.0);
                self.list(arguments, Self::term);
            }
            ExpressionKind::Negate(inner) => {
                self.tag(2);
                self.expression(inner);
            }
            ExpressionKind::Binary(operator, parts) => {
                self.tag(3);
                self.tag(*operator as u8);
                self.expression(&parts[0]);
                self.expression(&parts[1]);
            }
        }
    }
}
