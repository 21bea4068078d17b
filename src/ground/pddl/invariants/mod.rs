//! Mutex groups by lifted invariants.
//!
//! After Helmert, "Concise finite-domain representations for PDDL planning tasks" (Artificial
//! Intelligence 173, 2009). An *invariant* is a set of *parts*; a part is a predicate whose argument
//! positions are the invariant's parameters, each once, but for at most one *counted* position. An
//! *instance* binds the parameters to objects; its *weight* in a state is the number of true atoms that
//! it covers: of any of its parts, with the bound arguments and anything at the counted position. What
//! is proven of an invariant is that **no action takes the weight of an instance from at most 1 to more
//! than 1**. Instances of initial weight at most 1 are therefore mutex groups.
//!
//! The work has three steps. Each is done in slices; the second and third are linear, and the caller limits
//! the work of the first.
//!
//! 1. [`Synthesis`]: guess, check and repair invariants. It reads only the lifted model and does not depend
//!    on its size, except for the objects of each type.
//! 2. [`Instantiation`]: invariants and reachable atoms to mutex [`Groups`].
//! 3. [`Cover`]: the largest groups first, each atom in one: the finite-domain variables.
//!
//! [`MutexGroups`] is all three.
//!
//! Two points go beyond the paper. An add is also balanced if every other true atom of the instance is
//! *cleared*, that is, if an effect deletes them all (`forall (?y) (when (at ?x ?y) (not (at ?x ?y)))`). And
//! an atom that the same action deletes and adds again never counts as deleted.

mod balance;
mod cover;
mod groups;
mod implied;
mod mutex_groups;
mod schema;
mod synthesis;
mod terms;
#[cfg(test)]
mod tests;

pub use cover::{Cover, Covering};
pub use groups::{Atoms, Groups, Instantiation};
pub use mutex_groups::MutexGroups;
pub use synthesis::{Synthesis, Synthesized};

use crate::lang::pddl::model::PredicateId;

/// A proven invariant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Invariant {
    /// Its parts: ascending by predicate, each predicate once, all with the same number of parameters.
    pub parts: Vec<Part>,
}

/// What an invariant counts of one predicate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The predicate; actions change it.
    pub predicate: PredicateId,
    /// Indexed by parameter of the invariant: the argument position where it stands.
    pub parameters: Vec<usize>,
    /// The argument position that may be anything.
    pub counted: Option<usize>,
}

impl Invariant {
    /// The part that counts a predicate, if there is one.
    fn part(&self, predicate: PredicateId) -> Option<&Part> {
        self.parts.iter().find(|part| part.predicate == predicate)
    }

    /// The invariant with one more part. Parameters are renumbered so that equal invariants compare equal.
    fn with(&self, part: Part) -> Self {
        let mut parts = self.parts.clone();
        parts.push(part);
        parts.sort_by_key(|part| part.predicate);
        let mut order: Vec<usize> = (0..parts[0].parameters.len()).collect();
        order.sort_by_key(|&parameter| parts[0].parameters[parameter]);
        for part in &mut parts {
            part.parameters = order.iter().map(|&parameter| part.parameters[parameter]).collect();
        }
        Self { parts }
    }
}
