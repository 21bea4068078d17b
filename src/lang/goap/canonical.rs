//! Bytes that are equal for documents that mean the same: keys of stored plans.
//!
//! Whitespace, comments, the order of keys within an action, the spelling of numbers, and the names of the
//! document and its goals make no difference; the order of variables and actions does. Everything is
//! length-prefixed and little-endian. [`VERSION`] comes first and changes with the layout.

use super::model::{
    Action, Comparator, Condition, Effect, EffectKind, Kind, Model, Number, Parameter, Piece, Template, Term,
    Value,
};

/// First byte of every key.
pub const VERSION: u8 = 1;

/// Variables with their kinds, actions, and the metric; neither initial values nor goals.
pub fn domain_bytes(model: &Model) -> Vec<u8> {
    let mut out = Bytes(vec![VERSION]);
    out.list(&model.variables, |out, variable| {
        out.text(&variable.name);
        out.kind(&variable.kind);
    });
    out.list(&model.actions, Bytes::action);
    for weight in [&model.metric.cost, &model.metric.duration, &model.metric.risk] {
        out.number(weight);
    }
    out.0
}

/// Initial values, and the condition of one goal.
pub fn instance_bytes(model: &Model, goal: &Condition) -> Vec<u8> {
    let mut out = Bytes(vec![VERSION]);
    out.list(&model.variables, |out, variable| out.value(&variable.initial));
    out.condition(goal);
    out.0
}

/// The condition of one goal.
pub fn goal_bytes(goal: &Condition) -> Vec<u8> {
    let mut out = Bytes(vec![VERSION]);
    out.condition(goal);
    out.0
}

/// A value of a variable.
pub fn value_bytes(value: &Value) -> Vec<u8> {
    let mut out = Bytes(Vec::new());
    out.value(value);
    out.0
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn tag(&mut self, tag: u8) {
        self.0.push(tag);
    }

    fn count(&mut self, count: usize) {
        self.0.extend((count as u32).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend(text.as_bytes());
    }

    fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.count(items.len());
        for item in items {
            each(self, item);
        }
    }

    fn float(&mut self, value: f64) {
        self.0.extend((value + 0.0).to_bits().to_le_bytes());
    }

    fn kind(&mut self, kind: &Kind) {
        match kind {
            Kind::Bool => self.tag(0),
            Kind::Int(None) => self.tag(1),
            Kind::Int(Some((lo, hi))) => {
                self.tag(2);
                self.0.extend(lo.to_le_bytes());
                self.0.extend(hi.to_le_bytes());
            }
            Kind::Float(None) => self.tag(3),
            Kind::Float(Some((lo, hi))) => {
                self.tag(4);
                self.float(*lo);
                self.float(*hi);
            }
            Kind::Enum(symbols) => {
                self.tag(5);
                self.list(symbols, |out, symbol| out.text(symbol));
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Bool(value) => self.tag(u8::from(*value)),
            Value::Int(value) => {
                self.tag(2);
                self.0.extend(value.to_le_bytes());
            }
            Value::Float(value) => {
                self.tag(3);
                self.float(*value);
            }
            Value::Symbol(value) => {
                self.tag(4);
                self.text(value);
            }
        }
    }

    fn action(&mut self, action: &Action) {
        self.text(&action.name);
        self.list(&action.parameters, Self::parameter);
        self.condition(&action.precondition);
        self.list(&action.effects, Self::effect);
        self.number(&action.cost.base);
        self.list(&action.cost.per, |out, (variable, factor)| {
            out.template(variable);
            out.number(factor);
        });
        self.number(&action.duration);
        self.tag(action.confidence);
    }

    fn parameter(&mut self, parameter: &Parameter) {
        self.text(&parameter.name);
        self.list(&parameter.values, |out, argument| {
            out.value(&argument.value);
            out.text(&argument.text);
        });
    }

    fn template(&mut self, template: &Template) {
        self.list(&template.pieces, |out, piece| match piece {
            Piece::Text(text) => {
                out.tag(0);
                out.text(text);
            }
            Piece::Parameter(parameter) => {
                out.tag(1);
                out.count(*parameter);
            }
        });
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Literal(value) => {
                self.tag(0);
                self.value(value);
            }
            Term::Parameter(parameter) => {
                self.tag(1);
                self.count(*parameter);
            }
            Term::Symbol(template) => {
                self.tag(2);
                self.template(template);
            }
            Term::Variable(template) => {
                self.tag(3);
                self.template(template);
            }
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::All(parts) => {
                self.tag(0);
                self.list(parts, Self::condition);
            }
            Condition::Any(parts) => {
                self.tag(1);
                self.list(parts, Self::condition);
            }
            Condition::Not(part) => {
                self.tag(2);
                self.condition(part);
            }
            Condition::Compare(comparison) => {
                self.tag(match comparison.operator {
                    Comparator::Equal => 3,
                    Comparator::NotEqual => 4,
                    Comparator::Less => 5,
                    Comparator::AtMost => 6,
                    Comparator::Greater => 7,
                    Comparator::AtLeast => 8,
                });
                self.template(&comparison.variable);
                self.term(&comparison.right);
            }
        }
    }

    fn effect(&mut self, effect: &Effect) {
        self.tag(match effect.kind {
            EffectKind::Set => 0,
            EffectKind::Increase => 1,
            EffectKind::Decrease => 2,
        });
        self.template(&effect.variable);
        self.term(&effect.value);
    }

    /// The exact decimal, however it was spelled: `1`, `1.0` and `10e-1` are one number.
    fn number(&mut self, number: &Number) {
        let (negative, digits, exponent) = decimal(&number.text);
        self.tag(u8::from(negative));
        self.text(&digits);
        self.0.extend(exponent.to_le_bytes());
    }
}

/// Sign, digits without zeros at either end, and the power of ten of the last digit.
fn decimal(text: &str) -> (bool, String, i64) {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return (false, String::new(), 0);
    }
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let exponent: i64 = exponent.trim_start_matches('+').parse().unwrap_or(i64::MAX / 2);
    let exponent = exponent.saturating_sub(fraction.len() as i64).saturating_add(zeros as i64);
    (negative, significant.to_owned(), exponent)
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn numbers_of_one_value_have_one_form() {
        for text in ["1", "1.0", "10e-1", "0.1E+1", "1e0"] {
            assert_eq!(decimal(text), (false, "1".to_owned(), 0), "{text}");
        }
        assert_eq!(decimal("-0.0"), decimal("0"));
        assert_eq!(decimal("-1200"), (true, "12".to_owned(), 2));
    }
}
