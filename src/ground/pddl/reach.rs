//! Relaxed reachability: which atoms can hold, and which instances of schemas can apply, deletes ignored.
//!
//! Semi-naive: atoms are taken up in the order of reaching, and each is joined with those before it, so
//! that every match of a [rule](super::rules) is found exactly once, when the last atom of its body is taken
//! up. A rule may have checks: something that must hold for all objects. Where a check of a match fails for some
//! objects, the match waits for the atoms of which one would make it hold there, and the check goes on from there
//! once one of them is reached (compare the watched literals of SAT solvers).

use super::arena::Arena;
use super::join::{Join, Walk};
use super::lifted::Literal;
use super::rules::{Head, Rules};
use super::world::{NONE, World};
use crate::step::Budget;
use crate::task::{Column, OutOfMemory};

/// Moves of a join per unit of work.
const MOVES_PER_UNIT: u32 = 16;
/// Matches recorded per unit of work.
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
    rules: Rules,
    pub(super) instances: Instances,
    /// How many of [`World::reached`] were taken up: they are in the relations. The last of them is the current one.
    taken: usize,
    /// Next trigger of the current atom; `usize::MAX` before there is one.
    trigger: usize,
    /// Next plan that has no trigger.
    free: usize,
    /// Whether `join` is under way.
    is_walking: bool,
    join: Join,
    /// The binding of the join.
    bound: Vec<u32>,
    /// A match whose checks are under way.
    checking: Option<Checking>,
    /// Per waiting match its place in `runs`; [`NONE`] where it waits no more.
    waiting: Column<u32>,
    /// Per waiting match its rule, the check that failed, its environment, and the cursors of the check's join.
    runs: Arena,
    /// Per atom the first of its watchers.
    watched: Column<u32>,
    /// Waiting match and next watcher.
    watchers: Column<u32>,
    /// Next watcher of the current atom.
    next_watcher: u32,
    scratch: Vec<u32>,
}

/// A match of a rule while its checks are tested. Those before `check` hold.
#[derive(Debug)]
struct Checking {
    rule: u32,
    check: usize,
    /// Whether the check has begun.
    is_open: bool,
    join: Join,
    bound: Vec<u32>,
    /// Its place in `runs`, where it has waited before; it waits there again.
    place: u32,
}

impl Reach {
    pub(super) fn new(rules: Rules, schemas: usize) -> Self {
        Self {
            rules,
            instances: Instances::new(schemas),
            taken: 0,
            trigger: usize::MAX,
            free: 0,
            is_walking: false,
            join: Join::default(),
            bound: Vec::new(),
            checking: None,
            waiting: Column::new(1),
            runs: Arena::default(),
            watched: Column::new(1),
            watchers: Column::new(2),
            next_watcher: NONE,
            scratch: Vec::new(),
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
            if self.checking.is_some() {
                moves -= 1;
                self.check(world, &mut moves)?;
            } else if self.is_walking {
                match self.join.walk(world, &self.rules.plans, &mut self.bound, &mut moves) {
                    Walk::Found => {
                        found += 1;
                        self.found(world)?;
                    }
                    Walk::Done => self.is_walking = false,
                    Walk::Paused => return Ok(false),
                }
            } else if self.next_watcher != NONE {
                moves -= 1;
                self.wake();
            } else if let Some(&plan) = self.triggers(world).get(self.trigger) {
                moves -= 1;
                self.trigger += 1;
                let atom = *world.reached.at(self.taken - 1);
                self.begin(world, plan, Some(atom));
            } else if self.taken == world.statics && self.free < self.rules.plans.free.len() {
                let plan = self.rules.plans.free[self.free];
                self.free += 1;
                self.begin(world, plan, None);
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
        &self.rules.plans.triggers[world.atoms.symbol(*world.reached.at(self.taken - 1)) as usize]
    }

    fn rule_of(&self, plan: u32) -> u32 {
        self.rules.of_body[self.rules.plans.all[plan as usize].body as usize]
    }

    fn begin(&mut self, world: &World, plan: u32, atom: Option<u32>) {
        let rule = self.rule_of(plan);
        if self.is_settled(world, rule) {
            return;
        }
        self.bound.clear();
        self.bound.resize(self.rules.all[rule as usize].slots as usize, 0);
        self.is_walking = self.join.begin(world, &self.rules.plans, plan, atom, &mut self.bound);
    }

    /// Whether a rule has nothing more to say: the one atom that it can reach is reached.
    fn is_settled(&self, world: &World, rule: u32) -> bool {
        match &self.rules.all[rule as usize].head {
            Head::Once(_, atom) | Head::Atom(atom) if atom.arguments.is_empty() => {
                world.find(atom, &[]).is_some()
            }
            _ => false,
        }
    }

    /// Takes up the next atom: into the relations, then its triggers and watchers.
    fn take_up(&mut self, world: &World) -> Result<(), OutOfMemory> {
        let atom = *world.reached.at(self.taken);
        let plans = &mut self.rules.plans;
        for &relation in &plans.by_symbol[world.atoms.symbol(atom) as usize] {
            plans.relations[relation as usize].insert(world, atom)?;
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

    /// What the join found.
    fn found(&mut self, world: &mut World) -> Result<(), OutOfMemory> {
        let rule = self.rule_of(self.join.plan);
        if self.rules.all[rule as usize].checks.is_empty() {
            let bound = std::mem::take(&mut self.bound);
            let result = self.conclude(world, rule, &bound);
            self.bound = bound;
            self.is_walking = !self.is_settled(world, rule);
            return result;
        }
        let (join, bound) = (Join::default(), self.bound.clone());
        self.checking = Some(Checking { rule, check: 0, is_open: false, join, bound, place: NONE });
        Ok(())
    }

    /// Goes on with the checks of a match.
    fn check(&mut self, world: &mut World, moves: &mut u32) -> Result<(), OutOfMemory> {
        let Some(mut now) = self.checking.take() else { return Ok(()) };
        let plans = &self.rules.plans;
        let Some(check) = self.rules.all[now.rule as usize].checks.get(now.check) else {
            return self.conclude(world, now.rule, &now.bound);
        };
        if !now.is_open {
            now.is_open = true;
            now.join.begin(world, plans, check.plan, None, &mut now.bound);
        }
        match now.join.walk(world, plans, &mut now.bound, moves) {
            Walk::Paused => {}
            Walk::Done => {
                now.check += 1;
                now.is_open = false;
            }
            Walk::Found if check.clause.iter().any(|one| world.find(one, &now.bound).is_some()) => {}
            Walk::Found => return self.wait(world, &now),
        }
        self.checking = Some(now);
        Ok(())
    }

    /// Reaches what the head of a rule says, for a match of which all checks hold.
    fn conclude(&mut self, world: &mut World, rule: u32, bound: &[u32]) -> Result<(), OutOfMemory> {
        // The head is borrowed while atoms are interned.
        let rules = std::mem::take(&mut self.rules.all);
        let result = match &rules[rule as usize].head {
            Head::Instance(schema) => self.apply(world, *schema, bound),
            Head::Once(schema, atom) => match Self::add(world, atom, bound) {
                Ok(true) => self.apply(world, *schema, bound),
                other => other.map(|_| ()),
            },
            Head::Atom(atom) => Self::add(world, atom, bound).map(|_| ()),
            Head::Adds { schema, block } => self.effects(world, *schema, *block as usize, bound),
        };
        self.rules.all = rules;
        result
    }

    /// Reaches an atom; answers whether it is new.
    fn add(world: &mut World, literal: &Literal, bound: &[u32]) -> Result<bool, OutOfMemory> {
        let atom = world.intern_literal(literal, bound)?;
        let is_new = world.order(atom) == NONE;
        world.reach(atom)?;
        Ok(is_new)
    }

    /// Takes the instance in and reaches what it adds unconditionally.
    fn apply(&mut self, world: &mut World, schema: u32, bound: &[u32]) -> Result<(), OutOfMemory> {
        let lifted = &world.lifted.schemas[schema as usize];
        self.scratch.clear();
        self.scratch.extend(lifted.parameters.iter().map(|one| bound[one.slot as usize]));
        let arguments = self.instances.arguments.push(&self.scratch)?;
        self.instances.by_schema[schema as usize].push(&[arguments])?;
        self.instances.count += 1;
        if let Some(head) = world.lifted.schemas[schema as usize].head.clone() {
            let atom = world.intern_literal(&head, bound)?;
            world.reach(atom)?;
        }
        for block in 0..world.lifted.schemas[schema as usize].blocks.len() {
            let one = &world.lifted.schemas[schema as usize].blocks[block];
            if one.variables.is_empty() && one.condition.is_true() {
                self.effects(world, schema, block, bound)?;
            }
        }
        Ok(())
    }

    /// Reaches what a block adds.
    fn effects(
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

    /// Lets a match wait for the atoms of the clause that its check found unmet; without atoms, it never goes on.
    fn wait(&mut self, world: &mut World, now: &Checking) -> Result<(), OutOfMemory> {
        let check = &self.rules.all[now.rule as usize].checks[now.check];
        if check.clause.is_empty() {
            return Ok(());
        }
        self.scratch.clear();
        self.scratch.extend([now.rule, now.check as u32]);
        self.scratch.extend_from_slice(&now.bound);
        self.scratch.extend_from_slice(&now.join.cursors);
        let has_place = now.place != NONE && self.runs.at(now.place + 1) == now.check as u32;
        let place = if has_place {
            self.runs.run_mut(now.place, self.scratch.len()).copy_from_slice(&self.scratch);
            now.place
        } else {
            self.runs.push(&self.scratch)?
        };
        let id = self.waiting.len() as u32;
        self.waiting.push(&[place])?;
        for literal in &self.rules.all[now.rule as usize].checks[now.check].clause {
            let atom = world.intern_literal(literal, &now.bound)?;
            while self.watched.len() <= atom as usize {
                self.watched.push(&[NONE])?;
            }
            let next = *self.watched.at(atom as usize);
            *self.watched.at_mut(atom as usize) = self.watchers.len() as u32;
            self.watchers.push(&[id, next])?;
        }
        Ok(())
    }

    /// Goes on with the next match that waited for the atom taken up.
    fn wake(&mut self) {
        let run = self.watchers.run(self.next_watcher as usize);
        let (id, next) = (run[0], run[1]);
        self.next_watcher = next;
        let place = std::mem::replace(self.waiting.at_mut(id as usize), NONE);
        if place == NONE {
            return;
        }
        let (rule, check) = (self.runs.at(place), self.runs.at(place + 1) as usize);
        let one = &self.rules.all[rule as usize];
        let plan = one.checks[check].plan;
        let (slots, steps) = (one.slots as usize, self.rules.plans.all[plan as usize].steps.len());
        let run = &self.runs.run(place, 2 + slots + steps)[2..];
        let mut join = Join::default();
        join.resume(plan, &run[slots..]);
        let bound = run[..slots].to_vec();
        self.checking = Some(Checking { rule, check, is_open: true, join, bound, place });
    }

    /// The instances, in the end.
    pub(super) fn into_instances(self) -> Instances {
        self.instances
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.rules.plans.memory_bytes()
            + self.instances.memory_bytes()
            + self.waiting.memory_bytes()
            + self.runs.memory_bytes()
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
