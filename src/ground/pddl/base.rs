//! What is translated before the operators: expressions, the scale of costs, and the axioms.

use super::draft::Drafts;
use super::metric::Scale;
use super::relevance::Relevant;
use super::room::Room;
use super::translate::{Auxiliary, Translator, expressions};
use super::variables::Variables;
use crate::step::Budget;
use crate::task::{Axiom, Expression, OutOfMemory};

/// Ground axioms translated per unit of work.
const AXIOMS_PER_UNIT: usize = 4;

/// See the module.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) expressions: Vec<Expression>,
    /// Indexed by expression: its place in the layout.
    pub(super) places: Vec<u32>,
    pub(super) scale: Scale,
    pub(super) more: Auxiliary,
    /// The next ground axiom.
    next: usize,
}

impl Base {
    /// Without axioms. O(expressions + conditional effects).
    pub(super) fn new(drafts: &Drafts, variables: &Variables) -> Self {
        let (expressions, places) = expressions(drafts, variables);
        let more = Auxiliary { next: variables.domains.len() as u32, axioms: Vec::new(), body_bytes: 0 };
        Self { expressions, places, scale: scale(drafts), more, next: 0 }
    }

    /// Translates axioms until all are there (true) or the budget is spent.
    pub(super) fn step(
        &mut self,
        drafts: &Drafts,
        relevant: &Relevant,
        variables: &Variables,
        room: Room,
        budget: &mut Budget,
    ) -> Result<bool, OutOfMemory> {
        let Self { places, scale, more, next, .. } = self;
        let translator = Translator { drafts, relevant, variables, expressions: places, scale: *scale };
        while let Some(rule) = drafts.rules.get(*next) {
            if next.is_multiple_of(AXIOMS_PER_UNIT) {
                if budget.is_spent() {
                    return Ok(false);
                }
                budget.spend(1);
            }
            room.grow(&mut more.axioms)?;
            translator.rule(rule, more);
            *next += 1;
        }
        Ok(true)
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.more.axioms.capacity() * size_of::<Axiom>() + self.more.body_bytes
    }
}

fn scale(drafts: &Drafts) -> Scale {
    let extras = &drafts.extras;
    let mut constants = drafts.costs.clone();
    constants.extend(extras.iter().flat_map(|extra| &extra.blocks).map(|block| block.cost));
    let has_terms = extras.iter().any(|extra| {
        !extra.cost_terms.is_empty() || extra.blocks.iter().any(|block| !block.cost_terms.is_empty())
    });
    Scale::new(&constants, has_terms)
}
