//! Checks the obligations of one action or goal under every binding that is not dropped.
//!
//! An obligation that does not depend on the binding is checked once. The others are checked under each
//! binding in turn, a bounded number at a time, and reported once, with the first binding that violates them.
//! If no binding can be dropped, bindings that agree on everything the obligations read are checked once.

use super::super::codes;
use super::super::findings::Findings;
use super::super::instance::{bindings_of, written_twice};
use super::super::model::{Action, Comparator, EffectKind, Kind, Metric, Template, Term, Value};
use super::super::odometer::Odometer;
use super::super::resolve::{Binding, substitute};
use super::super::syntax::{quoted, shortened};
use super::declared::Declared;
use super::fit::Use;
use super::obligation::{Obligation, Rule};
use super::scope::Scope;
use super::{alias, lowest, meant};
use crate::diagnostic::{Diagnostic, Span};

/// Checks one scope, some bindings at a time.
#[derive(Debug)]
pub(super) struct Verifier {
    scope: Scope,
    /// The action; none for a goal, or where it could not be read.
    action: Option<Action>,
    bindings: Odometer,
    /// Whether some binding could be dropped.
    can_drop: bool,
    dropped: u64,
    first_dropped: Option<(Span, String)>,
    metric_reported: bool,
    started: bool,
}

/// What a verifier reads and writes.
pub(super) struct Context<'a> {
    pub declared: &'a Declared,
    /// Weights; none where they could not be read.
    pub metric: Option<&'a Metric>,
    pub findings: &'a mut Findings,
    /// Whether a weight of the metric was reported.
    pub weight_reported: &'a mut bool,
    pub buffers: &'a mut [String; 2],
}

impl Verifier {
    pub fn new(scope: Scope, action: Option<Action>) -> Self {
        let bindings = match &action {
            _ if scope.broken => Odometer::new(vec![0]),
            Some(action) => bindings_of(action),
            None => Odometer::new(scope.parameters.iter().map(|p| p.values.len()).collect()),
        };
        let (dropped, first_dropped) = (0, None);
        let can_drop = action.as_ref().is_some_and(can_drop);
        Self {
            scope,
            action,
            bindings,
            can_drop,
            dropped,
            first_dropped,
            metric_reported: false,
            started: false,
        }
    }

    /// How many instances, and how many ground parts of them, are checked; `None` where that is beyond counting.
    pub fn parts(&self) -> Option<(u64, u64)> {
        let sizes = self.scope.parameters.iter().map(|parameter| parameter.values.len() as u64);
        let instances = sizes.into_iter().try_fold(1u64, u64::checked_mul)?;
        let parts = instances.checked_mul(1 + self.scope.obligations.len() as u64)?;
        Some((instances, parts))
    }

    /// Checks the next binding; whether there was one.
    pub fn advance(&mut self, context: &mut Context<'_>) -> bool {
        if !self.started {
            self.started = true;
            self.check(context, false, &[]);
            return true;
        }
        let Some(arguments) = self.bindings.current().map(<[usize]>::to_vec) else {
            self.report_dropped(context.findings);
            return false;
        };
        self.bindings.advance();
        if !self.is_dropped(&arguments, context) {
            if !arguments.is_empty() {
                self.check(context, true, &arguments);
            }
            self.check_metric(&arguments, context);
        }
        true
    }

    /// Checks the obligations that depend on the binding, or those that do not.
    fn check(&mut self, context: &mut Context<'_>, bound: bool, arguments: &[usize]) {
        let binding = Binding { parameters: &self.scope.parameters, arguments };
        for obligation in &mut self.scope.obligations {
            if obligation.reported || obligation.has_parameters() != bound {
                continue;
            }
            let is_read = |parameter| obligation.reads(|other| other == parameter);
            if !self.can_drop && (0..).zip(arguments).any(|(parameter, &at)| at > 0 && !is_read(parameter)) {
                continue;
            }
            if let Some(finding) = check_one(obligation, binding, context) {
                obligation.reported = true;
                if finding.is_error() {
                    // Quotes do not help where a value of another type is wanted.
                    context.findings.retract(codes::MISSING_QUOTES, finding.span);
                }
                context.findings.push(finding);
            }
        }
    }

    fn is_dropped(&mut self, arguments: &[usize], context: &mut Context<'_>) -> bool {
        let Some(action) = &self.action else { return false };
        if !self.can_drop || arguments.is_empty() {
            return false;
        }
        let binding = Binding { parameters: &action.parameters, arguments };
        let [buffer, _] = context.buffers;
        let mut writes = Vec::with_capacity(action.effects.len());
        for effect in &action.effects {
            writes.push(context.declared.find(substitute(&effect.variable, binding, buffer)));
        }
        let Some(twice) = written_twice(writes.iter().copied().flatten()) else { return false };
        self.dropped += 1;
        if self.first_dropped.is_none() {
            let second = writes.iter().rposition(|write| *write == Some(twice)).unwrap_or_default();
            let name = shortened(&context.declared.variables[twice].name);
            let text =
                format!("with {} `{}` writes `{name}` twice", binding.describe(), shortened(&action.name));
            self.first_dropped = Some((action.effects[second].variable.span, text));
        }
        true
    }

    fn report_dropped(&mut self, findings: &mut Findings) {
        let Some((span, text)) = self.first_dropped.take() else { return };
        let message = match self.dropped {
            1 => format!("{text}; this instance is dropped"),
            count => format!("{text}; this instance and {} more are dropped", count - 1),
        };
        findings.push(
            Diagnostic::warning(codes::WRITTEN_TWICE, span, message)
                .with_help("let a parameter range over fewer values, or write different variables"),
        );
    }

    fn check_metric(&mut self, arguments: &[usize], context: &mut Context<'_>) {
        let (Some(action), Some(metric)) = (&self.action, context.metric) else { return };
        let depends = self.scope.parameters.is_empty() || !action.cost.per.is_empty();
        if self.metric_reported || (!depends && arguments.iter().any(|&argument| argument > 0)) {
            return;
        }
        let binding = Binding { parameters: &action.parameters, arguments };
        let [buffer, _] = context.buffers;
        if let Some(finding) = lowest::negative_metric(action, metric, binding, context.declared, buffer) {
            self.metric_reported = true;
            // A weight is at fault for all actions at once.
            let is_about_action = finding.span == action.cost.span;
            if is_about_action || !std::mem::replace(context.weight_reported, true) {
                context.findings.push(finding);
            }
        }
    }
}

/// Whether some binding of an action could write a variable twice.
fn can_drop(action: &Action) -> bool {
    let templates = || action.effects.iter().map(|effect| &effect.variable);
    let mut names: Vec<_> = templates().map(|template| &template.pieces).collect();
    names.sort_unstable();
    let is_twice = names.windows(2).any(|pair| pair[0] == pair[1]);
    is_twice || (action.effects.len() > 1 && !templates().all(Template::is_fixed))
}

/// What is wrong with `obligation` under `binding`, if anything.
fn check_one(obligation: &Obligation, binding: Binding<'_>, context: &mut Context<'_>) -> Option<Diagnostic> {
    let [left_buffer, right_buffer] = context.buffers;
    let lookup = Lookup {
        declared: context.declared,
        findings: context.findings,
        place: obligation.rule.place(),
        binding: obligation.has_parameters().then_some(binding),
    };
    let name = substitute(&obligation.variable, binding, left_buffer);
    let variable = match lookup.find(name, obligation.variable.span) {
        Ok(variable) => variable,
        Err(undeclared) => {
            return undeclared.map(|finding| denied(obligation, name, context.declared).unwrap_or(*finding));
        }
    };
    let usage = lookup.usage(obligation, name, variable);
    if let Some(finding) = usage.as_ref().and_then(Use::operator) {
        return Some(finding);
    }
    match obligation.right.as_ref()? {
        Term::Literal(value) => usage?.value(value),
        Term::Parameter(parameter) => usage?.value(&binding.argument(*parameter)?.value),
        Term::Symbol(template) => {
            usage?.value(&Value::Symbol(substitute(template, binding, right_buffer).to_owned()))
        }
        Term::Variable(template) => {
            let right = substitute(template, binding, right_buffer);
            match lookup.find(right, template.span) {
                Ok(variable) => usage?.variable(right, lookup.declared.kind(variable)?),
                Err(undeclared) => undeclared.map(|finding| *finding),
            }
        }
    }
}

/// The finding about a name such as `!a`, where `a` is a variable: how that is said here.
fn denied(obligation: &Obligation, key: &str, declared: &Declared) -> Option<Diagnostic> {
    let name = alias::denied(key)?;
    let kind = declared.kind(declared.find(name)?)?;
    let shown = shortened(name);
    let message = format!("`{}` is not how `{shown}` is denied", shortened(key));
    let report = Diagnostic::error(codes::UNDECLARED_VARIABLE, obligation.variable.span, message);
    let is_bare = obligation.operator_span == obligation.right_span && !obligation.has_parameters();
    let right = match (&obligation.right, obligation.rule) {
        (
            Some(Term::Literal(Value::Bool(value))),
            Rule::Effect(EffectKind::Set) | Rule::Compare(Comparator::Equal),
        ) if *kind == Kind::Bool => Some((!value).to_string()),
        (Some(Term::Literal(value)), Rule::Compare(Comparator::Equal)) => {
            Some(format!("{{ \"!=\": {} }}", meant::written(value)))
        }
        _ => None,
    };
    Some(match right.filter(|_| is_bare) {
        Some(right) => {
            let span = obligation.variable.span.to(obligation.right_span);
            let written = format!("{}: {right}", quoted(name));
            report.with_help(format!("write {written}")).with_fix(
                format!("Change to {written}"),
                span,
                written,
            )
        }
        None => report.with_help(format!("write \"not\": {{ \"{shown}\": … }} in conditions")),
    })
}

/// Looks names up for one obligation.
struct Lookup<'a> {
    declared: &'a Declared,
    findings: &'a Findings,
    place: &'static str,
    /// The binding, where the obligation depends on it.
    binding: Option<Binding<'a>>,
}

impl Lookup<'_> {
    /// The variable called `name`, or the finding that there is none.
    fn find(&self, name: &str, span: Span) -> Result<usize, Option<Box<Diagnostic>>> {
        self.declared.find(name).ok_or_else(|| {
            let binding = self.binding.map(|binding| binding.describe()).unwrap_or_default();
            let exact = self.binding.is_none();
            let undeclared =
                || self.declared.undeclared(self.findings, name, span, self.place, exact, &binding);
            (!self.declared.unknown).then(|| Box::new(undeclared()))
        })
    }

    /// `obligation` about the variable called `name`; `None` where its kind could not be read.
    fn usage<'u>(&'u self, obligation: &Obligation, name: &'u str, variable: usize) -> Option<Use<'u>> {
        let right_span = match &obligation.right {
            Some(Term::Variable(template)) => template.span,
            _ => obligation.right_span,
        };
        Some(Use {
            declared: self.declared,
            findings: self.findings,
            variable,
            name,
            kind: self.declared.kind(variable)?,
            rule: obligation.rule,
            right_span,
            operator_span: obligation.operator_span,
            binding: self.binding,
            literal: matches!(obligation.right, Some(Term::Literal(_))),
        })
    }
}
