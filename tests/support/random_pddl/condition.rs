//! Conditions, expressions and rules.

use std::fmt::Write as _;

use super::{EITHER, Named, Place, Symbol, Writer, fits};

impl Writer {
    /// An atom that may be read at `place`.
    pub(super) fn atom(&mut self, scope: &[Named], place: Place, with_objects: bool) -> String {
        let upto = if place.positive { place.upto } else { place.below };
        let mut symbols = self.fluents.clone();
        symbols.extend(self.statics.iter().cloned());
        symbols.extend(self.derived[..upto].iter().cloned());
        for _ in 0..4 {
            let symbol = self.pick(&symbols).clone();
            if let Some(text) = self.applied(&symbol, scope, with_objects) {
                return text;
            }
        }
        "(ready)".to_owned()
    }

    pub(super) fn literal(&mut self, scope: &[Named], place: Place, with_objects: bool) -> String {
        if self.features.negative && self.percent(30) {
            let place = Place { positive: !place.positive, ..place };
            return format!("(not {})", self.atom(scope, place, with_objects));
        }
        if self.features.equality && scope.len() > 1 && self.percent(12) {
            let (left, right) = (self.pick(scope).clone(), self.pick(scope).clone());
            let is_related = fits(left.1, right.1) || fits(right.1, left.1);
            if self.features.corners || is_related {
                let equal = format!("(= {} {})", left.0, right.0);
                return if self.percent(70) { format!("(not {equal})") } else { equal };
            }
        }
        if place.numbers && self.features.numbers && self.percent(30) {
            let text = self.comparison(scope);
            return if self.percent(15) { format!("(not {text})") } else { text };
        }
        self.atom(scope, place, with_objects)
    }

    pub(super) fn condition(&mut self, scope: &[Named], place: Place, with_objects: bool) -> String {
        if place.depth == 0 || !self.features.adl || self.percent(45) {
            return self.literal(scope, place, with_objects);
        }
        let inner = Place { depth: place.depth - 1, ..place };
        let flipped = Place { positive: !place.positive, ..inner };
        let count = 1 + self.below(3);
        let parts = |writer: &mut Self, place: Place| -> String {
            (0..count).map(|_| format!(" {}", writer.condition(scope, place, with_objects))).collect()
        };
        match self.below(6) {
            0 => format!("(and{})", parts(self, inner)),
            1 => format!("(or{})", parts(self, inner)),
            2 => format!("(not {})", self.condition(scope, flipped, with_objects)),
            3 => {
                let left = self.condition(scope, flipped, with_objects);
                format!("(imply {left} {})", self.condition(scope, inner, with_objects))
            }
            quantifier => {
                let word = if quantifier == 4 { "forall" } else { "exists" };
                let (list, around) = self.variables(scope, 1 + usize::from(count == 3));
                format!("({word} ({list}) {})", self.condition(&around, inner, with_objects))
            }
        }
    }

    /// Declares variables: their text, and the scope with them.
    pub(super) fn variables(&mut self, scope: &[Named], count: usize) -> (String, Vec<Named>) {
        let (mut text, mut around) = (String::new(), scope.to_vec());
        for _ in 0..count {
            self.fresh += 1;
            // Names come back in nested scopes now and then.
            let name = if self.percent(10) { "?x".to_owned() } else { format!("?v{}", self.fresh) };
            around.retain(|one| one.0 != name);
            let of = self.type_of(&["place", "item", "box", "ball", "object", EITHER]);
            let space = if text.is_empty() { "" } else { " " };
            let typed = if self.features.typing { format!(" - {of}") } else { String::new() };
            let _ = write!(text, "{space}{name}{typed}");
            around.push((name, of));
        }
        if text.matches("?x").count() > 1 {
            return self.variables(scope, count);
        }
        (text, around)
    }

    pub(super) fn fluent(&mut self, scope: &[Named]) -> String {
        let function = self.pick(&self.functions.clone()).clone();
        self.applied(&function, scope, false).unwrap_or_else(|| "(level)".to_owned())
    }

    pub(super) fn number(&mut self) -> String {
        (*self.pick(&["0", "1", "2", "3", "0.5", "1.5"])).to_owned()
    }

    pub(super) fn expression(&mut self, scope: &[Named], depth: u32) -> String {
        match self.below(if depth == 0 { 4 } else { 9 }) {
            0 | 1 => self.number(),
            2 | 3 => self.fluent(scope),
            4 if self.percent(50) => format!("(- {})", self.expression(scope, depth - 1)),
            _ => {
                let operators: &[&str] =
                    if self.features.undefined { &["+", "+", "-", "*", "/"] } else { &["+", "-", "*"] };
                let operator = *self.pick(operators);
                let (left, right) = (self.expression(scope, depth - 1), self.expression(scope, depth - 1));
                format!("({operator} {left} {right})")
            }
        }
    }

    pub(super) fn comparison(&mut self, scope: &[Named]) -> String {
        let operator = *self.pick(&["<=", "<", ">=", ">", "="]);
        let (left, right) = if self.percent(50) {
            (self.fluent(scope), self.number())
        } else {
            (self.expression(scope, 2), self.expression(scope, 1))
        };
        format!("({operator} {left} {right})")
    }

    /// Rules of a derived predicate.
    pub(super) fn rules(&mut self, index: usize) -> Vec<String> {
        let symbol = self.derived[index].clone();
        let is_mutual = index >= self.mutual_from;
        let below = if is_mutual { self.mutual_from } else { index };
        let upto = if is_mutual { self.derived.len() } else { index + 1 };
        let place = Place { depth: 2, positive: true, below, upto, numbers: self.percent(20) };
        (0..=self.below(2)).map(|_| self.rule(&symbol, place)).collect()
    }

    pub(super) fn rule(&mut self, symbol: &Symbol, place: Place) -> String {
        let names = ["?a", "?b"].map(str::to_owned);
        let scope: Vec<Named> = names.into_iter().zip(symbol.parameters.iter().copied()).collect();
        let text: String = scope
            .iter()
            .map(
                |(name, of)| {
                    if self.features.typing { format!(" {name} - {of}") } else { format!(" {name}") }
                },
            )
            .collect();
        let body = if symbol.name == "linked" && self.percent(50) {
            let between = if self.features.typing { "?m - place" } else { "?m" };
            format!("(or (road ?a ?b) (exists ({between}) (and (road ?a ?m) (linked ?m ?b))))")
        } else {
            let (left, right) = (self.condition(&scope, place, false), self.condition(&scope, place, false));
            format!("(and {left} {right})")
        };
        format!("(:derived ({}{text}) {body})", symbol.name)
    }
}
