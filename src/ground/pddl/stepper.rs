//! The grounding, cut into steps.

use std::sync::Arc;

use super::assemble::{Assembly, Fault, span_of_changes};
use super::base::Base;
use super::causal::CausalGraph;
use super::draft::{Drafts, formula_bytes, shed};
use super::formulas::FALSE;
use super::instantiate::{Bench, Instantiate};
use super::invariants::Groups;
use super::join_plans::Extent;
use super::lifted::Lifted;
use super::load::Load;
use super::metric::{Metric, mixed, negative_cost};
use super::mutex::Mutexes;
use super::normalise::normalise;
use super::order::{self, Order};
use super::progress::{Counts, Failure, GroundOptions, Phase, Trouble};
use super::prune::Prune;
use super::reach::{Instances, Reach};
use super::relevance::{Relevance, Relevant};
use super::room::Room;
use super::rules::Rules;
use super::stage::Stage;
use super::task::PddlTask;
use super::variables::Variables;
use super::world::World;
use crate::diagnostic::Diagnostic;
use crate::lang::pddl::Model;
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Formula, SuccessorBuilder};

/// Units between two looks at the memory.
const UNITS_PER_LOOK: u64 = 256;
/// Bytes that may be allocated between two looks.
const GROWTH_BYTES: u64 = 2 << 20;

/// Bytes per atom that relevance takes at once, and that variables do.
const RELEVANCE_BYTES: usize = 20;
const VARIABLE_BYTES: usize = 32;

/// Grounds a model. See the [module](super).
pub struct Ground {
    model: Arc<Model>,
    options: GroundOptions,
    stage: Stage,
    counts: Counts,
    world: World,
    drafts: Drafts,
    metric: Metric,
    instances: Instances,
    goal: Formula,
    goal_bytes: usize,
    relevant: Relevant,
    variables: Variables,
    /// All mutex groups.
    mutexes: Groups,
    peak_bytes: u64,
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
            instances: Instances::new(0),
            goal: FALSE,
            goal_bytes: 0,
            relevant: Relevant::default(),
            variables: Variables::default(),
            mutexes: Groups::default(),
            peak_bytes: 0,
        }
    }

    /// Most bytes that it held so far, with what it may have taken beyond that between two looks.
    pub fn peak_bytes(&self) -> u64 {
        self.peak_bytes
    }

    /// What is being done now.
    pub fn phase(&self) -> Phase {
        self.stage.phase()
    }

    /// What was found so far.
    pub fn counts(&self) -> Counts {
        let mut counts = self.counts;
        let reached = self.world.reached.len();
        counts.static_facts = if reached < self.world.statics { 0 } else { self.world.statics };
        counts.atoms = reached - counts.static_facts - self.world.auxiliary;
        counts.duplicates = counts.duplicates.max(self.drafts.duplicates);
        match &self.stage {
            Stage::Reach(reach) => counts.instances = reach.instances.count,
            Stage::Translate(assembly) | Stage::Goal(assembly) => counts.operators = assembly.operators.len(),
            Stage::Shed(parts) => counts.operators = parts.0.operators.len(),
            Stage::Successors(parts) => counts.operators = parts.0.operators.len(),
            _ => {
                counts.instances = self.instances.count;
                counts.operators = self.drafts.len();
            }
        }
        counts
    }

    /// Works on a stage; answers the next one, or the same.
    fn work(&mut self, stage: Stage, room: Room, budget: &mut Budget) -> Result<Stage, Trouble> {
        let (world, drafts) = (&mut self.world, &mut self.drafts);
        Ok(match stage {
            Stage::Normalise => {
                budget.spend(1 + self.model.actions.len() as u64 + self.model.axioms.len() as u64);
                let mut lifted = normalise(&self.model);
                order::sort_actions(&mut lifted, &self.model);
                *world = World::new(lifted, self.model.objects.len());
                Stage::Load(Box::new(Load::new(world)))
            }
            Stage::Load(mut load) => {
                if load.step(&self.model, world, budget)? {
                    self.loaded(*load)?
                } else {
                    Stage::Load(load)
                }
            }
            Stage::Plan(parts) => plan(parts, world, budget),
            Stage::Reach(mut reach) => {
                if reach.step(world, budget)? {
                    self.instances = reach.into_instances();
                    self.counts.instances = self.instances.count;
                    Stage::Order(Box::new(Order::new(&self.model)))
                } else {
                    Stage::Reach(reach)
                }
            }
            Stage::Order(mut order) => {
                if order.step(world, &mut self.instances, room, budget)? {
                    Stage::Instantiate(Box::new(Instantiate::new(world, self.model.objects.len())))
                } else {
                    Stage::Order(order)
                }
            }
            Stage::Instantiate(mut instantiate) => {
                let mut bench = Bench { world, metric: &self.metric, drafts, room };
                if instantiate.step(&mut bench, &self.instances, budget)? {
                    self.instantiated(*instantiate, room)?
                } else {
                    Stage::Instantiate(instantiate)
                }
            }
            Stage::Relevance(mut relevance) => {
                match relevance.step(world, drafts, &self.goal, room, budget)? {
                    Some(relevant) => {
                        self.relevant = relevant;
                        self.group(room)?
                    }
                    None => Stage::Relevance(relevance),
                }
            }
            Stage::Invariants(mut mutexes) => match mutexes.step(world, budget) {
                Some((groups, all)) => {
                    self.mutexes = all;
                    room.ask(world.atoms.len() * 8)?;
                    Stage::Prune(Box::new(Prune::new(world, groups)))
                }
                None => Stage::Invariants(mutexes),
            },
            Stage::Prune(mut prune) => match prune.step(world, drafts, &mut self.relevant, budget) {
                Some(groups) => {
                    room.ask(world.atoms.len() * VARIABLE_BYTES)?;
                    self.variables = Variables::new(world, groups);
                    Stage::Variables
                }
                None => Stage::Prune(prune),
            },
            Stage::Variables => {
                let is_done = self.variables.step(drafts, &self.relevant, budget);
                if is_done { self.complete_variables() } else { Stage::Variables }
            }
            Stage::Sort(mut graph) => {
                if graph.step(drafts, &self.relevant, &self.variables, budget) {
                    self.begin_translation(*graph)
                } else {
                    Stage::Sort(graph)
                }
            }
            Stage::Axioms(mut base) => {
                let (drafts, relevant, variables) = (&self.drafts, &self.relevant, &self.variables);
                if base.step(drafts, relevant, variables, room, budget)? {
                    self.assemble(*base)?
                } else {
                    Stage::Axioms(base)
                }
            }
            Stage::Translate(assembly) => self.translate(assembly, room, budget)?,
            Stage::Goal(assembly) => self.goal(assembly, room, budget)?,
            Stage::Shed(parts) => self.shed(parts, budget),
            Stage::Successors(mut parts) => {
                let (assembly, builder) = &mut *parts;
                let is_done = builder.step(&assembly.layout, &assembly.operators, budget);
                if is_done { self.finish(*parts) } else { Stage::Successors(parts) }
            }
            Stage::Over(task) => Stage::Over(task),
        })
    }

    fn loaded(&mut self, load: Load) -> Result<Stage, Trouble> {
        self.metric = Metric::new(&mut self.world)?.map_err(|found| Trouble::Model(Box::new(found)))?;
        let World { lifted, atoms, .. } = &mut self.world;
        load.narrow(lifted);
        let extents = load.extents(lifted);
        let symbols = lifted.positions.len();
        let rules = Rules::new(lifted, self.model.objects.len());
        atoms.add_symbols(lifted.positions[symbols..].iter().map(Vec::len));
        Ok(Stage::Plan(Box::new((rules, extents))))
    }

    fn instantiated(&mut self, instantiate: Instantiate, room: Room) -> Result<Stage, Trouble> {
        self.goal = instantiate.goal;
        self.goal_bytes = formula_bytes(&self.goal);
        if let Some(schema) = instantiate.mixed {
            return Err(Trouble::Model(Box::new(mixed(&self.world.lifted, schema))));
        }
        if let Some(found) = negative_cost(&self.world, &self.drafts) {
            return Err(Trouble::Model(Box::new(found)));
        }
        room.ask(self.world.atoms.len() * RELEVANCE_BYTES + self.drafts.len())?;
        let keeps_all = !self.options.relevance || self.goal == FALSE;
        Ok(Stage::Relevance(Box::new(Relevance::new(&self.world, &self.drafts, keeps_all))))
    }

    /// Begins to look for mutex groups, where they are wanted.
    fn group(&mut self, room: Room) -> Result<Stage, Trouble> {
        room.ask(self.world.atoms.len() * VARIABLE_BYTES)?;
        if self.options.invariants {
            let (model, operators) = (Arc::clone(&self.model), self.drafts.len());
            let mutexes = Mutexes::new(model, &self.world, &self.relevant, operators);
            return Ok(Stage::Invariants(Box::new(mutexes)));
        }
        self.variables = Variables::new(&self.world, Vec::new());
        Ok(Stage::Variables)
    }

    fn complete_variables(&mut self) -> Stage {
        self.variables.finish(&self.world, &self.relevant);
        self.variables.sort(&self.world, &order::ranks(&self.model));
        Stage::Sort(Box::default())
    }

    fn begin_translation(&mut self, graph: CausalGraph) -> Stage {
        if let Some(order) = graph.order(&self.variables, &self.goal) {
            self.variables.permute(&order);
        }
        Stage::Axioms(Box::new(Base::new(&self.variables)))
    }

    fn assemble(&mut self, mut base: Base) -> Result<Stage, Trouble> {
        let room = self.options.memory_bytes.saturating_sub(self.memory_bytes());
        let scale = base.scale(&self.drafts);
        let assembly = Assembly::new((base, scale), &self.relevant, &mut self.variables, room)?;
        assembly.count(&self.variables, &mut self.counts);
        Ok(Stage::Translate(Box::new(assembly)))
    }

    fn translate(
        &mut self,
        mut assembly: Box<Assembly>,
        room: Room,
        budget: &mut Budget,
    ) -> Result<Stage, Trouble> {
        let (drafts, relevant, variables) = (&self.drafts, &self.relevant, &self.variables);
        match assembly.step(drafts, relevant, variables, room, budget) {
            Ok(false) => return Ok(Stage::Translate(assembly)),
            Ok(true) => {}
            Err(Fault::Memory) => return Err(Trouble::Memory),
            Err(Fault::TooCostly(schema)) => {
                let message = "the cost of this action is too large to add up exactly";
                let span = span_of_changes(&self.world, schema);
                return Err(Trouble::Model(Box::new(Diagnostic::error("PD311", span, message))));
            }
        }
        // The goal is there twice for a while.
        if self.goal_bytes > room.0 {
            return Err(Trouble::Memory);
        }
        Ok(Stage::Goal(assembly))
    }

    /// Goes on with the goal over facts.
    fn goal(
        &mut self,
        mut assembly: Box<Assembly>,
        room: Room,
        budget: &mut Budget,
    ) -> Result<Stage, Trouble> {
        let (drafts, relevant, variables) = (&self.drafts, &self.relevant, &self.variables);
        let Some(goal) = assembly.goal((drafts, relevant, variables), &self.goal, room, budget)? else {
            return Ok(Stage::Goal(assembly));
        };
        let atoms = std::mem::replace(&mut self.goal, goal);
        self.counts.duplicates = self.drafts.duplicates;
        Ok(Stage::Shed(Box::new((*assembly, atoms))))
    }

    /// Drops the drafts, and the goal over atoms.
    fn shed(&mut self, mut parts: Box<(Assembly, Formula)>, budget: &mut Budget) -> Stage {
        while !budget.is_spent() {
            budget.spend(1);
            if self.drafts.shed() && shed(&mut parts.1) {
                self.drafts = Drafts::new();
                return Stage::Successors(Box::new((parts.0, SuccessorBuilder::default())));
            }
        }
        Stage::Shed(parts)
    }

    fn finish(&mut self, (assembly, builder): (Assembly, SuccessorBuilder)) -> Stage {
        let mut counts = self.counts();
        counts.operators = assembly.operators.len();
        let world = std::mem::replace(&mut self.world, World::new(Lifted::empty(), 0));
        let variables = std::mem::take(&mut self.variables);
        let instances = std::mem::replace(&mut self.instances, Instances::new(0));
        let goal = std::mem::replace(&mut self.goal, FALSE);
        let mutexes = variables.mutexes(&std::mem::take(&mut self.mutexes));
        let built = (builder, mutexes, counts);
        let task = assembly.finish(world, variables, instances.arguments, goal, built);
        Stage::Over(Some(Box::new(task)))
    }
}

impl Stepper for Ground {
    type Output = Result<PddlTask, Failure>;

    fn step(&mut self, budget: &mut Budget) -> Progress<Self::Output> {
        while !budget.is_spent() {
            let held = self.memory_bytes() + GROWTH_BYTES;
            self.peak_bytes = self.peak_bytes.max(held);
            let Some(room) = self.options.memory_bytes.checked_sub(held) else {
                return Progress::Done(Err(Failure::MemoryLimit));
            };
            let room = usize::try_from(room).unwrap_or(usize::MAX);
            (self.world.atoms.room, self.world.fluents.room) = (room, room);
            self.drafts.room = Room(room);
            let allowance = budget.units_left().min(UNITS_PER_LOOK);
            let mut part = Budget::units(allowance);
            let stage = std::mem::replace(&mut self.stage, Stage::Over(None));
            let result = self.work(stage, Room(room), &mut part);
            budget.spend((allowance - part.units_left()).max(1));
            match result {
                Ok(Stage::Over(Some(task))) => return Progress::Done(Ok(*task)),
                Ok(stage) => self.stage = stage,
                Err(trouble) => return Progress::Done(Err(trouble.into())),
            }
        }
        Progress::Pending
    }

    fn memory_bytes(&self) -> u64 {
        let bytes = self.stage.memory_bytes()
            + self.world.memory_bytes()
            + self.drafts.memory_bytes()
            + self.instances.memory_bytes()
            + self.goal_bytes
            + self.relevant.memory_bytes()
            + self.variables.memory_bytes();
        bytes as u64 + self.mutexes.memory_bytes()
    }
}

/// Makes join plans.
fn plan(mut parts: Box<(Rules, Vec<Option<Extent>>)>, world: &World, budget: &mut Budget) -> Stage {
    let (rules, extents) = &mut *parts;
    let mut has_more = true;
    while has_more && !budget.is_spent() {
        budget.spend(1);
        has_more = rules.plans.make(&world.lifted, extents);
    }
    if has_more {
        Stage::Plan(parts)
    } else {
        Stage::Reach(Box::new(Reach::new(parts.0, world.lifted.schemas.len())))
    }
}
