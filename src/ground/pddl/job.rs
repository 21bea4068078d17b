//! The state of an instance while its operator or its ground axiom is made.

use std::collections::BTreeSet;
use std::vec::IntoIter;

use super::draft::{Extra, GroundBlock};
use super::forms::Sweep;
use super::tour::Rewrite;
use crate::task::{Formula, NumericEffect, NumericTest, Operand};

/// An instance, or the goal, under way.
#[derive(Debug)]
pub(super) struct Job {
    /// [`NONE`](super::world::NONE) for the goal.
    pub(super) schema: u32,
    pub(super) arguments: u32,
    pub(super) part: Part,
    /// Whether the formula of the part is being built.
    pub(super) is_building: bool,
    /// A formula that was built, while it is taken apart.
    pub(super) conjuncts: Option<IntoIter<Formula>>,
    /// The condition of a block, while it is simplified by what the action's own condition says.
    pub(super) given: Option<(Formula, Rewrite)>,
    /// Bytes of these.
    pub(super) formula_bytes: usize,
    pub(super) sweep: Option<Sweep>,
    pub(super) rest: Rest,
    pub(super) extra: Extra,
    /// Fluents that blocks of `extra` change.
    pub(super) changed: BTreeSet<u32>,
    /// Bytes of the blocks of `extra`.
    pub(super) bytes: usize,
    pub(super) cost: f64,
}

/// The part of an instance that is handled next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// A condition of its residue.
    Residue(usize),
    /// A block.
    Block(usize),
}

/// The conditions of an instance that are not single atoms.
#[derive(Debug, Default)]
pub(super) struct Rest {
    pub(super) tests: Vec<NumericTest>,
    pub(super) formulas: Vec<Formula>,
}

impl Job {
    /// Of this schema, or of the goal, with what each step costs.
    pub(super) fn new(schema: u32, arguments: u32, cost: f64) -> Self {
        let (rest, extra) = (Rest::default(), Extra::default());
        let (part, is_building) = (Part::Residue(0), false);
        let (sweep, changed, bytes) = (None, BTreeSet::new(), 0);
        let (conjuncts, given, formula_bytes) = (None, None, 0);
        Self {
            schema,
            arguments,
            part,
            is_building,
            conjuncts,
            given,
            formula_bytes,
            sweep,
            rest,
            extra,
            changed,
            bytes,
            cost,
        }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let (extra, rest) = (&self.extra, &self.rest);
        let spare = extra.blocks.capacity() - extra.blocks.len();
        self.bytes
            + self.formula_bytes
            + self.given.as_ref().map_or(0, |given| given.1.memory_bytes())
            + self.sweep.as_ref().map_or(0, Sweep::memory_bytes)
            + rest.formulas.capacity() * size_of::<Formula>()
            + rest.tests.capacity() * size_of::<NumericTest>()
            + extra.numeric.capacity() * size_of::<NumericEffect>()
            + extra.cost_terms.capacity() * size_of::<(Operand, f64)>()
            + spare * size_of::<GroundBlock>()
    }
}
