//! Quantifiers moved inward, so that each says only what its variables have to do with.
//!
//! "Exists" distributes over "or", "forall" over "and". Over the other connective a quantifier is split where
//! the parts of its body fall into groups that share none of its variables: `(forall (?a ?b) (or (p ?a) (q ?b)))`
//! is `(or (forall (?a) (p ?a)) (forall (?b) (q ?b)))`, which takes n + n ground literals and not n². Variables
//! that nothing reads are dropped. This is miniscoping, as theorem provers do it (Nonnengart & Weidenbach,
//! "Computing small clause normal forms", 2001).

use super::lifted::{Domains, FALSE, Nnf, Quantified, TRUE, Variable};

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

/// Parts of the connective that the quantifier does not distribute over, in groups that share variables.
fn split(is_forall: bool, variables: &[Variable], parts: Vec<Nnf>) -> Nnf {
    let join = |parts: Vec<Nnf>| if is_forall { Nnf::any(parts) } else { Nnf::all(parts) };
    let mut groups: Vec<(Vec<u32>, Vec<Nnf>)> = Vec::new();
    for part in parts {
        let mut slots = part.free();
        slots.retain(|slot| variables.iter().any(|one| one.slot == *slot));
        let mut members = vec![part];
        if !slots.is_empty() {
            let touches = |group: &(Vec<u32>, Vec<Nnf>)| group.0.iter().any(|slot| slots.contains(slot));
            let (joined, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(touches);
            groups = apart;
            let (mut before, mut earlier) = (Vec::new(), Vec::new());
            joined.into_iter().for_each(|(slots, parts)| {
                before.extend(slots);
                earlier.extend(parts);
            });
            slots.extend(before);
            earlier.append(&mut members);
            members = earlier;
        }
        groups.push((slots, members));
    }
    let close_group = |(slots, mut members): (Vec<u32>, Vec<Nnf>)| {
        let own: Vec<Variable> = variables.iter().filter(|one| slots.contains(&one.slot)).copied().collect();
        if members.len() > 1 {
            return close(is_forall, &own, join(members));
        }
        members.pop().map_or(TRUE, |only| push(is_forall, own, only))
    };
    join(groups.into_iter().map(close_group).collect())
}

/// The quantifier in front of its body, for the variables that the body reads.
fn close(is_forall: bool, variables: &[Variable], body: Nnf) -> Nnf {
    let free = body.free();
    let variables: Vec<Variable> = variables.iter().filter(|one| free.contains(&one.slot)).copied().collect();
    if variables.is_empty() {
        return body;
    }
    Nnf::Quantified(Box::new(Quantified { is_forall, variables, body }))
}
