//! Turns instances into ground operators and axioms. They are simplified by what is known after reachability:
//! an atom that is not reached is false, and an atom that holds initially and that no action deletes is true.

use super::constants::Constants;
use super::draft::{Drafts, formula_bytes};
use super::forms::{BlockForm, Forms, Sweep};
use super::formulas::{Builder, FALSE, TRUE};
use super::job::{Job, Part};
use super::join::Walk;
use super::lifted::{Block, Class, Schema};
use super::lists::{overlap, sort};
use super::metric::{Metric, Running};
use super::reach::Instances;
use super::room::Room;
use super::tour::Rewrite;
use super::world::{NONE, World};
use crate::step::Budget;
use crate::task::{Formula, OutOfMemory};

/// Moves per unit of work: nodes of formulas, bindings, steps of joins.
const MOVES_PER_UNIT: u32 = 64;
/// Moves that every instance counts at least.
const MOVES_PER_INSTANCE: u32 = 16;

/// Makes drafts of all instances, then the formula of the goal. Axioms come first, so that derived atoms that
/// always hold are known before the actions are handled.
#[derive(Debug)]
pub(super) struct Instantiate {
    /// Schemas in the order in which they are handled.
    pub(super) order: Vec<usize>,
    pub(super) at: usize,
    pub(super) next: usize,
    pub(super) forms: Forms,
    pub(super) is_filled: bool,
    pub(super) builder: Builder,
    /// Finds the derived atoms that always hold, once all axioms are ground.
    pub(super) constants: Option<Constants>,
    pub(super) job: Option<Job>,
    pub(super) bound: Vec<u32>,
    pub(super) holds: Vec<u32>,
    pub(super) fails: Vec<u32>,
    pub(super) adds: Vec<u32>,
    pub(super) deletes: Vec<u32>,
    pub(super) running: Running,
    /// A schema with an operator that changes a fluent of the metric several times, some of them under
    /// conditions.
    pub(super) mixed: Option<usize>,
    /// The goal, once all is done.
    pub(super) goal: Formula,
}

/// What instances are made with.
pub(super) struct Bench<'a> {
    pub(super) world: &'a mut World,
    pub(super) metric: &'a Metric,
    pub(super) drafts: &'a mut Drafts,
    pub(super) room: Room,
}

impl Instantiate {
    /// Prepares the instantiation. O(size of the conditions + atoms).
    pub(super) fn new(world: &World, objects: usize) -> Self {
        let actions = world.lifted.actions;
        Self {
            order: (actions..world.lifted.schemas.len()).chain(0..actions).collect(),
            at: 0,
            next: 0,
            forms: Forms::new(world, objects),
            is_filled: false,
            builder: Builder::default(),
            constants: None,
            job: None,
            bound: Vec::new(),
            holds: Vec::new(),
            fails: Vec::new(),
            adds: Vec::new(),
            deletes: Vec::new(),
            running: Running::default(),
            mixed: None,
            goal: FALSE,
        }
    }

    /// Continues while the budget lasts. Answers true when all instances are drafts and the goal is a
    /// formula.
    pub(super) fn step(
        &mut self,
        bench: &mut Bench<'_>,
        instances: &Instances,
        budget: &mut Budget,
    ) -> Result<bool, OutOfMemory> {
        while !self.is_filled && !budget.is_spent() {
            budget.spend(1);
            self.is_filled = self.forms.fill(bench.world)?;
        }
        // Schemas and forms are moved out because they are borrowed while fluents are interned.
        let schemas = std::mem::take(&mut bench.world.lifted.schemas);
        let forms = std::mem::take(&mut self.forms);
        let mut result = Ok(false);
        while let Ok(false) = result {
            if budget.is_spent() {
                break;
            }
            budget.spend(1);
            result = self.unit(bench, instances, &schemas, &forms);
        }
        self.forms = forms;
        bench.world.lifted.schemas = schemas;
        result
    }

    /// One unit of work; true at the end.
    fn unit(
        &mut self,
        bench: &mut Bench<'_>,
        instances: &Instances,
        schemas: &[Schema],
        forms: &Forms,
    ) -> Result<bool, OutOfMemory> {
        let mut moves = MOVES_PER_UNIT;
        while moves > 0 {
            if let Some(constants) = &mut self.constants {
                moves = moves.saturating_sub(MOVES_PER_INSTANCE);
                if constants.unit(bench.world, bench.drafts) {
                    self.constants = None;
                }
                continue;
            }
            let begun = self.job.take();
            let Some(mut job) = begun.or_else(|| self.begin(bench, instances, schemas, forms)) else {
                moves = moves.saturating_sub(MOVES_PER_INSTANCE);
                continue;
            };
            moves = moves.saturating_sub(MOVES_PER_INSTANCE);
            if !self.work(bench, schemas, forms, &mut job, &mut moves)? {
                self.job = Some(job);
            } else if job.schema == NONE {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Starts the next instance, or the goal after the last instance. `None` if the instance cannot apply, or
    /// if constants have to be found first.
    fn begin(
        &mut self,
        bench: &mut Bench<'_>,
        instances: &Instances,
        schemas: &[Schema],
        forms: &Forms,
    ) -> Option<Job> {
        let schema = loop {
            let Some(&schema) = self.order.get(self.at) else {
                self.bound.clear();
                self.bound.resize(bench.world.lifted.goal_slots as usize, 0);
                self.builder.begin(forms, forms.goal);
                return Some(Job::new(NONE, 0, 0.0));
            };
            if self.next < instances.by_schema[schema].len() {
                break schema;
            }
            self.at += 1;
            self.next = 0;
            if self.order.get(self.at) == Some(&0) {
                self.constants = Some(Constants::default());
                return None;
            }
        };
        let arguments = *instances.by_schema[schema].at(self.next);
        self.next += 1;
        let lifted = &schemas[schema];
        let values = instances.arguments.run(arguments, lifted.parameters.len());
        self.bound.clear();
        self.bound.resize(lifted.slots as usize, 0);
        for (variable, &value) in lifted.parameters.iter().zip(values) {
            self.bound[variable.slot as usize] = value;
        }
        let cost = if bench.metric.counts_steps { 1.0 } else { 0.0 };
        self.literals(bench.world, lifted).then(|| Job::new(schema as u32, arguments, cost))
    }

    /// Fills `holds` and `fails` with the literals of the condition; false where it cannot hold.
    fn literals(&mut self, world: &World, lifted: &Schema) -> bool {
        self.holds.clear();
        self.fails.clear();
        self.adds.clear();
        self.deletes.clear();
        for literal in &lifted.core {
            if world.lifted.classes[literal.symbol as usize] == Class::Static {
                continue;
            }
            match world.find(literal, &self.bound) {
                Some(atom) if world.is_constant(atom) => {}
                Some(atom) => self.holds.push(atom),
                None => return false,
            }
        }
        for literal in &lifted.negatives {
            match world.find(literal, &self.bound) {
                Some(atom) if world.is_constant(atom) => return false,
                Some(atom) => self.fails.push(atom),
                None => {}
            }
        }
        true
    }

    /// Continues a job; answers true when it is complete.
    fn work(
        &mut self,
        bench: &mut Bench<'_>,
        schemas: &[Schema],
        forms: &Forms,
        job: &mut Job,
        moves: &mut u32,
    ) -> Result<bool, OutOfMemory> {
        if job.schema == NONE {
            let parts = (&mut *bench.world, forms, &mut *bench.drafts);
            let formula = self.builder.run(parts, &mut self.bound, bench.room, moves)?;
            return Ok(formula.map(|formula| self.goal = formula).is_some());
        }
        let schema = &schemas[job.schema as usize];
        let own = &forms.schemas[job.schema as usize];
        loop {
            let is_over = match job.part {
                Part::Residue(at) => match own.residue.get(at) {
                    Some(&form) => match self.residue(bench, forms, job, form, moves)? {
                        Some(can_hold) => {
                            job.part = Part::Residue(at + 1);
                            !can_hold
                        }
                        None => return Ok(false),
                    },
                    None => {
                        job.part = Part::Block(0);
                        sort(&mut self.holds);
                        sort(&mut self.fails);
                        let is_over = overlap(&self.holds, &self.fails);
                        if !is_over && schema.head.is_some() {
                            let rest = std::mem::take(&mut job.rest);
                            self.rule(bench.world, bench.drafts, schema, rest, bench.room)?;
                        }
                        is_over || schema.head.is_some()
                    }
                },
                Part::Block(at) => match own.blocks.get(at) {
                    Some(&form) => {
                        if !self.bindings(bench, forms, job, (&schema.blocks[at], form), moves)? {
                            return Ok(false);
                        }
                        job.part = Part::Block(at + 1);
                        false
                    }
                    None => {
                        self.operator(bench, job)?;
                        true
                    }
                },
            };
            if is_over {
                return Ok(true);
            }
        }
    }

    /// Adds a condition of the residue; once it is added, answers whether it can hold.
    fn residue(
        &mut self,
        bench: &mut Bench<'_>,
        forms: &Forms,
        job: &mut Job,
        form: u32,
        moves: &mut u32,
    ) -> Result<Option<bool>, OutOfMemory> {
        if job.conjuncts.is_none() {
            match self.built(bench, forms, job, form, moves)? {
                None => return Ok(None),
                Some(Formula::And(parts)) => {
                    job.formula_bytes = parts.capacity() * size_of::<Formula>();
                    job.bytes += parts.iter().map(Formula::inner_bytes).sum::<usize>();
                    job.conjuncts = Some(parts.into_iter());
                }
                Some(formula) => {
                    job.bytes += formula.inner_bytes();
                    return self.conjunct(bench, formula, &mut job.rest).map(Some);
                }
            }
        }
        let Some(conjuncts) = &mut job.conjuncts else { return Ok(Some(true)) };
        for part in conjuncts {
            if !self.conjunct(bench, part, &mut job.rest)? {
                job.conjuncts = None;
                return Ok(Some(false));
            }
            *moves = moves.saturating_sub(1);
            if *moves == 0 {
                return Ok(None);
            }
        }
        (job.conjuncts, job.formula_bytes) = (None, 0);
        Ok(Some(true))
    }

    /// The condition of a block given the action's own, once it is there.
    fn condition(
        &mut self,
        bench: &mut Bench<'_>,
        forms: &Forms,
        job: &mut Job,
        form: u32,
        moves: &mut u32,
    ) -> Result<Option<Formula>, OutOfMemory> {
        if job.given.is_none() {
            match self.built(bench, forms, job, form, moves)? {
                None => return Ok(None),
                Some(formula) => {
                    job.formula_bytes = formula_bytes(&formula);
                    job.given = Some((formula, Rewrite::default()));
                }
            }
        }
        let Some((formula, rewrite)) = &mut job.given else { return Ok(Some(TRUE)) };
        let found = rewrite.run(formula, bench.room, moves, &mut |leaf| self.given(leaf))?;
        if found.is_some() {
            (job.given, job.formula_bytes) = (None, 0);
        }
        Ok(found)
    }

    /// A formula under the binding, once it is there.
    fn built(
        &mut self,
        bench: &mut Bench<'_>,
        forms: &Forms,
        job: &mut Job,
        form: u32,
        moves: &mut u32,
    ) -> Result<Option<Formula>, OutOfMemory> {
        if !std::mem::replace(&mut job.is_building, true) {
            self.builder.begin(forms, form);
        }
        let parts = (&mut *bench.world, forms, &mut *bench.drafts);
        let formula = self.builder.run(parts, &mut self.bound, bench.room, moves)?;
        job.is_building = formula.is_none();
        Ok(formula)
    }

    /// Goes on with the bindings of a block; true where all are done.
    fn bindings(
        &mut self,
        bench: &mut Bench<'_>,
        forms: &Forms,
        job: &mut Job,
        (block, form): (&Block, BlockForm),
        moves: &mut u32,
    ) -> Result<bool, OutOfMemory> {
        loop {
            if let (false, Some(source)) = (job.is_building || job.given.is_some(), form.source) {
                let sweep = job.sweep.get_or_insert_with(|| Sweep::new(forms, source));
                match sweep.next(bench.world, forms, &mut self.bound, moves)? {
                    Walk::Found => {}
                    Walk::Paused => return Ok(false),
                    Walk::Done => {
                        job.sweep = None;
                        return Ok(true);
                    }
                }
            }
            let condition = match form.condition {
                None => TRUE,
                Some(condition) => match self.condition(bench, forms, job, condition, moves)? {
                    Some(formula) => formula,
                    None => return Ok(false),
                },
            };
            if condition != FALSE {
                self.block(bench, job, block, condition)?;
            }
            if form.source.is_none() {
                return Ok(true);
            }
        }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        let job = self.job.as_ref().map_or(0, Job::memory_bytes);
        let lists = [&self.holds, &self.fails, &self.adds, &self.deletes];
        job + lists.iter().map(|list| list.capacity() * 4).sum::<usize>()
            + self.builder.memory_bytes()
            + self.constants.as_ref().map_or(0, Constants::memory_bytes)
            + self.forms.memory_bytes()
    }
}
