//! Completes an instance once its condition is known: its effects as an operator, or its head as an axiom.

use super::draft::{Atoms, Drafts, Extra, GroundBlock, Rule};
use super::formulas::{FALSE, TRUE};
use super::instantiate::{Bench, Instantiate};
use super::job::{Job, Rest};
use super::lifted::{Block, Change, Class, Schema};
use super::lists::sort;
use super::room::Room;
use super::world::World;
use crate::lang::pddl::model::Assignment;
use crate::task::{Fact, Formula, NumericEffect, NumericKind, OutOfMemory, SlotId};

impl Instantiate {
    /// The rest of a leaf, given that the atoms in `holds` hold and those in `fails` do not.
    pub(super) fn given(&self, leaf: &Formula) -> Formula {
        let is_in = |list: &[u32], fact: &Fact| list.binary_search(&fact.variable.0).is_ok();
        match leaf {
            Formula::Fact(fact) if is_in(&self.holds, fact) => TRUE,
            Formula::Fact(fact) if is_in(&self.fails, fact) => FALSE,
            Formula::NotFact(fact) if is_in(&self.holds, fact) => FALSE,
            Formula::NotFact(fact) if is_in(&self.fails, fact) => TRUE,
            other => other.clone(),
        }
    }

    /// Adds a conjunct of the condition, which is not a conjunction itself; answers false if it is false.
    pub(super) fn conjunct(
        &mut self,
        bench: &Bench<'_>,
        formula: Formula,
        rest: &mut Rest,
    ) -> Result<bool, OutOfMemory> {
        match formula {
            Formula::Fact(fact) => {
                bench.room.grow(&mut self.holds)?;
                self.holds.push(fact.variable.0);
            }
            Formula::NotFact(fact) => {
                bench.room.grow(&mut self.fails)?;
                self.fails.push(fact.variable.0);
            }
            Formula::Numeric(test) => {
                bench.room.grow(&mut rest.tests)?;
                rest.tests.push(test);
            }
            Formula::Or(parts) if parts.is_empty() => return Ok(false),
            other => {
                bench.room.grow(&mut rest.formulas)?;
                rest.formulas.push(other);
            }
        }
        Ok(true)
    }

    /// The ground axiom, once its whole condition is known.
    pub(super) fn rule(
        &mut self,
        world: &mut World,
        drafts: &mut Drafts,
        lifted: &Schema,
        rest: Rest,
        room: Room,
    ) -> Result<(), OutOfMemory> {
        let Some(head) = &lifted.head else { return Ok(()) };
        let atom = world.intern_literal(head, &self.bound)?;
        if self.holds.binary_search(&atom).is_ok() {
            return Ok(());
        }
        let Class::Derived(stratum) = world.lifted.classes[head.symbol as usize] else { return Ok(()) };
        let (holds, fails) = (self.holds.clone(), self.fails.clone());
        let Rest { mut tests, mut formulas } = rest;
        tests.shrink_to_fit();
        formulas.shrink_to_fit();
        drafts.push_rule(Rule { head: atom, stratum, holds, fails, tests, formulas }, room)
    }

    /// The operator, once all its parts are known.
    pub(super) fn operator(&mut self, bench: &mut Bench<'_>, job: &mut Job) -> Result<(), OutOfMemory> {
        let mut extra = std::mem::take(&mut job.extra);
        let rest = std::mem::take(&mut job.rest);
        (extra.tests, extra.formulas) = (rest.tests, rest.formulas);
        let mut settled = GroundBlock::new(TRUE);
        bench.metric.settle(&mut self.running, &mut settled);
        let cost = job.cost + settled.cost;
        extra.cost_terms.append(&mut settled.cost_terms);
        if self.running.is_mixed {
            self.mixed.get_or_insert(job.schema as usize);
        }
        sort(&mut self.adds);
        sort(&mut self.deletes);
        let (holds, fails, adds) = (&self.holds, &self.fails, &self.adds);
        self.deletes.retain(|atom| adds.binary_search(atom).is_err() && fails.binary_search(atom).is_err());
        let deletes_more = extra.blocks.iter().any(|block| !block.deletes.is_empty());
        if !deletes_more {
            self.adds.retain(|atom| holds.binary_search(atom).is_err());
        }
        let does_nothing = self.adds.is_empty() && self.deletes.is_empty();
        if does_nothing && extra.numeric.is_empty() && extra.blocks.iter().all(GroundBlock::is_only_cost) {
            return Ok(());
        }
        // The lists are copied twice: into a run, and from there into the arena.
        let words = self.holds.len() + self.fails.len() + self.adds.len() + self.deletes.len();
        if words * 8 > bench.room.0 {
            return Err(OutOfMemory);
        }
        let is_plain = extra.is_plain();
        bench.room.grow(&mut bench.drafts.extras)?;
        let atoms =
            Atoms { holds: &self.holds, fails: &self.fails, adds: &self.adds, deletes: &self.deletes };
        bench.drafts.push(job.schema, job.arguments, atoms, (!is_plain).then_some(extra), cost)
    }

    /// Adds the effects of a block under the binding. `condition` is what is left of the block's own
    /// condition.
    pub(super) fn block(
        &mut self,
        bench: &mut Bench<'_>,
        job: &mut Job,
        block: &Block,
        condition: Formula,
    ) -> Result<(), OutOfMemory> {
        let mut one = GroundBlock::new(condition);
        // Without places to spare: there may be very many blocks.
        one.adds.reserve_exact(block.adds.len());
        one.deletes.reserve_exact(block.deletes.len());
        one.numeric.reserve_exact(block.changes.len());
        for literal in &block.adds {
            let world = &bench.world;
            if let Some(atom) = world.find(literal, &self.bound).filter(|&atom| !world.is_constant(atom)) {
                one.adds.push(atom);
            }
        }
        for literal in &block.deletes {
            one.deletes.extend(bench.world.find(literal, &self.bound));
        }
        for change in &block.changes {
            self.change(bench, change, &mut one)?;
        }
        if one.condition == TRUE {
            bench.room.reserve_some(&mut self.adds, one.adds.len())?;
            bench.room.reserve_some(&mut self.deletes, one.deletes.len())?;
            self.adds.append(&mut one.adds);
            self.deletes.append(&mut one.deletes);
            // Changes of one fluent keep the order of the text: if they come after a conditional one, they
            // become a block.
            let is_late = |change: &NumericEffect| job.changed.contains(&change.slot.0);
            let (late, early): (Vec<_>, Vec<_>) = one.numeric.drain(..).partition(is_late);
            bench.room.reserve_some(&mut job.extra.numeric, early.len())?;
            job.extra.numeric.extend(early);
            bench.room.reserve_some(&mut job.extra.cost_terms, one.cost_terms.len())?;
            job.extra.cost_terms.append(&mut one.cost_terms);
            job.cost += one.cost;
            if !late.is_empty() {
                bench.room.grow(&mut job.extra.blocks)?;
                job.extra.blocks.push(GroundBlock { numeric: late, ..GroundBlock::new(TRUE) });
            }
        } else {
            sort(&mut one.adds);
            sort(&mut one.deletes);
            one.deletes.retain(|atom| one.adds.binary_search(atom).is_err());
            if !one.is_empty() {
                job.changed.extend(one.numeric.iter().map(|change| change.slot.0));
                bench.room.grow(&mut job.extra.blocks)?;
                job.bytes += one.memory_bytes();
                job.extra.blocks.push(one);
            }
        }
        Ok(())
    }

    fn change(
        &mut self,
        bench: &mut Bench<'_>,
        change: &Change,
        block: &mut GroundBlock,
    ) -> Result<(), OutOfMemory> {
        let Bench { world, metric, drafts, .. } = bench;
        let fluent = self.builder.fluent(world, change.function, &change.arguments, &self.bound)?;
        let operand = self.builder.operand(world, drafts, &change.value, &self.bound)?;
        let kind = match change.assignment {
            Assignment::Assign => NumericKind::Assign,
            Assignment::Increase => NumericKind::Increase,
            Assignment::Decrease => NumericKind::Decrease,
            Assignment::ScaleUp => NumericKind::ScaleUp,
            Assignment::ScaleDown => NumericKind::ScaleDown,
        };
        let effect = NumericEffect { slot: SlotId(fluent), kind, operand };
        let sets = world.lifted.functions[change.function as usize].is_set;
        metric.charge(drafts, effect, sets, block, &mut self.running)?;
        if !metric.hides(change.function) {
            block.numeric.push(effect);
        }
        Ok(())
    }
}

impl GroundBlock {
    fn new(condition: Formula) -> Self {
        let (adds, deletes, numeric, cost_terms) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { condition, adds, deletes, numeric, cost: 0.0, cost_terms }
    }

    fn is_empty(&self) -> bool {
        self.is_only_cost() && self.cost == 0.0 && self.cost_terms.is_empty()
    }

    fn is_only_cost(&self) -> bool {
        self.adds.is_empty() && self.deletes.is_empty() && self.numeric.is_empty()
    }
}

impl Extra {
    fn is_plain(&self) -> bool {
        self.tests.is_empty()
            && self.formulas.is_empty()
            && self.numeric.is_empty()
            && self.cost_terms.is_empty()
            && self.blocks.is_empty()
    }
}
