//! Actions: name, cost, duration and confidence; conditions and effects have files of their own.

use super::super::codes;
use super::super::model::{Action, Condition, Cost, Number};
use super::super::syntax::{Data, Member, NodeId, shortened};
use super::declared::Declared;
use super::keys;
use super::obligation::{Obligation, Rule};
use super::reader::{Fields, Reader};
use super::scope::Scope;
use crate::diagnostic::{Diagnostic, Span};

const COST: &str = "a number, or { \"base\": …, \"per\": { \"variable\": … } }";

/// A large cost that adds up at every scale.
const COST_MAX: &str = "1000000000";

/// An action as far as it could be read.
pub(super) struct ReadAction {
    pub action: Option<Action>,
    /// What remains to check, with the parameters to check it under.
    pub scope: Scope,
    /// The name and where it stands, or where the action begins.
    pub name: (Option<String>, Span),
}

impl Reader<'_> {
    /// Reads the action at `id`.
    pub fn action(&mut self, id: NodeId, declared: &Declared) -> Option<ReadAction> {
        let fields = self.fields(id, keys::ACTION, "an action")?;
        let name_id = self.required(fields, "name", "this action", "\"name\": \"…\"");
        let name = name_id.and_then(|id| self.name(id, "a name in quotes")).map(str::to_owned);
        let span = name_id
            .map_or(Span::new(fields.span.start as usize, fields.span.start as usize + 1), |id| {
                self.span(id)
            });
        let mut scope = match fields.get("parameters") {
            Some(parameters) => self.parameters(parameters, declared),
            None => Scope::default(),
        };
        let precondition = match fields.get("preconditions") {
            Some(id) => self.condition(id, &mut scope),
            None => Some(Condition::All(Vec::new())),
        };
        let effects = match fields.get("effects") {
            Some(id) => self.effects(id, &mut scope),
            None => Some(Vec::new()),
        };
        let cost = self.cost(fields, span, &mut scope);
        let (duration, confidence) = (self.duration(fields), self.confidence(fields));
        self.unused_parameters(&scope);
        let parameters = scope.parameters.clone();
        let read = || {
            Some(Action {
                name: name.clone()?,
                span,
                parameters,
                precondition: precondition?,
                effects: effects?,
                cost: cost?,
                duration: duration?,
                confidence: confidence?,
            })
        };
        Some(ReadAction { action: read(), scope, name: (name, span) })
    }

    fn cost(&mut self, fields: Fields<'_>, name: Span, scope: &mut Scope) -> Option<Cost> {
        let Some(id) = fields.get("cost") else {
            return Some(Cost { base: Number::default_of(1), per: Vec::new(), span: name });
        };
        let span = self.span(id);
        if !matches!(self.node(id).data, Data::Object(_)) {
            let base = self.number_up_to(id, COST, COST_MAX)?;
            return Some(Cost { base, per: Vec::new(), span });
        }
        let parts = self.fields(id, keys::COST, "a cost")?;
        let base = match parts.get("base") {
            Some(base) => self.number_up_to(base, "a number", COST_MAX),
            None => Some(Number::default_of(0)),
        };
        let per = match parts.get("per") {
            Some(per) => self.factors(per, scope),
            None => Some(Vec::new()),
        };
        Some(Cost { base: base?, per: per?, span })
    }

    fn factors(
        &mut self,
        id: NodeId,
        scope: &mut Scope,
    ) -> Option<Vec<(super::super::model::Template, Number)>> {
        let fields = self.object(id, "an object of variables and factors, such as { \"distance\": 1 }")?;
        let factors: Vec<_> = fields.members.iter().map(|member| self.factor(member, scope)).collect();
        factors.into_iter().collect()
    }

    fn factor(
        &mut self,
        member: &Member,
        scope: &mut Scope,
    ) -> Option<(super::super::model::Template, Number)> {
        let variable = self.template(&member.key, member.key_span, scope);
        let factor = self.number_up_to(member.value, "a number", "1");
        let variable = variable?;
        scope.obligations.push(Obligation {
            variable: variable.clone(),
            rule: Rule::Factor,
            right: None,
            right_span: self.span(member.value),
            operator_span: self.span(member.value),
            reported: false,
        });
        Some((variable, factor?))
    }

    fn duration(&mut self, fields: Fields<'_>) -> Option<Number> {
        let Some(id) = fields.get("duration") else { return Some(Number::default_of(0)) };
        let duration = self.number_up_to(id, "a number that is not negative", COST_MAX)?;
        if duration.value < 0.0 {
            self.findings.push(
                Diagnostic::error(codes::OUT_OF_RANGE, duration.span, "a duration cannot be negative")
                    .with_help("write 0 or more"),
            );
            return None;
        }
        Some(duration)
    }

    fn confidence(&mut self, fields: Fields<'_>) -> Option<u8> {
        let Some(id) = fields.get("confidence") else { return Some(100) };
        let per_cent = self.integer(id, "an integer from 1 to 100, in per cent")?;
        let confidence = u8::try_from(per_cent).ok().filter(|value| (1..=100).contains(value));
        if confidence.is_none() {
            self.findings.push(
                Diagnostic::error(
                    codes::OUT_OF_RANGE,
                    self.span(id),
                    format!("{per_cent} is not a confidence in per cent"),
                )
                .with_help("write an integer from 1 to 100; leave out an action that never succeeds"),
            );
        }
        confidence
    }

    /// Reports that `name` is taken by the `kind` at `first`.
    pub fn duplicate_name(&mut self, kind: &str, name: &str, span: Span, first: Span) {
        let line = if self.findings.is_full() { 0 } else { self.tree.line(first) };
        self.findings.push(
            Diagnostic::error(
                codes::DUPLICATE_NAME,
                span,
                format!("another {kind} is called \"{}\"", shortened(name)),
            )
            .with_help(format!("it stands on line {line}; give one of them another name")),
        );
    }
}
