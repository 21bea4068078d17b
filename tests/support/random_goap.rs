//! Small random documents with every kind of condition, effect, parameter, cost and goal.
//!
//! Variables come from a fixed pool, so that names put together from parameters exist. Every
//! document is free of errors (warnings are fine); most have few states, but not all: whoever needs
//! an exhaustible one counts.

use std::fmt::Write as _;

use planscope::hash::SplitMix64;

/// What a variable of the pool is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Bool,
    /// Index into [`ENUMS`].
    Enum(usize),
    /// A range.
    Int(i64, i64),
    /// No range.
    Count,
    /// A range in halves.
    Float(i64, i64),
    /// No range.
    Amount,
}

/// Three enums; the first two share symbols.
const ENUMS: [&[&str]; 3] = [&["a", "b", "c"], &["b", "c", "d"], &["room_1", "room_2", "room_3"]];

/// Variables that come and go together.
const POOL: [&[(&str, Kind)]; 14] = [
    &[("p", Kind::Bool)],
    &[("q", Kind::Bool)],
    &[("lamp_a", Kind::Bool), ("lamp_b", Kind::Bool), ("lamp_c", Kind::Bool)],
    &[("place", Kind::Enum(0))],
    &[("place", Kind::Enum(0)), ("spot", Kind::Enum(1))],
    &[("room", Kind::Enum(2))],
    &[("i", Kind::Int(0, 4))],
    &[("j", Kind::Int(-2, 3))],
    &[("stock_1", Kind::Int(0, 2)), ("stock_2", Kind::Int(0, 2)), ("stock_3", Kind::Int(-1, 1))],
    &[("u", Kind::Count)],
    &[("u", Kind::Count), ("v", Kind::Count)],
    &[("f", Kind::Float(0, 4))],
    &[("g", Kind::Amount)],
    &[("f", Kind::Float(0, 4)), ("g", Kind::Amount)],
];

/// A parameter and what it ranges over.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Range {
    /// The symbols of an enum; `place` or `room` has to be declared for the short form.
    Symbols(usize),
    Numbers,
    Halves,
    Truths,
}

/// An action under way.
#[derive(Default)]
struct Scope {
    parameters: Vec<(&'static str, Range)>,
}

struct Writer {
    random: SplitMix64,
    variables: Vec<(&'static str, Kind)>,
}

/// The document of a seed.
pub fn document(seed: u64) -> String {
    let mut writer = Writer { random: SplitMix64::new(seed), variables: Vec::new() };
    for _ in 0..2 + writer.below(4) {
        let group = POOL[writer.below(POOL.len() as u64) as usize];
        for &one in group {
            if !writer.variables.contains(&one) {
                writer.variables.push(one);
            }
        }
    }
    let state: Vec<String> =
        writer.variables.clone().into_iter().map(|one| writer.declaration(one)).collect();
    let actions: Vec<String> = (0..4 + writer.below(5)).map(|id| writer.action(id)).collect();
    let goals: Vec<String> = (0..=writer.below(2)).map(|id| writer.goal(id)).collect();
    let metric = writer.metric();
    format!(
        "{{ \"format\": \"planscope-goap/1\", \"name\": \"random {seed}\",\n  \"state\": {{ {} }},\n  \"actions\": \
         [\n    {}\n  ],\n  \"goals\": [\n    {}\n  ]{metric} }}\n",
        state.join(", "),
        actions.join(",\n    "),
        goals.join(",\n    ")
    )
}

fn halves(count: i64) -> String {
    format!("{:?}", count as f64 / 2.0)
}

impl Writer {
    fn below(&mut self, n: u64) -> u64 {
        self.random.below(n)
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }

    /// One chance in `n`.
    fn rarely(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize].clone()
    }

    fn declaration(&mut self, (name, kind): (&str, Kind)) -> String {
        let value = match kind {
            Kind::Bool => self.one(&["true", "false"]).to_owned(),
            Kind::Enum(id) => {
                let value = self.one(ENUMS[id]);
                format!(r#"{{ "enum": {:?}, "value": {value:?} }}"#, ENUMS[id])
            }
            Kind::Int(low, high) => {
                let value = self.between(low, high);
                format!(r#"{{ "int": [{low}, {high}], "value": {value} }}"#)
            }
            Kind::Count => self.between(-1, 2).to_string(),
            Kind::Float(low, high) => {
                let value = self.between(low, high);
                format!(r#"{{ "float": [{}, {}], "value": {} }}"#, halves(low), halves(high), halves(value))
            }
            Kind::Amount => self.one(&["0.0", "0.3", "-0.5", "1e0"]).to_owned(),
        };
        format!("{name:?}: {value}")
    }

    fn metric(&mut self) -> String {
        let weights = [
            "",
            "",
            r#", "metric": {}"#,
            r#", "metric": { "duration": 0.5 }"#,
            r#", "metric": { "cost": 0, "duration": 1 }"#,
            r#", "metric": { "cost": 0.25, "duration": 0.1, "risk": 0 }"#,
            r#", "metric": { "risk": 2 }"#,
            r#", "metric": { "cost": 1, "risk": 0.5, "duration": 1e-1 }"#,
        ];
        self.one(&weights).to_owned()
    }

    fn goal(&mut self, id: u64) -> String {
        let scope = Scope::default();
        let depth = self.below(3);
        let conditions = self.condition(&scope, depth, 4);
        let when = if self.rarely(3) {
            format!(r#", "when": {}"#, self.condition(&scope, 1, 1))
        } else {
            String::new()
        };
        let priority =
            if self.rarely(2) { format!(r#", "priority": {}"#, self.between(-2, 9)) } else { String::new() };
        format!(r#"{{ "name": "goal {id}"{priority}{when}, "conditions": {conditions} }}"#)
    }

    fn action(&mut self, id: u64) -> String {
        let (scope, parameters) = self.parameters();
        let depth = self.below(3);
        let preconditions = self.condition(&scope, depth, 2);
        let (effects, guards) = self.effects(&scope);
        let preconditions = if guards.is_empty() {
            preconditions
        } else {
            format!(r#"{{ "all": [ {preconditions}, {{ {} }} ] }}"#, guards.join(", "))
        };
        let mut rest = self.cost(&scope);
        if self.rarely(3) {
            let _ = write!(rest, r#", "duration": {}"#, self.one(&["0", "1", "2.5", "0.125"]));
        }
        if self.rarely(3) {
            let _ = write!(rest, r#", "confidence": {}"#, self.one(&[100, 95, 50, 1]));
        }
        if !self.rarely(4) {
            let _ = write!(rest, r#", "preconditions": {preconditions}"#);
        } else if !guards.is_empty() {
            let _ = write!(rest, r#", "preconditions": {{ {} }}"#, guards.join(", "));
        }
        format!(r#"{{ "name": "act {id}"{parameters}, "effects": {{ {effects} }}{rest} }}"#)
    }

    fn parameters(&mut self) -> (Scope, String) {
        let mut scope = Scope::default();
        let mut written = Vec::new();
        for name in ["x", "y"] {
            if !self.rarely(3) {
                continue;
            }
            let (range, text) = match self.below(6) {
                0 | 1 if self.has("place") => (Range::Symbols(0), "\"place\"".to_owned()),
                0 | 1 if self.has("room") => (Range::Symbols(2), "\"room\"".to_owned()),
                2 => (Range::Symbols(0), r#"["b", "c"]"#.to_owned()),
                3 => (Range::Halves, "[1, 0.5]".to_owned()),
                4 => (Range::Truths, "[true, false]".to_owned()),
                _ => (Range::Numbers, "[1, 2]".to_owned()),
            };
            scope.parameters.push((name, range));
            written.push(format!("{name:?}: {text}"));
        }
        let text = if written.is_empty() {
            String::new()
        } else {
            format!(r#", "parameters": {{ {} }}"#, written.join(", "))
        };
        (scope, text)
    }

    fn has(&self, name: &str) -> bool {
        self.variables.iter().any(|one| one.0 == name)
    }

    /// `$x` or `${x}` where a parameter of this range is in scope.
    fn parameter(&mut self, scope: &Scope, ranges: &[Range]) -> Option<String> {
        let fitting: Vec<&str> =
            scope.parameters.iter().filter(|one| ranges.contains(&one.1)).map(|one| one.0).collect();
        if fitting.is_empty() || self.rarely(3) {
            return None;
        }
        let name = self.one(&fitting);
        Some(if self.rarely(2) { format!("${name}") } else { format!("${{{name}}}") })
    }

    /// A key of a variable: its name, or one put together from a parameter.
    fn name(&mut self, scope: &Scope, (name, _): (&str, Kind)) -> String {
        let (family, ranges): (&str, &[Range]) = match name {
            "lamp_a" | "lamp_b" | "lamp_c" => ("lamp_", &[Range::Symbols(0)]),
            "stock_1" | "stock_2" => ("stock_", &[Range::Numbers]),
            _ => return name.to_owned(),
        };
        self.parameter(scope, ranges).map_or_else(|| name.to_owned(), |part| format!("{family}{part}"))
    }

    /// An object of conditions, nested at most `depth` deep.
    fn condition(&mut self, scope: &Scope, depth: u64, most: u64) -> String {
        let mut parts: Vec<(String, String)> = Vec::new();
        for _ in 0..=self.below(most) {
            let (key, value) = if depth > 0 && self.rarely(3) {
                let word = self.one(&["any", "all", "not"]);
                if word == "not" {
                    (word.to_owned(), self.condition(scope, depth - 1, 2))
                } else {
                    let count = if self.rarely(8) { 0 } else { 1 + self.below(3) };
                    let parts: Vec<String> =
                        (0..count).map(|_| self.condition(scope, depth - 1, 2)).collect();
                    (word.to_owned(), format!("[{}]", parts.join(", ")))
                }
            } else {
                let variable = self.one(&self.variables.clone());
                (self.name(scope, variable), self.comparison(scope, variable))
            };
            if parts.iter().all(|part| part.0 != key) {
                parts.push((key, value));
            }
        }
        let parts: Vec<String> = parts.into_iter().map(|(key, value)| format!("{key:?}: {value}")).collect();
        format!("{{ {} }}", parts.join(", "))
    }

    fn comparison(&mut self, scope: &Scope, variable: (&'static str, Kind)) -> String {
        let is_ordered = matches!(variable.1, Kind::Int(..) | Kind::Count | Kind::Float(..) | Kind::Amount);
        match self.below(8) {
            0 | 1 => self.equal(scope, variable),
            2 if is_ordered => {
                let (low, high) = (self.bound(scope, variable), self.bound(scope, variable));
                format!(r#"{{ "{}": {low}, "{}": {high} }}"#, self.one(&[">", ">="]), self.one(&["<", "<="]))
            }
            3..=5 if is_ordered => {
                let operator = self.one(&["<", "<=", ">", ">="]);
                format!(r#"{{ "{operator}": {} }}"#, self.bound(scope, variable))
            }
            6 => match self.other(scope, variable) {
                Some(other) => format!(r#"{{ "var": "{other}" }}"#),
                None => self.equal(scope, variable),
            },
            _ => {
                let value = match self.other(scope, variable).filter(|_| self.rarely(2)) {
                    Some(other) => format!(r#"{{ "var": "{other}" }}"#),
                    None => self.equal(scope, variable),
                };
                format!(r#"{{ "{}": {value} }}"#, self.one(&["==", "!="]))
            }
        }
    }

    /// A value that the variable can have.
    fn equal(&mut self, scope: &Scope, (_, kind): (&str, Kind)) -> String {
        let (ranges, literal): (&[Range], String) = match kind {
            Kind::Bool => (&[Range::Truths], self.one(&["true", "false"]).to_owned()),
            Kind::Enum(0) => (&[Range::Symbols(0)], format!("{:?}", self.one(ENUMS[0]))),
            Kind::Enum(2) => {
                if let Some(part) = self.parameter(scope, &[Range::Numbers]) {
                    return format!(r#""room_{part}""#);
                }
                (&[Range::Symbols(2)], format!("{:?}", self.one(ENUMS[2])))
            }
            Kind::Enum(id) => (&[], format!("{:?}", self.one(ENUMS[id]))),
            Kind::Int(low, high) => {
                let ranges: &[Range] = if low <= 1 && high >= 2 { &[Range::Numbers] } else { &[] };
                (ranges, self.between(low, high).to_string())
            }
            Kind::Count => (&[Range::Numbers], self.between(-2, 3).to_string()),
            Kind::Float(low, high) => {
                let literal = halves(self.between(low, high));
                (&[Range::Numbers, Range::Halves], literal)
            }
            Kind::Amount => {
                (&[Range::Numbers, Range::Halves], self.one(&["0.5", "1", "0.3", "-0.5"]).to_owned())
            }
        };
        self.parameter(scope, ranges).map_or(literal, |parameter| format!("{parameter:?}"))
    }

    /// Something to order a number against; may lie outside of its range.
    fn bound(&mut self, scope: &Scope, variable: (&'static str, Kind)) -> String {
        if let Some(other) = self.other(scope, variable).filter(|_| self.rarely(4)) {
            return format!(r#"{{ "var": "{other}" }}"#);
        }
        match variable.1 {
            Kind::Int(low, high) => self.between(low - 1, high + 1).to_string(),
            _ => self.equal(scope, variable),
        }
    }

    /// Another variable that may stand on its right side.
    fn other(&mut self, scope: &Scope, variable: (&'static str, Kind)) -> Option<String> {
        let fits = |kind: Kind| match variable.1 {
            Kind::Bool => kind == Kind::Bool,
            Kind::Enum(_) => matches!(kind, Kind::Enum(_)),
            Kind::Int(..) | Kind::Count => matches!(kind, Kind::Int(..) | Kind::Count),
            Kind::Float(..) | Kind::Amount => !matches!(kind, Kind::Bool | Kind::Enum(_)),
        };
        let fitting: Vec<_> = self.variables.iter().copied().filter(|one| fits(one.1)).collect();
        let other = self.one(&fitting);
        (other.0 != variable.0 || self.rarely(6)).then(|| self.name(scope, other))
    }

    /// Effects, and conditions that keep what has no range from growing for ever.
    fn effects(&mut self, scope: &Scope) -> (String, Vec<String>) {
        let (mut effects, mut guards) = (Vec::<(String, String)>::new(), Vec::new());
        for _ in 0..=self.below(3) {
            let variable = self.one(&self.variables.clone());
            let key = self.name(scope, variable);
            if effects.iter().any(|effect| effect.0 == key) {
                continue;
            }
            let (effect, is_change) = self.effect(scope, variable);
            if is_change && matches!(variable.1, Kind::Count | Kind::Amount) {
                guards.push(format!(r#"{key:?}: {{ ">=": -2, "<": 3 }}"#));
            }
            effects.push((key, effect));
        }
        let effects: Vec<String> =
            effects.into_iter().map(|(key, effect)| format!("{key:?}: {effect}")).collect();
        (effects.join(", "), guards)
    }

    /// An effect, and whether it adds or takes away.
    fn effect(&mut self, scope: &Scope, variable: (&'static str, Kind)) -> (String, bool) {
        let is_number = matches!(variable.1, Kind::Int(..) | Kind::Count | Kind::Float(..) | Kind::Amount);
        if is_number && !self.rarely(3) {
            let amount = self.amount(scope, variable);
            return (format!(r#"{{ "{}": {amount} }}"#, self.one(&["+", "+", "-"])), true);
        }
        let value = match self.other(scope, variable).filter(|_| self.rarely(2)) {
            Some(other) => format!(r#"{{ "var": "{other}" }}"#),
            None => self.equal(scope, variable),
        };
        (if self.rarely(3) { format!(r#"{{ "set": {value} }}"#) } else { value }, false)
    }

    fn amount(&mut self, scope: &Scope, variable: (&'static str, Kind)) -> String {
        if let Some(other) = self.other(scope, variable).filter(|_| self.rarely(4)) {
            return format!(r#"{{ "var": "{other}" }}"#);
        }
        let is_float = matches!(variable.1, Kind::Float(..) | Kind::Amount);
        let ranges: &[Range] = if is_float { &[Range::Numbers, Range::Halves] } else { &[Range::Numbers] };
        if let Some(parameter) = self.parameter(scope, ranges) {
            return format!("{parameter:?}");
        }
        match variable.1 {
            Kind::Amount => self.one(&["0.5", "1", "0.1", "-0.5"]).to_owned(),
            Kind::Float(..) => self.one(&["0.5", "1", "1.5"]).to_owned(),
            _ => self.one(&[1, 1, 2, 3, -1]).to_string(),
        }
    }

    fn cost(&mut self, scope: &Scope) -> String {
        let cost = match self.below(8) {
            0 | 1 => return String::new(),
            2 | 3 => self.between(0, 4).to_string(),
            4 => self.one(&["0.5", "1.25", "2e0", "0.1", "0.00001"]).to_owned(),
            _ => return self.varying_cost(scope),
        };
        format!(r#", "cost": {cost}"#)
    }

    /// A cost that depends on the state and is not negative in the initial state.
    fn varying_cost(&mut self, scope: &Scope) -> String {
        let is_number = |one: &&(&str, Kind)| !matches!(one.1, Kind::Bool | Kind::Enum(_));
        let numbers: Vec<_> = self.variables.iter().filter(is_number).copied().collect();
        if numbers.is_empty() {
            return String::new();
        }
        let mut per: Vec<(String, &str)> = Vec::new();
        for _ in 0..=self.below(2) {
            let variable = self.one(&numbers);
            let factor = self.one(&["0.5", "1", "2", "-0.5", "-1", "0.25"]);
            let key = self.name(scope, variable);
            if per.iter().all(|one| one.0 != key) {
                per.push((key, factor));
            }
        }
        // Enough for bounded variables anywhere, and for the others where they begin.
        let base = 4 * per.len() as i64 + self.between(0, 2);
        let per: Vec<String> = per.into_iter().map(|(key, factor)| format!("{key:?}: {factor}")).collect();
        let base = if self.rarely(2) { format!("{base}") } else { format!("{base}.5") };
        format!(r#", "cost": {{ "base": {base}, "per": {{ {} }} }}"#, per.join(", "))
    }
}
