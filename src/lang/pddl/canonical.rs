//! temporary
use super::Model;
/// t
pub fn domain_bytes(m: &Model) -> Vec<u8> { format!("{:?}{:?}{:?}", m.actions, m.axioms, m.predicates).into_bytes() }
/// t
pub fn instance_bytes(m: &Model) -> Vec<u8> { format!("{:?}{:?}{:?}{:?}", m.atoms, m.values, m.goal, m.objects).into_bytes() }
