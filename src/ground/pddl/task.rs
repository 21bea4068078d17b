//! A ground task in the model's words.

use std::sync::Arc;

use super::arena::Arena;
use super::atoms::AtomTable;
use super::lifted::Origin;
use super::progress::Counts;
use super::world::NONE;
use crate::lang::goap::model::Value;
use crate::lang::pddl::Model;
use crate::lang::pddl::model::{ObjectId, PredicateId};
use crate::lang::plan::Step;
use crate::task::{Column, Fact, Instance, OperatorId, SlotId, Task};

/// A compiled model.
#[derive(Debug)]
pub struct PddlTask {
    /// The task.
    pub task: Arc<Task>,
    /// From the initial state to the goal.
    pub instance: Instance,
    /// What it consists of.
    pub counts: Counts,
    /// Whether all operators have one and the same constant cost.
    pub has_uniform_cost: bool,
    pub(super) words: Words,
}

/// What leads back to the model.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) atoms: AtomTable,
    pub(super) fluents: AtomTable,
    /// Symbols from here on say that a fluent is defined.
    pub(super) defined: u32,
    /// Atoms by variable and value, [`NONE`] for none of those.
    pub(super) values: Vec<u32>,
    /// Where each variable's values begin.
    pub(super) starts: Vec<u32>,
    /// Fluent per slot.
    pub(super) slots: Vec<u32>,
    /// Indexed by source: its schema, and the place of its arguments.
    pub(super) sources: Column<u32>,
    pub(super) arguments: Arena,
    pub(super) origins: Vec<Origin>,
    /// Atoms that can be reached when deletions are ignored, those of the initial state first.
    pub(super) reached: Column<u32>,
    pub(super) initials: usize,
}

/// A state in the model's words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PddlState {
    /// Atoms that hold, as `name arg …`, derived ones behind the others, each part sorted.
    pub atoms: Vec<String>,
    /// Fluents with their values, sorted by name.
    pub values: Vec<(String, f64)>,
}

impl PddlTask {
    /// An operator in the model's words: all parameters of its action, in declared order.
    pub fn step(&self, model: &Model, operator: OperatorId) -> Option<Step> {
        let source = self.task.operators.get(operator.0 as usize)?.source;
        let run = self.words.sources.run(source as usize);
        let Origin::Action(action) = *self.words.origins.get(run[0] as usize)? else { return None };
        let action = model.actions.get(action as usize)?;
        let arguments = self.words.arguments.run(run[1], action.parameters.len());
        let name = |&object: &u32| Some(Value::Symbol(model.objects.get(object as usize)?.name.clone()));
        Some(Step {
            action: action.name.clone(),
            arguments: arguments.iter().map(name).collect::<Option<_>>()?,
        })
    }

    /// The atom of a fact, as `name arg …`; where the variable has a value for none of its atoms,
    /// `none of those` or, of a binary variable, `not` and the atom in brackets.
    pub fn fact_name(&self, model: &Model, fact: Fact) -> String {
        let start = self.words.starts[fact.variable.0 as usize] as usize;
        let domain = self.task.layout.domains[fact.variable.0 as usize] as usize;
        let atoms = &self.words.values[start..start + domain];
        let atom = atoms[fact.value as usize];
        let mut named = atoms.iter().filter(|&&atom| atom != NONE);
        match (atom, named.next(), named.next()) {
            (NONE, Some(&only), None) => format!("not ({})", self.words.atom(model, only)),
            (NONE, None, _) => "auxiliary condition".to_owned(),
            (NONE, ..) => "none of those".to_owned(),
            (atom, ..) => self.words.atom(model, atom),
        }
    }

    /// The fluent of a slot, as `name arg …`.
    pub fn slot_name(&self, model: &Model, slot: SlotId) -> String {
        self.words.fluent(model, self.words.slots[slot.0 as usize])
    }

    /// What holds in a full state. Of what the goal cannot need, or nothing changes, nothing is said.
    pub fn state(&self, model: &Model, state: &[u64]) -> PddlState {
        let layout = &self.task.layout;
        let (mut atoms, mut derived) = (Vec::new(), Vec::new());
        for variable in (0..layout.domains.len() as u32).map(crate::task::VariableId) {
            let field = layout.variable(variable);
            let value = field.read(state);
            let atom = self.words.values[self.words.starts[variable.0 as usize] as usize + value as usize];
            if atom == NONE || self.words.atoms.symbol(atom) >= self.words.defined {
                continue;
            }
            let is_derived = layout.derived_words().contains(&(field.word as usize));
            let part = if is_derived { &mut derived } else { &mut atoms };
            part.push((self.words.atoms.symbol(atom), self.words.atoms.arguments(atom), atom));
        }
        atoms.sort_unstable();
        derived.sort_unstable();
        let names = atoms.into_iter().chain(derived).map(|(.., atom)| self.words.atom(model, atom));
        let slots = (0..layout.slots.len() as u32).map(SlotId);
        let value = |slot: SlotId| (self.slot_name(model, slot), layout.read(slot, state).as_f64());
        let mut values: Vec<_> = slots.map(value).collect();
        values.sort_by(|a, b| a.0.cmp(&b.0));
        PddlState { atoms: names.collect(), values }
    }

    /// Every atom that changes and can be reached, as `name arg …`, sorted. For tests and reports.
    pub fn reachable_atoms(&self, model: &Model) -> Vec<String> {
        let atoms = self.words.values.iter().filter(|&&atom| atom != NONE);
        let mut names: Vec<String> = atoms.map(|&atom| self.words.atom(model, atom)).collect();
        names.sort_unstable();
        names
    }

    /// The atoms that can be reached when deletions are ignored, static ones included, and whether each holds
    /// in the initial state.
    pub fn reached(&self) -> impl Iterator<Item = (PredicateId, Vec<ObjectId>, bool)> {
        let words = &self.words;
        (0..words.reached.len()).filter_map(|place| {
            let atom = *words.reached.at(place);
            let symbol = words.atoms.symbol(atom);
            let arguments = words.atoms.arguments(atom).iter().map(|&object| ObjectId(object)).collect();
            (symbol < words.defined).then_some((PredicateId(symbol), arguments, place < words.initials))
        })
    }

    /// Bytes held, for caches.
    pub fn memory_bytes(&self) -> u64 {
        let words = &self.words;
        let tables = words.atoms.memory_bytes() + words.fluents.memory_bytes() + words.sources.memory_bytes();
        let tables = tables + words.reached.memory_bytes();
        let rest = words.arguments.memory_bytes() + (words.values.len() + words.starts.len()) * 4;
        let goal = self.instance.goal.memory_bytes();
        self.task.memory_bytes() + (tables + rest + goal + self.instance.initial.len() * 8) as u64
    }
}

impl Words {
    fn atom(&self, model: &Model, atom: u32) -> String {
        let symbol = self.atoms.symbol(atom);
        let name = match model.predicates.get(symbol as usize) {
            Some(predicate) if symbol < self.defined => &predicate.name,
            _ => {
                return format!(
                    "defined {}",
                    named(
                        model,
                        &model.functions[(symbol - self.defined) as usize].name,
                        self.atoms.arguments(atom)
                    )
                );
            }
        };
        named(model, name, self.atoms.arguments(atom))
    }

    fn fluent(&self, model: &Model, fluent: u32) -> String {
        let name = &model.functions[self.fluents.symbol(fluent) as usize].name;
        named(model, name, self.fluents.arguments(fluent))
    }
}

fn named(model: &Model, name: &str, arguments: &[u32]) -> String {
    let mut text = name.to_owned();
    for &object in arguments {
        text.push(' ');
        text.push_str(&model.objects[object as usize].name);
    }
    text
}
