//! State variables: their names, what they may hold, and what they hold at first.

use std::collections::HashSet;

use super::super::codes;
use super::super::model::{Kind, Value, Variable};
use super::super::syntax::{Data, Member, NodeId, quoted, shortened};
use super::reader::{Fields, Reader, with_replacement};
use super::{keys, meant};
use crate::diagnostic::{Diagnostic, Span};

const FORMS: &str = "a bool, a number, or { \"enum\": […], \"value\": … }, { \"int\": [lo, hi], \"value\": … } or { \"float\": [lo, hi], \"value\": … }";

impl Reader<'_> {
    /// A member of `state`. The name counts as declared even where `None` says that its kind could
    /// not be read; where only the initial value is wrong, the kind still counts.
    pub fn variable(&mut self, member: &Member) -> Option<Variable> {
        self.variable_name(member);
        let (kind, initial) = match &self.node(member.value).data {
            Data::Object(_) => self.declared(member.value)?,
            Data::String(text) => {
                self.bare_string(member.value, text);
                return None;
            }
            Data::Array(_) | Data::Null => {
                self.wrong_type(member.value, FORMS);
                return None;
            }
            _ => match self.literal(member.value, FORMS)? {
                value @ Value::Bool(_) => (Kind::Bool, value),
                value @ Value::Int(_) => (Kind::Int(None), value),
                value => (Kind::Float(None), value),
            },
        };
        Some(Variable { name: member.key.clone(), span: member.key_span, kind, initial })
    }

    fn variable_name(&mut self, member: &Member) {
        let (name, span) = (&member.key, member.key_span);
        if name.is_empty() {
            self.empty_name(span);
        } else if keys::JUNCTIONS.contains(&name.as_str()) {
            self.findings.push(
                Diagnostic::error(
                    codes::RESERVED_NAME,
                    span,
                    format!("a variable cannot be called \"{name}\""),
                )
                .with_help("conditions use this word to join others; choose another name"),
            );
        } else if name.contains('$') {
            let shown = shortened(name);
            self.findings.push(
                Diagnostic::error(codes::RESERVED_NAME, span, format!("the name \"{shown}\" contains `$`"))
                    .with_help("`$` stands for parameters; declare each variable under its full name"),
            );
        }
    }

    fn bare_string(&mut self, id: NodeId, text: &str) {
        let span = self.span(id);
        // Adding the missing quotes alone would not mend this.
        let is_bare = self.findings.retract(codes::MISSING_QUOTES, span);
        let meant = if is_bare { meant::bool(text) } else { meant::bool_in_quotes(text) };
        if let Some(right) = meant.map(|value| value.to_string()).or_else(|| meant::number(text)) {
            let message = format!("expected {FORMS}, found \"{}\"", shortened(text));
            self.findings.push(
                Diagnostic::error(codes::WRONG_TYPE, span, message)
                    .with_help(format!("did you mean {right}?"))
                    .with_fix(format!("Change to {right}"), span, right),
            );
            return;
        }
        let (shown, symbol) = (shortened(text), quoted(text));
        self.findings.push(
            Diagnostic::error(codes::WRONG_TYPE, span, "a string alone does not say which values there are")
                .with_help(format!("write {{ \"enum\": [\"{shown}\", …], \"value\": \"{shown}\" }}"))
                .with_fix(
                    "Make it an enum",
                    span,
                    format!("{{ \"enum\": [{symbol}], \"value\": {symbol} }}"),
                ),
        );
    }

    fn declared(&mut self, id: NodeId) -> Option<(Kind, Value)> {
        let fields = self.fields(id, keys::VARIABLE, "a variable")?;
        let kinds: Vec<&Member> = fields.members.iter().filter(|member| is_kind(&member.key)).collect();
        let [kind] = kinds.as_slice() else {
            self.one_kind(fields, kinds.len());
            return None;
        };
        let example = format!("\"value\": {}", if kind.key == "enum" { "\"…\"" } else { "0" });
        let value = self.required(fields, "value", "the variable", &example);
        match kind.key.as_str() {
            "int" => self.bounded_int(kind.value, value),
            "float" => self.bounded_float(kind.value, value),
            _ => self.symbols(kind.value, value),
        }
    }

    fn one_kind(&mut self, fields: Fields<'_>, count: usize) {
        let message = match count {
            0 => "the variable does not say what it may hold".to_owned(),
            _ => format!("the variable says {count} times what it may hold"),
        };
        self.findings.push(
            Diagnostic::error(codes::EXACTLY_ONE, fields.span, message)
                .with_help("write exactly one of \"int\", \"float\" and \"enum\" beside \"value\""),
        );
    }

    fn bounded_int(&mut self, range: NodeId, value: Option<NodeId>) -> Option<(Kind, Value)> {
        let range = self.range(range, Self::exact_integer);
        let id = value?;
        let value = self.exact_integer(id)?;
        let (lo, hi) = range?;
        if !(lo..=hi).contains(&value) {
            self.outside(self.span(id), &value.to_string(), &format!("{lo} to {hi}"));
        }
        Some((Kind::Int(Some((lo, hi))), Value::Int(value)))
    }

    fn bounded_float(&mut self, range: NodeId, value: Option<NodeId>) -> Option<(Kind, Value)> {
        let range = self.range(range, |reader, id| Some(reader.number(id, "a number")?.value + 0.0));
        let value = self.number(value?, "a number")?;
        let (lo, hi) = range?;
        if !(lo..=hi).contains(&value.value) {
            self.outside(value.span, &value.text, &format!("{lo:?} to {hi:?}"));
        }
        Some((Kind::Float(Some((lo, hi))), Value::Float(value.value + 0.0)))
    }

    /// A list of two bounds, the low one first.
    fn range<T: PartialOrd>(
        &mut self,
        id: NodeId,
        mut bound: impl FnMut(&mut Self, NodeId) -> Option<T>,
    ) -> Option<(T, T)> {
        let elements = self.array(id, "a range [lo, hi]")?;
        let &[lo_id, hi_id] = elements else {
            let report = Diagnostic::error(codes::WRONG_TYPE, self.span(id), "a range has two ends");
            self.findings.push(match self.decimal_commas(elements) {
                Some(right) => report.with_help(format!("decimals have a point: {right}")).with_fix(
                    format!("Change to {right}"),
                    self.span(id),
                    right,
                ),
                None => report.with_help("write [lowest, highest]"),
            });
            return None;
        };
        let (lo, hi) = (bound(self, lo_id), bound(self, hi_id));
        let (lo, hi) = (lo?, hi?);
        if lo > hi {
            let swapped = format!("[{}, {}]", self.tree.text(hi_id), self.tree.text(lo_id));
            self.findings.push(
                Diagnostic::error(
                    codes::EMPTY_RANGE,
                    self.span(id),
                    "the range is empty: its low end is above its high end",
                )
                .with_help("the low end stands first")
                .with_fix(format!("Change to {swapped}"), self.span(id), swapped),
            );
            return None;
        }
        Some((lo, hi))
    }

    /// The range that a list is where commas stand in place of points: two numbers, of which nothing parts the
    /// halves but the comma.
    fn decimal_commas(&self, elements: &[NodeId]) -> Option<String> {
        let mut numbers: Vec<String> = Vec::new();
        let mut end = None;
        for &element in elements {
            let (span, text) = (self.span(element), self.tree.text(element));
            let is_half = end == Some(span.start) && text.bytes().all(|byte| byte.is_ascii_digit());
            match numbers.last_mut().filter(|last| is_half && !last.contains('.')) {
                Some(last) => *last = format!("{last}.{text}"),
                None => numbers.push(text.to_owned()),
            }
            end = Some(span.end + 1);
        }
        let are_numbers = elements.iter().all(|&one| self.node(one).data == Data::Number);
        (are_numbers && numbers.len() == 2).then(|| format!("[{}]", numbers.join(", ")))
    }

    fn outside(&mut self, span: Span, value: &str, range: &str) {
        self.findings.push(
            Diagnostic::error(codes::OUT_OF_RANGE, span, format!("{value} is outside of the range {range}"))
                .with_help("start inside of the range, or widen it"),
        );
    }

    fn symbols(&mut self, list: NodeId, value: Option<NodeId>) -> Option<(Kind, Value)> {
        let symbols = self.symbol_list(list);
        let id = value?;
        let value = self.string(id, "one of the enum's values")?;
        let symbols = symbols?;
        if !symbols.iter().any(|symbol| symbol == value) {
            let report = Diagnostic::error(
                codes::OUT_OF_ENUM,
                self.span(id),
                format!("\"{}\" is not one of the enum's values", shortened(value)),
            );
            let near = self.findings.nearest(value, symbols.iter().map(String::as_str));
            self.findings.push(match near {
                Some(name) => with_replacement(report, name, self.span(id)),
                None => report.with_help("choose one of them, or add it to the list"),
            });
        }
        Some((Kind::Enum(symbols), Value::Symbol(value.to_owned())))
    }

    fn symbol_list(&mut self, list: NodeId) -> Option<Vec<String>> {
        let elements = self.array(list, "a list of strings")?;
        if elements.is_empty() {
            self.findings.push(
                Diagnostic::error(codes::EMPTY_ENUM, self.span(list), "an enum needs at least one value")
                    .with_help("list the values it may hold: [\"camp\", \"forest\"]"),
            );
            return None;
        }
        let mut seen = HashSet::new();
        let mut symbols = Vec::with_capacity(elements.len());
        let mut sound = true;
        for &element in elements {
            match self.string(element, "a string") {
                Some(symbol) if seen.insert(symbol) => symbols.push(symbol.to_owned()),
                Some(symbol) => self.duplicate_value(element, symbol),
                None => sound = false,
            }
        }
        sound.then_some(symbols)
    }

    pub fn duplicate_value(&mut self, id: NodeId, value: &str) {
        let shown = shortened(value);
        self.findings.push(
            Diagnostic::error(
                codes::DUPLICATE_VALUE,
                self.span(id),
                format!("{shown} stands in this list already"),
            )
            .with_help("list each value once"),
        );
    }
}

fn is_kind(key: &str) -> bool {
    matches!(key, "int" | "float" | "enum")
}
