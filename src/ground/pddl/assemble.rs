//! The end of grounding: turns drafts into the parts of a task, and these into the task.

use std::sync::Arc;

use super::arena::Arena;
use super::base::Base;
use super::draft::{Draft, Drafts};
use super::metric::Scale;
use super::progress::Counts;
use super::relevance::Relevant;
use super::room::Room;
use super::task::{PddlTask, Words};
use super::tour::Rewrite;
use super::translate::Translator;
use super::variables::Variables;
use super::world::{NONE, World};
use crate::diagnostic::Span;
use crate::step::Budget;
use crate::task::{
    Axioms, AxiomsBuilder, Column, ConditionalEffect, Conjunction, Cost, Formula, Instance, Layout,
    MutexGroups, Operator, OutOfMemory, SlotId, SuccessorBuilder, Task, Value, VariableId,
};

/// Operators translated per unit of work.
const TRANSLATED_PER_UNIT: usize = 3;
/// Blocks of an operator, or leaves of its formulas, that count as one operator.
const BLOCKS_PER_STEP: usize = 32;
const LEAVES_PER_STEP: u32 = 128;

/// A task under construction.
#[derive(Debug)]
pub(super) struct Assembly {
    pub(super) layout: Layout,
    axioms: Axioms,
    /// The axioms until they are complete.
    building: Option<AxiomsBuilder>,
    pub(super) operators: Vec<Operator>,
    /// Schema and arguments per operator.
    sources: Column<u32>,
    /// Bytes of the operators with what they point to.
    operator_bytes: usize,
    /// Whether all operators cost the same, whatever the state.
    has_uniform_cost: bool,
    scale: Scale,
    /// Indexed by expression: its place in the layout.
    places: Vec<u32>,
    /// The next draft.
    next: usize,
    /// The operator of that draft while it is being translated, and the bytes of its blocks.
    open: Option<Open>,
    open_bytes: usize,
    /// The goal while it is translated.
    goal: Rewrite,
}

/// An operator of which not all parts are translated.
#[derive(Debug)]
struct Open {
    operator: Operator,
    /// Formulas of its precondition, and the next of them.
    formulas: Vec<Formula>,
    formula_bytes: usize,
    rewrite: Rewrite,
    /// Whether the precondition is complete.
    is_required: bool,
    /// How many blocks are there.
    blocks: usize,
}

/// Why operators could not be translated.
pub(super) enum Fault {
    /// No memory.
    Memory,
    /// The cost of an operator of this schema is too large.
    TooCostly(usize),
}

impl From<OutOfMemory> for Fault {
    fn from(_: OutOfMemory) -> Self {
        Self::Memory
    }
}

impl Open {
    fn new(operator: Operator) -> Self {
        let (formulas, rewrite) = (Vec::new(), Rewrite::default());
        Self { operator, formulas, formula_bytes: 0, rewrite, is_required: false, blocks: 0 }
    }
}

impl Assembly {
    /// The layout; makes room for the operators and for building the axioms, if that takes up at most `room` bytes.
    /// O(variables).
    pub(super) fn new(
        (base, scale): (Base, Scale),
        relevant: &Relevant,
        variables: &mut Variables,
        room: u64,
    ) -> Result<Self, OutOfMemory> {
        let Base { expressions, places, more, .. } = base;
        let count = relevant.operators.iter().filter(|&&is_relevant| is_relevant).count();
        let operator_bytes = count * size_of::<Operator>();
        let axioms = more.axioms.len() + more.next as usize;
        if (operator_bytes + axioms * AxiomsBuilder::BYTES_EACH) as u64 > room {
            return Err(OutOfMemory);
        }
        let mut operators = Vec::new();
        operators.try_reserve_exact(count).map_err(|_| OutOfMemory)?;
        for _ in variables.domains.len()..more.next as usize {
            variables.binary(NONE, true);
        }
        let mut layout = variables.layout();
        layout.expressions = expressions;
        let building = Some(AxiomsBuilder::new(&layout, more.axioms, more.body_bytes));
        let sources = Column::new(2);
        let (next, open, open_bytes, goal) = (0, None, 0, Rewrite::default());
        Ok(Self {
            layout,
            axioms: Axioms::default(),
            building,
            operators,
            sources,
            operator_bytes,
            has_uniform_cost: true,
            scale,
            places,
            next,
            open,
            open_bytes,
            goal,
        })
    }

    /// Builds the axioms and translates operators until all are there (true) or the budget is spent.
    pub(super) fn step(
        &mut self,
        drafts: &Drafts,
        relevant: &Relevant,
        variables: &Variables,
        room: Room,
        budget: &mut Budget,
    ) -> Result<bool, Fault> {
        if let Some(mut building) = self.building.take() {
            if !building.step(budget) {
                self.building = Some(building);
                return Ok(false);
            }
            self.axioms = building.finish();
        }
        let places = std::mem::take(&mut self.places);
        let translator = Translator { drafts, relevant, variables, expressions: &places, scale: self.scale };
        let mut result = Ok(());
        let mut count = 0;
        while self.next < drafts.len() && result.is_ok() {
            if usize::is_multiple_of(count, TRANSLATED_PER_UNIT) {
                if budget.is_spent() {
                    break;
                }
                budget.spend(1);
            }
            count += 1;
            if relevant.operators[self.next] {
                result = self.translate(&translator, drafts.operator(self.next), room);
            } else {
                self.next += 1;
            }
        }
        self.places = places;
        result.map(|()| self.next == drafts.len())
    }

    /// Translates the next operator, or a part of it.
    fn translate(&mut self, translator: &Translator<'_>, draft: Draft, room: Room) -> Result<(), Fault> {
        let extra = translator.drafts.extra(draft);
        let open = match self.open.take() {
            Some(open) => Some(open),
            None => translator.begin(draft, self.operators.len() as u32).map(Open::new),
        };
        let Some(mut open) = open else {
            self.next += 1;
            return Ok(());
        };
        if let (false, Some(extra)) = (open.is_required, extra) {
            let mut moves = LEAVES_PER_STEP;
            while let Some(source) = extra.formulas.get(open.formulas.len()) {
                match open.rewrite.run(source, room, &mut moves, &mut |leaf| translator.leaf(leaf))? {
                    Some(formula) => {
                        open.rewrite = Rewrite::default();
                        room.grow(&mut open.formulas)?;
                        open.formula_bytes += size_of::<Formula>() + formula.inner_bytes();
                        open.formulas.push(formula);
                    }
                    None => {
                        self.open_bytes = open.formula_bytes + open.rewrite.memory_bytes();
                        self.open = Some(open);
                        return Ok(());
                    }
                }
            }
            open.is_required = true;
            let formulas = std::mem::take(&mut open.formulas);
            self.open_bytes = open.formula_bytes;
            if !Translator::require(&mut open.operator, formulas) {
                self.next += 1;
                self.open_bytes = 0;
                return Ok(());
            }
        }
        self.effects(translator, draft, open, room)
    }

    /// Translates the next blocks of an operator, and adds the operator after its last block.
    fn effects(
        &mut self,
        translator: &Translator<'_>,
        draft: Draft,
        mut open: Open,
        room: Room,
    ) -> Result<(), Fault> {
        let extra = translator.drafts.extra(draft);
        let blocks = extra.map_or(&[][..], |extra| &extra.blocks);
        let (operator, from) = (&mut open.operator, open.blocks);
        let until = (from + BLOCKS_PER_STEP).min(blocks.len());
        let before = operator.conditional.len();
        if operator.conditional.capacity() < before + 2 * BLOCKS_PER_STEP {
            room.reserve(&mut operator.conditional, (before / 2).max(until - from))?;
        }
        translator.blocks(operator, &blocks[from..until]);
        self.open_bytes +=
            operator.conditional[before..].iter().map(ConditionalEffect::memory_bytes).sum::<usize>();
        if until < blocks.len() {
            open.blocks = until;
            self.open = Some(open);
            return Ok(());
        }
        self.next += 1;
        self.open_bytes = 0;
        let result = translator.end(open.operator, draft);
        if let Some(operator) = result.map_err(|_| Fault::TooCostly(draft.schema as usize))? {
            self.operator_bytes += operator.memory_bytes() - size_of::<Operator>();
            self.has_uniform_cost &= matches!(operator.cost, Cost::Constant(_))
                && operator.conditional.iter().all(|one| one.cost == Cost::ZERO)
                && self.operators.last().is_none_or(|last| last.cost == operator.cost);
            self.operators.push(operator);
            self.sources.push(&[draft.schema, draft.arguments])?;
        }
        Ok(())
    }

    /// The goal over facts, once it is there; `None` where the budget is spent before.
    pub(super) fn goal(
        &mut self,
        (drafts, relevant, variables): (&Drafts, &Relevant, &Variables),
        goal: &Formula,
        room: Room,
        budget: &mut Budget,
    ) -> Result<Option<Formula>, OutOfMemory> {
        let expressions = &self.places;
        let translator = Translator { drafts, relevant, variables, expressions, scale: self.scale };
        while !budget.is_spent() {
            budget.spend(1);
            let mut moves = LEAVES_PER_STEP;
            let found = self.goal.run(goal, room, &mut moves, &mut |leaf| translator.leaf(leaf))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Adds what was counted.
    pub(super) fn count(&self, variables: &Variables, counts: &mut Counts) {
        counts.variables = variables.domains.len();
        counts.derived_variables = variables.is_derived.iter().filter(|&&is_derived| is_derived).count();
        counts.facts = variables.domains.iter().map(|&domain| domain as usize).sum();
        counts.mutex_groups = variables.mutex_groups();
        counts.slots = variables.fluents.len();
        counts.axioms = self.building.as_ref().map_or(self.axioms.rules().len(), AxiomsBuilder::count);
    }

    /// The whole task.
    pub(super) fn finish(
        self,
        mut world: World,
        variables: Variables,
        arguments: Arena,
        goal: Formula,
        (builder, mutexes, counts): (SuccessorBuilder, MutexGroups, Counts),
    ) -> PddlTask {
        let Self { layout, axioms, operators, sources, scale, has_uniform_cost, .. } = self;
        let families = variables.families(|atom| world.atoms.symbol(atom));
        let task = Task::with_parts(layout, operators, axioms, builder.finish(), scale.unit());
        let task =
            task.with_facts(families, mutexes).with_rounding(scale.rounding()).refusing_negative_costs();
        let initial = initial(&world, &variables, &task);
        world.atoms.freeze();
        world.fluents.freeze();
        PddlTask {
            task: Arc::new(task),
            instance: Instance { initial, goal: Conjunction::new(goal).into() },
            counts,
            has_uniform_cost,
            words: Words {
                origins: world.lifted.schemas.iter().map(|schema| schema.origin).collect(),
                defined: world.lifted.defined,
                initials: world.initials,
                reached: world.reached,
                atoms: world.atoms,
                fluents: world.fluents,
                values: variables.atoms,
                starts: variables.starts,
                slots: variables.fluents,
                sources,
                arguments,
            },
        }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.operator_bytes
            + self.open_bytes
            + self.places.capacity() * 4
            + self.goal.memory_bytes()
            + self.sources.memory_bytes()
            + self.axioms.memory_bytes()
            + self.building.as_ref().map_or(0, AxiomsBuilder::memory_bytes)
            + self.layout.memory_bytes()
    }
}

/// The initial state with what axioms derive.
fn initial(world: &World, variables: &Variables, task: &Task) -> Vec<u64> {
    let layout = &task.layout;
    let mut state = vec![0; layout.words()];
    for (variable, &none) in variables.none.iter().enumerate() {
        if none != NONE && !variables.is_derived[variable] {
            layout.variable(VariableId(variable as u32)).write(&mut state, u64::from(none));
        }
    }
    for place in world.statics..world.initials {
        if let Some(fact) = variables.fact(*world.reached.at(place)) {
            layout.variable(fact.variable).write(&mut state, u64::from(fact.value));
        }
    }
    for (slot, &fluent) in (0u32..).zip(&variables.fluents) {
        let value = *world.values.at(fluent as usize);
        let value = if value.is_nan() { 0.0 } else { value };
        let raw = layout.encode(SlotId(slot), Value::Float(value)).unwrap_or_default();
        layout.slot_field(SlotId(slot)).write(&mut state, raw);
    }
    task.derive(&mut state);
    state
}

/// Where a schema changes numbers.
pub(super) fn span_of_changes(world: &World, schema: usize) -> Span {
    let changes = world.lifted.schemas[schema].blocks.iter().flat_map(|block| &block.changes);
    changes.map(|change| change.span).next().unwrap_or_default()
}
