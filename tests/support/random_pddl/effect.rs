//! Actions and what they do.

use std::fmt::Write as _;

use super::{EITHER, Named, Place, Symbol, Writer};

/// Effects nest so deep.
const EFFECT_DEPTH: u32 = 2;

impl Writer {
    pub(super) fn anywhere(&self, depth: u32) -> Place {
        let count = self.derived.len();
        Place { depth, positive: true, below: count, upto: count, numbers: true }
    }

    pub(super) fn action(&mut self, id: u64) -> String {
        let mut scope: Vec<Named> = Vec::new();
        let mut list = String::new();
        let is_move = self.has_way && id == 0;
        for index in 0..if is_move { 2 } else { self.below(4) } {
            let of = if is_move {
                self.type_of(&["place"])
            } else {
                self.type_of(&["place", "place", "item", "item", "box", "object", EITHER])
            };
            let name = ["?x", "?y", "?z"][index as usize];
            let space = if index == 0 { "" } else { " " };
            let _ = if self.features.typing {
                write!(list, "{space}{name} - {of}")
            } else {
                write!(list, "{space}{name}")
            };
            scope.push((name.to_owned(), of));
        }
        let mut conditions: Vec<String> =
            (0..self.below(3)).map(|_| self.condition(&scope, self.anywhere(2), false)).collect();
        let mut effects = Vec::new();
        for _ in 0..=self.below(3) {
            self.effect(&scope, EFFECT_DEPTH, &mut effects, &mut conditions);
        }
        if is_move {
            effects.truncate(1);
            conditions.truncate(1);
            conditions.extend(["(here ?x)".to_owned(), "(road ?x ?y)".to_owned()]);
            effects.extend(["(not (here ?x))".to_owned(), "(here ?y)".to_owned()]);
        } else if self.has_way && self.percent(60) {
            let of = self.type_of(&["place"]);
            conditions.extend(self.applied(&Symbol { name: "here", parameters: vec![of] }, &scope, false));
        }
        if self.features.costs {
            effects.extend(self.cost(&scope));
            if self.features.numbers && self.percent(30) {
                let amount = *self.pick(&["1", "0.5", "(* 2 1.5)"]);
                effects.push(format!("(increase (spent) {amount})"));
            }
        }
        let precondition = match conditions.len() {
            0 if self.percent(50) => String::new(),
            0 => " :precondition ()".to_owned(),
            1 => format!(" :precondition {}", conditions[0]),
            _ => format!(" :precondition (and {})", conditions.join(" ")),
        };
        format!("(:action act{id} :parameters ({list}){precondition} :effect (and {}))", effects.join(" "))
    }

    pub(super) fn cost(&mut self, scope: &[Named]) -> Option<String> {
        let amount = match self.below(8) {
            0 => return None,
            1 => "0".to_owned(),
            2 => "0.5".to_owned(),
            3 => "1.25".to_owned(),
            4 | 5 => {
                let of = if self.features.typing { "place" } else { "object" };
                let way = Symbol { name: "way", parameters: vec![of, of] };
                self.applied(&way, scope, false).unwrap_or_else(|| "2".to_owned())
            }
            whole => (whole - 4).to_string(),
        };
        Some(format!("(increase (total-cost) {amount})"))
    }

    /// One effect; what has to guard it goes to `guards`.
    pub(super) fn effect(
        &mut self,
        scope: &[Named],
        depth: u32,
        out: &mut Vec<String>,
        guards: &mut Vec<String>,
    ) {
        let may_nest = if self.features.corners { depth > 0 } else { depth == EFFECT_DEPTH };
        let is_conditional = self.features.conditional_effects && may_nest && self.percent(35);
        if is_conditional {
            let (mut inner, mut conditions) = (Vec::new(), Vec::new());
            let quantified = self.percent(50);
            let count = 1 + usize::from(self.percent(15));
            let (list, around) =
                if quantified { self.variables(scope, count) } else { (String::new(), scope.to_vec()) };
            let numbers = self.features.numbers;
            self.features.numbers &= self.features.corners || !quantified;
            for _ in 0..=self.below(2) {
                self.effect(&around, depth - 1, &mut inner, &mut conditions);
            }
            self.features.numbers = numbers;
            if !quantified || self.percent(80) || !conditions.is_empty() {
                conditions.push(self.condition(&around, self.anywhere(1), false));
            }
            let mut text = match inner.len() {
                1 => inner.remove(0),
                _ => format!("(and {})", inner.join(" ")),
            };
            text = match conditions.len() {
                0 => text,
                1 => format!("(when {} {text})", conditions[0]),
                _ => format!("(when (and {}) {text})", conditions.join(" ")),
            };
            out.push(if quantified { format!("(forall ({list}) {text})") } else { text });
        } else if self.features.numbers && self.percent(30) {
            self.change(scope, out, guards);
        } else {
            let symbol = self.pick(&self.fluents.clone()).clone();
            let atom = self.applied(&symbol, scope, false).unwrap_or_else(|| "(ready)".to_owned());
            if self.percent(35) {
                out.push(format!("(not {atom})"));
            } else {
                out.push(atom);
            }
        }
    }

    /// A change of a number, with a guard that bounds it.
    pub(super) fn change(&mut self, scope: &[Named], out: &mut Vec<String>, guards: &mut Vec<String>) {
        let fluent = self.fluent(scope);
        let mixed = self.features.mixed_changes;
        match self.below(8) {
            0 | 1 => {
                guards.push(format!("(<= {fluent} 2)"));
                out.push(format!("(increase {fluent} 1)"));
            }
            2 | 3 => {
                guards.push(format!("(>= {fluent} 1)"));
                out.push(format!("(decrease {fluent} 1)"));
            }
            4 if mixed => {
                guards.push(format!("(<= {fluent} 2)"));
                out.push(format!("(scale-up {fluent} 2)"));
            }
            5 if mixed => {
                guards.push(format!("(>= {fluent} 1)"));
                let divisor = *self.pick(&["2", "2", "4", "(level)"]);
                out.push(format!("(scale-down {fluent} {divisor})"));
            }
            6 if mixed => {
                let number = self.number();
                out.push(format!("(assign {fluent} {number})"));
            }
            7 if mixed => {
                let value = self.expression(scope, 1);
                guards.push(format!("(and (<= {value} 3) (>= {value} -3))"));
                out.push(format!("(assign {fluent} {value})"));
            }
            _ => {
                guards.push(format!("(<= {fluent} 1.5)"));
                out.push(format!("(increase {fluent} 0.5)"));
            }
        }
        // Twice the same fluent, now and then.
        if mixed && self.percent(10) {
            out.push(format!("(assign {fluent} 1)"));
        }
    }
}
