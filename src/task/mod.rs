//! The grounded task: what every search works on, whichever language it was written in.
//!
//! A [`Task`] is compiled once; an [`Instance`] (initial state, goal) is an argument of the
//! search, so that several goals and replanning share one compiled task.
//!
//! Glossary. A *variable* is finite-domain and takes values `0..domain`. A *slot* is numeric (exact integer
//! or float). A *fact* is `variable = value`. Variables and slots are stored in *fields* of a packed state:
//! `u64` words, the dynamic ones first, then those of *derived* variables, which axioms set, then the words
//! that nothing writes. A *registered* state is stored once, only with its dynamic words, and identified by
//! its [`StateId`].
//!
//! Costs are integers in units of [`Task::unit`]. Nothing here searches or knows a language.

mod apply;
mod axioms;
mod column;
mod compute;
mod condition;
mod expression;
mod index;
mod layout;
mod mutex;
mod operator;
mod registry;
mod successors;
mod value;

use std::sync::{Arc, OnceLock};

pub use axioms::{Axiom, Axioms, AxiomsBuilder};
pub use column::{Column, OutOfMemory};
pub use condition::{Comparison, Conjunction, Facts, Formula, NumericTest};
pub(crate) use condition::{allocated, push_tight};
pub use expression::{Arithmetic, Expression, ExpressionId, Linear, Operand};
pub(crate) use index::Index;
pub use layout::{Field, Layout, Placement, SlotKind};
pub use mutex::MutexGroups;
pub use operator::{
    ConditionalEffect, Copied, Cost, LinearCost, NumericEffect, NumericKind, Operator, RoundedCost, Rounding,
};
pub use registry::StateRegistry;
pub use successors::{SuccessorBuilder, SuccessorGenerator};
pub use value::Value;

/// Index of a finite-domain variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableId(pub u32);

/// Index of a numeric slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SlotId(pub u32);

/// Index of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperatorId(pub u32);

/// Index of a registered state, dense from 0 in order of registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(pub u32);

/// `variable = value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fact {
    /// The variable.
    pub variable: VariableId,
    /// Its value, below the variable's domain size.
    pub value: u32,
}

/// A compiled task. Immutable; shared between searches.
#[derive(Debug)]
pub struct Task {
    /// Where each variable and slot is stored in a packed state.
    pub layout: Layout,
    /// Operators, indexed by [`OperatorId`].
    pub operators: Vec<Operator>,
    /// Rules that set the derived variables.
    pub axioms: Axioms,
    /// Applicable operators of a state.
    pub successors: SuccessorGenerator,
    /// Value of one cost unit in the document's terms.
    pub unit: f64,
    /// How costs in that unit relate to the document's.
    pub rounding: Rounding,
    /// Whether a search ends at a step whose cost would be negative. Otherwise such a step does not apply.
    pub refuses_negative_costs: bool,
    /// The family of each fact: the predicate of a PDDL atom, the variable of a GOAP value, or [`NO_FAMILY`].
    /// By variable, then by value; empty if it is not known.
    pub families: Vec<u32>,
    /// Mutex groups with facts of several variables.
    pub mutexes: MutexGroups,
    /// Bytes held; computed when first asked for.
    bytes: OnceLock<u64>,
}

/// The family of a fact that has none; see [`Task::families`].
pub const NO_FAMILY: u32 = u32::MAX;

/// The input of a search besides the task: the initial state and the goal.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The packed initial state: dynamic words, then static words.
    pub initial: Vec<u64>,
    /// The goal. Searches and heuristics share it: it may have hundreds of thousands of parts.
    pub goal: Arc<Conjunction>,
}

impl Task {
    /// A task of these parts, without axioms; builds the successor generator in one go.
    /// O(total preconditions × log).
    pub fn new(layout: Layout, operators: Vec<Operator>, unit: f64) -> Self {
        let successors = SuccessorGenerator::new(&layout, &operators);
        Self::with_parts(layout, operators, Axioms::default(), successors, unit)
    }

    /// A task with axioms and a successor generator that was built in steps for these operators.
    pub fn with_parts(
        layout: Layout,
        operators: Vec<Operator>,
        axioms: Axioms,
        successors: SuccessorGenerator,
        unit: f64,
    ) -> Self {
        let (families, mutexes) = (Vec::new(), MutexGroups::default());
        let (rounding, refuses_negative_costs) = (Rounding::Exact, false);
        Self {
            layout,
            operators,
            axioms,
            successors,
            unit,
            rounding,
            refuses_negative_costs,
            families,
            mutexes,
            bytes: OnceLock::new(),
        }
    }

    /// The same task with costs that were rounded.
    #[must_use]
    pub fn with_rounding(self, rounding: Rounding) -> Self {
        Self { rounding, ..self }
    }

    /// The same task with searches that end at a negative cost.
    #[must_use]
    pub fn refusing_negative_costs(self) -> Self {
        Self { refuses_negative_costs: true, ..self }
    }

    /// The same task with [families](Self::families) and mutex groups.
    pub fn with_facts(mut self, families: Vec<u32>, mutexes: MutexGroups) -> Self {
        debug_assert!(families.is_empty() || families.len() as u64 == self.facts());
        self.families = families;
        self.mutexes = mutexes;
        self
    }

    /// Facts: values of all variables.
    pub fn facts(&self) -> u64 {
        self.layout.domains.iter().map(|&domain| u64::from(domain)).sum()
    }

    /// Sets the derived variables of a full state by the axioms.
    #[inline]
    pub fn derive(&self, state: &mut [u64]) {
        self.derive_with(state, &mut Vec::new());
    }

    /// Sets the derived variables in reused memory. `queue` is empty before and after.
    #[inline]
    pub fn derive_with(&self, state: &mut [u64], queue: &mut Vec<u32>) {
        if !self.axioms.is_empty() {
            self.axioms.derive(&self.layout, state, queue);
        }
    }

    /// Bytes held, for caches. O(operators) the first time.
    pub fn memory_bytes(&self) -> u64 {
        *self.bytes.get_or_init(|| self.counted_bytes())
    }

    fn counted_bytes(&self) -> u64 {
        let operators: usize = self.operators.iter().map(Operator::memory_bytes).sum();
        let facts = self.families.capacity() * 4 + self.mutexes.memory_bytes();
        (operators
            + self.axioms.memory_bytes()
            + self.successors.memory_bytes()
            + self.layout.memory_bytes()
            + facts) as u64
    }
}
