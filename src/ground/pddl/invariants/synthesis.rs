//! Guess, check, repair: from a lifted model to invariants.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::balance::{Checker, Verdict, simple};
use super::schema::{Schema, schema};
use super::{Invariant, Part};
use crate::lang::pddl::model::{Model, PredicateId};
use crate::step::{Budget, Progress, Stepper};

/// Conjunctions that are looked at per unit of work.
const CHECKS_PER_UNIT: u64 = 4;

/// The result of a synthesis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synthesized {
    /// Proven invariants, in the order in which they were found. Invariants that cannot cover two atoms of
    /// one instance are left out.
    pub invariants: Vec<Invariant>,
    /// Whether all guesses were checked within the limit of work.
    pub is_complete: bool,
}

/// Finds invariants. The first guesses have a single part: a predicate that actions change, with all its
/// arguments as parameters, or all but one. A guess that an action unbalances is repaired by one more part,
/// which counts an atom that the action deletes.
#[derive(Debug)]
pub struct Synthesis {
    model: Arc<Model>,
    /// How many actions have been read.
    read: usize,
    schemas: Vec<Schema>,
    /// Indexed by predicate: the schemas that add atoms of it, ascending.
    adding: Vec<Vec<u32>>,
    checker: Checker,
    /// Guesses in order of discovery.
    guesses: Vec<Invariant>,
    seen: BTreeSet<Invariant>,
    checked: usize,
    invariants: Vec<Invariant>,
    limit: u64,
    spent: u64,
}

impl Synthesis {
    /// Prepares a synthesis. It stops after `limit_units` of work with what it has found by then. Where it
    /// stops does not depend on how the work is sliced.
    pub fn new(model: Arc<Model>, limit_units: u64) -> Self {
        let predicates = model.predicates.len();
        Self {
            model,
            read: 0,
            schemas: Vec::new(),
            adding: vec![Vec::new(); predicates],
            checker: Checker::new(predicates),
            guesses: Vec::new(),
            seen: BTreeSet::new(),
            checked: 0,
            invariants: Vec::new(),
            limit: limit_units,
            spent: 0,
        }
    }

    fn read(&mut self) {
        let action = &self.model.actions[self.read];
        self.read += 1;
        let schema = schema(&self.model, action, &mut self.checker.domains);
        if let Some(schema) = schema {
            self.keep(schema);
        }
        if self.read == self.model.actions.len() {
            self.guess();
        }
    }

    fn keep(&mut self, schema: Schema) {
        let index = self.schemas.len() as u32;
        for change in schema.adds.iter().chain(&schema.deletes) {
            let predicate = change.predicate.0 as usize;
            self.checker.is_countable[predicate] = self.model.predicates[predicate].stratum.is_none();
        }
        for add in &schema.adds {
            let adding = &mut self.adding[add.predicate.0 as usize];
            if adding.last() != Some(&index) {
                adding.push(index);
            }
        }
        self.schemas.push(schema);
    }

    fn guess(&mut self) {
        let model = Arc::clone(&self.model);
        for (index, predicate) in model.predicates.iter().enumerate() {
            if self.checker.is_countable[index] {
                let id = PredicateId(index as u32);
                simple(id, predicate.parameters.len()).for_each(|guess| self.add(guess));
            }
        }
    }

    fn add(&mut self, guess: Invariant) {
        if !self.seen.contains(&guess) {
            self.seen.insert(guess.clone());
            self.guesses.push(guess);
        }
    }

    fn check(&mut self) {
        let guess = self.guesses[self.checked].clone();
        self.checked += 1;
        let mut threats: Vec<u32> =
            guess.parts.iter().flat_map(|part| &self.adding[part.predicate.0 as usize]).copied().collect();
        threats.sort_unstable();
        threats.dedup();
        for threat in threats {
            match self.checker.check(&self.model, &self.schemas[threat as usize], &guess) {
                Verdict::Kept => {}
                Verdict::TooHeavy => return,
                Verdict::Unbalanced(repairs) => {
                    return repairs.into_iter().for_each(|repair| self.add(repair));
                }
            }
        }
        if !matches!(&guess.parts[..], [Part { counted: None, .. }]) {
            self.invariants.push(guess);
        }
    }

    fn finish(&mut self, is_complete: bool) -> Progress<Synthesized> {
        Progress::Done(Synthesized { invariants: std::mem::take(&mut self.invariants), is_complete })
    }
}

impl Stepper for Synthesis {
    type Output = Synthesized;

    fn step(&mut self, budget: &mut Budget) -> Progress<Synthesized> {
        while !budget.is_spent() {
            if self.spent >= self.limit {
                return self.finish(false);
            }
            let before = self.checker.work;
            if self.read < self.model.actions.len() {
                self.read();
            } else if self.checked < self.guesses.len() {
                self.check();
            } else {
                return self.finish(true);
            }
            let units = 1 + (self.checker.work - before) / CHECKS_PER_UNIT;
            self.spent += units;
            budget.spend(units);
        }
        Progress::Pending
    }
}
