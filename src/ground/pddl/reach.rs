//! Relaxed reachability: which atoms can become true, and which instances of schemas can apply, if deletes
//! are ignored.
//!
//! The evaluation is semi-naive. Atoms are taken up in the order in which they are reached, and each is
//! joined with the atoms before it. So every match of a [rule](super::rules) is found exactly once, when the
//! last atom of its body is taken up. A rule may have checks: conditions that must hold for all objects. If a
//! check fails for some objects, the match waits for the atoms that would make it hold there. When one of
//! them is reached, the check continues from there (compare the watched literals of SAT solvers).

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

/// The reachable instances of schemas.
#[derive(Debug)]
pub(super) struct Instances {
    /// Arguments, in the order of the schema's parameters.
    pub(super) arguments: Arena,
    /// Indexed by schema: where the arguments of each instance begin, in the order in which the instances
    /// were found.
    pub(super) by_schema: Vec<Column<u32>>,
    pub(super) count: usize,
}

/// The computation of all reachable atoms and instances.
#[derive(Debug)]
pub(super) struct Reach {
    rules: Rules,
    pub(super) instances: Instances,
    /// How many atoms of [`World::reached`] have been taken up and are in the relations. The last of them is
    /// the current atom.
    taken: usize,
    /// Next trigger of the current atom; `usize::MAX` before there is one.
    trigger: usize,
    /// The next plan without a trigger.
    free: usize,
    /// Whether the walk of `join` is under way.
    is_walking: bool,
    join: Join,
    /// The binding that the join writes.
    bound: Vec<u32>,
    /// A match whose checks are being tested.
    checking: Option<Checking>,
    /// Indexed by waiting match: its place in `runs`; [`NONE`] once it no longer waits.
    waiting: Column<u32>,
    /// For each waiting match: its rule, the failed check, the binding, and the cursors of the check's join.
    runs: Arena,
    /// Indexed by atom: its first watcher.
    watched: Column<u32>,
    /// Linked lists of watchers: a waiting match, and the next watcher of the same atom.
    watchers: Column<u32>,
    /// The next watcher of the current atom.
    next_watcher: u32,
    scratch: Vec<u32>,
}

/// A match of a rule whose checks are being tested. The checks before `check` hold.
#[derive(Debug)]
struct Checking {
    rule: u32,
    check: usize,
    /// Whether the walk of the check has begun.
    is_open: bool,
    join: Join,
    bound: Vec<u32>,
    /// Its place in `runs` if it has waited before. If it has to wait again, the place is reused.
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

    /// Continues while the budget lasts. Answers whether the fixpoint is reached.
    pub(super) fn step(&mut self, world: &mut World, budget: &mut Budget) -> Result<bool, OutOfMemory> {
        while !budget.is_spent() {
            budget.spend(1);
            if self.unit(world)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// One unit of work; answers true at the end.
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

    /// Whether a rule can add nothing more: the only atom that it can reach is reached.
    fn is_settled(&self, world: &World, rule: u32) -> bool {
        match &self.rules.all[rule as usize].head {
            Head::Once(_, atom) | Head::Atom(atom) if atom.arguments.is_empty() => {
                world.find(atom, &[]).is_some()
            }
            _ => false,
        }
    }

    /// Takes up the next atom: adds it to the relations, and prepares its triggers and watchers.
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

    /// Handles a match that the join found.
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

    /// Continues the checks of a match.
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

    /// Applies the head of a rule to a match whose checks all hold.
    fn conclude(&mut self, world: &mut World, rule: u32, bound: &[u32]) -> Result<(), OutOfMemory> {
        // The rules are moved out because the head is borrowed while `self` is changed.
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

    /// Records an instance, and reaches the atoms that it adds unconditionally.
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

    /// Reaches the atoms that a block adds.
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

    /// Makes a match wait for the atoms of the clause that is not fulfilled. If the clause has no atoms, the
    /// match is dropped.
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

    /// Continues the next match that waited for the current atom.
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

    /// The instances that were found.
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
    /// An empty collection for this many schemas.
    pub(super) fn new(schemas: usize) -> Self {
        let by_schema = (0..schemas).map(|_| Column::new(1)).collect();
        Self { arguments: Arena::default(), by_schema, count: 0 }
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.arguments.memory_bytes() + self.by_schema.iter().map(Column::memory_bytes).sum::<usize>()
    }
}
