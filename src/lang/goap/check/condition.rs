//! Conditions: comparisons, joined by `any`, `all` and `not`.
//!
//! Recursion follows the nesting of the document, which the parser bounds.

use super::super::codes;
use super::super::model::{Comparator, Comparison, Condition, Template, Term};
use super::super::syntax::{Data, Member, NodeId, quoted, shortened};
use super::obligation::{Obligation, Rule};
use super::reader::Reader;
use super::scope::Scope;
use super::{alias, keys};
use crate::diagnostic::{Diagnostic, Span};

const EXPECTED: &str = "an object of conditions, such as { \"wood\": { \">=\": 1 } }";

impl Reader<'_> {
    /// The conditions in an object: all must hold.
    pub fn condition(&mut self, id: NodeId, scope: &mut Scope) -> Option<Condition> {
        if !matches!(self.node(id).data, Data::Object(_)) {
            self.listed_instead(id, EXPECTED, true);
            return None;
        }
        let fields = self.object(id, EXPECTED)?;
        self.repeated_conditions(id);
        let mut parts = Vec::with_capacity(fields.members.len());
        let mut sound = true;
        for member in fields.members {
            match self.condition_member(member, fields.members, scope) {
                Some(part) => parts.extend(part),
                None => sound = false,
            }
        }
        sound.then_some(Condition::All(parts))
    }

    fn condition_member(
        &mut self,
        member: &Member,
        members: &[Member],
        scope: &mut Scope,
    ) -> Option<Vec<Condition>> {
        let span = member.key_span.to(self.span(member.value));
        let data = &self.node(member.value).data;
        match member.key.as_str() {
            "any" => {
                let parts = self.junction(member, scope)?;
                if parts.is_empty() {
                    self.never("\"any\" of nothing is never true", span);
                }
                Some(vec![Condition::Any(parts)])
            }
            "all" => self.junction(member, scope).map(|parts| vec![Condition::All(parts)]),
            "not" if matches!(data, Data::Array(_)) => {
                self.other_junction(member, "not", members);
                None
            }
            "not" => {
                let inner = self.condition(member.value, scope)?;
                if is_always(&inner) {
                    self.never("nothing always holds, so that \"not\" of it is never true", span);
                }
                Some(vec![Condition::Not(Box::new(inner))])
            }
            key => match alias::of_junction(key).filter(|_| is_junction(data)) {
                Some(junction) => {
                    self.other_junction(member, junction, members);
                    None
                }
                None if matches!(data, Data::Array(_)) => {
                    self.one_of_values(member, members);
                    None
                }
                None => self.comparisons(member, scope),
            },
        }
    }

    /// Warns of a condition that no state meets.
    fn never(&mut self, message: &str, span: Span) {
        self.findings.push(
            Diagnostic::warning(codes::NEVER_TRUE, span, message)
                .with_help("write the conditions that are meant, or remove it"),
        );
    }

    fn junction(&mut self, member: &Member, scope: &mut Scope) -> Option<Vec<Condition>> {
        let Data::Array(elements) = &self.node(member.value).data else {
            self.unlisted(member);
            return None;
        };
        let parts: Vec<_> = elements.iter().map(|&element| self.condition(element, scope)).collect();
        parts.into_iter().collect()
    }

    fn comparisons(&mut self, member: &Member, scope: &mut Scope) -> Option<Vec<Condition>> {
        let variable = self.template(&member.key, member.key_span, scope);
        let whole = member.key_span.to(self.span(member.value));
        let Data::Object(members) = &self.node(member.value).data else {
            let term = self.condition_value(member.value, scope);
            let operator_span = self.span(member.value);
            let place = Place { whole, right: operator_span, operator: operator_span };
            return Some(vec![compare(scope, variable?, Comparator::Equal, term?, &place)]);
        };
        if members.is_empty() {
            self.no_operator(member.value);
        }
        let alone = members.len() == 1;
        let mut parts = Vec::with_capacity(members.len());
        let mut sound = variable.is_some() && !members.is_empty();
        for entry in members {
            let right = self.span(entry.value);
            let span = if alone { whole } else { entry.key_span.to(right) };
            let place = Place { whole: span, right, operator: entry.key_span };
            match (self.operator_entry(entry, alone, scope), &variable) {
                (Some((operator, term)), Some(variable)) => {
                    parts.push(compare(scope, variable.clone(), operator, term, &place));
                }
                _ => sound = false,
            }
        }
        sound.then_some(parts)
    }

    fn condition_value(&mut self, id: NodeId, scope: &mut Scope) -> Option<Term> {
        if matches!(self.node(id).data, Data::Array(_) | Data::Null) {
            self.wrong_type(id, "a bool, a number, a string, or an object with an operator");
            return None;
        }
        self.term(id, scope)
    }

    fn operator_entry(
        &mut self,
        entry: &Member,
        alone: bool,
        scope: &mut Scope,
    ) -> Option<(Comparator, Term)> {
        if entry.key == "var" {
            if !alone {
                self.findings.push(
                    Diagnostic::error(codes::EXACTLY_ONE, entry.key_span, "\"var\" stands beside operators")
                        .with_help("put it behind an operator: { \"==\": { \"var\": \"name\" } }"),
                );
            }
            let term = self.reference(entry.value, scope);
            return if alone { Some((Comparator::Equal, term?)) } else { None };
        }
        let operator = comparator(&entry.key);
        if operator.is_none() {
            self.unknown_operator(entry, keys::COMPARISON);
        }
        let term = self.term(entry.value, scope);
        Some((operator?, term?))
    }

    fn no_operator(&mut self, id: NodeId) {
        self.findings.push(
            Diagnostic::error(codes::EXACTLY_ONE, self.span(id), "an operator is missing here")
                .with_help("write a value, or an operator and a value: { \">=\": 1 }"),
        );
    }

    /// Reports the key of `entry`, which should be one of the operators `known`.
    pub fn unknown_operator(&mut self, entry: &Member, known: &[&str]) {
        let span = entry.key_span;
        let written = shortened(&entry.key);
        let report = Diagnostic::error(
            codes::UNKNOWN_OPERATOR,
            span,
            format!("\"{written}\" is not an operator here"),
        );
        let in_effect = known.contains(&"set") && matches!(entry.key.as_str(), "=" | "==");
        let meant = if in_effect { Some("set") } else { other_operator(&entry.key) };
        let meant = meant.filter(|name| known.contains(name));
        let meant = meant.or_else(|| self.findings.nearest(&entry.key, known.iter().copied()));
        let list = format!("the operators are {}", known.join(", "));
        self.findings.push(match meant {
            Some(name) => report.with_help(format!("write \"{name}\": {list}")).with_fix(
                format!("Change to \"{name}\""),
                span,
                quoted(name),
            ),
            None => report.with_help(list),
        });
    }
}

/// Whether a value is one that joins conditions: objects of them, or a list.
fn is_junction(data: &Data) -> bool {
    match data {
        Data::Array(_) => true,
        Data::Object(members) => {
            !members.iter().all(|member| keys::COMPARISON.contains(&member.key.as_str()))
        }
        _ => false,
    }
}

/// Whether a condition holds in every state.
fn is_always(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(is_always),
        Condition::Any(parts) => parts.iter().any(is_always),
        Condition::Not(part) => is_never(part),
        Condition::Compare(_) => false,
    }
}

fn is_never(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().any(is_never),
        Condition::Any(parts) => parts.iter().all(is_never),
        Condition::Not(part) => is_always(part),
        Condition::Compare(_) => false,
    }
}

/// Where the parts of a comparison stand.
struct Place {
    whole: Span,
    right: Span,
    operator: Span,
}

fn compare(
    scope: &mut Scope,
    variable: Template,
    operator: Comparator,
    right: Term,
    place: &Place,
) -> Condition {
    scope.obligations.push(Obligation {
        variable: variable.clone(),
        rule: Rule::Compare(operator),
        right: Some(right.clone()),
        right_span: place.right,
        operator_span: place.operator,
        reported: false,
    });
    Condition::Compare(Comparison { variable, operator, right, span: place.whole })
}

fn comparator(key: &str) -> Option<Comparator> {
    Some(match key {
        "==" => Comparator::Equal,
        "!=" => Comparator::NotEqual,
        "<" => Comparator::Less,
        "<=" => Comparator::AtMost,
        ">" => Comparator::Greater,
        ">=" => Comparator::AtLeast,
        _ => return None,
    })
}

/// How other formats write our operators.
fn other_operator(key: &str) -> Option<&'static str> {
    Some(match key.trim_start_matches('$').to_lowercase().as_str() {
        "=" | "===" | "eq" | "is" | "equals" | "equal" => "==",
        "<>" | "!==" | "≠" | "/=" | "~=" | "ne" | "neq" | "!" => "!=",
        "lt" | "less" => "<",
        "=<" | "≤" | "le" | "lte" | "max" | "at_most" => "<=",
        "gt" | "greater" => ">",
        "=>" | "≥" | "ge" | "gte" | "min" | "at_least" => ">=",
        ":=" | "assign" | "value" | "to" | "become" => "set",
        "+=" | "++" | "add" | "inc" | "increase" | "plus" => "+",
        "-=" | "--" | "−" | "sub" | "subtract" | "dec" | "decrease" | "minus" => "-",
        "variable" | "ref" | "state" => "var",
        _ => return None,
    })
}
