//! Instances to ground operators and axioms, simplified by what is known once reachability is complete:
//! atoms that are not reached are false, those that hold initially and that no action deletes are true.

use super::draft::{Atoms, Drafts, Extra, GroundBlock, Rule};
use super::formulas::{FALSE, TRUE};
use super::lifted::{Block, Change, Class};
use super::metric::{Metric, Running};
use super::reach::Instances;
use super::world::{Odometer, World};
use crate::lang::pddl::model::Assignment;
use crate::step::Budget;
use crate::task::{Formula, NumericEffect, NumericKind, NumericTest, OutOfMemory, SlotId};

/// Instances handled per unit of work.
const INSTANCES_PER_UNIT: usize = 4;
/// Bindings of quantifiers that count as one instance.
const BINDINGS_PER_INSTANCE: usize = 8;

/// Makes drafts of all instances: axioms first, so that what they make true for good is known.
#[derive(Debug)]
pub(super) struct Instantiate {
    /// Schemas in the order in which they are handled.
    order: Vec<usize>,
    at: usize,
    next: usize,
    /// Work done, in bindings of quantifiers.
    pub(super) bindings: usize,
    pub(super) bound: Vec<u32>,
    pub(super) holds: Vec<u32>,
    pub(super) fails: Vec<u32>,
    adds: Vec<u32>,
    deletes: Vec<u32>,
    pub(super) arguments: Vec<u32>,
    running: Running,
    /// A schema with an operator that changes a fluent of the metric several times, conditions between.
    pub(super) mixed: Option<usize>,
}

/// A condition's parts while it is taken apart.
#[derive(Debug, Default)]
struct Rest {
    tests: Vec<NumericTest>,
    formulas: Vec<Formula>,
}

impl Instantiate {
    pub(super) fn new(world: &World) -> Self {
        let actions = world.lifted.actions;
        Self {
            order: (actions..world.lifted.schemas.len()).chain(0..actions).collect(),
            at: 0,
            next: 0,
            bindings: 0,
            bound: Vec::new(),
            holds: Vec::new(),
            fails: Vec::new(),
            adds: Vec::new(),
            deletes: Vec::new(),
            arguments: Vec::new(),
            running: Running::default(),
            mixed: None,
        }
    }

    /// Works until all instances are drafts (true) or the budget is spent.
    pub(super) fn step(
        &mut self,
        world: &mut World,
        instances: &Instances,
        metric: &Metric,
        drafts: &mut Drafts,
        budget: &mut Budget,
    ) -> Result<bool, OutOfMemory> {
        while let Some(&schema) = self.order.get(self.at) {
            if self.next == instances.by_schema[schema].len() {
                self.at += 1;
                self.next = 0;
                if self.at < self.order.len() && self.order[self.at] == 0 {
                    constants(world, drafts);
                }
                continue;
            }
            if budget.is_spent() {
                return Ok(false);
            }
            self.bindings = 0;
            for _ in 0..INSTANCES_PER_UNIT.min(instances.by_schema[schema].len() - self.next) {
                let arguments = *instances.by_schema[schema].at(self.next);
                self.next += 1;
                self.instance(world, instances, metric, drafts, schema, arguments)?;
            }
            budget.spend(1 + (self.bindings / (INSTANCES_PER_UNIT * BINDINGS_PER_INSTANCE)) as u64);
        }
        Ok(true)
    }

    fn instance(
        &mut self,
        world: &mut World,
        instances: &Instances,
        metric: &Metric,
        drafts: &mut Drafts,
        schema: usize,
        arguments: u32,
    ) -> Result<(), OutOfMemory> {
        // The schema is borrowed while fluents are interned.
        let schemas = std::mem::take(&mut world.lifted.schemas);
        let lifted = &schemas[schema];
        let values = instances.arguments.run(arguments, lifted.parameters.len());
        self.bound.clear();
        self.bound.resize(lifted.slots as usize, 0);
        for (variable, &value) in lifted.parameters.iter().zip(values) {
            self.bound[variable.slot as usize] = value;
        }
        let mut rest = Rest::default();
        self.holds.clear();
        self.fails.clear();
        let mut result = Ok(());
        if self.precondition(world, drafts, lifted, &mut rest)? {
            result = if lifted.head.is_some() {
                self.rule(world, drafts, lifted, rest)
            } else {
                self.operator(world, metric, drafts, (schema as u32, arguments), &lifted.blocks, rest)
            };
        }
        world.lifted.schemas = schemas;
        result
    }

    /// Sorts the condition into `holds`, `fails` and `rest`; false where it cannot hold.
    fn precondition(
        &mut self,
        world: &mut World,
        drafts: &mut Drafts,
        lifted: &super::lifted::Schema,
        rest: &mut Rest,
    ) -> Result<bool, OutOfMemory> {
        for literal in &lifted.core {
            if world.lifted.classes[literal.symbol as usize] == Class::Static {
                continue;
            }
            match world.find(literal, &self.bound) {
                Some(atom) if world.is_constant(atom) => {}
                Some(atom) => self.holds.push(atom),
                None => return Ok(false),
            }
        }
        for literal in &lifted.negatives {
            match world.find(literal, &self.bound) {
                Some(atom) if world.is_constant(atom) => return Ok(false),
                Some(atom) => self.fails.push(atom),
                None => {}
            }
        }
        for condition in &lifted.residue {
            let formula = self.formula(world, drafts, condition)?;
            if !self.take_apart(formula, rest) {
                return Ok(false);
            }
        }
        sort(&mut self.holds);
        sort(&mut self.fails);
        Ok(!overlap(&self.holds, &self.fails))
    }

    /// Adds a formula's conjuncts; false where it is false.
    fn take_apart(&mut self, formula: Formula, rest: &mut Rest) -> bool {
        match formula {
            Formula::Fact(fact) => self.holds.push(fact.variable.0),
            Formula::NotFact(fact) => self.fails.push(fact.variable.0),
            Formula::Numeric(test) => rest.tests.push(test),
            Formula::And(parts) => return parts.into_iter().all(|part| self.take_apart(part, rest)),
            Formula::Or(parts) if parts.is_empty() => return false,
            other @ Formula::Or(_) => rest.formulas.push(other),
        }
        true
    }

    fn rule(
        &mut self,
        world: &mut World,
        drafts: &mut Drafts,
        lifted: &super::lifted::Schema,
        rest: Rest,
    ) -> Result<(), OutOfMemory> {
        let Some(head) = &lifted.head else { return Ok(()) };
        let atom = world.intern_literal(head, &self.bound)?;
        if self.holds.binary_search(&atom).is_ok() {
            return Ok(());
        }
        let Class::Derived(stratum) = world.lifted.classes[head.symbol as usize] else { return Ok(()) };
        drafts.rules.push(Rule {
            head: atom,
            stratum,
            holds: self.holds.clone(),
            fails: self.fails.clone(),
            tests: rest.tests,
            formulas: rest.formulas,
        });
        Ok(())
    }

    fn operator(
        &mut self,
        world: &mut World,
        metric: &Metric,
        drafts: &mut Drafts,
        source: (u32, u32),
        blocks: &[Block],
        rest: Rest,
    ) -> Result<(), OutOfMemory> {
        self.adds.clear();
        self.deletes.clear();
        let mut extra = Extra { tests: rest.tests, formulas: rest.formulas, ..Extra::default() };
        let mut cost = if metric.counts_steps { 1.0 } else { 0.0 };
        for block in blocks {
            let mut odometer = Odometer::new(&block.bindings);
            while odometer.next(world, &block.bindings, &mut self.bound) {
                self.bindings += 1;
                self.block(world, metric, drafts, block, &mut extra, &mut cost)?;
            }
        }
        let mut rest = GroundBlock::new(TRUE);
        metric.settle(&mut self.running, &mut rest);
        cost += rest.cost;
        extra.cost_terms.append(&mut rest.cost_terms);
        if self.running.is_mixed {
            self.mixed.get_or_insert(source.0 as usize);
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
        let is_plain = extra.is_plain();
        let atoms =
            Atoms { holds: &self.holds, fails: &self.fails, adds: &self.adds, deletes: &self.deletes };
        drafts.push(source.0, source.1, atoms, (!is_plain).then_some(extra), cost)
    }

    /// What a block does under the binding.
    fn block(
        &mut self,
        world: &mut World,
        metric: &Metric,
        drafts: &mut Drafts,
        block: &Block,
        extra: &mut Extra,
        cost: &mut f64,
    ) -> Result<(), OutOfMemory> {
        let condition = if block.condition.is_true() {
            TRUE
        } else {
            let formula = self.formula(world, drafts, &block.condition)?;
            self.given(formula)
        };
        if condition == FALSE {
            return Ok(());
        }
        let mut one = GroundBlock::new(condition);
        for literal in &block.adds {
            if let Some(atom) = world.find(literal, &self.bound).filter(|&atom| !world.is_constant(atom)) {
                one.adds.push(atom);
            }
        }
        for literal in &block.deletes {
            one.deletes.extend(world.find(literal, &self.bound));
        }
        for change in &block.changes {
            self.change(world, metric, drafts, change, &mut one)?;
        }
        if one.condition == TRUE {
            self.adds.append(&mut one.adds);
            self.deletes.append(&mut one.deletes);
            let late = extra.keep_order(&mut one.numeric);
            extra.cost_terms.append(&mut one.cost_terms);
            *cost += one.cost;
            if !late.is_empty() {
                extra.blocks.push(GroundBlock { numeric: late, ..GroundBlock::new(TRUE) });
            }
        } else {
            sort(&mut one.adds);
            sort(&mut one.deletes);
            one.deletes.retain(|atom| one.adds.binary_search(atom).is_err());
            if !one.is_empty() {
                extra.blocks.push(one);
            }
        }
        Ok(())
    }

    fn change(
        &mut self,
        world: &mut World,
        metric: &Metric,
        drafts: &mut Drafts,
        change: &Change,
        block: &mut GroundBlock,
    ) -> Result<(), OutOfMemory> {
        self.arguments.clear();
        self.arguments.extend(change.arguments.iter().map(|one| one.value(&self.bound)));
        let fluent = world.fluent(change.function, &self.arguments)?;
        let operand = self.operand(world, drafts, &change.value)?;
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

/// Finds derived atoms that hold in every state, in the order of the rules until nothing changes, and takes
/// them out of the rules.
fn constants(world: &mut World, drafts: &mut Drafts) {
    loop {
        let mut has_changed = false;
        for rule in &mut drafts.rules {
            rule.holds.retain(|&atom| !world.is_constant(atom));
            let is_empty = rule.holds.is_empty()
                && rule.fails.is_empty()
                && rule.tests.is_empty()
                && rule.formulas.is_empty();
            if is_empty && !world.is_constant(rule.head) {
                world.make_constant(rule.head);
                has_changed = true;
            }
        }
        if !has_changed {
            break;
        }
    }
    drafts.rules.retain(|rule| {
        !world.is_constant(rule.head) && !rule.fails.iter().any(|&atom| world.is_constant(atom))
    });
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
    /// Takes changes that happen always. Those of a fluent that a conditional effect before them changes come
    /// after it, in a block of their own, which is answered: changes of one fluent keep the order of the text.
    fn keep_order(&mut self, changes: &mut Vec<NumericEffect>) -> Vec<NumericEffect> {
        let blocks = &self.blocks;
        let is_late = |change: &NumericEffect| {
            blocks.iter().any(|block| block.numeric.iter().any(|other| other.slot == change.slot))
        };
        let (late, early): (Vec<_>, Vec<_>) = changes.drain(..).partition(is_late);
        self.numeric.extend(early);
        late
    }

    fn is_plain(&self) -> bool {
        self.tests.is_empty()
            && self.formulas.is_empty()
            && self.numeric.is_empty()
            && self.cost_terms.is_empty()
            && self.blocks.is_empty()
    }
}

/// Lists up to this length are sorted by insertion.
const SHORT: usize = 12;

fn sort(atoms: &mut Vec<u32>) {
    if atoms.len() > SHORT {
        atoms.sort_unstable();
    } else {
        for end in 1..atoms.len() {
            let mut at = end;
            while at > 0 && atoms[at - 1] > atoms[at] {
                atoms.swap(at - 1, at);
                at -= 1;
            }
        }
    }
    atoms.dedup();
}

/// Whether two ascending lists have something in common.
fn overlap(left: &[u32], right: &[u32]) -> bool {
    let (mut a, mut b) = (0, 0);
    while a < left.len() && b < right.len() {
        match left[a].cmp(&right[b]) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => return true,
        }
    }
    false
}
