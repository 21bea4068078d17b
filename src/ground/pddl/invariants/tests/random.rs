//! Random domains, of which many have invariants.

use crate::hash::SplitMix64;
use std::fmt::Write as _;

/// Predicates with the types of their parameters.
const PREDICATES: &[(&str, &[&str])] = &[
    ("free", &[]),
    ("busy", &[]),
    ("p", &["t"]),
    ("q", &["t"]),
    ("r", &["object"]),
    ("at", &["t", "u"]),
    ("on", &["t", "t"]),
];

/// Variables in scope with their types.
type Scope = Vec<(String, &'static str)>;

struct Random(SplitMix64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0.below(n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn term(&mut self, scope: &Scope, kind: &str) -> String {
        let fits = |own: &str| own == kind || kind == "object";
        let variables: Vec<&String> = scope.iter().filter(|one| fits(one.1)).map(|one| &one.0).collect();
        if variables.is_empty() || self.one_in(12) {
            let objects: &[&str] = match kind {
                "t" => &["a", "b", "c"],
                "u" => &["m", "n"],
                _ => &["a", "b", "c", "m", "n"],
            };
            return objects[self.below(objects.len())].to_owned();
        }
        variables[self.below(variables.len())].clone()
    }

    fn atom(&mut self, scope: &Scope) -> String {
        let (name, types) = PREDICATES[self.below(PREDICATES.len())];
        let mut atom = format!("({name}");
        for kind in types {
            let _ = write!(atom, " {}", self.term(scope, kind));
        }
        atom + ")"
    }

    fn literal(&mut self, scope: &Scope) -> String {
        match self.below(8) {
            0..4 => self.atom(scope),
            4 | 5 => format!("(not {})", self.atom(scope)),
            6 => format!("(not (= {} {}))", self.term(scope, "t"), self.term(scope, "t")),
            _ if self.one_in(2) => format!("(= {} {})", self.term(scope, "t"), self.term(scope, "t")),
            _ => {
                let inner = [&scope[..], &[("?w".to_owned(), "t")]].concat();
                let word = ["exists", "forall"][self.below(2)];
                format!("({word} (?w - t) (or {} {}))", self.literal(scope), self.atom(&inner))
            }
        }
    }

    /// A delete of what holds, and an add; or less.
    fn change(&mut self, scope: &Scope, conditions: &mut Vec<String>) -> String {
        let (gone, come) = (self.atom(scope), self.atom(scope));
        match self.below(10) {
            0 => format!("(not {gone})"),
            1 if self.one_in(2) => come,
            1 => format!("(not {gone}) {come}"),
            2 => {
                conditions.push(format!("(or {gone} {})", self.atom(scope)));
                format!("(not {gone}) {come}")
            }
            _ => {
                conditions.push(gone.clone());
                format!("(not {gone}) {come}")
            }
        }
    }

    fn effect(&mut self, scope: &Scope, conditions: &mut Vec<String>, depth: usize) -> String {
        match self.below(6) {
            0 | 1 if depth > 0 => {
                let mut own = vec![];
                let inner = self.effect(scope, &mut own, depth - 1);
                if self.one_in(2) {
                    own.push(self.literal(scope));
                }
                format!("(when (and {}) (and {inner}))", own.join(" "))
            }
            2 if depth > 0 => {
                let kind = ["t", "u"][self.below(2)];
                let name = format!("?v{depth}");
                let inner = [&scope[..], &[(name.clone(), kind)]].concat();
                let mut own = vec![];
                let effect = self.effect(&inner, &mut own, depth - 1);
                format!("(forall ({name} - {kind}) (when (and {}) (and {effect})))", own.join(" "))
            }
            3 if depth > 0 && self.one_in(2) => {
                let (x, y) = (self.term(scope, "t"), self.term(scope, "u"));
                format!(
                    "(at {x} {y}) (forall (?o - u) (when (and (at {x} ?o) (not (= ?o {y}))) (not (at {x} ?o))))"
                )
            }
            _ => self.change(scope, conditions),
        }
    }

    fn action(&mut self, number: usize) -> String {
        let count = self.below(4);
        let scope: Scope =
            (0..count).map(|index| (format!("?x{index}"), ["t", "t", "u"][self.below(3)])).collect();
        let mut conditions = Vec::new();
        let effects: Vec<String> =
            (0..=self.below(2)).map(|_| self.effect(&scope, &mut conditions, 2)).collect();
        for _ in 0..self.below(2) {
            conditions.push(self.literal(&scope));
        }
        let parameters: String = scope.iter().map(|(name, kind)| format!("{name} - {kind} ")).collect();
        format!(
            "(:action a{number} :parameters ({parameters}) :precondition (and {}) :effect (and {}))\n",
            conditions.join(" "),
            effects.join(" ")
        )
    }
}

/// A domain and a problem.
pub fn task(seed: u64) -> (String, String) {
    let mut random = Random(SplitMix64::new(seed));
    let predicate = |&(name, types): &(&str, &[&str])| {
        let parameters: String =
            types.iter().enumerate().map(|(at, kind)| format!(" ?x{at} - {kind}")).collect();
        format!("({name}{parameters})")
    };
    let predicates: String = PREDICATES.iter().map(predicate).collect();
    let actions: String = (0..=random.below(3)).map(|number| random.action(number)).collect();
    let domain = format!(
        "(define (domain d) (:types t u)\n(:constants a b c - t m n - u)\n(:predicates {predicates})\n{actions})"
    );
    let atoms: Vec<String> = (0..2 + random.below(5)).map(|_| random.atom(&Scope::new())).collect();
    (domain, format!("(define (problem p) (:domain d) (:init {}))", atoms.join(" ")))
}
