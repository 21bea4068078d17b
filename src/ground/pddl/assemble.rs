//! The end of grounding: drafts to the parts of a task, and these to the task.

use std::sync::Arc;

use super::arena::Arena;
use super::draft::{Draft, Drafts, formula_bytes};
use super::metric::Scale;
use super::progress::Counts;
use super::relevance::Relevant;
use super::room::Room;
use super::task::{PddlTask, Words};
use super::translate::{Auxiliary, Translator, expressions};
use super::variables::Variables;
use super::world::{NONE, World};
use crate::diagnostic::Span;
use crate::step::Budget;
use crate::task::{
    Axioms, Column, ConditionalEffect, Conjunction, Cost, Formula, Instance, Layout, MutexGroups, Operator,
    OutOfMemory, SlotId, SuccessorBuilder, Task, Value, VariableId,
};

/// Operators translated per unit of work.
const TRANSLATED_PER_UNIT: usize = 3;
/// Blocks of an operator that count as one.
const BLOCKS_PER_STEP: usize = 32;

/// A task as far as it is made.
#[derive(Debug)]
pub(super) struct Assembly {
    pub(super) layout: Layout,
    pub(super) axioms: Axioms,
    pub(super) operators: Vec<Operator>,
    /// Schema and arguments per operator.
    sources: Column<u32>,
    /// Bytes of the operators with what they point to.
    operator_bytes: usize,
    scale: Scale,
    /// Per expression of the drafts its place in the layout.
    places: Vec<u32>,
    /// The next draft.
    next: usize,
    /// The operator of it, with the blocks before one of them, and the bytes of these.
    open: Option<(Operator, usize)>,
    open_bytes: usize,
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

impl Assembly {
    /// Layout, axioms and the scale of costs; makes room for the operators, if they take up at most
    /// `room` bytes. O(variables + axioms).
    pub(super) fn new(
        drafts: &Drafts,
        relevant: &Relevant,
        variables: &mut Variables,
        room: u64,
    ) -> Result<Self, OutOfMemory> {
        let count = relevant.operators.iter().filter(|&&is_relevant| is_relevant).count();
        let operator_bytes = count * size_of::<Operator>();
        if operator_bytes as u64 > room {
            return Err(OutOfMemory);
        }
        let mut operators = Vec::new();
        operators.try_reserve_exact(count).map_err(|_| OutOfMemory)?;
        let (kept, places) = expressions(drafts, variables);
        let scale = scale(drafts);
        let mut more = Auxiliary { next: variables.domains.len() as u32, axioms: Vec::new() };
        let translator = Translator { drafts, relevant, variables, expressions: &places, scale };
        drafts.rules.iter().for_each(|rule| translator.rule(rule, &mut more));
        for _ in variables.domains.len()..more.next as usize {
            variables.binary(NONE, true);
        }
        let mut layout = variables.layout();
        layout.expressions = kept;
        let axioms = Axioms::new(&layout, more.axioms);
        let sources = Column::new(2);
        let (next, open, open_bytes) = (0, None, 0);
        Ok(Self { layout, axioms, operators, sources, operator_bytes, scale, places, next, open, open_bytes })
    }

    /// Translates operators until all are there (true) or the budget is spent.
    pub(super) fn step(
        &mut self,
        drafts: &Drafts,
        relevant: &Relevant,
        variables: &Variables,
        room: Room,
        budget: &mut Budget,
    ) -> Result<bool, Fault> {
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

    /// Translates the next operator, or some of its blocks.
    fn translate(&mut self, translator: &Translator<'_>, draft: Draft, room: Room) -> Result<(), Fault> {
        let extra = translator.drafts.extra(draft);
        let blocks = extra.map_or(&[][..], |extra| &extra.blocks);
        let (mut operator, from) = match self.open.take() {
            Some(open) => open,
            None => {
                // What it becomes is about as large; its formulas are there twice for a while.
                if extra
                    .is_some_and(|extra| extra.formulas.iter().map(formula_bytes).sum::<usize>() * 2 > room.0)
                {
                    return Err(Fault::Memory);
                }
                match translator.begin(draft, self.operators.len() as u32) {
                    Some(operator) => (operator, 0),
                    None => {
                        self.next += 1;
                        return Ok(());
                    }
                }
            }
        };
        let until = (from + BLOCKS_PER_STEP).min(blocks.len());
        let before = operator.conditional.len();
        if operator.conditional.capacity() < before + 2 * BLOCKS_PER_STEP {
            room.reserve(&mut operator.conditional, (before / 2).max(until - from))?;
        }
        translator.blocks(&mut operator, &blocks[from..until]);
        self.open_bytes +=
            operator.conditional[before..].iter().map(ConditionalEffect::memory_bytes).sum::<usize>();
        if until < blocks.len() {
            self.open = Some((operator, until));
            return Ok(());
        }
        self.next += 1;
        self.open_bytes = 0;
        let result = translator.end(operator, draft);
        if let Some(operator) = result.map_err(|_| Fault::TooCostly(draft.schema as usize))? {
            self.operator_bytes += operator.memory_bytes() - size_of::<Operator>();
            self.operators.push(operator);
            self.sources.push(&[draft.schema, draft.arguments])?;
        }
        Ok(())
    }

    /// The goal over facts.
    pub(super) fn goal(
        &self,
        drafts: &Drafts,
        relevant: &Relevant,
        variables: &Variables,
        goal: &Formula,
    ) -> Formula {
        let expressions = &self.places;
        Translator { drafts, relevant, variables, expressions, scale: self.scale }.formula(goal)
    }

    /// Adds what was counted.
    pub(super) fn count(&self, variables: &Variables, counts: &mut Counts) {
        counts.variables = variables.domains.len();
        counts.derived_variables = variables.is_derived.iter().filter(|&&is_derived| is_derived).count();
        counts.facts = variables.domains.iter().map(|&domain| domain as usize).sum();
        counts.mutex_groups = variables.mutex_groups();
        counts.slots = variables.fluents.len();
        counts.axioms = self.axioms.rules().len();
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
        let Self { layout, axioms, operators, sources, scale, .. } = self;
        let is_constant = |operator: &Operator| {
            matches!(operator.cost, Cost::Constant(_))
                && operator.conditional.iter().all(|one| one.cost == Cost::ZERO)
        };
        let has_uniform_cost = operators.windows(2).all(|pair| pair[0].cost == pair[1].cost)
            && operators.iter().all(is_constant);
        let families = variables.families(|atom| world.atoms.symbol(atom));
        let task = Task::with_parts(layout, operators, axioms, builder.finish(), scale.unit());
        let task =
            task.with_facts(families, mutexes).with_rounding(scale.rounding()).refusing_negative_costs();
        let initial = initial(&world, &variables, &task);
        world.atoms.freeze();
        world.fluents.freeze();
        PddlTask {
            task: Arc::new(task),
            instance: Instance { initial, goal: Conjunction::new(goal) },
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
            + self.sources.memory_bytes()
            + self.axioms.memory_bytes()
            + self.layout.memory_bytes()
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
