//! Relevance: which atoms, fluents and operators the goal can need, and which atoms change at all.
//!
//! It spreads backwards from the goal. An atom can be needed to hold, or not to hold; an operator is relevant
//! if it gives an atom the truth value that is needed. If irrelevant operators are taken out of a plan, the
//! rest is still a plan: they never help a needed condition. Costs are never negative, so optimal costs stay
//! the same. If a conditional effect writes something that is needed, its condition is needed in both truth
//! values.

use super::draft::{Drafts, GroundBlock, Place};
use super::fates::{Fate, Fates};
use super::room::Room;
use super::tour::Tour;
use super::world::{NONE, World};
use super::writers::Writers;
use crate::step::Budget;
use crate::task::{Formula, NumericEffect, NumericKind, NumericTest, Operand, OutOfMemory};

/// Operators looked at per unit of work.
const OPERATORS_PER_UNIT: usize = 16;
/// Writers, blocks of an operator or parts of formulas looked at per unit of work.
const WRITERS_PER_UNIT: u32 = 32;

const HOLDS: u8 = 1;
const FAILS: u8 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Lists the writers of each atom and fluent.
    Index,
    /// Marks all operators as relevant, if all of them are kept.
    Mark,
    /// Spreads backwards from what is needed.
    Spread,
    /// Finds what becomes of the atoms.
    Fates,
    Done,
}

/// What is kept.
#[derive(Debug, Default)]
pub(super) struct Relevant {
    /// Indexed by operator.
    pub(super) operators: Vec<bool>,
    /// Indexed by fluent.
    pub(super) fluents: Vec<bool>,
    /// Indexed by atom.
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
    stage: Stage,
    next: usize,
    writers: Writers,
    /// Indexed by atom: where its rules begin.
    rule_starts: Vec<u32>,
    rules_of: Vec<u32>,
    needed: Vec<u8>,
    queue: Vec<Item>,
    /// The item that is being spread, and its next writer.
    current: Option<(Item, u32)>,
    /// Whether all is kept.
    keeps_all: bool,
    /// Indexed by extra: where its blocks begin in `is_looked_at`.
    block_starts: Vec<u32>,
    /// Blocks whose conditions are needed.
    is_looked_at: Vec<bool>,
    /// Work on blocks and rules that has not been charged to the budget.
    looked_at: u32,
    found: Relevant,
    fates: Fates,
}

/// Something that is needed.
#[derive(Clone, Debug)]
enum Item {
    Atom(u32, u8),
    Fluent(u32),
    /// A large formula that is being walked; some of its leaves are marked already.
    Formula(Place, u8, Tour),
}

impl Relevance {
    /// Starts with the goal. With `keeps_all`, all atoms count as needed and all operators as relevant, but
    /// fluents that nothing reads are still left out. O(atoms + rules).
    pub(super) fn new(world: &World, drafts: &Drafts, keeps_all: bool) -> Self {
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
            stage: Stage::Index,
            next: 0,
            writers: Writers::new(atoms, fluents, drafts),
            rule_starts,
            rules_of,
            needed: vec![if keeps_all { HOLDS | FAILS } else { 0 }; atoms],
            queue: Vec::new(),
            current: None,
            keeps_all,
            block_starts,
            is_looked_at: vec![false; blocks as usize],
            looked_at: 0,
            found: Relevant {
                operators: vec![false; drafts.len()],
                fluents: vec![false; fluents],
                fates: Vec::new(),
            },
            fates: Fates::new(atoms),
        };
        relevance.queue.push(Item::Formula(Place::Goal, HOLDS, Tour::default()));
        if keeps_all {
            for (id, rule) in (0..).zip(&drafts.rules) {
                rule.tests.iter().for_each(|test| relevance.test(drafts, test));
                relevance.formulas(rule.formulas.len(), |at| Place::Rule(id, at), HOLDS);
            }
        }
        relevance
    }

    /// Works until all is known or the budget is spent.
    pub(super) fn step(
        &mut self,
        world: &World,
        drafts: &Drafts,
        goal: &Formula,
        room: Room,
        budget: &mut Budget,
    ) -> Result<Option<Relevant>, OutOfMemory> {
        while self.stage != Stage::Done {
            if budget.is_spent() {
                return Ok(None);
            }
            budget.spend(u64::from(1 + std::mem::take(&mut self.looked_at) / WRITERS_PER_UNIT));
            match self.stage {
                Stage::Index => {
                    if self.writers.unit(drafts, room)? {
                        self.stage = if self.keeps_all { Stage::Mark } else { Stage::Spread };
                    }
                }
                Stage::Mark => self.mark_more(drafts),
                Stage::Spread => self.spread(drafts, goal),
                Stage::Fates => {
                    let operators = &self.found.operators;
                    if let Some(fates) = self.fates.unit(world, drafts, operators, &self.needed) {
                        self.found.fates = fates;
                        self.stage = Stage::Done;
                    }
                }
                Stage::Done => {}
            }
        }
        Ok(Some(std::mem::take(&mut self.found)))
    }

    /// Marks the next operators.
    fn mark_more(&mut self, drafts: &Drafts) {
        let end = (self.next + OPERATORS_PER_UNIT).min(drafts.len());
        (self.next..end).for_each(|id| self.mark(drafts, id));
        self.next = end;
        if end == drafts.len() {
            self.stage = Stage::Spread;
        }
    }

    fn spread(&mut self, drafts: &Drafts, goal: &Formula) {
        let Some((item, next)) = self.current.take() else {
            match self.queue.pop() {
                Some(Item::Formula(place, polarity, tour)) => {
                    self.visit(drafts, goal, (place, polarity, tour));
                }
                Some(item) => self.begin(drafts, item),
                None => self.stage = Stage::Fates,
            }
            return;
        };
        let (adds_end, end) = match item {
            Item::Atom(atom, _) => {
                let (_, adds_end, end) = self.writers.of_atom(atom);
                (adds_end, end)
            }
            Item::Fluent(fluent) => (0, self.writers.of_fluent(fluent).end),
            Item::Formula(..) => (0, 0),
        };
        let until = (next + WRITERS_PER_UNIT).min(end);
        for at in next..until {
            let (operator, part) = self.writers.at(at);
            let is_useful = match item {
                Item::Atom(_, polarity) => (at < adds_end) == (polarity == HOLDS),
                Item::Fluent(_) | Item::Formula(..) => true,
            };
            if self.found.operators[operator] {
                self.part(drafts, operator, part, &item);
            } else if is_useful {
                self.mark(drafts, operator);
            }
        }
        if until < end {
            self.current = Some((item, until));
        }
    }

    /// Marks the next leaves of a formula as needed.
    fn visit(&mut self, drafts: &Drafts, goal: &Formula, (place, polarity, mut tour): (Place, u8, Tour)) {
        let mut moves = WRITERS_PER_UNIT;
        let is_done = tour.visit(place.formula(drafts, goal), &mut moves, &mut |leaf| match leaf {
            Formula::Fact(fact) => self.atom(fact.variable.0, polarity),
            Formula::NotFact(fact) => self.atom(fact.variable.0, HOLDS + FAILS - polarity),
            Formula::Numeric(test) => self.test(drafts, test),
            Formula::And(_) | Formula::Or(_) => {}
        });
        if !is_done {
            self.queue.push(Item::Formula(place, polarity, tour));
        }
    }

    /// Queues this many formulas as needed.
    fn formulas(&mut self, count: usize, place: impl Fn(u32) -> Place, polarity: u8) {
        let items = (0..count as u32).map(|at| Item::Formula(place(at), polarity, Tour::default()));
        self.queue.extend(items);
    }

    fn begin(&mut self, drafts: &Drafts, item: Item) {
        if let Item::Atom(atom, polarity) = item {
            let (from, to) = (self.rule_starts[atom as usize], self.rule_starts[atom as usize + 1]);
            for at in from..to {
                let id = self.rules_of[at as usize];
                let rule = &drafts.rules[id as usize];
                let (holds, fails) = (polarity, HOLDS + FAILS - polarity);
                rule.holds.iter().for_each(|&atom| self.atom(atom, holds));
                rule.fails.iter().for_each(|&atom| self.atom(atom, fails));
                rule.tests.iter().for_each(|test| self.test(drafts, test));
                self.formulas(rule.formulas.len(), |at| Place::Rule(id, at), polarity);
                self.looked_at += 1;
            }
        }
        let first = match item {
            Item::Fluent(fluent) => self.writers.of_fluent(fluent).start,
            Item::Atom(atom, _) => self.writers.of_atom(atom).0,
            Item::Formula(..) => 0,
        };
        self.current = Some((item, first));
    }

    /// Handles the part of a relevant operator that writes a needed item.
    fn part(&mut self, drafts: &Drafts, operator: usize, part: u32, item: &Item) {
        if part == NONE {
            return;
        }
        let draft = drafts.operator(operator);
        let Some(extra) = drafts.extra(draft) else { return };
        self.looked_at += 1;
        match extra.blocks.get(part as usize) {
            Some(block) => {
                self.look(block, draft.extra, part);
                if let Item::Fluent(fluent) = item {
                    let effects = block.numeric.iter().filter(|effect| effect.slot.0 == *fluent);
                    effects.for_each(|effect| self.operand(drafts, effect.operand));
                }
            }
            None => self.operand(drafts, extra.numeric[part as usize - extra.blocks.len()].operand),
        }
    }

    /// Marks an operator as relevant, and marks what it needs, given what is needed so far.
    fn mark(&mut self, drafts: &Drafts, operator: usize) {
        self.found.operators[operator] = true;
        let draft = drafts.operator(operator);
        let atoms = drafts.atoms(draft);
        atoms.holds.iter().for_each(|&atom| self.atom(atom, HOLDS));
        atoms.fails.iter().for_each(|&atom| self.atom(atom, FAILS));
        let Some(extra) = drafts.extra(draft) else { return };
        self.looked_at += extra.blocks.len() as u32;
        extra.tests.iter().for_each(|test| self.test(drafts, test));
        self.formulas(extra.formulas.len(), |at| Place::Extra(draft.extra, at), HOLDS);
        extra.cost_terms.iter().for_each(|term| self.operand(drafts, term.0));
        self.can_fail(&extra.numeric);
        for (part, block) in (0..).zip(&extra.blocks) {
            block.cost_terms.iter().for_each(|term| self.operand(drafts, term.0));
            self.can_fail(&block.numeric);
            let costs = block.cost != 0.0 || !block.cost_terms.is_empty();
            if costs || self.is_touched(block) {
                self.look(block, draft.extra, part);
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

    /// Marks the condition of a block as needed in both truth values.
    fn look(&mut self, block: &GroundBlock, extra: u32, part: u32) {
        let id = self.block_starts[extra as usize] + part;
        if std::mem::replace(&mut self.is_looked_at[id as usize], true) {
            return;
        }
        match block.condition {
            Formula::Fact(fact) | Formula::NotFact(fact) => {
                self.atom(fact.variable.0, HOLDS);
                self.atom(fact.variable.0, FAILS);
            }
            _ => [HOLDS, FAILS].into_iter().for_each(|polarity| {
                self.queue.push(Item::Formula(Place::Block(extra, part), polarity, Tour::default()));
            }),
        }
    }

    /// Marks fluents whose change can fail, which would keep an operator from applying.
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

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let words = [&self.rule_starts, &self.rules_of, &self.block_starts];
        words.iter().map(|one| one.len() * 4).sum::<usize>()
            + self.writers.memory_bytes()
            + self.is_looked_at.len()
            + self.needed.len()
            + self.found.operators.len()
            + self.fates.memory_bytes()
            + self.found.fluents.len()
            + self.queue.capacity() * size_of::<Item>()
    }
}
