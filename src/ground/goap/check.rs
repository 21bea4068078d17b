//! What `check` reports on a document: the findings of reading it, and the costs that compiling it would
//! refuse.

use std::sync::Arc;

use super::costs::{Costing, could_be_too_large};
use super::ground_goals;
use super::placing::{Placed, Placing};
use crate::diagnostic::Diagnostic;
use crate::lang::goap::grounded::GroundCondition;
use crate::lang::goap::instance::{InstanceTable, Workspace};
use crate::lang::goap::{Model, Parse, Parsed};
use crate::step::{Budget, Progress, Stepper, run};

/// Ground actions listed per unit of work.
const ACTIONS_PER_UNIT: usize = 8;

/// Reads a document and checks its costs. The result has a model only if the document can be planned for. The
/// costs are computed only if one of them is large.
#[derive(Debug)]
pub struct Check(Stage);

#[derive(Debug)]
enum Stage {
    Reading(Box<Parse>),
    Costs(Box<Costs>),
}

/// A document with a cost that may be too large; its costs are being computed.
#[derive(Debug)]
struct Costs {
    model: Arc<Model>,
    goals: Vec<GroundCondition>,
    table: InstanceTable,
    diagnostics: Vec<Diagnostic>,
    work: Work,
}

/// The step that the computation of the costs is at.
#[derive(Debug)]
enum Work {
    List(Workspace),
    Place(Placing),
    Cost(Box<Placed>, Costing),
}

/// Checks `text` in one go.
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
        let (goals, work) = (ground_goals(&model), Work::List(Workspace::default()));
        let table = InstanceTable::new(&model);
        Self { model: Arc::new(model), goals, table, diagnostics, work }
    }

    /// One unit of work. At the end it answers that the costs fit, or the errors.
    fn unit(&mut self) -> Option<Result<(), Vec<Diagnostic>>> {
        match &mut self.work {
            Work::List(workspace) => {
                let is_over =
                    (0..ACTIONS_PER_UNIT).any(|_| self.table.list_next(&self.model, workspace).is_none());
                if is_over {
                    self.work = Work::Place(Placing::new(&self.model, &self.table, &self.goals));
                }
            }
            Work::Place(placing) => {
                if let Some(placed) = placing.unit(&self.model, &self.table, &self.goals) {
                    self.work = Work::Cost(Box::new(placed), Costing::default());
                }
            }
            Work::Cost(placed, costing) => {
                let costs = costing.unit(&self.model, &self.table, &placed.relevance, &placed.targets);
                return costs.map(|costs| costs.map(|_| ()));
            }
        }
        None
    }

    fn finish(&mut self, costs: Result<(), Vec<Diagnostic>>) -> Parsed {
        let is_sound = costs.is_ok();
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        diagnostics.extend(costs.err().into_iter().flatten());
        diagnostics.sort_by_key(|finding| (finding.span.start, finding.severity));
        Parsed { model: is_sound.then(|| Model::clone(&self.model)), diagnostics }
    }
}

impl Stepper for Costs {
    type Output = Parsed;

    fn step(&mut self, budget: &mut Budget) -> Progress<Parsed> {
        while !budget.is_spent() {
            budget.spend(1);
            if let Some(costs) = self.unit() {
                return Progress::Done(self.finish(costs));
            }
        }
        Progress::Pending
    }
}
