//! What is known during grounding: the atoms in the order in which they were reached, the fluents with their
//! initial values, and whether a static lifted condition holds under a binding.

use super::atoms::AtomTable;
use super::lifted::{Class, Lifted, Literal, Nnf, Number};
use crate::task::{Column, Comparison, OutOfMemory};

/// No place: not reached, no more.
pub(super) const NONE: u32 = u32::MAX;

/// Atoms and fluents over a lifted model.
#[derive(Debug)]
pub(super) struct World {
    pub(super) lifted: Lifted,
    pub(super) atoms: AtomTable,
    /// Indexed by atom: its place in `reached`, or [`NONE`].
    order: Column<u32>,
    /// Indexed by atom: whether it is known to hold in every state.
    constant: Column<bool>,
    /// The reached atoms. Those of the initial state come first, the static ones among them before the
    /// others.
    pub(super) reached: Column<u32>,
    /// How many of `reached` are static; and how many hold initially.
    pub(super) statics: usize,
    pub(super) initials: usize,
    /// How many are auxiliary.
    pub(super) auxiliary: usize,
    /// Fluents, with functions as symbols.
    pub(super) fluents: AtomTable,
    /// Indexed by fluent: its initial value; not a number where it has none.
    pub(super) values: Column<f64>,
    /// Scratch for arguments.
    arguments: Vec<u32>,
}

impl World {
    pub(super) fn new(lifted: Lifted, objects: usize) -> Self {
        let functions = &lifted.positions[lifted.defined as usize..];
        Self {
            atoms: AtomTable::new(&lifted.positions, &lifted.domains, objects),
            fluents: AtomTable::new(functions, &lifted.domains, objects),
            lifted,
            order: Column::new(1),
            constant: Column::new(1),
            reached: Column::new(1),
            statics: 0,
            initials: 0,
            auxiliary: 0,
            values: Column::new(1),
            arguments: Vec::new(),
        }
    }

    /// The id of an atom, reached or not.
    pub(super) fn intern(&mut self, symbol: u32, arguments: &[u32]) -> Result<u32, OutOfMemory> {
        let (atom, is_new) = self.atoms.intern(symbol, arguments)?;
        if is_new {
            self.order.push(&[NONE])?;
            self.constant.push(&[false])?;
        }
        Ok(atom)
    }

    /// The id of a literal's atom under a binding, reached or not.
    pub(super) fn intern_literal(&mut self, literal: &Literal, bound: &[u32]) -> Result<u32, OutOfMemory> {
        let mut arguments = std::mem::take(&mut self.arguments);
        arguments.clear();
        arguments.extend(literal.arguments.iter().map(|argument| argument.value(bound)));
        let atom = self.intern(literal.symbol, &arguments);
        self.arguments = arguments;
        atom
    }

    /// Marks an atom as reached.
    pub(super) fn reach(&mut self, atom: u32) -> Result<(), OutOfMemory> {
        if *self.order.at(atom as usize) == NONE {
            self.reached.push(&[atom])?;
            let class = self.lifted.classes[self.atoms.symbol(atom) as usize];
            self.auxiliary += usize::from(class == Class::Auxiliary);
            *self.order.at_mut(atom as usize) = self.reached.len() as u32 - 1;
        }
        Ok(())
    }

    /// The place of an atom in the order in which atoms were reached.
    #[inline]
    pub(super) fn order(&self, atom: u32) -> u32 {
        *self.order.at(atom as usize)
    }

    /// Whether an atom is known to hold in every state.
    #[inline]
    pub(super) fn is_constant(&self, atom: u32) -> bool {
        *self.constant.at(atom as usize)
    }

    /// Notes that an atom holds in every state.
    pub(super) fn make_constant(&mut self, atom: u32) {
        *self.constant.at_mut(atom as usize) = true;
    }

    /// The reached atom of a literal.
    #[inline]
    pub(super) fn find(&self, literal: &Literal, bound: &[u32]) -> Option<u32> {
        let mut arguments = [0; 8];
        let length = literal.arguments.len();
        let found = if length <= arguments.len() {
            for (place, argument) in arguments.iter_mut().zip(&literal.arguments) {
                *place = argument.value(bound);
            }
            self.atoms.find(literal.symbol, &arguments[..length])
        } else {
            let arguments: Vec<u32> = literal.arguments.iter().map(|one| one.value(bound)).collect();
            self.atoms.find(literal.symbol, &arguments)
        };
        found.filter(|&atom| self.order(atom) != NONE)
    }

    /// The value of a number that no action changes; not a number where it is undefined.
    pub(super) fn static_value(&self, number: &Number, bound: &[u32]) -> f64 {
        match number {
            Number::Constant(value) => *value,
            Number::Fluent(function, arguments) => {
                let arguments: Vec<u32> = arguments.iter().map(|one| one.value(bound)).collect();
                self.initial_value(*function, &arguments)
            }
            Number::Binary(operator, sides) => {
                operator.apply(self.static_value(&sides[0], bound), self.static_value(&sides[1], bound))
            }
        }
    }

    /// The initial value of a fluent; not a number where it has none.
    pub(super) fn initial_value(&self, function: u32, arguments: &[u32]) -> f64 {
        let unset = if self.lifted.total_cost == Some(function) { 0.0 } else { f64::NAN };
        self.fluents.find(function, arguments).map_or(unset, |fluent| *self.values.at(fluent as usize))
    }

    /// The id of a fluent.
    pub(super) fn fluent(&mut self, function: u32, arguments: &[u32]) -> Result<u32, OutOfMemory> {
        let (fluent, is_new) = self.fluents.intern(function, arguments)?;
        if is_new {
            let unset = if self.lifted.total_cost == Some(function) { 0.0 } else { f64::NAN };
            self.values.push(&[unset])?;
        }
        Ok(fluent)
    }

    /// Whether a static condition without quantifiers holds under a binding. O(its size).
    pub(super) fn holds(&self, condition: &Nnf, bound: &[u32]) -> bool {
        match condition {
            Nnf::Literal(literal) => self.find(literal, bound).is_some() == literal.is_positive,
            Nnf::Equal { left, right, is_positive } => {
                (left.value(bound) == right.value(bound)) == *is_positive
            }
            Nnf::Test(test) => {
                let (left, comparison, right) = &**test;
                compare(*comparison, self.static_value(left, bound), self.static_value(right, bound))
            }
            Nnf::And(parts) => parts.iter().all(|part| self.holds(part, bound)),
            Nnf::Or(parts) => parts.iter().any(|part| self.holds(part, bound)),
            // A filter has no quantifiers.
            Nnf::Quantified(_) => true,
        }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.atoms.memory_bytes()
            + self.order.memory_bytes()
            + self.constant.memory_bytes()
            + self.reached.memory_bytes()
            + self.fluents.memory_bytes()
            + self.values.memory_bytes()
    }
}

/// Whether a comparison of two numbers holds; false if one of them is not a number.
#[expect(clippy::float_cmp, reason = "numbers compare exactly, as they do in a state")]
pub(super) fn compare(comparison: Comparison, left: f64, right: f64) -> bool {
    let is_defined = !left.is_nan() && !right.is_nan();
    is_defined
        && match comparison {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::AtMost => left <= right,
            Comparison::Greater => left > right,
            Comparison::AtLeast => left >= right,
        }
}
