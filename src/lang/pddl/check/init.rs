//! `:init`, fact by fact.

use super::super::codes;
use super::super::model::{FunctionId, InitialAtoms, InitialValues, ObjectId, PredicateId, Term};
use super::super::syntax::chains::Chains;
use super::super::syntax::{Cursor, NodeId, Symbol, words};
use super::arguments::Owner;
use super::connective::Role;
use super::declare::behind_head;
use super::needs::Need;
use super::world::World;
use crate::diagnostic::{Severity, Span};
use crate::hash;

/// Tokens of a fact, about.
const TOKENS_PER_FACT: usize = 6;

/// Reads the initial state.
#[derive(Debug)]
pub(super) struct InitReader {
    cursor: Cursor,
    /// All literals, negative ones among them.
    atoms: InitialAtoms,
    atom_index: Chains,
    holds: Vec<bool>,
    /// The next literal that the last pass looks at. It drops those that do not hold, where there are any.
    sorted: usize,
    values: InitialValues,
    value_index: Chains,
    arguments: Vec<ObjectId>,
}

impl InitReader {
    /// Reads the facts of a section.
    pub(super) fn new(section: NodeId, world: &World) -> Self {
        let cursor = behind_head(section, world);
        let facts = cursor.tokens() / TOKENS_PER_FACT;
        Self {
            cursor,
            atoms: InitialAtoms::default(),
            atom_index: Chains::new(facts),
            holds: Vec::new(),
            sorted: 0,
            values: InitialValues::default(),
            value_index: Chains::new(facts),
            arguments: Vec::new(),
        }
    }

    /// Reads one fact; whether there may be more.
    pub(super) fn advance(&mut self, world: &mut World) -> bool {
        if let Some(item) = self.cursor.take(&world.tree) {
            self.fact(item, world);
            return true;
        }
        if self.sorted == 0 && self.holds.iter().all(|&holds| holds) {
            return false;
        }
        let Some(&holds) = self.holds.get(self.sorted) else { return false };
        if holds {
            let (predicate, arguments, span) = self.atoms.at(self.sorted);
            world.model.atoms.push(predicate, arguments, span);
        }
        self.sorted += 1;
        true
    }

    /// Puts what was read into the model.
    pub(super) fn finish(self, world: &mut World) {
        if self.sorted == 0 {
            world.model.atoms = self.atoms;
        }
        world.model.values = self.values;
    }

    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.atoms.memory_bytes()
            + self.atom_index.memory_bytes()
            + self.holds.capacity()
            + self.values.memory_bytes()
            + self.value_index.memory_bytes()
    }

    fn fact(&mut self, item: NodeId, world: &mut World) {
        let Some(symbol) = world.tree.head(item) else {
            let span = world.tree.opening(item);
            let help = "write facts as `(predicate object …)` and numbers as `(= (function …) 1)`";
            return world.error(codes::UNEXPECTED_ITEM, span, "this is not a fact", help);
        };
        let cursor = behind_head(item, world);
        if symbol == words::EQUAL {
            return self.value(item, cursor, world);
        }
        if symbol == words::NOT {
            let mut inside = cursor;
            let inner = inside.take(&world.tree);
            let head = inner.and_then(|inner| world.tree.head(inner));
            let (Some(inner), Some(head), None) = (inner, head, inside.peek()) else {
                let span = world.tree.span(item);
                let help = "write `(not (predicate object …))`";
                return world.error(codes::WRONG_PARTS, span, "`not` takes one fact", help);
            };
            return self.literal(item, inner, head, world);
        }
        if world.is_timed_literal(symbol, cursor) {
            let span = world.tree.span(item);
            return world.unsupported(Need::Timed, span);
        }
        self.literal(item, item, symbol, world);
    }

    /// Reads a literal: the atom in `list`, which `item` is or negates.
    fn literal(&mut self, item: NodeId, list: NodeId, symbol: Symbol, world: &mut World) {
        let (span, holds) = (world.tree.span(item), item == list);
        let Some(predicate) = world.names.predicates.find(symbol) else {
            return world.unknown_predicate(list, Role::Fact);
        };
        let predicate = PredicateId(predicate);
        if world.model.predicates[predicate.0 as usize].stratum.is_some() {
            let name = &world.model.predicates[predicate.0 as usize].name;
            let message = format!("`{name}` is derived: the initial state cannot say whether it holds");
            let help = "leave it out, or add what its rules depend on";
            return world.error(codes::DERIVED_IN_INIT, span, message, help);
        }
        if !world.objects(Owner::Predicate(predicate), behind_head(list, world), span, &mut self.arguments) {
            return;
        }
        let hash = fingerprint(predicate.0, &self.arguments);
        let mut at = self.atom_index.first(hash);
        while let Some(index) = at {
            let (other, arguments, before) = self.atoms.at(index as usize);
            if other == predicate && arguments == self.arguments {
                let is_same = std::mem::replace(&mut self.holds[index as usize], holds) == holds;
                return world.stated_twice(span, before, is_same);
            }
            at = self.atom_index.after(index);
        }
        self.atom_index.push(hash);
        self.holds.push(holds);
        self.atoms.push(predicate, &self.arguments, span);
    }

    fn value(&mut self, item: NodeId, mut cursor: Cursor, world: &mut World) {
        let span = world.tree.span(item);
        let sides = (cursor.take(&world.tree), cursor.take(&world.tree), cursor.take(&world.tree));
        let (Some(fluent), Some(value), None) = sides else {
            let help = "write `(= (function object …) 1)`";
            return world.error(codes::WRONG_PARTS, span, "`=` takes a function and a number here", help);
        };
        if world.is_object_valued(fluent) {
            return;
        }
        let Some((function, inner)) = world.initial_fluent(fluent) else { return };
        let place = world.tree.span(fluent);
        if !world.objects(Owner::Function(function), inner, place, &mut self.arguments) {
            return;
        }
        let Some(value) = world.initial_number(value) else { return };
        if value < 0.0 {
            world.note_negative(function, span);
        }
        let hash = fingerprint(function.0, &self.arguments);
        let mut at = self.value_index.first(hash);
        while let Some(index) = at {
            let (other, arguments, number, before) = self.values.at(index as usize);
            if other == function && arguments == self.arguments {
                let is_same = number.to_bits() == value.to_bits();
                self.values.set(index as usize, value, span);
                return world.stated_twice(span, before, is_same);
            }
            at = self.value_index.after(index);
        }
        self.value_index.push(hash);
        self.values.push(function, &self.arguments, value, span);
    }
}

fn fingerprint(head: u32, arguments: &[ObjectId]) -> u64 {
    arguments.iter().fold(u64::from(head), |hash, object| hash::mix(hash, u64::from(object.0)))
}

impl World {
    /// The objects in a list, checked. Whether they are all right; if not, that is reported.
    fn objects(&mut self, owner: Owner, mut cursor: Cursor, place: Span, out: &mut Vec<ObjectId>) -> bool {
        out.clear();
        if !self.has_arity(owner, cursor, place) {
            return false;
        }
        let (mut is_whole, mut index) = (true, 0);
        while let Some(item) = cursor.take(&self.tree) {
            let object = if self.tree.is_list(item) { self.nested(item) } else { self.term(item) };
            match object {
                Some(Term::Object(object)) => {
                    self.check_fit(item, Term::Object(object), owner, index);
                    out.push(object);
                }
                _ => is_whole = false,
            }
            index += 1;
        }
        is_whole
    }

    /// Whether this is `(at 5 (…))`.
    fn is_timed_literal(&self, symbol: Symbol, mut cursor: Cursor) -> bool {
        symbol == words::AT
            && cursor.take(&self.tree).is_some_and(|time| self.number(time).is_some())
            && cursor.peek().is_some_and(|fact| self.tree.is_list(fact))
    }

    fn initial_fluent(&mut self, fluent: NodeId) -> Option<(FunctionId, Cursor)> {
        let Some(symbol) = self.tree.word(fluent).or_else(|| self.tree.head(fluent)) else {
            let help = "write `(= (function object …) 1)`";
            let span = self.tree.opening(fluent);
            self.error(codes::UNEXPECTED_ITEM, span, "a function is expected here", help);
            return None;
        };
        let mut cursor = self.tree.cursor(fluent);
        let name = cursor.take(&self.tree).unwrap_or(fluent);
        let function = self.function_named(name, symbol, cursor)?;
        Some((FunctionId(function), cursor))
    }

    fn initial_number(&mut self, node: NodeId) -> Option<f64> {
        let number = self.number(node);
        if number.is_none() {
            let message = if self.tree.is_list(node) {
                "the initial value is not a plain number".to_owned()
            } else {
                format!("`{}` is not a number", self.tree.name(node))
            };
            let help = "write the number itself, for instance `12` or `0.5`";
            self.error(codes::BAD_NUMBER, self.tree.span(node), message, help);
        }
        number
    }

    fn note_negative(&mut self, function: FunctionId, span: Span) {
        let index = function.0 as usize;
        if self.negative.len() <= index {
            self.negative.resize(index + 1, None);
        }
        self.negative[index].get_or_insert(span);
    }

    fn stated_twice(&mut self, span: Span, before: Span, is_same: bool) {
        if !self.findings.wants(Severity::Warning) {
            return;
        }
        let line = self.line(before, span);
        if is_same {
            let help = format!("remove it: {line} says the same");
            self.warn(codes::DUPLICATE_FACT, span, "this stands in the initial state already", help);
        } else {
            let message = format!("this contradicts {line}");
            self.warn(codes::CONTRADICTION, span, message, "remove one of them; the last one counts");
        }
    }
}
