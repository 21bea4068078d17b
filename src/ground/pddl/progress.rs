//! What a grounding is asked for, how far it is, and how it can fail.

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::task::OutOfMemory;

/// What a grounding is asked for.
#[derive(Clone, Copy, Debug)]
pub struct GroundOptions {
    /// Bytes that it may hold at any time.
    pub memory_bytes: u64,
    /// Whether mutex groups become variables; without, each atom is one.
    pub invariants: bool,
    /// Whether what the goal cannot need is left out.
    pub relevance: bool,
}

impl Default for GroundOptions {
    fn default() -> Self {
        Self { memory_bytes: 2 << 30, invariants: true, relevance: true }
    }
}

/// Why there is no task.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The model has errors that show only when it is ground, or uses what is not supported (`PD4…`).
    Diagnostics(Vec<Diagnostic>),
    /// It would have to hold more than it may.
    MemoryLimit,
}

/// Why a step of grounding did not work.
pub(super) enum Trouble {
    Memory,
    Model(Box<Diagnostic>),
}

impl From<OutOfMemory> for Trouble {
    fn from(_: OutOfMemory) -> Self {
        Self::Memory
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Memory => Self::MemoryLimit,
            Trouble::Model(found) => Self::Diagnostics(vec![*found]),
        }
    }
}

/// A part of grounding, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Conditions into normal form, join plans.
    Prepare,
    /// Relaxed reachability.
    Reach,
    /// Instances to operators over atoms.
    Instantiate,
    /// What the goal can need.
    Relevance,
    /// Mutex groups.
    Invariants,
    /// Operators over facts.
    Translate,
    /// The successor generator.
    Successors,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Prepare,
        Self::Reach,
        Self::Instantiate,
        Self::Relevance,
        Self::Invariants,
        Self::Translate,
        Self::Successors,
    ];

    /// Its name, in small letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Reach => "reach",
            Self::Instantiate => "instantiate",
            Self::Relevance => "relevance",
            Self::Invariants => "invariants",
            Self::Translate => "translate",
            Self::Successors => "successors",
        }
    }
}

/// What a grounding has found so far, or in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Facts of the initial state that no action changes.
    pub static_facts: usize,
    /// Reachable atoms that actions or axioms change.
    pub atoms: usize,
    /// Instances of actions and axioms whose positive conditions can be met.
    pub instances: usize,
    /// Operators that were left out because another one does the same at no more cost.
    pub duplicates: usize,
    /// Operators; while instances are looked at, those kept so far.
    pub operators: usize,
    /// Ground axioms.
    pub axioms: usize,
    /// Mutex groups of at least two atoms that became variables.
    pub mutex_groups: usize,
    /// Finite-domain variables, derived ones included.
    pub variables: usize,
    /// Of these, derived ones.
    pub derived_variables: usize,
    /// Facts: values of all variables.
    pub facts: usize,
    /// Numeric slots of a state.
    pub slots: usize,
}
