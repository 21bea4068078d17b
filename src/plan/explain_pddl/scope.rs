//! Atoms that are reached, atoms in which objects are missing, and variables that may have no object.

use std::collections::HashMap;

use crate::lang::pddl::model::{ObjectId, Parameter, PredicateId, Quantified, Term};

/// Atoms that can be reached when deletions are ignored.
#[derive(Debug, Default)]
pub(super) struct ReachedAtoms {
    by_predicate: HashMap<PredicateId, Vec<(Vec<ObjectId>, bool)>>,
}

impl ReachedAtoms {
    /// Adds an atom; `is_initial`: it holds at the start.
    pub fn push(&mut self, predicate: PredicateId, arguments: Vec<ObjectId>, is_initial: bool) {
        self.by_predicate.entry(predicate).or_default().push((arguments, is_initial));
    }

    pub fn of(&self, predicate: PredicateId) -> &[(Vec<ObjectId>, bool)] {
        self.by_predicate.get(&predicate).map_or(&[], Vec::as_slice)
    }
}

/// An atom in which objects may be missing.
pub(super) type Pattern = (PredicateId, Vec<Option<ObjectId>>);

/// The variables in scope: a name for each, and an object where it is bound.
#[derive(Clone, Default)]
pub(super) struct Scope {
    pub values: Vec<Option<ObjectId>>,
    pub names: Vec<String>,
}

impl Scope {
    /// The parameters of an action or rule, none of them bound.
    pub fn of(parameters: &[Parameter]) -> Self {
        let names = parameters.iter().map(|parameter| parameter.name.clone()).collect();
        Self { values: vec![None; parameters.len()], names }
    }

    /// The scope within a quantifier, whose variables are not bound.
    pub fn open<T>(&self, quantified: &Quantified<T>) -> Self {
        let mut inner = self.clone();
        inner.values.truncate(quantified.first as usize);
        inner.names.truncate(quantified.first as usize);
        inner.values.extend(quantified.parameters.iter().map(|_| None));
        inner.names.extend(quantified.parameters.iter().map(|parameter| parameter.name.clone()));
        inner
    }

    /// The object that a term stands for; none where its variable is not bound.
    pub fn value(&self, term: Term) -> Option<ObjectId> {
        match term {
            Term::Object(object) => Some(object),
            Term::Variable(variable) => self.values.get(variable as usize).copied().flatten(),
        }
    }
}
