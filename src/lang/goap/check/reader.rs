//! Typed access to the tree: what is of the wrong type is reported once and read as `None`.

use super::super::codes;
use super::super::findings::Findings;
use super::super::model::{INT_MAX, Number, Value};
use super::super::syntax::{Data, Member, Node, NodeId, Tree, quoted, shortened};
use super::{alias, meant};
use crate::diagnostic::{Diagnostic, Span};

/// The largest float, as a document writes it.
const FLOAT_MAX: &str = "1.7976931348623157e308";

/// Reads one tree into one list of findings.
pub(super) struct Reader<'a> {
    pub tree: &'a Tree,
    pub findings: &'a mut Findings,
}

/// The members of an object whose keys are known.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub members: &'a [Member],
    pub span: Span,
    /// The keys that it may have; empty where any may stand.
    known: &'a [&'static str],
}

impl<'a> Fields<'a> {
    pub fn get(&self, key: &str) -> Option<NodeId> {
        self.member(key).map(|member| member.value)
    }

    pub fn member(&self, key: &str) -> Option<&'a Member> {
        self.members.iter().find(|member| member.key == key)
    }
}

impl<'a> Reader<'a> {
    pub fn node(&self, id: NodeId) -> &'a Node {
        self.tree.node(id)
    }

    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// The members of an object.
    pub fn object(&mut self, id: NodeId, expected: &str) -> Option<Fields<'a>> {
        let node = self.node(id);
        if let Data::Object(members) = &node.data {
            return Some(Fields { members, span: node.span, known: &[] });
        }
        self.wrong_type(id, expected);
        None
    }

    /// The members of an object that may have the keys `known` and no other.
    pub fn fields(&mut self, id: NodeId, known: &'a [&'static str], owner: &str) -> Option<Fields<'a>> {
        let fields = Fields { known, ..self.object(id, &format!("{owner} (an object)"))? };
        for member in fields.members.iter().filter(|member| !known.contains(&member.key.as_str())) {
            self.unknown_key(member, fields, owner);
        }
        Some(fields)
    }

    /// The key that was probably meant by the unknown one of `member`.
    fn meant_key(&self, key: &str, fields: Fields<'a>) -> Option<&'static str> {
        let visible = || fields.known.iter().copied().filter(|key| *key != "$schema");
        alias::of_key(key, fields.known).or_else(|| self.findings.nearest(key, visible()))
    }

    fn unknown_key(&mut self, member: &Member, fields: Fields<'a>, owner: &str) {
        let key = shortened(&member.key);
        let report =
            Diagnostic::error(codes::UNKNOWN_KEY, member.key_span, format!("{owner} has no key \"{key}\""));
        let visible: Vec<&str> = fields.known.iter().copied().filter(|key| *key != "$schema").collect();
        self.findings.push(match self.meant_key(&member.key, fields) {
            Some(name) if alias::has(fields.members, name) => {
                report.with_help(format!("it has \"{name}\" already; put both into one"))
            }
            Some(name) if alias::of_key(&member.key, fields.known).is_some() => {
                let report = with_replacement(report, name, member.key_span);
                report.with_help(format!("it is called \"{name}\" here"))
            }
            Some(name) => with_replacement(report, name, member.key_span),
            None => report.with_help(format!("its keys are {}", visible.join(", "))),
        });
    }

    /// The value of a key that must be there.
    pub fn required(&mut self, fields: Fields<'a>, key: &str, owner: &str, example: &str) -> Option<NodeId> {
        let found = fields.get(key);
        // A key that stands there under another name was reported already.
        let is_meant = |member: &Member| {
            !fields.known.contains(&member.key.as_str()) && self.meant_key(&member.key, fields) == Some(key)
        };
        if found.is_none() && !fields.members.iter().any(is_meant) {
            let at = Span::new(fields.span.start as usize, fields.span.start as usize + 1);
            self.findings.push(
                Diagnostic::error(codes::MISSING_KEY, at, format!("{owner} has no \"{key}\""))
                    .with_help(format!("add {example}")),
            );
        }
        found
    }

    pub fn array(&mut self, id: NodeId, expected: &str) -> Option<&'a [NodeId]> {
        if let Data::Array(elements) = &self.node(id).data {
            return Some(elements);
        }
        self.wrong_type(id, expected);
        None
    }

    pub fn string(&mut self, id: NodeId, expected: &str) -> Option<&'a str> {
        if let Data::String(text) = &self.node(id).data {
            return Some(text);
        }
        self.wrong_type(id, expected);
        None
    }

    /// A string with at least one character.
    pub fn name(&mut self, id: NodeId, expected: &str) -> Option<&'a str> {
        let name = self.string(id, expected)?;
        if name.is_empty() {
            self.empty_name(self.span(id));
            return None;
        }
        Some(name)
    }

    pub fn empty_name(&mut self, span: Span) {
        self.findings.push(
            Diagnostic::error(codes::EMPTY_NAME, span, "a name needs at least one character")
                .with_help("write the name between the quotes"),
        );
    }

    /// A finite number with its lexeme.
    pub fn number(&mut self, id: NodeId, expected: &str) -> Option<Number> {
        self.number_up_to(id, expected, FLOAT_MAX)
    }

    /// A finite number with its lexeme; `most` is written in place of one that is too large.
    pub fn number_up_to(&mut self, id: NodeId, expected: &str, most: &str) -> Option<Number> {
        let node = self.node(id);
        if node.data != Data::Number {
            self.no_number(id, expected);
            return None;
        }
        let text = self.tree.text(id);
        let Some(value) = finite(text) else {
            self.too_large(node.span, text, most);
            return None;
        };
        Some(Number { value, text: text.to_owned(), span: node.span })
    }

    /// An integer; `1.0` and `1e2` are ones too, as to a schema.
    pub fn integer(&mut self, id: NodeId, expected: &str) -> Option<i64> {
        let node = self.node(id);
        let text = self.tree.text(id);
        if node.data != Data::Number {
            self.no_number(id, expected);
            return None;
        }
        match whole(text) {
            Whole::Integer(value) => return Some(value),
            Whole::TooLarge => self.too_large(node.span, text, &i64::MAX.to_string()),
            Whole::Fraction => self.wrong_type(id, expected),
        }
        None
    }

    /// A bool, an exact integer, a finite float or a string.
    pub fn literal(&mut self, id: NodeId, expected: &str) -> Option<Value> {
        match &self.node(id).data {
            Data::Bool(value) => Some(Value::Bool(*value)),
            Data::String(text) => Some(Value::Symbol(text.clone())),
            Data::Number if is_float(self.tree.text(id)) => {
                let text = self.tree.text(id);
                let value = finite(text);
                if value.is_none() {
                    self.too_large_for_any(self.span(id), text);
                }
                value.map(|value| Value::Float(value + 0.0))
            }
            Data::Number => self.exact_integer(id).map(Value::Int),
            _ => {
                self.wrong_type(id, expected);
                None
            }
        }
    }

    /// An integer within ±(2^53 − 1).
    pub fn exact_integer(&mut self, id: NodeId) -> Option<i64> {
        let text = self.tree.text(id);
        if self.node(id).data != Data::Number {
            self.no_number(id, "an integer");
            return None;
        }
        match whole(text) {
            Whole::Integer(value) if (-INT_MAX..=INT_MAX).contains(&value) => return Some(value),
            Whole::Integer(_) | Whole::TooLarge => {
                let (shown, most) = (shortened(text), signed(text, &INT_MAX.to_string()));
                self.findings.push(
                    Diagnostic::error(
                        codes::OUT_OF_RANGE,
                        self.span(id),
                        format!("{shown} is not an integer that can be held exactly"),
                    )
                    .with_help(format!(
                        "integers reach from -{INT_MAX} to {INT_MAX}; floats have a point: 1e300"
                    ))
                    .with_fix(format!("Change to {most}"), self.span(id), most),
                );
            }
            Whole::Fraction => self.wrong_type(id, "an integer"),
        }
        None
    }

    fn too_large(&mut self, span: Span, text: &str, most: &str) {
        let (shown, most) = (shortened(text), signed(text, most));
        self.findings.push(
            Diagnostic::error(codes::OUT_OF_RANGE, span, format!("{shown} is too large"))
                .with_help(format!("the largest that can stand here is {}", shortened(&most)))
                .with_fix(format!("Change to {}", shortened(&most)), span, most),
        );
    }

    /// Reports a number that is too large where an integer or a float may be meant; what is written in its place
    /// suits both.
    fn too_large_for_any(&mut self, span: Span, text: &str) {
        let (shown, most, integer) =
            (shortened(text), signed(text, FLOAT_MAX), signed(text, &INT_MAX.to_string()));
        self.findings.push(
            Diagnostic::error(codes::OUT_OF_RANGE, span, format!("{shown} is too large"))
                .with_help(format!("the largest that can stand here is {most}, or {integer} for an integer"))
                .with_fix(format!("Change to {integer}"), span, integer),
        );
    }

    /// Reports that `id` is no number, though one may stand in its quotes.
    fn no_number(&mut self, id: NodeId, expected: &str) {
        let text = match &self.node(id).data {
            Data::String(text) => meant::number(text),
            _ => None,
        };
        let Some(text) = text else { return self.wrong_type(id, expected) };
        self.findings.retract(codes::MISSING_QUOTES, self.span(id));
        self.findings.push(
            Diagnostic::error(
                codes::WRONG_TYPE,
                self.span(id),
                format!("expected {expected}, found a string in its place"),
            )
            .with_help(format!("numbers stand without quotes: {text}"))
            .with_fix(format!("Change to {text}"), self.span(id), text),
        );
    }

    /// Reports that `id` is not what is expected there.
    pub fn wrong_type(&mut self, id: NodeId, expected: &str) {
        let what = match &self.node(id).data {
            Data::Broken => return,
            Data::Null => "null".to_owned(),
            Data::Bool(value) => format!("the bool {value}"),
            Data::Number if is_float(self.tree.text(id)) => {
                format!("the float {}", shortened(self.tree.text(id)))
            }
            Data::Number => format!("the integer {}", shortened(self.tree.text(id))),
            Data::String(text) => format!("the string \"{}\"", shortened(text)),
            Data::Array(_) => "a list".to_owned(),
            Data::Object(_) => "an object".to_owned(),
        };
        self.findings.push(
            Diagnostic::error(codes::WRONG_TYPE, self.span(id), format!("expected {expected}, found {what}"))
                .with_help(format!("write {expected}")),
        );
    }
}

/// The finding with the one edit that replaces the string at `span` by `name`.
pub(super) fn with_replacement(report: Diagnostic, name: &str, span: Span) -> Diagnostic {
    report.with_help(format!("the nearest known name is \"{name}\"")).with_fix(
        format!("Change to \"{name}\""),
        span,
        quoted(name),
    )
}

/// The nearest float; `None` where that is infinite.
fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A number as an integer.
enum Whole {
    Integer(i64),
    /// Whole, and beyond what 64 bits hold.
    TooLarge,
    Fraction,
}

/// What a lexeme is as an integer. `1.0` is whole.
fn whole(text: &str) -> Whole {
    if !is_float(text) {
        return text.parse().map_or(Whole::TooLarge, Whole::Integer);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value.fract() != 0.0 => Whole::Fraction,
        // 2^63 is the first float past the largest integer.
        Ok(value) if value.abs() < 9_223_372_036_854_775_808.0 => Whole::Integer(value as i64),
        _ => Whole::TooLarge,
    }
}

/// `most` with the sign of the number `text`.
fn signed(text: &str, most: &str) -> String {
    if text.starts_with('-') { format!("-{most}") } else { most.to_owned() }
}

/// Whether a number's lexeme makes it a float.
pub(super) fn is_float(text: &str) -> bool {
    text.contains(['.', 'e', 'E'])
}
