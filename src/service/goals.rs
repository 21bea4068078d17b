//! Which goals a request is about, in which order.

use super::request::GoalPolicy;
use super::response::{GoalReport, GoalVerdict};
use crate::diagnostic::{Diagnostic, Span};
use crate::lang::goap::Model;
use crate::validate::Validator;

/// Goals to plan for, most urgent first, and the report on every goal in that order.
pub(super) struct Candidates {
    /// Indices into `Model::goals`.
    pub(super) goals: Vec<usize>,
    reports: Vec<(usize, GoalReport)>,
}

impl Candidates {
    /// The candidates of a policy. A goal that is named is one whatever its `when` says.
    ///
    /// # Errors
    /// `GP302` where there is no goal of that name.
    pub(super) fn new(model: &Model, policy: &GoalPolicy) -> Result<Self, Box<Diagnostic>> {
        // `!` turns the order of integers round, without an overflow.
        let mut order: Vec<(i64, usize)> =
            model.goals.iter().enumerate().map(|(goal, declared)| (!declared.priority, goal)).collect();
        order.sort_unstable();
        let order: Vec<usize> = order.into_iter().map(|(_, goal)| goal).collect();
        let validator = Validator::new(model);
        let initial = validator.initial();
        let goals: Vec<usize> = match policy {
            GoalPolicy::Named(name) => {
                let found = model.goals.iter().position(|goal| goal.name == *name);
                vec![found.ok_or_else(|| Box::new(unknown(model, name)))?]
            }
            _ => {
                let holds = |&goal: &usize| validator.holds(&initial, &model.goals[goal].when).is_ok();
                order.iter().copied().filter(holds).collect()
            }
        };
        let report = |goal: usize| {
            let is_candidate = goals.contains(&goal);
            let is_named = matches!(policy, GoalPolicy::Named(_));
            let verdict =
                if is_candidate || is_named { GoalVerdict::NotTried } else { GoalVerdict::NotCandidate };
            let declared = &model.goals[goal];
            (goal, GoalReport { name: declared.name.clone(), priority: declared.priority, verdict })
        };
        let reports = order.iter().map(|&goal| report(goal)).collect();
        Ok(Self { goals, reports })
    }

    /// Notes what became of a goal.
    pub(super) fn note(&mut self, goal: usize, verdict: GoalVerdict) {
        if let Some((_, report)) = self.reports.iter_mut().find(|(index, _)| *index == goal) {
            report.verdict = verdict;
        }
    }

    /// The reports, most urgent goal first.
    pub(super) fn reports(&self) -> Vec<GoalReport> {
        self.reports.iter().map(|(_, report)| report.clone()).collect()
    }
}

fn unknown(model: &Model, name: &str) -> Diagnostic {
    let names: Vec<String> = model.goals.iter().map(|goal| format!("`{}`", goal.name)).collect();
    Diagnostic::error("GP302", Span::default(), format!("there is no goal called `{name}`"))
        .with_help(format!("the document has {}", names.join(", ")))
}
