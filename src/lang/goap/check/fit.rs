//! Whether a variable's kind fits the value, the variable or the operator beside it.

use super::super::codes;
use super::super::findings::Findings;
use super::super::model::{Comparator, EffectKind, Kind, Value};
use super::super::resolve::Binding;
use super::super::syntax::{quoted, shortened};
use super::declared::Declared;
use super::meant;
use super::obligation::{Rule, symbol};
use super::reader::with_replacement;
use crate::diagnostic::{Diagnostic, Span};

/// One use of a variable with its names resolved.
pub(super) struct Use<'a> {
    pub declared: &'a Declared,
    /// What was found so far.
    pub findings: &'a Findings,
    pub variable: usize,
    pub name: &'a str,
    pub kind: &'a Kind,
    pub rule: Rule,
    pub right_span: Span,
    pub operator_span: Span,
    /// The arguments under which this was resolved; none where they do not matter.
    pub binding: Option<Binding<'a>>,
    /// Whether the right side stands in the text as it is, so that it can be replaced.
    pub literal: bool,
}

impl Use<'_> {
    /// Whether the operator suits the kind.
    pub fn operator(&self) -> Option<Diagnostic> {
        let numeric = matches!(self.kind, Kind::Int(_) | Kind::Float(_));
        let (what, help) = match self.rule {
            _ if numeric => return None,
            Rule::Compare(Comparator::Equal | Comparator::NotEqual) | Rule::Effect(EffectKind::Set) => {
                return None;
            }
            Rule::Compare(operator) => {
                (format!("`{}` orders numbers", symbol(operator)), "compare it with == or !=")
            }
            Rule::Effect(EffectKind::Increase) => {
                ("`+` adds to numbers".to_owned(), "set it to a value instead")
            }
            Rule::Effect(_) => ("`-` takes from numbers".to_owned(), "set it to a value instead"),
            Rule::Factor => ("a cost is counted per number".to_owned(), "name a numeric variable"),
        };
        let message = format!("{what}, and `{}` is {}", shortened(self.name), noun(self.kind));
        Some(Diagnostic::error(codes::WRONG_TYPE, self.operator_span, message).with_help(help))
    }

    /// Whether `value` may stand on the right.
    pub fn value(&self, value: &Value) -> Option<Diagnostic> {
        match (self.kind, value) {
            (Kind::Bool, Value::Bool(_)) => None,
            (Kind::Int(range), Value::Int(value)) => {
                let (lo, hi) = (*range)?;
                self.in_range(*value as f64, lo as f64, hi as f64, || format!("{lo} to {hi}"))
            }
            (Kind::Float(range), Value::Int(_) | Value::Float(_)) => {
                let (lo, hi) = (*range)?;
                let value = as_float(value);
                self.in_range(value, lo, hi, || format!("{lo:?} to {hi:?}"))
            }
            (Kind::Enum(symbols), Value::Symbol(symbol)) => self.in_enum(symbol, symbols),
            _ => Some(self.other_value(value)),
        }
    }

    /// A value of another type, and what to write in its place.
    fn other_value(&self, value: &Value) -> Diagnostic {
        let report = self.wrong_type(&value_noun(value));
        if !self.literal {
            return report;
        }
        let span = self.right_span;
        if let Some(right) = meant::literal(self.kind, value) {
            return report.with_help(format!("did you mean {right}?")).with_fix(
                format!("Change to {right}"),
                span,
                right,
            );
        }
        match value {
            Value::Symbol(text) => self.meant_variable(report, text),
            _ => report,
        }
    }

    /// The report, with the reference that is meant where `text` names a variable that fits.
    fn meant_variable(&self, report: Diagnostic, text: &str) -> Diagnostic {
        let kind = self.declared.find(text).and_then(|variable| self.declared.kind(variable));
        match kind {
            Some(kind) if self.literal && self.fits(kind) => {
                let right = format!("{{ \"var\": {} }}", quoted(text));
                report.with_help(format!("write {right} for the value of `{}`", shortened(text))).with_fix(
                    "Read the variable",
                    self.right_span,
                    right,
                )
            }
            _ => report,
        }
    }

    /// Whether a variable of kind `right` may stand on the right.
    fn fits(&self, right: &Kind) -> bool {
        match self.kind {
            Kind::Bool => matches!(right, Kind::Bool),
            Kind::Int(_) => matches!(right, Kind::Int(_)),
            Kind::Float(_) => matches!(right, Kind::Int(_) | Kind::Float(_)),
            Kind::Enum(_) => matches!(right, Kind::Enum(_)),
        }
    }

    /// Whether a variable of kind `right`, called `name`, may stand on the right.
    pub fn variable(&self, name: &str, right: &Kind) -> Option<Diagnostic> {
        (!self.fits(right)).then(|| self.wrong_type(&format!("`{}`, {}", shortened(name), noun(right))))
    }

    fn under(&self) -> String {
        self.binding.map(|binding| format!(" with {}", binding.describe())).unwrap_or_default()
    }

    fn wrong_type(&self, found: &str) -> Diagnostic {
        let name = shortened(self.name);
        let message = format!("`{name}` is {}, and this is {found}{}", noun(self.kind), self.under());
        let help = match self.kind {
            Kind::Bool => "write true or false".to_owned(),
            Kind::Int(_) => {
                "write an integer; declare the variable as a float (0.0) to use fractions".to_owned()
            }
            Kind::Float(_) => "write a number".to_owned(),
            Kind::Enum(symbols) => format!("write one of {}", list(symbols)),
        };
        Diagnostic::error(codes::WRONG_TYPE, self.right_span, message).with_help(help)
    }

    fn in_enum(&self, value: &str, symbols: &[String]) -> Option<Diagnostic> {
        if self.declared.can_be(self.variable, value) {
            return None;
        }
        let message =
            format!("`{}` cannot be \"{}\"{}", shortened(self.name), shortened(value), self.under());
        let report = Diagnostic::error(codes::OUT_OF_ENUM, self.right_span, message);
        if self.declared.find(value).is_some() {
            return Some(
                self.meant_variable(report.with_help(format!("its values are {}", list(symbols))), value),
            );
        }
        Some(match self.findings.nearest(value, symbols.iter().map(String::as_str)) {
            Some(near) if self.literal => with_replacement(report, near, self.right_span),
            _ => report.with_help(format!("its values are {}", list(symbols))),
        })
    }

    fn in_range(&self, value: f64, lo: f64, hi: f64, range: impl Fn() -> String) -> Option<Diagnostic> {
        if lo <= value && value <= hi {
            return None;
        }
        let (name, range) = (shortened(self.name), range());
        let under = self.under();
        match self.rule {
            Rule::Compare(operator @ (Comparator::Equal | Comparator::NotEqual)) => {
                let message = format!("`{name}` can never be {value}{under}: its range is {range}");
                let help = format!(
                    "`{}` with a value outside of the range says nothing; widen the range or change the value",
                    symbol(operator)
                );
                Some(Diagnostic::error(codes::OUT_OF_RANGE, self.right_span, message).with_help(help))
            }
            Rule::Compare(operator) => {
                let above = matches!(operator, Comparator::Greater | Comparator::AtLeast);
                let outcome = if above == (value < lo) { "always" } else { "never" };
                let message = format!(
                    "`{name} {} {value}`{under} is {outcome} true: its range is {range}",
                    symbol(operator)
                );
                let help = "compare with a number inside of the range, or widen it";
                Some(Diagnostic::warning(codes::ALWAYS_OR_NEVER, self.right_span, message).with_help(help))
            }
            Rule::Effect(EffectKind::Set) => {
                let message = format!("`{name}` cannot become {value}{under}: its range is {range}");
                let report = Diagnostic::error(codes::OUT_OF_RANGE, self.right_span, message);
                Some(report.with_help("set it to a number inside of the range, or widen it"))
            }
            Rule::Effect(_) | Rule::Factor => None,
        }
    }
}

fn as_float(value: &Value) -> f64 {
    match value {
        Value::Int(value) => *value as f64,
        Value::Float(value) => *value,
        Value::Bool(_) | Value::Symbol(_) => 0.0,
    }
}

fn noun(kind: &Kind) -> &'static str {
    match kind {
        Kind::Bool => "a bool",
        Kind::Int(_) => "an integer",
        Kind::Float(_) => "a float",
        Kind::Enum(_) => "an enum",
    }
}

fn value_noun(value: &Value) -> String {
    match value {
        Value::Bool(value) => format!("the bool {value}"),
        Value::Int(value) => format!("the integer {value}"),
        Value::Float(value) => format!("the float {value:?}"),
        Value::Symbol(value) => format!("the string \"{}\"", shortened(value)),
    }
}

fn list(symbols: &[String]) -> String {
    const SHOWN: usize = 8;
    let mut shown: Vec<String> =
        symbols.iter().take(SHOWN).map(|symbol| format!("\"{}\"", shortened(symbol))).collect();
    if symbols.len() > SHOWN {
        shown.push(format!("{} more", symbols.len() - SHOWN));
    }
    shown.join(", ")
}
