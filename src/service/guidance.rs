//! The guidance of the search at a node that is opened: the heuristics are evaluated anew along the recorded
//! path to it.

use super::goal_search::GoalSearch;
use super::node::{EstimateReport, GuidanceReport, LandmarkReport};
use super::way::replay;
use crate::heuristic::{Heuristic as _, Landmark, Landmarks};
use crate::search::{Guides, HeuristicKind};
use crate::task::{Instance, OperatorId, StateId};

/// With more operators than this, the guidance is not computed: a node is opened within a frame.
const OPERATORS_MAX: usize = 5_000;
/// With more operators than this, landmarks are not shown: they would all have to be found anew.
const OPERATORS_MAX_LANDMARKS: usize = 1_000;
/// Most landmarks that are named.
const NAMED_MAX: usize = 24;

/// The guidance at the end of a path: estimates, landmarks, and the operators that are preferred there.
pub(super) struct Guidance {
    pub(super) report: GuidanceReport,
    pub(super) preferred: Vec<OperatorId>,
}

/// Evaluates the end of a path with the heuristics of a search; `None` if the task is too large for that.
pub(super) fn guidance(
    search: &GoalSearch,
    instance: &Instance,
    way: &[u32],
    state: &[u64],
) -> Option<Guidance> {
    let task = search.target.subject.task();
    if task.operators.len() > OPERATORS_MAX {
        return None;
    }
    let Guides { heuristics, policy, .. } = search.guides();
    let unit = policy.h_unit(search.unit());
    let mut found = Guidance {
        report: GuidanceReport {
            estimates: Vec::new(),
            alternates: policy.alternates(),
            has_preferred_queues: policy.has_preferred_queues(),
            draws: policy.has_softmin(),
            landmarks: None,
        },
        preferred: Vec::new(),
    };
    for kind in heuristics.iter() {
        let estimate = match kind {
            // Novelty depends on all that the search has seen.
            HeuristicKind::Novelty => continue,
            HeuristicKind::Landmarks => {
                if task.operators.len() > OPERATORS_MAX_LANDMARKS {
                    continue;
                }
                let mut landmarks = Landmarks::new(task, instance, policy.measure());
                let (estimate, report) = follow(search, instance, &mut landmarks, way)?;
                found.report.landmarks = Some(report);
                estimate
            }
            kind => {
                let mut heuristic = kind.prepare(task, instance, policy.measure()).finish();
                let estimate = heuristic.evaluate(state);
                if policy.uses_preferred() && heuristic.has_preferred() && estimate.is_some() {
                    found.preferred.extend_from_slice(heuristic.preferred());
                }
                estimate
            }
        };
        let estimate = estimate.map(|estimate| estimate as f64 * unit);
        found.report.estimates.push(EstimateReport { heuristic: kind, estimate });
    }
    Some(found)
}

/// Evaluates the states of a path one after the other, since landmarks depend on the path. Answers the last
/// estimate and which landmarks still have to be reached.
fn follow(
    search: &GoalSearch,
    instance: &Instance,
    landmarks: &mut Landmarks,
    way: &[u32],
) -> Option<(Option<i64>, LandmarkReport)> {
    let (mut estimate, mut at) = (None, 0u32);
    replay(search.target.subject.task(), instance, way, |state| {
        let from = at.checked_sub(1).map(|before| (StateId(before), OperatorId(way[before as usize])));
        estimate = landmarks.evaluate_node(StateId(at), from, state);
        at += 1;
    })?;
    let statuses = landmarks.status(StateId(at - 1))?;
    let future = || landmarks.landmarks().iter().zip(&statuses).filter(|(_, status)| status.is_future);
    let name = |landmark: &Landmark| {
        let facts = landmark.facts.iter();
        let names: Vec<String> = facts.filter_map(|&fact| search.fact_name(fact)).collect();
        names.join(" or ")
    };
    let report = LandmarkReport {
        total: statuses.len(),
        future: future().count(),
        again: future().filter(|(_, status)| status.is_past).count(),
        named: future().take(NAMED_MAX).map(|(landmark, _)| name(landmark)).collect(),
    };
    Some((estimate, report))
}
