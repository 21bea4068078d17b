//! Small texts with large meanings: PDDL tasks of a few kilobytes with many objects of one type, and with
//! quantifiers, disjunctions and negations nested over them at random. Most of them cannot be ground in full
//! within any reasonable limit, which is what they are for.

use std::fmt::Write as _;

use planscope::hash::SplitMix64;

/// Predicates with their numbers of arguments; no action changes those in capitals.
const PREDICATES: [(&str, usize); 7] = [("p", 1), ("q", 2), ("w", 3), ("U", 1), ("S", 2), ("T", 3), ("d", 2)];

/// A domain and a problem, of `objects` objects and at most about ten kilobytes.
pub fn task(seed: u64, objects: u64) -> (String, String) {
    let mut one = Writer { random: SplitMix64::new(seed), text: String::new(), fresh: 0 };
    one.domain();
    let domain = std::mem::take(&mut one.text);
    one.problem(objects);
    (domain, one.text)
}

struct Writer {
    random: SplitMix64,
    text: String,
    fresh: usize,
}

impl Writer {
    fn below(&mut self, bound: u64) -> u64 {
        self.random.next_u64() % bound
    }

    fn say(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn domain(&mut self) {
        self.say(
            "(define (domain large) (:requirements :adl :fluents :derived-predicates)\n(:constants o1)\n(:predicates (g)",
        );
        for (name, arity) in PREDICATES {
            let variables: String = (0..arity).map(|at| format!(" ?v{at}")).collect();
            let _ = write!(self.text, " ({name}{variables})");
        }
        self.say(")\n(:functions (n ?a))\n");
        if self.below(2) == 0 {
            self.say("(:derived (d ?x0 ?x1) ");
            self.condition(4, &mut vec!["?x0".into(), "?x1".into()], false);
            self.say(")\n");
        }
        for action in 0..2 + self.below(3) {
            let mut scope: Vec<String> = (0..self.below(4)).map(|at| format!("?x{at}")).collect();
            let _ = write!(self.text, "(:action a{action} :parameters ({}) :precondition ", scope.join(" "));
            let depth = 1 + self.below(5);
            self.condition(depth, &mut scope, true);
            self.say("\n :effect (and (g) ");
            for _ in 0..=self.below(3) {
                self.effect(2, &mut scope);
            }
            self.say("))\n");
        }
        self.say(")");
    }

    fn problem(&mut self, objects: u64) {
        self.say("(define (problem one) (:domain large) (:objects");
        for object in (0..objects).filter(|&object| object != 1) {
            let _ = write!(self.text, " o{object}");
        }
        self.say(")\n(:init");
        for _ in 0..self.below(120) {
            let (name, arity) = PREDICATES[self.below(6) as usize];
            let arguments: String = (0..arity).map(|_| format!(" o{}", self.below(objects))).collect();
            let _ = write!(self.text, " ({name}{arguments})");
        }
        for object in 0..self.below(objects.min(40)) {
            let _ = write!(self.text, " (= (n o{object}) {})", object % 7);
        }
        self.say(")\n(:goal (and (g) ");
        let depth = 1 + self.below(4);
        self.condition(depth, &mut Vec::new(), true);
        self.say(")))");
    }

    fn term(&mut self, scope: &[String]) -> String {
        if scope.is_empty() {
            return "o1".into();
        }
        scope[self.below(scope.len() as u64) as usize].clone()
    }

    fn atom(&mut self, scope: &[String], changes: bool) -> String {
        let (name, arity) = PREDICATES[self.below(if changes { 3 } else { 6 }) as usize];
        let arguments: String = (0..arity).map(|_| format!(" {}", self.term(scope))).collect();
        format!("({name}{arguments})")
    }

    /// `derived`: whether derived predicates may be read.
    fn condition(&mut self, depth: u64, scope: &mut Vec<String>, derived: bool) {
        let kind = if depth == 0 { self.below(4) } else { 2 + self.below(10) };
        match kind {
            0 | 1 | 4 => {
                let atom = self.atom(scope, false);
                self.say(&atom);
            }
            2 => {
                let atom = self.atom(scope, false);
                let _ = write!(self.text, "(not {atom})");
            }
            3 => {
                let (left, right) = (self.term(scope), self.term(scope));
                match self.below(4) {
                    0 => {
                        let _ = write!(self.text, "(= {left} {right})");
                    }
                    1 if derived => {
                        let _ = write!(self.text, "(d {left} {right})");
                    }
                    2 => {
                        let _ = write!(self.text, "(> (n {left}) (n {right}))");
                    }
                    _ => {
                        let _ = write!(self.text, "(not (= {left} {right}))");
                    }
                }
            }
            5 | 6 => self.list("and", depth, scope, derived),
            7 | 8 => self.list("or", depth, scope, derived),
            _ => {
                let before = scope.len();
                let word = if self.below(2) == 0 { "forall" } else { "exists" };
                for _ in 0..=self.below(4) {
                    self.fresh += 1;
                    scope.push(format!("?y{}", self.fresh));
                }
                let _ = write!(self.text, "({word} ({}) ", scope[before..].join(" "));
                self.condition(depth - 1, scope, derived);
                self.say(")");
                scope.truncate(before);
            }
        }
    }

    fn list(&mut self, word: &str, depth: u64, scope: &mut Vec<String>, derived: bool) {
        let _ = write!(self.text, "({word}");
        for _ in 0..2 + self.below(2) {
            self.say(" ");
            self.condition(depth - 1, scope, derived);
        }
        self.say(")");
    }

    fn effect(&mut self, depth: u64, scope: &mut Vec<String>) {
        match self.below(if depth == 0 { 3 } else { 6 }) {
            0 | 1 => {
                let atom = self.atom(scope, true);
                let _ = write!(self.text, " {atom}");
            }
            2 => {
                let atom = self.atom(scope, true);
                let _ = write!(self.text, " (not {atom})");
            }
            3 => {
                self.say(" (when ");
                self.condition(2, scope, true);
                self.effect(0, scope);
                self.say(")");
            }
            _ => {
                let before = scope.len();
                for _ in 0..=self.below(3) {
                    self.fresh += 1;
                    scope.push(format!("?z{}", self.fresh));
                }
                let _ = write!(self.text, " (forall ({})", scope[before..].join(" "));
                self.effect(depth - 1, scope);
                self.say(")");
                scope.truncate(before);
            }
        }
    }
}
