//! Typed access to the tree: what is of the wrong type is reported once and read as `None`.

use super::super::codes;
use super::super::findings::Findings;
use super::super::model::{INT_MAX, Number, Value};
use super::super::syntax::{Data, Member, Node, NodeId, Tree, quoted, shortened};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::nearest::nearest;

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
            return Some(Fields { members, span: node.span });
        }
        self.wrong_type(id, expected);
        None
    }

    /// The members of an object that may have the keys `known` and no other.
    pub fn fields(&mut self, id: NodeId, known: &[&str], owner: &str) -> Option<Fields<'a>> {
        let fields = self.object(id, &format!("{owner} (an object)"))?;
        for member in fields.members.iter().filter(|member| !known.contains(&member.key.as_str())) {
            self.unknown_key(member, known, owner);
        }
        Some(fields)
    }

    pub fn unknown_key(&mut self, member: &Member, known: &[&str], owner: &str) {
        let key = shortened(&member.key);
        let report =
            Diagnostic::error(codes::UNKNOWN_KEY, member.key_span, format!("{owner} has no key \"{key}\""));
        let visible: Vec<&str> = known.iter().copied().filter(|key| *key != "$schema").collect();
        let list = format!("its keys are {}", visible.join(", "));
        self.findings.push(match nearest(&member.key, visible.iter().copied()) {
            Some(name) => with_replacement(report, name, member.key_span),
            None => report.with_help(list),
        });
    }

    /// The value of a key that must be there.
    pub fn required(&mut self, fields: Fields<'a>, key: &str, owner: &str, example: &str) -> Option<NodeId> {
        let found = fields.get(key);
        if found.is_none() {
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
        let node = self.node(id);
        if node.data != Data::Number {
            self.wrong_type(id, expected);
            return None;
        }
        let text = self.tree.text(id);
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        if value.is_none() {
            self.too_large(node.span, text);
        }
        Some(Number { value: value?, text: text.to_owned(), span: node.span })
    }

    /// An integer, by its lexeme.
    pub fn integer(&mut self, id: NodeId, expected: &str) -> Option<i64> {
        let node = self.node(id);
        let text = self.tree.text(id);
        if node.data != Data::Number || is_float(text) {
            self.wrong_type(id, expected);
            return None;
        }
        let value = text.parse().ok();
        if value.is_none() {
            self.too_large(node.span, text);
        }
        value
    }

    /// A bool, an exact integer, a finite float or a string.
    pub fn literal(&mut self, id: NodeId, expected: &str) -> Option<Value> {
        match &self.node(id).data {
            Data::Bool(value) => Some(Value::Bool(*value)),
            Data::String(text) => Some(Value::Symbol(text.clone())),
            Data::Number if is_float(self.tree.text(id)) => {
                self.number(id, expected).map(|number| Value::Float(number.value + 0.0))
            }
            Data::Number => self.exact_integer(id).map(Value::Int),
            _ => {
                self.wrong_type(id, expected);
                None
            }
        }
    }

    /// An integer within ±(2^53 − 1), by its lexeme.
    pub fn exact_integer(&mut self, id: NodeId) -> Option<i64> {
        let text = self.tree.text(id);
        if self.node(id).data != Data::Number || is_float(text) {
            self.wrong_type(id, "an integer");
            return None;
        }
        let value = text.parse().ok().filter(|value| (-INT_MAX..=INT_MAX).contains(value));
        if value.is_none() {
            let shown = shortened(text);
            self.findings.push(
                Diagnostic::error(
                    codes::OUT_OF_RANGE,
                    self.span(id),
                    format!("{shown} is not an integer that can be held exactly"),
                )
                .with_help(format!(
                    "integers reach from -{INT_MAX} to {INT_MAX}; write {shown}.0 for a float"
                )),
            );
        }
        value
    }

    fn too_large(&mut self, span: Span, text: &str) {
        let shown = shortened(text);
        self.findings.push(
            Diagnostic::error(codes::OUT_OF_RANGE, span, format!("{shown} is too large"))
                .with_help("floats reach to about 1.8e308, integers to about 9.2e18"),
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

/// Whether a number's lexeme makes it a float.
pub(super) fn is_float(text: &str) -> bool {
    text.contains(['.', 'e', 'E'])
}
