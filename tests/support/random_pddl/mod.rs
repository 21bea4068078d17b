//! Small random PDDL tasks, as text, with every part of the language that is planned for. Most goals are
//! true in a state that is reachable (by [`lifted_brute`](super::lifted_brute)), so that most tasks have plans.
//!
//! Every task is free of errors. Objects are few, and numbers change only where a guard bounds them, so most
//! tasks have few states; but not all: whoever needs an exhaustible one counts. [`Features`] switches parts
//! of the language off.

mod condition;
mod effect;
mod goal;
mod text;

use std::fmt::Write as _;

use planscope::hash::SplitMix64;

/// Which parts of the language a task may use.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each part of the language is there or not")]
pub struct Features {
    /// Types with subtypes.
    pub typing: bool,
    /// What other tools do not read or get wrong: `either`, effects nested in conditional ones, numbers
    /// changed under `forall`, types without objects, variables of type `object`, `=` between things of
    /// different types.
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
}
