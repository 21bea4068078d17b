//! Terms of schemas, the objects that they may stand for, and which of them are the same.

use crate::lang::pddl::model::{Model, TypeId};
use std::ops::Range;

/// A variable of a schema, or [`OBJECT`] and an object.
pub(super) type Arg = u32;

/// Set in terms that are objects.
pub(super) const OBJECT: Arg = 1 << 31;

/// Sets of objects that variables range over. Each set is stored once.
#[derive(Debug, Default)]
pub(super) struct Domains {
    types: Vec<Vec<TypeId>>,
    /// Each set with a bit per object.
    objects: Vec<Vec<u64>>,
}

impl Domains {
    /// The index of the set of all objects of these types. O(sets); also O(objects) if the set is new.
    pub(super) fn index(&mut self, model: &Model, types: &[TypeId]) -> u32 {
        if let Some(index) = self.types.iter().position(|known| known == types) {
            return index as u32;
        }
        let mut bits = vec![0; model.objects.len().div_ceil(64)];
        for id in types {
            for object in &model.types[id.0 as usize].objects {
                bits[object.0 as usize / 64] |= 1 << (object.0 % 64);
            }
        }
        self.types.push(types.to_vec());
        self.objects.push(bits);
        self.types.len() as u32 - 1
    }

    fn contains(&self, domain: u32, object: Arg) -> bool {
        let object = object & !OBJECT;
        self.objects[domain as usize][object as usize / 64] >> (object % 64) & 1 == 1
    }

    fn pairs(&self, left: u32, right: u32) -> impl Iterator<Item = (u64, u64)> {
        let (left, right) = (&self.objects[left as usize], &self.objects[right as usize]);
        left.iter().copied().zip(right.iter().copied())
    }

    pub(super) fn is_empty(&self, domain: u32) -> bool {
        self.objects[domain as usize].iter().all(|&word| word == 0)
    }

    fn are_disjoint(&self, left: u32, right: u32) -> bool {
        left != right && self.pairs(left, right).all(|(left, right)| left & right == 0)
    }

    fn is_subset(&self, inner: u32, outer: u32) -> bool {
        inner == outer || self.pairs(inner, outer).all(|(inner, outer)| inner & !outer == 0)
    }
}

/// New numbers for variables, so that two copies of one effect can be compared.
#[derive(Clone, Debug)]
pub(super) struct Renaming {
    /// The variables that are renamed.
    pub from: Range<u32>,
    /// The new number of the first variable.
    pub to: u32,
}

impl Renaming {
    /// Renames nothing.
    pub(super) const NONE: Self = Self { from: 0..0, to: 0 };

    pub(super) fn apply(&self, term: Arg) -> Arg {
        if self.from.contains(&term) { term - self.from.start + self.to } else { term }
    }
}

/// Classes of terms that stand for the same object (union-find).
#[derive(Debug, Default)]
pub(super) struct Equalities {
    /// Indexed by variable: another term of its class, or itself.
    parents: Vec<Arg>,
    /// Indexed by variable: its domain.
    domains: Vec<u32>,
}

impl Equalities {
    /// Starts over: variables with these domains, each in a class of its own.
    pub(super) fn reset(&mut self, variables: &[u32]) {
        self.parents.clear();
        self.parents.extend(0..variables.len() as u32);
        self.domains.clear();
        self.domains.extend_from_slice(variables);
    }

    /// Adds a variable.
    pub(super) fn fresh(&mut self, domain: u32) -> Arg {
        let variable = self.parents.len() as Arg;
        self.parents.push(variable);
        self.domains.push(domain);
        variable
    }

    /// The domain of a variable.
    pub(super) fn domain(&self, variable: Arg) -> u32 {
        self.domains[variable as usize]
    }

    /// Adds copies of variables; answers the renaming.
    pub(super) fn rename(&mut self, variables: &Range<u32>) -> Renaming {
        let to = self.parents.len() as u32;
        for variable in variables.clone() {
            self.fresh(self.domains[variable as usize]);
        }
        Renaming { from: variables.clone(), to }
    }

    /// The representative of the term's class: an object, if the class has one.
    pub(super) fn find(&self, mut term: Arg) -> Arg {
        while term & OBJECT == 0 && self.parents[term as usize] != term {
            term = self.parents[term as usize];
        }
        term
    }

    pub(super) fn are_same(&self, left: Arg, right: Arg) -> bool {
        self.find(left) == self.find(right)
    }

    /// Merges the classes of two terms; answers `false` if the terms cannot be equal.
    pub(super) fn unite(&mut self, domains: &Domains, left: Arg, right: Arg) -> bool {
        let (left, right) = (self.find(left), self.find(right));
        if left == right {
            return true;
        }
        if !self.may_be_same(domains, left, right) {
            return false;
        }
        let (variable, other) = if left & OBJECT == 0 { (left, right) } else { (right, left) };
        self.parents[variable as usize] = other;
        if other & OBJECT == 0 {
            // The merged class gets the narrower domain, if one includes the other.
            let (own, its) = (self.domains[variable as usize], self.domains[other as usize]);
            if domains.is_subset(own, its) {
                self.domains[other as usize] = own;
            }
        }
        true
    }

    /// Whether both terms may stand for the same object, as far as their domains say.
    pub(super) fn may_be_same(&self, domains: &Domains, left: Arg, right: Arg) -> bool {
        let (left, right) = (self.find(left), self.find(right));
        match (left & OBJECT == 0, right & OBJECT == 0) {
            (false, false) => left == right,
            (true, false) => domains.contains(self.domains[left as usize], right),
            (false, true) => domains.contains(self.domains[right as usize], left),
            (true, true) => {
                left == right
                    || !domains.are_disjoint(self.domains[left as usize], self.domains[right as usize])
            }
        }
    }

    /// Whether every object that the term may stand for is in the domain.
    pub(super) fn is_within(&self, domains: &Domains, term: Arg, domain: u32) -> bool {
        let term = self.find(term);
        if term & OBJECT == 0 {
            domains.is_subset(self.domains[term as usize], domain)
        } else {
            domains.contains(domain, term)
        }
    }
}
