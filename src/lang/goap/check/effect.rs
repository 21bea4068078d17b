//! Effects: one operator for each variable.

use super::super::codes;
use super::super::model::{Effect, EffectKind, Term};
use super::super::syntax::{Data, Member, NodeId};
use super::keys;
use super::obligation::{Obligation, Rule};
use super::reader::Reader;
use super::scope::Scope;
use crate::diagnostic::{Diagnostic, Span};

impl Reader<'_> {
    /// The effects in an object.
    pub fn effects(&mut self, id: NodeId, scope: &mut Scope) -> Option<Vec<Effect>> {
        const EXPECTED: &str = "an object of effects, such as { \"wood\": { \"+\": 1 } }";
        if !matches!(self.node(id).data, Data::Object(_)) {
            self.listed_instead(id, EXPECTED, false);
            return None;
        }
        let fields = self.object(id, EXPECTED)?;
        let effects: Vec<_> = fields.members.iter().map(|member| self.effect(member, scope)).collect();
        effects.into_iter().collect()
    }

    fn effect(&mut self, member: &Member, scope: &mut Scope) -> Option<Effect> {
        let variable = self.template(&member.key, member.key_span, scope);
        let change = self.change(member.value, scope);
        let (variable, change) = (variable?, change?);
        scope.obligations.push(Obligation {
            variable: variable.clone(),
            rule: Rule::Effect(change.kind),
            right: Some(change.value.clone()),
            right_span: change.value_span,
            operator_span: change.operator_span,
            reported: false,
        });
        Some(Effect {
            variable,
            kind: change.kind,
            value: change.value,
            span: member.key_span.to(self.span(member.value)),
            operator_span: change.operator_span,
        })
    }

    fn change(&mut self, id: NodeId, scope: &mut Scope) -> Option<Change> {
        let span = self.span(id);
        let Data::Object(members) = &self.node(id).data else {
            if matches!(self.node(id).data, Data::Array(_) | Data::Null) {
                self.wrong_type(id, "a value to set, or { \"set\": … }, { \"+\": … } or { \"-\": … }");
                return None;
            }
            let value = self.term(id, scope)?;
            return Some(Change { kind: EffectKind::Set, value, value_span: span, operator_span: span });
        };
        if members.len() != 1 {
            self.one_operator(span, members.len());
        }
        let mut changes: Vec<_> = members.iter().map(|entry| self.operation(entry, scope)).collect();
        if changes.len() == 1 { changes.pop().flatten() } else { None }
    }

    fn operation(&mut self, entry: &Member, scope: &mut Scope) -> Option<Change> {
        let kind = match entry.key.as_str() {
            "set" | "var" => Some(EffectKind::Set),
            "+" => Some(EffectKind::Increase),
            "-" => Some(EffectKind::Decrease),
            _ => {
                self.unknown_operator(entry, keys::EFFECT);
                None
            }
        };
        let value = match entry.key.as_str() {
            "var" => self.reference(entry.value, scope),
            _ => self.term(entry.value, scope),
        };
        let value_span = self.span(entry.value);
        Some(Change { kind: kind?, value: value?, value_span, operator_span: entry.key_span })
    }

    fn one_operator(&mut self, span: Span, count: usize) {
        let message = match count {
            0 => "an effect needs an operator".to_owned(),
            _ => format!("an effect has one operator, this one has {count}"),
        };
        self.findings.push(
            Diagnostic::error(codes::EXACTLY_ONE, span, message)
                .with_help("write one of { \"set\": … }, { \"+\": … } and { \"-\": … }"),
        );
    }
}

struct Change {
    kind: EffectKind,
    value: Term,
    value_span: Span,
    operator_span: Span,
}
