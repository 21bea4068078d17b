//! The grounding, cut into steps.

use std::sync::Arc;

use super::assemble::{Assembly, Fault, span_of_changes};
use super::draft::Drafts;
use super::formulas::FALSE;
use super::instantiate::Instantiate;
use super::invariants::Groups;
use super::lifted::Lifted;
use super::load::Load;
use super::metric::{Metric, mixed, negative_cost};
use super::mutex::Mutexes;
use super::normalise::normalise;
use super::order::{self, Order};
use super::progress::{Counts, Failure, GroundOptions, Phase};
use super::prune::Prune;
use super::reach::{Instances, Reach};
use super::relevance::{Relevance, Relevant};
use super::task::PddlTask;
use super::variables::Variables;
use super::world::World;
use crate::diagnostic::Diagnostic;
use crate::lang::pddl::Model;
use crate::step::{Budget, Progress, Stepper};
use crate::task::{Formula, OutOfMemory, SuccessorBuilder};

/// Units between two looks at the memory.
const UNITS_PER_LOOK: u64 = 256;
/// Bytes that may be allocated between two looks.
const GROWTH_BYTES: u64 = 2 << 20;

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
    relevant: Relevant,
    variables: Variables,
    /// All mutex groups.
    mutexes: Groups,
}

/// What is being done.
enum Stage {
    Normalise,
    Load(Box<Load>),
    Reach(Box<Reach>),
    Order(Box<Order>),
    Instantiate(Box<Instantiate>),
    Relevance(Box<Relevance>),
    Invariants(Box<Mutexes>),
    Prune(Box<Prune>),
    Variables,
    Translate(Box<Assembly>),
    Successors(Box<(Assembly, SuccessorBuilder)>),
    Over(Option<Box<PddlTask>>),
}

/// Why a step did not work.
enum Trouble {
    Memory,
    Model(Box<Diagnostic>),
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
            instances: Instances::new(0),
            goal: FALSE,
            relevant: Relevant::default(),
            variables: Variables::default(),
            mutexes: Groups::default(),
        }
    }

    /// What is being done now.
    pub fn phase(&self) -> Phase {
        match &self.stage {
            Stage::Normalise | Stage::Load(_) => Phase::Prepare,
            Stage::Reach(_) => Phase::Reach,
            Stage::Order(_) | Stage::Instantiate(_) => Phase::Instantiate,
            Stage::Relevance(_) => Phase::Relevance,
            Stage::Invariants(_) | Stage::Prune(_) | Stage::Variables => Phase::Invariants,
            Stage::Translate(_) => Phase::Translate,
            Stage::Successors(_) | Stage::Over(_) => Phase::Successors,
        }
    }

    /// What was found so far.
    pub fn counts(&self) -> Counts {
        let mut counts = self.counts;
        let reached = self.world.reached.len();
        counts.static_facts = if reached < self.world.statics { 0 } else { self.world.statics };
        counts.atoms = reached - counts.static_facts;
        counts.duplicates = counts.duplicates.max(self.drafts.duplicates);
        match &self.stage {
            Stage::Reach(reach) => counts.instances = reach.instances.count,
            Stage::Translate(assembly) => counts.operators = assembly.operators.len(),
            Stage::Successors(parts) => counts.operators = parts.0.operators.len(),
            _ => {
                counts.instances = self.instances.count;
                counts.operators = self.drafts.len();
            }
        }
        counts
    }

    /// Works on a stage; answers the next one, or the same.
    fn work(&mut self, stage: Stage, budget: &mut Budget) -> Result<Stage, Trouble> {
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
                    self.loaded(&load)?
                } else {
                    Stage::Load(load)
                }
            }
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
                if order.step(world, &mut self.instances, budget) {
                    Stage::Instantiate(Box::new(Instantiate::new(world)))
                } else {
                    Stage::Order(order)
                }
            }
            Stage::Instantiate(mut instantiate) => {
                if instantiate.step(world, &self.instances, &self.metric, drafts, budget)? {
                    self.instantiated(*instantiate)?
                } else {
                    Stage::Instantiate(instantiate)
                }
            }
            Stage::Relevance(mut relevance) => match relevance.step(world, drafts, budget) {
                Some(relevant) => {
                    self.relevant = relevant;
                    self.group()
                }
                None => Stage::Relevance(relevance),
            },
            Stage::Invariants(mut mutexes) => match mutexes.step(world, budget) {
                Some((groups, all)) => {
                    self.mutexes = all;
                    Stage::Prune(Box::new(Prune::new(world, groups)))
                }
                None => Stage::Invariants(mutexes),
            },
            Stage::Prune(mut prune) => match prune.step(world, drafts, &mut self.relevant, budget) {
                Some(groups) => {
                    self.variables = Variables::new(world, groups);
                    Stage::Variables
                }
                None => Stage::Prune(prune),
            },
            Stage::Variables => {
                let is_done = self.variables.step(drafts, &self.relevant, budget);
                if is_done { self.assemble()? } else { Stage::Variables }
            }
            Stage::Translate(assembly) => self.translate(assembly, budget)?,
            Stage::Successors(mut parts) => {
                let (assembly, builder) = &mut *parts;
                let is_done = builder.step(&assembly.layout, &assembly.operators, budget);
                if is_done { self.finish(*parts) } else { Stage::Successors(parts) }
            }
            Stage::Over(task) => Stage::Over(task),
        })
    }

    fn loaded(&mut self, load: &Load) -> Result<Stage, Trouble> {
        self.metric = Metric::new(&mut self.world)?.map_err(|found| Trouble::Model(Box::new(found)))?;
        load.narrow(&mut self.world.lifted);
        Ok(Stage::Reach(Box::new(Reach::new(&self.world, &load.extents, self.model.objects.len()))))
    }

    fn instantiated(&mut self, mut instantiate: Instantiate) -> Result<Stage, Trouble> {
        self.goal = instantiate.goal(&mut self.world, &mut self.drafts)?;
        if let Some(schema) = instantiate.mixed {
            return Err(Trouble::Model(Box::new(mixed(&self.world.lifted, schema))));
        }
        if let Some(found) = negative_cost(&self.world, &self.drafts) {
            return Err(Trouble::Model(Box::new(found)));
        }
        let keeps_all = !self.options.relevance || self.goal == FALSE;
        Ok(Stage::Relevance(Box::new(Relevance::new(&self.world, &self.drafts, &self.goal, keeps_all))))
    }

    /// Begins to look for mutex groups, where they are wanted.
    fn group(&mut self) -> Stage {
        if self.options.invariants {
            let (model, operators) = (Arc::clone(&self.model), self.drafts.len());
            return Stage::Invariants(Box::new(Mutexes::new(model, &self.world, &self.relevant, operators)));
        }
        self.variables = Variables::new(&self.world, Vec::new());
        Stage::Variables
    }

    fn assemble(&mut self) -> Result<Stage, Trouble> {
        self.variables.finish(&self.world, &self.relevant);
        self.variables.sort(&self.world, &order::ranks(&self.model));
        let room = self.options.memory_bytes.saturating_sub(self.memory_bytes());
        let assembly = Assembly::new(&self.drafts, &self.relevant, &mut self.variables, room)?;
        assembly.count(&self.variables, &mut self.counts);
        Ok(Stage::Translate(Box::new(assembly)))
    }

    fn translate(&mut self, mut assembly: Box<Assembly>, budget: &mut Budget) -> Result<Stage, Trouble> {
        let (drafts, relevant, variables) = (&self.drafts, &self.relevant, &self.variables);
        match assembly.step(drafts, relevant, variables, budget) {
            Ok(false) => return Ok(Stage::Translate(assembly)),
            Ok(true) => {}
            Err(Fault::Memory) => return Err(Trouble::Memory),
            Err(Fault::TooCostly(schema)) => {
                let message = "the cost of this action is too large to add up exactly";
                let span = span_of_changes(&self.world, schema);
                return Err(Trouble::Model(Box::new(Diagnostic::error("PD311", span, message))));
            }
        }
        self.goal = assembly.goal(drafts, relevant, variables, &self.goal);
        self.counts.duplicates = drafts.duplicates;
        self.drafts = Drafts::new();
        let builder = SuccessorBuilder::new(&assembly.layout);
        Ok(Stage::Successors(Box::new((*assembly, builder))))
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
            if self.memory_bytes() + GROWTH_BYTES > self.options.memory_bytes {
                return Progress::Done(Err(Failure::MemoryLimit));
            }
            let allowance = budget.units_left().min(UNITS_PER_LOOK);
            let mut part = Budget::units(allowance);
            let stage = std::mem::replace(&mut self.stage, Stage::Over(None));
            let result = self.work(stage, &mut part);
            budget.spend((allowance - part.units_left()).max(1));
            match result {
                Ok(Stage::Over(Some(task))) => return Progress::Done(Ok(*task)),
                Ok(stage) => self.stage = stage,
                Err(Trouble::Memory) => return Progress::Done(Err(Failure::MemoryLimit)),
                Err(Trouble::Model(found)) => return Progress::Done(Err(Failure::Diagnostics(vec![*found]))),
            }
        }
        Progress::Pending
    }

    fn memory_bytes(&self) -> u64 {
        let stage = match &self.stage {
            Stage::Reach(reach) => reach.memory_bytes(),
            Stage::Order(order) => order.memory_bytes(),
            Stage::Relevance(relevance) => relevance.memory_bytes(),
            Stage::Invariants(mutexes) => mutexes.memory_bytes(),
            Stage::Prune(prune) => prune.memory_bytes(),
            Stage::Translate(assembly) => assembly.memory_bytes(),
            Stage::Successors(parts) => parts.0.memory_bytes(),
            _ => 0,
        };
        let bytes = stage
            + self.world.memory_bytes()
            + self.drafts.memory_bytes()
            + self.instances.memory_bytes()
            + self.relevant.memory_bytes()
            + self.variables.memory_bytes();
        bytes as u64 + self.mutexes.memory_bytes()
    }
}
