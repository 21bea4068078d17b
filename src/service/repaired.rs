//! What became of the plan of a similar problem.

use std::collections::HashMap;

use serde::Serialize;

use crate::cache::NearPlan;
use crate::lang::plan::{self, Step};

/// What became of the plan of a similar problem.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RepairReport {
    /// The estimated share of facts and goals that both problems have, from 0 to 1.
    pub similarity: f64,
    /// Steps of the old plan that are in the new one, in the same order.
    pub kept: usize,
    /// Steps of the new plan that are not of the old one.
    pub added: usize,
    /// Steps of the old plan that are not in the new one.
    pub dropped: usize,
}

impl RepairReport {
    /// How the steps differ from those of the plan that they were made of.
    pub(super) fn new(near: &NearPlan, steps: &[Step]) -> Self {
        let kept = common(&near.pattern.steps, steps);
        Self {
            similarity: near.similarity,
            kept,
            added: steps.len() - kept,
            dropped: near.pattern.steps.len() - kept,
        }
    }
}

/// Steps that both plans have in the same order: those of the old plan are looked for one after the other.
/// O(both lengths).
fn common(old: &[Step], new: &[Step]) -> usize {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, step) in new.iter().enumerate() {
        places.entry(plan::step(step)).or_default().push(at);
    }
    let (mut kept, mut from) = (0, 0);
    for step in old {
        let Some(places) = places.get(&plan::step(step)) else { continue };
        let next = places.partition_point(|&at| at < from);
        if let Some(at) = places.get(next) {
            (kept, from) = (kept + 1, at + 1);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(names: &str) -> Vec<Step> {
        names.chars().map(|name| Step { action: name.into(), arguments: Vec::new() }).collect()
    }

    #[test]
    fn steps_are_kept_where_both_plans_have_them_in_the_same_order() {
        for (old, new, kept) in [
            ("abc", "abc", 3),
            ("abc", "axc", 2),
            ("", "ab", 0),
            ("aab", "ab", 2),
            ("aaa", "aa", 2),
            ("ab", "ba", 1),
        ] {
            assert_eq!(common(&steps(old), &steps(new)), kept, "{old} {new}");
        }
    }
}
