//! The two texts and what stands in them beside conditions and actions.

use std::fmt::Write as _;

use super::{Named, Symbol, Writer, fits};

impl Writer {
    pub(super) fn domain(&mut self, axioms: &[String], actions: &[String]) -> String {
        let mut text =
            "(define (domain random)\n (:requirements :adl :action-costs :numeric-fluents".to_owned();
        text += if axioms.is_empty() { ")\n" } else { " :derived-predicates)\n" };
        if self.features.typing {
            text += " (:types place item - object box ball - item)\n";
        }
        if !self.constants.is_empty() {
            let _ = writeln!(text, " (:constants {})", self.named(&self.constants));
        }
        let declared = |symbol: &Symbol| {
            let parameters = symbol.parameters.iter().enumerate();
            let parameters: String = parameters
                .map(
                    |(at, of)| {
                        if self.features.typing { format!(" ?p{at} - {of}") } else { format!(" ?p{at}") }
                    },
                )
                .collect();
            format!(" ({}{parameters})", symbol.name)
        };
        let predicates = self.fluents.iter().chain(&self.statics).chain(&self.derived);
        let _ = writeln!(text, " (:predicates{})", predicates.map(declared).collect::<String>());
        let mut functions: String = self.functions.iter().map(declared).collect();
        if self.features.costs {
            let of = if self.features.typing { "place" } else { "object" };
            functions += &declared(&Symbol { name: "way", parameters: vec![of, of] });
            functions += " (total-cost)";
            if self.features.numbers {
                functions += " (spent)";
            }
        }
        if !functions.is_empty() {
            let _ = writeln!(text, " (:functions{functions})");
        }
        for part in axioms.iter().chain(actions) {
            let _ = writeln!(text, " {part}");
        }
        text + ")\n"
    }

    pub(super) fn named(&self, all: &[Named]) -> String {
        let one =
            |(name, of): &Named| if self.features.typing { format!("{name} - {of}") } else { name.clone() };
        all.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn problem(&self, init: &str, goal: &str, metric: &str) -> String {
        let objects = self.named(&self.objects);
        format!(
            "(define (problem one)\n (:domain random)\n (:objects {objects})\n (:init{init})\n (:goal \
             {goal})\n{metric})\n"
        )
    }

    pub(super) fn metric(&mut self) -> String {
        if self.features.costs && self.percent(85) {
            let metric = match self.below(if self.features.numbers { 7 } else { 5 }) {
                0 => "(+ (* 2 (total-cost)) 1)",
                1 => "(- (total-cost) 3)",
                5 => "(+ (total-cost) (* 0.5 (spent)))",
                6 => "(spent)",
                _ => "(total-cost)",
            };
            return format!(" (:metric minimize {metric})\n");
        }
        String::new()
    }

    pub(super) fn initial(&mut self) -> String {
        let mut text = String::new();
        let symbols = self.fluents.iter().chain(&self.statics).cloned().collect::<Vec<_>>();
        for symbol in symbols {
            let chance = match symbol.name {
                "road" => 50,
                "here" => {
                    text += " (here place0)";
                    0
                }
                _ => 30,
            };
            for objects in self.rows(&symbol.parameters) {
                if self.percent(chance) {
                    let _ = write!(text, " ({}{objects})", symbol.name);
                }
            }
        }
        for function in self.functions.clone() {
            for objects in self.rows(&function.parameters) {
                if !self.features.undefined || self.percent(85) {
                    let number = self.number();
                    let _ = write!(text, " (= ({}{objects}) {number})", function.name);
                }
            }
        }
        if self.features.costs {
            let of = if self.features.typing { "place" } else { "object" };
            for objects in self.rows(&[of, of]) {
                if !self.features.undefined || self.percent(90) {
                    let number = *self.pick(&["0", "1", "2", "3", "0.25"]);
                    let _ = write!(text, " (= (way{objects}) {number})");
                }
            }
            if !self.features.undefined || self.percent(60) {
                text += " (= (total-cost) 0)";
            }
            if self.features.numbers && (!self.features.undefined || self.percent(90)) {
                text += " (= (spent) 0)";
            }
        }
        text
    }

    /// Every row of objects that fits parameters, each with a space in front.
    pub(super) fn rows(&self, parameters: &[&str]) -> Vec<String> {
        let mut rows = vec![String::new()];
        for of in parameters {
            let all = self.constants.iter().chain(&self.objects).filter(|one| fits(one.1, of));
            let names: Vec<&String> = all.map(|one| &one.0).collect();
            rows =
                rows.iter().flat_map(|row| names.iter().map(move |name| format!("{row} {name}"))).collect();
        }
        rows
    }
}
