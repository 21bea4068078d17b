//! Which goals a request is about, in which order.

use super::request::GoalPolicy;
use super::subject::Declared;
use super::verdict::{GoalReport, GoalVerdict};
use crate::diagnostic::{Diagnostic, Span};
use crate::plan::Explanation;
use crate::search::Outcome;

/// Goals to plan for, most urgent first, and the report on every goal in that order.
pub(super) struct Candidates {
    /// Indices into the model's goals.
    pub(super) goals: Vec<usize>,
    reports: Vec<(usize, GoalReport)>,
}

impl Candidates {
    /// The candidates of a policy. A goal that the request names is a candidate whatever its `when` says.
    ///
    /// # Errors
    /// `GP302` where there is no goal of that name.
    pub(super) fn new(declared: &[Declared], policy: &GoalPolicy) -> Result<Self, Box<Diagnostic>> {
        // `!` reverses the order of integers, without an overflow.
        let mut order: Vec<(i64, usize)> =
            declared.iter().enumerate().map(|(goal, declared)| (!declared.priority, goal)).collect();
        order.sort_unstable();
        let order: Vec<usize> = order.into_iter().map(|(_, goal)| goal).collect();
        let goals: Vec<usize> = match policy {
            GoalPolicy::Named(name) => {
                let found = declared.iter().position(|goal| goal.name == *name);
                vec![found.ok_or_else(|| Box::new(unknown(declared, name)))?]
            }
            _ => order.iter().copied().filter(|&goal| declared[goal].is_candidate).collect(),
        };
        let report = |goal: usize| {
            let is_candidate = goals.contains(&goal);
            let is_named = matches!(policy, GoalPolicy::Named(_));
            let verdict =
                if is_candidate || is_named { GoalVerdict::NotTried } else { GoalVerdict::NotCandidate };
            let declared = &declared[goal];
            (
                goal,
                GoalReport {
                    name: declared.name.clone(),
                    priority: declared.priority,
                    verdict,
                    explanation: None,
                },
            )
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

    /// Notes why a goal cannot be reached.
    pub(super) fn explain(&mut self, goal: usize, explanation: Explanation) {
        if let Some((_, report)) = self.reports.iter_mut().find(|(index, _)| *index == goal) {
            report.explanation = Some(explanation);
        }
    }

    /// The goals that are proven to be out of reach, most urgent first.
    pub(super) fn unsolvable(&self) -> impl Iterator<Item = usize> {
        let failed = GoalVerdict::Failed(Outcome::Unsolvable);
        self.reports.iter().filter(move |(_, report)| report.verdict == failed).map(|(goal, _)| *goal)
    }

    /// The reports, most urgent goal first.
    pub(super) fn reports(&self) -> Vec<GoalReport> {
        self.reports.iter().map(|(_, report)| report.clone()).collect()
    }
}

fn unknown(declared: &[Declared], name: &str) -> Diagnostic {
    let names: Vec<String> = declared.iter().map(|goal| format!("`{}`", goal.name)).collect();
    Diagnostic::error("GP302", Span::default(), format!("there is no goal called `{name}`"))
        .with_help(format!("the document has {}", names.join(", ")))
}
