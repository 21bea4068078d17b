//! Ground operators and axioms over atoms, before variables are chosen.
//!
//! Formulas, tests and expressions use the task's own types with other ids: the variable of a fact is an
//! atom and its value 1, slots are fluents, expressions index [`Drafts::expressions`].

use super::arena::Arena;
use super::room::Room;
use super::world::NONE;

use crate::hash;
use crate::task::{
    Arithmetic, Column, Expression, ExpressionId, Formula, Index, NumericEffect, NumericTest, Operand,
    OutOfMemory, Value, allocated,
};

/// Operators, rules and parts of a formula that are dropped per unit of work.
const SHED_PER_UNIT: usize = 32;

/// A ground operator.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    /// Index of the schema.
    pub(super) schema: u32,
    /// Where its arguments lie in the arena of instances.
    pub(super) arguments: u32,
    /// Where its atoms lie in [`Drafts::code`].
    pub(super) code: u32,
    /// Index into [`Drafts::extras`], or [`NONE`].
    pub(super) extra: u32,
    /// Index into [`Drafts::costs`]: the constant part.
    pub(super) cost: u32,
}

/// The atoms of an operator, each list ascending without repetition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atoms<'a> {
    pub(super) holds: &'a [u32],
    pub(super) fails: &'a [u32],
    pub(super) adds: &'a [u32],
    pub(super) deletes: &'a [u32],
}

/// What an operator has beside atoms and a constant cost; most have none.
#[derive(Clone, Debug, Default)]
pub(super) struct Extra {
    pub(super) tests: Vec<NumericTest>,
    pub(super) formulas: Vec<Formula>,
    pub(super) numeric: Vec<NumericEffect>,
    /// State-dependent parts of the cost.
    pub(super) cost_terms: Vec<(Operand, f64)>,
    pub(super) blocks: Vec<GroundBlock>,
}

/// A conditional effect.
#[derive(Clone, Debug)]
pub(super) struct GroundBlock {
    pub(super) condition: Formula,
    pub(super) adds: Vec<u32>,
    pub(super) deletes: Vec<u32>,
    pub(super) numeric: Vec<NumericEffect>,
    pub(super) cost: f64,
    pub(super) cost_terms: Vec<(Operand, f64)>,
}

/// A ground axiom.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) head: u32,
    pub(super) stratum: u32,
    pub(super) holds: Vec<u32>,
    pub(super) fails: Vec<u32>,
    pub(super) tests: Vec<NumericTest>,
    pub(super) formulas: Vec<Formula>,
}

/// Where a formula over atoms stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Goal,
    /// The condition of a rule or of an operator, by the index of its rule or extra and its own.
    Rule(u32, u32),
    Extra(u32, u32),
    /// The condition of a block, by the index of the operator's extra and its own.
    Block(u32, u32),
}

impl Place {
    /// The formula there.
    pub(super) fn formula<'f>(self, drafts: &'f Drafts, goal: &'f Formula) -> &'f Formula {
        match self {
            Self::Goal => goal,
            Self::Rule(rule, at) => &drafts.rules[rule as usize].formulas[at as usize],
            Self::Extra(extra, at) => &drafts.extras[extra as usize].formulas[at as usize],
            Self::Block(extra, at) => &drafts.extras[extra as usize].blocks[at as usize].condition,
        }
    }
}

/// All ground operators and axioms.
#[derive(Debug)]
pub(super) struct Drafts {
    /// [`Draft`]s as runs of five.
    operators: Column<u32>,
    code: Arena,
    pub(super) extras: Vec<Extra>,
    extra_bytes: usize,
    /// Different constant costs.
    pub(super) costs: Vec<f64>,
    cost_index: Index,
    pub(super) expressions: Vec<Expression>,
    expression_index: Index,
    /// Room for expressions.
    pub(super) room: Room,
    pub(super) rules: Vec<Rule>,
    /// Bytes behind the rules.
    rule_bytes: usize,
    seen: Index,
    /// How many were left out because another one does the same at no more cost.
    pub(super) duplicates: usize,
    scratch: Vec<u32>,
}

impl Drafts {
    pub(super) fn new() -> Self {
        Self {
            operators: Column::new(5),
            code: Arena::default(),
            extras: Vec::new(),
            extra_bytes: 0,
            costs: Vec::new(),
            cost_index: Index::new(),
            expressions: Vec::new(),
            expression_index: Index::new(),
            room: Room(usize::MAX),
            rules: Vec::new(),
            rule_bytes: 0,
            seen: Index::new(),
            duplicates: 0,
            scratch: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.operators.len()
    }

    #[inline]
    pub(super) fn operator(&self, index: usize) -> Draft {
        let run = self.operators.run(index);
        Draft { schema: run[0], arguments: run[1], code: run[2], extra: run[3], cost: run[4] }
    }

    /// The atoms of an operator.
    #[inline]
    pub(super) fn atoms(&self, draft: Draft) -> Atoms<'_> {
        let head = self.code.run(draft.code, 4);
        let [holds, fails, adds, deletes] = [head[0], head[1], head[2], head[3]].map(|one| one as usize);
        let all = &self.code.run(draft.code, 4 + holds + fails + adds + deletes)[4..];
        let (holds, rest) = all.split_at(holds);
        let (fails, rest) = rest.split_at(fails);
        let (adds, deletes) = rest.split_at(adds);
        Atoms { holds, fails, adds, deletes }
    }

    /// What an operator has beside its atoms.
    #[inline]
    pub(super) fn extra(&self, draft: Draft) -> Option<&Extra> {
        self.extras.get(draft.extra as usize)
    }

    /// Calls `visit` for what an operator writes: with twice an atom that it adds, one more than twice an atom
    /// that it deletes, and `first_fluent` more than a fluent; and with the part of it that does so: the index
    /// of a block; behind those that of a numeric effect; or [`NONE`] for atoms that always change.
    pub(super) fn writes(&self, id: usize, first_fluent: u32, visit: &mut dyn FnMut(u32, u32)) {
        let draft = self.operator(id);
        let atoms = self.atoms(draft);
        atoms.adds.iter().for_each(|&atom| visit(2 * atom, NONE));
        atoms.deletes.iter().for_each(|&atom| visit(2 * atom + 1, NONE));
        let Some(extra) = self.extra(draft) else { return };
        for (part, block) in (0..).zip(&extra.blocks) {
            block.adds.iter().for_each(|&atom| visit(2 * atom, part));
            block.deletes.iter().for_each(|&atom| visit(2 * atom + 1, part));
            block.numeric.iter().for_each(|effect| visit(first_fluent + effect.slot.0, part));
        }
        for (part, effect) in (extra.blocks.len() as u32..).zip(&extra.numeric) {
            visit(first_fluent + effect.slot.0, part);
        }
    }

    /// Adds an operator. One without extras that does what another does is left out; the cheaper cost
    /// stays.
    pub(super) fn push(
        &mut self,
        schema: u32,
        arguments: u32,
        atoms: Atoms,
        extra: Option<Extra>,
        cost: f64,
    ) -> Result<(), OutOfMemory> {
        let cost = self.cost(cost)?;
        let mut run = std::mem::take(&mut self.scratch);
        run.clear();
        run.extend([atoms.holds, atoms.fails, atoms.adds, atoms.deletes].map(|list| list.len() as u32));
        for list in [atoms.holds, atoms.fails, atoms.adds, atoms.deletes] {
            run.extend_from_slice(list);
        }
        let result = self.push_run(schema, arguments, &run, extra, cost);
        self.scratch = run;
        result
    }

    fn push_run(
        &mut self,
        schema: u32,
        arguments: u32,
        run: &[u32],
        extra: Option<Extra>,
        cost: u32,
    ) -> Result<(), OutOfMemory> {
        let id = self.operators.len() as u32;
        let mut extra_index = NONE;
        if let Some(mut extra) = extra {
            extra.tighten();
            extra_index = self.extras.len() as u32;
            self.extra_bytes += extra.memory_bytes();
            self.extras.push(extra);
        } else {
            let tag = (run.iter().fold(7, |hash, &one| hash::mix(hash, u64::from(one))) >> 32) as u32;
            let (operators, code) = (&self.operators, &self.code);
            let same = self.seen.find(tag, |other| {
                let at = operators.run(other as usize)[2];
                code.run(at, 4) == &run[..4] && code.run(at, run.len()) == run
            });
            if let Some(other) = same {
                self.duplicates += 1;
                let known = self.operators.run(other as usize)[4];
                if self.costs[cost as usize] < self.costs[known as usize] {
                    let known = self.operators.run_mut(other as usize);
                    (known[0], known[1], known[4]) = (schema, arguments, cost);
                }
                return Ok(());
            }
            self.seen.insert(tag, id)?;
        }
        let code = self.code.push(run)?;
        self.operators.push(&[schema, arguments, code, extra_index, cost])
    }

    /// Adds a ground axiom.
    pub(super) fn push_rule(&mut self, rule: Rule, room: Room) -> Result<(), OutOfMemory> {
        room.grow(&mut self.rules)?;
        self.rule_bytes += bytes_of(&rule.holds)
            + bytes_of(&rule.fails)
            + bytes_of(&rule.tests)
            + formulas_bytes(&rule.formulas);
        self.rules.push(rule);
        Ok(())
    }

    /// The index of a constant cost.
    fn cost(&mut self, cost: f64) -> Result<u32, OutOfMemory> {
        let tag = (hash::mix(11, cost.to_bits()) >> 32) as u32;
        let costs = &self.costs;
        if let Some(found) = self.cost_index.find(tag, |id| costs[id as usize].to_bits() == cost.to_bits()) {
            return Ok(found);
        }
        let id = self.costs.len() as u32;
        self.cost_index.insert(tag, id)?;
        self.costs.push(cost);
        Ok(id)
    }

    /// An operation as an operand: constants are folded, equal expressions are one.
    pub(super) fn expression(
        &mut self,
        operator: Arithmetic,
        left: Operand,
        right: Operand,
    ) -> Result<Operand, OutOfMemory> {
        if let (Operand::Constant(left), Operand::Constant(right)) = (left, right) {
            let value = operator.apply(left.as_f64(), right.as_f64());
            return Ok(Operand::Constant(Value::Float(value)));
        }
        let one = Expression { operator, left, right };
        let words = [operator as u64, operand_word(left), operand_word(right)];
        let tag = (words.iter().fold(13, |hash, &word| hash::mix(hash, word)) >> 32) as u32;
        let expressions = &self.expressions;
        if let Some(found) = self.expression_index.find(tag, |id| expressions[id as usize] == one) {
            return Ok(Operand::Expression(ExpressionId(found)));
        }
        let id = self.expressions.len() as u32;
        self.room.ask(self.expression_index.growth_bytes(tag))?;
        self.room.grow(&mut self.expressions)?;
        self.expression_index.insert(tag, id)?;
        self.expressions.push(one);
        Ok(Operand::Expression(ExpressionId(id)))
    }

    /// Drops some of what consists of many small pieces; true where nothing is left of that.
    pub(super) fn shed(&mut self) -> bool {
        self.extras.truncate(self.extras.len().saturating_sub(SHED_PER_UNIT));
        self.rules.truncate(self.rules.len().saturating_sub(SHED_PER_UNIT));
        self.extras.is_empty() && self.rules.is_empty()
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.operators.memory_bytes()
            + self.code.memory_bytes()
            + self.extra_bytes
            + self.extras.capacity() * size_of::<Extra>()
            + self.expressions.capacity() * size_of::<Expression>()
            + self.expression_index.memory_bytes()
            + self.costs.capacity() * size_of::<f64>()
            + self.cost_index.memory_bytes()
            + self.seen.memory_bytes()
            + self.rules.capacity() * size_of::<Rule>()
            + self.rule_bytes
    }
}

fn operand_word(operand: Operand) -> u64 {
    match operand {
        Operand::Constant(value) => value.as_f64().to_bits(),
        Operand::Slot(slot) => u64::from(slot.0) << 8 | 1,
        Operand::Expression(id) => u64::from(id.0) << 8 | 2,
    }
}

impl Extra {
    /// Gives back places that no list needs any more.
    fn tighten(&mut self) {
        self.tests.shrink_to_fit();
        self.formulas.shrink_to_fit();
        self.numeric.shrink_to_fit();
        self.cost_terms.shrink_to_fit();
        self.blocks.shrink_to_fit();
    }

    fn memory_bytes(&self) -> usize {
        bytes_of(&self.tests)
            + formulas_bytes(&self.formulas)
            + bytes_of(&self.numeric)
            + bytes_of(&self.cost_terms)
            + self.blocks.iter().map(GroundBlock::memory_bytes).sum::<usize>()
    }
}

impl GroundBlock {
    /// Bytes with what it points to.
    pub(super) fn memory_bytes(&self) -> usize {
        size_of::<GroundBlock>()
            + formula_bytes(&self.condition)
            + bytes_of(&self.adds)
            + bytes_of(&self.deletes)
            + bytes_of(&self.numeric)
            + bytes_of(&self.cost_terms)
    }
}

/// Bytes that a list points to.
fn bytes_of<T>(list: &Vec<T>) -> usize {
    allocated(list.capacity() * size_of::<T>())
}

/// Bytes that a list of formulas points to, and they themselves.
fn formulas_bytes(formulas: &Vec<Formula>) -> usize {
    bytes_of(formulas) + formulas.iter().map(Formula::inner_bytes).sum::<usize>()
}

/// Drops some parts of a formula that is not needed any more; true where nothing is left.
pub(super) fn shed(formula: &mut Formula) -> bool {
    match formula {
        Formula::And(parts) | Formula::Or(parts) => {
            parts.truncate(parts.len().saturating_sub(SHED_PER_UNIT));
            parts.is_empty()
        }
        Formula::Fact(_) | Formula::NotFact(_) | Formula::Numeric(_) => true,
    }
}

/// Bytes of a formula with what it points to.
pub(super) fn formula_bytes(formula: &Formula) -> usize {
    size_of::<Formula>() + formula.inner_bytes()
}
