//! Miniscoping: moves quantifiers inward, so that each covers only the parts that mention its variables.
//!
//! "Exists" distributes over "or", "forall" over "and". Over the other connective a quantifier is split where
//! the parts of its body fall into groups that share none of its variables: `(forall (?a ?b) (or (p ?a) (q ?b)))`
//! is `(or (forall (?a) (p ?a)) (forall (?b) (q ?b)))`, which takes n + n ground literals and not n². Variables
//! that nothing reads are dropped. This is miniscoping, as theorem provers do it (Nonnengart & Weidenbach,
//! "Computing small clause normal forms", 2001).

use super::domains::Domains;
use super::lifted::{FALSE, Nnf, Quantified, TRUE, Variable};

/// The quantified condition, its body being in this form already. O(size of the body × variables).
pub(super) fn quantify(domains: &Domains, is_forall: bool, variables: Vec<Variable>, body: Nnf) -> Nnf {
    if variables.iter().any(|one| domains.objects(one.domain).is_empty()) {
        return if is_forall { TRUE } else { FALSE };
    }
    push(is_forall, variables, body)
}

fn push(is_forall: bool, mut variables: Vec<Variable>, body: Nnf) -> Nnf {
    if variables.is_empty() {
        return body;
    }
    match body {
        Nnf::And(parts) if is_forall => {
            Nnf::all(parts.into_iter().map(|part| push(is_forall, variables.clone(), part)))
        }
        Nnf::Or(parts) if !is_forall => {
            Nnf::any(parts.into_iter().map(|part| push(is_forall, variables.clone(), part)))
        }
        Nnf::And(parts) | Nnf::Or(parts) => split(is_forall, &variables, parts),
        Nnf::Quantified(inner) if inner.is_forall == is_forall => {
            variables.extend(&inner.variables);
            push(is_forall, variables, inner.body)
        }
        other => close(is_forall, &variables, other),
    }
}

/// The parts of the connective that the quantifier does not distribute over, in groups that share variables.
/// A group keeps the order of the text, and stands where its last part stood. O(size of the parts ×
/// variables).
fn split(is_forall: bool, variables: &[Variable], parts: Vec<Nnf>) -> Nnf {
    let join = |parts: Vec<Nnf>| if is_forall { Nnf::any(parts) } else { Nnf::all(parts) };
    if parts.is_empty() {
        return join(parts);
    }
    let mut classes = Classes::new(variables.len());
    let read = |part: &Nnf| {
        let place = |slot: &u32| variables.iter().position(|one| one.slot == *slot);
        part.free().iter().filter_map(place).collect::<Vec<usize>>()
    };
    let firsts: Vec<Option<usize>> = parts
        .iter()
        .map(|part| {
            let read = read(part);
            read.windows(2).for_each(|pair| classes.unite(pair[0], pair[1]));
            read.first().copied()
        })
        .collect();
    // The last part of each class; all parts of the class are placed there.
    let mut lasts = vec![0; variables.len()];
    for (at, first) in firsts.iter().enumerate() {
        if let Some(first) = first {
            lasts[classes.of(*first)] = at;
        }
    }
    let mut groups: Vec<Vec<Nnf>> = vec![Vec::new(); parts.len()];
    let mut own: Vec<Vec<Variable>> = vec![Vec::new(); parts.len()];
    for (at, (part, first)) in parts.into_iter().zip(&firsts).enumerate() {
        groups[first.map_or(at, |first| lasts[classes.of(first)])].push(part);
    }
    for (place, variable) in variables.iter().enumerate() {
        own[lasts[classes.of(place)]].push(*variable);
    }
    let close_group = |(variables, mut members): (Vec<Variable>, Vec<Nnf>)| {
        if members.len() > 1 {
            return close(is_forall, &variables, join(members));
        }
        members.pop().map_or(TRUE, |only| push(is_forall, variables, only))
    };
    let groups = own.into_iter().zip(groups).filter(|one| !one.1.is_empty());
    join(groups.map(close_group).collect())
}

/// Variables in classes that parts unite (union-find).
struct Classes(Vec<usize>);

impl Classes {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn of(&mut self, mut variable: usize) -> usize {
        while self.0[variable] != variable {
            self.0[variable] = self.0[self.0[variable]];
            variable = self.0[variable];
        }
        variable
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        self.0[one] = other;
    }
}

/// Puts the quantifier in front of its body, with those of its variables that the body reads.
fn close(is_forall: bool, variables: &[Variable], body: Nnf) -> Nnf {
    let free = body.free();
    let variables: Vec<Variable> = variables.iter().filter(|one| free.contains(&one.slot)).copied().collect();
    if variables.is_empty() {
        return body;
    }
    Nnf::Quantified(Box::new(Quantified { is_forall, variables, body }))
}
