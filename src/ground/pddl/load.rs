//! Loads the initial state into the [`World`].

use super::join_plans::Extent;
use super::lifted::{Class, Lifted, Literal};
use super::world::World;
use crate::lang::pddl::Model;
use crate::lang::pddl::model::ObjectId;
use crate::step::Budget;
use crate::task::OutOfMemory;

/// Facts or values read per unit of work.
const READ_PER_UNIT: usize = 8;

/// Reads values, then static facts, then the others.
#[derive(Debug)]
pub(super) struct Load {
    pass: Pass,
    next: usize,
    /// Indexed by symbol: its extent, where it is static.
    extents: Vec<Extent>,
    /// Indexed by symbol and position: a bit for each object that was seen there.
    seen: Vec<Vec<Vec<u64>>>,
    scratch: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Values,
    Statics,
    StaticValues,
    Fluents,
    FluentValues,
    Done,
}

impl Load {
    pub(super) fn new(world: &World) -> Self {
        let positions = &world.lifted.positions;
        let of_symbol = |one: &Vec<u32>| Extent { atoms: 0, distinct: vec![0; one.len()] };
        Self {
            pass: Pass::Values,
            next: 0,
            extents: positions.iter().map(of_symbol).collect(),
            seen: positions.iter().map(|one| vec![Vec::new(); one.len()]).collect(),
            scratch: Vec::new(),
        }
    }

    /// Works until all is read (true) or the budget is spent.
    pub(super) fn step(
        &mut self,
        model: &Model,
        world: &mut World,
        budget: &mut Budget,
    ) -> Result<bool, OutOfMemory> {
        while self.pass != Pass::Done {
            if budget.is_spent() {
                return Ok(false);
            }
            budget.spend(1);
            for _ in 0..READ_PER_UNIT {
                self.read(model, world)?;
            }
        }
        Ok(true)
    }

    /// The extents of static symbols.
    pub(super) fn extents(self, lifted: &Lifted) -> Vec<Option<Extent>> {
        let is_static = |class: &Class| *class == Class::Static;
        self.extents
            .into_iter()
            .zip(&lifted.classes)
            .map(|(one, class)| is_static(class).then_some(one))
            .collect()
    }

    /// Makes unary static conditions part of the domains of their variables, and removes them from cores.
    pub(super) fn narrow(&self, lifted: &mut Lifted) {
        let mut schemas = std::mem::take(&mut lifted.schemas);
        for schema in &mut schemas {
            let mut kept = Vec::with_capacity(schema.core.len());
            for literal in std::mem::take(&mut schema.core) {
                let slot = unary(lifted, &literal);
                let variable = schema.parameters.iter_mut().find(|one| slot == Some(one.slot));
                match variable {
                    Some(variable) => variable.domain = self.within(lifted, variable.domain, literal.symbol),
                    None => kept.push(literal),
                }
            }
            schema.core = kept;
        }
        lifted.schemas = schemas;
    }

    /// The objects of a domain that a unary static symbol holds of.
    fn within(&self, lifted: &mut Lifted, domain: u32, symbol: u32) -> u32 {
        let seen = &self.seen[symbol as usize][0];
        let holds = |&&object: &&u32| {
            seen.get(object as usize / 64).is_some_and(|word| word >> (object % 64) & 1 != 0)
        };
        let objects: Vec<u32> = lifted.domains.objects(domain).iter().filter(holds).copied().collect();
        lifted.domains.intern(objects)
    }

    fn read(&mut self, model: &Model, world: &mut World) -> Result<(), OutOfMemory> {
        let length = match self.pass {
            Pass::Statics | Pass::Fluents => model.atoms.len(),
            Pass::Values | Pass::StaticValues | Pass::FluentValues => model.values.len(),
            Pass::Done => return Ok(()),
        };
        if self.next == length {
            self.turn(world);
            return Ok(());
        }
        let index = self.next;
        self.next += 1;
        match self.pass {
            Pass::Statics | Pass::Fluents => {
                let (predicate, arguments, _) = model.atoms.at(index);
                self.scratch.clear();
                self.scratch.extend(arguments.iter().map(|object| object.0));
                self.atom(world, predicate.0)
            }
            _ => {
                let (function, arguments, value, _) = model.values.at(index);
                self.value(world, function.0, arguments, value)
            }
        }
    }

    fn turn(&mut self, world: &mut World) {
        self.next = 0;
        self.pass = match self.pass {
            Pass::Values => Pass::Statics,
            Pass::Statics => Pass::StaticValues,
            Pass::StaticValues => {
                world.statics = world.reached.len();
                Pass::Fluents
            }
            Pass::Fluents => Pass::FluentValues,
            Pass::FluentValues | Pass::Done => {
                world.initials = world.reached.len();
                Pass::Done
            }
        };
    }

    /// The atom with the arguments in `scratch`, if its symbol is read in this pass.
    fn atom(&mut self, world: &mut World, symbol: u32) -> Result<(), OutOfMemory> {
        let is_static = world.lifted.classes[symbol as usize] == Class::Static;
        let reads_static = matches!(self.pass, Pass::Statics | Pass::StaticValues);
        if is_static != reads_static {
            return Ok(());
        }
        let atom = world.intern(symbol, &self.scratch)?;
        world.reach(atom)?;
        if !world.lifted.is_deleted[symbol as usize] {
            world.make_constant(atom);
        }
        if !is_static {
            return Ok(());
        }
        let extent = &mut self.extents[symbol as usize];
        extent.atoms += 1;
        let seen = &mut self.seen[symbol as usize];
        for ((distinct, seen), &object) in extent.distinct.iter_mut().zip(seen).zip(&self.scratch) {
            let word = object as usize / 64;
            if seen.len() <= word {
                seen.resize(word + 1, 0);
            }
            let bit = 1 << (object % 64);
            *distinct += u64::from(seen[word] & bit == 0);
            seen[word] |= bit;
        }
        Ok(())
    }

    fn value(
        &mut self,
        world: &mut World,
        function: u32,
        arguments: &[ObjectId],
        value: f64,
    ) -> Result<(), OutOfMemory> {
        self.scratch.clear();
        self.scratch.extend(arguments.iter().map(|object| object.0));
        if self.pass == Pass::Values {
            let fluent = world.fluent(function, &self.scratch)?;
            *world.values.at_mut(fluent as usize) = value;
            return Ok(());
        }
        if world.lifted.functions[function as usize].may_be_undefined {
            return self.atom(world, world.lifted.defined(function));
        }
        Ok(())
    }
}

/// The variable that a unary static literal is about.
fn unary(lifted: &Lifted, literal: &Literal) -> Option<u32> {
    let is_static = lifted.classes[literal.symbol as usize] == Class::Static;
    match &literal.arguments[..] {
        [argument] if is_static => argument.slot(),
        _ => None,
    }
}
