//! What the steps of one happening read and write, and whether two of them interfere.
//!
//! Steps at one time are one happening, as in PDDL 2.1 (Fox & Long 2003, §6) and as VAL reads plans: each reads the
//! state before, and the happening is well defined only where no step writes what another reads, none deletes what
//! another adds, and a fluent that two change is increased or decreased by both. A step reads every atom and fluent
//! that its conditions mention, whether they hold or not. A derived predicate is read with all that its rules speak
//! of (PDDL 2.2).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::solve::fits;
use super::state::Fluent;
use crate::lang::pddl::Model;
use crate::lang::pddl::model::{
    Assignment, Condition, ConditionKind, Effect, EffectKind, Expression, ExpressionKind, ObjectId,
    PredicateId, Term, TypeId,
};

/// An atom or a fluent: twice the id, plus one for a fluent, then its objects.
pub(super) type Key = Box<[u32]>;

/// What a step does to an atom or a fluent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Write {
    Add,
    Delete,
    /// An increase or decrease, which others may do as well.
    Shift,
    /// Any other change of a fluent.
    Set,
}

/// How two steps interfere: the step that came first, and over what.
#[derive(Clone, Debug)]
pub(super) struct Clash {
    pub other: usize,
    pub key: Key,
    pub kind: ClashKind,
}

/// What the two do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClashKind {
    /// The other writes what this one reads.
    Reads,
    /// This one writes what the other reads.
    Writes,
    /// Both write it, in ways that depend on their order.
    Both,
}

/// What the steps of a happening read and write so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Touched {
    writes: BTreeMap<Key, (usize, Write)>,
    reads: BTreeMap<Key, usize>,
    /// Reads under quantifiers.
    patterns: Vec<(usize, Vec<Slot>)>,
}

/// A position of what is read: an id or an object, or whatever fits a variable.
#[derive(Clone, Debug, PartialEq)]
enum Slot {
    Is(u32),
    Any { variable: usize, types: Vec<TypeId> },
}

/// What one step reads.
pub(super) struct Reads<'m> {
    model: &'m Model,
    environment: Vec<Slot>,
    keys: BTreeSet<Key>,
    patterns: Vec<Vec<Slot>>,
    variables: usize,
    derived: BTreeSet<PredicateId>,
}

/// The key of an atom.
pub(super) fn atom(predicate: PredicateId, objects: impl Iterator<Item = u32>) -> Key {
    std::iter::once(predicate.0 * 2).chain(objects).collect()
}

/// The key of a fluent.
pub(super) fn fluent(fluent: &Fluent) -> Key {
    std::iter::once(fluent[0] * 2 + 1).chain(fluent[1..].iter().copied()).collect()
}

impl Touched {
    /// Adds a step; fails at the first clash with another one. O((reads + writes) log all), and for reads
    /// under quantifiers the writes to their predicates.
    pub fn add(
        &mut self,
        step: usize,
        model: &Model,
        reads: Reads<'_>,
        writes: &BTreeMap<Key, Write>,
    ) -> Result<(), Clash> {
        for key in &reads.keys {
            if let Some(&(other, _)) = self.writes.get(key).filter(|found| found.0 != step) {
                return Err(Clash { other, key: key.clone(), kind: ClashKind::Reads });
            }
        }
        for pattern in &reads.patterns {
            if let Some((key, &(other, _))) = self.written(pattern, model) {
                return Err(Clash { other, key: key.clone(), kind: ClashKind::Reads });
            }
        }
        for (key, &write) in writes {
            self.check_write(step, model, key, write)?;
        }
        for (key, &write) in writes {
            self.writes.entry(key.clone()).or_insert((step, write));
        }
        self.reads.extend(reads.keys.into_iter().map(|key| (key, step)));
        self.patterns.extend(reads.patterns.into_iter().map(|pattern| (step, pattern)));
        Ok(())
    }

    fn check_write(&self, step: usize, model: &Model, key: &Key, write: Write) -> Result<(), Clash> {
        let clash = |other, kind| Err(Clash { other, key: key.clone(), kind });
        if let Some(&(other, before)) = self.writes.get(key)
            && (before != write || write == Write::Set)
        {
            return clash(other, ClashKind::Both);
        }
        if let Some(&other) = self.reads.get(key) {
            return clash(other, ClashKind::Writes);
        }
        let pattern =
            self.patterns.iter().find(|(own, pattern)| *own != step && matches(pattern, key, model));
        pattern.map_or(Ok(()), |&(other, _)| clash(other, ClashKind::Writes))
    }

    /// Something written that agrees with a pattern.
    fn written(&self, pattern: &[Slot], model: &Model) -> Option<(&Key, &(usize, Write))> {
        let Some(Slot::Is(head)) = pattern.first() else { return None };
        let from: Key = Box::new([*head]);
        let ahead = self.writes.range::<Key, _>((Bound::Included(from), Bound::Unbounded));
        ahead.take_while(|(key, _)| key[0] == *head).find(|(key, _)| matches(pattern, key, model))
    }
}

fn matches(pattern: &[Slot], key: &[u32], model: &Model) -> bool {
    let mut bound: Vec<(usize, u32)> = Vec::new();
    pattern.len() == key.len()
        && pattern.iter().zip(key).all(|(slot, &word)| match slot {
            Slot::Is(own) => *own == word,
            Slot::Any { variable, types } => match bound.iter().find(|one| one.0 == *variable) {
                Some(&(_, before)) => before == word,
                None => {
                    bound.push((*variable, word));
                    types.is_empty() || fits(model, ObjectId(word), types)
                }
            },
        })
}

impl<'m> Reads<'m> {
    /// No reads yet; the first variables stand for `objects`.
    pub fn new(model: &'m Model, objects: &[ObjectId]) -> Self {
        Self {
            model,
            environment: objects.iter().map(|object| Slot::Is(object.0)).collect(),
            keys: BTreeSet::new(),
            patterns: Vec::new(),
            variables: 0,
            derived: BTreeSet::new(),
        }
    }

    /// Adds every atom and fluent that a condition mentions. Recursion is bounded by the depth of conditions.
    pub fn condition(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::Atom(predicate, terms) => self.atom(*predicate, terms),
            ConditionKind::Equal(..) => {}
            ConditionKind::Compare(_, left, right) => {
                [left, right].into_iter().for_each(|side| self.number(side));
            }
            ConditionKind::Not(part) => self.condition(part),
            ConditionKind::And(parts) | ConditionKind::Or(parts) => {
                parts.iter().for_each(|part| self.condition(part));
            }
            ConditionKind::Imply(parts) => parts.iter().for_each(|part| self.condition(part)),
            ConditionKind::Forall(inner) | ConditionKind::Exists(inner) => {
                let depth = self.enter(inner.parameters.iter().map(|one| one.types.clone()));
                self.condition(&inner.body);
                self.environment.truncate(depth);
            }
        }
    }

    /// Adds what effects read: conditions of `when`, and numbers.
    pub fn effects(&mut self, effects: &[Effect]) {
        for effect in effects {
            match &effect.kind {
                EffectKind::Add(..) | EffectKind::Delete(..) => {}
                EffectKind::Change(change) => self.number(&change.value),
                EffectKind::When(condition, effects) => {
                    self.condition(condition);
                    self.effects(effects);
                }
                EffectKind::Forall(inner) => {
                    let depth = self.enter(inner.parameters.iter().map(|one| one.types.clone()));
                    self.effects(&inner.body);
                    self.environment.truncate(depth);
                }
            }
        }
    }

    fn enter(&mut self, types: impl Iterator<Item = Vec<TypeId>>) -> usize {
        let depth = self.environment.len();
        for types in types {
            self.environment.push(Slot::Any { variable: self.variables, types });
            self.variables += 1;
        }
        depth
    }

    fn number(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Number(_) => {}
            ExpressionKind::Fluent(function, terms) => self.read(function.0 * 2 + 1, terms),
            ExpressionKind::Negate(part) => self.number(part),
            ExpressionKind::Binary(_, parts) => parts.iter().for_each(|part| self.number(part)),
        }
    }

    fn atom(&mut self, predicate: PredicateId, terms: &[Term]) {
        if self.model.predicates[predicate.0 as usize].stratum.is_none() {
            return self.read(predicate.0 * 2, terms);
        }
        // It is read with all that its rules mention, for any objects.
        if !self.derived.insert(predicate) {
            return;
        }
        let model = self.model;
        let around = std::mem::take(&mut self.environment);
        for axiom in model.axioms.iter().filter(|axiom| axiom.predicate == predicate) {
            self.enter(axiom.parameters.iter().map(|one| one.types.clone()));
            self.condition(&axiom.condition);
            self.environment.clear();
        }
        self.environment = around;
    }

    fn read(&mut self, head: u32, terms: &[Term]) {
        let slot = |term: &Term| match term {
            Term::Object(object) => Slot::Is(object.0),
            Term::Variable(variable) => self.environment[*variable as usize].clone(),
        };
        let pattern: Vec<Slot> = std::iter::once(Slot::Is(head)).chain(terms.iter().map(slot)).collect();
        let key: Option<Key> = pattern.iter().map(Slot::word).collect();
        match key {
            Some(key) => {
                self.keys.insert(key);
            }
            None if self.patterns.contains(&pattern) => {}
            None => self.patterns.push(pattern),
        }
    }
}

impl Slot {
    fn word(&self) -> Option<u32> {
        match self {
            Self::Is(word) => Some(*word),
            Self::Any { .. } => None,
        }
    }
}

impl Write {
    /// What a change of a fluent is.
    pub fn of(assignment: Assignment) -> Self {
        match assignment {
            Assignment::Increase | Assignment::Decrease => Self::Shift,
            Assignment::Assign | Assignment::ScaleUp | Assignment::ScaleDown => Self::Set,
        }
    }
}
