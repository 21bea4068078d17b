//! Relaxed reachability: which atoms can hold, and which instances of schemas can apply, deletes ignored.
//!
//! Semi-naive: atoms are taken up in the order of reaching, and each is joined with those before it, so
//! that every instance is found exactly once, when the last atom of its core is taken up. What is no plain
//! conjunction (disjunctions, quantifiers, conditional effects) is evaluated on the atoms reached so far;
//! an instance that does not hold yet waits for the atoms that it lacks, and is looked at again when one of
//! them comes.

use super::arena::Arena;
use super::blockers::blockers_of;
use super::join::{Join, Walk};
use super::plan::{Extent, Plans};
use super::world::{NONE, Odometer, World};
use crate::step::Budget;
use crate::task::{Column, OutOfMemory};

/// Moves of a join per unit of work.
const MOVES_PER_UNIT: u32 = 16;
/// Instances recorded per unit of work.
const FOUND_PER_UNIT: u32 = 6;

/// Found instances of schemas.
#[derive(Debug)]
pub(super) struct Instances {
    /// Arguments, in the order of the schema's parameters.
    pub(super) arguments: Arena,
    /// Per schema where the arguments of its instances begin, in the order of finding.
    pub(super) by_schema: Vec<Column<u32>>,
    pub(super) count: usize,
}

/// The fixpoint.
#[derive(Debug)]
pub(super) struct Reach {
    plans: Plans,
    pub(super) instances: Instances,
    /// Atoms taken up.
    taken: usize,
    /// What of the atom that was taken up last is still to do: its symbol's triggers from here on.
    trigger: usize,
    free: usize,
    is_walking: bool,
    join: Join,
    /// Waiting instances: schema, arguments, block or [`NONE`], binding of the block's variables.
    waiting: Column<u32>,
    bindings: Arena,
    /// Per atom the first of its watchers.
    watched: Column<u32>,
    /// Waiting instance and next watcher.
    watchers: Column<u32>,
    /// Watchers of the atom that was taken up last, still to be looked at.
    next_watcher: u32,
    /// An instance whose blocks are being looked at.
    active: Option<Active>,
    scratch: Vec<u32>,
    blockers: Vec<u32>,
}

/// An instance that applies, with the bindings of its blocks.
#[derive(Debug)]
struct Active {
    schema: u32,
    arguments: u32,
    block: usize,
    odometer: Option<Odometer>,
    bound: Vec<u32>,
}

impl Reach {
    pub(super) fn new(world: &World, extents: &[Extent], objects: usize) -> Self {
        let schemas = world.lifted.schemas.len();
        let mut plans = Plans::new(world.lifted.positions.len());
        for schema in 0..schemas {
            plans.add(&world.lifted, extents, schema, objects);
        }
        Self {
            plans,
            instances: Instances::new(schemas),
            taken: 0,
            trigger: usize::MAX,
            free: 0,
            is_walking: false,
            join: Join::default(),
            waiting: Column::new(4),
            bindings: Arena::default(),
            watched: Column::new(1),
            watchers: Column::new(2),
            next_watcher: NONE,
            active: None,
            scratch: Vec::new(),
            blockers: Vec::new(),
        }
    }

    /// Works until the fixpoint is there (true) or the budget is spent.
    pub(super) fn step(&mut self, world: &mut World, budget: &mut Budget) -> Result<bool, OutOfMemory> {
        while !budget.is_spent() {
            budget.spend(1);
            if self.unit(world)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// One unit of work; true at the end.
    fn unit(&mut self, world: &mut World) -> Result<bool, OutOfMemory> {
        let mut found = 0;
        let mut moves = MOVES_PER_UNIT;
        while moves > 0 && found < FOUND_PER_UNIT {
            if self.active.is_some() {
                moves -= 1;
                self.activate(world)?;
            } else if self.is_walking {
                match self.join.walk(world, &self.plans, &mut moves) {
                    Walk::Found => {
                        found += 1;
                        self.found(world)?;
                    }
                    Walk::Done => self.is_walking = false,
                    Walk::Paused => return Ok(false),
                }
            } else if self.next_watcher != NONE {
                moves -= 1;
                self.look_again(world)?;
            } else if let Some(&plan) = self.triggers(world).get(self.trigger) {
                moves -= 1;
                self.trigger += 1;
                let atom = *world.reached.at(self.taken - 1);
                self.is_walking = self.join.begin(world, &self.plans, plan, Some(atom));
            } else if self.taken == world.statics && self.free < self.plans.free.len() {
                let plan = self.plans.free[self.free];
                self.free += 1;
                self.is_walking = self.join.begin(world, &self.plans, plan, None);
            } else if self.taken < world.reached.len() {
                moves -= 1;
                self.take_up(world)?;
            } else {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn triggers(&self, world: &World) -> &[u32] {
        if self.trigger == usize::MAX {
            return &[];
        }
        &self.plans.triggers[world.atoms.symbol(*world.reached.at(self.taken - 1)) as usize]
    }

    /// Takes up the next atom: into the relations, then its triggers and watchers.
    fn take_up(&mut self, world: &World) -> Result<(), OutOfMemory> {
        let atom = *world.reached.at(self.taken);
        for &relation in &self.plans.by_symbol[world.atoms.symbol(atom) as usize] {
            self.plans.relations[relation as usize].insert(world, atom)?;
        }
        self.taken += 1;
        self.trigger = 0;
        self.next_watcher = if (atom as usize) < self.watched.len() {
            std::mem::replace(self.watched.at_mut(atom as usize), NONE)
        } else {
            NONE
        };
        Ok(())
    }

    /// Records what the join found.
    fn found(&mut self, world: &mut World) -> Result<(), OutOfMemory> {
        let schema = self.plans.all[self.join.plan as usize].schema;
        let lifted = &world.lifted.schemas[schema as usize];
        self.scratch.clear();
        self.scratch.extend(lifted.parameters.iter().map(|one| self.join.bound[one.slot as usize]));
        let arguments = self.instances.arguments.push(&self.scratch)?;
        let mut bound = std::mem::take(&mut self.join.bound);
        let does_apply = lifted.residue.iter().all(|condition| world.may_hold(condition, &mut bound));
        let result = if does_apply {
            self.apply(world, schema, arguments, &bound)
        } else {
            self.wait(world, schema, arguments, NONE, &mut bound)
        };
        self.join.bound = bound;
        result
    }

    /// Takes the instance in and makes true what it does without looking at conditions.
    fn apply(
        &mut self,
        world: &mut World,
        schema: u32,
        arguments: u32,
        bound: &[u32],
    ) -> Result<(), OutOfMemory> {
        self.instances.by_schema[schema as usize].push(&[arguments])?;
        self.instances.count += 1;
        let mut has_more = false;
        if let Some(head) = world.lifted.schemas[schema as usize].head.clone() {
            let atom = world.intern_literal(&head, bound)?;
            world.reach(atom)?;
        }
        for block in 0..world.lifted.schemas[schema as usize].blocks.len() {
            let one = &world.lifted.schemas[schema as usize].blocks[block];
            if one.bindings.variables.is_empty() && one.condition.is_true() {
                self.add(world, schema, block, bound)?;
            } else {
                has_more |= !one.adds.is_empty();
            }
        }
        if has_more {
            let bound = bound.to_vec();
            self.active = Some(Active { schema, arguments, block: 0, odometer: None, bound });
        }
        Ok(())
    }

    /// Reaches what a block adds.
    fn add(
        &mut self,
        world: &mut World,
        schema: u32,
        block: usize,
        bound: &[u32],
    ) -> Result<(), OutOfMemory> {
        let adds = world.lifted.schemas[schema as usize].blocks[block].adds.len();
        let mut arguments = std::mem::take(&mut self.scratch);
        for add in 0..adds {
            let literal = &world.lifted.schemas[schema as usize].blocks[block].adds[add];
            let symbol = literal.symbol;
            arguments.clear();
            arguments.extend(literal.arguments.iter().map(|one| one.value(bound)));
            let atom = world.intern(symbol, &arguments)?;
            world.reach(atom)?;
        }
        self.scratch = arguments;
        Ok(())
    }

    /// The next binding of the active instance's blocks.
    fn activate(&mut self, world: &mut World) -> Result<(), OutOfMemory> {
        let Some(mut active) = self.active.take() else { return Ok(()) };
        let blocks = &world.lifted.schemas[active.schema as usize].blocks;
        let Some(block) = blocks.get(active.block) else { return Ok(()) };
        let is_plain = block.bindings.variables.is_empty() && block.condition.is_true();
        if is_plain || block.adds.is_empty() {
            active.block += 1;
            self.active = Some(active);
            return Ok(());
        }
        let mut odometer = active.odometer.take().unwrap_or_else(|| Odometer::new(&block.bindings));
        if !odometer.next(world, &block.bindings, &mut active.bound) {
            active.block += 1;
            self.active = Some(active);
            return Ok(());
        }
        active.odometer = Some(odometer);
        let does_happen = world.may_hold(&block.condition, &mut active.bound);
        let are_reached = |bound: &[u32]| block.adds.iter().all(|add| world.find(add, bound).is_some());
        if does_happen {
            self.add(world, active.schema, active.block, &active.bound)?;
        } else if !are_reached(&active.bound) {
            let block = active.block as u32;
            self.wait(world, active.schema, active.arguments, block, &mut active.bound)?;
        }
        self.active = Some(active);
        Ok(())
    }

    /// Lets an instance, or a block of it, wait for the atoms that it lacks.
    fn wait(
        &mut self,
        world: &mut World,
        schema: u32,
        arguments: u32,
        block: u32,
        bound: &mut [u32],
    ) -> Result<(), OutOfMemory> {
        let mut binding = 0;
        if block != NONE {
            let variables = &world.lifted.schemas[schema as usize].blocks[block as usize].bindings.variables;
            self.scratch.clear();
            self.scratch.extend(variables.iter().map(|one| bound[one.slot as usize]));
            binding = self.bindings.push(&self.scratch)?;
        }
        let id = self.waiting.len() as u32;
        self.waiting.push(&[schema, arguments, block, binding])?;
        self.watch(world, id, bound)
    }

    /// Watches the atoms that a waiting instance lacks.
    fn watch(&mut self, world: &mut World, id: u32, bound: &mut [u32]) -> Result<(), OutOfMemory> {
        let (schema, block) = (self.waiting.run(id as usize)[0], self.waiting.run(id as usize)[2]);
        let mut blockers = std::mem::take(&mut self.blockers);
        blockers.clear();
        // The conditions are borrowed from the schema while atoms are interned.
        let schemas = std::mem::take(&mut world.lifted.schemas);
        let found = if block == NONE {
            let residue = &schemas[schema as usize].residue;
            residue
                .iter()
                .find(|one| !world.may_hold(one, bound))
                .map_or(Ok(false), |one| blockers_of(world, one, bound, &mut blockers))
        } else {
            let condition = &schemas[schema as usize].blocks[block as usize].condition;
            blockers_of(world, condition, bound, &mut blockers)
        };
        world.lifted.schemas = schemas;
        if found? {
            for &atom in &blockers {
                while self.watched.len() <= atom as usize {
                    self.watched.push(&[NONE])?;
                }
                let next = *self.watched.at(atom as usize);
                if next != NONE && self.watchers.run(next as usize)[0] == id {
                    continue;
                }
                *self.watched.at_mut(atom as usize) = self.watchers.len() as u32;
                self.watchers.push(&[id, next])?;
            }
        }
        self.blockers = blockers;
        Ok(())
    }

    /// Looks at the next instance that waited for the atom taken up.
    fn look_again(&mut self, world: &mut World) -> Result<(), OutOfMemory> {
        let run = self.watchers.run(self.next_watcher as usize);
        let (id, next) = (run[0], run[1]);
        self.next_watcher = next;
        let run = self.waiting.run(id as usize);
        let (schema, arguments, block, binding) = (run[0], run[1], run[2], run[3]);
        if schema == NONE {
            return Ok(());
        }
        let lifted = &world.lifted.schemas[schema as usize];
        let mut bound = vec![0; lifted.slots as usize];
        let values = self.instances.arguments.run(arguments, lifted.parameters.len());
        for (variable, &value) in lifted.parameters.iter().zip(values) {
            bound[variable.slot as usize] = value;
        }
        let does_hold = if block == NONE {
            lifted.residue.iter().all(|condition| world.may_hold(condition, &mut bound))
        } else {
            let block = &lifted.blocks[block as usize];
            let values = self.bindings.run(binding, block.bindings.variables.len());
            for (variable, &value) in block.bindings.variables.iter().zip(values) {
                bound[variable.slot as usize] = value;
            }
            world.may_hold(&block.condition, &mut bound)
        };
        if !does_hold {
            return self.watch(world, id, &mut bound);
        }
        *self.waiting.at_mut(id as usize) = NONE;
        if block == NONE {
            self.apply(world, schema, arguments, &bound)
        } else {
            self.add(world, schema, block as usize, &bound)
        }
    }

    /// The instances, in the end.
    pub(super) fn into_instances(self) -> Instances {
        self.instances
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.plans.memory_bytes()
            + self.instances.memory_bytes()
            + self.waiting.memory_bytes()
            + self.bindings.memory_bytes()
            + self.watched.memory_bytes()
            + self.watchers.memory_bytes()
    }
}

impl Instances {
    /// None of so many schemas.
    pub(super) fn new(schemas: usize) -> Self {
        let by_schema = (0..schemas).map(|_| Column::new(1)).collect();
        Self { arguments: Arena::default(), by_schema, count: 0 }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.arguments.memory_bytes() + self.by_schema.iter().map(Column::memory_bytes).sum::<usize>()
    }
}
