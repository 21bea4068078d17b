//! Names that are not declared, each with the one that was probably meant.
//!
//! A name that is missing in a declaration is missing wherever it is used: it is reported at its first place,
//! with the number of the others. Where a declared name is used nowhere and one that is near to it is used and
//! declared nowhere, the declaration is misspelt, and the finding stands there.

use super::super::codes;
use super::super::syntax::{NodeId, Symbol, words};
use super::connective::Role;
use super::repeats::Kind;
use super::world::World;
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::nearest::nearest;

/// A name that is not declared, and what is said of it.
struct Unknown<'a> {
    node: NodeId,
    code: &'a str,
    message: String,
    /// What to do where no name is near.
    otherwise: String,
}

impl World {
    /// Reports a name that is not declared. `candidates` are the declared names with their places, `words` the
    /// words of the language that may stand there.
    fn unknown<'a>(
        &'a self,
        of: &Unknown<'_>,
        candidates: impl Iterator<Item = (&'a str, Span)>,
        words: &'a [&'a str],
    ) -> Diagnostic {
        let (name, span) = (self.tree.name(of.node), self.tree.span(of.node));
        let candidates: Vec<(&str, Span)> = candidates.collect();
        let names = candidates.iter().map(|one| one.0).chain(words.iter().copied());
        let finding = |span| Diagnostic::error(of.code, span, of.message.clone());
        let Some(near) = nearest(name, names) else { return finding(span).with_help(&*of.otherwise) };
        let declared = candidates.iter().find(|one| one.0 == near).map(|one| one.1);
        if let Some(place) = declared.filter(|place| self.is_misspelt_at(*place, of.node)) {
            let message = format!("`{near}` is declared here and used nowhere, and `{name}` is used instead");
            return Diagnostic::error(of.code, place, message)
                .with_help(format!("declare it as `{name}`"))
                .with_fix(format!("Change to `{name}`"), place, name);
        }
        finding(span).with_help(format!("did you mean `{near}`?")).with_fix(
            format!("Change to `{near}`"),
            span,
            near,
        )
    }

    /// The finding about a name that was declared in one word with its type, as `b1-box` in place of `b1 - box`.
    fn glued<'a>(&self, name: &str, declared: impl Iterator<Item = (&'a str, Span)>) -> Option<Diagnostic> {
        let of = |own: &'a str| own.strip_prefix(name)?.strip_prefix('-');
        let is_type = |of: &str| self.model.types.iter().any(|one| one.name == of);
        let mut glued =
            declared.filter_map(|(own, place)| Some((own, of(own).filter(|of| is_type(of))?, place)));
        let (own, of, place) = glued.next()?;
        let text = format!("{name} - {of}");
        let message = format!("spaces are missing around the `-` in `{own}`");
        let finding = Diagnostic::error(codes::BAD_TYPED_LIST, place, message);
        Some(finding.with_help(format!("write `{text}`")).with_fix("Add the spaces", place, text))
    }

    /// Whether the name declared at `place` stands nowhere else, and the one at `node` stands in several places.
    fn is_misspelt_at(&self, place: Span, node: NodeId) -> bool {
        let Some(declared) = self.tree.word_at(place.start) else { return false };
        let Some(own) = self.tree.word(node) else { return false };
        self.tree.count(declared, 2) == 1 && self.tree.count(own, 2) > 1
    }

    /// Whether a finding about a name is the first of its kind and there is room for it.
    fn is_news(&mut self, kind: Kind, symbol: Symbol, scope: u32) -> bool {
        self.repeats.is_first((kind, [symbol.0, scope, 0]), &mut self.findings)
    }

    pub(super) fn unknown_type(&mut self, node: NodeId) {
        let Some(symbol) = self.tree.word(node) else {
            let span = self.tree.opening(node);
            let help = "write the name of a type";
            return self.error(codes::BAD_TYPED_LIST, span, "a list stands where a type is expected", help);
        };
        if self.gaps.types || !self.is_news(Kind::Type, symbol, 0) {
            return;
        }
        let message = format!("the type `{}` is not declared", self.tree.name(node));
        let otherwise = "declare it in `:types`".to_owned();
        let of = Unknown { node, code: codes::UNKNOWN_TYPE, message, otherwise };
        let types = self.model.types.iter().map(|one| (one.name.as_str(), one.span));
        let finding = self.unknown(&of, types, &[]);
        self.findings.push(finding);
    }

    /// Reports the first word of a list that should be an atom.
    pub(super) fn unknown_predicate(&mut self, list: NodeId, role: Role) {
        let Some(node) = self.tree.items(list).next() else { return };
        let Some(symbol) = self.tree.word(node) else { return };
        if self.is_word_of_another(list, node, symbol, role) {
            return;
        }
        if self.gaps.predicates || !self.is_news(Kind::Predicate, symbol, 0) {
            return;
        }
        let name = self.tree.name(node);
        let (span, code) = (self.tree.span(node), codes::UNKNOWN_PREDICATE);
        let other = if name.starts_with('?') {
            Some((
                format!("the variable `{name}` stands where a predicate is expected"),
                "begin with a predicate",
            ))
        } else if self.names.functions.find(symbol).is_some() {
            let help = match role {
                Role::Effect => "change it, for instance by `(increase (f) 1)`",
                _ => "compare it with another number, for instance `(>= (f) 1)`",
            };
            Some((format!("`{name}` is a function, not a predicate"), help))
        } else if self.names.types.find(symbol).is_some() {
            let help = match role {
                Role::Fact => {
                    "give the object this type in `:objects` (`a - type`), or declare a predicate of this name in \
                     `:predicates`"
                }
                _ => {
                    "give the variable this type where it is declared (`?x - type`), or declare a predicate of \
                     this name in `:predicates`"
                }
            };
            Some((format!("`{name}` is a type, not a predicate"), help))
        } else if self.names.actions.find(symbol).is_some() {
            Some((format!("`{name}` is an action, not a predicate"), "write what holds, not what is done"))
        } else if self.names.objects.find(symbol).is_some() {
            let help = "write a predicate in front, for instance `(predicate object)`";
            Some((format!("`{name}` is an object, not a predicate"), help))
        } else {
            None
        };
        if let Some((message, help)) = other {
            return self.error(code, span, message, help);
        }
        let message = format!("the predicate `{name}` is not declared");
        let otherwise = "declare it in `:predicates`".to_owned();
        let of = Unknown { node, code, message, otherwise };
        let predicates = self.model.predicates.iter().map(|one| (one.name.as_str(), one.span));
        let finding = self.unknown(&of, predicates, role.words());
        self.findings.push(finding);
    }

    pub(super) fn unknown_function(&mut self, node: NodeId) {
        let Some(symbol) = self.tree.word(node) else { return };
        if self.gaps.functions || !self.is_news(Kind::Function, symbol, 0) {
            return;
        }
        let (span, name, code) = (self.tree.span(node), self.tree.name(node), codes::UNKNOWN_FUNCTION);
        if self.names.predicates.find(symbol).is_some() {
            let message = format!("`{name}` is a predicate, not a function");
            let help =
                "a predicate holds or does not: write `(predicate …)` or `(not (predicate …))` by itself";
            return self.error(code, span, message, help);
        }
        let message = format!("the function `{name}` is not declared");
        let of = Unknown { node, code, message, otherwise: "declare it in `:functions`".to_owned() };
        let functions = self.model.functions.iter().map(|one| (one.name.as_str(), one.span));
        let finding = self.unknown(&of, functions, &[]);
        self.findings.push(finding);
    }

    pub(super) fn unknown_object(&mut self, node: NodeId, found: Option<u32>) {
        let Some(symbol) = self.tree.word(node) else { return };
        let is_in_problem = self.is_in_problem(self.tree.span(node));
        let scope = u32::from(!is_in_problem);
        if self.gaps.objects || self.scope.has_gaps || !self.is_news(Kind::Object, symbol, scope) {
            return;
        }
        let (span, name, code) = (self.tree.span(node), self.tree.name(node), codes::UNKNOWN_OBJECT);
        if found.is_some() {
            let message = format!("`{name}` is an object of the problem, which the domain does not know");
            let help = "declare it in `:constants` of the domain, or use a parameter";
            return self.error(code, span, message, help);
        }
        let variable = format!("?{name}");
        if self.scope.variables().any(|(symbol, _)| self.tree.symbols.text(symbol) == variable) {
            let finding = Diagnostic::error(code, span, format!("`{name}` is not declared as an object"))
                .with_help(format!("the variable is written `{variable}`"))
                .with_fix("Add the `?`", span, variable);
            return self.findings.push(finding);
        }
        if self.names.types.find(symbol).is_some() {
            let message = format!("`{name}` is a type, not an object");
            return self.error(
                code,
                span,
                message,
                "write the name of an object, or a variable of this type",
            );
        }
        let (what, help) = if is_in_problem {
            ("object", "declare it in `:objects`, or in `:constants` of the domain")
        } else {
            ("constant", "declare it in `:constants`, or put a `?` before the name of a variable")
        };
        let message = format!("the {what} `{name}` is not declared");
        let of = Unknown { node, code, message, otherwise: help.to_owned() };
        let known = if is_in_problem { self.model.objects.len() } else { self.constants };
        let objects = self.model.objects[..known].iter().map(|one| (one.name.as_str(), one.span));
        let finding = self.glued(name, objects.clone()).unwrap_or_else(|| self.unknown(&of, objects, &[]));
        self.findings.push(finding);
    }

    pub(super) fn unknown_variable(&mut self, node: NodeId) {
        let Some(symbol) = self.tree.word(node) else { return };
        if self.scope.has_gaps || !self.is_news(Kind::Variable, symbol, self.scope.number) {
            return;
        }
        let (span, name) = (self.tree.span(node), self.tree.name(node));
        if symbol == words::VARIABLE_DURATION {
            let help = "leave durations out: plans here are sequences of actions";
            return self.error(codes::TEMPORAL, span, "durations are not supported", help);
        }
        let message = format!("the variable `{name}` is not declared");
        if self.scope.lacks_parameters && self.scope.len() == 0 {
            // All other variables of the action lack the same list.
            let help = format!("add `:parameters ({name} …)` with all variables of the action");
            self.error(codes::UNKNOWN_VARIABLE, span, message, help);
            self.scope.has_gaps = true;
            return;
        }
        let otherwise = "add it to the parameters, or quantify it".to_owned();
        let of = Unknown { node, code: codes::UNKNOWN_VARIABLE, message, otherwise };
        let known = self.scope.variables().map(|(symbol, span)| (self.tree.symbols.text(symbol), span));
        let finding = self.glued(name, known.clone()).unwrap_or_else(|| {
            let names = known.map(|(name, _)| (name, Span::default()));
            self.unknown(&of, names, &[])
        });
        self.findings.push(finding);
    }
}
