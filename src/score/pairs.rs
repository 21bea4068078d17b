//! Two engines, task by task.

use super::{Comparison, is_cheaper};

/// How often one engine was ahead of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// Tasks that both have a plan for, and the one took less time.
    pub faster: usize,
    /// Tasks that both have a plan for, and the one's costs less.
    pub cheaper: usize,
    /// Tasks that the one alone has a plan for.
    pub solves_more: usize,
}

impl Comparison {
    /// How often engine `one` was ahead of engine `other`; both are indices. O(tasks).
    pub fn pair(&self, one: usize, other: usize) -> Pair {
        let mut pair = Pair::default();
        for task in self.of(None) {
            let [one, other] = [one, other].map(|engine| {
                let cell = self.cell(task, engine)?;
                Some((cell.cost()?, cell.seconds))
            });
            match (one, other) {
                (Some((cost, seconds)), Some((other_cost, other_seconds))) => {
                    pair.faster += usize::from(seconds < other_seconds);
                    pair.cheaper += usize::from(is_cheaper(cost, other_cost));
                }
                (Some(_), None) => pair.solves_more += 1,
                (None, _) => {}
            }
        }
        pair
    }
}
