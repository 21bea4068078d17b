//! Conditions on packed states.
//!
//! A [`Conjunction`] keeps the facts, which the successor generator can index, apart from its other parts.
//! Disjunctions remain trees and are never multiplied out.

use smallvec::SmallVec;
use thin_vec::ThinVec;

use super::Fact;
use super::expression::Operand;
use super::layout::Layout;
use super::value::Value;

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// The comparison that holds for two numbers exactly if this one does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::Greater,
            Self::Greater => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }

    #[inline]
    fn holds<T: PartialOrd + Copy>(self, left: T, right: T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

/// `left comparison right`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumericTest {
    /// The left side.
    pub left: Operand,
    /// How they compare.
    pub comparison: Comparison,
    /// The right side.
    pub right: Operand,
}

impl NumericTest {
    /// Whether it holds. Two integers are compared exactly, all other numbers as floats. If a side is not a
    /// number, no comparison holds.
    #[inline]
    pub fn holds(&self, layout: &Layout, state: &[u64]) -> bool {
        match (layout.value(self.left, state), layout.value(self.right, state)) {
            (Value::Int(left), Value::Int(right)) => self.comparison.holds(left, right),
            (left, right) => {
                let (left, right) = (left.as_f64(), right.as_f64());
                !left.is_nan() && !right.is_nan() && self.comparison.holds(left, right)
            }
        }
    }
}

/// A condition in negation normal form.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// The fact holds.
    Fact(Fact),
    /// The fact does not hold.
    NotFact(Fact),
    /// The test holds.
    Numeric(NumericTest),
    /// Every one holds; true where empty.
    And(Vec<Formula>),
    /// At least one holds; false where empty.
    Or(Vec<Formula>),
}

impl Formula {
    /// Whether it holds. Nesting is bounded by the languages (128).
    pub fn holds(&self, layout: &Layout, state: &[u64]) -> bool {
        match self {
            Self::Fact(fact) => layout.holds(*fact, state),
            Self::NotFact(fact) => !layout.holds(*fact, state),
            Self::Numeric(test) => test.holds(layout, state),
            Self::And(parts) => parts.iter().all(|part| part.holds(layout, state)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(layout, state)),
        }
    }

    /// Bytes that it holds on the heap. O(size).
    pub fn inner_bytes(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => list_bytes(parts),
            Self::Fact(_) | Self::NotFact(_) | Self::Numeric(_) => 0,
        }
    }
}

/// Bytes that a list of formulas holds, with everything below them.
fn list_bytes(parts: &Vec<Formula>) -> usize {
    allocated(parts.capacity() * size_of::<Formula>()) + parts.iter().map(Formula::inner_bytes).sum::<usize>()
}

/// Bytes that an allocation of so many takes up: allocators keep a word beside each, and round it up. Where there are
/// very many short lists, that is a good part of what they hold.
pub(crate) fn allocated(bytes: usize) -> usize {
    if bytes == 0 { 0 } else { (bytes + 8).next_multiple_of(16).max(32) }
}

/// Facts of an operator. Most operators need one or two facts, and make as many true.
pub type Facts = SmallVec<[Fact; 2]>;

/// A conjunction, sorted by how its parts are tested.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conjunction {
    /// Facts, sorted, each once.
    pub facts: Facts,
    /// Facts that must not hold.
    pub not_facts: ThinVec<Fact>,
    /// Numeric tests.
    pub tests: ThinVec<NumericTest>,
    /// Disjunctions.
    pub formulas: ThinVec<Formula>,
    /// Whether it was found to be contradictory.
    pub is_false: bool,
}

impl Conjunction {
    /// Flattens a formula; finds contradictory facts.
    pub fn new(formula: Formula) -> Self {
        let mut conjunction = Self::default();
        conjunction.add(formula);
        conjunction.settle();
        conjunction
    }

    /// Sorts the facts once all parts are [added](Self::add), and finds contradictory ones.
    pub fn settle(&mut self) {
        self.facts.sort_unstable();
        self.facts.dedup();
        // There are as many conjunctions as operators, and most of them are small.
        self.facts.shrink_to_fit();
        self.not_facts.shrink_to_fit();
        self.tests.shrink_to_fit();
        self.formulas.shrink_to_fit();
        let clash = self.facts.windows(2).any(|pair| pair[0].variable == pair[1].variable);
        let denied = self.not_facts.iter().any(|fact| self.facts.binary_search(fact).is_ok());
        self.is_false |= clash || denied;
    }

    /// Adds the parts of a formula.
    pub fn add(&mut self, formula: Formula) {
        match formula {
            Formula::Fact(fact) => self.facts.push(fact),
            Formula::NotFact(fact) => push_tight(&mut self.not_facts, fact),
            Formula::Numeric(test) => push_tight(&mut self.tests, test),
            Formula::And(parts) => parts.into_iter().for_each(|part| self.add(part)),
            Formula::Or(mut parts) => match parts.len() {
                0 => self.is_false = true,
                1 => self.add(parts.remove(0)),
                _ => push_tight(&mut self.formulas, Formula::Or(parts)),
            },
        }
    }

    /// Whether it holds.
    #[inline]
    pub fn holds(&self, layout: &Layout, state: &[u64]) -> bool {
        !self.is_false
            && self.facts.iter().all(|&fact| layout.holds(fact, state))
            && self.rest_holds(layout, state)
    }

    /// Whether everything but the facts holds.
    #[inline]
    pub fn rest_holds(&self, layout: &Layout, state: &[u64]) -> bool {
        self.not_facts.iter().all(|&fact| !layout.holds(fact, state))
            && self.tests.iter().all(|test| test.holds(layout, state))
            && self.formulas.iter().all(|formula| formula.holds(layout, state))
    }

    /// How many parts it has.
    pub fn parts(&self) -> usize {
        self.facts.len() + self.not_facts.len() + self.tests.len() + self.formulas.len()
    }

    /// Bytes that its parts hold. O(size).
    pub fn memory_bytes(&self) -> usize {
        facts_bytes(&self.facts)
            + held_bytes::<Fact>(self.not_facts.capacity())
            + held_bytes::<NumericTest>(self.tests.capacity())
            + held_bytes::<Formula>(self.formulas.capacity())
            + self.formulas.iter().map(Formula::inner_bytes).sum::<usize>()
    }

    /// Conditions that do not hold.
    pub fn unmet(&self, layout: &Layout, state: &[u64]) -> usize {
        self.facts.iter().filter(|&&fact| !layout.holds(fact, state)).count()
            + self.not_facts.iter().filter(|&&fact| layout.holds(fact, state)).count()
            + self.tests.iter().filter(|test| !test.holds(layout, state)).count()
            + self.formulas.iter().filter(|formula| !formula.holds(layout, state)).count()
            + usize::from(self.is_false)
    }
}

/// Adds to a list that mostly has one element, without reserving room for more.
pub fn push_tight<T>(list: &mut ThinVec<T>, element: T) {
    if list.is_empty() {
        list.reserve_exact(1);
    }
    list.push(element);
}

/// Bytes that facts hold on the heap.
pub(super) fn facts_bytes(facts: &Facts) -> usize {
    if facts.spilled() { held_bytes::<Fact>(facts.len()) } else { 0 }
}

/// Bytes of a list with this many elements, with the overhead of the allocator and the list; 0 if it is
/// empty.
pub(super) fn held_bytes<T>(elements: usize) -> usize {
    if elements == 0 { 0 } else { 24 + elements * size_of::<T>() }
}
