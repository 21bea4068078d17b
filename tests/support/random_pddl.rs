//! Small random PDDL tasks, as text, with every part of the language that is planned for. Most goals are
//! true in a state that is reachable (by [`lifted_brute`](super::lifted_brute)), so that most tasks have plans.
//!
//! Every task is free of errors. Objects are few, and numbers change only where a guard bounds them, so most
//! tasks have few states; but not all: whoever needs an exhaustible one counts. [`Features`] switches parts
//! of the language off.

use std::fmt::Write as _;

use planscope::hash::SplitMix64;
use planscope::lang::pddl::parse;

use super::lifted_brute::{State, Written};

/// Which parts of the language a task may use.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each part of the language is there or not")]
pub struct Features {
    /// Types with subtypes.
    pub typing: bool,
    /// What other tools do not read or get wrong: `either`, effects nested in conditional ones, types
    /// without objects, variables of type `object`, `=` between things of different types.
    pub corners: bool,
    /// Constants in the domain.
    pub constants: bool,
    /// `=` between objects.
    pub equality: bool,
    /// `not` before atoms in conditions.
    pub negative: bool,
    /// `or`, `imply`, `forall`, `exists`, and `not` before anything.
    pub adl: bool,
    /// `when` and `forall` in effects.
    pub conditional_effects: bool,
    /// Derived predicates.
    pub axioms: bool,
    /// `total-cost`, also from static functions, also fractional.
    pub costs: bool,
    /// Numeric conditions and effects; the metric may read more than `total-cost`.
    pub numbers: bool,
    /// Fluents without a value, and divisions.
    pub undefined: bool,
    /// Scaling, and a fluent that is assigned and increased, or assigned twice, by one action.
    pub mixed_changes: bool,
}

impl Features {
    /// All of it.
    pub const ALL: Self = Self {
        typing: true,
        corners: true,
        constants: true,
        equality: true,
        negative: true,
        adl: true,
        conditional_effects: true,
        axioms: true,
        costs: true,
        numbers: true,
        undefined: true,
        mixed_changes: true,
    };

    /// What unified-planning's validator reads the way that is meant here.
    pub const COMPARABLE: Self =
        Self { corners: false, axioms: false, undefined: false, mixed_changes: false, ..Self::ALL };

    /// Atoms and nothing else.
    pub const fn strips_only() -> Self {
        Self {
            typing: false,
            corners: false,
            constants: false,
            equality: false,
            negative: false,
            adl: false,
            conditional_effects: false,
            axioms: false,
            costs: false,
            numbers: false,
            undefined: false,
            mixed_changes: false,
        }
    }

    /// The same without numbers beside costs.
    #[must_use]
    pub const fn without_numbers(self) -> Self {
        Self { numbers: false, ..self }
    }

    /// The same without derived predicates.
    #[must_use]
    pub const fn without_axioms(self) -> Self {
        Self { axioms: false, ..self }
    }
}

/// A domain and a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomTask {
    pub domain: String,
    pub problem: String,
}

/// The task of a seed.
pub fn task(seed: u64, features: Features) -> RandomTask {
    let mut writer = Writer::new(seed, features);
    writer.declare();
    let axioms: Vec<String> = (0..writer.derived.len()).flat_map(|index| writer.rules(index)).collect();
    let actions: Vec<String> = (0..4 + writer.below(3)).map(|id| writer.action(id)).collect();
    let domain = writer.domain(&axioms, &actions);
    let (init, metric) = (writer.initial(), writer.metric());
    let walked = if writer.percent(60) {
        let problem = writer.problem(&init, "(and)", &metric);
        writer.far_goal(&domain, &problem)
    } else {
        None
    };
    let goal = walked.unwrap_or_else(|| writer.goal());
    let problem = writer.problem(&init, &goal, &metric);
    RandomTask { domain, problem }
}

/// A name with the types of its parameters.
#[derive(Clone, Debug)]
struct Symbol {
    name: &'static str,
    parameters: Vec<&'static str>,
}

/// A variable or constant and its type.
type Named = (String, &'static str);

/// Effects nest so deep.
const EFFECT_DEPTH: u32 = 2;

/// States that are looked at for a goal.
const SEEN_MAX: usize = 300;

/// Objects of two types.
const EITHER: &str = "(either place box)";

/// Each with what it lies below.
const TYPES: [(&str, &[&str]); 6] = [
    ("object", &[]),
    ("place", &["object"]),
    ("item", &["object"]),
    ("box", &["item", "object"]),
    ("ball", &["item", "object"]),
    (EITHER, &["object"]),
];

/// What may stand where a condition is written.
#[derive(Clone, Copy)]
struct Place {
    depth: u32,
    /// Whether negations around it cancel out.
    positive: bool,
    /// Derived predicates below this index may stand anywhere.
    below: usize,
    /// Those from there to here only where negations cancel out.
    upto: usize,
    numbers: bool,
}

struct Writer {
    random: SplitMix64,
    features: Features,
    constants: Vec<Named>,
    objects: Vec<Named>,
    /// Changed by actions.
    fluents: Vec<Symbol>,
    /// Changed by none.
    statics: Vec<Symbol>,
    derived: Vec<Symbol>,
    /// Derived predicates from this index on read one another.
    mutual_from: usize,
    functions: Vec<Symbol>,
    /// Whether one goes from place to place.
    has_way: bool,
    fresh: u32,
}

/// Whether what is of type `inner` is of type `outer` too.
fn fits(inner: &str, outer: &str) -> bool {
    if inner == EITHER {
        return outer == inner || outer == "object";
    }
    let below =
        TYPES.iter().find(|(name, _)| *name == inner).is_some_and(|(_, above)| above.contains(&outer));
    inner == outer || below || outer == EITHER && matches!(inner, "place" | "box")
}

impl Writer {
    fn new(seed: u64, features: Features) -> Self {
        Self {
            random: SplitMix64::new(seed ^ 0x0D0D_B1A5),
            features,
            constants: Vec::new(),
            objects: Vec::new(),
            fluents: Vec::new(),
            statics: Vec::new(),
            derived: Vec::new(),
            mutual_from: usize::MAX,
            functions: Vec::new(),
            has_way: false,
            fresh: 0,
        }
    }

    fn below(&mut self, n: u64) -> u64 {
        self.random.below(n)
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of these types, or `object` where there are none.
    fn type_of(&mut self, among: &[&'static str]) -> &'static str {
        match *self.pick(among) {
            _ if !self.features.typing => "object",
            EITHER | "object" if !self.features.corners => "place",
            of => of,
        }
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }

    fn declare(&mut self) {
        let typed = self.features.typing;
        let kind = |name: &'static str| if typed { name } else { "object" };
        for index in 0..2 + self.below(2) {
            self.objects.push((format!("place{index}"), kind("place")));
        }
        for index in 0..=self.below(2) {
            self.objects.push((format!("box{index}"), kind("box")));
        }
        if !self.features.corners || self.percent(50) {
            self.objects.push(("ball0".to_owned(), kind("ball")));
        }
        if self.features.constants && self.percent(60) {
            let (name, of) = *self.pick(&[("home", "place"), ("crate", "box"), ("thing", "item")]);
            self.constants.push((name.to_owned(), kind(of)));
        }
        self.fluents.push(Symbol { name: "ready", parameters: Vec::new() });
        self.fluents.push(Symbol { name: "at", parameters: vec![kind("item"), kind("place")] });
        let one = self.type_of(&["place", "item", "object", EITHER, "box"]);
        self.fluents.push(Symbol { name: "lit", parameters: vec![one] });
        self.has_way = self.percent(75);
        if self.has_way {
            self.fluents.push(Symbol { name: "here", parameters: vec![kind("place")] });
        }
        self.statics.push(Symbol { name: "road", parameters: vec![kind("place"), kind("place")] });
        if self.percent(30) {
            self.statics.push(Symbol { name: "heavy", parameters: vec![kind("object")] });
        }
        if self.features.axioms && self.percent(80) {
            let choices: [(&'static str, &[&'static str]); 4] =
                [("linked", &["place", "place"]), ("safe", &["item"]), ("done", &[]), ("odd", &["object"])];
            let count = 1 + self.below(4) as usize;
            for (name, of) in choices.into_iter().take(count) {
                let parameters = of.iter().map(|&one| kind(one)).collect();
                self.derived.push(Symbol { name, parameters });
            }
            if self.derived.len() > 1 && self.percent(30) {
                self.mutual_from = self.derived.len() - 2;
            }
        }
        self.declare_functions(kind);
    }

    fn declare_functions(&mut self, kind: impl Fn(&'static str) -> &'static str) {
        if self.features.numbers {
            self.functions.push(Symbol { name: "level", parameters: Vec::new() });
            let of = *self.pick(&["place", "item", "object"]);
            self.functions.push(Symbol { name: "fuel", parameters: vec![kind(of)] });
        }
    }

    /// A term of a type among what is in scope and the constants.
    fn term(&mut self, scope: &[Named], of: &str, with_objects: bool) -> Option<String> {
        let mut all: Vec<&Named> = scope.iter().filter(|one| fits(one.1, of)).collect();
        if all.is_empty() || self.random.below(100) < 20 {
            all.extend(self.constants.iter().filter(|one| fits(one.1, of)));
        }
        if with_objects {
            all.extend(self.objects.iter().filter(|one| fits(one.1, of)));
        }
        if all.is_empty() {
            return None;
        }
        Some(all[self.random.below(all.len() as u64) as usize].0.clone())
    }

    fn applied(&mut self, symbol: &Symbol, scope: &[Named], with_objects: bool) -> Option<String> {
        let mut text = format!("({}", symbol.name);
        for of in &symbol.parameters {
            let _ = write!(text, " {}", self.term(scope, of, with_objects)?);
        }
        Some(text + ")")
    }

    /// An atom that may be read at `place`.
    fn atom(&mut self, scope: &[Named], place: Place, with_objects: bool) -> String {
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

    fn literal(&mut self, scope: &[Named], place: Place, with_objects: bool) -> String {
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

    fn condition(&mut self, scope: &[Named], place: Place, with_objects: bool) -> String {
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
    fn variables(&mut self, scope: &[Named], count: usize) -> (String, Vec<Named>) {
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

    fn fluent(&mut self, scope: &[Named]) -> String {
        let function = self.pick(&self.functions.clone()).clone();
        self.applied(&function, scope, false).unwrap_or_else(|| "(level)".to_owned())
    }

    fn number(&mut self) -> String {
        (*self.pick(&["0", "1", "2", "3", "0.5", "1.5"])).to_owned()
    }

    fn expression(&mut self, scope: &[Named], depth: u32) -> String {
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

    fn comparison(&mut self, scope: &[Named]) -> String {
        let operator = *self.pick(&["<=", "<", ">=", ">", "="]);
        let (left, right) = if self.percent(50) {
            (self.fluent(scope), self.number())
        } else {
            (self.expression(scope, 2), self.expression(scope, 1))
        };
        format!("({operator} {left} {right})")
    }

    /// Rules of a derived predicate.
    fn rules(&mut self, index: usize) -> Vec<String> {
        let symbol = self.derived[index].clone();
        let is_mutual = index >= self.mutual_from;
        let below = if is_mutual { self.mutual_from } else { index };
        let upto = if is_mutual { self.derived.len() } else { index + 1 };
        let place = Place { depth: 2, positive: true, below, upto, numbers: self.percent(20) };
        (0..=self.below(2)).map(|_| self.rule(&symbol, place)).collect()
    }

    fn rule(&mut self, symbol: &Symbol, place: Place) -> String {
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

    fn anywhere(&self, depth: u32) -> Place {
        let count = self.derived.len();
        Place { depth, positive: true, below: count, upto: count, numbers: true }
    }

    fn action(&mut self, id: u64) -> String {
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

    fn cost(&mut self, scope: &[Named]) -> Option<String> {
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
    fn effect(&mut self, scope: &[Named], depth: u32, out: &mut Vec<String>, guards: &mut Vec<String>) {
        let may_nest = if self.features.corners { depth > 0 } else { depth == EFFECT_DEPTH };
        let is_conditional = self.features.conditional_effects && may_nest && self.percent(35);
        if is_conditional {
            let (mut inner, mut conditions) = (Vec::new(), Vec::new());
            let quantified = self.percent(50);
            let count = 1 + usize::from(self.percent(15));
            let (list, around) =
                if quantified { self.variables(scope, count) } else { (String::new(), scope.to_vec()) };
            for _ in 0..=self.below(2) {
                self.effect(&around, depth - 1, &mut inner, &mut conditions);
            }
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
    fn change(&mut self, scope: &[Named], out: &mut Vec<String>, guards: &mut Vec<String>) {
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

    fn goal(&mut self) -> String {
        let parts: Vec<String> =
            (0..=self.below(2)).map(|_| self.condition(&[], self.anywhere(2), true)).collect();
        if parts.len() == 1 { parts[0].clone() } else { format!("(and {})", parts.join(" ")) }
    }

    /// A state that takes many steps: one of the last that a bounded breadth-first search comes to.
    fn far_state(&mut self, written: &Written) -> State {
        let mut seen = vec![written.initial.clone()];
        let mut at = 0;
        while at < seen.len() && seen.len() < SEEN_MAX {
            for (_, after, _) in written.successors(&seen[at]) {
                if !seen.iter().any(|one| one.atoms == after.atoms) {
                    seen.push(after);
                }
            }
            at += 1;
        }
        let last = (seen.len() / 16).max(1);
        let back = 1 + self.below(last as u64) as usize;
        seen.swap_remove(seen.len() - back)
    }

    /// A goal out of what differs from the start in a state that is far from it.
    fn far_goal(&mut self, domain: &str, problem: &str) -> Option<String> {
        let written = Written::new(&parse(domain, problem).model?);
        let state = self.far_state(&written);
        let (before, after) = (written.all_atoms(&written.initial), written.all_atoms(&state));
        let mut parts: Vec<String> = Vec::new();
        for (at, name) in written.atom_names.iter().enumerate() {
            match (before[at], after[at]) {
                (false, true) => parts.push(name.clone()),
                (true, false) if self.features.negative => parts.push(format!("(not {name})")),
                _ => {}
            }
        }
        for (at, name) in written.fluent_names.iter().enumerate() {
            let is_read = name.starts_with("(level") || name.starts_with("(fuel");
            if let Some(number) =
                state.numbers[at].filter(|_| is_read && state.numbers != written.initial.numbers)
            {
                let operator = *self.pick(&["=", ">=", "<="]);
                parts.push(format!("({operator} {name} {number})"));
            }
        }
        let mut goal = Vec::new();
        for _ in 0..3 + self.below(8) {
            if !parts.is_empty() {
                let at = self.below(parts.len() as u64) as usize;
                goal.push(parts.swap_remove(at));
            }
        }
        if goal.is_empty() {
            return None;
        }
        if self.features.adl && self.percent(30) {
            goal.push(format!("(or {} {})", goal[0], self.condition(&[], self.anywhere(1), true)));
        }
        Some(format!("(and {})", goal.join(" ")))
    }

    fn domain(&mut self, axioms: &[String], actions: &[String]) -> String {
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

    fn named(&self, all: &[Named]) -> String {
        let one =
            |(name, of): &Named| if self.features.typing { format!("{name} - {of}") } else { name.clone() };
        all.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn problem(&self, init: &str, goal: &str, metric: &str) -> String {
        let objects = self.named(&self.objects);
        format!(
            "(define (problem one)\n (:domain random)\n (:objects {objects})\n (:init{init})\n (:goal \
             {goal})\n{metric})\n"
        )
    }

    fn metric(&mut self) -> String {
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

    fn initial(&mut self) -> String {
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
    fn rows(&self, parameters: &[&str]) -> Vec<String> {
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
