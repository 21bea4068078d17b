//! The parameters in reach of a text, and `$name`, `${name}` and `$$` within it.

use super::super::codes;
use super::super::model::{Parameter, Piece, Template, Term, Value};
use super::super::syntax::{Data, NodeId, shortened};
use super::obligation::Obligation;
use super::reader::Reader;
use crate::diagnostic::{Diagnostic, Span};

/// What an action or a goal brings to its conditions and effects, and what they leave to check
/// under each binding.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub parameters: Vec<Parameter>,
    /// For each parameter, whether it is used.
    pub used: Vec<bool>,
    /// Whether the values of a parameter could not be read, so that bindings are unknown.
    pub broken: bool,
    /// Whether a parameter was referred to that is not declared: perhaps an unused one is meant.
    pub undeclared: bool,
    pub obligations: Vec<Obligation>,
}

/// A reference found in a text: the bytes it takes and what it names.
struct Reference<'t> {
    length: usize,
    name: &'t str,
    parameter: Option<usize>,
}

impl Scope {
    /// The reference at the start of `text`, which begins with `$`.
    fn reference<'t>(&self, text: &'t str) -> Reference<'t> {
        let rest = &text[1..];
        if let Some((name, _)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            let parameter = self.parameters.iter().position(|parameter| parameter.name == name);
            return Reference { length: name.len() + 3, name, parameter };
        }
        let longest = self
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, parameter)| rest.starts_with(parameter.name.as_str()))
            .max_by_key(|(_, parameter)| parameter.name.len());
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = longest.map_or(&rest[..end], |(_, parameter)| &rest[..parameter.name.len()]);
        Reference { length: name.len() + 1, name, parameter: longest.map(|(index, _)| index) }
    }
}

impl Reader<'_> {
    /// Reads the parameters out of `text`, the string at `span`.
    pub fn template(&mut self, text: &str, span: Span, scope: &mut Scope) -> Option<Template> {
        let mut pieces = Vec::new();
        let mut rest = text;
        let mut sound = true;
        while let Some(at) = rest.find('$') {
            push_text(&mut pieces, &rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("$$") {
                push_text(&mut pieces, "$");
                rest = after;
                continue;
            }
            let reference = scope.reference(rest);
            if let Some(parameter) = reference.parameter {
                pieces.push(Piece::Parameter(parameter));
                scope.used[parameter] = true;
            } else {
                let offset = text.len() - rest.len();
                self.undeclared_parameter(text, span, offset, &reference, scope);
                scope.undeclared = true;
                sound = false;
            }
            rest = &rest[reference.length..];
        }
        push_text(&mut pieces, rest);
        if pieces.is_empty() {
            pieces.push(Piece::Text(String::new()));
        }
        sound.then_some(Template { pieces, span })
    }

    fn undeclared_parameter(
        &mut self,
        text: &str,
        span: Span,
        offset: usize,
        reference: &Reference<'_>,
        scope: &Scope,
    ) {
        // Offsets into the decoded text are offsets into the source where it has no escapes.
        let start = span.start as usize + 1 + offset;
        let exact = Span::new(start, start + reference.length);
        let written = text.get(offset..offset + reference.length);
        let exact_fits = Some(exact.of(self.tree.source())) == written;
        let place = if exact_fits { exact } else { span };
        let name = shortened(reference.name);
        let message = match name.as_str() {
            "" => "`$` stands before no parameter's name".to_owned(),
            name => format!("the parameter `{name}` is not declared"),
        };
        let report = Diagnostic::error(codes::UNDECLARED_PARAMETER, place, message);
        let names = || scope.parameters.iter().map(|parameter| parameter.name.as_str());
        let braced = written.is_some_and(|written| written.starts_with("${"));
        let near = self.findings.nearest(reference.name, names());
        self.findings.push(match near {
            Some(near) if exact_fits => {
                let right = if braced { format!("${{{near}}}") } else { format!("${near}") };
                let help = format!("the nearest declared parameter is `{near}`");
                report.with_help(help).with_fix(format!("Change to {right}"), exact, right)
            }
            _ => {
                let declared = match names().collect::<Vec<_>>().join(", ") {
                    declared if declared.is_empty() => "none is declared here".to_owned(),
                    declared => format!("declared here: {}", shortened(&declared)),
                };
                let help =
                    format!("`$` stands for a parameter ({declared}); write `$$` for the character itself");
                let report = report.with_help(help);
                if exact_fits {
                    report.with_fix("Write `$$`", Span::new(start, start + 1), "$$")
                } else {
                    report
                }
            }
        });
    }

    /// Reads a value: a literal, a string with parameters, or `{ "var": … }`.
    pub fn term(&mut self, id: NodeId, scope: &mut Scope) -> Option<Term> {
        const EXPECTED: &str = "a bool, a number, a string or { \"var\": \"name\" }";
        match &self.node(id).data {
            Data::String(text) => self.text_term(text, self.span(id), scope),
            Data::Object(_) => {
                let fields = self.fields(id, super::keys::REFERENCE, "a reference to a variable")?;
                let target = match fields.get("var") {
                    Some(target) => target,
                    None if fields.members.is_empty() => {
                        self.required(fields, "var", "a reference to a variable", "\"var\": \"name\"")?
                    }
                    None => return None,
                };
                self.reference(target, scope)
            }
            _ => self.literal(id, EXPECTED).map(Term::Literal),
        }
    }

    /// The variable that the string `id` names.
    pub fn reference(&mut self, id: NodeId, scope: &mut Scope) -> Option<Term> {
        let text = self.string(id, "the name of a variable")?;
        self.template(text, self.span(id), scope).map(Term::Variable)
    }

    fn text_term(&mut self, text: &str, span: Span, scope: &mut Scope) -> Option<Term> {
        if !text.contains('$') {
            return Some(Term::Literal(Value::Symbol(text.to_owned())));
        }
        let template = self.template(text, span, scope)?;
        Some(match template.pieces.as_slice() {
            [Piece::Parameter(parameter)] => Term::Parameter(*parameter),
            [Piece::Text(text)] => Term::Literal(Value::Symbol(text.clone())),
            _ => Term::Symbol(template),
        })
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(before)) => before.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}
