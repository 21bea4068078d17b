//! The variables that state declares, as far as they could be read.

use std::collections::HashSet;

use super::super::codes;
use super::super::findings::Findings;
use super::super::model::{Kind, Value, Variable};
use super::super::resolve::Names;
use super::super::syntax::{Member, shortened};
use super::reader::{Reader, with_replacement};
use crate::diagnostic::{Diagnostic, Span};

/// Declarations in file order.
#[derive(Debug, Default)]
pub(super) struct Declared {
    pub variables: Vec<Variable>,
    /// For each variable, whether its kind could be read. A variable whose kind could not be read fits everywhere.
    readable: Vec<bool>,
    names: Names,
    /// For each variable, the symbols it can be; empty where it is no enum.
    symbols: Vec<HashSet<String>>,
    /// Whether state itself could not be read, so that every name may be declared.
    pub unknown: bool,
}

impl Declared {
    /// Declares the name of `member`, with its kind where that could be read.
    pub fn add(&mut self, member: &Member, variable: Option<Variable>) {
        self.readable.push(variable.is_some());
        self.symbols.push(match variable.as_ref().map(|variable| &variable.kind) {
            Some(Kind::Enum(symbols)) => symbols.iter().cloned().collect(),
            _ => HashSet::new(),
        });
        self.names.insert(&member.key, self.variables.len());
        self.variables.push(variable.unwrap_or_else(|| Variable {
            name: member.key.clone(),
            span: member.key_span,
            kind: Kind::Bool,
            initial: Value::Bool(false),
        }));
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.find(name)
    }

    /// The kind of the variable; `None` where it could not be read.
    pub fn kind(&self, variable: usize) -> Option<&Kind> {
        self.readable[variable].then(|| &self.variables[variable].kind)
    }

    /// Whether the enum variable can be `symbol`.
    pub fn can_be(&self, variable: usize, symbol: &str) -> bool {
        self.symbols[variable].contains(symbol)
    }

    fn all_names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|variable| variable.name.as_str())
    }

    /// The finding that `name`, which stands at `span` in `place`, is not declared. `exact` says
    /// that the text at `span` is the name itself and can be replaced; `binding` which arguments
    /// made it.
    pub fn undeclared(
        &self,
        findings: &Findings,
        name: &str,
        span: Span,
        place: &str,
        exact: bool,
        binding: &str,
    ) -> Diagnostic {
        let shown = shortened(name);
        let under = if binding.is_empty() { String::new() } else { format!(" with {binding}") };
        let message = format!("{place} names `{shown}`{under}, which state does not declare");
        let report = Diagnostic::error(codes::UNDECLARED_VARIABLE, span, message);
        match findings.nearest(name, self.all_names()) {
            Some(near) if exact => with_replacement(report, near, span),
            Some(near) => report.with_help(format!("declare it in state, or use `{near}`, the nearest name")),
            None => report.with_help(format!("declare it: \"state\": {{ \"{shown}\": …}}")),
        }
    }
}

impl Reader<'_> {
    /// The values of the enum variable called `name`, for a parameter's range.
    pub fn enum_values<'d>(
        &mut self,
        name: &str,
        span: Span,
        declared: &'d Declared,
    ) -> Option<&'d [String]> {
        let Some(variable) = declared.find(name) else {
            if !declared.unknown {
                let place = "the parameter's range";
                self.findings.push(declared.undeclared(self.findings, name, span, place, true, ""));
            }
            return None;
        };
        if let Kind::Enum(values) = declared.kind(variable)? {
            return Some(values);
        }
        let message = format!("`{}` is not an enum", shortened(name));
        self.findings.push(
            Diagnostic::error(codes::WRONG_TYPE, span, message)
                .with_help("range over an enum variable, or list the values: [1, 2, 3]"),
        );
        None
    }
}
