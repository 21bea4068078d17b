//! The grounding, cut into steps.

use std::sync::Arc;

use super::draft::Drafts;
use super::instantiate::{FALSE, Instantiate};
use super::lifted::Lifted;
use super::load::Load;
use super::metric::{Intervals, Metric, Scale};
use super::mutex::Mutexes;
use super::normalise::normalise;
use super::progress::{Counts, Failure, GroundOptions, Phase};
use super::reach::Reach;
use super::relevance::Relevance;
use super::task::{PddlTask, Words};
use super::translate::{Auxiliary, Translated, Translator, expressions};
use super::variables::Variables;
use super::world::{NONE, World};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::pddl::Model;
use crate::step::{Budget, Progress, Stepper};
use crate::task::{
    Axioms, Column, Conjunction, Cost, Formula, Instance, Layout, Operator, OutOfMemory, SuccessorBuilder,
    Task, Value, VariableId,
};

/// Units between two looks at the memory.
const UNITS_PER_LOOK: u64 = 256;
/// Bytes that may be allocated between two looks.
const GROWTH_BYTES: u64 = 2 << 20;
/// Operators translated per unit of work.
const TRANSLATED_PER_UNIT: usize = 3;

/// Grounds a model. See the [module](super).
pub struct Ground {
    model: Arc<Model>,
    options: GroundOptions,
    stage: Stage,
    counts: Counts,
    world: World,
    drafts: Drafts,
    metric: Metric,
    reach: Option<Reach>,
    goal: Formula,
    relevance: Option<Relevance>,
    variables: Variables,
    output: Output,
}

/// What is being done.
enum Stage {
    Normalise,
    Load(Load),
    Reach,
    Instantiate(Instantiate),
    Relevance,
    Invariants(Box<Mutexes>),
    Variables,
    Translate { next: usize, expressions: Vec<u32>, scale: Scale },
    Successors(Box<(Layout, SuccessorBuilder)>),
    Over,
}

/// The task as far as it is made.
struct Output {
    operators: Vec<Operator>,
    operator_bytes: usize,
    sources: Column<u32>,
    axioms: Axioms,
    layout: Option<Layout>,
    unit: f64,
}

/// Why a step did not work.
enum Trouble {
    Memory,
    Model(Vec<Diagnostic>),
}

impl From<OutOfMemory> for Trouble {
    fn from(_: OutOfMemory) -> Self {
        Self::Memory
    }
}

impl Ground {
    /// A grounding that has not begun.
    pub fn new(model: Arc<Model>, options: GroundOptions) -> Self {
        Self {
            model,
            options,
            stage: Stage::Normalise,
            counts: Counts::default(),
            world: World::new(Lifted::empty(), 0),
            drafts: Drafts::new(),
            metric: Metric::default(),
            reach: None,
            goal: FALSE,
            relevance: None,
            variables: Variables::default(),
            output: Output {
                operators: Vec::new(),
                operator_bytes: 0,
                sources: Column::new(2),
                axioms: Axioms::default(),
                layout: None,
                unit: 1.0,
            },
        }
    }

    /// What is being done now.
    pub fn phase(&self) -> Phase {
        match &self.stage {
            Stage::Normalise | Stage::Load(_) => Phase::Prepare,
            Stage::Reach => Phase::Reach,
            Stage::Instantiate(_) => Phase::Instantiate,
            Stage::Relevance => Phase::Relevance,
            Stage::Invariants(_) | Stage::Variables => Phase::Invariants,
            Stage::Translate { .. } => Phase::Translate,
            Stage::Successors(_) | Stage::Over => Phase::Successors,
        }
    }

    /// What was found so far.
    pub fn counts(&self) -> Counts {
        let mut counts = self.counts;
        counts.atoms = self.world.reached.len() - self.world.statics.min(self.world.reached.len());
        counts.static_facts = self.world.statics;
        if let Some(reach) = &self.reach {
            counts.instances = reach.instances.count;
        }
        counts.duplicates = self.drafts.duplicates;
        if counts.operators == 0 {
            counts.operators = self.drafts.len();
        }
        counts
    }

    /// Works on the current stage; the task where it is complete.
    fn work(&mut self, budget: &mut Budget) -> Result<Option<PddlTask>, Trouble> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Normalise => {
                budget.spend(1 + self.model.actions.len() as u64 + self.model.axioms.len() as u64);
                self.world = World::new(normalise(&self.model), self.model.objects.len());
                self.stage = Stage::Load(Load::new(&self.world));
            }
            Stage::Load(mut load) => {
                let is_done = load.step(&self.model, &mut self.world, budget)?;
                self.stage = if is_done { self.prepare(&load)? } else { Stage::Load(load) };
            }
            Stage::Reach => self.stage = self.reach(budget)?,
            Stage::Instantiate(instantiate) => self.stage = self.instantiate(instantiate, budget)?,
            Stage::Relevance => {
                let Some(relevance) = &mut self.relevance else { return Err(Trouble::Memory) };
                let is_done = relevance.step(&self.world, &self.drafts, budget);
                self.stage = if is_done { self.group() } else { Stage::Relevance };
            }
            Stage::Invariants(mut mutexes) => match mutexes.step(&self.world, budget) {
                Some(groups) => {
                    self.variables = Variables::new(&self.world, groups);
                    self.stage = Stage::Variables;
                }
                None => self.stage = Stage::Invariants(mutexes),
            },
            Stage::Variables => {
                let Some(relevance) = &self.relevance else { return Err(Trouble::Memory) };
                let is_done = self.variables.step(&self.drafts, relevance, budget);
                self.stage = if is_done { self.settle()? } else { Stage::Variables };
            }
            Stage::Translate { next, expressions, scale } => {
                self.stage = self.translate(next, expressions, scale, budget)?;
            }
            Stage::Successors(mut parts) => {
                if parts.1.step(&parts.0, &self.output.operators, budget) {
                    return Ok(Some(self.finish(*parts)));
                }
                self.stage = Stage::Successors(parts);
            }
            Stage::Over => {}
        }
        Ok(None)
    }

    fn prepare(&mut self, load: &Load) -> Result<Stage, Trouble> {
        match Metric::new(&mut self.world)? {
            Ok(metric) => self.metric = metric,
            Err(diagnostic) => return Err(Trouble::Model(vec![diagnostic])),
        }
        load.narrow(&mut self.world.lifted);
        self.reach = Some(Reach::new(&self.world, &load.extents, self.model.objects.len()));
        Ok(Stage::Reach)
    }

    fn reach(&mut self, budget: &mut Budget) -> Result<Stage, Trouble> {
        let Some(reach) = &mut self.reach else { return Err(Trouble::Memory) };
        if !reach.step(&mut self.world, budget)? {
            return Ok(Stage::Reach);
        }
        reach.forget();
        Ok(Stage::Instantiate(Instantiate::new(&self.world)))
    }

    fn instantiate(&mut self, mut instantiate: Instantiate, budget: &mut Budget) -> Result<Stage, Trouble> {
        let Some(reach) = &self.reach else { return Err(Trouble::Memory) };
        let (world, drafts) = (&mut self.world, &mut self.drafts);
        if !instantiate.step(world, &reach.instances, &self.metric, drafts, budget)? {
            return Ok(Stage::Instantiate(instantiate));
        }
        self.goal = instantiate.goal(world, drafts)?;
        self.check_costs()?;
        let keeps_all = !self.options.relevance || self.goal == FALSE;
        self.relevance = Some(Relevance::new(&self.world, &self.drafts, &self.goal, keeps_all));
        Ok(Stage::Relevance)
    }

    /// Finds operators whose cost may be negative.
    fn check_costs(&self) -> Result<(), Trouble> {
        let drafts = &self.drafts;
        let has_terms = drafts.extras.iter().any(|extra| {
            let blocks = &extra.blocks;
            !extra.cost_terms.is_empty()
                || blocks.iter().any(|block| block.cost < 0.0 || !block.cost_terms.is_empty())
        });
        if !has_terms && drafts.costs.iter().all(|&cost| cost >= 0.0) {
            return Ok(());
        }
        let intervals = Intervals::new(&self.world, drafts);
        let is_negative = |id: usize| {
            let draft = drafts.operator(id);
            let cost = drafts.costs[draft.cost as usize];
            let Some(extra) = drafts.extra(draft) else { return cost < 0.0 };
            intervals.lowest(drafts, cost, &extra.cost_terms) < 0.0
                || extra.blocks.iter().any(|one| intervals.lowest(drafts, one.cost, &one.cost_terms) < 0.0)
        };
        let Some(id) = (0..drafts.len()).find(|&id| is_negative(id)) else { return Ok(()) };
        let schema = drafts.operator(id).schema as usize;
        Err(Trouble::Model(vec![self.metric.negative(&self.world.lifted, schema)]))
    }

    /// Begins to look for mutex groups, where they are wanted.
    fn group(&mut self) -> Stage {
        match &self.relevance {
            Some(relevance) if self.options.invariants => {
                let model = Arc::clone(&self.model);
                Stage::Invariants(Box::new(Mutexes::new(model, &self.world, relevance, self.drafts.len())))
            }
            _ => {
                self.variables = Variables::new(&self.world, Vec::new());
                Stage::Variables
            }
        }
    }

    /// Completes the variables; axioms and the scale of costs come next.
    fn settle(&mut self) -> Result<Stage, Trouble> {
        let Some(relevance) = &self.relevance else { return Err(Trouble::Memory) };
        self.variables.finish(&self.world, relevance);
        let (kept, places) = expressions(&self.drafts, &self.variables);
        let extras = &self.drafts.extras;
        let blocks = extras.iter().flat_map(|extra| &extra.blocks);
        let mut constants = self.drafts.costs.clone();
        constants.extend(blocks.map(|block| block.cost));
        let has_terms = extras.iter().any(|extra| {
            !extra.cost_terms.is_empty() || extra.blocks.iter().any(|block| !block.cost_terms.is_empty())
        });
        let scale = Scale::new(&constants, has_terms);
        self.output.unit = scale.unit();
        let mut more = Auxiliary { next: self.variables.domains.len() as u32, axioms: Vec::new() };
        let translator = Translator {
            drafts: &self.drafts,
            relevance,
            variables: &self.variables,
            expressions: &places,
            scale,
        };
        let relevant = relevance.operators.iter().filter(|&&is_relevant| is_relevant).count();
        for rule in self.drafts.rules.iter().filter(|rule| relevance.needs(rule.head)) {
            translator.rule(rule, &mut more);
        }
        for _ in self.variables.domains.len()..more.next as usize {
            self.variables.binary(NONE, true);
        }
        let mut layout = self.variables.layout();
        layout.expressions = kept;
        self.counts.axioms = more.axioms.len();
        self.output.axioms = Axioms::new(&layout, more.axioms);
        self.output.layout = Some(layout);
        self.count_variables();
        let bytes = (relevant * size_of::<Operator>()) as u64;
        if self.memory_bytes() + bytes > self.options.memory_bytes {
            return Err(Trouble::Memory);
        }
        self.output.operators.try_reserve_exact(relevant).map_err(|_| Trouble::Memory)?;
        self.output.operator_bytes = relevant * size_of::<Operator>();
        Ok(Stage::Translate { next: 0, expressions: places, scale })
    }

    fn count_variables(&mut self) {
        let domains = &self.variables.domains;
        self.counts.variables = domains.len();
        self.counts.derived_variables = self.variables.is_derived.iter().filter(|&&derived| derived).count();
        self.counts.facts = domains.iter().map(|&domain| domain as usize).sum();
        self.counts.mutex_groups = self.variables.mutex_groups();
        self.counts.slots = self.variables.fluents.len();
    }

    fn translate(
        &mut self,
        mut next: usize,
        expressions: Vec<u32>,
        scale: Scale,
        budget: &mut Budget,
    ) -> Result<Stage, Trouble> {
        let Some(relevance) = &self.relevance else { return Err(Trouble::Memory) };
        let (drafts, variables) = (&self.drafts, &self.variables);
        let translator = Translator { drafts, relevance, variables, expressions: &expressions, scale };
        while next < drafts.len() {
            if budget.is_spent() {
                return Ok(Stage::Translate { next, expressions, scale });
            }
            budget.spend(1);
            for id in next..(next + TRANSLATED_PER_UNIT).min(drafts.len()) {
                next += 1;
                if !relevance.operators[id] {
                    continue;
                }
                let draft = drafts.operator(id);
                match translator.operator(draft, self.output.operators.len() as u32) {
                    Translated::Operator(operator) => {
                        self.output.operator_bytes += operator.memory_bytes() - size_of::<Operator>();
                        self.output.operators.push(operator);
                        self.output.sources.push(&[draft.schema, draft.arguments])?;
                    }
                    Translated::Nothing => {}
                    Translated::TooCostly => {
                        let span = self.metric_span(draft.schema as usize);
                        let message = "the cost of this action is too large to add up exactly";
                        return Err(Trouble::Model(vec![Diagnostic::error("PD311", span, message)]));
                    }
                }
            }
        }
        self.counts.operators = self.output.operators.len();
        let goal = translator.formula(&self.goal);
        self.goal = goal;
        let Some(layout) = self.output.layout.take() else { return Err(Trouble::Memory) };
        self.drafts = Drafts::new();
        let builder = SuccessorBuilder::new(&layout);
        Ok(Stage::Successors(Box::new((layout, builder))))
    }

    fn metric_span(&self, schema: usize) -> Span {
        let changes = self.world.lifted.schemas[schema].blocks.iter().flat_map(|block| &block.changes);
        changes.map(|change| change.span).next().unwrap_or_default()
    }

    fn finish(&mut self, (layout, builder): (Layout, SuccessorBuilder)) -> PddlTask {
        self.counts = self.counts();
        let operators = std::mem::take(&mut self.output.operators);
        let axioms = std::mem::take(&mut self.output.axioms);
        let has_uniform_cost = operators.windows(2).all(|pair| pair[0].cost == pair[1].cost)
            && operators.iter().all(|operator| matches!(operator.cost, Cost::Constant(_)))
            && operators.iter().all(|operator| operator.conditional.iter().all(|one| one.cost == Cost::ZERO));
        let task = Task::with_parts(layout, operators, axioms, builder.finish(), self.output.unit);
        let initial = self.initial(&task);
        let goal = Conjunction::new(std::mem::replace(&mut self.goal, FALSE));
        let mut world = std::mem::replace(&mut self.world, World::new(Lifted::empty(), 0));
        world.atoms.freeze();
        world.fluents.freeze();
        let variables = std::mem::take(&mut self.variables);
        let arguments = self.reach.take().map(|reach| reach.instances.arguments).unwrap_or_default();
        PddlTask {
            task: Arc::new(task),
            instance: Instance { initial, goal },
            counts: self.counts,
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
                sources: std::mem::replace(&mut self.output.sources, Column::new(2)),
                arguments,
            },
        }
    }

    /// The initial state with what axioms derive.
    fn initial(&self, task: &Task) -> Vec<u64> {
        let layout = &task.layout;
        let mut state = vec![0; layout.words()];
        for (variable, &none) in self.variables.none.iter().enumerate() {
            if none != NONE && !self.variables.is_derived[variable] {
                layout.variable(VariableId(variable as u32)).write(&mut state, u64::from(none));
            }
        }
        for place in self.world.statics..self.world.initials {
            let atom = *self.world.reached.at(place);
            if let Some(fact) = self.variables.fact(atom) {
                layout.variable(fact.variable).write(&mut state, u64::from(fact.value));
            }
        }
        for (slot, &fluent) in self.variables.fluents.iter().enumerate() {
            let value = *self.world.values.at(fluent as usize);
            let value = if value.is_nan() { 0.0 } else { value };
            let slot = crate::task::SlotId(slot as u32);
            let raw = layout.encode(slot, Value::Float(value)).unwrap_or_default();
            layout.slot_field(slot).write(&mut state, raw);
        }
        task.derive(&mut state);
        state
    }
}

impl Stepper for Ground {
    type Output = Result<PddlTask, Failure>;

    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output> {
        while !budget.is_spent() {
            if self.memory_bytes() + GROWTH_BYTES > self.options.memory_bytes {
                return Progress::Done(Err(Failure::MemoryLimit));
            }
            let allowance = budget.units_left().min(UNITS_PER_LOOK);
            let mut part = Budget::units(allowance);
            let result = self.work(&mut part);
            budget.spend((allowance - part.units_left()).max(1));
            match result {
                Ok(None) => {}
                Ok(Some(task)) => return Progress::Done(Ok(task)),
                Err(Trouble::Memory) => return Progress::Done(Err(Failure::MemoryLimit)),
                Err(Trouble::Model(diagnostics)) => {
                    return Progress::Done(Err(Failure::Diagnostics(diagnostics)));
                }
            }
        }
        Progress::Pending
    }

    fn memory_bytes(&self) -> u64 {
        let mutexes = if let Stage::Invariants(mutexes) = &self.stage { mutexes.memory_bytes() } else { 0 };
        let bytes = mutexes
            + self.world.memory_bytes()
            + self.drafts.memory_bytes()
            + self.reach.as_ref().map_or(0, Reach::memory_bytes)
            + self.relevance.as_ref().map_or(0, Relevance::memory_bytes)
            + self.variables.memory_bytes()
            + self.output.operator_bytes
            + self.output.sources.memory_bytes();
        bytes as u64
    }
}
