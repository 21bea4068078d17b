//! Two comparisons that exclude each other, whatever the state.

use super::super::grounded::{GroundCondition, Operand};
use super::Reached;
use super::domain::Domain;
use super::evaluate::Leaf;
use super::fixpoint::{Parts, flatten};

/// Comparisons of one variable that are looked at in pairs.
const PAIRED_MAX: usize = 64;

type Part<'c> = (&'c GroundCondition, Leaf<'c>);

impl Reached {
    /// Two comparisons, both demanded by `condition`, that no value of their variable satisfies at once. Every
    /// value that the variable is declared to hold is considered.
    pub fn contradiction<'c>(
        &self,
        condition: &'c GroundCondition,
    ) -> Option<(&'c GroundCondition, &'c GroundCondition)> {
        let mut parts = Parts::new();
        flatten(condition, &mut parts);
        let leaf = |part| Leaf::of(part).map(|leaf| (part, leaf));
        // A comparison of two variables excludes no value by itself.
        let constant = |(_, leaf): &Part<'_>| matches!(leaf.right, Operand::Value(_));
        let mut leaves: Vec<Part<'c>> = parts.into_iter().filter_map(leaf).filter(constant).collect();
        leaves.sort_by_key(|(_, leaf)| leaf.variable);
        leaves.chunk_by(|(_, a), (_, b)| a.variable == b.variable).find_map(|group| self.exclusive(group))
    }

    /// The first two comparisons of `group`, all of one variable, that leave it no value.
    fn exclusive<'c>(&self, group: &[Part<'c>]) -> Option<(&'c GroundCondition, &'c GroundCondition)> {
        let variable = group.first().filter(|_| group.len() > 1)?.1.variable;
        let mut domains = self.domains.whole(variable);
        let whole = domains.at[0].clone();
        let mut left: Vec<(&'c GroundCondition, Domain)> = Vec::new();
        for &(condition, leaf) in group.iter().take(PAIRED_MAX) {
            let leaf = Leaf { variable: 0, ..leaf };
            for (earlier, domain) in &left {
                domains.at[0].clone_from(domain);
                if domains.narrowed(leaf).is_empty() {
                    return Some((*earlier, condition));
                }
            }
            domains.at[0].clone_from(&whole);
            left.push((condition, domains.narrowed(leaf)));
        }
        None
    }
}
