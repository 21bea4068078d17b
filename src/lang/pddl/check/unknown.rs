//! Names that are not declared, each with the one that was probably meant.

use super::super::codes;
use super::super::syntax::{NodeId, words};
use super::world::World;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::lang::nearest::nearest;

impl World {
    /// An error about a name that is not known, with the one that was probably meant.
    fn unknown<'a>(
        span: Span,
        code: &str,
        message: String,
        name: &str,
        candidates: impl Iterator<Item = &'a str>,
        otherwise: &str,
    ) -> Diagnostic {
        let finding = Diagnostic::error(code, span, message);
        match nearest(name, candidates) {
            Some(near) => finding.with_help(format!("did you mean `{near}`?")).with_fix(
                format!("Change to `{near}`"),
                span,
                near,
            ),
            None => finding.with_help(otherwise),
        }
    }

    pub(super) fn unknown_type(&mut self, node: NodeId) {
        if self.tree.is_list(node) {
            let span = self.tree.opening(node);
            let help = "write the name of a type";
            return self.error(codes::BAD_TYPED_LIST, span, "a list stands where a type is expected", help);
        }
        if self.gaps.types || !self.findings.wants(Severity::Error) {
            return;
        }
        let (span, name) = (self.tree.span(node), self.tree.name(node));
        let candidates = self.model.types.iter().map(|one| one.name.as_str());
        let message = format!("the type `{name}` is not declared");
        let finding =
            Self::unknown(span, codes::UNKNOWN_TYPE, message, name, candidates, "declare it in `:types`");
        self.findings.push(finding);
    }

    pub(super) fn unknown_predicate(&mut self, node: NodeId) {
        if self.gaps.predicates || !self.findings.wants(Severity::Error) {
            return;
        }
        let (span, name) = (self.tree.span(node), self.tree.name(node));
        let candidates = self.model.predicates.iter().map(|one| one.name.as_str());
        let connectives = ["and", "or", "not", "imply", "forall", "exists", "when"].into_iter();
        let is_function = self.model.functions.iter().any(|one| one.name == name);
        let (message, help) = if is_function {
            let help = "compare it with another number, for instance `(>= (f) 1)`";
            (format!("`{name}` is a function, not a predicate"), help)
        } else {
            (format!("the predicate `{name}` is not declared"), "declare it in `:predicates`")
        };
        let code = codes::UNKNOWN_PREDICATE;
        let finding = Self::unknown(span, code, message, name, candidates.chain(connectives), help);
        self.findings.push(finding);
    }

    pub(super) fn unknown_function(&mut self, node: NodeId) {
        if self.gaps.functions || !self.findings.wants(Severity::Error) {
            return;
        }
        let (span, name) = (self.tree.span(node), self.tree.name(node));
        let candidates = self.model.functions.iter().map(|one| one.name.as_str());
        let message = format!("the function `{name}` is not declared");
        let help = "declare it in `:functions`";
        let finding = Self::unknown(span, codes::UNKNOWN_FUNCTION, message, name, candidates, help);
        self.findings.push(finding);
    }

    pub(super) fn unknown_object(&mut self, node: NodeId, found: Option<u32>) {
        if self.gaps.objects || self.scope.has_gaps || !self.findings.wants(Severity::Error) {
            return;
        }
        let (span, name) = (self.tree.span(node), self.tree.name(node));
        let code = codes::UNKNOWN_OBJECT;
        if found.is_some() {
            let message = format!("`{name}` is an object of the problem, which the domain does not know");
            let help = "declare it in `:constants` of the domain, or use a parameter";
            return self.error(code, span, message, help);
        }
        let variable = format!("?{name}");
        if self.scope.symbols().any(|symbol| self.tree.symbols.text(symbol) == variable) {
            let finding = Diagnostic::error(code, span, format!("`{name}` is not declared as an object"))
                .with_help(format!("the variable is written `{variable}`"))
                .with_fix("Add the `?`", span, variable);
            return self.findings.push(finding);
        }
        let is_in_problem = self.is_in_problem(span);
        let known = if is_in_problem { self.model.objects.len() } else { self.constants };
        let candidates = self.model.objects[..known].iter().map(|one| one.name.as_str());
        let (what, help) = if is_in_problem {
            ("object", "declare it in `:objects`, or in `:constants` of the domain")
        } else {
            ("constant", "declare it in `:constants`, or put a `?` before the name of a variable")
        };
        let message = format!("the {what} `{name}` is not declared");
        let finding = Self::unknown(span, code, message, name, candidates, help);
        self.findings.push(finding);
    }

    pub(super) fn unknown_variable(&mut self, node: NodeId) {
        if self.scope.has_gaps || !self.findings.wants(Severity::Error) {
            return;
        }
        let (span, name) = (self.tree.span(node), self.tree.name(node));
        let symbol = self.tree.word(node);
        if symbol == Some(words::VARIABLE_DURATION) {
            let help = "leave durations out: plans here are sequences of actions";
            return self.error(codes::TEMPORAL, span, "durations are not supported", help);
        }
        let candidates = self.scope.symbols().map(|symbol| self.tree.symbols.text(symbol));
        let message = format!("the variable `{name}` is not declared");
        let help = "add it to the parameters, or quantify it";
        let finding = Self::unknown(span, codes::UNKNOWN_VARIABLE, message, name, candidates, help);
        self.findings.push(finding);
    }
}
