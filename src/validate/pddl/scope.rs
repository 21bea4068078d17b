//! The variables in scope while a condition is explained, and the objects that they stand for.

use super::Binding;
use crate::lang::pddl::Model;
use crate::lang::pddl::model::{ObjectId, Parameter, Term};

/// The variables in scope: a name and an object for each.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope<'m> {
    pub names: Vec<&'m str>,
    pub objects: Vec<ObjectId>,
}

impl<'m> Scope<'m> {
    pub fn new(parameters: &'m [Parameter], objects: Vec<ObjectId>) -> Self {
        Self { names: parameters.iter().map(|one| one.name.as_str()).collect(), objects }
    }

    /// Goes under a quantifier.
    pub fn enter(&mut self, parameters: &'m [Parameter], objects: &[ObjectId]) {
        self.names.extend(parameters.iter().map(|one| one.name.as_str()));
        self.objects.extend_from_slice(objects);
    }

    /// Comes back to where there were `depth` variables.
    pub fn leave(&mut self, depth: usize) {
        self.names.truncate(depth);
        self.objects.truncate(depth);
    }

    /// The object that a term stands for.
    pub fn object(&self, term: Term) -> u32 {
        match term {
            Term::Variable(variable) => self.objects[variable as usize].0,
            Term::Object(object) => object.0,
        }
    }

    /// The objects that these variables stand for, without the variables that are not in scope.
    pub fn binding(&self, model: &Model, mut variables: Vec<u32>) -> Vec<Binding> {
        variables.sort_unstable();
        variables.dedup();
        let bound = variables.into_iter().map(|at| at as usize).filter(|&at| at < self.objects.len());
        bound
            .map(|at| Binding {
                variable: format!("?{}", self.names[at]),
                object: model.objects[self.objects[at].0 as usize].name.clone(),
            })
            .collect()
    }
}
