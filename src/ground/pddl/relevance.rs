//! Which atoms, fluents and operators the goal can need, and which atoms change at all.
//!
//! Backward from the goal. An atom is needed to hold or not to hold; an operator is relevant if it makes
//! something so that is needed so. Leaving all others out of a plan leaves a plan: every condition that is
//! looked at still holds, since what they do is at best of no use. Costs are never negative, so optimal
//! costs stay. Where a conditional effect touches something that is needed, its condition is needed both
//! ways.

use super::draft::{Drafts, GroundBlock};
use super::lifted::Class;
use super::world::{NONE, World};
use crate::step::Budget;
use crate::task::{Formula, NumericEffect, NumericKind, NumericTest, Operand};

/// Operators looked at per unit of work.
const OPERATORS_PER_UNIT: usize = 16;
/// Writers, or blocks of an operator, looked at per unit of work.
const WRITERS_PER_UNIT: u32 = 32;

const HOLDS: u8 = 1;
const FAILS: u8 = 2;

/// What becomes of an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing needs it.
    Dropped,
    /// It holds in every state.
    True,
    /// It holds in no state that is reached.
    False,
    /// It changes.
    Changes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Count,
    Fill,
    /// Marks all operators, where all is kept.
    Mark,
    Spread,
    Fates,
    Done,
}

/// What is kept.
#[derive(Debug, Default)]
pub(super) struct Relevant {
    /// Per operator draft.
    pub(super) operators: Vec<bool>,
    /// Per fluent.
    pub(super) fluents: Vec<bool>,
    /// Per atom.
    pub(super) fates: Vec<Fate>,
}

impl Relevant {
    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.operators.len() + self.fluents.len() + self.fates.len()
    }
}

/// Finds what is relevant.
#[derive(Debug)]
pub(super) struct Relevance {
    phase: Phase,
    next: usize,
    /// Where writers begin: per atom those that add it and those that delete it, then per fluent.
    starts: Vec<u32>,
    writers: Vec<u32>,
    /// Per writer, which part of it writes; empty where all operators have atoms alone.
    parts: Vec<u32>,
    /// Per atom where its rules begin.
    rule_starts: Vec<u32>,
    rules_of: Vec<u32>,
    needed: Vec<u8>,
    queue: Vec<Item>,
    /// What is being spread, and its next writer.
    current: Option<(Item, u32)>,
    /// Whether all is kept.
    keeps_all: bool,
    /// Whether some operator has more than atoms.
    has_extra: bool,
    /// Per extra, where its blocks begin in `is_looked_at`.
    block_starts: Vec<u32>,
    /// Blocks whose conditions are needed.
    is_looked_at: Vec<bool>,
    /// Blocks and parts of formulas looked at that are not paid for.
    toil: u32,
    found: Relevant,
}

#[derive(Clone, Copy, Debug)]
enum Item {
    Atom(u32, u8),
    Fluent(u32),
}

impl Relevance {
    /// Not begun. With `keeps_all`, all atoms count as needed, and all operators are relevant; fluents that
    /// nothing reads are left out all the same. O(atoms + rules).
    pub(super) fn new(world: &World, drafts: &Drafts, goal: &Formula, keeps_all: bool) -> Self {
        let (atoms, fluents) = (world.atoms.len(), world.fluents.len());
        let mut rule_starts = vec![0u32; atoms + 1];
        for rule in &drafts.rules {
            rule_starts[rule.head as usize + 1] += 1;
        }
        for atom in 0..atoms {
            rule_starts[atom + 1] += rule_starts[atom];
        }
        let mut ends = rule_starts.clone();
        let mut rules_of = vec![0; drafts.rules.len()];
        for (id, rule) in drafts.rules.iter().enumerate() {
            rules_of[ends[rule.head as usize] as usize] = id as u32;
            ends[rule.head as usize] += 1;
        }
        let mut blocks = 0;
        let block_starts = drafts.extras.iter().map(|extra| {
            blocks += extra.blocks.len() as u32;
            blocks - extra.blocks.len() as u32
        });
        let block_starts = block_starts.collect();
        let mut relevance = Self {
            phase: Phase::Count,
            next: 0,
            starts: vec![0; 2 * atoms + fluents + 1],
            writers: Vec::new(),
            parts: Vec::new(),
            rule_starts,
            rules_of,
            needed: vec![if keeps_all { HOLDS | FAILS } else { 0 }; atoms],
            queue: Vec::new(),
            current: None,
            keeps_all,
            has_extra: !drafts.extras.is_empty(),
            block_starts,
            is_looked_at: vec![false; blocks as usize],
            toil: 0,
            found: Relevant {
                operators: vec![false; drafts.len()],
                fluents: vec![false; fluents],
                fates: vec![Fate::Dropped; atoms],
            },
        };
        relevance.formula(drafts, goal, HOLDS);
        if keeps_all {
            for rule in &drafts.rules {
                rule.tests.iter().for_each(|test| relevance.test(drafts, test));
                rule.formulas.iter().for_each(|formula| relevance.formula(drafts, formula, HOLDS));
            }
        }
        relevance
    }

    /// Works until all is known or the budget is spent.
    pub(super) fn step(&mut self, world: &World, drafts: &Drafts, budget: &mut Budget) -> Option<Relevant> {
        while self.phase != Phase::Done {
            if budget.is_spent() {
                return None;
            }
            budget.spend(u64::from(1 + std::mem::take(&mut self.toil) / WRITERS_PER_UNIT));
            match self.phase {
                Phase::Count | Phase::Fill | Phase::Mark | Phase::Fates => self.pass(world, drafts),
                Phase::Spread => self.spread(drafts),
                Phase::Done => {}
            }
        }
        Some(std::mem::take(&mut self.found))
    }

    /// The next operators of a pass over all.
    fn pass(&mut self, world: &World, drafts: &Drafts) {
        let end = (self.next + OPERATORS_PER_UNIT).min(drafts.len());
        let first_fluent = 2 * world.atoms.len() as u32;
        for id in self.next..end {
            match self.phase {
                Phase::Count => drafts.writes(id, first_fluent, &mut |key, _| self.starts[key as usize] += 1),
                Phase::Fill => drafts.writes(id, first_fluent, &mut |key, part| {
                    self.starts[key as usize] -= 1;
                    let at = self.starts[key as usize] as usize;
                    self.writers[at] = id as u32;
                    if let Some(slot) = self.parts.get_mut(at) {
                        *slot = part;
                    }
                }),
                Phase::Mark => self.mark(drafts, id),
                _ => self.written(drafts, id),
            }
        }
        self.next = end;
        if end < drafts.len() {
            return;
        }
        self.next = 0;
        self.phase = match self.phase {
            Phase::Count => {
                for key in 1..self.starts.len() {
                    self.starts[key] += self.starts[key - 1];
                }
                self.writers = vec![0; self.starts.last().map_or(0, |&last| last as usize)];
                self.parts = vec![NONE; if self.has_extra { self.writers.len() } else { 0 }];
                Phase::Fill
            }
            Phase::Fill if self.keeps_all => Phase::Mark,
            Phase::Fill | Phase::Mark => Phase::Spread,
            _ => {
                self.settle(world);
                Phase::Done
            }
        };
    }

    fn spread(&mut self, drafts: &Drafts) {
        let Some((item, next)) = self.current.take() else {
            match self.queue.pop() {
                Some(item) => self.begin(drafts, item),
                None => self.phase = Phase::Fates,
            }
            return;
        };
        let (first, last) = self.keys(item);
        let (end, adds_end) = (self.starts[last], self.starts[first + 1]);
        let until = (next + WRITERS_PER_UNIT).min(end);
        for at in next..until {
            let operator = self.writers[at as usize] as usize;
            let is_useful = match item {
                Item::Fluent(_) => true,
                Item::Atom(_, polarity) => (at < adds_end) == (polarity == HOLDS),
            };
            if self.found.operators[operator] {
                self.part(drafts, operator, self.parts.get(at as usize).copied().unwrap_or(NONE), item);
            } else if is_useful {
                self.mark(drafts, operator);
            }
        }
        if until < end {
            self.current = Some((item, until));
        }
    }

    /// The first key of an item's writers, and the one behind the last.
    fn keys(&self, item: Item) -> (usize, usize) {
        match item {
            Item::Atom(atom, _) => (2 * atom as usize, 2 * atom as usize + 2),
            Item::Fluent(fluent) => {
                let key = 2 * self.needed.len() + fluent as usize;
                (key, key + 1)
            }
        }
    }

    fn begin(&mut self, drafts: &Drafts, item: Item) {
        if let Item::Atom(atom, polarity) = item {
            let (from, to) = (self.rule_starts[atom as usize], self.rule_starts[atom as usize + 1]);
            for at in from..to {
                let rule = &drafts.rules[self.rules_of[at as usize] as usize];
                let (holds, fails) = (polarity, HOLDS + FAILS - polarity);
                rule.holds.iter().for_each(|&atom| self.atom(atom, holds));
                rule.fails.iter().for_each(|&atom| self.atom(atom, fails));
                rule.tests.iter().for_each(|test| self.test(drafts, test));
                rule.formulas.iter().for_each(|formula| self.formula(drafts, formula, polarity));
            }
        }
        self.current = Some((item, self.starts[self.keys(item).0]));
    }

    /// Looks at the part of a relevant operator that writes what is needed.
    fn part(&mut self, drafts: &Drafts, operator: usize, part: u32, item: Item) {
        if part == NONE {
            return;
        }
        let draft = drafts.operator(operator);
        let Some(extra) = drafts.extra(draft) else { return };
        self.toil += 1;
        match extra.blocks.get(part as usize) {
            Some(block) => {
                self.look(drafts, block, self.block_starts[draft.extra as usize] + part);
                if let Item::Fluent(fluent) = item {
                    let effects = block.numeric.iter().filter(|effect| effect.slot.0 == fluent);
                    effects.for_each(|effect| self.operand(drafts, effect.operand));
                }
            }
            None => self.operand(drafts, extra.numeric[part as usize - extra.blocks.len()].operand),
        }
    }

    /// Keeps an operator, and needs what it needs for what is needed so far.
    fn mark(&mut self, drafts: &Drafts, operator: usize) {
        self.found.operators[operator] = true;
        let draft = drafts.operator(operator);
        let atoms = drafts.atoms(draft);
        atoms.holds.iter().for_each(|&atom| self.atom(atom, HOLDS));
        atoms.fails.iter().for_each(|&atom| self.atom(atom, FAILS));
        let Some(extra) = drafts.extra(draft) else { return };
        self.toil += extra.blocks.len() as u32;
        extra.tests.iter().for_each(|test| self.test(drafts, test));
        extra.formulas.iter().for_each(|formula| self.formula(drafts, formula, HOLDS));
        extra.cost_terms.iter().for_each(|term| self.operand(drafts, term.0));
        self.can_fail(&extra.numeric);
        for (id, block) in (self.block_starts[draft.extra as usize]..).zip(&extra.blocks) {
            block.cost_terms.iter().for_each(|term| self.operand(drafts, term.0));
            self.can_fail(&block.numeric);
            let costs = block.cost != 0.0 || !block.cost_terms.is_empty();
            if costs || self.is_touched(block) {
                self.look(drafts, block, id);
            }
        }
        for effect in extra.numeric.iter().chain(extra.blocks.iter().flat_map(|block| &block.numeric)) {
            if self.found.fluents[effect.slot.0 as usize] {
                self.operand(drafts, effect.operand);
            }
        }
    }

    /// Whether a block writes something that is needed so far.
    fn is_touched(&self, block: &GroundBlock) -> bool {
        block.adds.iter().chain(&block.deletes).any(|&atom| self.needed[atom as usize] != 0)
            || block.numeric.iter().any(|effect| self.found.fluents[effect.slot.0 as usize])
    }

    /// Needs the condition of a block, both ways.
    fn look(&mut self, drafts: &Drafts, block: &GroundBlock, id: u32) {
        if !std::mem::replace(&mut self.is_looked_at[id as usize], true) {
            self.formula(drafts, &block.condition, HOLDS);
            self.formula(drafts, &block.condition, FAILS);
        }
    }

    /// Needs fluents whose change could fail, and so keep an operator from applying.
    fn can_fail(&mut self, effects: &[NumericEffect]) {
        for effect in effects {
            let is_finite = matches!(effect.operand, Operand::Constant(value) if value.as_f64().is_finite());
            let is_scaled = matches!(effect.kind, NumericKind::ScaleUp | NumericKind::ScaleDown);
            if !is_finite || is_scaled {
                self.fluent(effect.slot.0);
            }
        }
    }

    fn atom(&mut self, atom: u32, polarity: u8) {
        let needed = &mut self.needed[atom as usize];
        if *needed & polarity == 0 {
            *needed |= polarity;
            self.queue.push(Item::Atom(atom, polarity));
        }
    }

    fn fluent(&mut self, fluent: u32) {
        if !std::mem::replace(&mut self.found.fluents[fluent as usize], true) {
            self.queue.push(Item::Fluent(fluent));
        }
    }

    fn formula(&mut self, drafts: &Drafts, formula: &Formula, polarity: u8) {
        self.toil += 1;
        match formula {
            Formula::Fact(fact) => self.atom(fact.variable.0, polarity),
            Formula::NotFact(fact) => self.atom(fact.variable.0, HOLDS + FAILS - polarity),
            Formula::Numeric(test) => self.test(drafts, test),
            Formula::And(parts) | Formula::Or(parts) => {
                parts.iter().for_each(|part| self.formula(drafts, part, polarity));
            }
        }
    }

    fn test(&mut self, drafts: &Drafts, test: &NumericTest) {
        self.operand(drafts, test.left);
        self.operand(drafts, test.right);
    }

    fn operand(&mut self, drafts: &Drafts, operand: Operand) {
        match operand {
            Operand::Constant(_) => {}
            Operand::Slot(slot) => self.fluent(slot.0),
            Operand::Expression(id) => {
                let one = drafts.expressions[id.0 as usize];
                self.operand(drafts, one.left);
                self.operand(drafts, one.right);
            }
        }
    }

    /// Notes what a relevant operator adds and deletes, for the fates.
    fn written(&mut self, drafts: &Drafts, id: usize) {
        if !self.found.operators[id] {
            return;
        }
        let draft = drafts.operator(id);
        let atoms = drafts.atoms(draft);
        let blocks = drafts.extra(draft).map_or(&[][..], |extra| &extra.blocks);
        let adds = atoms.adds.iter().chain(blocks.iter().flat_map(|block| &block.adds));
        for &atom in adds {
            self.needed[atom as usize] |= HOLDS << 2;
        }
        let deletes = atoms.deletes.iter().chain(blocks.iter().flat_map(|block| &block.deletes));
        for &atom in deletes {
            self.needed[atom as usize] |= FAILS << 2;
        }
    }

    /// What becomes of each atom.
    fn settle(&mut self, world: &World) {
        for (atom, fate) in self.found.fates.iter_mut().enumerate() {
            let needed = self.needed[atom];
            let order = world.order(atom as u32);
            let class = world.lifted.classes[world.atoms.symbol(atom as u32) as usize];
            let changes = !matches!(class, Class::Static | Class::Auxiliary);
            if needed & (HOLDS | FAILS) == 0 || !changes || order == NONE {
                continue;
            }
            let is_initial = (order as usize) < world.initials;
            let (is_added, is_deleted) = (needed & HOLDS << 2 != 0, needed & FAILS << 2 != 0);
            *fate = match class {
                _ if world.is_constant(atom as u32) => Fate::True,
                Class::Derived(_) => Fate::Changes,
                _ if is_initial && !is_deleted => Fate::True,
                _ if !is_initial && !is_added => Fate::False,
                _ => Fate::Changes,
            };
        }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let words =
            [&self.starts, &self.writers, &self.parts, &self.rule_starts, &self.rules_of, &self.block_starts];
        words.iter().map(|one| one.len() * 4).sum::<usize>()
            + self.is_looked_at.len()
            + self.needed.len() * 2
            + self.found.operators.len()
            + self.found.fates.len()
            + self.found.fluents.len()
            + self.queue.capacity() * 12
    }
}
