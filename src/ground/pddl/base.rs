//! What is translated before the operators: expressions, the scale of costs, and the axioms.

use std::collections::BTreeSet;

use super::draft::Drafts;
use super::metric::Scale;
use super::relevance::Relevant;
use super::room::Room;
use super::translate::{Auxiliary, Translator, expression};
use super::variables::Variables;
use super::world::NONE;
use crate::step::Budget;
use crate::task::{Axiom, Expression, OutOfMemory};

/// Ground axioms translated per unit of work, and expressions translated or conditional effects looked at.
const AXIOMS_PER_UNIT: usize = 4;
const LOOKED_AT_PER_UNIT: usize = 64;

/// See the module.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) expressions: Vec<Expression>,
    /// Indexed by expression: its place in the layout.
    pub(super) places: Vec<u32>,
    /// Different constants among the costs, as their bits.
    constants: BTreeSet<u64>,
    has_terms: bool,
    /// The next operator whose conditional effects are looked at for what they cost.
    next_extra: usize,
    scale: Option<Scale>,
    pub(super) more: Auxiliary,
    /// The next ground axiom.
    next: usize,
}

impl Base {
    /// Not begun.
    pub(super) fn new(variables: &Variables) -> Self {
        Self {
            expressions: Vec::new(),
            places: Vec::new(),
            constants: BTreeSet::new(),
            has_terms: false,
            next_extra: 0,
            scale: None,
            more: Auxiliary { next: variables.domains.len() as u32, axioms: Vec::new(), body_bytes: 0 },
            next: 0,
        }
    }

    /// Works until all is there (true) or the budget is spent.
    pub(super) fn step(
        &mut self,
        drafts: &Drafts,
        relevant: &Relevant,
        variables: &Variables,
        room: Room,
        budget: &mut Budget,
    ) -> Result<bool, OutOfMemory> {
        while self.places.len() < drafts.expressions.len() || self.next_extra < drafts.extras.len() {
            if budget.is_spent() {
                return Ok(false);
            }
            budget.spend(1);
            self.express(drafts, variables, room)?;
            self.look(drafts, budget);
        }
        let scale = self.scale(drafts);
        let Self { places, more, next, .. } = self;
        let translator = Translator { drafts, relevant, variables, expressions: places, scale };
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

    /// Translates the next expressions.
    fn express(&mut self, drafts: &Drafts, variables: &Variables, room: Room) -> Result<(), OutOfMemory> {
        let from = self.places.len();
        for one in drafts.expressions.iter().skip(from).take(LOOKED_AT_PER_UNIT) {
            let kept = expression(one, variables, &self.places);
            room.grow(&mut self.places)?;
            self.places.push(if kept.is_some() { self.expressions.len() as u32 } else { NONE });
            if let Some(kept) = kept {
                room.grow(&mut self.expressions)?;
                self.expressions.push(kept);
            }
        }
        Ok(())
    }

    /// Looks what the conditional effects of the next operators cost.
    fn look(&mut self, drafts: &Drafts, budget: &mut Budget) {
        let mut looked_at = 0;
        while let Some(extra) = drafts.extras.get(self.next_extra) {
            self.has_terms |= !extra.cost_terms.is_empty();
            for block in &extra.blocks {
                self.has_terms |= !block.cost_terms.is_empty();
                if block.cost != 0.0 {
                    self.constants.insert(block.cost.to_bits());
                }
            }
            self.next_extra += 1;
            looked_at += 1 + extra.blocks.len();
            if looked_at >= LOOKED_AT_PER_UNIT {
                break;
            }
        }
        budget.spend((looked_at / LOOKED_AT_PER_UNIT) as u64);
    }

    /// The scale of all costs.
    pub(super) fn scale(&mut self, drafts: &Drafts) -> Scale {
        *self.scale.get_or_insert_with(|| {
            let mut constants = drafts.costs.clone();
            constants.extend(std::mem::take(&mut self.constants).into_iter().map(f64::from_bits));
            Scale::new(&constants, self.has_terms)
        })
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.expressions.capacity() * size_of::<Expression>()
            + self.places.capacity() * 4
            + self.constants.len() * 16
            + self.more.axioms.capacity() * size_of::<Axiom>()
            + self.more.body_bytes
    }
}
