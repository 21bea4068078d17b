//! Findings about words that stand where an atom belongs: connectives of PDDL, and words that other languages have
//! for them.

use super::super::codes;
use super::super::syntax::{NodeId, Symbol, words};
use super::world::World;
use crate::diagnostic::{Diagnostic, Span};

/// Where an atom is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// In a condition, as connectives may be.
    Condition,
    /// In an effect.
    Effect,
    /// Within the `not` of an effect.
    Deleted,
    /// In the initial state.
    Fact,
    /// At the head of a rule.
    Derived,
}

/// A word of another language: what PDDL has in its place in a condition and in an effect (empty where it has
/// nothing there).
struct Foreign {
    words: &'static [&'static str],
    condition: &'static str,
    effect: &'static str,
}

const FOREIGN: &[Foreign] = &[
    Foreign { words: &["&&", "&", "/\\", "∧"], condition: "and", effect: "and" },
    Foreign { words: &["||", "|", "\\/", "∨"], condition: "or", effect: "" },
    Foreign { words: &["!", "~", "¬"], condition: "not", effect: "not" },
    Foreign {
        words: &["=>", "->", "→", "⇒", "==>", "-->", "implies", "implication", "if", "if-then", "then"],
        condition: "imply",
        effect: "when",
    },
    Foreign {
        words: &["∀", "for-all", "for_all", "foreach", "for", "every", "each", "all"],
        condition: "forall",
        effect: "forall",
    },
    Foreign { words: &["∃", "exist", "some", "any"], condition: "exists", effect: "" },
    Foreign { words: &["==", "===", "eq", "equal", "equals"], condition: "=", effect: "assign" },
    Foreign { words: &["≤", "=<"], condition: "<=", effect: "" },
    Foreign { words: &["≥"], condition: ">=", effect: "" },
    Foreign { words: &[":=", "<-", "set", "set-value"], condition: "=", effect: "assign" },
    Foreign { words: &["+=", "inc", "incr", "increment", "++"], condition: "", effect: "increase" },
    Foreign { words: &["-=", "dec", "decr", "decrement", "--"], condition: "", effect: "decrease" },
    Foreign { words: &["*="], condition: "", effect: "scale-up" },
    Foreign { words: &["del", "delete", "remove", "retract"], condition: "", effect: "not" },
];

/// Words for "is not equal to".
const UNEQUAL: &[&str] = &["!=", "<>", "/=", "≠", "\\=", "neq", "not=", "=/=", "~="];

/// Words for "is true just where the other is".
const EQUIVALENT: &[&str] = &["<=>", "<->", "↔", "⇔", "iff", "equivalent", "xnor"];

/// Connectives that PDDL has no word for, and what to write in their place.
const COMPOSED: &[(&str, &str)] = &[
    ("xor", "(and (or a b) (not (and a b)))"),
    ("nand", "(not (and a b))"),
    ("nor", "(not (or a b))"),
    ("unless", "(or a b)"),
];

impl Role {
    /// Words of the language that may begin a list here, beside predicates.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Condition => &["and", "or", "not", "imply", "forall", "exists"],
            Self::Effect => {
                &["and", "not", "forall", "when", "assign", "increase", "decrease", "scale-up", "scale-down"]
            }
            Self::Fact => &["not"],
            Self::Deleted | Self::Derived => &[],
        }
    }

    fn place(self) -> &'static str {
        match self {
            Self::Condition => "in a condition",
            Self::Effect => "in an effect",
            Self::Deleted => "within the `not` of an effect",
            Self::Fact => "in the initial state",
            Self::Derived => "as the head of a rule",
        }
    }
}

impl World {
    /// Whether a list begins with a word that means something else than a predicate, in PDDL or in another
    /// language. Such a word is reported.
    pub(super) fn is_word_of_another(
        &mut self,
        list: NodeId,
        head: NodeId,
        symbol: Symbol,
        role: Role,
    ) -> bool {
        if let Some(help) = known(symbol, role) {
            self.misplaced(list, head, symbol, role, help);
            return true;
        }
        let name = self.tree.symbols.text(symbol).to_owned();
        if UNEQUAL.contains(&name.as_str()) {
            self.unequal(list, head, &name, role);
            return true;
        }
        if EQUIVALENT.contains(&name.as_str()) {
            let help = "write both directions: `(and (imply a b) (imply b a))`";
            self.foreign(head, &name, help.to_owned(), None);
            return true;
        }
        if let Some((_, text)) = COMPOSED.iter().find(|(word, _)| *word == name) {
            let help = match role {
                Role::Condition => format!("write `{text}`"),
                _ => format!("write an atom, `(predicate …)`, {}", role.place()),
            };
            self.foreign(head, &name, help, None);
            return true;
        }
        let Some(foreign) = FOREIGN.iter().find(|one| one.words.contains(&name.as_str())) else {
            return false;
        };
        let word = match role {
            Role::Condition if name == "=>" && self.compares_numbers(list) => ">=",
            Role::Condition => foreign.condition,
            Role::Effect => foreign.effect,
            Role::Deleted | Role::Fact | Role::Derived => "",
        };
        if word.is_empty() {
            let help = format!("write an atom, `(predicate …)`, {}", role.place());
            self.foreign(head, &name, help, None);
        } else {
            self.foreign(head, &name, format!("write `{word}`"), Some(word));
        }
        true
    }

    /// Reports a word of PDDL in a place where it cannot stand.
    fn misplaced(&mut self, list: NodeId, head: NodeId, symbol: Symbol, role: Role, help: &str) {
        let name = self.tree.symbols.text(symbol).to_owned();
        let message = format!("`{name}` does not stand {}", role.place());
        let finding =
            Diagnostic::error(codes::UNEXPECTED_ITEM, self.tree.opening(list), message).with_help(help);
        let place = self.tree.span(head);
        let finding = match (role, symbol) {
            (Role::Condition, words::WHEN) => finding.with_fix("Change to `imply`", place, "imply"),
            (Role::Effect, words::IMPLY) => finding.with_fix("Change to `when`", place, "when"),
            _ => finding,
        };
        self.findings.push(finding);
    }

    /// Reports a word of another language, with the word that PDDL has in its place.
    fn foreign(&mut self, head: NodeId, name: &str, help: String, word: Option<&str>) {
        let span = self.tree.span(head);
        let message = format!("`{name}` is no word of PDDL");
        let finding = Diagnostic::error(codes::UNKNOWN_PREDICATE, span, message).with_help(help);
        self.findings.push(match word {
            Some(word) => finding.with_fix(format!("Change to `{word}`"), span, word),
            None => finding,
        });
    }

    fn unequal(&mut self, list: NodeId, head: NodeId, name: &str, role: Role) {
        let (whole, head) = (self.tree.span(list), self.tree.span(head));
        let message = format!("`{name}` is no word of PDDL");
        let finding = Diagnostic::error(codes::UNKNOWN_PREDICATE, head, message);
        if role != Role::Condition {
            return self.findings.push(finding.with_help("it compares, and belongs in a condition"));
        }
        let rest = self.tree.text(Span { start: head.end, end: whole.end });
        let text = format!("(not (={rest})");
        let finding =
            finding.with_help("write `(not (= …))`").with_fix("Change to `(not (= …))`", whole, text);
        self.findings.push(finding);
    }

    /// Whether an item of a list is a number.
    fn compares_numbers(&self, list: NodeId) -> bool {
        self.tree.items(list).skip(1).any(|item| {
            let function = self.tree.head(item).and_then(|symbol| self.names.functions.find(symbol));
            self.number(item).is_some() || function.is_some()
        })
    }

    /// Reports a word in the place of a list.
    pub(super) fn bare_word(&mut self, word: NodeId, wanted: &str) {
        let (span, name) = (self.tree.span(word), self.tree.name(word).to_owned());
        let message = format!("a word stands where {wanted} is expected");
        let finding = Diagnostic::error(codes::UNEXPECTED_ITEM, span, message);
        let is_not = matches!(&*name, "!" | "~" | "¬" | "not");
        let next = NodeId(word.0 + 1);
        self.findings.push(if is_not && self.tree.is_list_at(next) {
            let list = self.tree.span(next);
            let inner = self.tree.text(list).to_owned();
            finding.with_help("a negation has its own brackets: `(not (…))`").with_fix(
                "Write `(not …)`",
                Span { start: span.start, end: list.end },
                format!("(not {inner})"),
            )
        } else {
            let text = format!("({name})");
            finding.with_help(format!("put it in brackets, for instance `{text}`")).with_fix(
                "Add the brackets",
                span,
                text,
            )
        });
    }

    /// Reports a list that begins with a list, where a predicate is expected.
    pub(super) fn list_of_lists(&mut self, list: NodeId, help: &str) {
        let span = self.tree.opening(list);
        let message = "a list stands where a predicate is expected";
        let finding = self.with_infix(Diagnostic::error(codes::UNEXPECTED_ITEM, span, message), list, help);
        self.findings.push(finding);
    }

    /// The way out of a list without a predicate at its head: the word in its middle belongs there, or else `help`.
    pub(super) fn with_infix(&self, finding: Diagnostic, list: NodeId, help: &str) -> Diagnostic {
        match self.infix(list) {
            Some(text) => finding
                .with_help(format!("the word that joins the parts comes first: `{text}`"))
                .with_fix("Put it first", self.tree.span(list), text),
            None => finding.with_help(help),
        }
    }

    /// `(a and b)` as PDDL has it.
    fn infix(&self, list: NodeId) -> Option<String> {
        let mut items = self.tree.items(list);
        let (left, word, right) = (items.next()?, items.next()?, items.next()?);
        let symbol = self.tree.word(word).filter(|_| items.next().is_none())?;
        let name = self.tree.symbols.text(symbol);
        let is_own = [words::AND, words::OR, words::IMPLY].contains(&symbol)
            || (words::EQUAL..=words::AT_LEAST).contains(&symbol);
        let foreign = FOREIGN.iter().find(|one| one.words.contains(&name)).map(|one| one.condition);
        let word = if is_own { name } else { foreign? };
        let text = |node: NodeId| self.tree.text(self.tree.span(node));
        (!word.is_empty()).then(|| format!("({word} {} {})", text(left), text(right)))
    }
}

/// The help for a word of PDDL that stands in place of an atom; `None` where it may stand there, or is no word of
/// PDDL.
fn known(symbol: Symbol, role: Role) -> Option<&'static str> {
    let is_change = (words::ASSIGN..=words::SCALE_DOWN).contains(&symbol);
    let is_comparison = (words::EQUAL..=words::AT_LEAST).contains(&symbol);
    let is_arithmetic = (words::PLUS..=words::DIVIDE).contains(&symbol);
    let is_connective = (words::AND..=words::WHEN).contains(&symbol);
    if !(is_change || is_comparison || is_arithmetic || is_connective || symbol == words::EITHER) {
        return None;
    }
    if symbol == words::EITHER {
        return Some(
            "`either` joins types, where variables and objects are declared; use `or` for conditions",
        );
    }
    Some(match role {
        Role::Condition if symbol == words::WHEN => "use `imply` in conditions; `when` stands in effects",
        Role::Condition if is_change => "numbers change in effects; compare them here, for instance by `>=`",
        Role::Condition => "compare the number with another one, for instance by `>=`",
        Role::Effect if is_comparison => "use `assign` to change a number; objects do not change",
        Role::Effect if is_arithmetic => "use `increase`, `decrease` or `assign` to change a number",
        Role::Effect if symbol == words::IMPLY => "use `(when condition effect)`",
        Role::Effect if symbol == words::OR => "an effect cannot be a choice: write several actions",
        Role::Effect => "an effect cannot be a choice: use a parameter",
        Role::Deleted if symbol == words::AND => {
            "make each atom false by itself: `(and (not (a)) (not (b)))`"
        }
        Role::Deleted if symbol == words::NOT => "leave both out: an atom is made true by `(predicate …)`",
        Role::Deleted if symbol == words::FORALL => "put `not` inside: `(forall (?x) (not (…)))`",
        Role::Deleted if symbol == words::WHEN => "put `not` inside: `(when condition (not (…)))`",
        Role::Deleted => "an effect makes an atom true, or false by one `not`",
        Role::Derived if symbol == words::AND => {
            "write one rule for each atom: `(:derived (atom) condition)`"
        }
        Role::Derived => {
            "write an atom, `(:derived (predicate ?x) condition)`: it is false where no rule says else"
        }
        Role::Fact if is_comparison => "write numbers as `(= (function object …) 1)`",
        Role::Fact if is_change || is_arithmetic => "write numbers as `(= (function object …) 1)`",
        Role::Fact => "list the facts one after the other; what is not listed is false",
    })
}
