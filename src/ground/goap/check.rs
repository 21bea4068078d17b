//! What `check` says of a document: what reading it finds, and what compiling it would refuse.

use std::sync::Arc;

use super::classes::classes;
use super::costs::{Costing, could_be_too_large};
use super::ground_goals;
use super::relevance::relevance;
use super::stepper::place;
use crate::diagnostic::Diagnostic;
use crate::lang::goap::grounded::GroundAction;
use crate::lang::goap::instance::Cursor;
use crate::lang::goap::{Model, Parse, Parsed};
use crate::step::{Budget, Progress, Stepper, run};

/// Ground actions built per unit of work.
const ACTIONS_PER_UNIT: usize = 8;

/// Reads a document and looks at its costs; a model comes out only where it can be planned for. Costs take no time
/// where none is large.
#[derive(Debug)]
pub struct Check(Stage);

#[derive(Debug)]
enum Stage {
    Reading(Box<Parse>),
    Costs(Box<Costs>),
}

/// A document with a cost that may be too large, while its actions are built.
#[derive(Debug)]
struct Costs {
    model: Arc<Model>,
    cursor: Cursor,
    actions: Vec<GroundAction>,
    diagnostics: Vec<Diagnostic>,
}

/// What is wrong with `text`, in one go.
pub fn check(text: &str) -> Parsed {
    run(Check::new(text))
}

impl Check {
    /// Checks `source`.
    pub fn new(source: impl Into<Arc<str>>) -> Self {
        Self(Stage::Reading(Box::new(Parse::new(source))))
    }
}

impl Stepper for Check {
    type Output = Parsed;

    fn step(&mut self, budget: &mut Budget) -> Progress<Parsed> {
        loop {
            match &mut self.0 {
                Stage::Reading(parse) => {
                    let Progress::Done(parsed) = parse.step(budget) else { return Progress::Pending };
                    match parsed.model {
                        Some(model) if could_be_too_large(&model) => {
                            self.0 = Stage::Costs(Box::new(Costs::new(model, parsed.diagnostics)));
                        }
                        _ => return Progress::Done(parsed),
                    }
                }
                Stage::Costs(costs) => return costs.step(budget),
            }
        }
    }
}

impl Costs {
    fn new(model: Model, diagnostics: Vec<Diagnostic>) -> Self {
        let cursor = Cursor::new(&model);
        Self { model: Arc::new(model), cursor, actions: Vec::new(), diagnostics }
    }

    fn finish(&mut self) -> Parsed {
        let model = &self.model;
        let goals = ground_goals(model);
        let relevance = relevance(model, &self.actions, &goals);
        let classes = classes(model, &self.actions, &goals, &relevance);
        let (targets, _) = place(model, &self.actions, &relevance, &classes);
        let mut costing = Costing::default();
        costing.draft(model, &self.actions, &relevance, &targets);
        let refused = costing.finish().err();
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        let is_sound = refused.is_none();
        diagnostics.extend(refused.into_iter().flatten());
        diagnostics.sort_by_key(|finding| (finding.span.start, finding.severity));
        Parsed { model: is_sound.then(|| Model::clone(model)), diagnostics }
    }
}

impl Stepper for Costs {
    type Output = Parsed;

    fn step(&mut self, budget: &mut Budget) -> Progress<Parsed> {
        while !budget.is_spent() {
            budget.spend(1);
            for _ in 0..ACTIONS_PER_UNIT {
                match self.cursor.next(&self.model) {
                    Some(action) => self.actions.push(action),
                    None => return Progress::Done(self.finish()),
                }
            }
        }
        Progress::Pending
    }
}
