//! Opening a node: its state and what became of each action, by replaying the way to it.

use std::collections::HashMap;

use super::goal_search::GoalSearch;
use super::job::{Became, NodeReport, OperatorReport};
use crate::lang::plan::Step;
use crate::trace::{Arrival, NONE, NodeStatus, Trace, UNKNOWN_H};
use crate::validate::{State, Validator};

/// Most actions listed for one node.
const ACTIONS_MAX: usize = 500;

/// The report on a recorded node; `None` where it is not recorded.
pub(super) fn inspect(search: &GoalSearch, node: u32) -> Option<NodeReport> {
    let trace = search.trace()?;
    let index = node as usize;
    let parent = *trace.parent.get(index)?;
    let validator = Validator::new(&search.target.model);
    let parent_state = state_at(search, trace, &validator, if parent == NONE { node } else { parent })?;
    let step = (parent != NONE).then(|| search.step_of(trace.operator[index])).flatten();
    let state = match &step {
        Some(step) => validator.apply(&parent_state, step).ok()?.state,
        None => parent_state.clone(),
    };
    let (operators, truncated) = operators(search, trace, &validator, &state, node);
    Some(NodeReport {
        node,
        parent: (parent != NONE).then_some(parent),
        depth: trace.depth[index],
        g: trace.g[index] as f64 * trace.unit,
        h: estimate(trace, node),
        f: total(trace, node),
        status: trace.status[index],
        generated_at: trace.generated_at[index],
        expanded_at: Some(trace.expanded_at[index]).filter(|&at| at != NONE),
        step,
        state: state.values,
        parent_state: parent_state.values,
        operators,
        truncated,
    })
}

fn estimate(trace: &Trace, node: u32) -> Option<f64> {
    let h = trace.h[node as usize];
    (h != UNKNOWN_H).then_some(h as f64 * trace.h_unit)
}

/// f in the document's terms; h itself where h counts operators.
fn total(trace: &Trace, node: u32) -> Option<f64> {
    let h = estimate(trace, node)?;
    if trace.h_unit.to_bits() == trace.unit.to_bits() {
        Some(trace.g[node as usize] as f64 * trace.unit + trace.weight * h)
    } else {
        Some(h)
    }
}

/// The source state of a node.
fn state_at(search: &GoalSearch, trace: &Trace, validator: &Validator<'_>, node: u32) -> Option<State> {
    let mut path = Vec::new();
    let mut at = node;
    while trace.parent[at as usize] != NONE {
        path.push(trace.operator[at as usize]);
        at = trace.parent[at as usize];
    }
    path.iter().rev().try_fold(validator.initial(), |state, &operator| {
        Some(validator.apply(&state, &search.step_of(operator)?).ok()?.state)
    })
}

fn operators(
    search: &GoalSearch,
    trace: &Trace,
    validator: &Validator<'_>,
    state: &State,
    node: u32,
) -> (Vec<OperatorReport>, bool) {
    let applicable = validator.enumerate_applicable(state, ACTIONS_MAX);
    let known = Known::new(search, trace, node);
    let report = |(step, applied): (Step, crate::validate::Applied)| OperatorReport {
        cost: applied.metric,
        became: known.became(trace, &step, node),
        step,
    };
    (applicable.steps.into_iter().map(report).collect(), !applicable.complete)
}

/// What the recording says about the successors of a node, by operator.
struct Known {
    operators: HashMap<String, u32>,
    children: HashMap<u32, u32>,
    arrivals: HashMap<u32, Arrival>,
}

impl Known {
    fn new(search: &GoalSearch, trace: &Trace, node: u32) -> Self {
        let count = search.target.task.task.operators.len() as u32;
        let named = (0..count).filter_map(|id| Some((name(&search.step_of(id)?), id)));
        // A child is registered after its parent.
        let later = node as usize + 1..trace.len();
        let children = later.filter(|&child| trace.parent[child] == node);
        let arrivals = trace.arrivals.iter().filter(|arrival| arrival.parent == node);
        Self {
            operators: named.collect(),
            children: children.map(|child| (trace.operator[child], child as u32)).collect(),
            arrivals: arrivals.map(|&arrival| (arrival.operator, arrival)).collect(),
        }
    }

    fn became(&self, trace: &Trace, step: &Step, node: u32) -> Became {
        let Some(operator) = self.operators.get(&name(step)) else { return Became::Irrelevant };
        if let Some(&child) = self.children.get(operator) {
            return match trace.status[child as usize] {
                NodeStatus::DeadEnd => Became::DeadEnd { node: child },
                _ => Became::New { node: child, h: estimate(trace, child), f: total(trace, child) },
            };
        }
        match self.arrivals.get(operator) {
            Some(arrival) => Became::Duplicate { node: arrival.node, cheaper: arrival.cheaper },
            None if trace.expanded_at[node as usize] == NONE => Became::NotYet,
            None => Became::NotRecorded,
        }
    }
}

/// A key for a step; no action's name holds a line end that its arguments do not.
fn name(step: &Step) -> String {
    let arguments: Vec<String> = step.arguments.iter().map(ToString::to_string).collect();
    format!("{}\n{}", step.action, arguments.join("\n"))
}
