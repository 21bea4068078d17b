//! The end of grounding: drafts to the parts of a task, and these to the task.

use std::sync::Arc;

use super::arena::Arena;
use super::draft::Drafts;
use super::metric::Scale;
use super::progress::Counts;
use super::relevance::Relevant;
use super::task::{PddlTask, Words};
use super::translate::{Auxiliary, Translator, expressions};
use super::variables::Variables;
use super::world::{NONE, World};
use crate::diagnostic::Span;
use crate::step::Budget;
use crate::task::{
    Axioms, Column, Conjunction, Cost, Formula, Instance, Layout, MutexGroups, Operator, OutOfMemory, SlotId,
    SuccessorBuilder, Task, Value, VariableId,
};

/// Operators translated per unit of work.
const TRANSLATED_PER_UNIT: usize = 3;

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
        Ok(Self { layout, axioms, operators, sources, operator_bytes, scale, places, next: 0 })
    }

    /// Translates operators until all are there (true) or the budget is spent.
    pub(super) fn step(
        &mut self,
        drafts: &Drafts,
        relevant: &Relevant,
        variables: &Variables,
        budget: &mut Budget,
    ) -> Result<bool, Fault> {
        let places = std::mem::take(&mut self.places);
        let translator = Translator { drafts, relevant, variables, expressions: &places, scale: self.scale };
        while self.next < drafts.len() && !budget.is_spent() {
            budget.spend(1);
            for id in self.next..(self.next + TRANSLATED_PER_UNIT).min(drafts.len()) {
                self.next += 1;
                if !relevant.operators[id] {
                    continue;
                }
                let draft = drafts.operator(id);
                let source = self.operators.len() as u32;
                let result = translator.operator(draft, source);
                let result = result.map_err(|_| Fault::TooCostly(draft.schema as usize))?;
                if let Some(operator) = result {
                    self.operator_bytes += operator.memory_bytes() - size_of::<Operator>();
                    self.operators.push(operator);
                    self.sources.push(&[draft.schema, draft.arguments])?;
                }
            }
        }
        self.places = places;
        Ok(self.next == drafts.len())
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
        let task = task.with_facts(families, mutexes).with_rounding(scale.rounding());
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
